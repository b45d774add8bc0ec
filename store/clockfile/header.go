package clockfile

import (
	"regexp"
	"strings"
	"unicode"
)

// headerRows is how many rows from the top may hold the header.
const headerRows = 40

// role is what a column says about an entry.
type role uint8

const (
	roleNone role = iota // unknown: kept in the notes
	roleID
	roleVersion // of the export: counts changes, nothing to import
	roleClock
	roleYear
	roleTitle
	roleStart // the first day
	roleDay   // a date column beside month and week columns
	roleTime  // any time, a range too
	roleWeek
	roleMonth
	roleEnd
	roleRepeat
	roleCampaign
	roleAudience
	roleChannels
	roleOwner
	roleReminders
	roleMaterials
	roleApproval
	roleGoal
	roleState
	roleNotes
	roles // how many there are
)

// columnNames are the known names, as headerKey gives them. Where two columns of a file have the same role, the one
// whose name stands first here has it, and the other is kept in the notes: of Teema and Toimenpide, the latter is
// the title.
var columnNames = [roles]string{
	roleID:      "id tunniste tunnus",
	roleVersion: "version",
	roleClock:   "clock vuosikello årsklocka yearclock",
	roleYear:    "year vuosi år",
	roleTitle: "title otsikko rubrik " +
		"toimenpide toimenpiteet viestintätoimenpide viestintätoimenpiteet tehtävä tehtävät toiminto toimet toiminta viestintäteko åtgärd åtgärder uppgift uppgifter aktivitet aktiviteter action actions activity activities task tasks " +
		"aihe aiheet viestinnänaihe viestintäaihe ämne ämnen topic topics subject entry name nimi namn " +
		"tapahtuma tapahtumat evenemang händelse event events sisältö sisällöt innehåll content mitä vad what " +
		"teema teemat tema teman theme themes",
	roleStart:     "start alkaa alkamispäivä alkamispvm alkupvm alkupäivä alku alkaen aloitus aloituspäivä aloituspvm alkamisaika startdate starts begins börjar startdatum startar från from",
	roleDay:       "date pvm päivämäärä päivämäärät päiväys päivä datum dag day julkaisupäivä julkaisupvm publiceringsdatum publiceringsdag publicationdate publishdate",
	roleTime:      "ajankohta ajankohdat ajoitus aika aikataulu milloin julkaisuaika julkaisuajankohta tid tidpunkt tidsperiod tidtabell när time timing when schedule period",
	roleWeek:      "viikko viikot vko vkot vk viikkonro viikkonumero vkonro vecka veckor veckonummer veckonr v week weeks weekno weeknumber wk",
	roleMonth:     "kuukausi kuukaudet kk kuu månad månader mån month months",
	roleEnd:       "end päättyy päättymispäivä päättymispvm loppuu loppu loppupvm loppupäivä lopetus päättyminen asti saakka enddate ends until slutar slut slutdatum till",
	roleRepeat:    "repeat toisto toistuvuus toistuu toistuminen upprepning upprepas återkommer återkommande repeats recurrence recurring frequency",
	roleCampaign:  "campaign kampanja kampanjat kampanjanimi kampanj kampanjer campaigns",
	roleAudience:  "audience kohderyhmä kohderyhmät kohdeyleisö yleisö kenelle målgrupp målgrupper publik audiences targetgroup targetgroups targetaudience",
	roleChannels:  "channels kanavat kanava viestintäkanava viestintäkanavat viestintäkanavatjavälineet välineet media kanaler kanal kommunikationskanal kommunikationskanaler channel medium",
	roleOwner:     "owner vastuu vastuuhenkilö vastuuhenkilöt vastuutaho vastuutahot vastuussa vastaa vastuullinen tekijä toteuttaja kuka ansvarig ansvariga ansvar ansvarigperson vem responsible responsibility responsibleperson owners who",
	roleReminders: "reminders muistutukset muistutus muistutuspäivät muistuta påminnelser påminnelse reminder leads leaddays",
	roleMaterials: "materials aineistot aineisto aineistotvalmiina aineistotvalmiit aineistovalmis aineistonvalmis aineistopäivä aineistojendl materiaalit materiaali materiaalitvalmiina material materialklart materialetklart materialsready materialsreadyby",
	roleApproval:  "approval hyväksyntä hyväksytettävä hyväksyttävä hyväksyntätarvitaan godkännande godkänns krävergodkännande approvalneeded needsapproval",
	roleGoal:      "goal tavoite tavoitteet mål målsättning goals objective objectives",
	roleState:     "state tila status tilanne läge",
	roleNotes:     "notes huomiot huomio huom huomautukset huomautus huomioitavaa lisätiedot lisätieto lisätietoa muistiinpanot kommentit kommentti anteckningar anteckning anmärkningar anmärkning kommentarer kommentar noteringar note comments comment remarks remark",
}

type known struct {
	role role
	rank int // among the names of the role
}

var knownColumns = func() map[string]known {
	m := map[string]known{}
	for r, names := range columnNames {
		for i, n := range strings.Fields(names) {
			m[n] = known{role(r), i}
		}
	}
	return m
}()

