package cards

import (
	"slices"
	"strconv"

	"vuosikello/store"
)

// MeetingForm asks when a group meets. Its inputs have the ids first (a date), time, every (weeks) and cutoff (hours); it
// is sent with [VerbMeetingSave] and the kind of meeting.
type MeetingForm struct {
	Kind   store.BindingKind // store.WorkingGroup or store.Management
	Values map[string]string // by input, as typed, also when wrong; see NewMeetingValues and MeetingValues
	Errors map[string]string // by input, sentences; "" for what concerns the form as a whole
}

// NewMeetingValues returns the values of an empty form: every second week from the next working day.
func NewMeetingValues(today store.Date) map[string]string {
	return map[string]string{"first": store.WorkdayOnOrAfter(today + 1).String(), "time": "09:00", "every": "2", "cutoff": "24"}
}

// MeetingValues returns the values of a form that changes when a group meets.
func MeetingValues(m *store.Meeting) map[string]string {
	return map[string]string{"first": m.First.String(), "time": m.Time.String(), "every": strconv.Itoa(m.Every), "cutoff": strconv.Itoa(m.Cutoff)}
}

// Card builds the card.
func (f MeetingForm) Card(l Lang) Card {
	in := inputs{l: l, values: f.Values, errors: f.Errors}
	title := l.T("meeting.title." + string(f.Kind))
	c := Card{Summary: title, Body: header(l.T("meeting.kind"), title)}
	if len(f.Errors) == 0 {
		c.Body = append(c.Body, paragraph(l.T("meeting.text."+string(f.Kind))))
	}
	in.list = append(c.Body, in.problems()...)
	in.date("first", "meeting.first", l.T("meeting.first_required"))
	in.time("time", "meeting.time")
	choices := make([]Choice, store.MaxMeetingWeeks)
	for i := range choices {
		choices[i] = Choice{l.weeks(i + 1), strconv.Itoa(i + 1)}
	}
	every := in.value("every", showName)
	if !slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == every }) {
		every = ""
	}
	in.choice("every", "meeting.every", every, choices, false)
	in.text("cutoff", "meeting.cutoff", inputText{max: 4, placeholder: "24"})
	c.Body = in.list
	c.Actions = []Action{Execute{Title: l.T("form.save"), Style: stylePositive, Data: Data{Verb: VerbMeetingSave, Meeting: string(f.Kind)}}}
	return c
}

// weeks writes how often: "joka viikko", "joka 2. viikko".
func (l Lang) weeks(n int) string { return l.T("meeting.weeks", "n", n) }

// MeetingSaved confirms when a group meets.
type MeetingSaved struct {
	Meeting store.Meeting
	Next    store.Date // the next meeting
	Today   store.Date
}

// Card builds the card.
func (m MeetingSaved) Card(l Lang) Card {
	when := l.T("date.at", "date", l.Date(m.Next, m.Today), "time", l.Time(m.Meeting.Time))
	text := l.T("meeting.saved."+string(m.Meeting.Kind), "every", l.weeks(m.Meeting.Every), "when", when)
	if m.Meeting.Cutoff > 0 {
		text += "\n" + l.T("meeting.saved_cutoff", "n", m.Meeting.Cutoff)
	}
	return Message{Kind: l.T("meeting.kind"), Title: l.T("meeting.saved"), Text: text, Tone: ToneGood}.Card(l)
}
