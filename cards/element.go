package cards

// The looks of a text. The zero value is the client's default.
const (
	sizeLarge = "Large"
	sizeSmall = "Small"

	weightBolder = "Bolder"

	colorGood      = "Good"
	colorWarning   = "Warning"
	colorAttention = "Attention"

	spacingNone   = "None"
	spacingSmall  = "Small"
	spacingMedium = "Medium"
)

// TextBlock is a paragraph. It always wraps.
type TextBlock struct {
	ID      string
	Text    Markdown
	Size    string
	Weight  string
	Color   string
	Spacing string
	Subtle  bool
	Heading bool // announced as a heading by screen readers
	Hidden  bool
}

func (t TextBlock) write(w *writer) {
	w.open("TextBlock")
	w.key("text")
	w.quote(string(t.Text))
	w.yes("wrap", true)
	w.str("id", t.ID)
	w.str("size", t.Size)
	w.str("weight", t.Weight)
	w.str("color", t.Color)
	w.str("spacing", t.Spacing)
	w.yes("isSubtle", t.Subtle)
	if t.Heading {
		w.str("style", "heading")
	}
	w.hidden(t.Hidden)
	w.close()
}

func (w *writer) hidden(hidden bool) {
	if hidden {
		w.key("isVisible")
		w.raw("false")
	}
}

// Fact is one row of a FactSet.
type Fact struct {
	Title string
	Value Markdown
}

// FactSet is a list of rows with a name and a value.
type FactSet struct {
	Facts   []Fact
	Spacing string
}

func (f FactSet) write(w *writer) {
	w.open("FactSet")
	w.str("spacing", f.Spacing)
	w.raw(`,"facts":[`)
	for i, fact := range f.Facts {
		w.comma(i)
		w.raw(`{"title":`)
		w.quote(string(Text(fact.Title)))
		w.key("value")
		w.quote(string(fact.Value))
		w.close()
	}
	w.raw("]")
	w.close()
}

// Container is a group of elements that are shown or hidden together.
type Container struct {
	ID        string
	Style     string
	Spacing   string
	Separator bool
	Hidden    bool
	Items     []Element
}

func (c Container) write(w *writer) {
	w.open("Container")
	w.str("id", c.ID)
	w.str("style", c.Style)
	w.str("spacing", c.Spacing)
	w.yes("separator", c.Separator)
	w.hidden(c.Hidden)
	w.elements("items", c.Items)
	w.close()
}

// ActionSet is a row of buttons inside the body. Teams shows at most six of them.
type ActionSet struct {
	ID      string
	Spacing string
	Hidden  bool
	Actions []Action
}

func (a ActionSet) write(w *writer) {
	w.open("ActionSet")
	w.str("id", a.ID)
	w.str("spacing", a.Spacing)
	w.hidden(a.Hidden)
	w.actions(a.Actions)
	w.close()
}

// Image is a picture as wide as the card.
type Image struct {
	URL string
	Alt string // what it shows, for those who cannot see it
	// Expand lets Teams show it as large as the window when it is pressed.
	Expand bool
}

func (i Image) write(w *writer) {
	w.open("Image")
	w.key("url")
	w.quote(i.URL)
	w.key("altText")
	w.quote(i.Alt)
	w.str("size", "Stretch")
	if i.Expand {
		w.raw(`,"msteams":{"allowExpand":true}`)
	}
	w.close()
}
