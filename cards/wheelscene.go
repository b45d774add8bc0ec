package cards

// A scene is a picture before it is drawn, as SVG or as PNG. Lengths are in units of which the wheel's disc is 1000 wide;
// angles are in turns, clockwise from the top.
type scene struct {
	width, height float64
	title, alt    string
	shapes        []shape
}

type shapeKind uint8

const (
	shapeBand    shapeKind = iota + 1 // part of a ring, from angle a0 to a1 and radius r0 to r1
	shapeDisc                         // at x, y
	shapeSpoke                        // a line from radius r0 to r1 at angle a0, of width r
	shapeBox                          // from x, y, of width r1 and height r0, its corners rounded by r
	shapeText                         // at x, y
	shapeArcText                      // in the middle of radius r0 and r1, centred between a0 and a1
	shapeOpen                         // what follows belongs to one entry or month, until shapeClose
	shapeClose
)

// anchor is where a text stands at its x.
type anchor uint8

const (
	anchorMiddle anchor = iota
	anchorStart
	anchorEnd
)

type shape struct {
	kind           shapeKind
	ink            ink
	r0, r1, a0, a1 float64
	x, y, r        float64
	size           float64 // of the type
	lead, text     string  // the lead is bold, and first
	bold           bool    // the text too
	anchor         anchor
	title, href    string // of shapeOpen
}

// upright reports whether a text along the arc at an angle is written against the clock, as in the lower half.
func upright(a float64) (against bool) { return a > 0.25 && a < 0.75 }

// centre is the middle of the wheel.
const centre = 500.0

func (s *scene) add(shapes ...shape) { s.shapes = append(s.shapes, shapes...) }

func (s *scene) band(i ink, r0, r1, a0, a1 float64) {
	s.add(shape{kind: shapeBand, ink: i, r0: r0, r1: r1, a0: a0, a1: a1})
}

func (s *scene) disc(i ink, x, y, r float64) { s.add(shape{kind: shapeDisc, ink: i, x: x, y: y, r: r}) }

func (s *scene) spoke(i ink, r0, r1, a, width float64) {
	s.add(shape{kind: shapeSpoke, ink: i, r0: r0, r1: r1, a0: a, r: width})
}

// textWidth is how wide a lead and a text are together.
func textWidth(lead, text string, isBold bool, size float64) float64 {
	body := regular()
	if isBold {
		body = bold()
	}
	return size * (bold().width(lead) + body.width(text))
}
