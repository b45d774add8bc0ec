package cards

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"vuosikello/store"
)

// The rings of a wheel, from the rim inwards, as radii.
const (
	rimOuter  = 497.0
	rimInner  = 457.0 // of the months; the weeks are inside them
	weekInner = 424.0
	laneOuter = 418.0 // of the outermost lane
	laneInner = 136.0
	hubRadius = 124.0
)

const (
	laneTallest = 36.0
	laneGap     = 2.5 // between two lanes
)

// wheelLayout is where the entries of a wheel are.
type wheelLayout struct {
	height float64 // of a lane, the gap included
	places []wheelPlace
	rest   []int // rows for which there is no room
}

// inner is the radius inside which there are no lanes.
func (l *wheelLayout) inner() float64 {
	lanes := 0
	for i := range l.places {
		lanes = max(lanes, l.places[i].lane+1)
	}
	if len(l.rest) > 0 {
		return hubRadius
	}
	return min(laneOuter-float64(lanes)*l.height, 300)
}

// wheelPlace is where an entry is drawn.
type wheelPlace struct {
	row    int
	lane   int // from the outermost
	a0, a1 float64
	// The label is in the arc, or else beside it.
	lead, label string
	size        float64 // of the label's type
	named       bool    // it has a name besides the number
	beside      bool
	l0, l1      float64 // where the label is
}

// dial turns days of a year into angles.
type dial struct {
	first store.Date
	days  float64
}

func newDial(year int) dial {
	first := store.NewDate(year, time.January, 1)
	return dial{first, float64(store.NewDate(year+1, time.January, 1) - first)}
}

// at is the angle at which a day begins.
func (d dial) at(day store.Date) float64 { return float64(day-d.first) / d.days }

// labelSize is the size of the type in a lane: smaller where marks are below it.
func labelSize(height float64, series bool) float64 {
	if series {
		return min(0.56*height, 18)
	}
	return min(0.62*height, 20)
}

// markRadius is that of a series' marks, and of an entry of few days.
func markRadius(height float64, series bool) float64 {
	if series {
		return 0.13 * height
	}
	return 0.3 * height
}

// layOut finds lanes for the rows. Lanes are as tall as they can be; when there are too many for names, entries have their
// numbers only, then nothing, and what then finds no lane is left for the ring that counts. least is the smallest type
// that can be read, lowest the least height of a lane.
func layOut(rows []WheelRow, year int, least, lowest float64) wheelLayout {
	p := &packer{rows: rows, dial: newDial(year), least: least, groups: wheelGroups(rows), widths: make([]nameWidth, len(rows))}
	for i := range rows {
		short := clip(rows[i].Title, besideLetters)
		number := strconv.Itoa(rows[i].Number)
		p.widths[i] = nameWidth{title: regular().width(rows[i].Title), short: regular().width(short), shortened: short, number: number, lead: bold().width(number + " ")}
	}
	var l wheelLayout
	for _, try := range []struct {
		height float64
		beside bool
	}{{laneTallest, true}, {31, true}, {27, true}, {24, true}, {24, false}, {20, true}, {20, false}, {17, true}, {15, false}, {13, false}, {11, false}, {9, false}, {8, false}, {7, false}, {6, false}} {
		if try.height < lowest {
			break
		}
		if l = p.pack(try.height, try.beside); len(l.rest) == 0 {
			break
		}
	}
	for i := range l.places {
		p.name(&l.places[i])
	}
	return l
}

// wheelGroups returns the rows that belong together, in order: groups whose entries do not recur first, each by its
// first day; what belongs to no group is on its own, and what recurs all year is innermost, where rings are short.
func wheelGroups(rows []WheelRow) [][]int {
	index := map[string]int{}
	var groups [][]int
	for i, r := range rows {
		key := store.Key(r.Group)
		at, known := index[key]
		if !known || key == "" {
			at = len(groups)
			index[key] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], i)
	}
	rank := func(g []int) int {
		rank := 0
		for _, i := range g {
			if rows[i].series {
				rank = 1
			}
		}
		if rank == 1 && rows[g[0]].Group == "" {
			rank = 2
		}
		return rank
	}
	slices.SortStableFunc(groups, func(a, b []int) int { return cmp.Compare(rank(a), rank(b)) })
	return groups
}

// packer fills lanes.
type packer struct {
	rows   []WheelRow
	widths []nameWidth
	groups [][]int
	dial   dial
	least  float64
	height float64
	beside bool
	lanes  [][]interval
}

// nameWidth is how wide a row's texts are in a type of size 1.
type nameWidth struct {
	title, short, lead float64
	shortened, number  string
}

type interval struct{ a0, a1 float64 }

func (p *packer) free(lane int, v interval) bool {
	for _, o := range p.lanes[lane] {
		if v.a0 < o.a1 && o.a0 < v.a1 {
			return false
		}
	}
	return true
}

