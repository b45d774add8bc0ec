package cards

// field is what every input has. Its value and its choices are what people typed: clients show them as they are, without
// reading Markdown.
type field struct {
	id       string
	label    string
	value    string
	required string // the sentence shown when the input is left empty, "" when it may be
}

func (f field) write(w *writer, typ string) {
	w.open(typ)
	w.key("id")
	w.quote(f.id)
	w.str("label", f.label)
	w.str("value", f.value)
	if f.required != "" {
		w.yes("isRequired", true)
		w.str("errorMessage", f.required)
	}
}

// inputText is one line of text, or several.
type inputText struct {
	field
	placeholder string
	multiline   bool
	max         int    // characters, 0 for no limit
	style       string // "Url" brings up that keyboard on a phone
}

func (i inputText) write(w *writer) {
	i.field.write(w, "Input.Text")
	w.str("placeholder", i.placeholder)
	w.yes("isMultiline", i.multiline)
	w.num("maxLength", i.max)
	w.str("style", i.style)
	w.close()
}

// inputDate is a day, as 2026-03-16.
type inputDate struct{ field }

func (i inputDate) write(w *writer) {
	i.field.write(w, "Input.Date")
	w.close()
}

// inputTime is a time of day, as 14:00.
type inputTime struct{ field }

func (i inputTime) write(w *writer) {
	i.field.write(w, "Input.Time")
	w.close()
}

// Choice is one of the values of an inputChoice.
type Choice struct {
	Title string
	Value string
}

// inputChoice is a choice of one value, or of several joined by commas.
type inputChoice struct {
	field
	choices  []Choice
	multiple bool
}

func (i inputChoice) write(w *writer) {
	i.field.write(w, "Input.ChoiceSet")
	w.yes("isMultiSelect", i.multiple)
	w.yes("wrap", true)
	if i.multiple {
		w.str("style", "expanded")
	}
	w.raw(`,"choices":[`)
	for n, c := range i.choices {
		w.comma(n)
		w.raw(`{"title":`)
		w.quote(c.Title)
		w.key("value")
		w.quote(c.Value)
		w.close()
	}
	w.raw("]")
	w.close()
}

// inputToggle is a switch, "true" or "false".
type inputToggle struct {
	field
	title string
}

func (i inputToggle) write(w *writer) {
	i.field.write(w, "Input.Toggle")
	w.key("title")
	w.quote(i.title)
	w.yes("wrap", true)
	w.close()
}
