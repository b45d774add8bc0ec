package cards

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// SessionForm is the form of a session, empty or filled. Its inputs have the ids title, date, time, minutes, audience,
// host, joinUrl, repeat (of a new one only) and links (an address a line); it is sent with [VerbSessionSave], the session
// and version that it edits, or the topic that a new one is on.
type SessionForm struct {
	Session   int64             // that is edited, 0 for a new one
	Version   int               // of that session
	Topic     int64             // of the catalogue, 0 for none
	Values    map[string]string // by input, as typed, also when wrong; see NewSessionValues and SessionValues
	Errors    map[string]string // by input, sentences; "" for what concerns the form as a whole
	Audiences []string          // that are known
	Wishes    []store.Wish      // topics that people asked for, the most wanted first
	Following int               // sessions of its series that come after it: a change can be theirs too
	Needs     []store.NeedGroup // what people need help with, the largest group first
	// OwnLinkNeeded means that no Teams meeting can be made: the host's own link is needed, and the form says so.
	OwnLinkNeeded bool
}

// NewSessionValues returns the values of an empty form: the next working day at 14:00 for 15 minutes. title is that of the
// topic, or "", audience the channel's own, or "", host the reader's name.
func NewSessionValues(today store.Date, title, audience, host string) map[string]string {
	return map[string]string{
		"title":    title,
		"date":     store.WorkdayOnOrAfter(today + 1).String(),
		"time":     "14:00",
		"minutes":  strconv.Itoa(store.DefaultSessionMinutes),
		"audience": audience,
		"host":     host,
	}
}

// SessionValues returns the values of a form that edits s, in the organisation's time zone. host is the name of its host.
func SessionValues(s *store.Session, loc *time.Location, host string) map[string]string {
	start := s.Start.In(loc)
	return map[string]string{
		"title":    s.Title,
		"date":     store.DateOf(start).String(),
		"time":     store.TimeOfDay(start.Hour()*60 + start.Minute()).String(),
		"minutes":  strconv.Itoa(s.Minutes),
		"audience": strings.Join(s.Audiences, ","),
		"host":     host,
		"joinUrl":  s.JoinURL,
		"links":    strings.Join(s.Links, "\n"),
	}
}

// showWishes is how many wishes and groups of people in need the form names.
const showWishes = 5

// maxLinks bounds a session's links as typed, in characters: room for as many as it can have, of a usual length.
const maxLinks = 10_000

// Card builds the card.
func (f SessionForm) Card(l Lang) Card {
	in := inputs{l: l, values: f.Values, errors: f.Errors}
	kind, text, title := l.T("session.form_new"), l.T("session.form_text"), in.value("title", store.MaxTitle)
	if f.Session != 0 {
		kind, text = l.T("session.form_edit"), l.T("session.form_text_edit")
	}
	if clip(title, showTitle) == "" {
		title = l.T("session.form_title")
	}
	c := Card{Summary: kind, Body: header(kind, title)}
	if len(f.Errors) == 0 {
		c.Body = append(c.Body, paragraph(text))
		c.Body = append(c.Body, f.asked(l)...)
	}
	in.list = append(c.Body, in.problems()...)
	in.text("title", "field.title", inputText{field: field{required: l.T("field.title_required")}, max: store.MaxTitle})
	in.date("date", "session.date", l.T("session.date_required"))
	in.add("time", inputTime{field{id: "time", label: l.T("session.time"), value: in.value("time", showName), required: l.T("session.time_required")}})
	in.text("minutes", "session.minutes", inputText{field: field{required: l.T("session.minutes_required")}, max: 3})
	in.audience(f.Audiences)
	if f.Session == 0 {
		f.repeat(&in)
	}
	if f.OwnLinkNeeded {
		f.link(&in)
		in.list = append(in.list, note(l.T("session.own_link_needed")))
	}

	// The rest is seldom filled in. It opens by itself when something in it is wrong.
	body := in.list
	in.list = nil
	if !f.OwnLinkNeeded {
		f.link(&in)
	}
	in.text("links", "session.links", inputText{placeholder: "https://", max: maxLinks, multiline: true})
	in.text("host", "session.host", inputText{max: store.MaxTitle})
	c.Body = append(body, f.fold(l, in.list)...)
	if f.Following > 0 {
		c.Body = append(c.Body, note(l.T("session.series_note", "n", f.Following)))
	}
	c.Actions = []Action{Execute{
		Title: l.T("form.save"), Style: stylePositive,
		Data: Data{Verb: VerbSessionSave, Session: f.Session, Version: f.Version, Topic: f.Topic},
	}}
	if f.Following > 0 {
		c.Actions = append(c.Actions, Execute{Title: l.T("session.save_following"), Data: Data{Verb: VerbSessionSave, Session: f.Session, Version: f.Version, Following: true}})
	}
	return c
}

