package bot_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vuosikello/bot"
	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

var helsinki = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return loc
}()

var calendar = store.Calendar{Location: helsinki, PostTime: 8*60 + 30}

// at reads a time of the plan, as people write it.
func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, helsinki)
	if err != nil {
		panic(err)
	}
	return t
}

func day(s string) store.Date {
	d, err := store.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

const (
	tenant = "11111111-1111-4111-8111-111111111111"
	appID  = "22222222-2222-4222-8222-222222222222"
)

// patience bounds every wait for something that must happen; nothing is timed by it.
const patience = 90 * time.Second

// TestMain runs many tests at once: most of them wait, for the disk or for a pause that the bot makes, and cost little.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "12"); err != nil {
		panic(err)
	}
	// A closing httptest.Server closes the idle connections of this transport, and breaks those that another test is about
	// to use. Here it cannot.
	http.DefaultTransport = steady{http.DefaultTransport}
	m.Run()
}

// steady hides the other methods of a transport.
type steady struct{ http.RoundTripper }

// The people of the tests.
var (
	aino  = person("aino", "Aino Ylläpitäjä", "fi-FI")     // admin
	mia   = person("mia", "Mia Viestijä", "fi-FI")         // communications
	olli  = person("olli", "Olli Omistaja", "fi-FI")       // owns entries, has no role
	sanna = person("sanna", "Sanna Sivullinen", "fi-FI")   // a member with no role
	erik  = person("erik", "Erik Kommunikatör", "sv-FI")   // communications, with a Swedish client
	jane  = person("jane", "Jane Communications", "en-GB") // communications, with an English client
)

func person(name, display, locale string) teamstest.Person {
	return teamstest.Person{ID: "29:" + name, AADObjectID: "00000000-0000-4000-8000-" + (name + "00000000000")[:12], Name: display,
		Email: name + "@hva.example", Locale: locale}
}

var people = []teamstest.Person{aino, mia, olli, sanna, erik, jane}

// world is a bot, the Connector it talks to and one team with three channels.
type world struct {
	testing.TB
	*teamstest.Scene
	conn   *teamstest.Connector
	db     *store.DB
	bot    *bot.Bot
	clock  *bot.Clock
	logs   *journal
	url    string // of /api/messages
	config bot.Config

	transport http.RoundTripper // to the Connector; nil is the usual one

	team                    teamstest.Team
	wg, general, pro, group teamstest.Place // pro and group are bound to nothing

	stop func() // ends Run and waits for it
}

type option func(*world)

func withConfig(fn func(*bot.Config)) option { return func(w *world) { fn(&w.config) } }

// empty leaves out the team: nothing has happened yet.
func empty(w *world) { w.team = teamstest.Team{} }

// freshDatabase is an empty database as a file: making one costs more than most tests.
var freshDatabase = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "vuosikello")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "fresh.db")
	db, err := store.Open(context.Background(), file)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// MustWorld starts a bot. It is Monday 2 March 2026, 8.00 in Helsinki.
