package cards_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"vuosikello/cards"
)

func TestBody(t *testing.T) {
	const z = "\u200b"
	for _, tt := range []struct{ in, want, why string }{
		{"Yksi.\nKaksi.\n\n\nKolme.", "Yksi.\n\nKaksi.\n\nKolme.", "lines are paragraphs"},
		{"Näin:\n- yksi\n* kaksi\n• kolme\nLoppu.", "Näin:\n\n- yksi\n- kaksi\n- kolme\n\nLoppu.", "bullets, also those that word processors make"},
		{"- yksi\n\n- kaksi", "- yksi\n- kaksi", "a list goes on over an empty line"},
		{"1. yksi\n2) kaksi\n\n3. kolme", "1. yksi\n2. kaksi\n3. kolme", "numbers"},
		{"13. huhtikuuta alkaa uusi.", z + "13. huhtikuuta alkaa uusi.", "a date is no list: clients would count it from one"},
		{"1. huhtikuuta alkaa uusi.\nLoppu.", z + "1. huhtikuuta alkaa uusi.\n\nLoppu.", "nor is a single number"},
		{"1. yksi\n3. kolme", z + "1. yksi\n\n" + z + "3. kolme", "nor numbers that do not follow each other"},
		{"- yksi\n1. a\n2. b\n- kaksi", "- yksi\n\n1. a\n2. b\n\n- kaksi", "one list after another"},
		{"  - sisempi", "- sisempi", "lists have one level"},
		{"- # a\n- - b", "- " + z + "# a\n- " + z + "- b", "an item is text, not another block"},
		{"Tämä on **tärkeää**.", "Tämä on **tärkeää**.", "bold"},
		{"**a** ja **b**", "**a** ja **b**", "bold twice"},
		{"**Huom.** a", "**Huom.** a", "bold that ends in punctuation"},
		{"a**.b.**c", `a\*\*.b.\*\*c`, "asterisks that clients would not take for bold are shown"},
		{"** a ** **b", `\*\* a \*\* \*\*b`, "so are those that hold nothing or do not end"},
		{"***a*** *b* __c__", `\*\*\*a\*\*\* \*b\* \_\_c\_\_`, "and other emphasis"},
		{"[ohje](https://a.example/x?y=1&z=(2))", "[ohje](https://a.example/x?y=1&z=%282%29)", "a link, with parentheses in its address"},
		{"[tuki](mailto:a@b.example)", "[tuki](mailto:a@b.example)", "a mail address"},
		{"**[ohje](http://a.example)** [**b** c](https://b.example)", "**[ohje](http://a.example)** [**b** c](https://b.example)", "bold links"},
		{"[a](javascript:alert(1))", "[a]" + z + "(javascript:alert(1))", "another kind of address"},
		{"[a](https://x@y.example) [b](//c.example) [d](https://)", "[a]" + z + "(https://x@y.example) [b]" + z + "(//c.example) [d]" + z + "(https://)", "addresses that mislead or lead nowhere"},
		{"![a](https://x.example/a.png)", "!" + z + "[a](https://x.example/a.png)", "a picture becomes a link"},
		{"[a](https://x.example \"b\")", "[a]" + z + "(https://x.example \"b\")", "a link's title"},
		{"[a][b]\n[b]: https://x.example", "[a]" + z + "[b]\n\n[b]" + z + ": https://x.example", "a definition"},
		{"[x[a](https://x.example)](https://y.example)", "[x[a](https://x.example)]" + z + "(https://y.example)", "a link within a link"},
		{"<at>Kaikki</at> &lt;b&gt; {{DATE(x)}}", "<" + z + "at>Kaikki<" + z + "/at> &" + z + "lt;b&" + z + "gt; {" + z + "{DATE(x)}}", "a mention, entities, a function"},
		{"# a\n> b\n| c |\n---\n===", z + "# a\n\n" + z + "> b\n\n" + z + "| c |\n\n" + z + "---\n\n" + z + "===", "other blocks"},
		{"*\u200b*a*\u202e*", "**a**", "invisible characters are gone before the marks are looked for"},
		{"", "", "nothing"},
	} {
		if got := string(cards.Body(tt.in)); got != tt.want {
			t.Errorf("%s: Body(%q)\n got %q\nwant %q", tt.why, tt.in, got, tt.want)
		}
	}
}

var (
	listItem = regexp.MustCompile(`^(- |[0-9]+\. )`)
	linkTail = regexp.MustCompile(`^\]\(((?:https?://|mailto:)[^\s()<>\[\]{}\\*;"]+)\)`)
)

