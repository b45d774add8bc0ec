package cards

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Body returns what a person wrote as a publication's text, as Markdown that shows paragraphs, lists, bold and links, and
// nothing else: no mention, picture, heading, HTML or date function, see [Text].
//
//   - A line is a paragraph. Lines may be parted by empty ones.
//   - Lines that begin with "- ", "* " or "• " are a list; so are two or more that begin with 1., 2. and so on. Any other
//     number is text: "13. huhtikuuta" is a date.
//   - **words** are bold.
//   - [words](address) is a link when the address begins with https://, http:// or mailto: and is well formed.
func Body(s string) Markdown {
	s = strings.ToValidUTF8(strings.Map(shown, s), "\uFFFD")
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/8 + 8)
	number, bullets := 0, false // the last number of the list that goes on; whether a list of bullets does
	for i, line := range lines {
		item, bullet := cutBullet(line)
		n, text := cutNumber(line)
		switch {
		case bullet:
			startBlock(&b, bullets)
			b.WriteString("- ")
			line = item
		case n > 0 && n == number+1 && (number > 0 || beginsNumber(lines[i+1:], n+1)):
			startBlock(&b, number > 0)
			b.WriteString(strconv.Itoa(n))
			b.WriteString(". ")
			line = text
		default:
			startBlock(&b, false)
			n = 0
		}
		bullets, number = bullet, n
		if bullet {
			number = 0
		}
		if opensBlock(line) && !strings.HasPrefix(line, "**") {
			b.WriteString(zeroWidth)
		}
		inline{b: &b, bold: true, links: true}.write(line)
	}
	return Markdown(b.String())
}

// startBlock parts a line from the one before: by an empty line, unless both are items of one list.
func startBlock(b *strings.Builder, same bool) {
	switch {
	case b.Len() == 0:
	case same:
		b.WriteByte('\n')
	default:
		b.WriteString("\n\n")
	}
}

func cutBullet(line string) (item string, ok bool) {
	for _, mark := range []string{"- ", "* ", "• "} {
		if item, ok := strings.CutPrefix(line, mark); ok {
			return strings.TrimSpace(item), true
		}
	}
	return line, false
}

// cutNumber returns the number that a line begins with as an item of a list, 0 for none, and the rest.
func cutNumber(line string) (int, string) {
	rest := strings.TrimLeft(line, "0123456789")
	if len(rest) < 2 || rest[0] != '.' && rest[0] != ')' || rest[1] != ' ' {
		return 0, line
	}
	n, err := strconv.Atoi(line[:len(line)-len(rest)])
	if err != nil {
		return 0, line
	}
	return n, strings.TrimSpace(rest[1:])
}

func beginsNumber(lines []string, n int) bool {
	if len(lines) == 0 {
		return false
	}
	first, _ := cutNumber(lines[0])
	return first == n
}

// inline writes one line with its bold words and links. Bold words may hold links and a link's words may be bold.
type inline struct {
	b           *strings.Builder
	bold, links bool // what may still begin
}

func (in inline) write(line string) {
	from := 0 // where the text begins that is not written yet
	flush := func(to int) {
		text := Clean(line[from:to])
		escapeLine(in.b, text)
	}
	for i := 0; i < len(line); {
		switch {
		case in.bold && strings.HasPrefix(line[i:], "**"):
			words, ok := cutBold(line, i)
			if !ok {
				i += len(line[i:]) - len(strings.TrimLeft(line[i:], "*"))
				continue
			}
			flush(i)
			in.b.WriteString("**")
			inline{b: in.b, links: in.links}.write(words)
			in.b.WriteString("**")
			i += len(words) + 4
			from = i
		case in.links && line[i] == '[':
			words, address, length, ok := cutLink(line[i:])
			if !ok {
				i++
				continue
			}
			flush(i)
			// An exclamation mark would make it a picture, and some other characters something else.
			if before, _ := utf8.DecodeLastRuneInString(line[:i]); i > 0 && (before == '!' || parts(before, '[')) {
				in.b.WriteString(zeroWidth)
			}
			in.b.WriteByte('[')
			inline{b: in.b, bold: in.bold}.write(words)
			in.b.WriteString("](")
			in.b.WriteString(address)
			in.b.WriteByte(')')
			i += length
			from = i
		default:
			i++
		}
	}
	flush(len(line))
}

