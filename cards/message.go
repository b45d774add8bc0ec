package cards

import (
	"strings"
	"unicode/utf8"
)

// Button is a button that stands for a chat command.
type Button struct {
	Title   string
	Command string
}

// Tone is how a message is marked, in addition to its words.
type Tone int

// The tones of a message.
const (
	ToneNeutral Tone = iota
	ToneGood         // something was done
	ToneWarning      // something needs attention
)

// Message is a plain message: a refusal, a confirmation, a notice. Title and Text are plain text in the reader's
// language; a line break in Text begins a paragraph.
type Message struct {
	Kind    string // the small line above the title; the product's name when empty
	Title   string
	Text    string
	Tone    Tone
	Buttons []Button
}

// maxMessage bounds a message's text, in characters. It is longer than any sentence of the catalogue.
const maxMessage = 4000

// Card builds the card.
func (m Message) Card(l Lang) Card {
	kind := m.Kind
	if kind == "" {
		kind = l.T("common.product")
	}
	title := clip(m.Title, showTitle)
	summary := title
	if summary == "" {
		summary = clip(m.Text, showTitle)
	}
	c := Card{Summary: Clean(summary), Body: header(kind, m.symbol()+title)}
	if title == "" {
		c.Body = c.Body[:1]
	}
	if text := clipLines(m.Text, maxMessage); text != "" {
		c.Body = append(c.Body, paragraph(text))
	}
	for _, b := range m.Buttons[:min(len(m.Buttons), buttonsInRow)] {
		c.Actions = append(c.Actions, command(b.Title, b.Command))
	}
	return c
}

func (m Message) symbol() string {
	switch m.Tone {
	case ToneGood:
		return "✓ "
	case ToneWarning:
		return "△ "
	}
	return ""
}

// clipLines is clip for a text of several lines.
func clipLines(s string, n int) string {
	lines := strings.Split(strings.ToValidUTF8(s[:min(len(s), 8*n)], ""), "\n")
	out := lines[:0]
	for _, line := range lines {
		if line = clip(line, n); line != "" {
			out = append(out, line)
			n -= utf8.RuneCountInString(line)
		}
		if n <= 1 {
			break
		}
	}
	return strings.Join(out, "\n")
}
