package teams_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
)

// recorded reads one recorded request's body.
func recorded(tb testing.TB, name string) []byte {
	tb.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "activities", name+".json"))
	if err != nil {
		tb.Fatal(err)
	}
	var request struct{ Body json.RawMessage }
	if err := json.Unmarshal(content, &request); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return request.Body
}

func recordedNames(tb testing.TB) []string {
	tb.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", "activities", "*.json"))
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no recorded activities: %v", err)
	}
	var names []string
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		if !strings.HasPrefix(name, "connector-") {
			names = append(names, name)
		}
	}
	return names
}

func mustDecode(tb testing.TB, body []byte) *teams.Activity {
	tb.Helper()
	a, err := teams.DecodeActivity(body)
	if err != nil {
		tb.Fatalf("DecodeActivity: %v", err)
	}
	return a
}

// Every recorded activity decodes, and writing it again loses nothing that was in it.
func TestRecordedActivitiesSurviveARoundTrip(t *testing.T) {
	for _, name := range recordedNames(t) {
		t.Run(name, func(t *testing.T) {
			body := recorded(t, name)
			a := mustDecode(t, body)
			again, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			var before, after map[string]any
			if err := errors.Join(json.Unmarshal(body, &before), json.Unmarshal(again, &after)); err != nil {
				t.Fatal(err)
			}
			// Times are compared by value: "+00:00" and ".590" may be written otherwise.
			for _, key := range []string{"timestamp", "localTimestamp"} {
				delete(before, key)
				delete(after, key)
			}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("lost or invented (-received +written):\n%s", diff)
			}
			if a.From.AADObjectID == "" || a.Recipient.ID == "" || a.Conversation.ID == "" {
				t.Errorf("accounts are missing: %+v", a)
			}
		})
	}
}

func TestRecordedMessageInChannel(t *testing.T) {
	a := mustDecode(t, recorded(t, "message-channel"))
	type facts struct {
		Type, Tenant, Channel, Team, Base, Locale, Text string
		Mentions                                        bool
		Ref                                             teams.Conversation
	}
	got := facts{
		string(a.Type), a.TenantID(), a.ChannelRef(), a.TeamRef(), a.BaseConversationID(), a.Locale(), a.CommandText(),
		a.MentionsBot(), a.Ref(),
	}
	want := facts{
		"message", "11111111-1111-1111-1111-111111111111", "19:channel-runs@thread.tacv2", "19:team-general@thread.tacv2",
		"19:channel-runs@thread.tacv2", "en-US", "card", true,
		teams.Conversation{
			ServiceURL: "http://localhost:56150/_connector", ID: "19:channel-runs@thread.tacv2;messageid=1795305938310",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if a.Timestamp.UnixMilli() != 1795305938312 {
		t.Errorf("timestamp %v", a.Timestamp)
	}
}

func TestRecordedEvents(t *testing.T) {
	added := mustDecode(t, recorded(t, "conversationUpdate-memberAdded-personal"))
	if len(added.MembersAdded) != 2 || added.MembersAdded[0].AADObjectID == "" {
		t.Errorf("members added: %+v", added.MembersAdded)
	}
	renamed := mustDecode(t, recorded(t, "conversationUpdate-teamRenamed")).TeamsData()
	if renamed.EventType != "teamRenamed" || renamed.Team.Name != "ML Team" || renamed.Team.AADGroupID == "" {
		t.Errorf("team renamed: %+v", renamed)
	}
	installed := mustDecode(t, recorded(t, "installationUpdate-add-channel"))
	if installed.Activity.Action != "add" || installed.TeamsData().Settings.SelectedChannel.ID == "" {
		t.Errorf("installed: %q %+v", installed.Activity.Action, installed.TeamsData())
	}
	reaction := mustDecode(t, recorded(t, "messageReaction-custom"))
	if len(reaction.ReactionsAdded) != 1 || reaction.ReplyToID == "" || reaction.TenantID() == "" {
		t.Errorf("reaction: %+v", reaction)
	}
}

func TestDecodeRefuses(t *testing.T) {
	cases := map[string]string{
		"nothing":                        "",
		"blank":                          " \n",
		"null":                           "null",
		"a list":                         `[{"type":"message"}]`,
		"a text":                         `"message"`,
		"an object without a type":       `{"text":"x"}`,
		"an empty type":                  `{"type":""}`,
		"a type of another type":         `{"type":7}`,
		"a text of another type":         `{"type":"message","text":{"a":1}}`,
		"an account of another type":     `{"type":"message","from":"me"}`,
		"an account id of another type":  `{"type":"message","from":{"id":7}}`,
		"a conversation that is a list":  `{"type":"message","conversation":[]}`,
		"members that are an object":     `{"type":"message","membersAdded":{}}`,
		"entities that are an object":    `{"type":"message","entities":{}}`,
		"half an object":                 `{"type":"message"`,
		"two objects":                    `{"type":"message"}{"type":"message"}`,
		"100,000 levels of lists":        `{"type":"message","value":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`,
		"100,000 levels, unclosed":       strings.Repeat(`{"value":`, 100_000),
		"65 levels":                      `{"type":"message","value":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`,
		"UTF-16":                         "\xff\xfe{\x00\"\x00t\x00y\x00",
		"Windows-1252 inside a text":     "{\"type\":\"message\",\"text\":\"p\xe4iv\xe4\"}",
		"a byte order mark, as RFC 8259": "\xef\xbb\xbf{\"type\":\"message\"}",
	}
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			a, err := teams.DecodeActivity([]byte(body))
			if !errors.Is(err, teams.ErrNotActivity) {
				t.Errorf("got %v, %v", a, err)
			}
		})
	}
}

