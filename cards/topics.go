package cards

import (
	"slices"

	"vuosikello/store"
)

// maxTopics is how many topics the catalogue shows: any other can be written as a session's title.
const maxTopics = 40

// topicTypes are the types in the order in which the catalogue has them.
var topicTypes = []store.TopicType{store.TopicOpen, store.TopicThemed, store.TopicSegmented}

// topics is the catalogue of what sessions can be held on. Who can hold them has a button beside each topic, five topics
// in sight and the rest behind a button; for others all of it is behind a button.
type topics struct {
	list   []store.Topic
	canAdd bool
}

func (t topics) elements(l Lang) []Element {
	n := len(t.list)
	if n == 0 {
		return nil
	}
	list := slices.Clone(t.list)
	slices.SortStableFunc(list, func(a, b store.Topic) int { return slices.Index(topicTypes, a.Type) - slices.Index(topicTypes, b.Type) })
	if !t.canAdd {
		rows, _ := t.rows(l, list[:min(n, maxTopics)], "")
		return unfold("topics", l.T("topics.show", "n", n), t.others(l, rows, n))
	}
	out := []Element{TextBlock{Text: Text(l.T("topics.title")), Size: sizeLarge, Weight: weightBolder, Spacing: spacingMedium, Heading: true}}
	rows, heading := t.rows(l, list[:min(n, rowsInSight)], "")
	if out = append(out, rows...); n <= rowsInSight {
		return out
	}
	rows, _ = t.rows(l, list[rowsInSight:min(n, maxTopics)], heading)
	return append(out, unfold("topics", l.T("topics.rest", "n", n-rowsInSight), t.others(l, rows, n))...)
}

// others says how many topics are left out.
func (t topics) others(l Lang, rows []Element, n int) []Element {
	if n > maxTopics {
		rows = append(rows, note(l.T("common.others", "n", n-maxTopics)))
	}
	return rows
}

// rows are topics under the headings of their types. heading is the one that they stand under already; the last one is
// returned.
func (t topics) rows(l Lang, list []store.Topic, heading string) ([]Element, string) {
	var out []Element
	for _, topic := range list {
		if h := l.T("topics." + string(topic.Type)); h != heading {
			heading = h
			out = append(out, subheading(h))
		}
		text := []Element{TextBlock{Text: Text(clip(topic.Title, showName))}}
		if segment := clip(topic.Segment, showName/2); segment != "" {
			text = append(text, TextBlock{Text: Text(segment), Size: sizeSmall, Subtle: true, Spacing: spacingNone})
		}
		if !t.canAdd {
			out = append(out, Container{Spacing: spacingSmall, Items: text})
			continue
		}
		button := Execute{Title: l.T("topics.hold"), Data: Data{Verb: VerbSessionEdit, Topic: topic.ID}, Alone: true}
		out = append(out, beside{text: text, button: button})
	}
	return out, heading
}

// beside is a text with a short button at its right, which a phone has room for too.
type beside struct {
	text   []Element
	button Action
}

func (b beside) write(w *writer) {
	w.open("ColumnSet")
	w.str("spacing", spacingSmall)
	w.raw(`,"columns":[`)
	w.open("Column")
	w.str("width", "stretch")
	w.str("verticalContentAlignment", "Center")
	w.elements("items", b.text)
	w.close()
	w.raw(",")
	w.open("Column")
	w.str("width", "auto")
	w.elements("items", []Element{ActionSet{Actions: []Action{b.button}}})
	w.close()
	w.raw("]")
	w.close()
}
