package cards

import (
	"slices"
	"strconv"
	"strings"
)

// The legend stands to the right of the wheel.
const (
	legendWidth  = 640.0
	legendTop    = 70.0 // below the title
	legendBottom = 20.0
	legendColumn = 48.0 // of the numbers
)

// legend widens the scene by the list of the entries: number and colour, the whole name, when, and who must act. It has as
// many lines as there is room for.
func (s *scene) legend(l Lang, rows []WheelRow) {
	left := s.width + 20
	s.width += legendWidth
	s.shapes = slices.Insert(s.shapes, 0, shape{kind: shapeBox, ink: inkBack, r0: s.height, r1: s.width})
	s.add(shape{kind: shapeText, ink: inkText, x: left, y: 44, size: 34, text: regular().fit(s.title, (legendWidth-40)/34), bold: true, anchor: anchorStart})
	room := s.height - legendTop - legendBottom
	// Names take up to six lines, then fewer; then all is in one line, and smaller.
	for _, try := range []struct {
		size  float64
		lines int
	}{{20, 6}, {20, 2}, {18, 2}, {18, 1}, {16, 1}} {
		if total := legendHeight(rows, try.size, try.lines); total <= room {
			s.legendRows(rows, left, try.size, try.lines, min(1.6*try.size, (room-total)/float64(max(1, len(rows)))))
			return
		}
	}
	size := max(9, min(15, room/float64(len(rows)+1)/1.3))
	fit := int(room / (1.3 * size))
	if fit < len(rows) {
		fit-- // for the line that counts the others
	}
	s.legendLines(rows[:min(fit, len(rows))], left, size)
	if rest := len(rows) - fit; rest > 0 {
		s.add(shape{kind: shapeText, ink: inkSubtle, x: left + legendColumn, y: legendTop + 1.3*size*(float64(fit)+0.8), size: size, text: l.T("common.others", "n", rest), anchor: anchorStart})
	}
}

// legendHeight is how tall the rows are, each with its name in some lines and its time below.
func legendHeight(rows []WheelRow, size float64, lines int) float64 {
	total := 0.0
	for i := range rows {
		total += size * (1.3*float64(len(wrap(rows[i].Title, size, lines))) + 1.2)
		if total > 10_000 {
			break
		}
	}
	return total
}

// wrap breaks a name into lines of the legend; the last is shortened.
func wrap(text string, size float64, most int) []string {
	width := (legendWidth - 40 - legendColumn) / size
	f := bold()
	if most == 1 || f.width(text) <= width {
		return []string{f.fit(text, width)}
	}
	var lines []string
	line, used := "", 0.0
	words := strings.Fields(text)
	for i, word := range words {
		w := f.width(" " + word)
		if line != "" && used+w > width {
			if len(lines) == most-1 {
				return append(lines, f.fit(line+" "+strings.Join(words[i:], " "), width))
			}
			lines = append(lines, line)
			line, used = "", 0
		}
		if line != "" {
			line += " "
		}
		line, used = line+word, used+w
	}
	return append(lines, f.fit(line, width))
}

// legendRows writes the rows with names above times. air is what there is between two rows.
func (s *scene) legendRows(rows []WheelRow, left, size float64, lines int, air float64) {
	y := legendTop
	for i := range rows {
		r := &rows[i]
		s.badge(r, left, y+0.15*size, size)
		for _, line := range wrap(r.Title, size, lines) {
			y += 1.3 * size
			s.add(shape{kind: shapeText, ink: inkText, x: left + legendColumn, y: y - 0.2*size, size: size, text: line, bold: true, anchor: anchorStart})
		}
		y += 1.2 * size
		small := 0.85 * size
		s.add(shape{kind: shapeText, ink: inkSubtle, x: left + legendColumn, y: y - 0.25*size, size: small, anchor: anchorStart,
			text: regular().fit(dotted(r.When, r.Owner), (legendWidth-40-legendColumn)/small)})
		y += air
	}
}

// legendLines writes a row in a line.
func (s *scene) legendLines(rows []WheelRow, left, size float64) {
	const when, who = 262.0, 452.0
	for i := range rows {
		r := &rows[i]
		y := legendTop + 1.3*size*float64(i)
		s.badge(r, left, y, 0.86*size)
		text := shape{kind: shapeText, ink: inkText, x: left + legendColumn, y: y + size, size: size, text: bold().fit(r.Title, (when-legendColumn-8)/size), bold: true, anchor: anchorStart}
		s.add(text)
		text.ink, text.bold = inkSubtle, false
		text.x, text.text = left+when, regular().fit(r.When, (who-when-8)/size)
		s.add(text)
		text.x, text.text = left+who, regular().fit(r.Owner, (legendWidth-40-who)/size)
		s.add(text)
	}
}

// badge is a row's number on its colour.
func (s *scene) badge(r *WheelRow, x, y, size float64) {
	height := 1.3 * size
	width := min(legendColumn-8, 2*size)
	number := strconv.Itoa(r.Number)
	text := min(0.9*size, (width-4)/bold().width(number))
	s.add(shape{kind: shapeBox, ink: inkFill + ink(r.Colour), x: x, y: y, r0: height, r1: width, r: 0.3 * size},
		shape{kind: shapeText, ink: inkOn + ink(r.Colour), x: x + width/2, y: y + height/2 + capHeight/2*text, size: text, text: number, bold: true})
}
