package cards

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"maps"
	"math"
	"slices"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"
)

// The sizes of PNG pictures.
const (
	// WheelCardPixels is the width and height of the picture in a card.
	WheelCardPixels = 720
	// MaxWheelCardBytes is the size that it never exceeds: Teams shows larger pictures in cards unreliably.
	MaxWheelCardBytes = 40_000
	// MaxWheelPixels is the largest picture there is.
	MaxWheelPixels = 4096
)

// WheelPNG says how a PNG picture of a wheel is made.
type WheelPNG struct {
	Pixels int // width and height of the wheel, 100 to MaxWheelPixels
	Theme  Theme
	Legend bool // the list of the entries beside the wheel: the picture is wider
	// MaxBytes is the size that the picture must not exceed: it has fewer colours if need be, and is made smaller in the end.
	// 0: any size.
	MaxBytes int
}

// CardPNG draws the wheel for a card: [WheelCardPixels] wide and at most [MaxWheelCardBytes] large. Outside the disc it is
// transparent, so that it fits in light and dark clients.
func (w Wheel) CardPNG(l Lang) ([]byte, error) {
	return w.PNG(l, WheelPNG{Pixels: WheelCardPixels, MaxBytes: MaxWheelCardBytes})
}

// PNG draws the wheel as a picture of at most 256 colours.
func (w Wheel) PNG(l Lang, o WheelPNG) ([]byte, error) {
	if o.Pixels < 100 || o.Pixels > MaxWheelPixels {
		return nil, errors.New("a wheel is 100 to 4096 pixels wide")
	}
	rows := w.Rows(l)
	pixel := 2 * centre / float64(o.Pixels)
	s := w.scene(l, rows, 7.5*pixel, max(6, 4*pixel), nil)
	if o.Legend {
		s.legend(l, rows)
	}
	for pixels := o.Pixels; ; pixels = pixels * 3 / 4 {
		ladder := qualities
		switch {
		case o.MaxBytes == 0:
			ladder = []quality{{16, 16, 256}}
		case len(rows) > crowded:
			ladder = ladder[len(ladder)-1:]
		}
		for _, q := range ladder {
			b := encodePNG(palettise(s.rasterise(pixels, &inks[o.Theme], q), &inks[o.Theme], q.colours))
			if o.MaxBytes == 0 || len(b) <= o.MaxBytes || pixels < 200 {
				return b, nil
			}
		}
	}
}

// quality is how finely a picture is drawn. The pixels of edges are most of what a picture's size comes from, so they have
// few steps between the colours on their sides; pale areas, whose edges hardly show, fewer still.
type quality struct {
	steps, pale uint32
	colours     int
}

// crowded is how many entries there are in a wheel for whose card only the coarsest quality is small enough; trying others would take time.
const crowded = 100

// qualities are tried in order until a picture is small enough.
var qualities = []quality{{3, 1, 64}, {2, 1, 48}, {1, 1, int(inkCount) + 1}}

// rasterise draws a scene of whose wheel the disc is so many pixels wide.
func (s *scene) rasterise(pixels int, colours *[inkCount]color.RGBA, q quality) *image.RGBA {
	scale := float64(pixels) / (2 * centre)
	img := image.NewRGBA(image.Rect(0, 0, int(math.Round(s.width*scale)), int(math.Round(s.height*scale))))
	p := pen{img: img, scale: scale}
	for i := range s.shapes {
		sh := &s.shapes[i]
		switch sh.kind {
		case shapeBand:
			p.band(sh)
		case shapeDisc:
			p.circle(sh.x, sh.y, sh.r)
		case shapeBox:
			p.box(sh)
		case shapeSpoke:
			p.spoke(sh)
		case shapeText:
			p.text(sh)
		case shapeArcText:
			p.arcText(sh)
		}
		if p.levels = q.steps; sh.ink.pale() {
			p.levels = q.pale
		}
		p.fill(colours[sh.ink])
	}
	return img
}

// pen collects the outline of a shape and fills it.
type pen struct {
	img            *image.RGBA
	scale          float64
	steps          []outlineStep
	x0, y0, x1, y1 float64 // what the outline is within
	ras            vector.Rasterizer
	mask           []uint8
	levels         uint32 // of an edge, from one side to the other
}

