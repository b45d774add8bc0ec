package cards

import (
	"time"

	"vuosikello/store"
)

// SessionSaved confirms to a digimentor that a session, or a series of them, was stored or called off, and shows it. Its
// actions carry [VerbSessionEdit] and [VerbSessionCallOff] with the session and its version.
type SessionSaved struct {
	Session   int64 // the first one of a series
	Version   int
	Title     string
	Starts    []time.Time // of every session that was stored, the first one first; in the organisation's time zone
	Minutes   int
	Audiences []string
	Outside   []string // the audiences that no channel is bound to
	Host      string
	HasLink   bool     // it is known where the session takes place
	OwnLink   bool     // it takes place behind a link of the host's own
	Wanted    bool     // a Teams meeting is being made
	Why       string   // why there is no meeting, a sentence, "" for nothing to say
	Warnings  []string // sentences
	New       bool
	CalledOff bool
	Following int // sessions of its series that come after it
	Today     store.Date
	CanEdit   bool
}

// Card builds the card.
func (s SessionSaved) Card(l Lang) Card {
	title := clip(s.Title, showTitle)
	state, symbol, text, color := "session.state_saved", "✓ ", l.T("session.saved"), colorGood
	switch {
	case s.CalledOff:
		state, symbol, text, color = "status.cancelled", "× ", l.T("session.saved_called_off"), ""
	case s.New && len(s.Starts) > 1:
		state, text = "session.state_new", l.T("session.saved_series", "n", len(s.Starts))
	case s.New:
		state = "session.state_new"
	}
	kind := l.T("session.kind") + " · " + l.T(state)
	c := Card{Summary: kind + ": " + Clean(title), Body: header(kind, title)}
	c.Body = append(c.Body, TextBlock{Text: Text(symbol + text), Color: color, Spacing: spacingSmall})
	for _, w := range s.Warnings[:min(len(s.Warnings), maxWarnings)] {
		c.Body = append(c.Body, TextBlock{Text: Text("△ " + clip(w, showText)), Color: colorWarning, Spacing: spacingSmall})
	}
	if why := clip(s.Why, showText); why != "" && !s.CalledOff {
		c.Body = append(c.Body, TextBlock{Text: Text("△ " + why), Color: colorWarning, Spacing: spacingSmall})
	}
	c.Body = append(c.Body, FactSet{Facts: s.facts(l), Spacing: spacingMedium})
	if s.CalledOff {
		return c
	}
	switch {
	case !s.New:
		c.Body = append(c.Body, note(l.T("session.updates")))
	case len(s.Outside) < len(s.Audiences):
		c.Body = append(c.Body, note(l.T("session.invites")))
	}
	if len(s.Outside) > 0 {
		c.Body = append(c.Body, note(l.T("session.outside", "n", len(s.Outside), "names", l.join(s.Outside, showNames))))
	}
	if !s.CanEdit || len(s.Starts) == 0 {
		return c
	}
	if len(s.Starts) > 1 {
		c.Body = append(c.Body, note(l.T("session.series_first", "command", l.Word("command.sessions"))))
	}
	ask := l.T("session.call_off_ask", "when", l.DateTime(s.Starts[0], s.Today))
	if !s.OwnLink && (s.HasLink || s.Wanted) {
		ask += " " + l.T("session.call_off_meeting")
	}
	data := func(verb string) Data { return Data{Verb: verb, Session: s.Session, Version: s.Version} }
	c.Actions = []Action{
		Execute{Title: l.T("common.edit"), Data: data(VerbSessionEdit), Alone: true},
		confirm(l.T("session.call_off"), ask, l.T("session.call_off_yes"), data(VerbSessionCallOff)),
	}
	if s.Following > 0 {
		all := data(VerbSessionCallOff)
		all.Following = true
		c.Actions[1] = ShowCard{Title: l.T("session.call_off"), Style: styleDestructive, Body: []Element{paragraph(ask)}, Actions: []Action{
			Execute{Title: l.T("session.call_off_this"), Style: styleDestructive, Data: data(VerbSessionCallOff), Alone: true},
			Execute{Title: l.T("session.call_off_following", "n", s.Following), Style: styleDestructive, Data: all, Alone: true},
		}}
	}
	return c
}

func (s SessionSaved) facts(l Lang) []Fact {
	var f facts
	if len(s.Starts) > 0 {
		f.add(l.T("fact.when"), l.span(s.Starts[0], s.Minutes, s.Today))
	}
	if len(s.Starts) > 1 {
		days := make([]string, len(s.Starts)-1)
		for i, t := range s.Starts[1:] {
			days[i] = l.Date(store.DateOf(t), s.Today)
		}
		f.add(l.T("fact.later"), l.join(days, showNames))
	}
	f.add(l.T("fact.audience"), l.join(s.Audiences, showNames))
	f.add(l.T("fact.host"), l.name(s.Host, showName))
	if !s.CalledOff {
		f.add(l.T("fact.meeting"), s.meeting(l))
	}
	return f
}

func (s SessionSaved) meeting(l Lang) string {
	switch {
	case s.OwnLink:
		return l.T("session.meeting_own")
	case s.HasLink:
		return l.T("session.meeting_made")
	case s.Wanted:
		return l.T("session.meeting_wanted")
	}
	return l.T("session.meeting_none")
}
