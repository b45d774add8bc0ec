package clockfile

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"vuosikello/store"
)

// topicTypes are the words for whom a workshop topic is for.
var topicTypes = map[string]store.TopicType{
	"avoin": store.TopicOpen, "avoimet": store.TopicOpen, "öppen": store.TopicOpen, "open": store.TopicOpen,
	"teemoitettu": store.TopicThemed, "teemoitetut": store.TopicThemed, "teema": store.TopicThemed, "tema": store.TopicThemed, "tematisk": store.TopicThemed, "themed": store.TopicThemed,
	"segmentoitu": store.TopicSegmented, "segmentoidut": store.TopicSegmented, "segmenterad": store.TopicSegmented, "segmented": store.TopicSegmented,
}

// topics reads the rows of a sheet of workshop topics: type, segment and title. The same topic twice is one.
func (r *reader) topics(sh sheet, h *header) {
	typ, segment := -1, -1
	for i, text := range h.text {
		switch key := headerKey(text); {
		case typ < 0 && typeNames[key]:
			typ = i
		case segment < 0 && segmentNames[key]:
			segment = i
		}
	}
	seen := map[string]bool{}
	for _, l := range sh.lines[h.index+1:] {
		text := func(col int) string { return strings.Join(strings.Fields(clean(l.at(col).String())), " ") }
		t := store.Topic{Type: topicTypes[store.Key(text(typ))], Segment: Denaturalize(text(segment)), Title: Denaturalize(text(h.col[roleTitle]))}
		problem := func(col int, key string, args map[string]any) {
			r.problem(Problem{Sheet: sh.name, Row: l.n, Column: h.place(col), Cell: columnName(col) + strconv.Itoa(l.n), Key: key, Args: args})
		}
		switch {
		case t.Title == "" && text(typ) == "" && t.Segment == "":
		case t.Title == "":
			problem(h.col[roleTitle], "invalid.title_missing", nil)
		case utf8.RuneCountInString(t.Title) > store.MaxTitle:
			problem(h.col[roleTitle], "invalid.too_long", map[string]any{"max": store.MaxTitle})
		case t.Type == "":
			problem(typ, "import.problem.topic_type", map[string]any{"value": shorten(text(typ))})
		case t.Type == store.TopicSegmented && t.Segment == "":
			problem(segment, "import.problem.topic_segment", nil)
		case utf8.RuneCountInString(t.Segment) > store.MaxTitle:
			problem(segment, "invalid.too_long", map[string]any{"max": store.MaxTitle})
		default:
			key := string(t.Type) + "\n" + store.Key(t.Segment) + "\n" + store.Key(t.Title)
			if !seen[key] {
				seen[key] = true
				r.file.Topics = append(r.file.Topics, t)
			}
		}
	}
}
