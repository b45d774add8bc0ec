package cards_test

import (
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

const calendarURL = "https://vuosikello.example.fi/kello/digivartti-7.ics?t=5kGx0m_h-Q"

func session(change func(*cards.Session)) cards.Session {
	s := cards.Session{
		Session: 7, Version: 2, Title: "Ajanvaraus sovelluksessa", Start: at(time.April, 9, 14, 0), Minutes: 15, Host: sven,
		Audiences: []string{"Käyttöönottavat yksiköt", "Esihenkilöt"}, Links: []string{"https://intra.example.fi/ohjeet/ajanvaraus"},
		SignedUp: 12, HasLink: true, CalendarURL: calendarURL, Today: today,
	}
	if change != nil {
		change(&s)
	}
	return s
}

func sessionForm(change func(*cards.SessionForm)) cards.SessionForm {
	f := cards.SessionForm{Values: cards.NewSessionValues(today, "", "Ammattilaiset", sven.Name), Audiences: audiences}
	if change != nil {
		change(&f)
	}
	return f
}

func sessionSaved(change func(*cards.SessionSaved)) cards.SessionSaved {
	s := cards.SessionSaved{
		Session: 7, Version: 1, Title: "Ajanvaraus sovelluksessa", Starts: []time.Time{at(time.April, 9, 14, 0)}, Minutes: 15,
		Audiences: []string{"Käyttöönottavat yksiköt", "Asukkaat"}, Outside: []string{"Asukkaat"}, Host: sven.Name, Wanted: true, New: true,
		Today: today, CanEdit: true,
	}
	if change != nil {
		change(&s)
	}
	return s
}

func catalogueTopics(n int) []store.Topic {
	list := []store.Topic{
		{Type: store.TopicOpen, Title: "Kuinka vertailla yritykselle ostettavia digitaalisia palveluita?"},
		{Type: store.TopicOpen, Title: "Tietoturva sote-alalla"},
		{Type: store.TopicSegmented, Segment: "Hoiva-ala", Title: "Sisältömarkkinointi ja markkinoinnin vuosikello"},
		{Type: store.TopicThemed, Title: "Etätyösovellusten hyödyntäminen työssä"},
		{Type: store.TopicThemed, Title: "Excelin perusteet"},
		{Type: store.TopicThemed, Title: "Tietosuoja ja hyvä kirjaaminen"},
	}
	out := make([]store.Topic, n)
	for i := range out {
		out[i] = list[i%len(list)]
		out[i].ID = int64(i + 1)
	}
	return out
}

func sessionItems(n int) []cards.SessionItem {
	titles := []string{"Ajanvaraus sovelluksessa", "Terveystarkastuslomake tutuksi", "Kirjautuminen puolesta asioivana"}
	out := make([]cards.SessionItem, n)
	for i := range out {
		out[i] = cards.SessionItem{
			Session: int64(i + 1), Title: titles[i%3], Start: at(time.March, 30, 14, 0).AddDate(0, 0, 7*i), Minutes: 15, SignedUp: 12 - i,
			Mine: i == 1, CanJoin: i == 0,
		}
	}
	return out
}

func attendance(change func(*cards.Attendance)) cards.Attendance {
	a := cards.Attendance{
		Session: 7, Title: "Ajanvaraus sovelluksessa", Start: at(time.March, 26, 14, 0), SignedUp: 4, Attended: 3, NoShow: 1, Anonymous: 2, NoShowShare: 25,
		Today: today, CanCorrect: true,
		People: []cards.AttendancePerson{
			{Who: liisa.ID, Name: liisa.Name, SignedUp: true, Joined: true, Minutes: 14, HasMinutes: true, Source: "graph"},
			{Who: maija.ID, Name: maija.Name, SignedUp: true, Joined: true, Source: "card"},
			{Who: "mail:pekka.paivystaja@example.fi", Joined: true, Minutes: 1, HasMinutes: true, Source: "graph"},
			{Who: sven.ID, Name: sven.Name, SignedUp: true, Source: "card"},
			{Who: "00000000-0000-4000-8000-000000000023", Name: "Aino Aalto", Cancelled: true, Source: "card"},
			{Who: "00000000-0000-4000-8000-000000000024", SignedUp: true, Joined: true, HasMinutes: true, Source: "hand"},
		},
	}
	if change != nil {
		change(&a)
	}
	return a
}

func feedback(change func(*cards.FeedbackForm)) cards.FeedbackForm {
	f := cards.FeedbackForm{
		Session: 7, Title: "Ajanvaraus sovelluksessa", Start: at(time.March, 30, 14, 0), Links: []string{"https://intra.example.fi/ohjeet/ajanvaraus"},
		Needs: []string{"Kirjautuminen", "Puolesta asiointi", "Videovastaanotto"}, Today: today,
	}
	if change != nil {
		change(&f)
	}
	return f
}

// sessionSamples are the cards of digi-quarters.
func sessionSamples() []sample {
	stored := &store.Session{
		Title: "Ajanvaraus sovelluksessa", Start: at(time.April, 9, 14, 0).UTC(), Minutes: 15, Audiences: []string{"Ammattilaiset"},
		JoinURL: "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0",
		Links:   []string{"https://intra.example.fi/ohje", "https://intra.example.fi/video"},
	}
	series := make([]time.Time, 12)
	for i := range series {
		series[i] = at(time.April, 9, 14, 0).AddDate(0, 0, 14*i)
	}
	wrong := cards.NewSessionValues(today, "", "Ammattilaiset", "Sven Svenson")
	wrong["date"], wrong["minutes"], wrong["links"] = "2026-02-30", "0", "intra"
	stats := []cards.SessionStat{
		{Kind: cards.StatMonth, Label: "maaliskuu 2026", Sessions: 3, People: 41},
		{Kind: cards.StatTopic, Label: "Excelin perusteet", Sessions: 1, People: 1},
		{Kind: cards.StatSegment, Label: "Hoiva-ala", Sessions: 2, People: 1240},
	}
	return []sample{
		{"session", session(nil)},
		{"session_no_link", session(func(s *cards.Session) {
			s.HasLink, s.SignedUp, s.Links, s.Late, s.CalendarURL = false, 0, nil, true, ""
		})},
		{"session_moved", session(func(s *cards.Session) { s.Moved, s.OwnLink, s.SignedUp = true, true, 1 })},
		{"session_soon", session(func(s *cards.Session) { s.Kind, s.Today = cards.SessionSoon, store.NewDate(2026, time.April, 9) })},
		{"session_soon_moved", session(func(s *cards.Session) { s.Kind, s.Moved = cards.SessionSoon, true })},
		{"session_gone", session(func(s *cards.Session) { s.Gone = true })},
		{"session_called_off", session(func(s *cards.Session) { s.CalledOff = true })},
		{"session_over", session(func(s *cards.Session) { s.Kind, s.Over = cards.SessionSoon, true })},
		// Across midnight and the change of clocks: from 23.30 on Saturday to 4.30 on Sunday are four hours.
		{"session_night", session(func(s *cards.Session) {
			s.Start, s.Minutes, s.Links = time.Date(2027, time.March, 27, 23, 30, 0, 0, helsinki), 240, []string{"https://www.example.fi/ohje%20k%C3%A4ytt%C3%B6%C3%B6n/", "intra"}
		})},
		{"sessionjoin", cards.SessionJoin{Session: 7, Title: "Ajanvaraus sovelluksessa", Start: at(time.April, 9, 14, 0), Minutes: 15, JoinURL: stored.JoinURL, Links: stored.Links, Today: store.NewDate(2026, time.April, 9)}},
		{"sessionjoin_over", cards.SessionJoin{Session: 7, Title: "Ajanvaraus sovelluksessa", Start: at(time.April, 9, 14, 0), Minutes: 15, Links: stored.Links, Today: store.NewDate(2026, time.April, 9)}},
		{"sessionsigned", cards.SessionSignedUp{Session: 7, Title: "Ajanvaraus sovelluksessa", Start: at(time.April, 9, 14, 0), Minutes: 15, CalendarURL: calendarURL, Today: today}},
		{"sessionsigned_off", cards.SessionSignedUp{Session: 7, Title: "Ajanvaraus sovelluksessa", Start: at(time.April, 9, 14, 0), Minutes: 15, Cancelled: true, CalendarURL: calendarURL, Today: today}},
		{"sessionform_new", sessionForm(func(f *cards.SessionForm) {
			f.Topic, f.Values["title"] = 5, "Excelin perusteet"
			f.Wishes = []store.Wish{{Topic: "Ajanvaraus sovelluksessa", People: 5}, {Topic: "Videovastaanotto", People: 3}}
			f.Needs = []store.NeedGroup{{Need: "Puolesta asiointi", People: 12, Audience: "Esihenkilöt"}, {Need: "kirjautuminen", People: 1}}
		})},
		{"sessionform_own_link", sessionForm(func(f *cards.SessionForm) { f.OwnLinkNeeded, f.Values["repeat"] = true, "FREQ=WEEKLY;INTERVAL=2" })},
		{"sessionform_repeat", sessionForm(func(f *cards.SessionForm) { f.Values["repeat"] = cards.Other })},
		{"sessionform_errors", sessionForm(func(f *cards.SessionForm) {
			f.Values = wrong
			f.Errors = map[string]string{
				"title": "Otsikko puuttuu. Kirjoita lyhyesti, mistä on kyse.", "date": "Päivää 2026-02-30 ei voi lukea. Kirjoita se esimerkiksi näin: 31.7.2026.",
				"minutes": "Kirjoita kesto minuutteina: 5–480.", "links": "Kirjoita koko osoite, esimerkiksi https://www.example.fi/sivu.",
			}
		})},
		{"sessionedit", sessionForm(func(f *cards.SessionForm) {
			f.Session, f.Version, f.Values = 7, 2, cards.SessionValues(stored, helsinki, sven.Name)
		})},
		{"sessionsaved", sessionSaved(nil)},
		{"sessionsaved_series", sessionSaved(func(s *cards.SessionSaved) {
			s.Starts, s.Outside, s.Warnings = series, nil, []string{"Johtoryhmä kokoontuu samaan aikaan 23.4.2026."}
		})},
		{"sessionsaved_failed", sessionSaved(func(s *cards.SessionSaved) {
			s.New, s.Wanted, s.Outside, s.Why = false, false, nil, "Vuosikellolta puuttuu oikeus Calendars.ReadWrite."
		})},
		{"sessionsaved_own", sessionSaved(func(s *cards.SessionSaved) {
			s.New, s.Wanted, s.HasLink, s.OwnLink, s.Outside = false, false, true, true, nil
		})},
		{"sessionsaved_following", sessionSaved(func(s *cards.SessionSaved) { s.New, s.Following = false, 11 })},
		{"sessionedit_following", sessionForm(func(f *cards.SessionForm) { f.Session, f.Version, f.Following = 7, 2, 11 })},
		{"sessionsaved_called_off", sessionSaved(func(s *cards.SessionSaved) { s.New, s.CalledOff = false, true })},
		{"sessions", cards.Sessions{Items: sessionItems(3), Topics: catalogueTopics(6), Today: today}},
		{"sessions_digimentor", cards.Sessions{Items: sessionItems(8), Topics: catalogueTopics(23), Stats: stats, CanAdd: true, Today: today}},
		{"sessions_empty", cards.Sessions{Today: today}},
		{"attendance", attendance(nil)},
		{"attendance_waiting", attendance(func(a *cards.Attendance) {
			a.Report, a.CanCorrect, a.NoShowShare, a.Anonymous, a.People = "Teamsin osallistumisraporttia odotetaan. Luvut tarkentuvat.", false, -1, 0, a.People[:4]
		})},
		{"attendance_corrected", attendance(func(a *cards.Attendance) { a.Saved, a.People = "Korjattu: Liisa Virtanen, 14 minuuttia.", a.People[:2] })},
		{"attendance_empty", attendance(func(a *cards.Attendance) {
			*a = cards.Attendance{Title: a.Title, Start: a.Start, NoShowShare: -1, CanCorrect: true, Today: today}
		})},
		{"feedback", feedback(nil)},
		{"feedback_other", feedback(func(f *cards.FeedbackForm) {
			f.Values, f.Links = map[string]string{"rating": "5", "need": cards.Other, "topic": "Videovastaanotto"}, nil
		})},
		{"feedback_errors", feedback(func(f *cards.FeedbackForm) {
			f.Needs, f.Values = nil, map[string]string{"rating": "6", "need": strings.Repeat("apua ", 30)}
			f.Errors = map[string]string{"rating": "Valitse, paljonko tästä oli apua: 1–5."}
		})},
		{"feedbackthanks", cards.FeedbackThanks{Title: "Ajanvaraus sovelluksessa"}},
		{"needs", cards.SessionNeedsForm{Values: map[string]string{"needs": "Kirjautuminen\nPuolesta asiointi"}}},
		{"needs_saved", cards.SessionNeedsForm{Values: map[string]string{"needs": "Kirjautuminen"}, Saved: true}},
	}
}

// hostileSessions are the same cards made from text of any kind and length.
func hostileSessions(text string, many []string, people []cards.Person, values, errs map[string]string) []sample {
	start := at(time.April, 9, 14, 0)
	links := make([]string, len(many))
	clipped := text[:min(len(text), store.MaxTitle)]
	s := cards.Session{
		Title: text, Start: start, Minutes: 15, Host: people[0], Audiences: many, Links: links, SignedUp: 1e9, Moved: true, Late: true, OwnLink: true, HasLink: true,
		CalendarURL: "https://x/" + text, Today: today,
	}
	form := cards.SessionForm{Values: values, Errors: errs, Audiences: many}
	short := cards.SessionForm{Values: map[string]string{"title": text, "links": text, "joinUrl": text, "host": text, "repeat": text}, Audiences: many[:12], OwnLinkNeeded: true}
	saved := cards.SessionSaved{Title: text, Minutes: 15, Audiences: many, Outside: many[:400], Host: text, Why: text, Warnings: many, CanEdit: true, New: true, Today: today}
	list := cards.Sessions{CanAdd: true, Today: today}
	attendance := cards.Attendance{Title: text, Start: start, SignedUp: 1e9, Attended: 1e9, NoShow: 1e9, Anonymous: 1e9, NoShowShare: 100, Report: text, Saved: text, CanCorrect: true, Today: today}
	needs := make([]string, len(many)) // as long as they may be, and no longer
	feedback := cards.FeedbackForm{Title: text, Start: start, Needs: needs, Values: values, Errors: errs, Links: links, Today: today}
	for i := range many {
		needs[i] = clipped
		links[i] = "https://x/" + text[:min(len(text), 900)]
		short.Wishes = append(short.Wishes, store.Wish{Topic: text, People: 1e9})
		short.Needs = append(short.Needs, store.NeedGroup{Need: text, People: 1e9, Audience: text})
		saved.Starts = append(saved.Starts, start)
		list.Items = append(list.Items, cards.SessionItem{Session: 1e15, Title: text, Start: start, Minutes: 480, SignedUp: 1e9, Mine: true, CanJoin: true, CanEdit: true})
		list.Topics = append(list.Topics, store.Topic{ID: 1e15, Type: store.TopicSegmented, Segment: text, Title: text})
		list.Stats = append(list.Stats, cards.SessionStat{Kind: cards.StatSeries, Label: text, Sessions: 1e9, People: 1e9})
		attendance.People = append(attendance.People, cards.AttendancePerson{Who: people[i].ID, Name: text, SignedUp: true, Joined: true, Minutes: 480, HasMinutes: true, Source: "hand"})
	}
	return []sample{
		{"session", s},
		{"join", cards.SessionJoin{Title: text, Start: start, JoinURL: "https://x/" + text[:min(len(text), 900)], Links: links, Today: today}},
		{"signed up", cards.SessionSignedUp{Title: text, Start: start, CalendarURL: "https://x/" + text, Today: today}},
		{"session form", form},
		{"session form with lists", short},
		{"session saved", saved},
		{"sessions", list},
		{"attendance", attendance},
		{"feedback", feedback},
		{"feedback with lists", cards.FeedbackForm{Title: text, Start: start, Needs: needs[:50], Values: map[string]string{"topic": text}, Links: links, Today: today}},
		{"thanks", cards.FeedbackThanks{Title: text}},
		{"needs", cards.SessionNeedsForm{Values: map[string]string{"needs": text}, Errors: errs}},
	}
}