func (p *pen) step(op sfnt.SegmentOp, points ...float64) {
	s := outlineStep{op: op}
	for i := 0; i < len(points); i += 2 {
		x, y := points[i]*p.scale, points[i+1]*p.scale
		if len(p.steps) == 0 && i == 0 {
			p.x0, p.y0, p.x1, p.y1 = x, y, x, y
		}
		p.x0, p.y0, p.x1, p.y1 = min(p.x0, x), min(p.y0, y), max(p.x1, x), max(p.y1, y)
		s.x[i/2], s.y[i/2] = x, y
	}
	p.steps = append(p.steps, s)
}

// fill fills what was outlined, and begins anew.
func (p *pen) fill(c color.RGBA) {
	if len(p.steps) == 0 {
		return
	}
	box := image.Rect(int(math.Floor(p.x0)), int(math.Floor(p.y0)), int(math.Ceil(p.x1)), int(math.Ceil(p.y1))).Intersect(p.img.Bounds())
	if !box.Empty() {
		p.ras.Reset(box.Dx(), box.Dy())
		dx, dy := float64(box.Min.X), float64(box.Min.Y)
		at := func(s *outlineStep, i int) (float32, float32) { return float32(s.x[i] - dx), float32(s.y[i] - dy) }
		for i := range p.steps {
			s := &p.steps[i]
			ax, ay := at(s, 0)
			bx, by := at(s, 1)
			cx, cy := at(s, 2)
			switch s.op {
			case sfnt.SegmentOpMoveTo:
				if i > 0 {
					p.ras.ClosePath()
				}
				p.ras.MoveTo(ax, ay)
			case sfnt.SegmentOpLineTo:
				p.ras.LineTo(ax, ay)
			case sfnt.SegmentOpQuadTo:
				p.ras.QuadTo(ax, ay, bx, by)
			case sfnt.SegmentOpCubeTo:
				p.ras.CubeTo(ax, ay, bx, by, cx, cy)
			}
		}
		p.ras.ClosePath()
		p.blend(box, c)
	}
	p.steps = p.steps[:0]
}

// blend lays the colour over the picture where the outline covers it.
func (p *pen) blend(box image.Rectangle, c color.RGBA) {
	n := box.Dx() * box.Dy()
	if cap(p.mask) < n {
		p.mask = make([]uint8, n)
	}
	mask := image.Alpha{Pix: p.mask[:n], Stride: box.Dx(), Rect: image.Rect(0, 0, box.Dx(), box.Dy())}
	p.ras.DrawOp = draw.Src
	p.ras.Draw(&mask, mask.Rect, image.Opaque, image.Point{})
	for y := range box.Dy() {
		line := mask.Pix[y*mask.Stride : (y+1)*mask.Stride]
		to := p.img.Pix[p.img.PixOffset(box.Min.X, box.Min.Y+y):]
		for x, cover := range line {
			if cover == 0 {
				continue
			}
			part := (uint32(cover)*p.levels + 127) / 255
			if part == 0 {
				continue
			}
			px := to[4*x : 4*x+4 : 4*x+4]
			if part == p.levels {
				px[0], px[1], px[2], px[3] = c.R, c.G, c.B, 255
				continue
			}
			rest := p.levels - part
			px[0] = uint8((uint32(px[0])*rest + uint32(c.R)*part) / p.levels)
			px[1] = uint8((uint32(px[1])*rest + uint32(c.G)*part) / p.levels)
			px[2] = uint8((uint32(px[2])*rest + uint32(c.B)*part) / p.levels)
			px[3] = uint8((uint32(px[3])*rest + 255*part) / p.levels)
		}
	}
}

// arc outlines a part of a circle round the wheel's middle, which may go either way.
func (p *pen) arc(r, a0, a1 float64) {
	n := int(math.Ceil(math.Abs(a1-a0) * 12))
	for i := range n {
		from, to := a0+(a1-a0)*float64(i)/float64(n), a0+(a1-a0)*float64(i+1)/float64(n)
		k := 4.0 / 3 * math.Tan((to-from)*math.Pi/2) * r
		x0, y0 := polar(r, from)
		x1, y1 := polar(r, to)
		s0, c0 := math.Sincos(2 * math.Pi * from)
		s1, c1 := math.Sincos(2 * math.Pi * to)
		p.step(sfnt.SegmentOpCubeTo, x0+k*c0, y0+k*s0, x1-k*c1, y1-k*s1, x1, y1)
	}
}

func (p *pen) move(r, a float64) {
	x, y := polar(r, a)
	p.step(sfnt.SegmentOpMoveTo, x, y)
}

