package cards

import (
	"time"

	"vuosikello/store"
)

// Sessions is the list of coming sessions, with the catalogue of topics that one can be held on. Its actions carry
// [VerbSignUp], [VerbSignOff], [VerbJoin] and [VerbSessionEdit] with a session, [VerbSessionEdit] with a topic, and
// [VerbSessionNeeds] without inputs, which opens the form of needs.
type Sessions struct {
	Items  []SessionItem // in order of start
	Topics []store.Topic // of one type, and of one segment, after the other
	Stats  []SessionStat // of one kind after the other; none for those who are not digimentors
	CanAdd bool          // the reader is a digimentor
	Today  store.Date
}

// SessionItem is one session of the list.
type SessionItem struct {
	Session  int64
	Title    string
	Start    time.Time // in the organisation's time zone
	Minutes  int
	SignedUp int
	Mine     bool // the reader has signed up
	CanJoin  bool // it is time to join
	CanEdit  bool // the reader can change it or call it off
}

// StatKind is what sessions are counted by.
type StatKind string

// The kinds of counts.
const (
	StatTopic   StatKind = "topic"
	StatSeries  StatKind = "series"
	StatSegment StatKind = "segment"
	StatMonth   StatKind = "month"
)

// SessionStat is how many sessions were held, and how many people came to them.
type SessionStat struct {
	Kind     StatKind
	Label    string
	Sessions int
	People   int // named ones
}

// Limits on what the list holds, so that the card stays under [MaxBytes].
const (
	maxSessions = 10
	maxStats    = 24
)

// Card builds the card.
func (s Sessions) Card(l Lang) Card {
	title := l.T("sessions.empty")
	if n := len(s.Items); n > 0 {
		title = l.T("sessions.title", "n", n)
	}
	kind := l.T("sessions.kind")
	c := Card{Summary: kind + ": " + title, Body: header(kind, title)}
	for _, it := range s.Items[:min(len(s.Items), rowsInSight)] {
		c.Body = append(c.Body, it.container(l, s.Today))
	}
	if n := len(s.Items); n > rowsInSight {
		shown := min(n, maxSessions)
		var rest []Element
		for _, it := range s.Items[rowsInSight:shown] {
			rest = append(rest, it.container(l, s.Today))
		}
		if n > shown {
			rest = append(rest, note(l.T("common.others", "n", n-shown)))
		}
		c.Body = append(c.Body, unfold("sessions", l.T("sessions.rest", "n", n-rowsInSight), rest)...)
	}
	c.Body = append(c.Body, topics{s.Topics, s.CanAdd}.elements(l)...)
	c.Body = append(c.Body, s.stats(l)...)
	if s.CanAdd {
		c.Actions = []Action{
			commandButton(l, "session"),
			commandButton(l, "attendance"),
			Execute{Title: l.T("sessions.needs"), Data: Data{Verb: VerbSessionNeeds}, Alone: true},
		}
	}
	return c
}

// container is a session with its buttons: the wanted one first.
func (it SessionItem) container(l Lang, today store.Date) Element {
	second := l.span(it.Start, it.Minutes, today)
	if it.SignedUp > 0 {
		second = dotted(second, l.T("sessions.signed_up", "n", it.SignedUp))
	}
	title := clip(it.Title, showName)
	if it.Mine {
		title = "✓ " + title
		second = dotted(second, l.T("sessions.mine"))
	}
	var buttons []Action
	button := func(key, verb, style string) {
		buttons = append(buttons, Execute{Title: l.T(key), Style: style, Data: Data{Verb: verb, Session: it.Session}, Alone: true})
	}
	if it.CanJoin {
		button("session.join", VerbJoin, stylePositive)
	}
	if it.Mine {
		button("session.sign_off", VerbSignOff, "")
	} else {
		button("session.sign_up", VerbSignUp, "")
	}
	if it.CanEdit {
		button("common.edit", VerbSessionEdit, "")
	}
	return Container{Spacing: spacingMedium, Separator: true, Items: []Element{
		TextBlock{Text: Text(title), Weight: weightBolder},
		TextBlock{Text: Text(second), Size: sizeSmall, Subtle: true, Spacing: spacingNone},
		ActionSet{Actions: buttons, Spacing: spacingSmall},
	}}
}

// unfold hides elements behind a button, which goes when it is pressed.
func unfold(id, title string, hidden []Element) []Element {
	button := id + "Show"
	return []Element{
		ActionSet{ID: button, Actions: []Action{ToggleVisibility{Title: title, Targets: []string{id, button}}}},
		Container{ID: id, Hidden: true, Items: hidden},
	}
}

// stats is how many people came, behind a button.
func (s Sessions) stats(l Lang) []Element {
	if len(s.Stats) == 0 {
		return nil
	}
	rows, shown := foldRows(0, min(len(s.Stats), maxStats), func(i int) row {
		st := s.Stats[i]
		counts := l.T("sessions.held", "n", st.Sessions) + " · " + l.T("sessions.came", "n", st.People)
		return row{l.T("sessions.by." + string(st.Kind)), Text(clip(st.Label, showName)), Text(counts)}
	})
	if rest := len(s.Stats) - shown; rest > 0 {
		rows = append(rows, note(l.T("common.others", "n", rest)))
	}
	return unfold("stats", l.T("sessions.stats"), rows)
}
