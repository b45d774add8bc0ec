package cards

import (
	"net/url"
	"strings"
	"time"

	"vuosikello/store"
)

// SessionKind is which of a session's posts a card is.
type SessionKind int

// The posts of a session in its audiences' channels.
const (
	SessionInvitation SessionKind = iota
	SessionSoon                   // the reminder 15 minutes before, from when on people can join
)

// Session is a digi-quarter as its audiences' channels show it: the invitation or the reminder. It never has the meeting's
// link, which only a person's own [SessionJoin] has. Its actions carry [VerbSignUp], [VerbSignOff] and [VerbJoin] with the
// session and its version. It says no "in 7 days": the post stands for days without being updated.
type Session struct {
	Session     int64
	Version     int
	Kind        SessionKind
	Title       string
	Start       time.Time // in the organisation's time zone
	Minutes     int
	Host        Person
	Audiences   []string
	Links       []string // guidance and material: web addresses
	SignedUp    int
	CalledOff   bool
	Moved       bool   // the time is another than the one first posted
	HasLink     bool   // it is known where the session takes place; else the card says that the link comes later
	OwnLink     bool   // it takes place behind a link of the host's own
	CalendarURL string // the session as .ics, "" for none
	Late        bool   // the post comes after its time
	Over        bool
	Gone        bool // the session is not for this channel's audience any more
	Today       store.Date
}

// Card builds the card.
func (s Session) Card(l Lang) Card {
	title := clip(s.Title, showTitle)
	c := Card{Summary: s.summary(l) + ": " + Clean(title), Body: header(s.kind(l), title)}
	open := !s.CalledOff && !s.Over && !s.Gone
	switch {
	case s.CalledOff:
		c.Body = append(c.Body, TextBlock{Text: Text("× " + l.T("session.is_called_off")), Weight: weightBolder, Spacing: spacingSmall})
	case s.Over:
		c.Body = append(c.Body, TextBlock{Text: Text("– " + l.T("session.is_over")), Weight: weightBolder, Spacing: spacingSmall})
	case s.Gone:
		c.Body = append(c.Body, paragraph("→ "+l.T("session.gone_text")))
	default:
		if s.Moved {
			c.Body = append(c.Body, TextBlock{Text: Text("→ " + l.T("session.is_moved")), Color: colorWarning, Weight: weightBolder, Spacing: spacingSmall})
		}
		c.Body = append(c.Body, paragraph(s.ask(l)))
	}
	var f facts
	f.add(l.T("fact.when"), l.span(s.Start, s.Minutes, s.Today))
	f.add(l.T("fact.audience"), l.join(s.Audiences, showNames))
	f.add(l.T("fact.host"), l.name(s.Host.Name, showName))
	if s.SignedUp > 0 && open {
		f.add(l.T("fact.signed_up"), l.T("session.people", "n", s.SignedUp))
	}
	c.Body = append(c.Body, FactSet{Facts: f, Spacing: spacingMedium})
	if !s.CalledOff {
		c.Body = append(c.Body, materials(l, s.Links)...)
	}
	if !open {
		return c
	}
	switch {
	case !s.HasLink:
		c.Body = append(c.Body, note(l.T("session.link_later")))
	case s.OwnLink:
		c.Body = append(c.Body, note(l.T("session.link_own")))
	}
	if link := webLink(l.T("session.calendar"), s.CalendarURL); link != "" {
		c.Body = append(c.Body, TextBlock{Text: link, Spacing: spacingSmall})
	}
	c.Actions = s.buttons(l)
	return c
}

// soon reports whether people can join now. The reminder of a session that was moved since invites to the new time.
func (s Session) soon() bool { return s.Kind == SessionSoon && !s.Moved }

func (s Session) summary(l Lang) string {
	switch {
	case s.CalledOff, s.Over, s.Gone, s.Moved:
		return s.kind(l)
	case s.soon():
		return l.T("session.soon_summary", "time", l.clock(s.Start))
	}
	return l.T("session.kind") + " " + l.DateTime(s.Start, s.Today)
}

// kind is the small first line: "Digivartti · kutsu · myöhässä".
func (s Session) kind(l Lang) string {
	kind := l.T("session.kind") + " · "
	switch {
	case s.CalledOff:
		return kind + l.T("status.cancelled")
	case s.Over:
		return kind + l.T("status.over")
	case s.Gone:
		return kind + l.T("session.gone")
	case s.Moved:
		kind += l.T("session.moved")
	case s.soon():
		kind += l.T("session.soon", "time", l.clock(s.Start))
	default:
		kind += l.T("session.invitation")
	}
	if s.Late {
		kind += " · " + l.T("reminder.late")
	}
	return kind
}

func (s Session) ask(l Lang) string {
	if s.soon() {
		return l.T("session.ask_soon")
	}
	return l.T("session.ask", "time", l.clock(joinOpens(s.Start)))
}

// buttons have the wanted one first: before the day, signing up; then joining.
func (s Session) buttons(l Lang) []Action {
	button := func(key, verb, style string) Action {
		return Execute{Title: l.T(key), Style: style, Data: Data{Verb: verb, Session: s.Session, Version: s.Version}, Alone: true}
	}
	if s.soon() {
		return []Action{
			button("session.join", VerbJoin, stylePositive),
			button("session.sign_up", VerbSignUp, ""),
			button("session.sign_off", VerbSignOff, ""),
		}
	}
	return []Action{
		button("session.sign_up", VerbSignUp, stylePositive),
		button("session.sign_off", VerbSignOff, ""),
		button("session.join", VerbJoin, ""),
	}
}

// joinOpens returns from when on people can join a session that begins at start.
func joinOpens(start time.Time) time.Time { return (&store.Session{Start: start}).JoinOpens() }

// clock writes the time of day of an instant, in its own location: "14.00".
func (l Lang) clock(t time.Time) string { return l.Time(store.TimeOfDay(t.Hour()*60 + t.Minute())) }

// span writes when a session is, in its start's location: "ti 24.11. klo 14.00–14.15".
func (l Lang) span(start time.Time, minutes int, today store.Date) string {
	end := start.Add(time.Duration(minutes) * time.Minute)
	if store.DateOf(end) != store.DateOf(start) {
		return l.DateTime(start, today) + " – " + l.DateTime(end, today)
	}
	return l.DateTime(start, today) + "–" + l.clock(end)
}

// materials is a session's guidance and material as links, nothing without any.
func materials(l Lang, links []string) []Element {
	var list []Element
	for _, address := range links {
		link := webLink(addressWords(address), address)
		if link == "" || len(list) == store.MaxSessionLinks {
			continue
		}
		list = append(list, TextBlock{Text: link, Spacing: spacingSmall})
	}
	if len(list) == 0 {
		return nil
	}
	return append([]Element{subheading(l.T("session.materials"))}, list...)
}

// webLink is a link with its words, "" when the address is not one that a card may lead to.
func webLink(words, address string) Markdown {
	address, ok := linkAddress(address)
	if words = clip(words, showName); !ok || words == "" || !isWebAddress(address) {
		return ""
	}
	return "[" + Text(words) + "](" + Markdown(address) + ")"
}

// addressWords is an address as people read it, without what every address has: "intra.example.fi/ohje".
func addressWords(address string) string {
	words := address
	if plain, err := url.PathUnescape(address); err == nil && !strings.ContainsAny(plain, "[]") {
		words = plain
	}
	if _, rest, ok := strings.Cut(words, "://"); ok {
		words = rest
	}
	return strings.TrimSuffix(strings.TrimPrefix(words, "www."), "/")
}
