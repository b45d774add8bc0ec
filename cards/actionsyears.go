package cards

import (
	"slices"
	"strconv"
	"strings"

	"vuosikello/store"
)

// YearOfActions is a year's actions: as the year clocks have them, and as a measure has them.
type YearOfActions struct {
	store.YearActions
	Recorded         store.MeasureTotal    // realised actions by the measure of that name
	RecordedQuarters [4]store.MeasureTotal // likewise
}

// PlannedAndDone is what was planned and what came of it, by year and quarter.
type PlannedAndDone struct {
	Years   []YearOfActions // in order
	Measure string          // the measure that Recorded is of, "" when there is none
}

// Card builds the card.
func (s PlannedAndDone) Card(l Lang) Card {
	title := l.T("measure.actions")
	c := Card{Summary: title, Body: header(l.T("measure.actions_kind"), title)}
	years := slices.Clone(s.Years)
	slices.Reverse(years)
	if len(years) == 0 {
		c.Body = append(c.Body, paragraph(l.T("measure.actions_none")))
	} else {
		c.Body = append(c.Body, s.chart(l))
	}
	c.Body = append(c.Body, fold(l, len(years), func(i int) row {
		y := &years[i]
		first := strconv.Itoa(y.Year)
		if t := y.Total(); t.Planned > 0 {
			first += " · " + l.T("measure.done_of", "done", t.Done, "planned", t.Planned)
			if t.Cancelled > 0 {
				first += ", " + l.T("measure.cancelled", "n", t.Cancelled)
			}
		}
		if y.Recorded.Known {
			done := l.T("measure.recorded", "value", l.Amount(y.Recorded.Value))
			if !y.Recorded.Complete {
				done = l.T("measure.recorded_partly", "value", l.Amount(y.Recorded.Value), "period", l.Period(y.Recorded.Covers()))
			}
			first += " · " + done
		}
		return row{first: Text(first), second: Text(s.quarters(l, y))}
	})...)
	if len(years) > 0 {
		c.Body = append(c.Body, note(l.T("measure.actions_note")))
	}
	if s.Measure != "" {
		c.Body = append(c.Body, note(l.T("measure.recorded_note", "name", clip(s.Measure, showName))))
	}
	c.Actions = []Action{command(l.T("measure.all"), l.Word("command.measures"))}
	return c
}

// quarters lists the quarters that have something: "Q1 toteutunut 10/30 · Q2 …".
func (s PlannedAndDone) quarters(l Lang, y *YearOfActions) string {
	var parts []string
	for i, q := range y.Quarters {
		var text []string
		if q.Planned > 0 {
			text = append(text, strconv.Itoa(q.Done)+"/"+strconv.Itoa(q.Planned))
		}
		if t := y.RecordedQuarters[i]; t.Complete {
			text = append(text, l.T("measure.recorded", "value", l.Amount(t.Value)))
		}
		if len(text) > 0 {
			parts = append(parts, "Q"+strconv.Itoa(i+1)+" "+strings.Join(text, ", "))
		}
	}
	return strings.Join(parts, " · ")
}

// chart shows the years side by side.
func (s PlannedAndDone) chart(l Lang) Chart {
	series := []ChartSeries{{Legend: l.T("measure.planned")}, {Legend: l.T("measure.done")}, {Legend: l.T("measure.recorded_legend")}}
	for i := range s.Years {
		y := &s.Years[i]
		x := strconv.Itoa(y.Year)
		if t := y.Total(); t.Planned > 0 {
			series[0].Points = append(series[0].Points, ChartPoint{x, whole(t.Planned)})
			series[1].Points = append(series[1].Points, ChartPoint{x, whole(t.Done)})
		}
		if y.Recorded.Known {
			series[2].Points = append(series[2].Points, ChartPoint{x, y.Recorded.Value})
		}
	}
	// The years stand in the order in which the first series names them.
	if t := series[2].Points; len(t) > 0 && (len(series[0].Points) == 0 || t[0].X < series[0].Points[0].X) {
		series = []ChartSeries{series[2], series[0], series[1]}
	}
	series = slices.DeleteFunc(series, func(c ChartSeries) bool { return len(c.Points) == 0 })
	return Chart{Lang: l, Kind: chartGrouped, Title: l.T("measure.actions"), Series: series}
}

func whole(n int) store.Amount {
	a, _ := store.AmountOf(float64(n)) // a count of occurrences is far within its range
	return a
}
