package cards

import (
	"fmt"

	"vuosikello/store"
	"vuosikello/store/clockfile"
)

// Import says what a file that somebody sent does, as a form with the inputs year, clock, removeMissing and skipBad, sent
// with [VerbImportApply]; or what it has done.
type Import struct {
	Upload  string
	Name    string             // of the file
	Outcome *clockfile.Outcome // nil while the file cannot be read without what the form asks for
	Clashes []store.Clash      // of what it brings with the plan, as of clockfile.Clashes
	Done    bool               // it was carried out: there is no form any more
	Values  map[string]string  // by input, as typed
	Errors  map[string]string  // by input, sentences; "" for the form as a whole
	Today   store.Date
}

// Card builds the card.
func (i Import) Card(l Lang) Card {
	state := "import.state_dry"
	if i.Done {
		state = "import.state_done"
	}
	kind := l.T("import.kind") + " · " + l.T(state)
	c := Card{Summary: kind + ": " + Clean(clip(i.Name, showName)), Body: header(kind, i.Name)}
	if i.Done {
		c.Body = append(c.Body, TextBlock{Text: Text("✓ " + l.T("import.done")), Color: colorGood, Weight: weightBolder, Spacing: spacingSmall})
	} else {
		c.Body = append(c.Body, paragraph(l.T("import.nothing_yet")))
	}
	if i.Outcome != nil {
		c.Body = append(c.Body, i.report(l)...)
	}
	if i.Done {
		c.Actions = []Action{commandButton(l, "upcoming")}
		return c
	}
	in := inputs{l: l, values: i.Values, errors: i.Errors}
	c.Body = append(append(c.Body, in.problems()...), i.form(&in)...)
	c.Actions = []Action{
		Execute{Title: l.T("import.apply"), Style: stylePositive, Data: Data{Verb: VerbImportApply, Upload: i.Upload}},
		Execute{Title: l.T("import.cancel"), Data: Data{Verb: VerbImportCancel, Upload: i.Upload}, Alone: true},
	}
	return c
}

// report is what the file does: in numbers, then what is to be corrected, then change by change.
func (i Import) report(l Lang) []Element {
	o := i.Outcome
	var f facts
	count := func(key string, n int) {
		if n > 0 {
			f.add(l.T(key), l.Number(n))
		}
	}
	switch o.File.Kind {
	case clockfile.YearClock:
		var clocks []string
		for _, c := range o.File.Clocks {
			clocks = append(clocks, fmt.Sprintf("%s %d", c.Name, c.Year))
		}
		f.add(l.T("import.clocks"), l.join(clocks, showNames))
		count("import.count_added", o.Count(clockfile.Added))
		count("import.count_changed", o.Count(clockfile.Changed)+o.Count(clockfile.Moved))
		if n := o.Count(clockfile.Missing); o.RemoveMissing {
			count("import.count_removed", n)
		}
		count("import.count_same", o.Count(clockfile.Same))
		count("import.count_skipped", o.Skipped)
	default:
		f.add(l.T("import.counts_fact"), ImportCounts(o, l))
	}
	out := []Element{FactSet{Facts: f, Spacing: spacingMedium}}
	if o.Unchanged() && len(o.Problems) == 0 {
		out = append(out, paragraph(l.T("import.unchanged")))
	}
	problem := func(list []clockfile.Problem) func(int) string {
		return func(n int) string {
			p := list[n]
			p.File = "" // it is the card's title
			return ImportProblem(p, l)
		}
	}
	out = append(out, lines{"problems", "import.problems", "△ "}.elements(l, len(o.Problems), problem(o.Problems))...)
	out = append(out, lines{"clashes", "import.clashes", "△ "}.elements(l, len(i.Clashes), func(n int) string { return l.Clash(&i.Clashes[n]) })...)
	changes, missing := i.changes(l)
	out = append(out, lines{"changes", "import.changes", ""}.elements(l, len(changes), func(n int) string { return changes[n] })...)
	out = append(out, lines{"missing", "import.missing_list", ""}.elements(l, len(missing), func(n int) string { return missing[n] })...)
	return append(out, lines{"notes", "import.notes", ""}.elements(l, len(o.File.Notes), problem(o.File.Notes))...)
}