func MustWorld(tb testing.TB, options ...option) *world {
	tb.Helper()
	w := &world{TB: tb, clock: bot.HeldClock(at("2026-03-02 08:00")), logs: &journal{changed: make(chan struct{})}, conn: teamstest.NewConnector(teamstest.ConnectorConfig{})}
	tb.Cleanup(w.conn.Close)
	w.Scene = &teamstest.Scene{ServiceURL: w.conn.ServiceURL, TenantID: tenant, AppID: appID, BotName: "Vuosikello"}
	var members []teams.Member
	for _, p := range people {
		members = append(members, p.Member(tenant))
	}
	full := teamstest.Team{ID: "19:team@thread.tacv2", Name: "Viestintä", AADGroupID: "33333333-3333-4333-8333-333333333333", Members: members,
		Channels: []teams.ChannelInfo{{ID: "19:team@thread.tacv2"}, {ID: "19:wg@thread.tacv2", Name: "Työryhmä"}, {ID: "19:pro@thread.tacv2", Name: "Ammattilaiset"}}}
	w.team = full
	w.config = bot.Config{Clock: w.clock, Calendar: calendar, Language: cards.Finnish, SendsInFlight: 16, Logger: slog.New(slog.NewJSONHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	file := filepath.Join(tb.TempDir(), "test.db")
	fresh, err := freshDatabase()
	if err == nil {
		err = os.WriteFile(file, fresh, 0o600)
	}
	if err != nil {
		tb.Fatal(err)
	}
	if w.db, err = store.Open(tb.Context(), file); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := w.db.Close(); err != nil {
			tb.Error(err)
		}
	})
	tb.Cleanup(w.discreet)
	w.config.DB = w.db
	for _, o := range options {
		o(w)
	}
	seeded := w.team.ID != ""
	w.team = full
	w.conn.AddTeam(full)
	w.general, w.wg, w.pro = full.Channel(full.ID), full.Channel("19:wg@thread.tacv2"), full.Channel("19:pro@thread.tacv2")
	w.group = teamstest.Place{Type: teams.ConversationGroup, ConversationID: "19:chat@thread.v2", Name: "Ryhmä"}
	w.conn.AddConversation(w.group.ConversationID, members)
	if seeded {
		w.MustWrite(func(tx *store.Tx) error { return w.seed(tx) })
	}
	w.Start()
	return w
}

// seed is what the bot knows after some days: the team, its people, who has which role, and the working group's channel.
func (w *world) seed(tx *store.Tx) error {
	event := time.Now().Add(-24 * time.Hour)
	if _, err := tx.TeamSeen(store.Team{ID: w.team.ID, AADGroupID: w.team.AADGroupID, Name: w.team.Name, ServiceURL: w.ServiceURL}, event); err != nil {
		return err
	}
	if err := tx.SyncLater(w.team.ID, time.Now().Add(24*time.Hour)); err != nil {
		return err
	}
	for _, ch := range w.team.Channels {
		if err := tx.ChannelSeen(store.Channel{ID: ch.ID, TeamID: w.team.ID, Name: ch.Name, ServiceURL: w.ServiceURL}, event); err != nil {
			return err
		}
	}
	var members []store.Person
	for _, p := range people {
		members = append(members, store.Person{ID: p.AADObjectID, TeamsID: p.ID, Name: p.Name, Email: p.Email, TenantID: tenant, Locale: p.Locale, ServiceURL: w.ServiceURL})
	}
	if err := tx.SetMembers(w.team.ID, members, w.clock.Now()); err != nil {
		return err
	}
	for _, r := range []struct {
		who  teamstest.Person
		role store.Role
	}{{aino, store.RoleAdmin}, {mia, store.RoleCommunications}, {erik, store.RoleCommunications}, {jane, store.RoleCommunications}} {
		if err := tx.GiveRole(r.who.AADObjectID, r.role, 0); err != nil {
			return err
		}
	}
	_, err := tx.Bind("19:wg@thread.tacv2", store.Binding{Kind: store.WorkingGroup})
	return err
}

// Start runs a bot on the world's database: the first one, or the next after stop.
func (w *world) Start() {
	w.Helper()
	w.bot = bot.New(w.withClient())
	server := httptest.NewServer(teams.NewEndpoint(teams.EndpointConfig{Handle: w.bot.Handle, Logger: w.config.Logger}))
	w.url = server.URL
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.bot.Run(ctx, patience) }()
	w.stop = sync.OnceFunc(func() {
		server.Close()
		cancel()
		if err := <-ended; err != nil {
			w.Errorf("Run: %v", err)
		}
	})
	w.Cleanup(w.stop)
}

// discreet fails the test when the log or the figures of the whole test, debug lines included, tell who people are, what they
// wrote, or a token.
func (w *world) discreet() {
	w.Helper()
	secrets := []string{"Bearer ", "eyJ", "@hva.example", "Kevätkampanja", "access_token", tenant}
	for _, p := range people {
		secrets = append(secrets, p.Name, strings.Fields(p.Name)[0]+" ", p.ID, p.AADObjectID)
	}
	texts := map[string]string{"log": w.logs.String()}
	if w.bot != nil {
		families, _ := w.bot.Metrics.Registry.Gather() // those that can be read now
		texts["figures"] = fmt.Sprint(families)
	}
	for where, text := range texts {
		for _, secret := range secrets {
			if at := strings.Index(text, secret); at >= 0 {
				w.Errorf("the %s holds %q: …%s…", where, secret, text[max(0, at-200):min(len(text), at+100)])
			}
		}
	}
}

