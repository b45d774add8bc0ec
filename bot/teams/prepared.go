package teams

import (
	"bytes"
	"crypto/rand"
	"io"
	"slices"
)

// Prepared is the JSON of a card that is sent many times. It goes into a message as it is, and must be valid: an encoder
// would check and copy all of it each time, which for a card with a picture takes longer than all the rest.
type Prepared []byte

// MarshalJSON returns it, for encoders that know no better.
func (p Prepared) MarshalJSON() ([]byte, error) { return p, nil }

// placeholder stands for a prepared card while the rest of its message is encoded. Nobody outside can know it, so that no
// text of a message is taken for one.
var placeholder = "prepared-" + rand.Text()

// setPrepared puts placeholders in the place of prepared contents, and returns those.
func (o *Outgoing) setPrepared() (parts []Prepared) {
	for i := range o.Attachments {
		if p, ok := o.Attachments[i].Content.(Prepared); ok {
			if parts == nil {
				o.Attachments = slices.Clone(o.Attachments) // they are the caller's
			}
			o.Attachments[i].Content = placeholder
			parts = append(parts, p)
		}
	}
	return parts
}

// content is JSON in pieces, some of which are prepared contents that belong to many messages at once: they are never
// copied, since collecting such copies would take longer than all the rest.
type content [][]byte

// splice puts the prepared contents in the place of their placeholders, in order.
func splice(body []byte, parts []Prepared) (out content) {
	for _, p := range parts {
		before, after, found := bytes.Cut(body, []byte(`"`+placeholder+`"`))
		if !found {
			break
		}
		out = append(out, before, p)
		body = after
	}
	return append(out, body)
}

func (c content) size() (n int64) {
	for _, p := range c {
		n += int64(len(p))
	}
	return n
}

func (c content) reader() io.ReadCloser {
	readers := make([]io.Reader, len(c))
	for i, p := range c {
		readers[i] = bytes.NewReader(p)
	}
	return io.NopCloser(io.MultiReader(readers...))
}