// Odd things in places that do not matter are no reason to lose a message.
func TestDecodeTolerates(t *testing.T) {
	a := mustDecode(t, []byte(`{"type":"message","timestamp":"yesterday","localTimestamp":17,"expiration":null,"value":[1],
		"channelData":"x","entities":[null,7,{"type":"mention","mentioned":9},{"type":"mention"}],"future":{"a":[]},
		"text":"brackets in a text do not nest: `+strings.Repeat("[", 200)+`\""}`))
	if !a.Timestamp.IsZero() || len(a.Mentions()) != 0 || a.MentionsBot() || a.TenantID() != "" || a.Locale() != "" {
		t.Errorf("%+v", a)
	}
	data := mustDecode(t, []byte(`{"type":"message","channelData":{"team":7,"tenant":{"id":"t"}},"conversation":{"tenantId":"u"}}`))
	if data.TenantID() != "t" {
		t.Errorf("a field of the wrong type hid the tenant beside it: %+v", data.TeamsData())
	}
}

func TestCommandText(t *testing.T) {
	scene := &teamstest.Scene{ServiceURL: "https://smba.example/", TenantID: "t", AppID: "app", BotName: "Kello"}
	anna := teamstest.Person{ID: "29:anna", Name: "Anna Äijälä"}
	namesake := teamstest.Person{ID: "29:kello", Name: "Kello"}
	at := teamstest.Place{Type: teams.ConversationChannel, ConversationID: "19:c@thread.tacv2", TeamID: "19:t@thread.tacv2"}
	raw := func(text string) *teams.Activity { return scene.Message(at, anna, text) }
	cases := []struct {
		why  string
		a    *teams.Activity
		want string
	}{
		{"the bot's mention goes", scene.Mention(at, anna, "tulossa 14"), "tulossa 14"},
		{"people stay, by name", scene.Mention(at, anna, "rooli viestintä @Anna Äijälä", anna), "rooli viestintä Anna Äijälä"},
		{"a colleague who is called like the bot stays", scene.Mention(at, anna, "rooli viestintä @Kello", namesake), "rooli viestintä Kello"},
		{"Teams writes spaces after mentions as &nbsp;", scene.Mention(at, anna, "&nbsp;kello&nbsp;vuosi\r\n"), "kello vuosi"},
		{"typed tags are not mentions and lose their brackets", raw("<at>Kello</at> apua"), "Kello apua"},
		{"tags with ids are tags too", raw(`<at id="0">Anna</at> apua`), "Anna apua"},
		{"entities are decoded once", raw("A &amp;amp; B &lt;3"), "A &amp; B <3"},
		{"lines stay apart", raw(" eka \r\n  toka\u00a0\u200b "), "eka\ntoka"},
		{"nothing", scene.Mention(at, anna, ""), ""},
	}
	for _, c := range cases {
		t.Run(c.why, func(t *testing.T) {
			if got := c.a.CommandText(); got != c.want {
				t.Errorf("%q became %q, want %q", c.a.Text, got, c.want)
			}
		})
	}
}