func (p *pen) line(r, a float64) {
	x, y := polar(r, a)
	p.step(sfnt.SegmentOpLineTo, x, y)
}

func (p *pen) band(s *shape) {
	p.move(s.r1, s.a0)
	p.arc(s.r1, s.a0, s.a1)
	if s.a1-s.a0 > 0.9999 {
		p.move(s.r0, s.a1)
	} else {
		p.line(s.r0, s.a1)
	}
	p.arc(s.r0, s.a1, s.a0)
}

// round is how far the control points of a quarter of a circle are from its ends.
const round = 0.5523

func (p *pen) circle(x, y, r float64) {
	k := round * r
	p.step(sfnt.SegmentOpMoveTo, x, y-r)
	p.step(sfnt.SegmentOpCubeTo, x+k, y-r, x+r, y-k, x+r, y)
	p.step(sfnt.SegmentOpCubeTo, x+r, y+k, x+k, y+r, x, y+r)
	p.step(sfnt.SegmentOpCubeTo, x-k, y+r, x-r, y+k, x-r, y)
	p.step(sfnt.SegmentOpCubeTo, x-r, y-k, x-k, y-r, x, y-r)
}

func (p *pen) box(s *shape) {
	x0, y0, x1, y1, r := s.x, s.y, s.x+s.r1, s.y+s.r0, s.r
	k := r * (1 - round)
	p.step(sfnt.SegmentOpMoveTo, x0+r, y0)
	p.step(sfnt.SegmentOpLineTo, x1-r, y0)
	p.step(sfnt.SegmentOpCubeTo, x1-k, y0, x1, y0+k, x1, y0+r)
	p.step(sfnt.SegmentOpLineTo, x1, y1-r)
	p.step(sfnt.SegmentOpCubeTo, x1, y1-k, x1-k, y1, x1-r, y1)
	p.step(sfnt.SegmentOpLineTo, x0+r, y1)
	p.step(sfnt.SegmentOpCubeTo, x0+k, y1, x0, y1-k, x0, y1-r)
	p.step(sfnt.SegmentOpLineTo, x0, y0+r)
	p.step(sfnt.SegmentOpCubeTo, x0, y0+k, x0+k, y0, x0+r, y0)
}

func (p *pen) spoke(s *shape) {
	x0, y0 := polar(s.r0, s.a0)
	x1, y1 := polar(s.r1, s.a0)
	sin, cos := math.Sincos(2 * math.Pi * s.a0)
	dx, dy := cos*s.r/2, sin*s.r/2
	p.step(sfnt.SegmentOpMoveTo, x0-dx, y0-dy)
	p.step(sfnt.SegmentOpLineTo, x1-dx, y1-dy)
	p.step(sfnt.SegmentOpLineTo, x1+dx, y1+dy)
	p.step(sfnt.SegmentOpLineTo, x0+dx, y0+dy)
}

// runs calls do with the typeface and the characters of a text's two parts.
func (s *shape) runs(do func(f *face, r rune)) {
	for _, r := range s.lead {
		do(bold(), r)
	}
	body := regular()
	if s.bold {
		body = bold()
	}
	for _, r := range s.text {
		do(body, r)
	}
}

func (p *pen) text(s *shape) {
	x := s.x
	switch width := textWidth(s.lead, s.text, s.bold, s.size); s.anchor {
	case anchorMiddle:
		x -= width / 2
	case anchorEnd:
		x -= width
	}
	s.runs(func(f *face, r rune) {
		g := f.glyph(r)
		p.glyph(g, s.size, x, s.y, 0, 1)
		x += g.advance * s.size
	})
}

// arcText outlines a text along an arc, each character turned as the arc is in its middle.
func (p *pen) arcText(s *shape) {
	middle := (s.a0 + s.a1) / 2
	against := upright(middle)
	r := baseline(s, against)
	way := 1 / (2 * math.Pi * r)
	if against {
		way = -way
	}
	a := middle - way*textWidth(s.lead, s.text, s.bold, s.size)/2
	s.runs(func(f *face, c rune) {
		g := f.glyph(c)
		half := g.advance * s.size / 2
		a += way * half
		sin, cos := math.Sincos(2 * math.Pi * a)
		x, y := polar(r, a)
		if against {
			sin, cos = -sin, -cos
		}
		p.glyph(g, s.size, x-half*cos, y-half*sin, sin, cos)
		a += way * half
	})
}

