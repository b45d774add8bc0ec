package cards

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
	Title   string
	Text    string
	Tone    Tone
	Buttons []Button
}

// Card builds the card.
func (m Message) Card(l Lang) Card { return Card{} }
