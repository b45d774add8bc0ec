package cards

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Markdown is text that a client reads as Markdown: bold, italic, lists and links, and <at>…</at> for a mention.
type Markdown string

// zeroWidth is a zero-width space: it shows as nothing on every client, and parts characters that mean something only
// when they touch.
const zeroWidth = "\u200b"

// Text returns s as Markdown that shows s and nothing but s: no emphasis, list, link, heading, code, HTML, mention or
// date function. A line break becomes a paragraph.
//
// Teams' clients read Markdown differently: the phones did not know the backslash until 2024 and treat it well only
// before emphasis. So the backslash stands only before the characters that nothing else disarms (* ` ~ \ and an
// underscore outside a word); the rest is parted by a zero-width space, which also does no harm where a client reads
// no Markdown.
func Text(s string) Markdown {
	s = Clean(s)
	if !strings.ContainsAny(s, "\n*_`~\\") && !opensBlock(s) && !strings.HasPrefix(s, " ") {
		return Markdown(s)
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/8 + 8)
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		if opensBlock(line) {
			b.WriteString(zeroWidth)
		}
		escapeLine(&b, line)
	}
	return Markdown(b.String())
}

func escapeLine(b *strings.Builder, line string) {
	before := rune(' ')
	for i, r := range line {
		switch r {
		case '*', '`', '~', '\\':
			b.WriteByte('\\')
		case '_':
			after, _ := utf8.DecodeRuneInString(line[i+1:])
			if !isWord(before) || !isWord(after) {
				b.WriteByte('\\')
			}
		}
		b.WriteRune(r)
		before = r
	}
}

func isWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// opensBlock reports whether a line could begin a heading, quotation, list, rule or table.
func opensBlock(line string) bool {
	if line == "" {
		return false
	}
	switch c := line[0]; {
	case strings.IndexByte("#>-+=|:", c) >= 0:
		return true
	case c >= '0' && c <= '9':
		rest := strings.TrimLeft(line, "0123456789")
		return rest != "" && (rest[0] == '.' || rest[0] == ')') && (len(rest) == 1 || rest[1] == ' ')
	}
	return false
}

// Clean returns s for a place where clients read no Markdown, such as a button's title. Control characters and
// invisible ones that could reorder or hide text are dropped (joiners of emoji and soft hyphens stay), bytes that are
// not UTF-8 are replaced, and what a client could take for a mention, HTML, a link or a date function is parted.
func Clean(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	last := rune(0)
	for _, r := range s {
		if r = shown(r); r < 0 {
			continue
		}
		if parts(last, r) {
			b.WriteString(zeroWidth)
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// shown returns what a character of a text from people becomes, or -1 when it is dropped.
func shown(r rune) rune {
	switch {
	case r == '\n' || r == '\u2028' || r == '\u2029':
		return '\n'
	case r == '\t':
		return ' '
	case r == '\u200d' || r == '\u00ad': // joins emoji; hyphenates long words
		return r
	case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r):
		return -1
	}
	return r
}

// isPlain is the quick answer for most text: letters, digits, spaces and harmless punctuation.
func isPlain(s string) bool {
	for _, r := range s {
		switch {
		case r < ' ' || r == 0x7f || r == '<' || r == '&' || r == '{' || r == ']':
			return false
		case r >= 0x80 && r != '–' && r != '…' && r != '·' && r != '\u202f' && !unicode.IsLetter(r):
			return false
		}
	}
	return true
}

// parts reports whether two characters that touch must be parted.
func parts(a, b rune) bool {
	switch a {
	case '<': // <at>, HTML, <https://…>
		return b != ' '
	case '&': // &lt;
		return b == '#' || unicode.IsLetter(b)
	case '{': // {{DATE(…)}}
		return b == '{'
	case ']': // [text](address), [text][name], [name]: address
		return b == '(' || b == '[' || b == ':'
	}
	return false
}

// mention returns the words that a client shows as a mention of p, when the card's entities name p too.
func mention(p Person) Markdown {
	return "<at>" + Text(strings.Join(strings.Fields(p.Name), " ")) + "</at>"
}

// clip returns s as one line of at most n characters.
func clip(s string, n int) string {
	if isLine(s) && (len(s) <= n || len(s) <= 4*n && utf8.RuneCountInString(s) <= n) {
		return s
	}
	if len(s) > 8*n {
		s = strings.ToValidUTF8(s[:8*n], "") // characters of up to four bytes, and as much room for spaces
	}
	// Other spaces stay: the narrow one within a number must not break.
	s = strings.Join(strings.FieldsFunc(s, isBreak), " ")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)
	return strings.TrimSpace(string(runes[:n-1])) + "…"
}

// isLine reports whether clip has no spaces to drop. 0xc2 and 0xe2 are the first bytes of the line breaks beyond ASCII.
func isLine(s string) bool {
	space := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c == ' ' && space {
			return false
		}
		if c == 0xc2 || c == 0xe2 {
			if r, _ := utf8.DecodeRuneInString(s[i:]); isBreak(r) {
				return false
			}
		}
		space = c == ' '
	}
	return !space
}

func isBreak(r rune) bool {
	return r == ' ' || r >= '\t' && r <= '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}