// changes are the changes in words, and apart from them the entries that the file does not have and that stay.
func (i Import) changes(l Lang) (list, missing []string) {
	o := i.Outcome
	for n := range o.Changes {
		c := &o.Changes[n]
		if c.Kind == clockfile.Missing && !o.RemoveMissing {
			missing = append(missing, c.Old.Title+" ("+l.Range(c.Old.Start, c.Old.End, i.Today)+")")
		} else if text := ImportChange(c, o.RemoveMissing, l, i.Today); text != "" {
			list = append(list, text)
		}
	}
	for _, c := range o.Measures {
		if text := ImportMeasure(c, l); text != "" {
			list = append(list, text)
		}
	}
	return list, missing
}

// form is the inputs. What a year clock alone needs, and what seldom is needed, comes after what the file asks for.
func (i Import) form(in *inputs) []Element {
	if i.Outcome != nil && len(i.Outcome.Problems) > 0 {
		in.toggle("skipBad", "import.skip_bad")
	}
	if i.Outcome == nil || i.Outcome.File.Kind == clockfile.YearClock {
		if i.Outcome != nil && i.Outcome.Count(clockfile.Missing) > 0 {
			in.toggle("removeMissing", "import.remove_missing")
		}
		front := in.list
		in.list = nil
		in.text("year", "import.year", inputText{placeholder: in.l.T("import.year_hint"), max: 4})
		in.text("clock", "import.clock", inputText{placeholder: store.DefaultClock, max: store.MaxTitle})
		if i.Errors["year"] != "" || i.Errors["clock"] != "" {
			return append(front, in.list...)
		}
		return append(front,
			ActionSet{ID: "fold", Actions: []Action{ToggleVisibility{Title: in.l.T("import.more"), Targets: []string{"fold", "rest"}}}},
			Container{ID: "rest", Hidden: true, Items: in.list})
	}
	return in.list
}

// lines is a list of sentences under a heading: five in sight and the rest behind a button, as far as a card holds them.
type lines struct {
	id      string // of the part behind the button
	heading string // a text with {n}
	mark    string // before each
}

const (
	linesInSight = 5
	linesMax     = 40
	lineMax      = 240 // characters
	linesBytes   = 9000
)

func (s lines) elements(l Lang, n int, at func(int) string) []Element {
	if n == 0 {
		return nil
	}
	row := func(k int) TextBlock {
		return TextBlock{Text: Text(s.mark + clip(at(k), lineMax)), Size: sizeSmall, Spacing: spacingSmall}
	}
	out := []Element{subheading(l.T(s.heading, "n", n))}
	for k := range min(n, linesInSight) {
		out = append(out, row(k))
	}
	if n <= linesInSight {
		return out
	}
	var rest []Element
	shown, bytes := linesInSight, 0
	for ; shown < min(n, linesMax) && bytes < linesBytes; shown++ {
		r := row(shown)
		bytes += len(r.Text)
		rest = append(rest, r)
	}
	title := l.T("common.show_all", "n", n)
	if shown < n {
		rest = append(rest, note(l.T("common.others", "n", n-shown)))
		title = l.T("common.show_first", "n", shown)
	}
	show := s.id + "Show"
	return append(out,
		ActionSet{ID: show, Actions: []Action{ToggleVisibility{Title: title, Targets: []string{show, s.id}}}},
		Container{ID: s.id, Hidden: true, Items: rest})
}

// ImportCancelled says that a file was not imported.
type ImportCancelled struct{ Name string }

// Card builds the card.
func (i ImportCancelled) Card(l Lang) Card {
	return Message{Kind: l.T("import.kind") + " · " + l.T("import.state_cancelled"), Title: i.Name, Text: l.T("import.cancelled")}.Card(l)
}
