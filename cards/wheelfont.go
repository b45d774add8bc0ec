package cards

import (
	"sync"
	"sync/atomic"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"vuosikello/cards/fonts"
)

// The typeface of pictures is Noto Sans (SIL Open Font License 1.1, see fonts/OFL.txt): it is close in width to what
// browsers show an SVG picture's text in, so that what fits in one fits in the other.
var (
	regular = sync.OnceValue(func() *face { return newFace(fonts.Regular) })
	bold    = sync.OnceValue(func() *face { return newFace(fonts.Bold) })
)

// capHeight is the height of a capital letter, as a part of the size of the type.
const capHeight = 0.714

// face is a typeface whose glyphs are read when they are first needed.
type face struct {
	font   *sfnt.Font
	units  fixed.Int26_6
	common [0x460]atomic.Pointer[glyph] // Latin, Greek and Cyrillic
	mu     sync.Mutex
	buf    sfnt.Buffer
	others map[rune]*glyph
}

// glyph is the outline of a character in a type of size 1, with the baseline at 0 and y downwards.
type glyph struct {
	advance float64
	outline []outlineStep
}

type outlineStep struct {
	op   sfnt.SegmentOp
	x, y [3]float64
}

func newFace(ttf []byte) *face {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		panic("the embedded typeface cannot be read: " + err.Error())
	}
	return &face{font: f, units: fixed.Int26_6(f.UnitsPerEm()), others: map[rune]*glyph{}}
}

// glyph returns a character's outline; one that the typeface does not have is an empty box.
func (f *face) glyph(r rune) *glyph {
	if r >= 0 && int(r) < len(f.common) {
		if g := f.common[r].Load(); g != nil {
			return g
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if g := f.others[r]; g != nil {
		return g
	}
	g := &glyph{}
	// A size of as many pixels as the em has units gives the coordinates as the file holds them. Errors cannot happen with
	// the embedded files; the character would be a space.
	size := f.units << 6
	index, err := f.font.GlyphIndex(&f.buf, r)
	if err == nil {
		if a, err := f.font.GlyphAdvance(&f.buf, index, size, font.HintingNone); err == nil {
			g.advance = float64(a) / float64(size)
		}
		if steps, err := f.font.LoadGlyph(&f.buf, index, size, nil); err == nil {
			for _, s := range steps {
				o := outlineStep{op: s.Op}
				for i, p := range s.Args {
					o.x[i], o.y[i] = float64(p.X)/float64(size), float64(p.Y)/float64(size)
				}
				g.outline = append(g.outline, o)
			}
		}
	}
	switch {
	case r >= 0 && int(r) < len(f.common):
		f.common[r].Store(g)
	case len(f.others) < 200: // the typeface has fewer; the characters that it does not have are without number
		f.others[r] = g
	}
	return g
}

// width is how wide a line of type of size 1 is.
func (f *face) width(s string) float64 {
	w := 0.0
	for _, r := range s {
		w += f.glyph(r).advance
	}
	return w
}

// fit shortens a line to a width, with an ellipsis at its end. It returns "" when hardly anything would be left.
func (f *face) fit(s string, width float64) string {
	const fewest = 3 // letters that still tell something
	w, ellipsis := 0.0, f.glyph('…').advance
	cut := 0 // where the line ends when it must have an ellipsis
	n := 0
	for i, r := range s {
		if w+ellipsis <= width {
			cut = i
		}
		w += f.glyph(r).advance
		if w > width {
			if n = len([]rune(s[:cut])); n < fewest {
				return ""
			}
			return s[:cut] + "…"
		}
	}
	return s
}
