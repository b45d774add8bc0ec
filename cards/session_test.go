package cards_test

import (
	"strings"
	"testing"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

func TestSessionFormValues(t *testing.T) {
	for _, tt := range []struct{ name, field, value, want string }{
		{"a usual rule is one of the choices", "repeat", "FREQ=WEEKLY;INTERVAL=2", `"value":"FREQ=WEEKLY;INTERVAL=2","wrap":true`},
		{"nothing is a choice too", "repeat", "", `"value":"none","wrap":true`},
		{"a rule with a last day stays as typed", "repeat", "joka 2. viikko 3.6.2027 asti", `"Input.Text","id":"repeat","label":"Toisto ja viimeinen päivä (ilman päivää: vuoden loppuun)","value":"joka 2. viikko 3.6.2027 asti"`},
		{"one address a line", "links", "https://a.example\nhttps://b.example", `"value":"https://a.example\nhttps://b.example"`},
		{"a wrong time stays as typed", "time", "25:00", `"Input.Time","id":"time","label":"Kellonaika","value":"25:00"`},
	} {
		form := sessionForm(func(f *cards.SessionForm) { f.Values[tt.field] = tt.value })
		if got := string(form.Card(cards.Finnish).AppendJSON(nil)); !strings.Contains(got, tt.want) {
			t.Errorf("%s: no %s in\n%s", tt.name, tt.want, got)
		}
	}
}

// A session is stored as an instant and edited in the organisation's time, on either side of a change of clocks.
func TestSessionValues(t *testing.T) {
	for start, want := range map[string]string{"2026-10-22T11:00:00Z": "2026-10-22 14:00", "2026-10-29T12:00:00Z": "2026-10-29 14:00", "2026-10-28T22:30:00Z": "2026-10-29 00:30"} {
		at, err := time.Parse(time.RFC3339, start)
		if err != nil {
			t.Fatal(err)
		}
		v := cards.SessionValues(&store.Session{Start: at, Minutes: 15}, helsinki, "")
		if got := v["date"] + " " + v["time"]; got != want {
			t.Errorf("%s is edited as %s, want %s", start, got, want)
		}
	}
}

func TestFeedbackNeed(t *testing.T) {
	for _, tt := range []struct{ name, value, want string }{
		{"as the list spells it", "kirjautuminen", `"value":"Kirjautuminen"`},
		{"a need of one's own is text", "Tulostus", `"Input.Text","id":"need","label":"Missä tarvitset apua?","value":"Tulostus"`},
		{"something else turns the list into text", cards.Other, `"Input.Text","id":"need","label":"Missä tarvitset apua?","placeholder"`},
		{"no answer is a choice", "", `"value":"none"`},
	} {
		form := feedback(func(f *cards.FeedbackForm) { f.Values = map[string]string{"need": tt.value} })
		if got := string(form.Card(cards.Finnish).AppendJSON(nil)); !strings.Contains(got, tt.want) {
			t.Errorf("%s: no %s in\n%s", tt.name, tt.want, got)
		}
	}
	if need, other := cards.NeedValue("none"); need != "" || other {
		t.Errorf("no need reads as %q, %v", need, other)
	}
	if need, other := cards.NeedValue(" + "); need != "" || !other {
		t.Errorf("typing one's own reads as %q, %v", need, other)
	}
}

// An address that a card may not lead to is left out, whoever wrote it.
func TestSessionLinks(t *testing.T) {
	bad := []string{"javascript:alert(1)", "https://user:secret@example.fi", "file:///etc/passwd", "https://a b", "mailto:a@example.fi", "https://x/)[y](javascript:1"}
	got := string(session(func(s *cards.Session) { s.Links, s.CalendarURL = bad, bad[0] }).Card(cards.Finnish).AppendJSON(nil))
	if strings.Contains(got, "](") || strings.Contains(got, "Aineisto") {
		t.Errorf("a bad address is a link: %s", got)
	}
}
