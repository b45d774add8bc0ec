package cards

import (
	"slices"
	"strings"
	"unicode/utf16"

	"vuosikello/store"
)

// inputs builds the inputs of a form, each with its value as it was typed and with its error beside it.
type inputs struct {
	l      Lang
	values map[string]string
	errors map[string]string
	list   []Element
}

// showError is how much of a sentence about a mistake is shown, in characters.
const showError = 200

// maxChoices is the longest list that is still easier to choose from than to type.
const maxChoices = 12

// value returns an input's value, at most max characters of it as clients count them, in UTF-16 units. Line breaks stay.
func (in *inputs) value(id string, max int) string {
	v := in.values[id]
	left := max
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		if left -= utf16.RuneLen(r); left < 0 {
			left = 0
			return -1
		}
		return r
	}, v)
}

// problems is what stands above a form that comes back: that nothing was saved, and what concerns the form as a whole.
func (in *inputs) problems() []Element {
	if len(in.errors) == 0 {
		return nil
	}
	text := in.l.T("form.errors")
	if whole := in.errors[""]; whole != "" {
		text = clip(whole, showError)
	}
	return []Element{TextBlock{Text: Text("△ " + text), Color: colorAttention, Weight: weightBolder, Spacing: spacingSmall}}
}

// add appends an input and the sentence about what is wrong in it.
func (in *inputs) add(id string, e Element) {
	in.list = append(in.list, e)
	if wrong := in.errors[id]; wrong != "" {
		in.list = append(in.list, TextBlock{Text: Text("△ " + clip(wrong, showError)), Color: colorAttention, Spacing: spacingNone})
	}
}

// MaxContentKept is how long a content form's body can be, in characters, for the form to come back with all of it when it
// is longer than MaxContentBody.
const MaxContentKept = 9000

func (in *inputs) text(id, label string, i inputText) {
	if i.max == MaxContentBody && in.errors[id] != "" {
		i.max = MaxContentKept // what was typed stays, to be shortened
	}
	i.id, i.label, i.value = id, in.l.T(label), in.value(id, i.max)
	in.add(id, i)
}

func (in *inputs) date(id, label, required string) {
	in.add(id, inputDate{field{id: id, label: in.l.T(label), value: in.value(id, showName), required: required}})
}

func (in *inputs) time(id, label string) {
	in.add(id, inputTime{field{id: id, label: in.l.T(label), value: in.value(id, showName)}})
}

func (in *inputs) toggle(id, title string) {
	value := "false"
	if in.values[id] == "true" {
		value = "true"
	}
	in.add(id, inputToggle{field: field{id: id, value: value}, title: in.l.T(title)})
}

func (in *inputs) choice(id, label, value string, choices []Choice, multiple bool) {
	in.add(id, inputChoice{field: field{id: id, label: in.l.T(label), value: value}, choices: choices, multiple: multiple})
}

// maxAudiences bounds the audiences of a form as typed, in characters.
const maxAudiences = 1500

// audience is a list of the known audiences to tick. A new name is typed: choosing [Other] brings the form back with a
// text input in place of the list, as does a value that the list does not have. Very long names are left to be typed.
func (in *inputs) audience(known []string) {
	names, other := AudienceValue(in.value("audience", maxAudiences))
	known = slices.DeleteFunc(slices.Clone(known), func(k string) bool { return len(k) > showName || strings.Contains(k, ",") })
	listed := make([]string, len(names)) // as the list spells them
	for i, n := range names {
		at := slices.IndexFunc(known, func(k string) bool { return store.Key(k) == store.Key(n) })
		if at < 0 {
			other = true
			break
		}
		listed[i] = known[at]
	}
	if other || len(known) == 0 || len(known) > maxChoices {
		in.add("audience", inputText{
			field: field{id: "audience", label: in.l.T("field.audience_typed"), value: strings.Join(names, ", ")},
			max:   maxAudiences,
		})
		if len(known) > 0 {
			in.list = append(in.list, note(in.l.T("field.audience_known", "names", in.l.join(known, 2*maxChoices))))
		}
		return
	}
	choices := make([]Choice, 0, len(known)+1)
	for _, k := range known {
		choices = append(choices, Choice{Clean(clip(k, showName)), k})
	}
	choices = append(choices, Choice{in.l.T("choice.other"), Other})
	in.choice("audience", "field.audience", strings.Join(listed, ","), choices, true)
}
