package bot

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"vuosikello/cards"
)

// What an action carries is a stranger's: it is refused, or it is texts.
func FuzzDecodeData(f *testing.F) {
	for _, s := range []string{
		`{}`, `null`, `[]`, `7`, `"x"`, `{"verb":"entry.done","reminder":7,"version":2,"link":"https://hva.example/"}`, `{"reminder":1.5}`, `{"reminder":"9223372036854775808"}`,
		`{"version":-1,"content":null,"msteams":{"type":"x"}}`, `{"title":["a"]}`, `{"title":{"a":"b"}}`, `{"approval":true,"reminders":1e999}`, `{"entry":"\ud800"}`,
		`{"a":1}{"b":2}`, `{"A":"x","a":"y"}`, strings.Repeat(`{"msteams":`, 50) + `1` + strings.Repeat(`}`, 50),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := decodeData(raw)
		if err != nil {
			return
		}
		var fields map[string]any
		if json.Unmarshal(raw, &fields) == nil && len(d.Inputs) > len(fields) {
			t.Errorf("%d inputs of %d fields", len(d.Inputs), len(fields))
		}
		if d.Inputs == nil || d.Entry != d.Inputs["entry"] {
			t.Errorf("%+v", d)
		}
		for name, v := range d.Inputs {
			if !utf8.ValidString(name) || !utf8.ValidString(v) {
				t.Errorf("%q is %q", name, v)
			}
		}
	})
}

// Whatever people write finds one command or a few near ones, and its arguments are a part of it.
func FuzzParseCommand(f *testing.F) {
	for _, s := range []string{
		"", "apua", "APUA?!", "lägg till", "lägg  till nu", "kello 3/2026", "kello maaliskuu", "kanava poista työryhmä", "kanal ta bort X", "rooli viestintä Mia 31.7.2026 asti",
		"roll ta bort admin Mia", "tulossa 99999999999999999999", "kieli sv", "🎉🎉🎉", "\u202eapua", "rooli x 29.2.2027 asti", "asti asti asti", "ta bort", "a\x00b", "ä\u0308",
	} {
		f.Add(s)
	}
	candidates := []string{"apua", "kello", "tulossa", "lägg till"}
	f.Fuzz(func(t *testing.T, text string) {
		c, args := parseCommand(text)
		if c == nil && args != "" {
			t.Errorf("no command, and arguments %q", args)
		}
		if joined := strings.Join(strings.Fields(text), " "); !strings.HasSuffix(joined, args) {
			t.Errorf("%q has arguments %q", text, args)
		}
		if near := nearest(text, candidates); len(near) > 3 {
			t.Errorf("near %q", near)
		}
		if month, year, ok := parseMonth(args); ok && (month < 0 || month > 12 || year != 0 && (year < 1900 || year > 2199) || month == 0 && year == 0) {
			t.Errorf("%q is month %d of %d", args, month, year)
		}
		rest, _ := cutRemove(args)
		if len(rest) > len(args) {
			t.Errorf("%q without a word is %q", args, rest)
		}
		if name, until, err := parseUntil(args); err == nil && until != 0 && (until.Year() < 1 || len(name) > len(args)) {
			t.Errorf("%q until %v", name, until)
		}
		// It is shown again as what somebody typed: never as markup.
		for _, l := range cards.Langs() {
			b, err := json.Marshal(cards.Suggest{Typed: text, Commands: candidates}.Card(l))
			if err != nil || len(b) > 2*cards.MaxBytes {
				t.Errorf("a card of %d bytes: %v", len(b), err)
			}
		}
	})
}