// asked is what people wished for and what they need help with, as far as somebody said: the next session is planned by it.
func (f SessionForm) asked(l Lang) []Element {
	var items []Element
	if wishes := f.Wishes[:min(len(f.Wishes), showWishes)]; len(wishes) > 0 {
		names := make([]string, len(wishes))
		for i, w := range wishes {
			names[i] = clip(w.Topic, showName) + " (" + l.Number(w.People) + ")"
		}
		items = append(items, paragraph(l.T("session.wishes", "names", names)))
	}
	for _, g := range f.Needs[:min(len(f.Needs), showWishes)] {
		text := l.T("session.need_group", "n", g.People, "need", clip(g.Need, showName))
		if audience := clip(g.Audience, showName); audience != "" {
			text = l.T("session.need_group_audience", "n", g.People, "need", clip(g.Need, showName), "audience", audience)
		}
		items = append(items, paragraph(text))
	}
	if len(items) == 0 {
		return nil
	}
	return []Element{Container{Style: "emphasis", Spacing: spacingMedium, Items: items}}
}

func (f SessionForm) link(in *inputs) {
	label := "session.join_url"
	if f.OwnLinkNeeded {
		label = "session.join_url_own"
	}
	in.text("joinUrl", label, inputText{placeholder: "https://", max: maxLink, style: "Url"})
}

// repeat is a list of the rules that sessions usually have. Another one, or one with a last day, is typed: choosing
// [Other] brings the form back with a text input in place of the list; see RepeatValue.
func (f SessionForm) repeat(in *inputs) {
	value, other := RepeatValue(in.value("repeat", showText))
	choices := make([]Choice, 0, maxSessionRepeats+1)
	known := false
	for _, r := range repeats[:maxSessionRepeats] {
		c := Choice{in.l.T(r.key), r.rule}
		if r.rule == "" {
			c.Value = noRepeat
		}
		choices = append(choices, c)
		known = known || r.rule == value
	}
	if other || !known {
		in.values = maps.Clone(in.values)
		in.values["repeat"] = value
		in.text("repeat", "session.repeat_typed", inputText{placeholder: in.l.T("session.repeat_hint"), max: showText})
		return
	}
	if value == "" {
		value = noRepeat
	}
	in.choice("repeat", "session.repeat", value, append(choices, Choice{in.l.T("session.repeat_other"), Other}), false)
}

// maxSessionRepeats is how many of the form's repetitions suit a session: none to monthly.
const maxSessionRepeats = 4

// fold hides the seldom used inputs behind a button, unless one of them has an error.
func (f SessionForm) fold(l Lang, list []Element) []Element {
	for _, id := range []string{"joinUrl", "links", "host"} {
		if f.Errors[id] != "" {
			return list
		}
	}
	return []Element{
		ActionSet{ID: "fold", Actions: []Action{ToggleVisibility{Title: l.T("form.more"), Targets: []string{"fold", "rest"}}}},
		Container{ID: "rest", Hidden: true, Items: list},
	}
}
