package cards_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"vuosikello/cards"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

func TestText(t *testing.T) {
	const z = "\u200b"
	for _, tt := range []struct{ in, want, why string }{
		{"Kesälomat: kiireettömät palvelut", "Kesälomat: kiireettömät palvelut", "ordinary text stays as it is"},
		{"ma 16.3. (14 päivän päästä) – 12\u202f400", "ma 16.3. (14 päivän päästä) – 12\u202f400", "so do dates and numbers"},
		{"matti_meikalainen@example.fi", "matti_meikalainen@example.fi", "an underscore within a word emphasises nothing"},
		{"*tärkeä* _tosi_", `\*tärkeä\* \_tosi\_`, "emphasis"},
		{"[tästä](https://paha.example)", "[tästä]" + z + "(https://paha.example)", "a link"},
		{"[a]: https://paha.example", "[a]" + z + ": https://paha.example", "a link's definition"},
		{"<at>Kaikki</at>", "<" + z + "at>Kaikki<" + z + "/at>", "a mention"},
		{"R&D &lt;at&gt;", "R&" + z + "D &" + z + "lt;at&" + z + "gt;", "entities"},
		{"{{DATE(2026-01-01T00:00:00Z)}}", "{" + z + "{DATE(2026-01-01T00:00:00Z)}}", "a date function"},
		{"1. kokous", z + "1. kokous", "a numbered list"},
		{"2026", "2026", "a number is no list"},
		{"- a\n# b\n\n\n> c", z + "- a\n\n" + z + "# b\n\n" + z + "> c", "blocks, and lines as paragraphs"},
		{"    koodi", "koodi", "an indented code block"},
		{"a`b`~~c~~", "a\\`b\\`\\~\\~c\\~\\~", "code and strikethrough"},
		{`\*a*`, `\\\*a\*`, "an escape of one's own"},
		{"a\u202eb\u2066c\u200bd\x00e\x1bf\ufeffg", "abcdefg", "control, bidirectional and invisible characters"},
		{"👩\u200d👧", "👩\u200d👧", "the joiner of an emoji stays"},
		{"a\xffb", "a\ufffdb", "not UTF-8"},
	} {
		if got := string(cards.Text(tt.in)); got != tt.want {
			t.Errorf("%s: Text(%q) = %q, want %q", tt.why, tt.in, got, tt.want)
		}
	}
}

// FuzzText holds Text to what it promises: whatever comes in, what comes out shows the same characters and has nothing
// that could begin markup, a mention or a function.
func FuzzText(f *testing.F) {
	for _, s := range []string{
		"", "a", "*a*", "__a__", "[a](b)", "![a](b)", "<at>a</at>", "<https://a.example>", "&lt;at&gt;", "{{TIME(x)}}", "- a\n- b", "1) a",
		"a\n===", "a\n---", "| a |\n|---|", "```\na\n```", "~~a~~", "\\[a](b)", "\\\\*a*", "[a]\u200b(b)", "[a]\x00(b)", "<\u202eat>", "{\u2060{",
		"_a _b_ c_", "a_b_c", "a\\", "\t# a", "\u2028- a", "\xff*a*", "]\r(", "<\nat>", "a\n    b", "[x]:\ny",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := string(cards.Text(s))
		if !utf8.ValidString(out) {
			t.Fatalf("not UTF-8: %q", out)
		}
		runes := []rune(out)
		var shown strings.Builder
		for i := 0; i < len(runes); i++ {
			r, next := runes[i], rune(0)
			if i+1 < len(runes) {
				next = runes[i+1]
			}
			switch {
			case r == '\\':
				if !strings.ContainsRune("*_`~\\", next) {
					t.Fatalf("a backslash that escapes nothing, at %d of %q", i, out)
				}
				shown.WriteRune(next)
				i++
				continue
			case strings.ContainsRune("*`~", r):
				t.Fatalf("%q is not escaped, at %d of %q", r, i, out)
			case r == '_':
				if i == 0 || !word(runes[i-1]) || !word(next) {
					t.Fatalf("an underscore at the edge of a word, at %d of %q", i, out)
				}
			case r == '<' && next != '\u200b' && next != ' ' && next != 0 && next != '\n',
				r == '&' && (next == '#' || unicode.IsLetter(next)),
				r == '{' && next == '{',
				r == ']' && (next == '(' || next == '[' || next == ':'):
				t.Fatalf("%q meets %q, at %d of %q", r, next, i, out)
			case r != '\n' && r != '\u200b' && r != '\u200d' && r != '\u00ad' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)):
				t.Fatalf("an invisible %U, at %d of %q", r, i, out)
			}
			if r != '\u200b' {
				shown.WriteRune(r)
			}
		}
		for _, line := range strings.Split(out, "\n") {
			if line != "" && strings.ContainsAny(line[:1], " #>-+=|:") {
				t.Fatalf("a line begins a block: %q", line)
			}
			digits := strings.TrimLeft(line, "0123456789")
			if digits != line && (digits == "." || digits == ")" || strings.HasPrefix(digits, ". ") || strings.HasPrefix(digits, ") ")) {
				t.Fatalf("a line begins a numbered list: %q", line)
			}
		}
		if got, want := squeeze(shown.String()), squeeze(visible(s)); got != want {
			t.Fatalf("shows %q, want %q", got, want)
		}
	})
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// visible is what of a text can be shown at all.
func visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			b.WriteByte(' ')
		case r == '\u200d' || r == '\u00ad' || !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Co, r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// A title is one line whatever it is made of; the narrow space within a number stays.
func TestTitleIsOneLine(t *testing.T) {
	for in, want := range map[string]string{
		" a  b\n\tc ": "a b c", "a\u2028b\u0085c": "a b c", "12\u202f400 · ä – ö": "12\u202f400 · ä – ö", "ää": "ää",
		strings.Repeat("ä", 301): strings.Repeat("ä", 299) + "…", strings.Repeat("ä", 300): strings.Repeat("ä", 300), "\u2028": "",
	} {
		got := cards.Message{Title: in, Text: "x"}.Card(cards.Finnish).Summary
		if want == "" {
			want = "x"
		}
		if got != want {
			t.Errorf("%q is titled %q, want %q", in, got, want)
		}
	}
}
