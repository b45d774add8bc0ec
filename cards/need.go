package cards

import (
	"time"

	"vuosikello/store"
)

// Need is a communication need as the working group sees it. Its actions carry [VerbNeedAccept] and [VerbNeedDecline]
// (input "comment") with the need's id.
type Need struct {
	ID         int64
	Text       string
	AskedBy    Person
	At         time.Time // when it was asked; this and the other times are in the organisation's time zone
	State      store.NeedState
	DecidedBy  string
	DecidedAt  time.Time
	Comment    string
	EntryTitle string // of the draft entry that it became
	Today      store.Date
}

// needMarks are the symbol and the colour of what became of a need, which come in addition to its words.
var needMarks = map[store.NeedState][2]string{
	store.NeedAccepted:  {"✓ ", colorGood},
	store.NeedDeclined:  {"× ", ""},
	store.NeedDone:      {"✓ ", colorGood},
	store.NeedPostponed: {"→ ", colorWarning},
	store.NeedDropped:   {"– ", ""},
}

// showNeed is how much of a need its title shows, in characters.
const showNeed = 100

// Card builds the card.
func (n Need) Card(l Lang) Card {
	kind := l.T("need.kind") + " · " + l.T("need.state."+string(n.State))
	title := clip(n.Text, showNeed)
	c := Card{Summary: kind + ": " + Clean(title), Body: header(kind, title)}
	open := n.State == store.NeedOpen || n.State == store.NeedPostponed
	if mark, is := needMarks[n.State]; is {
		c.Body = append(c.Body, TextBlock{Text: Text(mark[0] + l.T("need.is."+string(n.State))), Color: mark[1], Weight: weightBolder, Spacing: spacingSmall})
		if who := l.name(n.DecidedBy, showName); who != "" && !n.DecidedAt.IsZero() {
			c.Body = append(c.Body, note(l.T("decided.by", "who", who, "when", l.DateTime(n.DecidedAt, n.Today))))
		}
		c.Body = append(c.Body, quote(l, n.Comment)...)
	}
	if open {
		c.Body = append(c.Body, paragraph(l.T("need.ask")))
	}
	if text := clipLines(n.Text, store.MaxNeed); text != title {
		c.Body = append(c.Body, n.text(l, text)...)
	}
	var f facts
	f.add(l.T("fact.asker"), l.name(n.AskedBy.Name, showName))
	if !n.At.IsZero() {
		f.add(l.T("fact.asked"), l.DateTime(n.At, n.Today))
	}
	f.add(l.T("fact.entry"), clip(n.EntryTitle, 2*showName))
	c.Body = append(c.Body, FactSet{Facts: f, Spacing: spacingMedium})
	if open {
		c.Actions = []Action{
			Execute{Title: l.T("need.accept_button"), Style: stylePositive, Data: Data{Verb: VerbNeedAccept, Need: n.ID}, Alone: true},
			refuse(l.T("need.decline_button"), l.T("field.comment_decline"), l.T("need.reason_missing"), Data{Verb: VerbNeedDecline, Need: n.ID}),
		}
	}
	return c
}

// text is the whole need when its title does not hold it: the beginning, and the rest behind a button.
func (n Need) text(l Lang, text string) []Element {
	begin, cut := excerpt(text)
	if !cut {
		return []Element{TextBlock{Text: Text(text), Spacing: spacingMedium}}
	}
	return append([]Element{
		Container{ID: "short", Items: []Element{TextBlock{Text: Text(begin), Spacing: spacingMedium}}},
		Container{ID: "full", Hidden: true, Items: []Element{TextBlock{Text: Text(text), Spacing: spacingMedium}}},
	}, switches(l, l.T("common.show_text"))...)
}
