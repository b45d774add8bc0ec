package store

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// MeasureKind tells how the values of a measure go together.
type MeasureKind string

// The kinds of measure, as files and exports name them. A measure's kind is fixed by its first value: a sum of levels, or a
// last one of counts, would mean nothing.
const (
	Cumulative MeasureKind = "kertymä" // counted over a period; periods that do not overlap can be summed
	Level      MeasureKind = "tilanne" // a level at the end of its period; the last one counts
)

// Measure is a number followed over time, with all that is known of it.
type Measure struct {
	ID     int64
	Name   string // compared without case
	Kind   MeasureKind
	Unit   string         // of every value and goal, "" when none is known
	Points []MeasurePoint // by last day, then first day; each period once
}

// MeasurePoint is what is known of a measure for one period: a value, a goal, or both.
type MeasurePoint struct {
	Period
	Value    Amount
	HasValue bool
	Goal     Amount
	HasGoal  bool
	Source   string // where the numbers come from, "" when not told
}

// SourceTyped is the source of a value that somebody typed in; the audit log tells who.
const SourceTyped = "Teams"

// Limits on a measure's texts, in characters.
const (
	MaxMeasureName = 120
	MaxUnit        = 40
)

// MeasureRecord is what somebody, or a row of a file, says of a measure for one period.
type MeasureRecord struct {
	Name   string
	Kind   MeasureKind // "" is the measure's own; a new measure needs one
	Unit   string      // "" is the measure's own
	Period Period
	Value  *Amount // nil: says nothing of it
	Goal   *Amount // likewise
	Source string  // "" says nothing of it
}

// Normalize trims the texts and checks the record by itself. The error is of kind Invalid and names the field.
func (r *MeasureRecord) Normalize() error {
	r.Name = strings.Join(strings.Fields(r.Name), " ")
	r.Unit = strings.Join(strings.Fields(r.Unit), " ")
	r.Source = strings.Join(strings.Fields(r.Source), " ")
	switch {
	case !strings.ContainsFunc(r.Name, unicode.IsLetter):
		return Invalid("name", "invalid.measure_name")
	case runes(r.Name) > MaxMeasureName:
		return Invalid("name", "invalid.too_long", "max", MaxMeasureName)
	case runes(r.Unit) > MaxUnit:
		return Invalid("unit", "invalid.too_long", "max", MaxUnit)
	case runes(r.Source) > MaxTitle:
		return Invalid("source", "invalid.too_long", "max", MaxTitle)
	case r.Value == nil && r.Goal == nil:
		return Invalid("value", "invalid.measure_empty")
	}
	return nil
}

// MeasureChange is what a record does to a measure.
type MeasureChange struct {
	Measure *Measure     // as it is then
	New     bool         // the measure is a new one
	Unit    bool         // its unit was not known before
	Had     bool         // there was something for the period
	Old     MeasurePoint // what there was
	Now     MeasurePoint
}

// Same reports whether the record changes nothing.
func (c *MeasureChange) Same() bool { return c.Had && c.Old == c.Now && !c.Unit }

// Apply lays a normalised record over the measure that it is about; nil stands for one that is not known, which is made.
// It fails with Invalid, and changes nothing, when the record does not fit.
func (r *MeasureRecord) Apply(m *Measure) (*MeasureChange, error) {
	c := &MeasureChange{Measure: m, New: m == nil}
	switch {
	case m != nil:
		if err := r.fits(m); err != nil {
			return nil, err
		}
	case r.Kind == "":
		return nil, Invalid("kind", "invalid.measure_kind_missing", "name", r.Name)
	default:
		c.Measure = &Measure{Name: r.Name, Kind: r.Kind}
	}
	if c.Measure.Unit == "" && r.Unit != "" {
		c.Measure.Unit, c.Unit = r.Unit, true
	}
	if c.Old, c.Had = c.Measure.At(r.Period); !c.Had {
		c.Old.Period = r.Period
	}
	c.Now = c.Old
	if r.Value != nil {
		c.Now.Value, c.Now.HasValue = *r.Value, true
	}
	if r.Goal != nil {
		c.Now.Goal, c.Now.HasGoal = *r.Goal, true
	}
	if r.Source != "" {
		c.Now.Source = r.Source
	}
	c.Measure.set(c.Now)
	return c, nil
}

// search finds where a period's point is, or would be.
func (m *Measure) search(p Period) (int, bool) {
	return slices.BinarySearchFunc(m.Points, p, func(at MeasurePoint, p Period) int {
		return cmp.Or(cmp.Compare(at.End, p.End), cmp.Compare(at.Start, p.Start))
	})
}

// At returns what is known of exactly that period. It reports false when nothing is.
func (m *Measure) At(p Period) (MeasurePoint, bool) {
	i, ok := m.search(p)
	if !ok {
		return MeasurePoint{}, false
	}
	return m.Points[i], true
}

func (m *Measure) set(p MeasurePoint) {
	i, ok := m.search(p.Period)
	if ok {
		m.Points[i] = p
	} else {
		m.Points = slices.Insert(m.Points, i, p)
	}
}

// fits checks a record against its measure.
func (r *MeasureRecord) fits(m *Measure) error {
	switch {
	case r.Kind == "" || r.Kind == m.Kind:
	case m.Kind == Level:
		return Invalid("kind", "invalid.measure_is_level", "name", m.Name)
	default:
		return Invalid("kind", "invalid.measure_is_cumulative", "name", m.Name)
	}
	if r.Unit != "" && m.Unit != "" && Key(r.Unit) != Key(m.Unit) {
		return Invalid("unit", "invalid.measure_unit", "name", m.Name, "unit", m.Unit, "other", r.Unit)
	}
	return nil
}

