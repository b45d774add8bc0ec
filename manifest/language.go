package manifest

import "fmt"

// language holds everything a person reads of the package in one language.
type language struct {
	tag         string
	tab         string       // the tab's name beside "Chat"
	name        shortAndFull // the short name is the same in all: it is what people write after @
	description shortAndFull // the full one ends with the address of the accessibility statement, which about adds
}

// languages: the first is the manifest's own, the one Teams shows to everybody whose language is not listed.
var languages = []language{
	{
		tag:  "fi",
		tab:  "Vuosi",
		name: shortAndFull{"Vuosikello", "Vuosikello – viestinnän vuosikello Teamsissa"},
		description: shortAndFull{
			"Viestinnän vuosikello, joka muistuttaa ajallaan oikeassa kanavassa.",
			"Vuosikello pitää viestinnän vuosisuunnitelman ja tuo sen Teamsiin: muistutukset tulevat oikeisiin kanaviin " +
				"oikeaan aikaan, ja tehdyksi merkitään suoraan kortista.\n\n" +
				"Asenna Vuosikello tiimiin ja kirjoita kanavaan **@Vuosikello kanava työryhmä**, niin muistutukset " +
				"tulevat sinne. **apua** näyttää, mitä voit tehdä.\n\n" +
				"Välilehdellä näet vuoden, kuukauden ja viikon yhdellä silmäyksellä.\n\n" +
				"Tiedot säilyvät oman organisaatiosi palvelimella. Saavutettavuusseloste: ",
		},
	},
	{
		tag:  "sv",
		tab:  "Året",
		name: shortAndFull{"Vuosikello", "Vuosikello – kommunikationens årsklocka i Teams"},
		description: shortAndFull{
			"Kommunikationens årsklocka som påminner i rätt kanal i rätt tid.",
			"Vuosikello håller kommunikationens årsplan och tar den till Teams: påminnelserna kommer till rätt kanaler " +
				"i rätt tid, och det som är klart markeras direkt på kortet.\n\n" +
				"Installera Vuosikello i ett team och skriv **@Vuosikello kanal arbetsgrupp** i en kanal, så kommer " +
				"påminnelserna dit. **hjälp** visar vad du kan göra.\n\n" +
				"På fliken ser du året, månaden och veckan med en blick.\n\n" +
				"Uppgifterna finns på din egen organisations server. Tillgänglighetsutlåtande: ",
		},
	},
	{
		tag:  "en",
		tab:  "Year",
		name: shortAndFull{"Vuosikello", "Vuosikello – the communications year clock in Teams"},
		description: shortAndFull{
			"The communications year clock that reminds in the right channel on time.",
			"Vuosikello keeps the yearly plan of a communications team and brings it into Teams: reminders arrive in the " +
				"right channels at the right time, and what is done is marked on the card itself.\n\n" +
				"Install Vuosikello in a team and write **@Vuosikello channel working group** in a channel to have " +
				"reminders there. **help** shows what you can do.\n\n" +
				"The tab shows the year, the month and the week at a glance.\n\n" +
				"The data stays on your own organisation's server. Accessibility statement: ",
		},
	},
}

// command is one chat command as Teams offers it in its menu; fi, sv and en are the words the bot answers to.
type command struct {
	fi, sv, en phrase
	only       string // "group": it concerns a channel or a team's people; "personal": it concerns oneself; "": both
}

type phrase struct{ title, description string }

