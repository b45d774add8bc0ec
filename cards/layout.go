package cards

import "strings"

// How much of a text from people a card shows, in characters. Together with the limits on list lengths these keep every
// card under [MaxBytes].
const (
	showTitle = 300
	showName  = 80
	showText  = 400
)

// header is how every card begins: its kind and state as a small line, then the thing itself.
func header(kind, title string) []Element {
	return []Element{
		TextBlock{Text: Text(kind), Size: sizeSmall, Subtle: true},
		TextBlock{Text: Text(clip(title, showTitle)), Size: sizeLarge, Weight: weightBolder, Spacing: spacingSmall, Heading: true},
	}
}

func paragraph(text string) TextBlock { return TextBlock{Text: Text(text), Spacing: spacingSmall} }

func note(text string) TextBlock {
	return TextBlock{Text: Text(text), Size: sizeSmall, Subtle: true, Spacing: spacingSmall}
}

func subheading(text string) TextBlock {
	return TextBlock{Text: Text(text), Weight: weightBolder, Spacing: spacingMedium}
}

// facts collects the rows of a FactSet and leaves out those that have nothing to say.
type facts []Fact

func (f *facts) add(title, value string) { f.addMarkdown(title, Text(value)) }

func (f *facts) addMarkdown(title string, value Markdown) {
	if value != "" {
		*f = append(*f, Fact{Title: title, Value: value})
	}
}

// join writes a list of names, at most max of them: "Asukkaat, Ammattilaiset ja 12 muuta".
func (l Lang) join(names []string, max int) string {
	shown := names
	if len(names) > max {
		shown = names[:max-1]
	}
	var b strings.Builder
	b.Grow(24 * len(shown))
	for i, n := range shown {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(clip(n, showName))
	}
	if rest := len(names) - len(shown); rest > 0 {
		b.WriteString(" ")
		b.WriteString(l.T("common.others", "n", rest))
	}
	return b.String()
}

// showNames is how many audiences or channels of an entry a card names.
const showNames = 6

// command is a button that stands for a chat command. It sends no inputs: it must work whatever else the card asks.
func command(title, text string) Execute {
	return Execute{Title: clip(Clean(title), 60), Data: Data{Verb: VerbCommand, Text: clip(text, showTitle)}, Alone: true}
}

// rows of buttons hold at most this many, so that none falls into an overflow menu.
const buttonsInRow = 6

// buttonRows places buttons in as many rows as they need.
func buttonRows(buttons []Action) []Element {
	var rows []Element
	for len(buttons) > 0 {
		n := min(buttonsInRow, len(buttons))
		rows = append(rows, ActionSet{Actions: buttons[:n:n]})
		buttons = buttons[n:]
	}
	return rows
}

// upperFirst begins a title that is a plain word of the catalogue.
func upperFirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}
