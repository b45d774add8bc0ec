package cards

import (
	"strings"
	"time"

	"vuosikello/store"
)

// Attendance is who signed up for a session and who came. Its form has the inputs person and minutes; it is sent with
// [VerbAttendanceCorrect] and the session.
type Attendance struct {
	Session     int64
	Title       string
	Start       time.Time // in the organisation's time zone
	People      []AttendancePerson
	SignedUp    int    // and not cancelled
	Attended    int    // named people who came
	NoShow      int    // signed up, and did not come
	Anonymous   int    // came without being named
	NoShowShare int    // of those who signed up, in percent; -1 when it is not known
	Report      string // a sentence about the meeting's report, "" for nothing to say
	Saved       string // a sentence about what was just corrected, "" for none
	CanCorrect  bool
	Today       store.Date
}

// AttendancePerson is one person of the list.
type AttendancePerson struct {
	Who        string // value of the input person
	Name       string // "" when it is not known
	SignedUp   bool   // and not cancelled
	Cancelled  bool
	Joined     bool
	Minutes    int // for how long, when HasMinutes
	HasMinutes bool
	Source     string // card, graph or hand
}

// Limits on the list of people to correct, so that the card stays under [MaxBytes].
const (
	maxPeople      = 150
	maxPeopleBytes = 15_000
)

// Card builds the card.
func (a Attendance) Card(l Lang) Card {
	title := clip(a.Title, showTitle)
	kind := l.T("session.kind") + " · " + l.T("attendance.kind")
	c := Card{Summary: kind + ": " + Clean(title), Body: header(kind, title)}
	if saved := clip(a.Saved, showText); saved != "" {
		c.Body = append(c.Body, TextBlock{Text: Text("✓ " + saved), Color: colorGood, Spacing: spacingSmall})
	}
	c.Body = append(c.Body, FactSet{Facts: a.facts(l), Spacing: spacingMedium})
	if report := clip(a.Report, showText); report != "" {
		c.Body = append(c.Body, note(report))
	}
	if len(a.People) == 0 {
		c.Body = append(c.Body, paragraph(l.T("attendance.empty")))
	}
	c.Body = append(c.Body, fold(l, len(a.People), func(i int) row {
		p := a.People[i]
		return row{first: Text(p.first(l)), second: Text(p.second(l))}
	})...)
	if form := a.form(l); a.CanCorrect && len(a.People) > 0 {
		c.Actions = []Action{form}
	}
	return c
}

func (a Attendance) facts(l Lang) []Fact {
	var f facts
	f.add(l.T("fact.when"), l.DateTime(a.Start, a.Today))
	f.add(l.T("attendance.signed_up"), l.Number(a.SignedUp))
	f.add(l.T("attendance.attended"), l.Number(a.Attended))
	if a.Anonymous > 0 {
		f.add(l.T("attendance.anonymous"), l.Number(a.Anonymous))
	}
	if a.SignedUp > 0 {
		noShow := l.Number(a.NoShow)
		if a.NoShowShare >= 0 {
			noShow += " (" + l.Number(a.NoShowShare) + "\u00a0%)"
		}
		f.add(l.T("attendance.no_show"), noShow)
	}
	return f
}

func (p AttendancePerson) first(l Lang) string {
	if p.attended() {
		return "✓ " + p.name(l)
	}
	return p.name(l)
}

// name is what is known of who it is: the name, else the address.
func (p AttendancePerson) name(l Lang) string {
	if name := clip(p.Name, showName); name != "" {
		return name
	}
	if mail, ok := strings.CutPrefix(p.Who, "mail:"); ok {
		return clip(mail, showName)
	}
	return l.T("role.unknown_person")
}

func (p AttendancePerson) attended() bool { return p.Joined && (!p.HasMinutes || p.Minutes > 0) }

// second says what the person did and how it is known: "ilmoittautui · osallistui 14 min · Teamsin raportista".
func (p AttendancePerson) second(l Lang) string {
	var text string
	switch {
	case p.Cancelled:
		text = l.T("attendance.did_cancel")
	case p.SignedUp:
		text = l.T("attendance.did_sign_up")
	}
	switch {
	case p.attended() && p.HasMinutes:
		text = dotted(text, l.T("attendance.did_attend_minutes", "n", p.Minutes))
	case p.attended():
		text = dotted(text, l.T("attendance.did_attend"))
	case p.HasMinutes:
		text = dotted(text, l.T("attendance.did_not_attend"))
	}
	switch p.Source {
	case "graph":
		text = dotted(text, l.T("attendance.source_graph"))
	case "hand":
		text = dotted(text, l.T("attendance.source_hand"))
	}
	return text
}

// form is where the host says for how long somebody was there, one person at a time.
func (a Attendance) form(l Lang) ShowCard {
	var choices []Choice
	left := maxPeopleBytes
	for _, p := range a.People[:min(len(a.People), maxPeople)] {
		name := Clean(p.name(l))
		if left -= len(name) + len(p.Who); left < 0 {
			break
		}
		choices = append(choices, Choice{name, p.Who})
	}
	return ShowCard{
		Title: l.T("attendance.correct"),
		Body: []Element{
			inputChoice{field: field{id: "person", label: l.T("attendance.person"), required: l.T("attendance.person_required")}, choices: choices},
			inputText{field: field{id: "minutes", label: l.T("attendance.minutes"), required: l.T("attendance.minutes_required")}, max: 3},
		},
		Actions: []Action{Execute{Title: l.T("form.save"), Style: stylePositive, Data: Data{Verb: VerbAttendanceCorrect, Session: a.Session}}},
	}
}
