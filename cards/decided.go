package cards

import (
	"time"

	"vuosikello/store"
)

// maxComment bounds the comment of a decision, in characters as clients count them.
const maxComment = 1000

// decided says what was decided, by whom, when and with what comment.
type decided struct {
	decision store.Decision
	by       string
	at       time.Time
	comment  string
	today    store.Date
}

// decisionMarks are the symbol and the colour of each decision, which come in addition to its words.
var decisionMarks = map[store.Decision][2]string{
	store.DecisionApproved:  {"✓ ", colorGood},
	store.DecisionReturned:  {"↩ ", colorWarning},
	store.DecisionEscalated: {"→ ", colorWarning},
	store.DecisionWithdrawn: {"× ", ""},
	store.DecisionVoided:    {"– ", ""},
	store.DecisionExpired:   {"– ", ""},
}

func (d decided) elements(l Lang) []Element {
	mark := decisionMarks[d.decision]
	text := l.T("decided." + string(d.decision))
	out := []Element{TextBlock{Text: Text(mark[0] + text), Color: mark[1], Weight: weightBolder, Spacing: spacingSmall}}
	if who := l.name(d.by, showName); who != "" && !d.at.IsZero() {
		out = append(out, note(l.T("decided.by", "who", who, "when", l.DateTime(d.at, d.today))))
	} else if !d.at.IsZero() {
		out = append(out, note(upperFirst(l.DateTime(d.at, d.today))))
	}
	return append(out, quote(l, d.comment)...)
}

// quote is a comment in quotation marks, nothing for an empty one.
func quote(l Lang, comment string) []Element {
	if comment = clip(comment, showText); comment == "" {
		return nil
	}
	return []Element{paragraph(l.T("common.quote", "text", comment))}
}

// refuse is the button that opens the comment which a refusal needs. label is what the comment tells.
func refuse(title, label, missing string, data Data) ShowCard {
	return ShowCard{
		Title:   title,
		Body:    []Element{inputText{field: field{id: "comment", label: label, required: missing}, multiline: true, max: maxComment}},
		Actions: []Action{Execute{Title: title, Data: data}},
	}
}

// confirm is a button that destroys something, and asks once.
func confirm(title, ask, yes string, data Data) ShowCard {
	return ShowCard{
		Title:   title,
		Style:   styleDestructive,
		Body:    []Element{paragraph(ask)},
		Actions: []Action{Execute{Title: yes, Style: styleDestructive, Data: data, Alone: true}},
	}
}

// mention names people so that Teams tells them, at most maxMentions of them.
func (c *Card) mention(people []Person, l Lang) Markdown {
	var who Markdown
	for i, p := range people[:min(len(people), maxMentions)] {
		p.Name = clip(p.Name, showName)
		c.mentions = append(c.mentions, p)
		if i > 0 {
			who += ", "
		}
		who += mention(p)
	}
	if rest := len(people) - maxMentions; rest > 0 {
		who += " " + Text(l.T("common.others", "n", rest))
	}
	return who
}
