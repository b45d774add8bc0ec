package cards_test

import (
	"slices"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
	"vuosikello/store/clockfile"
)

var helsinki = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return loc
}()

var today = store.NewDate(2026, time.March, 30)

// campaign is the entry that most samples are about: long words, an audience outside Teams.
func campaign() store.Entry {
	return store.Entry{
		ID: "k3v5t7q2m4x6z8ab", Clock: store.Clock{Name: "vuosikello", Year: 2026},
		Title: "Terveystarkastuslomakkeen käyttöönotto", Start: store.NewDate(2026, time.April, 13), End: store.NewDate(2026, time.April, 24),
		Campaign: "Terveystarkastukset", Audiences: []string{"Käyttöönottavat yksiköt", "Esihenkilöt"},
		Channels: []string{"Teams", "intra"}, Owner: "Hyvinvointialueen ammattilaisviestintä", Leads: []int{14, 3, 0},
		Materials: store.NewDate(2026, time.April, 2), Approval: true, Goal: "Lomakkeiden määrä", State: store.Planned, Version: 3,
	}
}

func reminder(change func(*cards.Reminder)) cards.Reminder {
	e := campaign()
	r := cards.Reminder{
		ID: 42, Entry: e, Occurrence: store.Occurrence{Start: e.Start, End: e.End}, Lead: 14, Today: today,
	}
	if change != nil {
		change(&r)
	}
	return r
}

func decided(status cards.ReminderStatus, change func(*cards.Reminder)) cards.Reminder {
	return reminder(func(r *cards.Reminder) {
		r.Status, r.By, r.At = status, "Maija Meikäläinen", time.Date(2026, time.March, 30, 14, 5, 0, 0, helsinki)
		if change != nil {
			change(r)
		}
	})
}

func items(n int) []cards.Item {
	titles := []string{
		"Viikkotiedote", "Terveystarkastuslomakkeen käyttöönotto", "Viestinnän työryhmän kokous", "Esihenkilöviesti",
		"Sovelluksen päivityksestä tiedottaminen",
	}
	out := make([]cards.Item, n)
	for i := range out {
		start := today + store.Date(2*i-3)
		e := &store.Entry{
			ID: "e", Title: titles[i%len(titles)], Start: start, End: start, State: store.Planned,
			Audiences: []string{"Ammattilaiset", "Käyttöönottavat yksiköt"}, Owner: "Hyvinvointialueen ammattilaisviestintä",
		}
		out[i] = cards.Item{Entry: e, Occurrence: store.Occurrence{Start: start, End: start, Holiday: store.Holiday(start)}, Done: i == 0}
	}
	return out
}

type sample struct {
	name string
	card interface{ Card(cards.Lang) cards.Card }
}

var audiences = []string{"Asukkaat", "Ammattilaiset", "Esihenkilöt", "Sovellusta käyttävät ammattilaiset"}

// importCard is a file with long words and a change of each kind.
func importCard(change func(*cards.Import)) cards.Import {
	e, moved := campaign(), campaign()
	moved.Start, moved.End = moved.Start+7, moved.End+7
	o := &clockfile.Outcome{File: &clockfile.File{Kind: clockfile.YearClock, Clocks: []store.Clock{{Name: "vuosikello", Year: 2026}},
		Notes: []clockfile.Problem{{Sheet: "Muistiinpanot", Key: "import.note.sheet_skipped"}}}}
	for range 8 {
		o.Changes = append(o.Changes, clockfile.Change{Kind: clockfile.Added, New: e})
	}
	o.Changes = append(o.Changes, clockfile.Change{Kind: clockfile.Moved, Old: e, New: moved}, clockfile.Change{Kind: clockfile.Changed, Old: e, New: e, Fields: []string{"audience", "owner"}},
		clockfile.Change{Kind: clockfile.Same, Old: e, New: e}, clockfile.Change{Kind: clockfile.Missing, Old: e})
	i := cards.Import{Upload: "k3v5t7q2m4x6z8ab", Name: "Viestinnän vuosikello 2026, käyttöönottavat yksiköt.xlsx", Outcome: o, Today: today,
		Clashes: []store.Clash{{Kind: store.ClashAudience, Day: e.Start, Entry: &e, Other: &e, Name: "Käyttöönottavat yksiköt"}, {Kind: store.ClashHoliday, Day: store.NewDate(2026, time.April, 3), Entry: &e, Name: "Pitkäperjantai"}}}
	if change != nil {
		change(&i)
	}
	return i
}