// withClient is the configuration of the next bot.
func (w *world) withClient() bot.Config {
	c := w.config
	c.Client = teams.NewClient(teams.ClientConfig{AppID: appID, BotName: "Vuosikello", TenantID: tenant, LoopbackOnly: true, Limiter: teams.NewLimiter(teams.Limits{Unlimited: true}),
		HTTP: &http.Client{Transport: w.transport}})
	return c
}

// serve starts a server that ends with the test, and returns its address.
func (w *world) serve(h http.Handler) string {
	server := httptest.NewServer(h)
	w.Cleanup(server.Close)
	return server.URL
}

// MustWrite changes the database behind the bot's back, as an import does.
func (w *world) MustWrite(fn func(*store.Tx) error) {
	w.Helper()
	if err := w.db.Write(context.Background(), fn); err != nil {
		w.Fatal(err)
	}
}

// MustRead looks into the database.
func (w *world) MustRead(fn func(*store.Tx) error) {
	w.Helper()
	if err := w.db.Read(context.Background(), fn); err != nil {
		w.Fatal(err)
	}
}

// MustAdd adds an entry to the clock and returns its id.
func (w *world) MustAdd(e store.Entry) string {
	w.Helper()
	if e.Clock.Year == 0 {
		e.Clock = store.Clock{Name: store.DefaultClock, Year: e.Start.Year()}
	}
	w.MustWrite(func(tx *store.Tx) error { return tx.AddEntry(&e, w.clock.Now(), calendar) })
	return e.ID
}

// MustEntry returns an entry as stored.
func (w *world) MustEntry(id string) (e *store.Entry) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) (err error) { e, err = tx.Entry(id); return err })
	return e
}

// entries lists the titles in the clock.
func (w *world) entries() (titles []string) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) error {
		list, err := tx.Entries(store.EntryFilter{})
		for _, e := range list {
			titles = append(titles, e.Title)
		}
		return err
	})
	return titles
}

// ledger lists what became of each post: "kind title: state (reason) late".
func (w *world) ledger() (rows []string) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) error {
		return tx.Ledger(func(r *store.LedgerRow) error {
			s := r.Kind + " " + r.Title + ": " + string(r.State)
			if r.Reason != "" {
				s += " (" + r.Reason + ")"
			}
			if r.Late {
				s += " late"
			}
			rows = append(rows, s)
			return nil
		})
	})
	return rows
}

// audit lists the actions recorded so far.
func (w *world) audit() (actions []string) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) error {
		return tx.AuditRecords(func(r *store.AuditRecord) error {
			actions = append(actions, r.Action)
			return nil
		})
	})
	return actions
}

// pass moves the plan's time and has the bot look at it.
func (w *world) pass(to string) {
	w.clock.Set(at(to))
	w.bot.Tick(context.Background())
}

// post sends an activity as Teams does; it must be answered with 200.
func (w *world) post(a *teams.Activity) []byte {
	w.Helper()
	status, body := teamstest.Post(w, w.url, "", a)
	if status != 200 {
		w.Fatalf("%s %s was answered with %d", a.Type, a.Name, status)
	}
	return body
}

// say writes a command to the bot, mentioning it where that is needed, and returns the answer.
func (w *world) say(where teamstest.Place, who teamstest.Person, text string, mentioned ...teamstest.Person) shown {
	w.Helper()
	var a *teams.Activity
	if where.Type == teams.ConversationPersonal {
		a = w.Message(where, who, text)
	} else {
		a = w.Mention(where, who, text, mentioned...)
	}
	w.post(a)
	return w.replyTo(a)
}

