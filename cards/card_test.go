package cards_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"vuosikello/cards"
	"vuosikello/store"
)

var update = flag.Bool("update", false, "write the golden cards anew")

// The Finnish cards are compared with what was looked at; all languages are checked against the schema.
func TestCards(t *testing.T) {
	schema := jsonschema.NewCompiler()
	file, err := os.Open("testdata/adaptive-card-1.5.0.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	doc, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.AddResource("card.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := schema.Compile("card.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			for _, l := range cards.Langs() {
				card := s.card.Card(l)
				got := decode(t, card)
				if card.Summary == "" || got["fallbackText"] == "" {
					t.Errorf("%s: no summary", l)
				}
				check(t, s.name, l, card, got)
				if l == cards.Finnish {
					golden(t, s.name, card)
				}
				withoutTeams(got)
				withoutCharts(got)
				if err := compiled.Validate(got); err != nil {
					t.Errorf("%s: %v", l, err)
				}
			}
		})
	}
}

// withoutTeams takes out what is Teams' own, which the schema does not know.
func withoutTeams(v any) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "msteams")
		for _, child := range v {
			withoutTeams(child)
		}
	case []any:
		for _, child := range v {
			withoutTeams(child)
		}
	}
}

func decode(t *testing.T, c cards.Card) map[string]any {
	t.Helper()
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v.(map[string]any)
}

// check walks the card for what every card keeps to.
func check(t *testing.T, name string, l cards.Lang, c cards.Card, v any) {
	t.Helper()
	if strings.Contains(c.Summary, "\n") {
		t.Errorf("%s: the summary has several lines: %q", l, c.Summary)
	}
	// A list of suggestions is one question, whatever its length; elsewhere three buttons are in sight.
	if n := len(c.Actions); n > 3 && !strings.HasPrefix(name, "suggest") {
		t.Errorf("%s: %d buttons in sight", l, n)
	}
	ids := map[string]bool{}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			switch typ, _ := v["type"].(string); {
			case typ == "FactSet":
				if n := len(v["facts"].([]any)); n > 6 {
					t.Errorf("%s: %d facts", l, n)
				}
			case typ == "TextBlock" && v["wrap"] != true:
				t.Errorf("%s: text does not wrap: %v", l, v)
			case strings.HasPrefix(typ, "Input."):
				if v["label"] == nil && typ != "Input.Toggle" {
					t.Errorf("%s: input without label: %v", l, v)
				}
			case typ == "Action.Execute":
				submit, _ := v["fallback"].(map[string]any)
				data, _ := submit["data"].(map[string]any)
				if data["verb"] != v["verb"] || v["verb"] == nil {
					t.Errorf("%s: the fallback has another verb: %v", l, v)
				}
			}
			if id, ok := v["id"].(string); ok {
				if ids[id] {
					t.Errorf("%s: two elements have the id %q", l, id)
				}
				ids[id] = true
			}
			for key, child := range v {
				if key != "msteams" {
					walk(child)
				}
			}
		case []any:
			for _, child := range v {
				walk(child)
			}
		}
	}
	walk(v)
}

// withoutCharts puts in place of each chart, which the schema does not know either, what is shown without it.
func withoutCharts(v any) {
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	for _, child := range m {
		list, ok := child.([]any)
		for i := range list {
			if e, isMap := list[i].(map[string]any); ok && isMap {
				if typ, _ := e["type"].(string); strings.HasPrefix(typ, "Chart.") {
					list[i] = e["fallback"]
				}
			}
			withoutCharts(list[i])
		}
		withoutCharts(child)
	}
}

func golden(t *testing.T, name string, c cards.Card) {
	t.Helper()
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, b, "", " "); err != nil {
		t.Fatal(err)
	}
	got.WriteByte('\n')
	path := filepath.Join("testdata", name+".golden.json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// collectInputs adds the ids of all inputs in a decoded card.
func collectInputs(v any, ids map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		if typ, _ := v["type"].(string); strings.HasPrefix(typ, "Input.") {
			ids[v["id"].(string)] = true
		}
		for _, child := range v {
			collectInputs(child, ids)
		}
	case []any:
		for _, child := range v {
			collectInputs(child, ids)
		}
	}
}

func sortedKeys(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }

// The form's inputs have the ids that the outside relies on, each once, whatever is hidden or wrong.
func TestFormInputs(t *testing.T) {
	want := map[string]string{
		"entryform":   "approval audience campaign channels clock end goal materials owner reminders repeat start title",
		"contentform": "audience body bodySv checkAccessibility checkCopyright checkLanguage checkPrivacy entry image imageAlt link publishDate publishTime title titleSv",
		"meetingform": "cutoff every first time",
		"sessionform": "audience date host joinUrl links minutes repeat time title",
		"feedback":    "need rating topic",
	}
	for _, s := range samples() {
		kind, _, _ := strings.Cut(s.name, "_")
		if want[kind] == "" {
			continue
		}
		ids := map[string]bool{}
		collectInputs(decode(t, s.card.Card(cards.Swedish)), ids)
		if got := strings.Join(sortedKeys(ids), " "); got != want[kind] {
			t.Errorf("%s has the inputs\n%s\nwant\n%s", s.name, got, want[kind])
		}
	}
}

func TestFormValues(t *testing.T) {
	e := campaign()
	form := func(values map[string]string) string {
		return string(cards.EntryForm{Values: values, Audiences: audiences}.Card(cards.Finnish).AppendJSON(nil))
	}
	for _, tt := range []struct{ name, field, value, want string }{
		{"a wrong date stays as typed", "start", "31.2.2026", `"value":"31.2.2026"`},
		{"known audiences are ticked, as the list spells them", "audience", "asukkaat, Esihenkilöt", `"value":"Asukkaat,Esihenkilöt"`},
		{"an unknown audience turns the list into text", "audience", "Asukkaat,Potilaat", `"label":"Kohderyhmät pilkulla erotettuina","value":"Asukkaat, Potilaat"`},
		{"something else turns the list into text", "audience", "Asukkaat,+", `"label":"Kohderyhmät pilkulla erotettuina","value":"Asukkaat"`},
		{"an own rule is one of the choices", "repeat", "FREQ=MONTHLY;BYDAY=1MO", `{"title":"Oma sääntö: FREQ=MONTHLY;BYDAY=1MO","value":"FREQ=MONTHLY;BYDAY=1MO"}`},
		{"a wrong rule is text", "repeat", "silloin tällöin", `"Input.Text","id":"repeat","label":"Toisto","value":"silloin tällöin"`},
		{"what people type is not escaped in an input", "title", `<at>*x*</at> "q"`, `"value":"<at>*x*</at> \"q\""`},
	} {
		values := cards.EntryValues(&e)
		values[tt.field] = tt.value
		if got := form(values); !strings.Contains(got, tt.want) {
			t.Errorf("%s: no %s in\n%s", tt.name, tt.want, got)
		}
	}
}

func TestFormValuesMean(t *testing.T) {
	if rule, other := cards.RepeatValue("none"); rule != "" || other {
		t.Errorf("no repetition reads as %q, %v", rule, other)
	}
	if _, other := cards.RepeatValue(cards.Other); !other {
		t.Error("typing one's own is not seen")
	}
	names, other := cards.AudienceValue("Asukkaat, ,+,Esihenkilöt")
	if !other || strings.Join(names, "|") != "Asukkaat|Esihenkilöt" {
		t.Errorf("audiences read as %q, %v", names, other)
	}
	if cards.EntryValue("none") != "" || cards.EntryValue("k3v5") != "k3v5" {
		t.Error("the entry is misread")
	}
}