// samples are every card in every state that reads differently.
// sampleWheel is the picture of a year, with a text in place of the drawing, which has tests of its own.
func sampleWheel() *cards.WheelPicture {
	w, err := wheel().Picture(cards.Finnish)
	if err != nil {
		panic(err) // a wheel of sound entries can be drawn
	}
	w.PNG = []byte("the picture")
	w.Large, w.Print = "https://kello.example/kello/2026.png?e=1&s=abc&lang=fi", "https://kello.example/kello/2026.svg?e=1&s=abc&lang=fi"
	return w
}

func samples() []sample {
	e := campaign()
	series := campaign()
	series.Title, series.Repeat, series.Start, series.End = "Viikkotiedote", "FREQ=WEEKLY", store.NewDate(2026, time.January, 9), 0
	wrong := cards.EntryValues(&e)
	wrong["title"], wrong["start"], wrong["reminders"], wrong["audience"] = "", "huomenna", "14;x", "Asukkaat,Potilaat"
	return append([]sample{
		{"reminder", reminder(nil)},
		{"reminder_approved", reminder(func(r *cards.Reminder) { r.HasContent, r.HasApproval = true, true })},
		{"reminder_mention", reminder(func(r *cards.Reminder) {
			r.Owners = []cards.Person{{Name: "Maija Meikäläinen", ID: "00000000-0000-4000-8000-000000000020"}}
			r.HasContent = true
		})},
		{"reminder_outside", reminder(func(r *cards.Reminder) {
			r.Entry.Audiences = []string{"Asukkaat", "Ammattilaiset"}
			r.Outside = []string{"Asukkaat"}
			r.Late, r.Lead = true, 3
		})},
		{"reminder_materials", reminder(func(r *cards.Reminder) { r.Materials = true })},
		{"reminder_holiday", reminder(func(r *cards.Reminder) {
			vappu := store.NewDate(2026, time.May, 1)
			r.Entry.Title, r.Entry.Campaign, r.Snoozed = "Viikkotiedote", "", true
			r.Occurrence = store.Occurrence{Start: vappu, End: vappu, Holiday: store.Holiday(vappu)}
		})},
		{"reminder_running", reminder(func(r *cards.Reminder) { r.Today = store.NewDate(2026, time.April, 14) })},
		{"reminder_done", decided(cards.ReminderDone, func(r *cards.Reminder) { r.Link = "https://intra.example.fi/uutinen" })},
		{"reminder_snoozed", decided(cards.ReminderSnoozed, func(r *cards.Reminder) { r.Until = store.NewDate(2026, time.April, 1) })},
		{"reminder_moved", decided(cards.ReminderMoved, func(r *cards.Reminder) {
			r.NewStart, r.NewEnd = store.NewDate(2026, time.May, 4), store.NewDate(2026, time.May, 15)
		})},
		{"reminder_removed", decided(cards.ReminderRemoved, nil)},
		{"reminder_cancelled", decided(cards.ReminderCancelled, func(r *cards.Reminder) { r.By = "" })},
		{"import", importCard(nil)},
		{"import_bad", importCard(func(i *cards.Import) {
			for n := range 60 {
				i.Outcome.Problems = append(i.Outcome.Problems, clockfile.Problem{File: i.Name, Sheet: "Hyvinvointialueen ammattilaisviestintä", Row: n + 4, Column: "D (Ajankohta)", Key: "import.problem.date_vague", Args: map[string]any{"value": "kevät"}})
			}
			i.Outcome.Skipped = 60
			i.Errors = map[string]string{"skipBad": "60 kohtaa on korjattava, eikä mitään tuotu. Korjaa tiedosto ja lähetä se uudelleen, tai ohita rivit."}
		})},
		{"import_no_year", cards.Import{Upload: "k3v5t7q2m4x6z8ab", Name: "kello.csv", Errors: map[string]string{"year": "kello.csv: vuosi puuttuu."}, Today: today}},
		{"import_done", importCard(func(i *cards.Import) { i.Done, i.Outcome.RemoveMissing = true, true })},
		{"import_unchanged", importCard(func(i *cards.Import) { i.Outcome.Changes = i.Outcome.Changes[:0] })},
		{"import_topics", cards.Import{Upload: "k3v5t7q2m4x6z8ab", Name: "aiheet.csv", Today: today, Outcome: &clockfile.Outcome{Topics: 1, File: &clockfile.File{Kind: clockfile.Workshops, Topics: make([]store.Topic, 3)}}}},
		{"import_cancelled", cards.ImportCancelled{Name: "Viestinnän vuosikello 2026.xlsx"}},
		{"export_kinds", cards.ExportKinds{Kinds: []string{"entries", "approvals", "attendance", "reach", "ledger", "measures", "audit"}}},
		{"export_unknown", cards.ExportKinds{Kinds: []string{"audit"}, Typed: "audot"}},
		{"export_link", cards.ExportLink{Kind: "attendance", URL: "https://kello.example/kello/vienti/attendance-k3v5t7q2m4x6z8ab.csv?e=1774874400&s=a", Until: time.Date(2026, time.March, 30, 14, 15, 0, 0, helsinki), Today: today}},
		{"calendar", cards.CalendarLink{URL: "https://kello.example/kello/kaikki.ics?k=k3v5t7q2m4x6z8ab&s=00112233445566778899aabbccddeeff", Clocks: []string{"vuosikello"}}},
		{"calendar_clocks", cards.CalendarLink{URL: "https://kello.example/kello/kaikki.ics?k=k3v5t7q2m4x6z8ab&s=00112233445566778899aabbccddeeff",
			Clocks: []string{"vuosikello", "Suun terveydenhuolto", "Hyvinvointialueen ammattilaisviestintä"}}},
		{"calendar_clock", cards.CalendarLink{URL: "https://kello.example/kello/Suun.ics?k=k3v5t7q2m4x6z8ab&s=00112233445566778899aabbccddeeff", Clock: "Suun terveydenhuolto"}},
		{"calendar_revoked", cards.CalendarRevoked{Had: true}},
		{"calendar_none", cards.CalendarRevoked{}},
		{"entryform_new", cards.EntryForm{Values: cards.NewEntryValues(today, store.DefaultClock, "Ammattilaiset"), Audiences: audiences}},
		{"entryform_edit", cards.EntryForm{
			Entry: e.ID, Version: e.Version, Values: cards.EntryValues(&e), Audiences: e.Audiences,
			Clocks: []string{"vuosikello", "Suun terveydenhuolto"},
		}},
		{"entryform_errors", cards.EntryForm{
			Entry: e.ID, Version: e.Version, Values: wrong, Audiences: audiences,
			Errors: map[string]string{
				"title": "Otsikko puuttuu.", "start": "Tätä päivää ei löydy kalenterista: huomenna.",
				"reminders": "Kirjoita päivien määrät pilkuilla erotettuina, esimerkiksi 14,3,0.",
			},
		}},
		{"entrysaved_new", cards.EntrySaved{
			Entry: e, New: true, Occurrences: []store.Occurrence{{Start: e.Start, End: e.End}},
			Reminders: []store.Date{today, today + 3, today + 11}, Today: today, CanEdit: true,
		}},
		{"entrysaved_series", cards.EntrySaved{
			Entry: series, Occurrences: series.OccurrencesBetween(today, store.NewDate(2026, time.December, 31)),
			Reminders: []store.Date{today + 3, today + 10, today + 17, today + 24, today + 31, today + 38, today + 45, today + 52},
			Warnings:  []string{"Kohderyhmällä Asukkaat ei ole vielä kanavaa."}, Today: today, CanEdit: true,
		}},
		{"entryremoved", cards.EntryRemoved{Title: e.Title, By: "Maija Meikäläinen"}},
		{"contentform_new", cards.ContentForm{
			Values: map[string]string{"entry": e.ID, "audience": "Ammattilaiset"}, Audiences: audiences,
			Entries: []cards.Choice{{Title: "ma 13.4. · " + e.Title, Value: e.ID}},
		}},
		{"contentform_saved", cards.ContentForm{
			Content: "d3v5t7q2m4x6z8ab", Version: 2, Audiences: audiences, SavedAt: time.Date(2026, time.March, 30, 14, 5, 0, 0, helsinki),
			Values: map[string]string{
				"title": "Uusi lomake käyttöön", "body": "Lomake otetaan käyttöön huhtikuussa.\n\nLue ohje.", "titleSv": "Ny blankett",
				"checkCopyright": "true", "publishDate": "2026-04-13", "publishTime": "09:00",
			},
		}},
		{"contentform_errors", cards.ContentForm{
			Audiences: audiences, Values: map[string]string{"link": "intra", "body": strings.Repeat("Pitkä teksti. ", 20)},
			Errors: map[string]string{"title": "Otsikko puuttuu.", "link": "Linkin alussa pitää olla https://."},
		}},
		{"help", cards.Help{Statement: "https://vuosikello.example.fi/saavutettavuus?lang=fi", Privacy: "https://vuosikello.example.fi/tietosuoja?lang=fi", Commands: []cards.HelpCommand{
			{Name: "help"}, {Name: "clock"}, {Name: "upcoming"}, {Name: "add"}, {Name: "channel"}, {Name: "role"}, {Name: "language"},
		}}},
		{"clock_month", cards.Clock{
			Year: 2026, Month: time.April, Items: items(18), Campaigns: []string{"Allergiakausi", "Terveystarkastukset", "Kesä"},
			Today: today, CanAdd: true,
		}},
		{"clock_wheel", cards.Clock{Page: "https://vuosikello.example.fi/tab?e=1773784800&s=abc&view=year&year=2026",
			Year: 2026, Month: time.March, Items: items(18), Campaigns: []string{"Allergiakausi", "Terveystarkastukset", "Kesä"}, Today: today, CanAdd: true,
			Wheel: sampleWheel(),
		}},
		{"clock_wheel_campaigns", cards.Clock{Year: 2026, Items: items(80), Campaigns: []string{"Allergiakausi"}, Today: today, Wheel: &cards.WheelPicture{
			Title: "Vuosikello 2026", PNG: []byte("the picture"), Alt: "Vuosikello 2026. 1 kampanja.", Rows: []string{"1 Allergiakausi, 16.3.–29.5."}, Count: 1, Campaigns: true,
		}}},
		{"clock_year", cards.Clock{Year: 2026, Items: items(80), Today: today}},
		{"clock_empty", cards.Clock{Year: 2027, Month: time.January, Today: today}},
		{"clock_campaign", cards.Clock{Year: 2026, Campaign: "Terveystarkastukset", Items: items(3), Today: today}},
		{"upcoming", cards.Upcoming{Days: 30, Items: items(5)[2:], Today: today, CanAdd: true}},
		{"upcoming_empty", cards.Upcoming{Days: 1, Today: today}},
		{"channels", cards.Channels{
			Channel: "Viestinnän työryhmä", CanEdit: true, Audiences: audiences, Changed: "Muistutukset tulevat nyt tähän kanavaan.",
			Bindings: []cards.Binding{{Kind: cards.BindingWorkingGroup}, {Kind: cards.BindingAudience, Audience: "Ammattilaiset"}},
		}},
		{"channels_none", cards.Channels{}},
		{"roles", cards.Roles{CanEdit: true, Holders: []cards.RoleHolder{
			{Name: "Maija Meikäläinen", Role: "communications"}, {Name: "Sven Svensson", Role: "communications", Until: store.NewDate(2026, time.July, 31)},
			{Name: "Liisa Virtanen", Role: "approver"}, {Name: "Pekka Päivystäjä", Role: "admin"},
		}}},
		{"roles_none", cards.Roles{}},
		{"language", cards.Language{}},
		{"language_set", cards.Language{Channel: true, Set: true}},
		{"suggest", cards.Suggest{Typed: "tulosa 14", Commands: []string{"tulossa", "tulossa 14"}}},
		{"suggest_none", cards.Suggest{Typed: "<at>Vuosikello</at> *hei*"}},
		{"forget", cards.Forget{Code: "1772438400-00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", Roles: []string{"viestintä", "hyväksyjä"}, ConfiguredAdmin: true, Teams: 3,
			CalendarLink: true, Acknowledged: 12, Attended: 1, Feedback: 2, Messages: 1400, Decisions: 23, Records: 8, Hosts: 2}},
		{"forget_little", cards.Forget{Code: "1772438400-00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", Teams: 1}},
		{"forgotten", cards.Forgotten{Namesake: true}},
		{"message", cards.Message{
			Title: "Muistutuksille ei ole kanavaa", Tone: cards.ToneWarning,
			Text:    "Muistutuksia ei voitu lähettää, koska mikään kanava ei ole työryhmän kanava.\nMene kanavaan ja kirjoita: @Vuosikello kanava työryhmä.",
			Buttons: []cards.Button{{Title: "Tulossa", Command: "tulossa"}},
		}},
		{"welcome_channel", cards.Welcome{Scope: cards.ScopeChannel, Admin: true, Commands: []string{"help", "clock", "upcoming"}}},
		{"welcome_personal", cards.Welcome{Scope: cards.ScopePersonal, Commands: []string{"help", "clock", "upcoming", "add"}}},
	}, slices.Concat(approvalSamples(), sessionSamples(), digestSamples(), reachSamples(), measureSamples())...)
}

// sampled is the card of that name.
func sampled(list []sample, name string) interface{ Card(cards.Lang) cards.Card } {
	for _, s := range list {
		if s.name == name {
			return s.card
		}
	}
	panic("no sample " + name)
}