// FuzzBody holds Body to what it promises: bold, lists and links to web and mail addresses may come out, nothing else that
// a client takes for markup does, and no letter is lost or made up.
func FuzzBody(f *testing.F) {
	for _, s := range []string{
		body, bodySv, "**a**", "**a", "a**b**c", "** **", "****", "***a***", "**[a](https://b.example)**", "[**a**](https://b.example)", "**[a**](https://b.example)",
		"[a](https://b.example)", "![a](https://b.example)", "\\[a](https://b.example)", "[a](https://b.example", "[](https://b.example)", "[a](mailto:)",
		"[a](HTTPS://b.example/%zz)", "[a](https://b.example/(c)d)", "[a](https://[::1]/)", "[a]\u200b(https://b.example)", "<[a](https://b.example)", "- - a", "1. 2. a\n2. b",
		"1. a\n2. b\n3. c", "99999999999999999999. a", "- a\n\n\n- b\n1) c\n2) d", "-\n- ", "\r\n- a\r\n", "<at>a</at>", "{{**DATE**()}}", "{**{DATE()}}", "&[a](https://b.example)",
		"]**(**a", "_**a**_", "**_a_**", "**\u00ad**", "[\u00ad](https://b.example)", "\xff**a\xff**", "a\u2028- b", "**a**[b](https://c.example)**d**", "[a](https://b.example)(c)",
		"[x]**[a](https://b.example)**: y",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := string(cards.Body(s))
		if !utf8.ValidString(out) {
			t.Fatalf("not UTF-8: %q", out)
		}
		var letters strings.Builder
		for _, line := range strings.Split(out, "\n") {
			letters.WriteString(checkBodyLine(t, out, line))
		}
		if got, want := letters.String(), lettersOf(visible(s)); !isSubsequence(got, want) {
			t.Fatalf("%q shows the letters %q, which are not in %q", s, got, want)
		}
		if plain := strings.NewReplacer("*", "", "[", "").Replace(s); lettersOf(string(cards.Body(plain))) != lettersOf(string(cards.Text(plain))) {
			t.Fatalf("%q without marks shows other letters than it has: %q", plain, cards.Body(plain))
		}
	})
}

// checkBodyLine reads a line of Markdown and returns the letters that it shows.
func checkBodyLine(t *testing.T, out, line string) string {
	item := listItem.FindString(line)
	line = line[len(item):]
	if line != "" && strings.ContainsAny(line[:1], " #>-+=|:") || listItem.MatchString(line) {
		t.Fatalf("a block begins with %q in %q", line, out)
	}
	var b strings.Builder
	bold, link := false, false
	runes := []rune(line)
	for i := 0; i < len(runes); i++ {
		r, next, rest := runes[i], rune(0), string(runes[i:])
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		tail := linkTail.FindStringSubmatch(rest)
		switch {
		case r == '\\':
			if !strings.ContainsRune("*_`~\\", next) {
				t.Fatalf("a backslash that escapes nothing in %q", out)
			}
			i++
			continue
		case strings.HasPrefix(rest, "**"):
			bold = !bold
			i++
			continue
		case strings.ContainsRune("*`~", r):
			t.Fatalf("%q is not escaped in %q", r, out)
		case link && tail != nil:
			u, err := url.Parse(tail[1])
			if err != nil || u.User != nil || u.Scheme != "mailto" && u.Host == "" {
				t.Fatalf("the address %q in %q: %v", tail[1], out, err)
			}
			link = false
			i += utf8.RuneCountInString(tail[0]) - 1
			continue
		case r == '[' && i > 0 && runes[i-1] == '!' && opensLink(rest):
			t.Fatalf("a picture in %q", out)
		case r == '[' && opensLink(rest):
			if link {
				t.Fatalf("a link within a link in %q", out)
			}
			link = true
		case r == '<' && next != '\u200b' && next != ' ' && next != 0 && next != '*',
			r == '&' && (next == '#' || unicode.IsLetter(next)),
			r == '{' && next == '{',
			r == ']' && (next == '(' || next == '[' || next == ':'):
			t.Fatalf("%q meets %q in %q", r, next, out)
		case r != '\u200b' && r != '\u200d' && r != '\u00ad' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)):
			t.Fatalf("an invisible %U in %q", r, out)
		}
		if word(r) {
			b.WriteRune(r)
		}
	}
	if bold || link {
		t.Fatalf("bold or a link does not end in %q", out)
	}
	return b.String()
}

// opensLink reports whether the bracket that s begins with is a link's: the next unescaped bracket closes it, and an
// address follows.
func opensLink(s string) bool {
	end := strings.IndexAny(s[1:], "[]") + 1
	return end > 0 && linkTail.MatchString(s[end:])
}

func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if word(r) {
			return r
		}
		return -1
	}, s)
}

func isSubsequence(part, whole string) bool {
	rest := []rune(whole)
	for _, r := range part {
		i := 0
		for i < len(rest) && rest[i] != r {
			i++
		}
		if i == len(rest) {
			return false
		}
		rest = rest[i+1:]
	}
	return true
}
