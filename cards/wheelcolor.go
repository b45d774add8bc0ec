package cards

import (
	"fmt"
	"image/color"
	"math"
)

// Theme is how bright a picture is.
type Theme int

// The themes.
const (
	Light    Theme = iota
	Dark           // on a dark page
	Contrast       // for Teams' high-contrast theme: on black, with bright outlines
)

// ink is the part that a colour plays in a picture. In an SVG picture it is also the class of what has it,
// "wheel-" and its name, so that a page can give it another colour.
type ink uint8

const (
	inkNone   ink = iota
	inkBack       // the disc
	inkRim        // months
	inkRimAlt     // every other month
	inkLane       // the ring of a series
	inkLine       // borders of months
	inkFaint      // borders of weeks
	inkText
	inkSubtle
	inkToday   // the hand, and this week's number
	inkOnToday // text on inkToday
	inkNow     // this week
	inkFill    // the first of the colours of groups; the last is for what belongs to none
	inkOn      = inkFill + wheelColours
	inkTint    = inkOn + wheelColours   // where a series runs, behind its marks and its name
	inkTintAlt = inkTint + wheelColours // in every other lane
	inkCount   = inkTintAlt + wheelColours
)

// pale reports whether a colour is little different from what it borders on.
func (i ink) pale() bool { return i >= inkTint || i == inkRim || i == inkRimAlt || i == inkNow }

// wheelColours is how many colours groups have, the neutral one included.
const wheelColours = 8

// neutral is the colour of what belongs to no group.
const neutral = wheelColours - 1

// The colours of groups were chosen by a search that kept each one's contrast with the background at 3:1 or better (WCAG
// 2.2, 1.4.11) and the distance between any two as large as it gets, also as people see them who lack one kind of cones.
// Text on them is white or black, whichever has more contrast, 4.5:1 or better (1.4.3). A test holds to all of this.
var wheelThemes = [...]struct {
	back, rim, rimAlt, lane, line, faint, text, subtle, today, onToday, now uint32
	fills                                                                   [wheelColours]uint32
	tint                                                                    float64 // how much of the colour a tint has
}{
	Light: {
		back: 0xFFFFFF, rim: 0xE4EAF1, rimAlt: 0xF1F4F8, lane: 0xF4F6F9, line: 0xB9C3CF, faint: 0xE6EAEF, text: 0x1B2430, subtle: 0x4A5868,
		today: 0xB3122B, onToday: 0xFFFFFF, now: 0xFBE3E6, tint: 0.16,
		fills: [...]uint32{0x2370C4, 0xC34800, 0x036A54, 0x4E2785, 0xB38C4C, 0xC04693, 0x3A9BD2, 0x232F43},
	},
	Dark: {
		back: 0x1F2329, rim: 0x343B45, rimAlt: 0x2A3038, lane: 0x272C33, line: 0x5A6470, faint: 0x333A43, text: 0xF2F4F7, subtle: 0xBFC8D2,
		today: 0xFF8A8F, onToday: 0x000000, now: 0x47292D, tint: 0.2,
		fills: [...]uint32{0x93C6FB, 0xF49A54, 0x46BD96, 0xAC93FB, 0xEBC132, 0xD87FB8, 0x337CBF, 0xCDDCDF},
	},
	Contrast: {
		back: 0x000000, rim: 0x000000, rimAlt: 0x1A1A1A, lane: 0x000000, line: 0xFFFFFF, faint: 0x4D4D4D, text: 0xFFFFFF, subtle: 0xFFFFFF,
		today: 0xFFFF01, onToday: 0x000000, now: 0x33330A, tint: 0.2,
		fills: [...]uint32{0x93C6FB, 0xF49A54, 0x46BD96, 0xAC93FB, 0xEBC132, 0xD87FB8, 0x337CBF, 0xCDDCDF},
	},
}

// inkNames are the classes of an SVG picture, without "wheel-".
var inkNames = func() (names [inkCount]string) {
	copy(names[:], []string{"none", "back", "rim", "rim-alt", "lane", "line", "faint", "text", "subtle", "today", "on-today", "now"})
	for i := range wheelColours {
		n := string(rune('0' + i))
		names[inkFill+ink(i)], names[inkOn+ink(i)], names[inkTint+ink(i)], names[inkTintAlt+ink(i)] = "fill-"+n, "on-"+n, "tint-"+n, "tint-alt-"+n
	}
	return names
}()

// inks are the colours of each theme.
var inks = func() (out [len(wheelThemes)][inkCount]color.RGBA) {
	for t, theme := range wheelThemes {
		p := &out[t]
		for i, h := range []uint32{theme.back, theme.rim, theme.rimAlt, theme.lane, theme.line, theme.faint, theme.text, theme.subtle, theme.today, theme.onToday, theme.now} {
			p[inkBack+ink(i)] = rgb(h)
		}
		for i, h := range theme.fills {
			fill := rgb(h)
			p[inkFill+ink(i)] = fill
			p[inkOn+ink(i)] = color.RGBA{255, 255, 255, 255}
			if black := (color.RGBA{0, 0, 0, 255}); contrastRatio(fill, black) > contrastRatio(fill, p[inkOn+ink(i)]) {
				p[inkOn+ink(i)] = black
			}
			p[inkTint+ink(i)], p[inkTintAlt+ink(i)] = mix(p[inkBack], fill, theme.tint), mix(p[inkBack], fill, theme.tint*0.6)
		}
	}
	return out
}()

// Colour returns a colour of a wheel in a theme as #RRGGBB, by its class in the SVG picture without "wheel-"; "" for
// an unknown one.
func (t Theme) Colour(class string) string {
	for i, n := range inkNames {
		if n == class && i > 0 {
			return hexOf(inks[t][i])
		}
	}
	return ""
}

// WheelClasses returns the classes of a wheel's SVG picture, without "wheel-", for a page that gives them colours.
func WheelClasses() []string { return append([]string(nil), inkNames[1:]...) }

func rgb(v uint32) color.RGBA { return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255} }

// mix is part of b laid over a.
func mix(a, b color.RGBA, part float64) color.RGBA {
	m := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + part*(float64(y)-float64(x)))) }
	return color.RGBA{m(a.R, b.R), m(a.G, b.G), m(a.B, b.B), 255}
}

// contrastRatio is the contrast of two colours after WCAG 2.2, 1 to 21.
func contrastRatio(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.RGBA) float64 {
	part := func(v uint8) float64 {
		if f := float64(v) / 255; f > 0.04045 {
			return math.Pow((f+0.055)/1.055, 2.4)
		} else {
			return f / 12.92
		}
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

func hexOf(c color.RGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }
