package cards

import (
	"math"
	"strconv"
	"time"

	"vuosikello/store"
)

// scene draws the wheel. least is the smallest type that can be read, lowest the least height of a lane.
func (w Wheel) scene(l Lang, rows []WheelRow, least, lowest float64, link func(entry string, month time.Month) string) *scene {
	s := &scene{width: 2 * centre, height: 2 * centre, title: w.Title(l), alt: w.alt(l, rows)}
	d := newDial(w.Year)
	s.disc(inkBack, centre, centre, centre-1)
	today := w.Today.Year() == w.Year
	lay := layOut(rows, w.Year, least, lowest)
	w.grid(s, d, lay.inner(), today)
	w.rim(s, l, d, today, link)
	w.rings(s, l, d, rows, lay, link)
	if today {
		// The hand lies over the rings as a line that is seen on every colour.
		a := (d.at(w.Today) + d.at(w.Today+1)) / 2
		s.spoke(inkBack, lay.inner(), weekInner, a, 5.5)
		s.spoke(inkToday, lay.inner(), weekInner, a, 2.5)
	}
	w.hub(s, l, today)
	return s
}

// grid draws the borders of the months and weeks, and this week.
func (w Wheel) grid(s *scene, d dial, inner float64, today bool) {
	first := d.first
	end := store.NewDate(w.Year+1, time.January, 1)
	if today {
		monday := mondayOf(w.Today)
		s.band(inkNow, inner, weekInner, d.at(max(monday, first)), d.at(min(monday+7, end)))
	}
	for day := mondayOf(first) + 7; day < end; day += 7 {
		s.spoke(inkFaint, inner, weekInner, d.at(day), 1)
	}
	for m := time.January; m <= time.December; m++ {
		s.spoke(inkLine, inner, weekInner, d.at(store.NewDate(w.Year, m, 1)), 1.4)
	}
}

func mondayOf(d store.Date) store.Date { return d - store.Date((d.Weekday()+6)%7) }

// rim draws the months and the weeks.
func (w Wheel) rim(s *scene, l Lang, d dial, today bool, link func(string, time.Month) string) {
	for m := time.January; m <= time.December; m++ {
		a0, a1 := d.at(store.NewDate(w.Year, m, 1)), d.at(store.NewDate(w.Year, m+1, 1))
		s.open(upperFirst(l.MonthYear(w.Year, m)), linked(link, "", m))
		ground := inkRim
		if m%2 == 0 {
			ground = inkRimAlt
		}
		s.band(ground, rimInner, rimOuter, a0, a1)
		s.add(shape{kind: shapeArcText, ink: inkText, r0: rimInner, r1: rimOuter, a0: a0, a1: a1, size: 23, text: l.Month(m), bold: true})
		s.close()
		s.spoke(inkBack, rimInner, rimOuter, a0, 2)
	}
	first, end := d.first, store.NewDate(w.Year+1, time.January, 1)
	for monday := mondayOf(first); monday < end; monday += 7 {
		from, to := max(monday, first), min(monday+7, end)
		_, week := monday.ISOWeek()
		number := inkSubtle
		if today && w.Today >= from && w.Today < to {
			s.band(inkToday, weekInner, rimInner, d.at(from), d.at(to))
			number = inkOnToday
		} else if monday > first {
			s.spoke(inkLine, weekInner, rimInner-2, d.at(monday), 1)
		}
		if to-from >= 4 {
			s.add(shape{kind: shapeArcText, ink: number, r0: weekInner, r1: rimInner, a0: d.at(from), a1: d.at(to), size: 18, text: strconv.Itoa(week), bold: number == inkOnToday})
		}
	}
	s.band(inkLine, weekInner-1, weekInner, 0, 1)
}

func linked(link func(string, time.Month) string, entry string, m time.Month) string {
	if link == nil {
		return ""
	}
	return link(entry, m)
}

func (s *scene) open(title, href string) {
	s.add(shape{kind: shapeOpen, title: title, href: href})
}

func (s *scene) close() { s.add(shape{kind: shapeClose}) }

// rings draws the entries.
func (w Wheel) rings(s *scene, l Lang, d dial, rows []WheelRow, lay wheelLayout, link func(string, time.Month) string) {
	for _, p := range lay.places {
		r := &rows[p.row]
		s.open(r.describe(), linked(link, r.Entry, 0))
		outer := laneOuter - float64(p.lane)*lay.height
		inner := outer - lay.height
		if !r.series { // the lanes of series touch each other: their borders are much of what makes a picture large
			inner += laneGap
		}
		w.entry(s, d, r, p, inner, outer)
		s.close()
	}
	if len(lay.rest) > 0 {
		w.countRest(s, l, d, rows, lay.rest)
	}
}