// replyTo waits for the answer to a message. The form that follows when a channel is bound is no answer.
func (w *world) replyTo(a *teams.Activity) shown {
	w.Helper()
	return w.shown(w.conn.AwaitMatch(w, 1, func(r teamstest.Request) bool {
		return r.Op == "reply" && r.Status < 300 && bytes.Contains(r.Content, []byte(`"replyToId":"`+a.ID+`"`)) && !bytes.Contains(r.Content, []byte(cards.VerbMeetingSave))
	}))
}

// answer is the response to a click: a sentence beside the card, or a card in its place.
type answer struct {
	text string
	card shown
}

// click presses a button that stands on the card, with these inputs. It comes when what was posted is recorded: no person
// is quicker than that.
func (w *world) click(where teamstest.Place, who teamstest.Person, on shown, verb string, inputs map[string]any) answer {
	w.Helper()
	w.recorded()
	return w.quickClick(where, who, on, verb, inputs)
}

// recorded waits until nothing that was posted is on its way.
func (w *world) recorded() {
	w.Helper()
	enough := time.After(patience)
	for strings.Contains(strings.Join(w.ledger(), "\n"), ": sending") {
		select {
		case <-time.After(time.Millisecond):
		case <-enough:
			w.Fatal("a post stays on its way")
		}
	}
}

// quickClick is a click that does not wait.
func (w *world) quickClick(where teamstest.Place, who teamstest.Person, on shown, verb string, inputs map[string]any) answer {
	w.Helper()
	return w.invoke(w.Click(place(where, on), who, on.activity, verb, on.data(w, verb, inputs)))
}

// place is where a message is: in a channel, in the thread that it began or stands in.
func place(where teamstest.Place, on shown) teamstest.Place {
	where.ConversationID = on.conversation
	return where
}

func (w *world) invoke(a *teams.Activity) answer {
	w.Helper()
	var res struct {
		StatusCode int             `json:"statusCode"`
		Type       string          `json:"type"`
		Value      json.RawMessage `json:"value"`
	}
	body := w.post(a)
	if err := json.Unmarshal(body, &res); err != nil {
		w.Fatalf("answer %q: %v", body, err)
	}
	if len(body) > 100<<10 {
		w.Errorf("the answer has %d bytes", len(body))
	}
	var ans answer
	switch res.Type {
	case "application/vnd.microsoft.activity.message":
		if err := json.Unmarshal(res.Value, &ans.text); err != nil || ans.text == "" {
			w.Errorf("message %s: %v", res.Value, err)
		}
	case "application/vnd.microsoft.card.adaptive":
		ans.card = shown{raw: res.Value, activity: a.ReplyToID, conversation: a.Conversation.ID}
	case "application/vnd.microsoft.error":
		ans.text = "error: " + string(res.Value)
	default:
		w.Errorf("answer of type %q", res.Type)
	}
	return ans
}

// shown is a card as somebody sees it.
type shown struct {
	conversation, activity string
	summary                string
	raw                    json.RawMessage
}

// shown takes the card out of what was posted.
func (w *world) shown(r teamstest.Request) shown {
	w.Helper()
	var m struct {
		Summary     string `json:"summary"`
		Attachments []struct {
			Content json.RawMessage `json:"content"`
		} `json:"attachments"`
	}
	if err := json.Unmarshal(r.Content, &m); err != nil || len(m.Attachments) != 1 {
		w.Fatalf("posted %s: %v", r.Content, err)
	}
	if m.Summary == "" {
		w.Error("the message has no summary: its notification would say nothing")
	}
	return shown{conversation: r.ConversationID, activity: r.ActivityID, summary: m.Summary, raw: m.Attachments[0].Content}
}

// posted waits for the n-th message in a conversation, its threads included, that is no answer to a command.
func (w *world) posted(conversation string, n int) shown {
	w.Helper()
	return w.shown(w.conn.AwaitMatch(w, n, func(r teamstest.Request) bool {
		return r.Posted() && r.Op != "reply" && teams.BaseConversationID(r.ConversationID) == conversation
	}))
}

// updated waits for the n-th update of a message.
func (w *world) updated(s shown, n int) shown {
	w.Helper()
	return w.shown(w.conn.AwaitMatch(w, n, func(r teamstest.Request) bool {
		return r.Op == "update" && r.Status == 200 && r.ConversationID == s.conversation && r.ActivityID == s.activity
	}))
}

