package cards

import (
	"slices"

	"vuosikello/store"
)

// Measures is the list of measures, each with its latest value, how it changed and its goal.
type Measures struct {
	Measures  []*store.Measure // by name
	Campaigns []string         // that are followed or may be, for buttons
}

// Card builds the card.
func (s Measures) Card(l Lang) Card {
	n := len(s.Measures)
	title := l.T("measure.list")
	c := Card{Summary: l.T("measure.list_summary", "n", n), Body: header(l.T("measure.list_kind", "n", n), title)}
	if n == 0 {
		c.Body = append(c.Body, paragraph(l.T("measure.empty")), note(l.T("measure.import")))
	}
	c.Body = append(c.Body, fold(l, n, func(i int) row {
		m := s.Measures[i]
		first, second := clip(m.Name, showName), l.kind(m)
		if last, ok := m.Latest(); ok {
			first += " · " + l.Quantity(last.Value, m.Unit)
			second = dotted(l.Period(last.Period), l.compared(m, last))
		}
		return row{first: Text(first), second: Text(dotted(second, l.goal(m)))}
	})...)
	c.Actions = append(c.Actions, command(l.T("measure.actions"), l.Word("command.measures")+" "+l.Word("measure.word.actions")))
	if open := s.open(l); len(open) > 0 {
		c.Actions = append(c.Actions, ShowCard{Title: l.T("measure.open"), Body: open})
	}
	c.Actions = append(c.Actions, recordHelp(l, nil))
	return c
}

// maxMeasureButtons is how many measures, or campaigns, have a button.
const maxMeasureButtons = 18

func (s Measures) open(l Lang) []Element {
	word := l.Word("command.measures") + " "
	var names []string
	for _, m := range s.Measures {
		names = append(names, m.Name)
	}
	body := l.nameButtons(names, word)
	if campaigns := l.nameButtons(s.Campaigns, word+l.Word("measure.word.campaign")+" "); len(campaigns) > 0 {
		body = append(append(body, subheading(l.T("clock.campaigns"))), campaigns...)
	}
	return body
}

// showButton is how much of a name a button shows: more would not fit on a phone.
const showButton = 32

// nameButtons are buttons of names, each of which stands for a command that ends in it. Very long names have none.
func (l Lang) nameButtons(names []string, word string) []Element {
	var buttons []Action
	for _, name := range names {
		if len(word)+len(name) <= showTitle && len(buttons) < maxMeasureButtons {
			buttons = append(buttons, command(clip(name, showButton), word+name))
		}
	}
	body := buttonRows(buttons)
	if rest := len(names) - len(buttons); rest > 0 {
		body = append(body, note(l.T("common.others", "n", rest)))
	}
	return body
}

// recordHelp tells how to record a value, of a measure or, with nil, of a new one.
func recordHelp(l Lang, m *store.Measure) ShowCard {
	s := ShowCard{Title: l.T("measure.record"), Body: []Element{paragraph(l.T("measure.record_new", "example", l.T("measure.example")))}}
	if m == nil {
		s.Body = append(s.Body, note(l.T("measure.import")))
		return s
	}
	name := clip(m.Name, store.MaxMeasureName)
	begin := l.Word("command.measures") + " " + name + " " + l.T("measure.example_period")
	s.Body = []Element{
		paragraph(l.T("measure.record_value", "example", begin+" "+l.T("measure.example_value"))),
		paragraph(l.T("measure.record_goal", "example", begin+" "+l.Word("measure.word.goal")+" "+l.T("measure.example_value"))),
		paragraph(l.T("measure.record_remove", "example", l.Word("command.measures")+" "+l.Word("word.remove")+" "+name+" "+l.T("measure.example_period"))),
		note(l.T("measure.periods")),
	}
	return s
}

func (l Lang) kind(m *store.Measure) string {
	if m.Kind == store.Level {
		return l.T("measure.kind.level")
	}
	return l.T("measure.kind.cumulative")
}

// compared says how a value differs from the one to compare it with: "+35 000 (+87 %) verrattuna: 2023".
func (l Lang) compared(m *store.Measure, at store.MeasurePoint) string {
	before, ok := m.Compared(at)
	if !ok {
		return ""
	}
	return l.T("measure.compared", "change", l.change(at.Value, before.Value, m.Unit), "period", l.Period(before.Covers()))
}

// goal says what the goal is that matters at the latest value, or now, and how far it is reached.
func (l Lang) goal(m *store.Measure) string {
	last, _ := m.Latest()
	g, ok := m.GoalAt(last.End)
	if !ok {
		return ""
	}
	return l.T("measure.goal", "goal", l.reached(m, g))
}

