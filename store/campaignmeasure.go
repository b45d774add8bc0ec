package store

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CampaignRun is one year's round of a campaign: what its entries in that year's clocks cover.
type CampaignRun struct {
	Campaign string
	Year     int    // of the clocks
	Period   Period // from the first day of its occurrences to the last, without cancelled ones; zero: all were cancelled
	Actions  Actions
	Goals    []string // as the entries have them, each once
}

// CampaignMeasure is a measure that a campaign is followed by: its figures before, during and after. They stand beside
// each other and say nothing about what caused what.
//
// The figures of a cumulative measure are those of whole units of its own: a campaign of 12.1.–27.2. with a monthly measure
// has January and February during, November and December before, March and April after. The unit is the finest in which
// the days of the campaign are recorded. Those of a level are the last before its first day, the last within it and the
// first after its last day.
type CampaignMeasure struct {
	Measure               *Measure
	Goal                  MeasureGoal
	HasGoal               bool
	Named                 bool // an entry's goal names the measure; it is not for taking away here
	Before, During, After CampaignFigure
}

// CampaignFigure is a measure's figure for the days that it was looked for in.
type CampaignFigure struct {
	MeasureTotal
	Window Period
}

// figures fills in the figures of a run.
func (c *CampaignMeasure) figures(run Period) {
	m := c.Measure
	if run == (Period{}) {
		return
	}
	if m.Kind == Level {
		for _, at := range m.Points {
			f := CampaignFigure{Window: at.Period, MeasureTotal: MeasureTotal{Value: at.Value, Known: true, Complete: true, Periods: []Period{at.Period}}}
			switch {
			case !at.HasValue:
			case at.End < run.Start:
				c.Before = f
			case at.End <= run.End:
				c.During = f
			case !c.After.Known:
				c.After = f
			}
		}
		return
	}
	unit := m.unitOf(run)
	at := func(from, to Date) CampaignFigure {
		p := Period{from, to}
		return CampaignFigure{m.Total(p), p}
	}
	first, last := PeriodOf(unit, run.Start).Start, PeriodOf(unit, run.End).End
	before, after := first, last
	for d := first; d <= last; d = PeriodOf(unit, d).End + 1 {
		before, after = PeriodOf(unit, before-1).Start, PeriodOf(unit, after+1).End
	}
	c.Before, c.During, c.After = at(before, first-1), at(first, last), at(last+1, after)
	if slices.ContainsFunc(c.During.Periods, func(p Period) bool { return p.End < run.Start || p.Start > run.End }) {
		c.During.MeasureTotal = MeasureTotal{}
	}
}

// unitOf returns the unit in which a campaign's days are recorded: the finest in which all are, else in which some are,
// else in which those before are; a month when nothing is known. Only what touches the campaign's own days counts: the
// spring is not during a campaign of the autumn, though both are of the same year.
func (m *Measure) unitOf(run Period) PeriodUnit {
	unit, best := UnitMonth, 0
	for u := UnitDay; u < UnitSpan; u++ {
		first := PeriodOf(u, run.Start).Start
		during, before := m.Total(Period{first, PeriodOf(u, run.End).End}), m.Total(PeriodOf(u, first-1))
		outside := slices.ContainsFunc(during.Periods, func(p Period) bool { return p.End < run.Start || p.Start > run.End })
		worth := 0
		switch {
		case during.Complete && !outside:
			worth = 3
		case during.Known && !outside:
			worth = 2
		case before.Complete:
			worth = 1
		}
		if worth > best {
			unit, best = u, worth
		}
	}
	return unit
}

// reached is what counts towards the campaign's own goal: what was counted during it, or the level at its end.
func (c *CampaignMeasure) reached(run Period) MeasureTotal {
	if c.Measure.Kind == Cumulative {
		return c.During.MeasureTotal
	}
	return c.Measure.reached(run)
}

// namedIn returns those of the measures that a goal's text names, as words of their own: "Rekisteröityneet asukkaat, 100 000
// vuoden lopussa" names one of that name, and none that is called "Asukkaat".
func namedIn(goals []string, measures []*Measure) map[int64]bool {
	byLength := slices.SortedStableFunc(slices.Values(measures), func(a, b *Measure) int { return cmp.Compare(len(b.Name), len(a.Name)) })
	named := map[int64]bool{}
	for _, g := range goals {
		text := Key(g)
		for _, m := range byLength {
			name := Key(m.Name)
			for from := 0; ; {
				i := strings.Index(text[from:], name)
				if i < 0 {
					break
				}
				i += from
				from = i + len(name)
				before, _ := utf8.DecodeLastRuneInString(text[:i])
				after, _ := utf8.DecodeRuneInString(text[from:])
				if isWordRune(before) || isWordRune(after) {
					continue
				}
				named[m.ID] = true
				text = text[:i] + strings.Repeat("\n", len(name)) + text[from:] // a shorter name is not looked for there
			}
		}
	}
	return named
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// CampaignRun returns a campaign's round of a year; year 0 is the one that began last, else the first to come. It fails with
// NotFound when the campaign has no entries then.
func (tx *Tx) CampaignRun(campaign string, year int, today Date) (CampaignRun, error) {
	entries, done, err := tx.entriesWithDone(EntryFilter{Campaign: campaign})
	if err != nil {
		return CampaignRun{}, err
	}
	runs := map[int]*CampaignRun{}
	for _, e := range entries {
		r := runs[e.Clock.Year]
		if r == nil {
			r = &CampaignRun{Campaign: e.Campaign, Year: e.Clock.Year}
			runs[e.Clock.Year] = r
		}
		r.add(e, done[e.ID])
	}
	var best *CampaignRun
	for _, r := range runs {
		begun := r.Period.Start <= today
		switch {
		case year != 0 && r.Year != year:
		case best == nil, begun && (best.Period.Start > today || r.Year > best.Year), !begun && best.Period.Start > today && r.Year < best.Year:
			best = r
		}
	}
	if best == nil {
		return CampaignRun{}, NotFound("error.campaign_year", "name", cut(campaign), "year", strconv.Itoa(year))
	}
	return *best, nil
}

func (r *CampaignRun) add(e *Entry, done map[Date]bool) {
	if e.Goal != "" && !slices.Contains(r.Goals, e.Goal) {
		r.Goals = append(r.Goals, e.Goal)
	}
	for _, o := range e.Occurrences() {
		r.Actions.add(e, o, done)
		if e.State == Cancelled {
			continue
		}
		if r.Period.Start == 0 || o.Start < r.Period.Start {
			r.Period.Start = o.Start
		}
		r.Period.End = max(r.Period.End, o.End)
	}
}