// middle is the radius in the middle of a lane.
func (p *packer) middle(lane int) float64 { return laneOuter - (float64(lane)+0.5)*p.height }

// pack puts the rows into lanes of one height.
func (p *packer) pack(height float64, beside bool) wheelLayout {
	p.height, p.beside = height, beside
	p.lanes = make([][]interval, int((laneOuter-laneInner)/height))
	l := wheelLayout{height: height}
	for _, g := range p.groups {
		// A group begins in the outermost lane where its first entry fits, and its other entries are in or below that one.
		from := -1
		for _, row := range g {
			place, ok := p.place(row, max(from, 0))
			if !ok {
				l.rest = append(l.rest, row)
				continue
			}
			if from < 0 {
				from = place.lane
			}
			l.places = append(l.places, place)
		}
	}
	slices.Sort(l.rest)
	return l
}

// place finds a lane for a row, from a lane inwards.
func (p *packer) place(row, from int) (wheelPlace, bool) {
	for lane := from; lane < len(p.lanes); lane++ {
		place := p.measure(row, lane)
		// A little air, so that neighbours are told apart.
		air := 2 / (2 * math.Pi * p.middle(lane))
		v := interval{min(place.a0, place.l0) - air, max(place.a1, place.l1) + air}
		if p.free(lane, v) {
			p.lanes[lane] = append(p.lanes[lane], v)
			return place, true
		}
	}
	return wheelPlace{}, false
}

// besideLetters is how much of a name stands beside a short arc.
const besideLetters = 30

// labelPad is the room between a label and the ends of its arc.
const labelPad = 5.0

// measure says how a row looks in a lane, and how much of it it takes. The label itself is for name to fill in.
func (p *packer) measure(row, lane int) wheelPlace {
	r, w := &p.rows[row], &p.widths[row]
	round := 2 * math.Pi * p.middle(lane)
	place := wheelPlace{row: row, lane: lane, a0: p.dial.at(r.First), a1: p.dial.at(r.Last + 1)}
	if r.series { // the first and the last mark are whole
		air := 2 * markRadius(p.height, true) / round
		place.a0, place.a1 = max(0, place.a0-air), min(1, place.a1+air)
	} else if least := 2 * markRadius(p.height, false) / round; place.a1-place.a0 < least { // nothing is so short that it cannot be seen
		middle := (place.a0 + place.a1) / 2
		place.a0, place.a1 = max(0, middle-least/2), min(1, middle+least/2)
	}
	place.l0, place.l1 = place.a0, place.a1
	room := (place.a1-place.a0)*round - 2*labelPad
	place.size = labelSize(p.height, r.series)
	switch {
	case place.size < p.least:
		// Numbers alone may be as tall as the lane.
		if place.size = 0.8 * p.height; place.size >= p.least {
			p.numbered(&place, w, round)
		}
	case r.series:
		// The name stands over the first marks.
		place.lead, place.named = w.number, true
		place.l1 = min(place.a1, place.l0+((w.lead+w.title)*place.size+2*labelPad)/round)
	case (w.lead+min(w.title, 12*0.55))*place.size <= room:
		place.lead, place.named = w.number, true
	case p.beside:
		need := ((w.lead+w.short)*place.size + 2*labelPad) / round
		place.lead, place.named, place.beside = w.number, true, true
		switch {
		case place.a1+need <= 1:
			place.l0, place.l1 = place.a1, place.a1+need
		case place.a0-need >= 0:
			place.l0, place.l1 = place.a0-need, place.a0
		}
	case w.lead*place.size <= room:
		place.lead, place.named = w.number, true
	default:
		p.numbered(&place, w, round)
	}
	return place
}

// numbered gives a place its number alone: in its arc, or else beside it.
func (p *packer) numbered(place *wheelPlace, w *nameWidth, round float64) {
	need := (w.lead*place.size + labelPad) / round
	place.lead = w.number
	switch {
	case !p.rows[place.row].series && place.a1-place.a0 >= need:
	case place.a0-need >= 0:
		place.beside, place.l0, place.l1 = true, place.a0-need, place.a0
	case place.a1+need <= 1:
		place.beside, place.l0, place.l1 = true, place.a1, place.a1+need
	default:
		place.lead = ""
	}
}

// name fills in a label: as much of the name as there is room for.
func (p *packer) name(place *wheelPlace) {
	if !place.named {
		return
	}
	w := &p.widths[place.row]
	title := p.rows[place.row].Title
	if place.beside {
		title = w.shortened
	}
	room := (place.l1-place.l0)*2*math.Pi*p.middle(place.lane) - 2*labelPad
	place.label = regular().fit(title, room/place.size-w.lead+0.01)
}