// walk calls fn for every object of the card.
func (s shown) walk(fn func(map[string]any)) {
	var root any
	if json.Unmarshal(s.raw, &root) != nil {
		return
	}
	var visit func(any)
	visit = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			fn(v)
			for _, child := range v {
				visit(child)
			}
		case []any:
			for _, child := range v {
				visit(child)
			}
		}
	}
	visit(root)
}

// text is every word on the card.
func (s shown) text() string {
	var words []string
	s.walk(func(o map[string]any) {
		for _, key := range []string{"text", "title", "value", "label"} {
			if t, ok := o[key].(string); ok {
				words = append(words, t)
			}
		}
	})
	slices.Sort(words)
	return s.summary + "\n" + strings.Join(words, "\n")
}

// inputs are the values that stand in a form.
func (s shown) inputs() map[string]string {
	values := map[string]string{}
	s.walk(func(o map[string]any) {
		if kind, _ := o["type"].(string); strings.HasPrefix(kind, "Input.") {
			id, _ := o["id"].(string)
			values[id], _ = o["value"].(string)
		}
	})
	return values
}

// verbs lists the actions of the card.
func (s shown) verbs() (list []string) {
	s.walk(func(o map[string]any) {
		if v, ok := o["verb"].(string); ok && o["type"] == "Action.Execute" {
			list = append(list, v)
		}
	})
	slices.Sort(list)
	return slices.Compact(list)
}

// commands lists the chat commands that the card has buttons for.
func (s shown) commands() (list []string) {
	s.walk(func(o map[string]any) {
		if data, ok := o["data"].(map[string]any); ok && o["type"] == "Action.Execute" && o["verb"] == cards.VerbCommand {
			list = append(list, data["text"].(string))
		}
	})
	slices.Sort(list)
	return list
}

// mentioned lists the ids of the people that the card mentions.
func (s shown) mentioned() (ids []string) {
	var c struct {
		Msteams struct {
			Entities []struct{ Mentioned struct{ ID string } }
		}
	}
	if json.Unmarshal(s.raw, &c) == nil {
		for _, e := range c.Msteams.Entities {
			ids = append(ids, e.Mentioned.ID)
		}
	}
	return ids
}

// data is what a button of the card sends, its inputs as filled in by the form and then by the person.
func (s shown) data(tb testing.TB, verb string, inputs map[string]any) map[string]any {
	tb.Helper()
	var data map[string]any
	s.walk(func(o map[string]any) {
		if o["type"] == "Action.Execute" && o["verb"] == verb && data == nil {
			d, _ := o["data"].(map[string]any)
			data = map[string]any{}
			if o["associatedInputs"] != "none" {
				for id, v := range s.inputs() {
					data[id] = v
				}
			}
			for k, v := range d {
				data[k] = v
			}
		}
	})
	if data == nil {
		tb.Fatalf("the card has no button for %s, only for %v:\n%s", verb, s.verbs(), s.text())
	}
	for k, v := range inputs {
		data[k] = v
	}
	return data
}

// contains fails the test unless the text holds all the words.
func contains(tb testing.TB, text string, words ...string) {
	tb.Helper()
	for _, word := range words {
		if !strings.Contains(text, word) {
			tb.Errorf("%q is missing in:\n%s", word, text)
		}
	}
}

// equal fails the test unless the lists are the same.
func equal(tb testing.TB, what string, got []string, want ...string) {
	tb.Helper()
	if !slices.Equal(got, want) {
		tb.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// journal is a log that can be read, and waited for.
type journal struct {
	mu      sync.Mutex
	b       bytes.Buffer
	changed chan struct{}
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	close(j.changed)
	j.changed = make(chan struct{})
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// await waits until the log holds all the words.
func (j *journal) await(tb testing.TB, words ...string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), patience)
	defer cancel()
	for {
		j.mu.Lock()
		text, changed := j.b.String(), j.changed
		j.mu.Unlock()
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			tb.Fatalf("the log never held %q:\n%s", words, text)
		}
	}
}