func TestAction(t *testing.T) {
	automatic, ok, err := mustDecode(t, recorded(t, "invoke-adaptiveCard_action-refresh-automatic")).Action()
	if err != nil || !ok || automatic.Verb != "refresh" || !automatic.Automatic || string(automatic.Data) != "{}" {
		t.Errorf("automatic refresh: %+v %v %v", automatic, ok, err)
	}
	click, ok, err := mustDecode(t, recorded(t, "invoke-adaptiveCard_action-channel")).Action()
	var data struct{ ID, Comment string }
	if err != nil || !ok || click.Automatic || click.Submit || click.Decode(&data) != nil || data.ID != "42" {
		t.Errorf("click: %+v %v %v", click, ok, err)
	}

	cases := []struct {
		why, body string
		verb      string
		fails     bool
	}{
		{"a submit carries its verb in the data", `{"type":"message","value":{"verb":"done","id":7}}`, "done", false},
		{"a message with a text is a message", `{"type":"message","text":"hei","value":{"verb":"done"}}`, "", false},
		{"another app's submit has no verb", `{"type":"message","value":{"kind":"x"}}`, "", false},
		{"a verb that is no text is none", `{"type":"message","value":{"verb":1}}`, "", false},
		{"a value may be a text", `{"type":"message","value":"done"}`, "", false},
		{"a value may be null", `{"type":"message","value":null}`, "", false},
		{"other invokes are not actions", `{"type":"invoke","name":"task/fetch","value":{"data":{}}}`, "", false},
		{"data may be missing", `{"type":"invoke","name":"adaptiveCard/action","value":{"action":{"verb":"done"}}}`, "done", false},
		{"data may be null", `{"type":"invoke","name":"adaptiveCard/action","value":{"action":{"verb":"done","data":null}}}`, "done", false},
		{"data must be an object", `{"type":"invoke","name":"adaptiveCard/action","value":{"action":{"verb":"done","data":[1]}}}`, "", true},
		{"a verb is needed", `{"type":"invoke","name":"adaptiveCard/action","value":{"action":{}}}`, "", true},
		{"a value is needed", `{"type":"invoke","name":"adaptiveCard/action"}`, "", true},
		{"a null value is none", `{"type":"invoke","name":"adaptiveCard/action","value":null}`, "", true},
		{"a list is no value", `{"type":"invoke","name":"adaptiveCard/action","value":[]}`, "", true},
	}
	for _, c := range cases {
		t.Run(c.why, func(t *testing.T) {
			action, ok, err := mustDecode(t, []byte(c.body)).Action()
			if action.Verb != c.verb || ok != (c.verb != "") || (err != nil) != c.fails {
				t.Errorf("got %+v, %v, %v", action, ok, err)
			}
		})
	}
}

// Nothing that decodes makes the readers of an activity panic, and whatever decodes is within the bounds promised.
func FuzzDecodeActivity(f *testing.F) {
	for _, name := range recordedNames(f) {
		f.Add(recorded(f, name))
	}
	f.Add([]byte(`{"type":"message","text":"<at>","entities":[{"type":"mention","text":"<","mentioned":{"id":"x"}}]}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := teams.DecodeActivity(body)
		if err != nil {
			if !errors.Is(err, teams.ErrNotActivity) {
				t.Fatalf("unexpected kind of error: %v", err)
			}
			return
		}
		if a.Type == "" {
			t.Fatal("an activity without a type")
		}
		if text := a.CommandText(); strings.TrimSpace(text) != text {
			t.Fatalf("not trimmed: %q", text)
		}
		if action, ok, err := a.Action(); ok && (err != nil || !json.Valid(action.Data) || action.Data[0] != '{') {
			t.Fatalf("action %+v, %v", action, err)
		}
		_, _, _, _ = a.TenantID(), a.ChannelRef(), a.TeamRef(), a.Locale()
		if _, err := json.Marshal(a); err != nil {
			t.Fatalf("cannot be written again: %v", err)
		}
	})
}

func readJSON(tb testing.TB, path string, into any) {
	tb.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(content, into); err != nil {
		tb.Fatalf("%s: %v", path, err)
	}
}