// MeasureTotal is a measure's figure for some days.
type MeasureTotal struct {
	Value    Amount
	Known    bool     // there is a figure at all
	Complete bool     // it is of all the days; of a level, always when there is one
	Periods  []Period // that it was taken from, in order; of a level one, at whose end it was so
}

// Covers returns the first and the last day that the figure is of.
func (t MeasureTotal) Covers() Period {
	if !t.Known {
		return Period{}
	}
	return Period{t.Periods[0].Start, t.Periods[len(t.Periods)-1].End}
}

// Total returns the figure for the days of p. That of a cumulative measure is the sum of recorded periods within p that do
// not overlap: those that together have the most days and, of such, the fewest, so that a year's own figure goes before the
// sum of its months. That of a level is the last within p.
func (m *Measure) Total(p Period) MeasureTotal {
	var within []MeasurePoint
	for _, at := range m.Points {
		if at.HasValue && (m.Kind == Level && at.End >= p.Start && at.End <= p.End || at.Within(p)) {
			within = append(within, at)
		}
	}
	if len(within) == 0 {
		return MeasureTotal{}
	}
	if m.Kind == Level {
		last := within[len(within)-1]
		return MeasureTotal{Value: last.Value, Known: true, Complete: true, Periods: []Period{last.Period}}
	}
	chosen := disjoint(within)
	t := MeasureTotal{Known: true}
	days := 0
	for _, at := range chosen {
		t.Value = t.Value.plus(at.Value)
		t.Periods = append(t.Periods, at.Period)
		days += at.Days()
	}
	t.Complete = days == p.Days()
	return t
}

// disjoint returns those of the points, which are sorted by their last day, that do not overlap, have the most days
// together and are the fewest with that many: weighted interval scheduling.
func disjoint(points []MeasurePoint) []MeasurePoint {
	type best struct {
		days, count int
		take        bool // the last of the points
		before      int  // how many points end before it begins
	}
	table := make([]best, len(points)+1) // of the first i points
	for i, at := range points {
		before, _ := slices.BinarySearchFunc(points[:i], at.Start, func(p MeasurePoint, start Date) int {
			return cmp.Compare(p.End, start) // the first that ends on that day or later overlaps
		})
		b := best{days: table[before].days + at.Days(), count: table[before].count + 1, take: true, before: before}
		if without := table[i]; without.days > b.days || without.days == b.days && without.count <= b.count {
			b = best{days: without.days, count: without.count}
		}
		table[i+1] = b
	}
	var out []MeasurePoint
	for i := len(points); i > 0; {
		if table[i].take {
			out = append(out, points[i-1])
			i = table[i].before
		} else {
			i--
		}
	}
	slices.Reverse(out)
	return out
}

// Series returns the values to draw, in order: of a cumulative measure periods that do not overlap.
func (m *Measure) Series() []MeasurePoint {
	var valued []MeasurePoint
	for _, at := range m.Points {
		if at.HasValue {
			valued = append(valued, at)
		}
	}
	if m.Kind == Cumulative {
		return disjoint(valued)
	}
	return valued
}

// Latest returns the value of the period that ended last, the longest of such. It reports false when there are none.
func (m *Measure) Latest() (MeasurePoint, bool) {
	var last MeasurePoint
	for _, at := range m.Points {
		if at.HasValue && (!last.HasValue || at.End > last.End) { // the longest comes first
			last = at
		}
	}
	return last, last.HasValue
}

// Compared returns the value that the one of a period is to be compared with: of a level the one before; of a cumulative
// measure the same unit right before, else the same days a year earlier. It reports false when the figure is not known
// whole.
func (m *Measure) Compared(at MeasurePoint) (MeasureTotal, bool) {
	if m.Kind == Level {
		var before MeasurePoint
		for _, p := range m.Points {
			if p.HasValue && p.End < at.End {
				before = p
			}
		}
		return MeasureTotal{Value: before.Value, Known: before.HasValue, Complete: true, Periods: []Period{before.Period}}, before.HasValue
	}
	for _, p := range []Period{at.Before(), at.YearBefore()} {
		if t := m.Total(p); t.Complete {
			return t, true
		}
	}
	return MeasureTotal{}, false
}

// MeasureGoal is a goal and how far it is reached.
type MeasureGoal struct {
	Period  Period // the goal is for its end (a level) or for all of it (a cumulative measure); zero: for the campaign
	Goal    Amount
	Reached MeasureTotal // of a level the last value at the period's end or before
}

// GoalAt returns the goal that matters on a day: of the periods that end on it or later the one that ends first, the
// shortest of such, else the one that ended last. It reports false when the measure has no goal.
func (m *Measure) GoalAt(d Date) (MeasureGoal, bool) {
	var g MeasurePoint
	for _, at := range m.Points {
		switch {
		case !at.HasGoal:
		case !g.HasGoal, g.End < d: // a later one
			g = at
		case at.End == g.End && at.Start > g.Start:
			g = at
		}
	}
	if !g.HasGoal {
		return MeasureGoal{}, false
	}
	return MeasureGoal{Period: g.Period, Goal: g.Goal, Reached: m.reached(g.Period)}, true
}

// reached returns how far a measure has come by the end of a period.
func (m *Measure) reached(p Period) MeasureTotal {
	if m.Kind == Level {
		p.Start = 0
	}
	return m.Total(p)
}
