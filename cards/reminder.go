package cards

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"vuosikello/store"
)

// ReminderStatus is what has become of a posted reminder.
type ReminderStatus int

// The statuses of a reminder. Only an open one has buttons.
const (
	ReminderOpen      ReminderStatus = iota
	ReminderDone                     // By marked it done At, with Link when one was given
	ReminderSnoozed                  // By postponed it At, Until that day
	ReminderMoved                    // the entry was moved to NewStart–NewEnd; new reminders will come
	ReminderRemoved                  // the entry was removed from the clock
	ReminderCancelled                // the entry was cancelled
)

// Reminder is the card that tells those who must act that an entry is coming. Its actions carry the verbs
// [VerbEntryDone] (input "link" when it is given), [VerbEntrySnooze] (input "days") and [VerbEntryContent], with the
// reminder and the entry's version.
type Reminder struct {
	ID         int64
	Entry      store.Entry
	Occurrence store.Occurrence
	Lead       int  // days before the occurrence
	Materials  bool // the materials must be ready by now
	Late       bool
	Snoozed    bool       // this card is a postponed one
	Today      store.Date // the day on which the card is posted or updated
	Owners     []Person   // whom the entry's owner resolves to; nobody: the owner is shown as written
	HasContent bool
	Digest     bool // the entry is a digest, which is drafted already
	// HasApproval means that content of the entry was approved: approval is no longer missing.
	HasApproval bool
	Outside     []string // the entry's audiences that no channel is bound to

	Status           ReminderStatus
	By               string
	At               time.Time  // in the organisation's time zone
	Link             string     // where the action can be seen, an https address, or ""
	Until            store.Date // when it is reminded of again
	NewStart, NewEnd store.Date // where it was moved
}

// Card builds the card.
func (r Reminder) Card(l Lang) Card {
	var c Card
	title := clip(r.Entry.Title, showTitle)
	c.Summary = l.T(r.kindKey()) + ": " + Clean(title) + ", " + l.RangeIn(r.Occurrence.Start, r.Occurrence.End, r.Today)
	if state := r.stateKey(); state != "" {
		c.Summary = upperFirst(l.T(state)) + ": " + Clean(title)
	}
	c.Body = header(r.kind(l), title)
	if r.Status == ReminderOpen {
		c.Body = append(c.Body, r.ask(l, &c))
		if r.Late {
			c.Body = append(c.Body, note(l.T("reminder.late_text")))
		}
	} else {
		c.Body = append(c.Body, r.outcome(l)...)
	}
	c.Body = append(c.Body, FactSet{Facts: r.facts(l), Spacing: spacingMedium})
	if r.Status == ReminderOpen {
		if len(r.Outside) > 0 {
			c.Body = append(c.Body, note(l.T("reminder.outside", "n", len(r.Outside), "names", l.join(r.Outside, showNames))))
		}
		c.Actions = r.buttons(l)
	} else if r.Status == ReminderDone && isWebAddress(r.Link) {
		c.Actions = []Action{OpenURL{Title: l.T("reminder.open_link"), URL: r.Link}}
	}
	return c
}

func (r Reminder) kindKey() string {
	if r.Materials {
		return "reminder.kind_materials"
	}
	return "reminder.kind"
}

// stateKey names what the reminder has become, "" while it is open.
func (r Reminder) stateKey() string {
	switch r.Status {
	case ReminderDone:
		return "status.done"
	case ReminderSnoozed:
		return "status.snoozed"
	case ReminderMoved:
		return "status.moved"
	case ReminderRemoved:
		return "status.removed"
	case ReminderCancelled:
		return "status.cancelled"
	}
	return ""
}

// kind is the small first line: "Muistutus · 14 päivän päästä · myöhässä".
func (r Reminder) kind(l Lang) string {
	kind := l.T(r.kindKey())
	if state := r.stateKey(); state != "" {
		return kind + " · " + l.T(state)
	}
	if r.Snoozed {
		kind += " " + l.T("reminder.again")
	}
	if r.running() {
		kind += " · " + l.T("date.running")
	} else {
		kind += " · " + l.Relative(r.Occurrence.Start, r.Today)
	}
	if r.Late {
		kind += " · " + l.T("reminder.late")
	}
	return kind
}

func (r Reminder) running() bool { return r.Occurrence.Start < r.Today && r.Occurrence.End >= r.Today }

// ask is the one sentence that says what is asked and of whom. It mentions the owners, so that Teams tells them.
func (r Reminder) ask(l Lang, c *Card) Element {
	key := "reminder.ask"
	switch {
	case r.Materials:
		key = "reminder.ask_materials"
	case r.Occurrence.Start == r.Today:
		key = "reminder.ask_today"
	case r.running():
		key = "reminder.ask_running"
	}
	due := r.Entry.Materials
	if due == 0 {
		due = r.Today
	}
	text := Text(l.T(key, "date", l.DateIn(due, r.Today)))
	if len(r.Owners) > 0 {
		who := c.mention(r.Owners, l)
		before, after, _ := strings.Cut(l.T("reminder.owner", "who", whoPlace), whoPlace)
		text += " " + Text(before) + who + Text(after)
	}
	return TextBlock{Text: text, Spacing: spacingSmall}
}

// maxMentions bounds a role with very many holders: Teams accepts no message with hundreds of mentions.
const maxMentions = 16

// whoPlace stands in a sentence where a mention comes; no catalogue text holds it.
const whoPlace = "\x00"

