package cards

import (
	"strings"
	"time"

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
	return Card{Summary: Clean(clip(f.Title, showTitle)), Body: header(l.T("session.kind"), f.Title)}
}

// FeedbackThanks takes the place of the form when it has been sent.
type FeedbackThanks struct {
	Title string // of the session
}

// Card builds the card.
func (f FeedbackThanks) Card(l Lang) Card {
	return Card{Summary: Clean(clip(f.Title, showTitle)), Body: header(l.T("session.kind"), f.Title)}
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
	return Card{Summary: l.T("session.kind"), Body: header(l.T("session.kind"), "")}
}