// commands in the order of the menus, of which Teams shows at most twelve entries each.
var commands = []command{
	{
		fi: phrase{"apua", "Mitä Vuosikello osaa"},
		sv: phrase{"hjälp", "Vad Vuosikello kan göra"},
		en: phrase{"help", "What Vuosikello can do"},
	},
	{
		fi: phrase{"kello", "Tämän kuukauden toimenpiteet"},
		sv: phrase{"årsklocka", "Månadens åtgärder"},
		en: phrase{"clock", "This month's entries"},
	},
	{
		fi: phrase{"tulossa", "Mitä on tulossa, esimerkiksi: tulossa 14 (päivää)"},
		sv: phrase{"kommande", "Vad som är på kommande, till exempel: kommande 14 (dagar)"},
		en: phrase{"upcoming", "What is ahead, for example: upcoming 14 (days)"},
	},
	{
		fi: phrase{"lisää", "Lisää toimenpide vuosikelloon"},
		sv: phrase{"lägg till", "Lägg till en åtgärd i årsklockan"},
		en: phrase{"add", "Add an entry to the year clock"},
	},
	{
		fi: phrase{"hyväksyntä", "Kirjoita sisältö ja lähetä se hyväksyttäväksi"},
		sv: phrase{"godkännande", "Skriv innehåll och skicka det för godkännande"},
		en: phrase{"approval", "Write content and send it for approval"},
	},
	{
		fi: phrase{"hyväksynnät", "Avoimet hyväksynnät ja missä ne ovat"},
		sv: phrase{"godkännanden", "Öppna godkännanden och var de står"},
		en: phrase{"approvals", "Open approvals and where they stand"},
	},
	{
		fi: phrase{"digivartti", "Uusi digivartti, esimerkiksi: digivartti 24.11.2026 14.00 Aihe"},
		sv: phrase{"digikvart", "Ny digikvart, till exempel: digikvart 24.11.2026 14.00 Ämne"},
		en: phrase{"session", "A new session, for example: session 24.11.2026 14:00 Topic"},
	},
	{
		fi: phrase{"digivartit", "Tulevat digivartit: ilmoittaudu ja liity"},
		sv: phrase{"digikvartar", "Kommande digikvartar: anmäl dig och anslut"},
		en: phrase{"sessions", "Coming sessions: sign up and join"},
	},
	{
		fi:   phrase{"osallistujat", "Ketkä ilmoittautuivat ja osallistuivat"},
		sv:   phrase{"deltagare", "Vilka som anmälde sig och deltog"},
		en:   phrase{"attendance", "Who signed up and who came"},
		only: "personal",
	},
	{
		fi: phrase{"tarve", "Lähetä viestintätarve työryhmälle, esimerkiksi: tarve Uusi ohje"},
		sv: phrase{"behov", "Skicka ett kommunikationsbehov till arbetsgruppen"},
		en: phrase{"need", "Send a communication need to the working group"},
	},
	{
		fi: phrase{"esityslista", "Seuraavan kokouksen esityslista"},
		sv: phrase{"föredragningslista", "Nästa mötes föredragningslista"},
		en: phrase{"agenda", "The agenda of the next meeting"},
	},
	{
		fi:   phrase{"kanava", "Mitä tähän kanavaan tulee, esimerkiksi: kanava työryhmä"},
		sv:   phrase{"kanal", "Vad som kommer till den här kanalen, till exempel: kanal arbetsgrupp"},
		en:   phrase{"channel", "What comes to this channel, for example: channel working group"},
		only: "group",
	},
	{
		fi:   phrase{"rooli", "Kenellä on mikä rooli, esimerkiksi: rooli viestintä @nimi"},
		sv:   phrase{"roll", "Vem som har vilken roll, till exempel: roll kommunikation @namn"},
		en:   phrase{"role", "Who has which role, for example: role communications @name"},
		only: "group",
	},
	{
		fi:   phrase{"kieli", "Vaihda kieli: kieli fi, kieli sv tai kieli en"},
		sv:   phrase{"språk", "Byt språk: språk fi, språk sv eller språk en"},
		en:   phrase{"language", "Change the language: language fi, language sv or language en"},
		only: "personal",
	},
}

func (c command) in(tag string) phrase {
	switch tag {
	case "sv":
		return c.sv
	case "en":
		return c.en
	default:
		return c.fi
	}
}

// about is the description with where the accessibility statement is. The manifest has no key of its own for it.
func (l language) about(public string) shortAndFull {
	d := l.description
	d.Full += public + "/saavutettavuus?lang=" + l.tag
	return d
}

func (l language) file() string { return l.tag + ".json" }

// commandLists gives the menus, one for channels and group chats and one for personal chats.
func (l language) commandLists() []commandList {
	group := commandList{Scopes: []string{"team", "groupChat"}}
	personal := commandList{Scopes: []string{"personal"}}
	for _, c := range commands {
		entry := commandInAList{Title: c.in(l.tag).title, Description: c.in(l.tag).description}
		if c.only != "personal" {
			group.Commands = append(group.Commands, entry)
		}
		if c.only != "group" {
			personal.Commands = append(personal.Commands, entry)
		}
	}
	return []commandList{group, personal}
}

// strings gives the localisation file: the manifest's own texts, each by its path in the manifest.
func (l language) strings(public string) map[string]string {
	about := l.about(public)
	s := map[string]string{
		"$schema":           "https://developer.microsoft.com/json-schemas/teams/v" + schemaVersion + "/MicrosoftTeams.Localization.schema.json",
		"name.short":        l.name.Short,
		"name.full":         l.name.Full,
		"description.short": about.Short,
		"description.full":  about.Full,
		tabName:             l.tab,
	}
	for i, list := range l.commandLists() {
		for j, c := range list.Commands {
			path := commandPath(i, j)
			s[path+"title"] = c.Title
			s[path+"description"] = c.Description
		}
	}
	return s
}

// tabName is where the localisation schema looks for the name of the tab; the conversation before it has none.
const tabName = "staticTabs[1].name"

// commandPath is where the localisation schema looks for the texts of one command, up to the text's own name.
func commandPath(list, index int) string {
	return fmt.Sprintf("bots[0].commandLists[%d].commands[%d].", list, index)
}