// Whatever people and files hold, a card stays under the limit and remains a card.
func TestSize(t *testing.T) {
	hostile := map[string]string{
		"long":       strings.Repeat("pitkä", 40_000),
		"emoji":      strings.Repeat("👩‍👩‍👧‍👦🏳️‍🌈", 10_000),
		"quotes":     strings.Repeat(`"\`, 50_000),
		"markup":     strings.Repeat("*_`~[x](y)<at>", 10_000),
		"tabs":       strings.Repeat("\t\n\x00", 50_000),
		"braces":     strings.Repeat("{{", 50_000),
		"not UTF-8":  strings.Repeat("\xff", 100_000),
		"zalgo":      "a" + strings.Repeat("\u0301", 100_000),
		"300 runes":  strings.Repeat("𝔵", 300),
		"separators": strings.Repeat("\u2028", 100_000),
	}
	for name, text := range hostile {
		many := make([]string, 500)
		for i := range many {
			many[i] = text
		}
		e := campaign()
		e.Title, e.Campaign, e.Owner, e.Goal, e.Audiences, e.Channels = text, text, text, text, many, many
		people := make([]cards.Person, 500)
		holders := make([]cards.RoleHolder, 500)
		bindings := make([]cards.Binding, 500)
		list := make([]cards.Item, 500)
		choices := make([]cards.Choice, 500)
		buttons := make([]cards.Button, 500)
		values, errs := map[string]string{}, map[string]string{"": text}
		for _, id := range strings.Fields("clock title start end repeat campaign audience channels owner reminders materials approval goal " +
			"body titleSv bodySv publishDate publishTime entry link image imageAlt checkCopyright") {
			values[id], errs[id] = text, text
		}
		for i := range people {
			people[i] = cards.Person{Name: text, ID: text[:min(len(text), 36)]}
			holders[i] = cards.RoleHolder{Name: text, Role: cards.Role([]string{"communications", "approver", "digimentor", "admin"}[i%4]), Until: today}
			bindings[i] = cards.Binding{Kind: cards.BindingAudience, Audience: text}
			list[i] = cards.Item{Entry: &e, Occurrence: store.Occurrence{Start: today + store.Date(7*i), End: today + store.Date(7*i), Holiday: "Vappu"}}
			choices[i] = cards.Choice{Title: text, Value: "k3v5t7q2m4x6z8ab"}
			buttons[i] = cards.Button{Title: text, Command: text}
		}
		all := []sample{
			{"reminder", cards.Reminder{Entry: e, Occurrence: store.Occurrence{Start: today, End: today, Holiday: "Vappu"}, Today: today, Owners: people, Outside: many}},
			{"reminder done", cards.Reminder{Entry: e, Today: today, Status: cards.ReminderDone, By: text, At: time.Now(), Link: "https://x/" + text}},
			{"entry form", cards.EntryForm{Entry: e.ID, Values: values, Errors: errs, Audiences: many, Clocks: many}},
			{"entry form with lists", cards.EntryForm{Values: map[string]string{"title": text}, Audiences: many[:12], Clocks: many[:12]}},
			{"entry saved", cards.EntrySaved{Entry: e, Reminders: make([]store.Date, 500), Warnings: many, Today: today, CanEdit: true}},
			{"entry removed", cards.EntryRemoved{Title: text, By: text}},
			{"content form", cards.ContentForm{Values: values, Errors: errs, Audiences: many, Entries: choices}},
			{"content form with lists", cards.ContentForm{Values: values, Audiences: many[:12], Entries: choices}},
			{"clock", cards.Clock{Year: 2026, Month: time.April, Items: list, Campaigns: many, Today: today, CanAdd: true}},
			{"clock with a wheel", cards.Clock{Year: 2026, Month: time.April, Items: list, Campaigns: many, Today: today, CanAdd: true, Wheel: &cards.WheelPicture{
				Title: text, PNG: make([]byte, cards.MaxWheelCardBytes), Alt: text, Large: "https://kello.example/" + strings.Repeat("x", 200), Print: "https://kello.example/" + strings.Repeat("x", 200),
				Rows: slices.Repeat([]string{text[:min(len(text), 400)]}, 40), Count: 60, Campaigns: true,
			}}},
			{"clock of a campaign", cards.Clock{Year: 2026, Campaign: text, Items: list, Campaigns: many, Today: today}},
			{"upcoming", cards.Upcoming{Days: 30, Items: list, Today: today}},
			{"channels", cards.Channels{Channel: text, Bindings: bindings, Audiences: many, Changed: text, CanEdit: true}},
			{"channels without", cards.Channels{Audiences: many, CanEdit: true}},
			{"roles", cards.Roles{Holders: holders, Changed: text}},
			{"suggest", cards.Suggest{Typed: text, Commands: many}},
			{"message", cards.Message{Title: text, Text: text, Buttons: buttons}},
		}
		all = append(all, hostileApprovals(text, many, people, values, errs)...)
		all = append(all, hostileMeasures(text, many)...)
		all = append(all, hostileSessions(text, many, people, values, errs)...)
		all = append(all, hostileReach(text, many)...)
		for _, s := range all {
			b := s.card.Card(cards.Finnish).AppendJSON(nil)
			if len(b) > cards.MaxBytes {
				t.Errorf("%s of %s: %d bytes", s.name, name, len(b))
			}
			if !json.Valid(b) {
				t.Errorf("%s of %s is not JSON", s.name, name)
			}
		}
	}
}

// A card is made for every reminder, command and click.
func BenchmarkReminder(b *testing.B) {
	r := reminder(func(r *cards.Reminder) { r.Owners = []cards.Person{{Name: "Maija Meikäläinen", ID: "id"}} })
	buf := make([]byte, 0, 8192)
	b.ReportAllocs()
	for b.Loop() {
		buf = r.Card(cards.Finnish).AppendJSON(buf[:0])
	}
	b.SetBytes(int64(len(buf)))
}

func BenchmarkClock(b *testing.B) {
	c := cards.Clock{Year: 2026, Month: time.April, Items: items(18), Campaigns: []string{"Allergiakausi", "Kesä"}, Today: today, CanAdd: true}
	buf := make([]byte, 0, 16384)
	b.ReportAllocs()
	for b.Loop() {
		buf = c.Card(cards.Finnish).AppendJSON(buf[:0])
	}
	b.SetBytes(int64(len(buf)))
}
