package cards

import (
	"strings"

	"vuosikello/store"
)

// EntrySaved confirms that an entry was stored, and shows it.
type EntrySaved struct {
	Entry       store.Entry
	New         bool
	Unchanged   bool               // what was sent is what the clock holds already
	Occurrences []store.Occurrence // those ahead, the nearest first
	Reminders   []store.Date       // days on which reminders go out, the nearest first
	Warnings    []string           // sentences
	Today       store.Date
	CanEdit     bool
}

// Card builds the card.
func (s EntrySaved) Card(l Lang) Card {
	kind, text, color := l.T("saved.kind_changed"), l.T("saved.text"), colorGood
	switch {
	case s.Unchanged:
		kind, text, color = l.T("saved.kind_unchanged"), l.T("saved.text_unchanged"), ""
	case s.New:
		kind = l.T("saved.kind_new")
	}
	title := clip(s.Entry.Title, showTitle)
	c := Card{Summary: kind + ": " + Clean(title), Body: header(kind, title)}
	c.Body = append(c.Body, TextBlock{Text: Text(text), Color: color, Spacing: spacingSmall})
	for _, w := range s.Warnings[:min(len(s.Warnings), maxWarnings)] {
		c.Body = append(c.Body, TextBlock{Text: Text("△ " + clip(w, showText)), Color: colorWarning, Spacing: spacingSmall})
	}
	c.Body = append(c.Body, FactSet{Facts: s.facts(l), Spacing: spacingMedium})
	if s.CanEdit {
		data := func(verb string) Data { return Data{Verb: verb, Entry: s.Entry.ID, Version: s.Entry.Version} }
		c.Actions = []Action{
			Execute{Title: l.T("saved.edit"), Data: data(VerbEntryEdit), Alone: true},
			ShowCard{
				Title:   l.T("saved.remove"),
				Style:   styleDestructive,
				Body:    []Element{paragraph(l.T("saved.remove_ask"))},
				Actions: []Action{Execute{Title: l.T("saved.remove_yes"), Style: styleDestructive, Data: data(VerbEntryRemove), Alone: true}},
			},
		}
	}
	return c
}

// maxWarnings are more than an entry can have today.
const maxWarnings = 5

func (s EntrySaved) facts(l Lang) []Fact {
	var f facts
	f.add(l.T("fact.when"), s.when(l))
	f.add(l.T("fact.campaign"), clip(s.Entry.Campaign, showName))
	f.add(l.T("fact.audience"), l.join(s.Entry.Audiences, showNames))
	f.add(l.T("fact.channels"), l.join(s.Entry.Channels, showNames))
	f.add(l.T("fact.owner"), clip(s.Entry.Owner, showName))
	days := make([]string, len(s.Reminders))
	for i, d := range s.Reminders {
		days[i] = l.Date(d, s.Today)
	}
	reminders := l.join(days, showNames)
	if reminders == "" {
		reminders = l.T("saved.no_reminders")
	}
	f.add(l.T("fact.reminders"), reminders)
	return f
}

func (s EntrySaved) when(l Lang) string {
	if len(s.Occurrences) == 0 {
		if s.Entry.Recurring() {
			return l.T("saved.over")
		}
		return l.RangeIn(s.Entry.Start, s.Entry.End, s.Today)
	}
	o := s.Occurrences[0]
	next := l.RangeIn(o.Start, o.End, s.Today) + l.holiday(o.Holiday)
	if s.Entry.Recurring() {
		return l.T("saved.series", "n", len(s.Occurrences), "next", next)
	}
	return next
}

// EntryRemoved confirms that an entry was removed from the clock.
type EntryRemoved struct {
	Title string
	By    string
}

// Card builds the card.
func (r EntryRemoved) Card(l Lang) Card {
	title := clip(r.Title, showTitle)
	c := Card{Summary: l.T("removed.kind") + ": " + Clean(title), Body: header(l.T("removed.kind"), title)}
	c.Body = append(c.Body, paragraph("× "+l.T("removed.text")))
	if by := l.name(r.By, showName); strings.TrimSpace(by) != "" {
		c.Body = append(c.Body, note(l.T("removed.by", "who", by)))
	}
	return c
}
