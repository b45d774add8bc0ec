package cards

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"vuosikello/store"
)

// Lang is a language of the user interface.
type Lang string

// The languages.
const (
	Finnish Lang = "fi"
	Swedish Lang = "sv"
	English Lang = "en"
)

// Langs returns every language.
func Langs() []Lang { return []Lang{Finnish, Swedish, English} }

// ParseLang reads a language or a locale: "fi", "fi-FI" and "sv_FI" are known, "de" is not.
func ParseLang(locale string) (Lang, bool) {
	tag, _, _ := strings.Cut(strings.ReplaceAll(locale, "_", "-"), "-")
	l := Lang(strings.ToLower(strings.TrimSpace(tag)))
	return l, slices.Contains(Langs(), l)
}

// CSVComma is what separates the fields of a CSV file for spreadsheets in the language: ';' where the decimal sign is a
// comma.
func (l Lang) CSVComma() rune {
	if l == English {
		return ','
	}
	return ';'
}

//go:embed text
var textFiles embed.FS

// sentence is one text of the catalogue. Its placeholders stand in braces: {name}. The plural is chosen by {n}.
type sentence struct {
	one, other string // other alone when the text has no plural
}

// UnmarshalJSON reads "text" or {"one": "text", "other": "text"}.
func (s *sentence) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &s.other)
	}
	var forms struct{ One, Other *string }
	if err := json.Unmarshal(b, &forms); err != nil {
		return err
	}
	if forms.One == nil || forms.Other == nil {
		return errors.New(`a plural needs "one" and "other"`)
	}
	s.one, s.other = *forms.One, *forms.Other
	return nil
}

// catalogues holds the texts of each language. They are part of the program: one that cannot be read is a mistake in
// the build, which the tests find, and nothing can be said to anybody without it.
var catalogues = sync.OnceValue(func() map[Lang]map[string]sentence {
	all := make(map[Lang]map[string]sentence)
	for _, l := range Langs() {
		texts, err := readCatalogue(textFiles, l)
		if err != nil {
			panic(err)
		}
		all[l] = texts
	}
	return all
})

func readCatalogue(files fs.FS, l Lang) (map[string]sentence, error) {
	names, err := fs.Glob(files, path.Join("text", string(l), "*.json"))
	if err != nil {
		return nil, err
	}
	texts := make(map[string]sentence)
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var topic map[string]sentence
		if err := json.Unmarshal(b, &topic); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		maps.Copy(texts, topic)
	}
	return texts, nil
}

// T returns the text of a key with its placeholders filled from args, which are name, value pairs. Whole numbers and
// dates are written as people write them, lists with commas. Where the text has a plural, the value of "n" chooses it.
// It is plain text: pass it through [Text] where a client reads Markdown. A key that is not there comes back as it is.
func (l Lang) T(key string, args ...any) string {
	s, ok := catalogues()[l][key]
	if !ok {
		return key
	}
	text := s.other
	if s.one != "" && isOne(args) {
		text = s.one
	}
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	return l.fill(text, args)
}

func isOne(args []any) bool {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "n" {
			return args[i+1] == 1
		}
	}
	return false
}

func (l Lang) fill(text string, args []any) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		text = after
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] == name {
				b.WriteString(l.value(args[i+1]))
				break
			}
		}
	}
}

func (l Lang) value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return l.Number(v)
	case store.Date:
		return l.FullDate(v)
	case []string:
		return strings.Join(v, ", ")
	default:
		return fmt.Sprint(v)
	}
}

// Words returns the words of a key that lists several, the first of which is the one to show: chat commands, roles,
// bindings, months.
func (l Lang) Words(key string) []string { return strings.Split(l.T(key), "|") }

// Word returns the first of Words.
func (l Lang) Word(key string) string {
	word, _, _ := strings.Cut(l.T(key), "|")
	return word
}

// Error returns the sentence that tells a person what err is about. An error that is not meant for people gets a
// general sentence; its text stays in the log.
func (l Lang) Error(err error) string {
	var e *store.Error
	if !errors.As(err, &e) {
		return l.T("error.unknown")
	}
	if _, known := catalogues()[l][e.Key]; known {
		args := make([]any, 0, 2*len(e.Args))
		for name, v := range e.Args {
			args = append(args, name, v)
		}
		return l.T(e.Key, args...)
	}
	switch e.Kind {
	case store.KindInvalid:
		return l.T("error.invalid")
	case store.KindNotFound:
		return l.T("error.not_found")
	case store.KindConflict:
		return l.T("error.conflict")
	case store.KindForbidden:
		return l.T("error.forbidden")
	case store.KindUnavailable:
		return l.T("error.unavailable")
	}
	return l.T("error.unknown")
}

// name returns a person's name as it is shown, at most so many characters of it: of somebody who was erased, the words for
// that.
func (l Lang) name(name string, limit int) string {
	if name == store.ErasedName {
		name = l.T("person.erased")
	}
	return clip(name, limit)
}