// reached writes a goal: "100 000 käyttäjää (31.12.2025), josta 75 %".
func (l Lang) reached(m *store.Measure, g store.MeasureGoal) string {
	text := l.Quantity(g.Goal, m.Unit)
	if g.Period != (store.Period{}) {
		text += " (" + l.Period(g.Period) + ")"
	}
	if share := l.percent(g.Reached.Value, g.Goal); g.Reached.Known && share != "" {
		text = l.T("measure.reached", "goal", text, "share", share)
	}
	return text
}

// MeasureSeries is one measure with its values.
type MeasureSeries struct {
	Measure *store.Measure
	Saved   string // a sentence about what was just recorded, "" for none
	Warning string // a sentence about something odd in it, "" for none
}

// Card builds the card.
func (s MeasureSeries) Card(l Lang) Card {
	m := s.Measure
	kind := l.T("measure.kind", "kind", l.kind(m))
	c := Card{Summary: l.T("measure.summary", "name", Clean(clip(m.Name, showTitle))), Body: header(kind, m.Name)}
	if saved := clip(s.Saved, showText); saved != "" {
		c.Body = append(c.Body, TextBlock{Text: Text("✓ " + saved), Color: colorGood, Spacing: spacingSmall})
	}
	if warning := clip(s.Warning, showText); warning != "" {
		c.Body = append(c.Body, TextBlock{Text: Text("△ " + warning), Color: colorWarning, Spacing: spacingSmall})
	}
	c.Body = append(c.Body, FactSet{Facts: s.facts(l), Spacing: spacingMedium})
	series := m.Series()
	if len(series) > 1 {
		c.Body = append(c.Body, s.chart(l, series))
	}
	points := slices.Clone(m.Points)
	slices.Reverse(points)
	c.Body = append(c.Body, subheading(l.T("measure.values")))
	c.Body = append(c.Body, fold(l, len(points), func(i int) row { return s.row(l, points[i], series) })...)
	c.Actions = []Action{command(l.T("measure.all"), l.Word("command.measures")), recordHelp(l, m)}
	return c
}

func (s MeasureSeries) facts(l Lang) []Fact {
	m := s.Measure
	var f facts
	if last, ok := m.Latest(); ok {
		f.add(l.T("measure.latest"), l.Quantity(last.Value, m.Unit)+" ("+l.Period(last.Period)+")")
		f.add(l.T("measure.change"), l.compared(m, last))
		if g, ok := m.GoalAt(last.End); ok {
			f.add(l.T("measure.goal_fact"), l.reached(m, g))
		}
		if m.Kind == store.Cumulative && len(m.Series()) > 1 {
			series := m.Series()
			all := m.Total(store.Period{Start: series[0].Start, End: last.End})
			if all.Complete {
				f.add(l.T("measure.total"), l.Quantity(all.Value, m.Unit)+" ("+l.Period(all.Covers())+")")
			}
		}
		f.add(l.T("measure.source"), clip(last.Source, showName))
		return f
	}
	if g, ok := m.GoalAt(0); ok {
		f.add(l.T("measure.goal_fact"), l.reached(m, g))
	}
	return f
}

func (s MeasureSeries) chart(l Lang, series []store.MeasurePoint) Chart {
	c := Chart{Lang: l, Kind: chartBars, Title: clip(s.Measure.Name, showName), Series: []ChartSeries{{Legend: clip(s.Measure.Name, showName)}}}
	if s.Measure.Unit != "" {
		c.Title += ", " + clip(s.Measure.Unit, store.MaxUnit)
	}
	// A line would have its days named by the client, in whatever language: bars are named here.
	for _, at := range series {
		c.Series[0].Points = append(c.Series[0].Points, ChartPoint{l.shortPeriod(at.Period), at.Value})
	}
	return c
}

func (s MeasureSeries) row(l Lang, at store.MeasurePoint, series []store.MeasurePoint) row {
	m := s.Measure
	r := row{first: Text(l.Period(at.Period))}
	var second string
	if at.HasValue {
		r.first = Text(l.Period(at.Period) + " · " + l.Quantity(at.Value, m.Unit))
		second = l.compared(m, at)
	}
	if at.HasGoal {
		second = dotted(second, l.T("measure.goal", "goal", l.Quantity(at.Goal, m.Unit)))
	}
	if at.HasValue && !slices.ContainsFunc(series, func(p store.MeasurePoint) bool { return p.Period == at.Period }) {
		second = dotted(second, l.T("measure.overlaps"))
	}
	if last, ok := m.Latest(); !ok || at.Source != last.Source { // that one stands above
		second = dotted(second, clip(at.Source, showName))
	}
	r.second = Text(second)
	return r
}