// cutBold returns the words between the two asterisks at i and the next two. It reports false when clients would not take
// them for bold: CommonMark wants asterisks that have punctuation inside to have a space or punctuation outside.
func cutBold(line string, i int) (words string, ok bool) {
	words, after, found := strings.Cut(line[i+2:], "**")
	if !found || words == "" || strings.HasPrefix(after, "*") || strings.HasPrefix(words, "*") {
		return "", false
	}
	before, _ := utf8.DecodeLastRuneInString(line[:i])
	next, _ := utf8.DecodeRuneInString(after)
	first, _ := utf8.DecodeRuneInString(words)
	last, _ := utf8.DecodeLastRuneInString(words)
	if unicode.IsSpace(first) || unicode.IsSpace(last) {
		return "", false
	}
	if !isWord(first) && i > 0 && !isBoundary(before) || !isWord(last) && after != "" && !isBoundary(next) {
		return "", false
	}
	return words, true
}

func isBoundary(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsPunct(r) || r < utf8.RuneSelf && unicode.IsSymbol(r)
}

// cutLink returns the words and the address of a link that s begins with, and how long it is in s.
func cutLink(s string) (words, address string, length int, ok bool) {
	end := strings.IndexAny(s[1:], "[]") + 1
	if end < 2 || s[end] == '[' || !strings.HasPrefix(s[end+1:], "(") {
		return "", "", 0, false
	}
	words = s[1:end]
	depth := 0
	for i := end + 1; i < len(s); i++ {
		switch s[i] {
		case ' ':
			return "", "", 0, false
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				address, ok = linkAddress(s[end+2 : i])
				return words, address, i + 1, ok && strings.TrimSpace(words) == words && strings.Trim(words, "*_\u00ad\u200d") != ""
			}
		}
	}
	return "", "", 0, false
}

// linkAddress returns an address as it stands in Markdown, and whether it is one that a publication may lead to.
func linkAddress(s string) (string, bool) {
	if len(s) > MaxContentLink {
		return "", false
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r >= 0x80 && isWord(r), r < 0x80 && isWord(r), strings.ContainsRune("-._~:/?#@!$&'+,=", r):
			b.WriteRune(r)
		case r == '%':
			if len(s) < i+3 || strings.Trim(s[i+1:i+3], "0123456789abcdefABCDEF") != "" {
				return "", false
			}
			b.WriteRune(r)
		case strings.ContainsRune("();*", r):
			b.WriteByte('%')
			b.WriteString(strings.ToUpper(strconv.FormatInt(int64(r), 16)))
		default:
			return "", false
		}
	}
	address := b.String()
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	address = u.Scheme + address[len(u.Scheme):] // in small letters
	if u.Scheme == "mailto" {
		name, host, ok := strings.Cut(u.Opaque, "@")
		return address, ok && name != "" && host != "" && !strings.Contains(host, "@")
	}
	return address, isWebAddress(address)
}

// showExcerpt is how much of a long text is in sight at first, in characters.
const showExcerpt = 400

// excerpt returns the beginning of a publication's text, cut between two words, and whether anything was left out.
func excerpt(s string) (string, bool) {
	s = strings.TrimSpace(s)
	end, n := len(s), 0
	for i := range s {
		if n++; n > showExcerpt {
			end = i
			break
		}
	}
	if end == len(s) {
		return s, false
	}
	cut := s[:end]
	if i := strings.LastIndexAny(cut, " \n"); i > end/2 {
		cut = cut[:i]
	}
	// Half of a link, or of bold words, would show its marks.
	line := cut[strings.LastIndexByte(cut, '\n')+1:]
	if i := strings.LastIndexByte(line, '['); i > 0 && !strings.Contains(line[i:], ")") {
		cut = cut[:len(cut)-len(line)+i]
	}
	if line = cut[strings.LastIndexByte(cut, '\n')+1:]; strings.Count(line, "**")%2 == 1 {
		if i := strings.LastIndex(line, "**"); i > 0 {
			cut = cut[:len(cut)-len(line)+i]
		}
	}
	return strings.TrimRight(cut, " \n,.;:–-") + "…", true
}

// bounded returns s without what is longer than MaxContentBody characters as clients count them, in UTF-16 units.
func bounded(s string) string {
	most := MaxContentBody
	for i, r := range s {
		if r > 0xffff {
			most--
		}
		if most--; most < 0 {
			return s[:i]
		}
	}
	return s
}
