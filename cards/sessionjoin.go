package cards

import (
	"time"

	"vuosikello/store"
)

// SessionJoin is a person's own answer to Join: the one card that has the meeting's link. After the session's end it has
// the material alone.
type SessionJoin struct {
	Session int64
	Title   string
	Start   time.Time // in the organisation's time zone
	Minutes int
	JoinURL string   // "" when the session is over
	Links   []string // guidance and material: web addresses
	Today   store.Date
}

// Card builds the card.
func (s SessionJoin) Card(l Lang) Card {
	title := clip(s.Title, showTitle)
	open := isWebAddress(s.JoinURL)
	state, text := "session.joining", "session.join_text"
	if !open {
		state, text = "status.over", "session.join_over_links"
	}
	kind := l.T("session.kind") + " · " + l.T(state)
	c := Card{Summary: kind + ": " + Clean(title), Body: header(kind, title)}
	c.Body = append(c.Body,
		paragraph(l.T(text)),
		FactSet{Facts: []Fact{{l.T("fact.when"), Text(l.span(s.Start, s.Minutes, s.Today))}}, Spacing: spacingMedium})
	c.Body = append(c.Body, materials(l, s.Links)...)
	if open {
		c.Actions = []Action{OpenURL{Title: l.T("session.open_meeting"), URL: s.JoinURL}}
	}
	return c
}

// SessionSignedUp is a person's own confirmation of having signed up for a session, or of having cancelled that. Its
// actions carry [VerbJoin], and [VerbSignOff] or [VerbSignUp], with the session.
type SessionSignedUp struct {
	Session     int64
	Title       string
	Start       time.Time // in the organisation's time zone
	Minutes     int
	Cancelled   bool   // the sign-up was cancelled
	CalendarURL string // the session as .ics, "" for none
	Today       store.Date
}

// Card builds the card. It takes the place of the post for that person, so it has what they need of it: the way in too.
func (s SessionSignedUp) Card(l Lang) Card {
	title := clip(s.Title, showTitle)
	state, symbol, color := "session.signed_up", "✓ ", colorGood
	if s.Cancelled {
		state, symbol, color = "session.signed_off", "× ", ""
	}
	c := Card{Summary: l.T(state) + " " + Clean(title), Body: header(l.T("session.kind"), title)}
	c.Body = append(c.Body,
		TextBlock{Text: Text(symbol + l.T(state)), Color: color, Weight: weightBolder, Spacing: spacingSmall},
		paragraph(l.T("session.join_from", "when", l.DateTime(joinOpens(s.Start), s.Today))),
		FactSet{Facts: []Fact{{l.T("fact.when"), Text(l.span(s.Start, s.Minutes, s.Today))}}, Spacing: spacingMedium})
	button := func(key, verb string) Action {
		return Execute{Title: l.T(key), Data: Data{Verb: verb, Session: s.Session}, Alone: true}
	}
	if s.Cancelled {
		c.Actions = []Action{button("session.sign_up", VerbSignUp), button("session.join", VerbJoin)}
		return c
	}
	if isWebAddress(s.CalendarURL) {
		c.Actions = append(c.Actions, OpenURL{Title: l.T("session.calendar"), URL: s.CalendarURL})
	}
	c.Actions = append(c.Actions, button("session.join", VerbJoin), button("session.sign_off", VerbSignOff))
	return c
}
