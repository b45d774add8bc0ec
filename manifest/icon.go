package manifest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/vector"
)

// Icon sizes that Teams demands, in pixels. The colour icon is cropped to rounded corners or a circle by some clients,
// so it is a plain square whose drawing stays inside the middle; the outline icon may hold only white and transparent.
const (
	colorSize   = 192
	outlineSize = 32
)

var (
	petrol = color.NRGBA{0x0d, 0x4a, 0x5e, 0xff}
	mist   = color.NRGBA{0xdc, 0xec, 0xee, 0xff}
	amber  = color.NRGBA{0xff, 0xb8, 0x2e, 0xff}
	white  = color.NRGBA{0xff, 0xff, 0xff, 0xff}
)

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// markedMonth is the month the hand points at: February, the second of twelve clockwise from the top.
const markedMonth = 1

// drawColor draws the year as a ring of twelve months, one of them come, with a clock's hand pointing at it.
func drawColor(c *canvas) {
	c.fill(petrol)
	for m := range 12 {
		if m == markedMonth {
			c.month(amber, m, 42, 74, 4)
			continue
		}
		c.month(mist, m, 46, 68, 4)
	}
	c.hand(white, markedMonth, 34, 6.5)
	c.disc(white, 9.5)
	c.disc(petrol, 3.5)
}

// drawOutline is the same clock with what 32 pixels can carry: a thinner ring and a bolder hand, in white alone.
func drawOutline(c *canvas) {
	for m := range 12 {
		if m == markedMonth {
			c.month(white, m, 9.5, 16, 2)
			continue
		}
		c.month(white, m, 10, 14, 2)
	}
	c.hand(white, markedMonth, 7.5, 2)
	c.disc(white, 2.5)
}

// render draws a square icon and encodes it as PNG.
func render(size int, paint func(*canvas)) ([]byte, error) {
	c := &canvas{img: image.NewRGBA(image.Rect(0, 0, size, size)), mid: float64(size) / 2}
	paint(c)
	var buf bytes.Buffer
	if err := png.Encode(&buf, c.img); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// canvas draws shapes by polar coordinates round its middle: angles in radians clockwise from the top, lengths in pixels.
type canvas struct {
	img *image.RGBA
	mid float64
}

func (c *canvas) fill(col color.NRGBA) {
	draw.Draw(c.img, c.img.Bounds(), image.NewUniform(col), image.Point{}, draw.Src)
}

// month fills one twelfth of a ring, m from 0, between the two radii. The gap to its neighbours is equally wide along
// its whole length, as in a printed clock, so its sides are not radii.
func (c *canvas) month(col color.NRGBA, m int, inner, outer, gap float64) {
	from, to := float64(m)*math.Pi/6, float64(m+1)*math.Pi/6
	in, out := math.Asin(gap/2/inner), math.Asin(gap/2/outer)
	c.shape(col, func(p *pen) {
		p.moveTo(from+in, inner)
		p.lineTo(from+out, outer)
		p.arcTo(to-out, outer)
		p.lineTo(to-in, inner)
		p.arcTo(from+in, inner)
	})
}

// hand fills a round-tipped bar from the middle towards the middle of month m.
func (c *canvas) hand(col color.NRGBA, m int, length, width float64) {
	angle := (float64(m) + 0.5) * math.Pi / 6
	half := math.Atan2(width/2, length)
	tip := math.Hypot(length, width/2)
	c.shape(col, func(p *pen) {
		p.moveTo(angle-math.Pi/2, width/2)
		p.lineTo(angle-half, tip)
		// The tip is a half circle, near enough one cubic curve to the eye at this width.
		bulge := width * 2 / 3
		p.cubeTo(
			angle-math.Atan2(width/2, length+bulge), math.Hypot(length+bulge, width/2),
			angle+math.Atan2(width/2, length+bulge), math.Hypot(length+bulge, width/2),
			angle+half, tip)
		p.lineTo(angle+math.Pi/2, width/2)
	})
}

func (c *canvas) disc(col color.NRGBA, radius float64) {
	c.shape(col, func(p *pen) {
		p.moveTo(0, radius)
		for quarter := 1; quarter <= 4; quarter++ {
			p.arcTo(float64(quarter)*math.Pi/2, radius)
		}
	})
}

func (c *canvas) shape(col color.NRGBA, outline func(*pen)) {
	size := c.img.Bounds().Dx()
	p := &pen{raster: vector.NewRasterizer(size, size), mid: c.mid}
	outline(p)
	p.raster.ClosePath()
	p.raster.Draw(c.img, c.img.Bounds(), image.NewUniform(col), image.Point{})
}

// pen traces an outline; angle and radius are where it stands.
type pen struct {
	raster        *vector.Rasterizer
	mid           float64
	angle, radius float64
}

func (p *pen) at(angle, radius float64) (x, y float32) {
	return float32(p.mid + radius*math.Sin(angle)), float32(p.mid - radius*math.Cos(angle))
}

func (p *pen) moveTo(angle, radius float64) {
	p.raster.MoveTo(p.at(angle, radius))
	p.angle, p.radius = angle, radius
}

func (p *pen) lineTo(angle, radius float64) {
	p.raster.LineTo(p.at(angle, radius))
	p.angle, p.radius = angle, radius
}

func (p *pen) cubeTo(a1, r1, a2, r2, a3, r3 float64) {
	x1, y1 := p.at(a1, r1)
	x2, y2 := p.at(a2, r2)
	x3, y3 := p.at(a3, r3)
	p.raster.CubeTo(x1, y1, x2, y2, x3, y3)
	p.angle, p.radius = a3, r3
}

// arcTo follows the circle of the present radius to an angle at most a quarter away, by one cubic curve.
func (p *pen) arcTo(angle, radius float64) {
	turn := angle - p.angle
	k := 4.0 / 3 * math.Tan(turn/4)
	lift := math.Hypot(1, k)
	lean := math.Atan(k)
	p.cubeTo(p.angle+lean, radius*lift, angle-lean, radius*lift, angle, radius)
}
