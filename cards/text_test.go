package cards_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vuosikello/cards"
	"vuosikello/store"
)

// catalogue reads the files of a language as they are: every form of every text by its key.
func catalogue(t *testing.T, l cards.Lang) map[string][]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("text", string(l), "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts in %s: %v", l, err)
	}
	texts := map[string][]string{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var topic map[string]any
		if err := json.Unmarshal(b, &topic); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for key, v := range topic {
			if texts[key] != nil {
				t.Errorf("%s: %s is in another file too", file, key)
			}
			switch v := v.(type) {
			case string:
				texts[key] = []string{v}
			case map[string]any:
				for _, form := range []string{"one", "other"} {
					s, _ := v[form].(string)
					texts[key] = append(texts[key], s)
				}
				if len(v) != 2 {
					t.Errorf("%s: %s has other forms than one and other", file, key)
				}
			default:
				t.Errorf("%s: %s is neither a text nor a plural", file, key)
			}
		}
	}
	return texts
}

var placeholder = regexp.MustCompile(`\{[a-z_]*\}`)

func placeholders(forms []string) string {
	names := map[string]bool{}
	for _, s := range forms {
		for _, p := range placeholder.FindAllString(s, -1) {
			names[p] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), " ")
}

func TestCatalogue(t *testing.T) {
	fi := catalogue(t, cards.Finnish)
	for _, l := range cards.Langs() {
		texts := catalogue(t, l)
		for key, forms := range fi {
			other, ok := texts[key]
			if !ok {
				t.Errorf("%s is missing in %s", key, l)
				continue
			}
			if a, b := placeholders(forms), placeholders(other); a != b {
				t.Errorf("%s has the placeholders %q in fi and %q in %s", key, a, b, l)
			}
			if len(forms) != len(other) {
				t.Errorf("%s is a plural in one of fi and %s only", key, l)
			}
		}
		for key, forms := range texts {
			if fi[key] == nil {
				t.Errorf("%s is in %s but not in fi", key, l)
			}
			for _, s := range forms {
				checkTone(t, l, key, s)
			}
			if len(forms) == 2 && !strings.Contains(placeholders(forms), "{n}") && !strings.Contains(placeholders(forms), "{names}") {
				t.Errorf("%s %s: a plural that does not show its number or names", l, key)
			}
		}
	}
}

// A channel post tells nobody who has seen it, so no text may claim that it does; and nobody is shouted at.
var claims = map[cards.Lang]*regexp.Regexp{
	cards.Finnish: regexp.MustCompile(`(?i)(^|[^\pL])(nähnyt|nähneet|näki|näkivät|luki|lukivat|lukenut)([^\pL]|$)`),
	cards.Swedish: regexp.MustCompile(`(?i)(^|[^\pL])(sett|såg|läste|läst)([^\pL]|$)`),
	cards.English: regexp.MustCompile(`(?i)(^|[^\pL])(seen|saw|viewed)([^\pL]|$)`),
}

func checkTone(t *testing.T, l cards.Lang, key, s string) {
	t.Helper()
	switch {
	case strings.TrimSpace(s) == "" || s != strings.TrimSpace(s):
		t.Errorf("%s %s: empty, or spaces at an end: %q", l, key, s)
	case strings.Contains(s, "!"):
		t.Errorf("%s %s: an exclamation mark: %q", l, key, s)
	case claims[l].MatchString(s):
		t.Errorf("%s %s: claims what nobody can know: %q", l, key, s)
	case strings.ContainsAny(s, "*`~\\<\n") || strings.ContainsAny(placeholder.ReplaceAllString(s, ""), "{}"):
		t.Errorf("%s %s: texts are plain, without markup or stray braces: %q", l, key, s)
	}
}

var (
	keyLike     = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_]+)+$`)
	prefixLike  = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_]+)*\.$`)
	fileLike    = regexp.MustCompile(`\.(json|csv|xlsx|go|sql|db|yml|yaml|png|svg|zip|txt|md|pdf|docx|html|ics|css|js)$`)
	templateKey = regexp.MustCompile(`\.T "([a-z_.]+)"`) // in a template of a page
)

