// Package cards turns plain records into Adaptive Cards and holds every word that people read.
//
// A card is a function of values: it reads no database, calls no network and decides nothing. Who may do what is decided
// by the caller, who leaves out what is not allowed. Each kind of card has its own file: a struct of what the card
// shows, with a method Card that builds it in a language.
//
// Cards use Adaptive Cards 1.5, the newest version that Teams renders on every client. The elements are small structs
// that write themselves as JSON: a card is built and written in some microseconds.
//
// Text from people is data, never markup. Every text that a client reads as Markdown has the type [Markdown], and
// [Text] makes one from a string. Only a publication's text may have bold words, lists and links: [Body] lets those
// through, and nothing else.
//
// The words live in text/{fi,sv,en}, one file per topic; see [Lang].
package cards

import (
	"strconv"
	"unicode/utf8"
)

// MaxBytes is the size that no card exceeds, whatever it is made from: Teams refuses messages of about 100 KB and
// Microsoft's documentation asks to stay under 80 KB.
const MaxBytes = 80_000

// Card is a whole Adaptive Card, as the content of an attachment.
type Card struct {
	// Summary is the sentence that a notification shows. It is no part of the card: it belongs in the activity's summary,
	// without which Teams only says that a card was sent. It is plain text.
	Summary string
	Body    []Element
	Actions []Action
	// Mark, when set, is carried by the card without being shown: by it a message is found again.
	Mark string

	mentions []Person
	json     []byte // see Rendered
}

// Rendered returns the card as its JSON alone, written once and for all, for one that is sent many times. It has no Body
// and no Actions that could be changed any more.
func (c Card) Rendered() Card {
	return Card{Summary: c.Summary, json: c.AppendJSON(nil)}
}

// Prepared returns the JSON of a card that was [Card.Rendered], and nil for another. It must not be changed.
func (c Card) Prepared() []byte { return c.json }

// Person is someone who can be mentioned.
type Person struct {
	Name string
	ID   string // AAD object id
}

// Element is something in a card's body.
type Element interface{ write(w *writer) }

// Action is a button.
type Action interface{ writeAction(w *writer) }

// MarshalJSON returns the card's JSON. An encoder that escapes HTML, as json.Marshal does, can make it longer than
// [MaxBytes] when it is full of angle brackets: use AppendJSON, or an encoder with SetEscapeHTML(false).
func (c Card) MarshalJSON() ([]byte, error) {
	if c.json != nil {
		return c.json, nil
	}
	return c.AppendJSON(make([]byte, 0, 4096)), nil
}

// AppendJSON appends the card's JSON to b. It is MarshalJSON for a caller that has a buffer.
func (c Card) AppendJSON(b []byte) []byte {
	if c.json != nil {
		return append(b, c.json...)
	}
	w := &writer{b: b}
	w.open("AdaptiveCard")
	w.str("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
	w.str("version", "1.5")
	w.str("fallbackText", string(Text(c.Summary)))
	if c.Mark != "" {
		c.Body = append(c.Body[:len(c.Body):len(c.Body)], markElement(c.Mark))
	}
	c.writeContent(w)
	if len(c.mentions) > 0 {
		w.raw(`,"msteams":{"entities":[`)
		for i, p := range c.mentions {
			w.comma(i)
			w.open("mention")
			w.str("text", string(mention(p)))
			w.raw(`,"mentioned":{"id":`)
			w.quote(p.ID)
			w.str("name", p.Name)
			w.raw("}}")
		}
		w.raw("]}")
	}
	w.close()
	return w.b
}

func (c Card) writeContent(w *writer) {
	w.elements("body", c.Body)
	w.actions(c.Actions)
}

// markElement carries a card's mark. Every client keeps an element's id, and shows nothing of one that is not visible.
type markElement string

func (m markElement) write(w *writer) {
	w.open("TextBlock")
	w.str("id", "post-"+string(m))
	w.str("text", " ")
	w.raw(`,"isVisible":false}`)
}

// writer appends JSON. Every object begins with its type, so that what follows always begins with a comma.
type writer struct{ b []byte }

func (w *writer) raw(s string) { w.b = append(w.b, s...) }

func (w *writer) open(typ string) {
	w.raw(`{"type":`)
	w.quote(typ)
}

func (w *writer) close() { w.raw("}") }

func (w *writer) comma(i int) {
	if i > 0 {
		w.raw(",")
	}
}

func (w *writer) key(name string) {
	w.raw(`,"`)
	w.raw(name)
	w.raw(`":`)
}

// str writes a member unless the value is empty.
func (w *writer) str(name, value string) {
	if value != "" {
		w.key(name)
		w.quote(value)
	}
}

// num writes a member unless the value is zero.
func (w *writer) num(name string, value int) {
	if value != 0 {
		w.key(name)
		w.b = strconv.AppendInt(w.b, int64(value), 10)
	}
}

// yes writes a member that is true, and leaves out one that is false.
func (w *writer) yes(name string, value bool) {
	if value {
		w.key(name)
		w.raw("true")
	}
}

func (w *writer) elements(name string, list []Element) {
	w.key(name)
	w.raw("[")
	for i, e := range list {
		w.comma(i)
		e.write(w)
	}
	w.raw("]")
}

func (w *writer) actions(list []Action) {
	if len(list) == 0 {
		return
	}
	w.key("actions")
	w.raw("[")
	for i, a := range list {
		w.comma(i)
		a.writeAction(w)
	}
	w.raw("]")
}

const hex = "0123456789abcdef"

// quote writes a JSON string. Bytes that are not UTF-8 become U+FFFD, since JSON can hold nothing else.
func (w *writer) quote(s string) {
	w.b = append(w.b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				w.b = append(append(w.b, s[from:i]...), "\uFFFD"...)
				from = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' && c != 0x7f {
			i++
			continue
		}
		w.b = append(w.b, s[from:i]...)
		switch c {
		case '"', '\\':
			w.b = append(w.b, '\\', c)
		case '\n':
			w.b = append(w.b, '\\', 'n')
		case '\t':
			w.b = append(w.b, '\\', 't')
		default:
			w.b = append(w.b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		from = i
	}
	w.b = append(append(w.b, s[from:]...), '"')
}
