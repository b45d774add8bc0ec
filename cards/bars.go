package cards

import "strconv"

// Bars is a chart of horizontal bars. Teams draws it on desktops and the web; elsewhere its fallback says that the numbers
// stand beside it, which they must.
type Bars struct {
	Title    string
	Data     []Bar
	Fallback string
}

// Bar is one bar. Its label is plain text: charts do not read Markdown.
type Bar struct {
	Label string
	Value int
}

func (c Bars) write(w *writer) {
	w.open("Chart.HorizontalBar")
	w.str("title", Clean(c.Title))
	w.str("displayMode", "AbsoluteWithAxis")
	w.raw(`,"data":[`)
	for i, b := range c.Data {
		w.comma(i)
		w.raw(`{"x":`)
		w.quote(Clean(b.Label))
		w.key("y")
		w.b = strconv.AppendInt(w.b, int64(b.Value), 10)
		w.raw("}")
	}
	w.raw("]")
	w.fallback(c.Fallback)
	w.close()
}

// fallback writes what a client shows that does not know the element.
func (w *writer) fallback(text string) {
	w.key("fallback")
	note(text).write(w)
}
