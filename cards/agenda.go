package cards

import (
	"slices"
	"time"

	"vuosikello/store"
)

// AgendaKind is what an item of an agenda is.
type AgendaKind string

// The kinds of items, in the order in which an agenda has them.
const (
	AgendaNeed     AgendaKind = "need"
	AgendaApproval AgendaKind = "approval" // passed to the meeting
	AgendaContent  AgendaKind = "content"  // waits for a decision
	AgendaEntry    AgendaKind = "entry"
	AgendaDecision AgendaKind = "decision" // made since the last meeting
)

var agendaKinds = []AgendaKind{AgendaNeed, AgendaApproval, AgendaContent, AgendaEntry, AgendaDecision}

// Agenda is what a meeting has to deal with. Its form has the inputs item, outcome and comment; it is sent with
// [VerbMeetingOutcome], the kind of meeting and its date.
type Agenda struct {
	Kind     store.BindingKind // store.WorkingGroup or store.Management
	Date     store.Date        // zero: no meetings are known
	Time     store.TimeOfDay
	Items    []AgendaItem // in any order of kinds
	Outcomes []string     // that can be written: approved, returned, done, postponed, dropped; none: nothing can
	Saved    string       // a sentence about what was just written, "" for none
	Today    store.Date
}

// AgendaItem is one item of an agenda.
type AgendaItem struct {
	ID      string // value of the input item; "" when no outcome can be written
	Kind    AgendaKind
	Title   string
	Detail  string // what else to know, a phrase in the reader's language
	Outcome string // what was written, "" for nothing
	Comment string
}

// Card builds the card.
func (a Agenda) Card(l Lang) Card {
	kind := l.T("agenda.kind") + " · " + l.Word("binding."+string(a.Kind))
	title := l.T("agenda.no_meeting")
	if a.Date != 0 {
		title = l.T("agenda.title", "when", l.T("date.at", "date", l.Date(a.Date, a.Today), "time", l.Time(a.Time)), "in", l.Relative(a.Date, a.Today))
	}
	c := Card{Summary: l.T("agenda.kind") + ": " + title, Body: header(kind, title)}
	if a.Saved != "" {
		c.Body = append(c.Body, TextBlock{Text: Text("✓ " + clip(a.Saved, showText)), Color: colorGood, Spacing: spacingSmall})
	}
	if a.Date == 0 {
		c.Body = append(c.Body, paragraph(l.T("agenda.no_meeting_text")))
	}
	items := slices.Clone(a.Items)
	slices.SortStableFunc(items, func(x, y AgendaItem) int {
		return slices.Index(agendaKinds, x.Kind) - slices.Index(agendaKinds, y.Kind)
	})
	if len(items) == 0 {
		c.Body = append(c.Body, paragraph(l.T("agenda.empty")))
	}
	c.Body = append(c.Body, fold(l, len(items), func(i int) row {
		it := items[i]
		return row{l.T("agenda.heading." + string(it.Kind)), Text(it.first()), Text(it.second(l))}
	})...)
	if form := a.form(l, items); form.Title != "" {
		c.Actions = []Action{form}
	}
	return c
}

func (it AgendaItem) first() string {
	title := clip(it.Title, showRow)
	switch it.Outcome {
	case "":
		return title
	case "approved", "done":
		return "✓ " + title
	}
	return "– " + title
}

func (it AgendaItem) second(l Lang) string {
	text := l.name(it.Detail, showRow)
	if it.Outcome != "" {
		text = dotted(l.T("outcome."+it.Outcome), text)
	}
	if comment := clip(it.Comment, showRow); comment != "" {
		text = dotted(text, l.T("common.quote", "text", comment))
	}
	return text
}

// maxAgendaChoices bounds the list of items in the form.
const maxAgendaChoices = 40

// form is where an outcome is written, one item at a time; without a title when nothing can be written.
func (a Agenda) form(l Lang, items []AgendaItem) ShowCard {
	var choices, outcomes []Choice
	for _, it := range items {
		if it.ID != "" && len(choices) < maxAgendaChoices {
			title := l.T("agenda.item."+string(it.Kind)) + ": " + clip(it.Title, showChoice)
			choices = append(choices, Choice{Clean(title), clip(it.ID, showName)})
		}
	}
	for _, o := range a.Outcomes {
		outcomes = append(outcomes, Choice{upperFirst(l.T("outcome." + o)), o})
	}
	if len(choices) == 0 || len(outcomes) == 0 {
		return ShowCard{}
	}
	return ShowCard{
		Title: l.T("agenda.write"),
		Body: []Element{
			inputChoice{field: field{id: "item", label: l.T("agenda.item"), required: l.T("agenda.item_required")}, choices: choices},
			inputChoice{field: field{id: "outcome", label: l.T("agenda.outcome"), required: l.T("agenda.outcome_required")}, choices: outcomes},
			inputText{field: field{id: "comment", label: l.T("field.comment")}, multiline: true, max: maxComment},
		},
		Actions: []Action{Execute{
			Title: l.T("form.save"), Style: stylePositive,
			Data: Data{Verb: VerbMeetingOutcome, Meeting: string(a.Kind), Date: a.Date.String()},
		}},
	}
}

// MeetingOutcome asks, after a management meeting, what it decided on a request that was passed to it. Its actions carry
// [VerbMeetingOutcome] with the content, its version, the meeting, its date, the item and the outcome (approved, or
// returned with the input "comment").
type MeetingOutcome struct {
	Content   string
	Version   int
	Item      string // as AgendaItem.ID
	Title     string
	Requester string
	Date      store.Date // of the meeting
	PublishAt time.Time  // zero: as soon as approved
	Approvers []Person   // who are asked, by a mention
	Decision  store.Decision
	DecidedBy string
	DecidedAt time.Time
	Comment   string
	Today     store.Date
}

// Card builds the card.
func (m MeetingOutcome) Card(l Lang) Card {
	title := clip(m.Title, showTitle)
	open := m.Decision.Open()
	state := l.T("outcome.open")
	if !open {
		state = l.decision(m.Decision)
	}
	kind := l.T("outcome.kind") + " · " + state
	c := Card{Summary: kind + ": " + Clean(title), Body: header(kind, title)}
	if open {
		text := Text(l.T("outcome.ask", "date", l.Date(m.Date, m.Today)))
		if who := c.mention(m.Approvers, l); who != "" {
			text += " " + who
		}
		c.Body = append(c.Body, TextBlock{Text: text, Spacing: spacingSmall})
	} else {
		c.Body = append(c.Body, decided{m.Decision, m.DecidedBy, m.DecidedAt, m.Comment, m.Today}.elements(l)...)
	}
	var f facts
	when := l.T("approval.at_once")
	if !m.PublishAt.IsZero() {
		when = l.DateTime(m.PublishAt, m.Today)
	}
	f.add(l.T("fact.publish"), when)
	f.add(l.T("fact.requester"), l.name(m.Requester, showName))
	c.Body = append(c.Body, FactSet{Facts: f, Spacing: spacingMedium})
	if open {
		data := func(outcome string) Data {
			return Data{Verb: VerbMeetingOutcome, Content: m.Content, Version: m.Version, Meeting: string(store.Management),
				Date: m.Date.String(), Item: m.Item, Outcome: outcome}
		}
		c.Actions = []Action{
			Execute{Title: l.T("outcome.was_approved"), Style: stylePositive, Data: data("approved"), Alone: true},
			refuse(l.T("outcome.was_returned"), l.T("field.comment_return"), l.T("error.comment_missing"), data("returned")),
		}
	}
	return c
}
