package cards

import (
	"image/color"
	"math"
	"strconv"
	"strings"
	"time"
)

// WheelSVG says how an SVG picture of a wheel is made.
type WheelSVG struct {
	Theme  Theme
	Legend bool // the list of the entries beside the wheel, for a picture that stands alone
	// Link returns the address that an entry, or when entry is "" a month, leads to; "" for none. Nil: no links.
	Link func(entry string, month time.Month) string
}

// maxWheelLinks is how many entries have a link each. Nobody steps through more with a keyboard, and their list stands
// beside the picture.
const maxWheelLinks = 200

// SVG draws the wheel for a page or for print. Text is text, and the picture has a title and a description for screen
// readers; each entry has a tooltip. It has presentation attributes alone, no style, script or address of its own, so that it
// can be part of a page with a strict policy; everything has a class "wheel-…" (see WheelClasses), by which a page can colour
// it anew. Its ids begin with "wheel-". It grows to the width that it is given.
func (w Wheel) SVG(l Lang, o WheelSVG) []byte {
	rows := w.Rows(l)
	if len(rows) > maxWheelLinks && o.Link != nil {
		monthly := o.Link
		o.Link = func(entry string, m time.Month) string {
			if entry != "" {
				return ""
			}
			return monthly("", m)
		}
	}
	s := w.scene(l, rows, 5.5, 6, o.Link)
	if o.Legend {
		s.legend(l, rows)
	}
	d := svg{inks: &inks[o.Theme]}
	d.b = make([]byte, 0, 16<<10+len(s.shapes)*120)
	d.picture(s, l, o)
	return d.b
}

// svg writes a scene.
type svg struct {
	b     []byte
	inks  *[inkCount]color.RGBA
	paths int
	ends  []string // what closes the open groups
}

func (d *svg) raw(s string) { d.b = append(d.b, s...) }

// num writes a number with at most two decimals.
func (d *svg) num(v float64) {
	n := int64(math.Round(v * 100))
	if n < 0 {
		d.b = append(d.b, '-')
		n = -n
	}
	d.b = strconv.AppendInt(d.b, n/100, 10)
	if n %= 100; n != 0 {
		d.b = append(d.b, '.', byte('0'+n/10))
		if n %= 10; n != 0 {
			d.b = append(d.b, byte('0'+n))
		}
	}
}

func (d *svg) attr(name string, v float64) {
	d.raw(" " + name + `="`)
	d.num(v)
	d.raw(`"`)
}

var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// ink writes the class and the colour.
func (d *svg) ink(i ink, attr string) {
	d.raw(` class="wheel-` + inkNames[i] + `" ` + attr + `="` + hexOf(d.inks[i]) + `"`)
}