// glyph outlines a character that begins at x, y and is turned by an angle, given by its sine and cosine.
func (p *pen) glyph(g *glyph, size, x, y, sin, cos float64) {
	var at [6]float64
	for i := range g.outline {
		o := &g.outline[i]
		n := 1
		switch o.op {
		case sfnt.SegmentOpQuadTo:
			n = 2
		case sfnt.SegmentOpCubeTo:
			n = 3
		}
		for k := range n {
			gx, gy := o.x[k]*size, o.y[k]*size
			at[2*k], at[2*k+1] = x+gx*cos-gy*sin, y+gx*sin+gy*cos
		}
		p.step(o.op, at[:2*n]...)
	}
}

// palettise reduces a picture to its most frequent colours; those of the theme are among them.
func palettise(img *image.RGBA, theme *[inkCount]color.RGBA, colours int) *image.Paletted {
	counts := map[uint32]int{}
	last, run := uint32(0), 0
	number := func(r, g, b, a uint8) uint32 { return uint32(r)<<24 | uint32(g)<<16 | uint32(b)<<8 | uint32(a) }
	pixel := func(i int) uint32 {
		p := img.Pix[i : i+4 : i+4]
		return number(p[0], p[1], p[2], p[3])
	}
	for i := 0; i < len(img.Pix); i += 4 {
		if c := pixel(i); c != last {
			counts[last] += run
			last, run = c, 0
		}
		run++
	}
	counts[last] += run
	for _, c := range theme {
		if n := number(c.R, c.G, c.B, c.A); counts[n] > 0 {
			counts[n] += len(img.Pix)
		}
	}
	all := slices.SortedFunc(maps.Keys(counts), func(a, b uint32) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	kept := all[:min(colours, len(all))]
	index := make(map[uint32]uint8, len(all))
	palette := make(color.Palette, len(kept))
	for i, c := range kept {
		index[c] = uint8(i)
		palette[i] = color.RGBA{uint8(c >> 24), uint8(c >> 16), uint8(c >> 8), uint8(c)}
	}
	for _, c := range all[len(kept):] {
		index[c] = nearestColour(kept, c)
	}
	out := image.NewPaletted(img.Bounds(), palette)
	last, at := kept[0], uint8(0)
	for i := range out.Pix {
		if c := pixel(4 * i); c != last {
			last, at = c, index[c]
		}
		out.Pix[i] = at
	}
	return out
}

func nearestColour(kept []uint32, c uint32) uint8 {
	best, at := math.MaxInt, 0
	for i, k := range kept {
		d := 0
		for shift := 0; shift < 32; shift += 8 {
			v := int(c>>shift&255) - int(k>>shift&255)
			d += v * v
		}
		if d < best {
			best, at = d, i
		}
	}
	return uint8(at)
}

// pngLevel is how hard a picture is compressed. The highest level takes several times as long for a few
// per cent, and the usual one is not enough for a card.
const pngLevel = 7

// encodePNG writes a picture with a palette as PNG.
func encodePNG(img *image.Paletted) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(name string, data []byte) {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(data)))
		b.Write(n[:])
		from := b.Len()
		b.WriteString(name)
		b.Write(data)
		binary.BigEndian.PutUint32(n[:], crc32.ChecksumIEEE(b.Bytes()[from:]))
		b.Write(n[:])
	}
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(img.Rect.Dx())), uint32(img.Rect.Dy()))
	chunk("IHDR", append(size, 8, 3, 0, 0, 0)) // 8 bits, indexed
	var colours, alphas []byte
	for _, c := range img.Palette {
		n := color.NRGBAModel.Convert(c).(color.NRGBA)
		colours, alphas = append(colours, n.R, n.G, n.B), append(alphas, n.A)
	}
	chunk("PLTE", colours)
	chunk("tRNS", alphas)
	var data bytes.Buffer
	z, _ := zlib.NewWriterLevel(&data, pngLevel) // the level is a valid one, and a buffer takes everything
	for y := range img.Rect.Dy() {
		_, _ = z.Write([]byte{0}) // each line as it is
		_, _ = z.Write(img.Pix[y*img.Stride : y*img.Stride+img.Rect.Dx()])
	}
	_ = z.Close()
	chunk("IDAT", data.Bytes())
	chunk("IEND", nil)
	return b.Bytes()
}
