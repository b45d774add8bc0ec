package cards

import (
	"strings"

	"vuosikello/store"
)

// The charts of Teams, which Adaptive Cards 1.5 does not have. Where one cannot be drawn its fallback is shown, so a card
// has the same numbers as text beside it.
const (
	chartBars    = "Chart.VerticalBar"
	chartGrouped = "Chart.VerticalBar.Grouped"
)

// maxChartPoints is how many values a chart shows of each series, the last ones: more cannot be told apart on a phone.
const maxChartPoints = 24

// Chart is a picture of numbers.
type Chart struct {
	Lang   Lang
	Kind   string
	Title  string        // plain text: charts read no Markdown
	Series []ChartSeries // one for bars that are not grouped
}

// ChartSeries is the bars of one colour.
type ChartSeries struct {
	Legend string
	Points []ChartPoint
}

// ChartPoint is a value and what stands below it.
type ChartPoint struct {
	X string
	Y store.Amount
}

func (c Chart) write(w *writer) {
	w.open(c.Kind)
	w.str("title", Clean(c.Title))
	if c.Kind == chartBars {
		w.str("color", "categoricalBlue") // else each bar has another, as if that meant something
	}
	w.raw(`,"data":[`)
	for i, s := range c.Series {
		points := s.Points[max(0, len(s.Points)-maxChartPoints):]
		if c.Kind == chartBars {
			writePoints(w, points)
			break
		}
		w.comma(i)
		w.raw(`{"legend":`)
		w.quote(Clean(s.Legend))
		w.raw(`,"values":[`)
		writePoints(w, points)
		w.raw("]}")
	}
	w.raw(`],"fallback":`)
	c.fallback().write(w)
	w.close()
}

// maxFallbackPoints is how many values of each series the text in place of a chart has.
const maxFallbackPoints = 12

// fallback is the chart in words: a line for each series.
func (c Chart) fallback() Element {
	var lines []string
	for _, s := range c.Series {
		var parts []string
		for _, p := range s.Points[max(0, len(s.Points)-maxFallbackPoints):] {
			parts = append(parts, p.X+":\u00a0"+c.Lang.Amount(p.Y))
		}
		lines = append(lines, clip(s.Legend, showName)+" – "+strings.Join(parts, " · "))
	}
	return TextBlock{Text: Text(strings.Join(lines, "\n")), Size: sizeSmall, Subtle: true, Spacing: spacingSmall}
}

func writePoints(w *writer, points []ChartPoint) {
	for i, p := range points {
		w.comma(i)
		w.raw(`{"x":`)
		w.quote(p.X)
		w.raw(`,"y":`)
		w.raw(p.Y.String())
		w.raw("}")
	}
}