// outcome says what has become of the reminder, who did it and when.
func (r Reminder) outcome(l Lang) []Element {
	who, when := l.name(r.By, showName), ""
	if !r.At.IsZero() {
		when = l.DateTime(r.At, r.Today)
	}
	known := who != "" && when != ""
	var symbol, text, color string
	switch r.Status {
	case ReminderDone:
		symbol, color = "✓ ", colorGood
		if text = l.T("reminder.is_done"); known {
			text = l.T("reminder.is_done_by", "who", who, "when", when)
		}
	case ReminderSnoozed:
		symbol, text = "↻ ", l.T("reminder.is_snoozed", "until", l.DateIn(r.Until, r.Today))
	case ReminderMoved:
		symbol, color = "→ ", colorWarning
		text = l.T("reminder.is_moved", "until", l.RangeIn(r.NewStart, r.NewEnd, r.Today))
	case ReminderRemoved:
		symbol, text = "× ", l.T("reminder.is_removed")
	case ReminderCancelled:
		symbol, text = "× ", l.T("reminder.is_cancelled")
	}
	out := []Element{TextBlock{Text: Text(symbol + text), Color: color, Weight: weightBolder, Spacing: spacingSmall}}
	if !known {
		return out
	}
	switch r.Status {
	case ReminderSnoozed:
		out = append(out, note(l.T("reminder.snoozed_by", "who", who, "when", when)))
	case ReminderMoved, ReminderRemoved, ReminderCancelled:
		out = append(out, note(l.T("reminder.changed_by", "who", who, "when", when)))
	}
	return out
}

func (r Reminder) facts(l Lang) []Fact {
	var f facts
	o := r.Occurrence
	when := l.RangeIn(o.Start, o.End, r.Today)
	if r.Status != ReminderOpen {
		when = l.Range(o.Start, o.End, r.Today)
	}
	label := "fact.when"
	if r.Status == ReminderMoved {
		label = "fact.before"
	}
	f.add(l.T(label), when+l.holiday(o.Holiday))
	f.add(l.T("fact.campaign"), clip(r.Entry.Campaign, showName))
	f.add(l.T("fact.audience"), l.join(r.Entry.Audiences, showNames))
	f.add(l.T("fact.channels"), l.join(r.Entry.Channels, showNames))
	if len(r.Owners) == 0 || r.Status != ReminderOpen {
		f.add(l.T("fact.owner"), clip(r.Entry.Owner, showName))
	}
	if r.Status == ReminderOpen {
		f.add(l.T("fact.missing"), strings.Join(r.missing(l), ", "))
	}
	return f
}

// missing names what must still be made. A meeting of the working group or the management needs no content.
func (r Reminder) missing(l Lang) []string {
	var missing []string
	if r.Materials {
		missing = append(missing, l.T("missing.materials"))
	}
	if !r.HasContent && (r.Entry.Approval || !internal(r.Entry.Audiences)) {
		missing = append(missing, l.T("missing.content"))
	}
	if r.Entry.Approval && !r.HasApproval {
		missing = append(missing, l.T("missing.approval"))
	}
	return missing
}

// internal reports whether the audiences are only the working group or the management, in any language.
func internal(audiences []string) bool {
	for _, a := range audiences {
		if !isBindingWord(a) {
			return false
		}
	}
	return len(audiences) > 0
}

func isBindingWord(name string) bool {
	for _, l := range Langs() {
		for _, key := range []string{"binding.working_group", "binding.management"} {
			if slices.Contains(l.Words(key), store.Key(name)) {
				return true
			}
		}
	}
	return false
}

// buttons are at most three. Where a link is wanted, because the audience is reached outside Teams, writing content in
// Teams is the rare thing and goes under "more" with it.
func (r Reminder) buttons(l Lang) []Action {
	data := func(verb string) Data { return Data{Verb: verb, Reminder: r.ID, Version: r.Entry.Version} }
	write := Execute{Title: l.T("reminder.write"), Data: data(VerbEntryContent), Alone: true}
	switch {
	case r.Digest:
		write.Title = l.T("reminder.open_draft")
	case r.HasContent:
		write.Title = l.T("reminder.edit_content")
	}
	buttons := []Action{
		Execute{Title: l.T("reminder.done"), Style: stylePositive, Data: data(VerbEntryDone), Alone: true},
		ShowCard{
			Title:   l.T("reminder.later"),
			Body:    []Element{inputChoice{field: field{id: "days", label: l.T("reminder.days"), value: "1"}, choices: r.days(l)}},
			Actions: []Action{Execute{Title: l.T("reminder.snooze"), Data: data(VerbEntrySnooze)}},
		},
	}
	if len(r.Outside) == 0 {
		return append(buttons, write)
	}
	return append(buttons, ShowCard{
		Title: l.T("common.more"),
		Body:  []Element{inputText{field: field{id: "link", label: l.T("reminder.link")}, placeholder: "https://", max: maxLink, style: "Url"}},
		Actions: []Action{
			Execute{Title: l.T("reminder.done_link"), Data: data(VerbEntryDone)},
			write,
		},
	})
}

// maxLink is longer than any address that a browser accepts in practice.
const maxLink = 2000

// days are the postponements that still come before the occurrence is over; tomorrow is always among them.
func (r Reminder) days(l Lang) []Choice {
	all := []Choice{
		{l.T("reminder.days_1"), "1"},
		{l.T("date.in_days", "n", 2), "2"},
		{l.T("date.in_days", "n", 3), "3"},
		{l.T("reminder.days_7"), "7"},
		{l.T("reminder.days_14"), "14"},
	}
	left := int(r.Occurrence.End - r.Today)
	for i, days := range []int{1, 2, 3, 7, 14} {
		if i > 0 && days > left {
			return all[:i]
		}
	}
	return all
}

// isWebAddress reports whether a link that a person typed is safe to put behind a button.
func isWebAddress(s string) bool {
	if len(s) > maxLink {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}
