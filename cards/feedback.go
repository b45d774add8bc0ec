package cards

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"vuosikello/store"
)

// FeedbackForm asks those who joined a session how it was. Its inputs have the ids rating (1–5), need and topic; it is sent
// with [VerbFeedback] and the session. When need is [Other], see NeedValue, answer with the same form: it then has a text
// input in that place.
type FeedbackForm struct {
	Session int64
	Title   string
	Start   time.Time         // in the organisation's time zone
	Needs   []string          // to choose from
	Values  map[string]string // by input, as typed, also when wrong
	Errors  map[string]string // by input, sentences; "" for what concerns the form as a whole
	Links   []string          // guidance and material: web addresses
	Today   store.Date
}

// NeedValue returns what the form's input "need" means, "" for nothing. other is true when the person wants to type it.
func NeedValue(input string) (need string, other bool) {
	switch input = strings.TrimSpace(input); input {
	case noNeed:
		return "", false
	case Other:
		return "", true
	}
	return input, false
}

// noNeed is the value of "nothing just now"; see noRepeat.
const noNeed = "none"

// Card builds the card.
func (f FeedbackForm) Card(l Lang) Card {
	in := inputs{l: l, values: f.Values, errors: f.Errors}
	title := clip(f.Title, showTitle)
	kind := l.T("session.kind") + " · " + l.T("feedback.kind")
	c := Card{Summary: kind + ": " + Clean(title), Body: header(kind, title)}
	if len(f.Errors) == 0 {
		c.Body = append(c.Body, paragraph(l.T("feedback.text", "when", l.DateTime(f.Start, f.Today))))
	}
	in.list = append(c.Body, in.problems()...)
	in.add("rating", inputChoice{
		field:   field{id: "rating", label: l.T("feedback.rating"), value: f.rating(), required: l.T("invalid.rating")},
		choices: []Choice{{"5 · " + l.T("feedback.rating_5"), "5"}, {"4", "4"}, {"3", "3"}, {"2", "2"}, {"1 · " + l.T("feedback.rating_1"), "1"}},
	})
	f.need(&in)
	in.text("topic", "feedback.topic", inputText{placeholder: l.T("feedback.topic_hint"), max: store.MaxTitle})
	c.Body = append(in.list, materials(l, f.Links)...)
	c.Actions = []Action{Execute{Title: l.T("feedback.send"), Style: stylePositive, Data: Data{Verb: VerbFeedback, Session: f.Session}}}
	return c
}

// rating is the value as typed when it is one of the choices.
func (f FeedbackForm) rating() string {
	if v := f.Values["rating"]; len(v) == 1 && v >= "1" && v <= "5" {
		return v
	}
	return ""
}

// need is a list of the needs. What the list does not have is typed.
func (f FeedbackForm) need(in *inputs) {
	value, other := NeedValue(in.value("need", store.MaxTitle))
	choices := []Choice{{in.l.T("feedback.no_need"), noNeed}}
	left := maxNeedsBytes
	for _, n := range f.Needs {
		if left -= len(n); left < 0 || utf8.RuneCountInString(n) > store.MaxTitle {
			break
		}
		if store.Key(n) == store.Key(value) {
			value = n
		}
		choices = append(choices, Choice{Clean(clip(n, showName)), n})
	}
	known := value == "" || slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == value })
	if other || !known || len(choices) == 1 {
		in.values = maps.Clone(in.values)
		if in.values != nil {
			in.values["need"] = value
		}
		in.text("need", "feedback.need", inputText{placeholder: in.l.T("feedback.need_hint"), max: store.MaxTitle})
		return
	}
	if value == "" {
		value = noNeed
	}
	in.choice("need", "feedback.need", value, append(choices, Choice{in.l.T("choice.other"), Other}), false)
}

// maxNeedsBytes is how much text the needs to choose from have together: very long ones shorten the list.
const maxNeedsBytes = 12_000

// FeedbackThanks takes the place of the form when it has been sent.
type FeedbackThanks struct {
	Title string // of the session
}

// Card builds the card.
func (f FeedbackThanks) Card(l Lang) Card {
	title := clip(f.Title, showTitle)
	thanks := l.T("feedback.thanks")
	return Card{Summary: thanks, Body: append(header(l.T("session.kind")+" · "+l.T("feedback.kind"), title),
		TextBlock{Text: Text("✓ " + thanks), Color: colorGood, Spacing: spacingSmall})}
}

// SessionNeedsForm is the list of what people can choose as what they need help with. Its input needs has one a line; it is
// sent with [VerbSessionNeeds].
type SessionNeedsForm struct {
	Values map[string]string // by input, as typed, also when wrong
	Errors map[string]string // by input, sentences; "" for what concerns the form as a whole
	Saved  bool              // it was saved just now
}

// Card builds the card.
func (f SessionNeedsForm) Card(l Lang) Card {
	in := inputs{l: l, values: f.Values, errors: f.Errors}
	title := l.T("needs.title")
	c := Card{Summary: title, Body: header(l.T("sessions.kind"), title)}
	switch {
	case len(f.Errors) > 0:
		c.Body = append(c.Body, in.problems()...)
	case f.Saved:
		c.Summary = l.T("needs.saved")
		c.Body = append(c.Body, TextBlock{Text: Text("✓ " + c.Summary), Color: colorGood, Spacing: spacingSmall})
	default:
		c.Body = append(c.Body, paragraph(l.T("needs.text")))
	}
	in.list = c.Body
	in.text("needs", "needs.list", inputText{placeholder: l.T("needs.hint"), max: store.MaxNames * (store.MaxTitle + 1), multiline: true})
	c.Body = in.list
	c.Actions = []Action{Execute{Title: l.T("form.save"), Style: stylePositive, Data: Data{Verb: VerbSessionNeeds}}}
	return c
}