// Every key that the program names exists, and every key that exists is named. The string literals of the product are
// searched: "topic.name" is a key when its first part is that of some text, unless it is a verb of a card's action or an
// action of the audit log. "topic." begins keys that end in a value, and so does a key to which something is added.
func TestKeysUsed(t *testing.T) {
	texts := catalogue(t, cards.Finnish)
	topics := map[string]bool{}
	for key := range texts {
		topic, _, _ := strings.Cut(key, ".")
		topics[topic] = true
	}
	used, prefixes := map[string]bool{}, map[string]bool{}
	verbs := map[string]bool{}
	for _, dir := range []string{".", "../bot", "../cmd", "../store"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // a package of the product that is not there has no keys
			}
			if err == nil && strings.HasSuffix(path, ".html") { // a template of a page
				b, err := os.ReadFile(path)
				for _, quoted := range templateKey.FindAllSubmatch(b, -1) {
					used[string(quoted[1])] = true
				}
				return err
			}
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			return literals(path, func(s string, verb bool) {
				switch {
				case verb:
					verbs[s] = true
				case keyLike.MatchString(s) && !fileLike.MatchString(s):
					used[s] = true
				case prefixLike.MatchString(s):
					prefixes[s] = true
				}
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for key := range used {
		topic, _, _ := strings.Cut(key, ".")
		if topics[topic] && texts[key] == nil && !verbs[key] {
			begins := func(k string) bool { return strings.HasPrefix(k, key+".") }
			if slices.ContainsFunc(slices.Collect(maps.Keys(texts)), begins) {
				prefixes[key+"."] = true
				continue
			}
			t.Errorf("%s is used and in no catalogue", key)
		}
	}
	for key := range texts {
		begun := func(prefix string) bool { return strings.HasPrefix(key, prefix) }
		if !used[key] && !slices.ContainsFunc(slices.Collect(maps.Keys(prefixes)), begun) {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

// literals calls f with every string literal of a Go file. verb is true for those that stand in the value of something
// named verb or action, or in a call that writes the audit log.
func literals(path string, f func(s string, verb bool)) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return err
	}
	namesVerb := func(n ast.Node) bool {
		var name string
		switch n := n.(type) {
		case *ast.Ident:
			name = n.Name
		case *ast.SelectorExpr:
			name = n.Sel.Name
		}
		name = strings.ToLower(name)
		return strings.HasPrefix(name, "verb") || name == "action" || strings.Contains(name, "audit")
	}
	verbs := map[ast.Node]bool{}
	mark := func(list []ast.Expr) {
		for _, e := range list {
			ast.Inspect(e, func(n ast.Node) bool {
				if lit, ok := n.(*ast.BasicLit); ok {
					verbs[lit] = true
				}
				return true
			})
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if namesVerb(n.Names[0]) {
				mark(n.Values)
			}
		case *ast.AssignStmt:
			if namesVerb(n.Lhs[0]) {
				mark(n.Rhs)
			}
		case *ast.KeyValueExpr:
			if namesVerb(n.Key) {
				mark([]ast.Expr{n.Value})
			}
		case *ast.CallExpr:
			if namesVerb(n.Fun) {
				mark(n.Args)
			}
		case *ast.BasicLit:
			if n.Kind == token.STRING {
				if s, err := strconv.Unquote(n.Value); err == nil {
					f(s, verbs[n])
				}
			}
		}
		return true
	})
	return nil
}

func TestT(t *testing.T) {
	for _, tt := range []struct {
		lang cards.Lang
		key  string
		args []any
		want string
	}{
		{"fi", "date.in_days", []any{"n", 1}, "1 päivän päästä"},
		{"fi", "date.days_ago", []any{"n", 1}, "1 päivä sitten"},
		{"fi", "date.days_ago", []any{"n", 12400}, "12\u202f400 päivää sitten"},
		{"sv", "date.in_days", []any{"n", 14}, "om 14 dagar"},
		{"en", "date.at", []any{"date", "Mon 16 Mar", "time", "14:00"}, "Mon 16 Mar at 14:00"},
		{"fi", "date.at", []any{"date", "{time}", "time", "x"}, "{time} klo x"}, // a value is never filled again
		{"fi", "date.at", []any{"date"}, " klo "},                               // half a pair is no value
		{"fi", "field.audience_known", []any{"names", []string{"a", "b"}}, "Tunnetut kohderyhmät: a, b"},
		{"fi", "roles.until", []any{"name", "Maija", "date", store.NewDate(2026, 7, 31)}, "Maija (31.7.2026 asti)"},
		{"fi", "there.is.none", nil, "there.is.none"},
		{"de", "date.today", nil, "date.today"},
	} {
		if got := tt.lang.T(tt.key, tt.args...); got != tt.want {
			t.Errorf("%s %s %v = %q, want %q", tt.lang, tt.key, tt.args, got, tt.want)
		}
	}
}

func TestError(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errors.New("disk I/O error"), "Jokin meni vikaan, eikä mitään muuttunut. Yritä hetken päästä uudelleen."},
		{fmt.Errorf("saving: %w", store.Conflict("no.such.key")), "Joku muutti tätä samaan aikaan. Avaa uusin versio ja yritä uudelleen."},
		{store.Invalid("title", "common.others", "n", 12), "ja 12 muuta"},
		{&store.Error{Kind: store.KindUnavailable, Err: errors.New("database is locked")}, "Vuosikello ei pysty juuri nyt tallentamaan. Mitään ei muuttunut. Yritä hetken päästä uudelleen."},
	} {
		if got := cards.Finnish.Error(tt.err); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, got, tt.want)
		}
	}
}

func TestParseLang(t *testing.T) {
	for locale, want := range map[string]cards.Lang{"fi-FI": "fi", "SV": "sv", "en_US": "en", " fi": "fi"} {
		if got, ok := cards.ParseLang(locale); got != want || !ok {
			t.Errorf("%q is %q, %v", locale, got, ok)
		}
	}
	for _, locale := range []string{"", "de-DE", "finnish", "-fi"} {
		if _, ok := cards.ParseLang(locale); ok {
			t.Errorf("%q is a language", locale)
		}
	}
}

func TestWords(t *testing.T) {
	if got := cards.Swedish.Words("command.clock"); !slices.Equal(got, []string{"årsklocka", "klocka"}) {
		t.Errorf("the words for the clock are %q", got)
	}
	if got := cards.Swedish.Word("command.clock"); got != "årsklocka" {
		t.Errorf("the word for the clock is %q", got)
	}
}
