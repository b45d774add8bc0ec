package clockfile

import "strings"

// language of a month's name, where it matters for word order.
const (
	monthName      = 0
	monthEnglish   = 1 // may stand before its day: March 5, 2026
	monthAmbiguous = 2 // also another word: kesä is summer, jul is Christmas
)

type monthWord struct{ month, kind int }

// monthWords are the names of months and their usual short and inflected forms.
var monthWords = func() map[string]monthWord {
	m := map[string]monthWord{}
	for i, stem := range strings.Fields("tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu") {
		for _, ending := range []string{"", "k", "kuu", "kuun", "kuussa", "kuuta"} {
			m[stem+ending] = monthWord{month: i + 1}
		}
		if stem == "kesä" || stem == "joulu" {
			m[stem] = monthWord{i + 1, monthAmbiguous}
		}
	}
	for i, names := range strings.Split("jan januari,feb februari,mar mars,apr april,maj,jun juni,jul juli,aug augusti,sep sept september,okt oktober,nov november,dec december", ",") {
		for _, n := range strings.Fields(names) {
			m[n] = monthWord{month: i + 1}
		}
	}
	for i, names := range strings.Split("january,february,march,april,may,june,july,august,september,oct october,november,december", ",") {
		for _, n := range strings.Fields(names) {
			m[n] = monthWord{i + 1, monthEnglish}
		}
	}
	m["jul"] = monthWord{7, monthAmbiguous}
	return m
}()

// weekWords stand before a week's number.
var weekWords = nameSet("v vk vkt vko vkot vkolla vkoilla viikko viikot viikolla viikoilla viikon vecka veckan veckor veckorna w wk wks week weeks")

// weekdayWords are numbered from 1 for Monday.
var weekdayWords = func() map[string]int {
	m := map[string]int{}
	for _, names := range []string{
		"ma ti ke to pe la su",
		"maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai",
		"maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina",
		"må ti on to fr lö sö", "mån tis ons tors fre lör sön",
		"måndag tisdag onsdag torsdag fredag lördag söndag",
		"mon tue wed thu fri sat sun", "monday tuesday wednesday thursday friday saturday sunday",
		"mo tues wednes thur fr sa su",
	} {
		for i, n := range strings.Fields(names) {
			m[n] = i + 1
		}
	}
	return m
}()

// vagueWords are in cells that name a time nobody can put in a calendar; such a cell gets an example of what to write.
var vagueWords = []string{
	"kevä", "kesä", "syksy", "talvi", "talve", "jatkuv", "vuosi", "vuode", "vuotta", "ympäri", "alku", "loppu", "puoliväli", "tarvittaessa", "tarpeen", "avoin", "myöhemmin", "noin",
	"kvartaali", "neljännes", "pääsiäi", "joulu", "juhannu", "vår", "sommar", "höst", "vinter", "löpande", "fortlöpande", "början", "slutet", "året", "kvartal", "vid behov", "påsk", "midsommar", "senare", "cirka",
	"spring", "summer", "autumn", "winter", "ongoing", "continuous", "early", "late", "year", "quarter", "as needed", "tbd", "tba", "tbc", "easter", "christmas", "about", "auki", "?", "~", "mennessä", "jälkeen", "ennen", "alkaen", "senast", "efter", "före", "by ", "before", "after",
}

// isQuarter recognises Q1, Q1/2026, 1. neljännes is among the vague words.
func isQuarter(s string) bool {
	return len(s) >= 2 && (s[0] == 'q' || s[0] == 'k') && s[1] >= '1' && s[1] <= '4' && (len(s) == 2 || s[2] < '0' || s[2] > '9')
}

// noneWords say that a cell is empty on purpose.
func isDash(s string) bool { return s == "-" || s == "–" || s == "—" || s == "−" || s == "--" }

var (
	yesWords = nameSet("kyllä k on joo true tosi ja yes y x ✓ ✔ ☑ sant 1")
	noWords  = nameSet("ei e false epätosi nej no n ☐ falskt 0")

	noReminders = nameSet("ei eimuistutusta eimuistutuksia inga ingen nej none no")
	notRepeated = nameSet("ei eitoistu kerran kertaluontoinen kertaluonteinen nej upprepasinte engång engångs no once doesnotrepeat none")
	dayWords    = nameSet("pv pvä pvää päivä päivää pv:ää vrk d dag dagar day days ennen före before innan")
)

var stateWords = map[string]string{}

func init() {
	for state, words := range map[string]string{
		"done": "done tehty valmis toteutettu toteutunut toteutui julkaistu suoritettu klar klart färdig gjord utförd genomförd publicerad completed complete finished published ok",
		"cancelled": "cancelled canceled peruttu perutaan peruutettu peruuntunut peruuntui inställd inställt inställda avbokad avbruten " +
			"eitoteudu eitoteutunut eitoteuteta",
		"planned": "planned suunniteltu suunnitteilla suunnitelma kesken työnalla tekemättä aloitettu aloittamatta eialoitettu eitehty käynnissä tulossa luonnos odottaa vahvistettu avoin " +
			"planerad planerat planeras pågår pågående påbörjad påbörjat ejpåbörjad intepåbörjad kommande utkast öppen bekräftad " +
			"inprogress ongoing started notstarted upcoming draft todo open pending confirmed scheduled",
	} {
		for _, w := range strings.Fields(words) {
			stateWords[w] = state
		}
	}
}
