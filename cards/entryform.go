package cards

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"vuosikello/store"
)

// Other is the choice "something else, I type it" of the form's lists of audiences and repetitions. When a submitted
// value is Other, or a list that holds it, answer with the same form: it then has a text input in that place.
const Other = "+"

// EntryForm is the form of an entry, empty or filled. Its inputs have the ids clock, title, start, end, repeat,
// campaign, audience, channels, owner, reminders, materials, approval and goal; it is sent with [VerbEntrySave] and, when
// it edits an entry, that entry's id and version.
type EntryForm struct {
	Entry     string            // id of the entry that is edited, "" for a new one
	Version   int               // of that entry
	Values    map[string]string // by input, as typed, also when wrong; see NewEntryValues and EntryValues
	Errors    map[string]string // by input, sentences; "" for what concerns the form as a whole
	Audiences []string          // that are known
	Clocks    []string          // names of the clocks that are known
}

// NewEntryValues returns the values of an empty form: the next working day, reminders 7 and 1 days before, approval.
// audience is the channel's own, or "".
func NewEntryValues(today store.Date, clock, audience string) map[string]string {
	return map[string]string{
		"clock":     clock,
		"start":     store.WorkdayOnOrAfter(today + 1).String(),
		"audience":  audience,
		"reminders": joinInts(store.DefaultLeads()),
		"approval":  "true",
	}
}

// EntryValues returns the values of a form that edits e.
func EntryValues(e *store.Entry) map[string]string {
	end := e.End
	if !e.Recurring() && end == e.Start {
		end = 0
	}
	return map[string]string{
		"clock":     e.Clock.Name,
		"title":     e.Title,
		"start":     e.Start.String(),
		"end":       end.String(),
		"repeat":    e.Repeat,
		"campaign":  e.Campaign,
		"audience":  strings.Join(e.Audiences, ","),
		"channels":  strings.Join(e.Channels, ", "),
		"owner":     e.Owner,
		"reminders": joinInts(e.Leads),
		"materials": e.Materials.String(),
		"approval":  strconv.FormatBool(e.Approval),
		"goal":      e.Goal,
	}
}

func joinInts(list []int) string {
	s := make([]string, len(list))
	for i, n := range list {
		s[i] = strconv.Itoa(n)
	}
	return strings.Join(s, ",")
}

// Card builds the card.
func (f EntryForm) Card(l Lang) Card {
	in := inputs{l: l, values: f.Values, errors: f.Errors}
	kind, title := l.T("form.kind_new"), l.T("form.title_new")
	if f.Entry != "" {
		kind, title = l.T("form.kind_edit"), in.value("title", store.MaxTitle)
		if title == "" {
			title = l.T("form.kind_edit")
		}
	}
	c := Card{Summary: kind, Body: header(kind, title)}
	if f.Entry == "" && len(f.Errors) == 0 {
		c.Body = append(c.Body, paragraph(l.T("form.text")))
	}
	in.list = append(c.Body, in.problems()...)
	in.text("title", "field.title", inputText{field: field{required: l.T("field.title_required")}, max: store.MaxTitle})
	in.date("start", "field.start", l.T("field.start_required"))
	in.date("end", "field.end", "")
	f.repeat(&in)
	in.audience(f.Audiences)
	in.text("campaign", "field.campaign", inputText{placeholder: l.T("field.campaign_hint"), max: store.MaxTitle})
	in.text("owner", "field.owner", inputText{max: store.MaxTitle})
	in.text("reminders", "field.reminders", inputText{placeholder: l.T("field.reminders_hint"), max: 100})
	in.toggle("approval", "field.approval")

	// The rest is seldom filled in. It opens by itself when something in it is wrong.
	body := in.list
	in.list = nil
	in.text("channels", "field.channels", inputText{placeholder: l.T("field.channels_hint"), max: store.MaxText})
	in.date("materials", "field.materials", "")
	in.text("goal", "field.goal", inputText{placeholder: l.T("field.goal_hint"), max: store.MaxText, multiline: true})
	f.clock(&in)
	c.Body = append(body, f.fold(l, in.list)...)
	c.Actions = []Action{Execute{
		Title: l.T("form.save"), Style: stylePositive,
		Data: Data{Verb: VerbEntrySave, Entry: f.Entry, Version: f.Version},
	}}
	return c
}