// describe is an entry in a line, as its tooltip says it.
func (r *WheelRow) describe() string {
	text := strconv.Itoa(r.Number) + " " + r.Title + ", " + r.When
	if r.Owner != "" {
		text += " · " + r.Owner
	}
	return text
}

// entry draws one entry between two radii.
func (w Wheel) entry(s *scene, d dial, r *WheelRow, p wheelPlace, r0, r1 float64) {
	height := r1 - r0
	fill, on, tint := inkFill+ink(r.Colour), inkOn+ink(r.Colour), inkTint+ink(r.Colour)
	if p.lane%2 == 1 {
		tint = inkTintAlt + ink(r.Colour)
	}
	text := shape{kind: shapeArcText, ink: on, r0: r0, r1: r1, a0: p.a0, a1: p.a1, size: p.size, lead: p.lead, text: p.label}
	if text.text != "" && text.lead != "" {
		text.lead += " "
	}
	if r.series {
		s.band(tint, r0, r1, p.a0, p.a1)
		at, radius := r0+0.19*height, markRadius(height, true)
		if !p.named {
			at, radius = (r0+r1)/2, 0.34*height
		}
		for i, o := range r.occurrences {
			a0, a1 := d.at(o.Start), d.at(o.End+1)
			if i > 0 && (a0-d.at(r.occurrences[i-1].Start))*2*math.Pi*at < 2.2*radius {
				// Marks that would touch are one band: every day, or every other in a small ring.
				s.band(fill, at-radius/2, at+radius/2, d.at(r.occurrences[i-1].Start), a1)
				continue
			}
			x, y := polar(at, (a0+a1)/2)
			s.disc(fill, x, y, radius)
		}
		text.ink, text.a0, text.a1 = inkText, p.l0, p.l1
		if p.named {
			text.r0 = r0 + 0.32*height
		}
		s.label(text)
		return
	}
	s.band(fill, r0, r1, p.a0, p.a1)
	if p.beside {
		text.ink, text.a0, text.a1 = inkText, p.l0, p.l1
	}
	s.label(text)
}

func (s *scene) label(t shape) {
	if t.lead != "" || t.text != "" {
		s.add(t)
	}
}

// countRest draws, inside the lanes, how many entries there was no room for in each week: the more, the taller.
func (w Wheel) countRest(s *scene, l Lang, d dial, rows []WheelRow, rest []int) {
	counts := map[store.Date]int{}
	most := 0
	for _, i := range rest {
		seen := store.Date(0)
		for _, o := range rows[i].occurrences {
			for monday := max(mondayOf(o.Start), seen+1); monday <= o.End; monday = mondayOf(monday + 7) {
				seen = mondayOf(monday)
				counts[seen]++
				most = max(most, counts[seen])
			}
		}
	}
	s.open(l.T("common.others", "n", len(rest)), "")
	end := store.NewDate(w.Year+1, time.January, 1)
	for monday := mondayOf(d.first); monday < end; monday += 7 {
		if n := counts[monday]; n > 0 {
			s.band(inkSubtle, hubRadius, hubRadius+(laneInner-hubRadius)*float64(n)/float64(most), d.at(max(monday, d.first)), d.at(min(monday+7, end)))
		}
	}
	s.close()
}

// hub writes the year, and today, in the middle.
func (w Wheel) hub(s *scene, l Lang, today bool) {
	s.disc(inkBack, centre, centre, hubRadius-3)
	year := shape{kind: shapeText, ink: inkText, x: centre, y: centre + 0.36*72, size: 72, text: strconv.Itoa(w.Year), bold: true}
	if today {
		_, week := w.Today.ISOWeek()
		year.y = centre + 4
		s.add(shape{kind: shapeText, ink: inkToday, x: centre, y: centre + 46, size: 28, text: l.T("wheel.week", "week", strconv.Itoa(week)), bold: true},
			shape{kind: shapeText, ink: inkSubtle, x: centre, y: centre + 76, size: 21, text: l.T("date.today") + " " + l.Date(w.Today, w.Today)})
	}
	s.add(year)
	if name := clip(plainText(w.Clock), showName); name != "" && store.Key(name) != store.DefaultClock {
		s.add(shape{kind: shapeText, ink: inkSubtle, x: centre, y: centre - 62, size: 19, text: regular().fit(name, 175.0/19)})
	}
}

// polar is the place at a radius and an angle.
func polar(r, a float64) (x, y float64) {
	sin, cos := math.Sincos(2 * math.Pi * a)
	return centre + r*sin, centre - r*cos
}