// Columns of the other files that the program reads or writes.
var (
	measureNames  = nameSet("mittari mittarit mittarinnimi tunnusluku indikaattori mätare mått nyckeltal indikator indikatorer measure measures metric indicator kpi")
	periodNames   = nameSet("jakso kausi ajanjakso mittausjakso period mätperiod tidsperiod")
	valueNames    = nameSet("arvo lukema luku määrä toteuma värde utfall antal value actual amount tavoite tavoitearvo tavoitetaso mål målvärde goal target")
	typeNames     = nameSet("tyyppi typ type")
	segmentNames  = nameSet("segmentti segment")
	foreignNames  = nameSet("sha256 sessionid conversationid publicationid actorid actordigest attempts signedupat") // approvals attendance ledger reach audit
	parenthesised = regexp.MustCompile(`\([^()]*\)`)
	trailingYear  = regexp.MustCompile(`(19|20)\d\d$`)
)

func nameSet(s string) map[string]bool {
	m := map[string]bool{}
	for _, n := range strings.Fields(s) {
		m[n] = true
	}
	return m
}

// headerKey is the form in which column names are compared: small letters and digits only.
func headerKey(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// columnOf recognises a column name, also one with an addition: "Alkaa (pvm)", "Vastuuhenkilö / -taho", "Ajankohta 2026".
func columnOf(c cell) known {
	if c.kind != cellText || len(c.text) > 80 {
		return known{}
	}
	text := c.text
	if k, ok := knownColumns[headerKey(text)]; ok {
		return k
	}
	text = parenthesised.ReplaceAllString(text, "")
	for _, t := range []string{text, firstPart(text)} {
		if k, ok := knownColumns[trailingYear.ReplaceAllString(headerKey(t), "")]; ok {
			return k
		}
	}
	return known{}
}

// firstPart returns the text before a slash, a colon, a comma or a line end.
func firstPart(s string) string {
	if i := strings.IndexAny(s, "/:,\n"); i >= 0 {
		return s[:i]
	}
	return s
}

// header is a header row and what its columns say.
type header struct {
	line  int        // as the spreadsheet numbers it
	index int        // in the sheet's lines
	kind  Kind       // 0: a table of the program that is not imported
	col   [roles]int // by role, -1 when the file has none
	role  []role     // by column
	text  []string   // by column
	found int        // known names
	above []cell     // the cells above, and the header's own, in which the year may stand
}

func (h *header) score() int {
	if h == nil {
		return 0
	}
	return h.found
}

// readHeader takes a row for a header and returns nil when it is none: a year clock has at least a title and a time.
func readHeader(l line) *header {
	h := &header{line: l.n, role: make([]role, len(l.cells)), text: make([]string, len(l.cells))}
	for r := range h.col {
		h.col[r] = -1
	}
	var rank [roles]int
	var measure, period, value, typ, segment, foreign bool
	for i, c := range l.cells {
		if c.kind != cellText {
			continue
		}
		h.text[i] = strings.Join(strings.Fields(c.text), " ")
		key := headerKey(parenthesised.ReplaceAllString(c.text, ""))
		measure = measure || measureNames[key]
		period = period || periodNames[key]
		value = value || valueNames[key]
		typ = typ || typeNames[key]
		segment = segment || segmentNames[key]
		foreign = foreign || foreignNames[headerKey(c.text)]
		k := columnOf(c)
		if k.role == roleNone {
			continue
		}
		if at := h.col[k.role]; at < 0 {
			h.found++
		} else if k.rank < rank[k.role] {
			h.role[at] = roleNone
		} else {
			continue
		}
		h.col[k.role], rank[k.role], h.role[i] = i, k.rank, k.role
	}
	timed := false
	for _, r := range timeRoles {
		timed = timed || h.col[r] >= 0
	}
	switch {
	case measure && value && period && h.col[roleTitle] < 0:
		h.kind, h.found = Measures, h.found+3
	case typ && segment && h.col[roleTitle] >= 0 && !timed:
		h.kind, h.found = Workshops, h.found+2
	case foreign:
		h.kind, h.found = 0, h.found+1
	case h.col[roleTitle] >= 0 && timed:
		h.kind = YearClock
	default:
		return nil
	}
	return h
}

// timeRoles are the columns that an entry's start may come from.
var timeRoles = []role{roleStart, roleDay, roleTime, roleWeek, roleMonth}

// findHeader returns the row near the top with the most known names, nil when none is a header.
func findHeader(lines []line) *header {
	var best *header
	for i, l := range lines {
		if l.n > headerRows {
			break
		}
		if h := readHeader(l); h != nil && h.score() > best.score() {
			best = h
			best.index = i
		}
	}
	if best != nil {
		for _, l := range lines[:best.index+1] {
			best.above = append(best.above, l.cells...)
		}
	}
	return best
}

// repeats reports whether l is a header again, further down: a sheet made for printing has one above each month.
func (h *header) repeats(l line) (*header, bool) {
	if columnOf(l.at(h.col[roleTitle])).role != roleTitle {
		return nil, false
	}
	again := readHeader(l)
	return again, again != nil && again.kind == YearClock && again.found >= max(2, (h.found+1)/2)
}

// place names a column as a person finds it: letter and header.
func (h *header) place(col int) string {
	if col < len(h.text) && h.text[col] != "" {
		return columnName(col) + " (" + shorten(h.text[col]) + ")"
	}
	return columnName(col)
}

// shorten keeps a text from a file to a length that fits in a message.
func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