// fold hides the seldom used inputs behind a button, unless one of them has an error.
func (f EntryForm) fold(l Lang, list []Element) []Element {
	for _, id := range []string{"channels", "materials", "goal", "clock"} {
		if f.Errors[id] != "" {
			return list
		}
	}
	return []Element{
		ActionSet{ID: "fold", Actions: []Action{ToggleVisibility{Title: l.T("form.more"), Targets: []string{"fold", "rest"}}}},
		Container{ID: "rest", Hidden: true, Items: list},
	}
}

// repeats are the rules that the form offers by name.
var repeats = []struct{ rule, key string }{
	{"", "repeat.none"},
	{"FREQ=WEEKLY", "repeat.weekly"},
	{"FREQ=WEEKLY;INTERVAL=2", "repeat.biweekly"},
	{"FREQ=MONTHLY", "repeat.monthly"},
	{"FREQ=MONTHLY;INTERVAL=3", "repeat.quarterly"},
	{"FREQ=YEARLY", "repeat.yearly"},
}

// Repeat says how a series repeats: "Joka viikko", or the rule itself for one without a name.
func (l Lang) Repeat(rule string) string {
	for _, r := range repeats {
		if r.rule == rule {
			return l.T(r.key)
		}
	}
	return l.T("repeat.own", "rule", rule)
}

// noRepeat is the value of "does not repeat". A list needs a value for every choice, and an empty one is taken for no
// choice by some clients.
const noRepeat = "none"

// RepeatValue returns what the form's input "repeat" means: "" for none, else a rule or words that
// [store.ParseRecurrence] reads. other is true when the person wants to type it: answer with the same form.
func RepeatValue(input string) (rule string, other bool) {
	switch input = strings.TrimSpace(input); input {
	case noRepeat:
		return "", false
	case Other:
		return "", true
	}
	return input, false
}

// AudienceValue returns the names in a form's input "audience". other is true when the person wants to type them: answer
// with the same form.
func AudienceValue(input string) (names []string, other bool) {
	for n := range strings.SplitSeq(input, ",") {
		switch n = strings.TrimSpace(n); n {
		case "":
		case Other:
			other = true
		default:
			names = append(names, n)
		}
	}
	return names, other
}

func (f EntryForm) repeat(in *inputs) {
	value, other := RepeatValue(in.value("repeat", showText))
	_, err := store.ParseRecurrence(value)
	if other || err != nil {
		in.values = maps.Clone(in.values)
		in.values["repeat"] = value
		in.text("repeat", "field.repeat", inputText{placeholder: in.l.T("field.repeat_hint"), max: showText})
		return
	}
	choices := make([]Choice, 0, len(repeats)+2)
	known := false
	for _, r := range repeats {
		c := Choice{in.l.T(r.key), r.rule}
		if r.rule == "" {
			c.Value = noRepeat
		}
		choices = append(choices, c)
		known = known || r.rule == value
	}
	if !known {
		choices = append(choices, Choice{in.l.T("repeat.own", "rule", Clean(clip(value, showName))), value})
	}
	if value == "" {
		value = noRepeat
	}
	choices = append(choices, Choice{in.l.T("choice.other"), Other})
	in.choice("repeat", "field.repeat", value, choices, false)
}

func longest(names []string) int {
	n := 0
	for _, name := range names {
		n = max(n, len(name))
	}
	return n
}

// clock is a list when there is something to choose from. Elsewhere a name can be typed: another unit's first clock
// begins here.
func (f EntryForm) clock(in *inputs) {
	value := in.value("clock", store.MaxTitle)
	if len(f.Clocks) < 2 || len(f.Clocks) > maxChoices || !slices.Contains(f.Clocks, value) || longest(f.Clocks) > showName {
		in.text("clock", "field.clock", inputText{max: store.MaxTitle})
		return
	}
	var choices []Choice
	for _, name := range f.Clocks {
		choices = append(choices, Choice{Clean(clip(name, showName)), name})
	}
	in.choice("clock", "field.clock", value, choices, false)
}
