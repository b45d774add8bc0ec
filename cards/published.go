package cards

import (
	"time"

	"vuosikello/store"
)

// Published is the card of those who published something: where it went and how many acknowledged it. Its actions carry
// [VerbCorrect], [VerbWithdrawPublication] and [VerbRemindPublication] with the content and its version.
type Published struct {
	Content        string
	Version        int
	Title          string
	Channels       []PublishedChannel
	Members        int // people in those channels
	Acks           int
	Unacknowledged int       // members who have not acknowledged it: whom a reminder goes to
	At             time.Time // when it was published; this and the other times are in the organisation's time zone
	Reminded       time.Time // when those who had not acknowledged were reminded, zero for never: it is done once
	Withdrawn      time.Time // zero for never
	CanEdit        bool
	Today          store.Date
}

// PublishedChannel is a channel that a publication was sent to.
type PublishedChannel struct {
	Name   string
	State  store.PostState
	Reason string // why it failed, a sentence
}

// maxPublished is how many channels the card names, those that failed first.
const maxPublished = 12

// Card builds the card.
func (p Published) Card(l Lang) Card {
	title := clip(p.Title, showTitle)
	state, symbol, text, color := l.T("published.state"), "✓ ", l.T("published.text"), colorGood
	failed, sent := p.split()
	switch {
	case !p.Withdrawn.IsZero():
		state, symbol, color = l.T("publication.withdrawn"), "× ", ""
		text = l.T("published.withdrawn", "when", l.DateTime(p.Withdrawn, p.Today))
	case len(failed) > 0:
		symbol, text, color = "△ ", l.T("published.failed", "n", len(failed)), colorWarning
	}
	c := Card{Summary: l.T("publication.kind") + " · " + state + ": " + Clean(title), Body: header(l.T("publication.kind")+" · "+state, title)}
	c.Body = append(c.Body, TextBlock{Text: Text(symbol + text), Color: color, Weight: weightBolder, Spacing: spacingSmall})
	var f facts
	if !p.At.IsZero() {
		f.add(l.T("fact.published"), l.DateTime(p.At, p.Today))
	}
	if p.Members > 0 {
		f.add(l.T("fact.reachable"), l.Number(p.Members))
	}
	f.add(l.T("fact.acknowledged"), l.Number(p.Acks))
	if !p.Reminded.IsZero() {
		f.add(l.T("fact.reminded"), l.DateTime(p.Reminded, p.Today))
	}
	c.Body = append(c.Body, FactSet{Facts: f, Spacing: spacingMedium})
	c.Body = append(c.Body, p.channels(l, append(failed, sent...))...)
	if p.CanEdit && p.Withdrawn.IsZero() {
		c.Actions = p.buttons(l)
	}
	return c
}

// split parts the channels that the publication did not reach from the others.
func (p Published) split() (failed, others []PublishedChannel) {
	for _, ch := range p.Channels {
		if ch.State == store.Failed || ch.State == store.Missed {
			failed = append(failed, ch)
		} else {
			others = append(others, ch)
		}
	}
	return failed, others
}

func (p Published) channels(l Lang, channels []PublishedChannel) []Element {
	if len(channels) == 0 {
		return nil
	}
	out := []Element{subheading(l.T("fact.channels"))}
	for _, ch := range channels[:min(len(channels), maxPublished)] {
		line := clip(ch.Name, showName) + " · " + l.T("post."+string(ch.State))
		if reason := clip(ch.Reason, showText/2); reason != "" {
			line += ": " + reason
		}
		out = append(out, paragraph(line))
	}
	if rest := len(channels) - maxPublished; rest > 0 {
		out = append(out, note(l.T("common.others", "n", rest)))
	}
	return out
}

func (p Published) buttons(l Lang) []Action {
	data := func(verb string) Data { return Data{Verb: verb, Content: p.Content, Version: p.Version} }
	buttons := []Action{Execute{Title: l.T("published.correct"), Data: data(VerbCorrect), Alone: true}}
	if p.Reminded.IsZero() && p.Unacknowledged > 0 {
		buttons = append(buttons, ShowCard{
			Title:   l.T("published.remind"),
			Body:    []Element{paragraph(l.T("published.remind_ask", "n", p.Unacknowledged))},
			Actions: []Action{Execute{Title: l.T("published.remind_yes"), Data: data(VerbRemindPublication), Alone: true}},
		})
	}
	return append(buttons, confirm(l.T("published.withdraw"), l.T("published.withdraw_ask"), l.T("published.withdraw_yes"), data(VerbWithdrawPublication)))
}