func (d *svg) picture(s *scene, l Lang, o WheelSVG) {
	d.raw(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 `)
	d.num(s.width)
	d.raw(" ")
	d.num(s.height)
	role := "img"
	if o.Link != nil {
		role = "group" // the parts of an img cannot be reached
	}
	d.raw(`" role="` + role + `" lang="` + string(l) + `" aria-labelledby="wheel-title" aria-describedby="wheel-desc" class="wheel" font-family="'Segoe UI', 'Noto Sans', 'Helvetica Neue', Arial, sans-serif">`)
	d.raw(`<title id="wheel-title">` + xmlText.Replace(s.title) + `</title><desc id="wheel-desc">` + xmlText.Replace(s.alt) + `</desc>`)
	for i := range s.shapes {
		d.shape(&s.shapes[i])
	}
	d.raw("</svg>\n")
}

func (d *svg) shape(s *shape) {
	switch s.kind {
	case shapeBand:
		d.raw("<path")
		d.ink(s.ink, "fill")
		if s.a1-s.a0 > 0.9999 {
			d.raw(` fill-rule="evenodd"`)
		}
		d.raw(` d="`)
		d.band(s)
		d.raw(`"/>`)
	case shapeDisc:
		d.raw("<circle")
		d.ink(s.ink, "fill")
		d.attr("cx", s.x)
		d.attr("cy", s.y)
		d.attr("r", s.r)
		d.raw("/>")
	case shapeBox:
		d.raw("<rect")
		d.ink(s.ink, "fill")
		d.attr("x", s.x)
		d.attr("y", s.y)
		d.attr("width", s.r1)
		d.attr("height", s.r0)
		d.attr("rx", s.r)
		d.raw("/>")
	case shapeSpoke:
		d.raw("<path")
		d.ink(s.ink, "stroke")
		d.attr("stroke-width", s.r)
		d.raw(` d="M`)
		d.at(s.r0, s.a0)
		d.raw("L")
		d.at(s.r1, s.a0)
		d.raw(`"/>`)
	case shapeText:
		d.raw("<text")
		d.ink(s.ink, "fill")
		d.attr("x", s.x)
		d.attr("y", s.y)
		d.attr("font-size", s.size)
		switch s.anchor {
		case anchorMiddle:
			d.raw(` text-anchor="middle"`)
		case anchorEnd:
			d.raw(` text-anchor="end"`)
		}
		d.words(s)
		d.raw("</text>")
	case shapeArcText:
		d.arcText(s)
	case shapeOpen:
		if s.href == "" {
			d.raw(`<g>`)
			d.ends = append(d.ends, "</g>")
		} else {
			d.raw(`<a href="` + xmlText.Replace(s.href) + `">`) // its title is its name
			d.ends = append(d.ends, "</a>")
		}
		d.raw("<title>" + xmlText.Replace(s.title) + "</title>")
	case shapeClose:
		d.raw(d.ends[len(d.ends)-1])
		d.ends = d.ends[:len(d.ends)-1]
	}
}

// words writes the rest of a text element: the end of its tag, and its words.
func (d *svg) words(s *shape) {
	if s.bold {
		d.raw(` font-weight="bold"`)
	}
	d.raw(">")
	d.inner(s)
}

func (d *svg) inner(s *shape) {
	if s.lead != "" {
		d.raw(`<tspan font-weight="bold">` + xmlText.Replace(s.lead) + "</tspan>")
	}
	d.raw(xmlText.Replace(s.text))
}

// arcText writes a text along an arc. The arc goes on past the text's ends, since a viewer with a wider typeface shows
// nothing beyond it.
func (d *svg) arcText(s *shape) {
	d.paths++
	id := "wheel-arc-" + strconv.Itoa(d.paths)
	middle := (s.a0 + s.a1) / 2
	against := upright(middle)
	r := baseline(s, against)
	half := min(textWidth(s.lead, s.text, s.bold, s.size)*0.62/(2*math.Pi*r), 0.49)
	from, to, sweep := middle-half, middle+half, "1 "
	if against {
		from, to, sweep = to, from, "0 "
	}
	d.raw(`<path id="` + id + `" fill="none" d="M`)
	d.at(r, from)
	d.arc(r, 2*half > 0.5, sweep, to)
	d.raw(`"/><text`)
	d.ink(s.ink, "fill")
	d.attr("font-size", s.size)
	d.raw(` text-anchor="middle"`)
	if s.bold {
		d.raw(` font-weight="bold"`)
	}
	if n := len(d.ends); n > 0 && d.ends[n-1] == "</a>" {
		d.raw(` aria-hidden="true"`) // the link's own name is the whole one
	}
	d.raw(`><textPath href="#` + id + `" startOffset="50%">`)
	d.inner(s)
	d.raw("</textPath></text>")
}

// baseline is the radius of the line that a text along the arc stands on.
func baseline(s *shape, against bool) float64 {
	middle := (s.r0 + s.r1) / 2
	if against {
		return middle + capHeight/2*s.size
	}
	return middle - capHeight/2*s.size
}

func (d *svg) band(s *shape) {
	if s.a1-s.a0 > 0.9999 {
		for _, r := range []float64{s.r1, s.r0} {
			d.raw("M")
			d.at(r, 0)
			d.arc(r, false, "1 ", 0.5)
			d.arc(r, false, "1 ", 1)
			d.raw("Z")
		}
		return
	}
	large := s.a1-s.a0 > 0.5
	d.raw("M")
	d.at(s.r1, s.a0)
	d.arc(s.r1, large, "1 ", s.a1)
	d.raw("L")
	d.at(s.r0, s.a1)
	d.arc(s.r0, large, "0 ", s.a0)
	d.raw("Z")
}

func (d *svg) at(r, a float64) {
	x, y := polar(r, a)
	d.num(x)
	d.raw(" ")
	d.num(y)
}

func (d *svg) arc(r float64, large bool, sweep string, to float64) {
	d.raw("A")
	d.num(r)
	d.raw(" ")
	d.num(r)
	if large {
		d.raw(" 0 1 " + sweep)
	} else {
		d.raw(" 0 0 " + sweep)
	}
	d.at(r, to)
}
