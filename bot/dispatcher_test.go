package bot_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vuosikello/bot"
	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// faults gives the first requests that create a thread these fates, in order.
func (w *world) faults(list ...teamstest.Fault) {
	n := 0
	w.conn.SetFault(func(r *http.Request) teamstest.Fault {
		if !strings.HasSuffix(r.URL.Path, "/v3/conversations") {
			return teamstest.Fault{}
		}
		if n++; n > len(list) {
			return teamstest.Fault{}
		}
		return list[n-1]
	})
}

func TestSendFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		faults []teamstest.Fault
		calls  int    // requests that the Connector gets
		posted int    // messages that people see
		want   string // of the ledger
	}{
		{"throttled", []teamstest.Fault{{Status: 429, RetryAfter: "1"}}, 2, 1, "sent"},
		{"throttled without a time", []teamstest.Fault{{Status: 412}}, 2, 1, "sent"},
		{"a bad gateway, twice", []teamstest.Fault{{Status: 502}, {Status: 503}}, 3, 1, "sent"},
		{"cut before it was taken in", []teamstest.Fault{{Cut: teamstest.CutBefore}}, 2, 1, "perhaps_sent (the connection was cut before the answer)"},
		{"cut before the answer", []teamstest.Fault{{Cut: teamstest.CutAfter}}, 2, 2, "perhaps_sent (the connection was cut before the answer)"},
		{"cut in the answer", []teamstest.Fault{{Cut: teamstest.CutAnswer}}, 2, 2, "perhaps_sent (HTTP 201 with an answer that was cut off or cannot be read)"},
		{"cut twice", []teamstest.Fault{{Cut: teamstest.CutAfter}, {Cut: teamstest.CutAfter}}, 2, 2, "perhaps_sent (the connection was cut before the answer)"},
		{"in doubt, then refused", []teamstest.Fault{{Cut: teamstest.CutAfter}, {Status: 403, Code: teams.CodeBotNotInRoster}}, 2, 1,
			"perhaps_sent (BotNotInConversationRoster: the bot is not installed there)"},
		{"in doubt, then throttled", []teamstest.Fault{{Cut: teamstest.CutBefore}, {Status: 429}}, 3, 1, "perhaps_sent (HTTP 429 Too Many Requests)"},
		{"refused", []teamstest.Fault{{Status: 403, Code: teams.CodeBotNotInRoster}}, 1, 0, "failed (BotNotInConversationRoster: the bot is not installed there)"},
		{"a channel that is gone", []teamstest.Fault{{Status: 404, Code: teams.CodeConversationNotFound}}, 1, 0, "failed (ConversationNotFound: the conversation no longer exists)"},
		{"disabled", []teamstest.Fault{{Status: 403, Code: teams.CodeBotDisabledByAdmin}}, 1, 0, "failed (BotDisabledByAdmin: an administrator has disabled the bot)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := MustWorld(t)
			w.faults(tc.faults...)
			w.MustAdd(campaign())
			w.pass("2026-03-02 08:30")
			w.conn.AwaitMatch(t, tc.calls, func(r teamstest.Request) bool { return r.Op == "create" })
			w.stop()
			equal(t, "ledger", w.ledger()[:1], "reminder Kevätkampanja: "+tc.want)
			posted := func() (n int) {
				for _, r := range w.conn.Posts() {
					if teams.BaseConversationID(r.ConversationID) == w.wg.ConversationID {
						n++
					}
				}
				return n
			}
			if got := posted(); got != tc.posted {
				t.Errorf("%d messages, want %d", got, tc.posted)
			}
			// It has come to its end: another run sends nothing more there.
			w.Start()
			w.say(w.pro, mia, "apua")
			w.stop()
			if got := posted(); got != tc.posted {
				t.Errorf("%d messages after another start, want %d", got, tc.posted)
			}
		})
	}
}

// The Connector cannot be reached at all: the post waits, and goes out when it can.
func TestSendUnreachable(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	elsewhere := func(url string) {
		w.MustWrite(func(tx *store.Tx) error {
			return tx.ChannelSeen(store.Channel{ID: w.wg.ConversationID, TeamID: w.team.ID, ServiceURL: url}, time.Now())
		})
	}
	elsewhere("http://127.0.0.1:1/")
	w.MustAdd(campaign())
	w.pass("2026-03-02 08:30")
	w.logs.await(t, "post retry")
	elsewhere(w.ServiceURL)
	w.posted(w.wg.ConversationID, 1)
	w.stop()
	equal(t, "ledger", w.ledger(), "reminder Kevätkampanja: sent")
}

// A notice for somebody whose chat cannot be opened ends with the reason.
func TestSendPersonal(t *testing.T) {
	t.Parallel()
	unknown := "00000000-0000-4000-8000-000000000fff"
	w := MustWorld(t, withConfig(func(c *bot.Config) { c.Admins = []string{unknown} }))
	w.conn.Refuse(aino.ID, teams.CodeMessageWritesBlocked)
	w.MustWrite(func(tx *store.Tx) error {
		_, err := tx.Unbind(w.wg.ConversationID, store.Binding{Kind: store.WorkingGroup})
		return err
	})
	w.MustAdd(campaign())
	w.pass("2026-03-02 08:30")
	w.logs.await(t, "person_unreachable", "MessageWritesBlocked")
	w.stop()
	rows := strings.Join(w.ledger(), "\n")
	contains(t, rows, "failed (no channel)", "failed (person unreachable)", "failed (MessageWritesBlocked: the person has blocked the bot")
}

// What was on its way when the program was killed is perhaps there: it is sent once more, and keeps that mark.
func TestRestartAfterKill(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.stop()
	w.MustAdd(campaign())
	w.clock.Set(at("2026-03-02 08:30"))
	w.MustWrite(func(tx *store.Tx) error {
		if _, err := tx.ScheduleReminders(w.clock.Now(), calendar, 10); err != nil {
			return err
		}
		_, err := tx.ClaimPosts(time.Now(), day("2026-03-02"), 16, nil)
		return err
	})
	equal(t, "ledger", w.ledger(), "reminder Kevätkampanja: sending")
	w.Start()
	s := w.posted(w.wg.ConversationID, 1)
	w.stop()
	equal(t, "ledger", w.ledger(), "reminder Kevätkampanja: perhaps_sent (the program ended while sending)")
	w.Start() // and the card works
	contains(t, w.click(w.wg, olli, s, cards.VerbEntryDone, nil).card.text(), "Tehty")
	contains(t, w.updated(s, 1).text(), "Tehty")
	w.stop()
	if got := len(w.conn.Posts()); got != 1 {
		t.Errorf("%d messages, want 1", got)
	}
}

// Told to stop, the bot finishes what is in flight.
func TestStopFinishesWhatIsInFlight(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.MustAdd(campaign())
	arrived := make(chan struct{}, 10)
	w.conn.SetFault(func(*http.Request) teamstest.Fault {
		arrived <- struct{}{}
		return teamstest.Fault{Delay: 200 * time.Millisecond}
	})
	w.pass("2026-03-02 08:30")
	w.post(w.Mention(w.pro, mia, "apua"))
	<-arrived
	<-arrived
	w.stop()
	equal(t, "ledger", w.ledger(), "reminder Kevätkampanja: sent")
	if got := len(w.conn.Posts()); got != 2 {
		t.Errorf("%d messages, want the reminder and the answer", got)
	}
}

// What does not finish within the grace period is given up: a post is then perhaps sent, and an answer lost.
func TestStopDoesNotWaitForever(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.stop()
	w.MustAdd(campaign())
	w.clock.Set(at("2026-03-02 08:30"))
	arrived := make(chan struct{}, 10)
	w.conn.SetFault(func(*http.Request) teamstest.Fault {
		arrived <- struct{}{}
		return teamstest.Fault{Delay: time.Hour}
	})
	b := bot.New(w.withClient())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- b.Run(ctx, 10*time.Millisecond) }()
	if _, err := b.Handle(t.Context(), w.Mention(w.pro, mia, "apua")); err != nil {
		t.Error(err)
	}
	<-arrived
	<-arrived
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	equal(t, "ledger", w.ledger(), "reminder Kevätkampanja: perhaps_sent (the connection was cut before the answer)")
	w.conn.SetFault(nil)
	w.Start()
	w.posted(w.wg.ConversationID, 1)
}

// A conversation that does not answer holds up no other: neither by its posts nor by the updates of its cards.
func TestSlowConversation(t *testing.T) {
	t.Parallel()
	w := MustWorld(t, withConfig(func(c *bot.Config) { c.SendsInFlight = 3 }))
	const n = 20
	var ids []string
	for i := range n {
		e := campaign()
		e.Title = fmt.Sprint("Toimenpide ", i)
		ids = append(ids, w.MustAdd(e))
	}
	w.pass("2026-03-02 08:30")
	w.posted(w.wg.ConversationID, n)

	w.MustWrite(func(tx *store.Tx) error {
		_, err := tx.Bind(w.pro.ConversationID, store.Binding{Kind: store.WorkingGroup})
		return err
	})
	w.conn.SetFault(func(r *http.Request) teamstest.Fault {
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(r.URL.Path+string(body), w.wg.ConversationID) {
			return teamstest.Fault{Delay: time.Hour}
		}
		return teamstest.Fault{}
	})
	w.MustWrite(func(tx *store.Tx) error {
		for _, id := range ids {
			e, err := tx.Entry(id)
			if err != nil {
				return err
			}
			e.Goal = "muuttui"
			if err := tx.UpdateEntry(e, w.clock.Now(), calendar); err != nil {
				return err
			}
		}
		return nil
	})
	w.bot.Tick(t.Context())
	w.pass("2026-03-13 08:30")
	w.posted(w.pro.ConversationID, n)
	w.conn.Close() // lets go of what hangs
}

// gauge counts what is on its way at once.
type gauge struct{ now, most atomic.Int64 }

func (g *gauge) RoundTrip(r *http.Request) (*http.Response, error) {
	n := g.now.Add(1)
	defer g.now.Add(-1)
	for most := g.most.Load(); n > most && !g.most.CompareAndSwap(most, n); most = g.most.Load() {
	}
	return http.DefaultTransport.RoundTrip(r)
}

func TestSendsInFlight(t *testing.T) {
	t.Parallel()
	g := &gauge{}
	w := MustWorld(t, withConfig(func(c *bot.Config) { c.SendsInFlight = 3 }), func(w *world) { w.transport = g })
	w.MustWrite(func(tx *store.Tx) error {
		for i := range 12 {
			id := fmt.Sprintf("19:kanava-%d@thread.tacv2", i)
			if err := tx.ChannelSeen(store.Channel{ID: id, TeamID: w.team.ID, ServiceURL: w.ServiceURL}, time.Now()); err != nil {
				return err
			}
			if _, err := tx.Bind(id, store.Binding{Kind: store.WorkingGroup}); err != nil {
				return err
			}
		}
		return nil
	})
	w.conn.SetFault(func(*http.Request) teamstest.Fault { return teamstest.Fault{Delay: 10 * time.Millisecond} })
	id := w.MustAdd(campaign())
	w.pass("2026-03-02 08:30")
	w.conn.Await(t, 13)
	e := w.MustEntry(id)
	e.Goal = "muuttui"
	w.MustWrite(func(tx *store.Tx) error { return tx.UpdateEntry(e, w.clock.Now(), calendar) })
	w.bot.Tick(t.Context())
	w.conn.AwaitMatch(t, 13, func(r teamstest.Request) bool { return r.Op == "update" })
	if most := g.most.Load(); most > 3 {
		t.Errorf("%d requests were on their way at once, want at most 3", most)
	}
}

func TestUpdateFaults(t *testing.T) {
	t.Parallel()
	w, _, s := reminded(t)
	n := 0
	w.conn.SetFault(func(r *http.Request) teamstest.Fault {
		if n++; r.Method == http.MethodPut && n == 1 {
			return teamstest.Fault{Status: 502}
		}
		return teamstest.Fault{}
	})
	w.click(w.wg, olli, s, cards.VerbEntryDone, nil)
	contains(t, w.updated(s, 1).text(), "Tehty") // the second try
}

// The message is gone: there is nothing to update, and trying again would not help.
func TestUpdateOfDeletedMessage(t *testing.T) {
	t.Parallel()
	w, _, s := reminded(t)
	w.conn.SetFault(func(*http.Request) teamstest.Fault {
		return teamstest.Fault{Status: 404, Code: teams.CodeActivityNotFoundInReply}
	})
	w.click(w.wg, olli, s, cards.VerbEntryDone, nil)
	w.logs.await(t, "card not updated")
	w.stop()
	var q store.Queue
	w.MustRead(func(tx *store.Tx) (err error) { q, err = tx.Queue(); return err })
	if q.Updates != 0 {
		t.Errorf("%d updates are waiting", q.Updates)
	}
}

// Another program locks the database for longer than the bot waits: people are told, the operator is told, and what the
// Connector has accepted meanwhile is not lost.
func TestLockedDatabase(t *testing.T) {
	t.Parallel()
	w, id, s := reminded(t)
	other, err := sql.Open("sqlite", w.db.Path()+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	lock, err := other.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	do := func(statement string) {
		if _, err := lock.ExecContext(t.Context(), statement); err != nil {
			t.Error(err)
		}
	}
	var once sync.Once
	w.conn.SetFault(func(*http.Request) teamstest.Fault {
		once.Do(func() { do("BEGIN EXCLUSIVE") })
		return teamstest.Fault{}
	})
	second := campaign()
	second.Title = "Toinen"
	w.MustAdd(second)
	w.bot.Tick(t.Context())
	w.pass("2026-03-13 08:30") // both are due; from the first one on the database is locked
	w.posted(w.wg.ConversationID, 2)

	var wg sync.WaitGroup
	for range 6 { // they wait together, not one after the other
		wg.Go(func() {
			contains(t, w.quickClick(w.wg, olli, s, cards.VerbEntryDone, nil).text, "Yritä hetken päästä uudelleen")
		})
	}
	wg.Go(func() {
		if err := w.bot.Ready(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "locked by another program") {
			t.Errorf("ready: %v", err)
		}
	})
	contains(t, w.say(w.pro, mia, "tulossa").text(), "Kevätkampanja") // what needs no writing is answered
	wg.Wait()
	do("ROLLBACK")
	if err := w.bot.Ready(t.Context(), nil); err != nil {
		t.Errorf("ready: %v", err)
	}
	w.bot.Tick(t.Context())
	contains(t, w.click(w.wg, olli, s, cards.VerbEntryDone, nil).card.text(), "Tehty")
	if e := w.MustEntry(id); e.State != store.Done {
		t.Errorf("the entry is %s", e.State)
	}
	w.conn.AwaitMatch(t, 1, func(r teamstest.Request) bool {
		return r.Op == "create" && strings.Contains(string(r.Content), "Toinen")
	})
	w.stop()
	for _, row := range w.ledger() {
		if !strings.HasSuffix(row, ": sent") && !strings.HasSuffix(row, "(done)") {
			t.Errorf("ledger: %s", row)
		}
	}
}

// Requests with a signature from the platform's login are let in, others are not, and a bot whose keys are not loaded is not ready.
func TestFrontDoor(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	login := teamstest.NewLogin()
	defer login.Close()
	keys, err := teams.NewKeySet(teams.KeySetConfig{MetadataURL: login.MetadataURL})
	if err != nil {
		t.Fatal(err)
	}
	verifier := teams.NewVerifier(teams.VerifierConfig{AppID: appID, TenantID: tenant, Keys: keys})
	url := w.serve(teams.NewEndpoint(teams.EndpointConfig{Verifier: verifier, Handle: w.bot.Handle, Logger: w.config.Logger}))
	if err := w.bot.Ready(t.Context(), keys.Loaded); err == nil {
		t.Error("ready without keys")
	}
	for _, tc := range []struct {
		name, authorization string
		want                int
	}{
		{"good", "Bearer " + login.Token(appID, w.ServiceURL), 200},
		{"none", "", 401},
		{"another bot's", "Bearer " + login.Token("99999999-2222-4222-8222-222222222222", w.ServiceURL), 401},
		{"another service's", "Bearer " + login.Token(appID, "https://elsewhere.example/"), 403},
	} {
		a := w.Mention(w.pro, mia, "apua")
		status, _ := teamstest.Post(t, url, tc.authorization, a)
		if status != tc.want && !(tc.want == 403 && status == 401) {
			t.Errorf("%s: %d, want %d", tc.name, status, tc.want)
		}
	}
	if err := w.bot.Ready(t.Context(), keys.Loaded); err != nil {
		t.Errorf("ready: %v", err)
	}
	w.stop()
	if got := len(w.conn.Posts()); got != 1 {
		t.Errorf("%d answers, want 1", got)
	}
	if strings.Contains(w.logs.String(), "Bearer ") || strings.Contains(w.logs.String(), "eyJ") {
		t.Error("the log holds a token")
	}
}

// With Graph a post in doubt is looked for before it is sent again: one that is there is settled, one that is not is sent
// as any other, and only where Graph cannot tell it may be there twice, marked.
func TestDoubtIsLookedInto(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name          string
		faults        []teamstest.Fault
		find          error
		calls, posted int
		want          string
	}{
		{"it is there", []teamstest.Fault{{Cut: teamstest.CutAfter}}, nil, 1, 1, "sent"},
		{"it is not there", []teamstest.Fault{{Cut: teamstest.CutBefore}}, nil, 2, 1, "sent"},
		{"it is not there, twice", []teamstest.Fault{{Cut: teamstest.CutBefore}, {Cut: teamstest.CutBefore}}, nil, 3, 1, "sent"},
		{"it is not there, then it is", []teamstest.Fault{{Cut: teamstest.CutBefore}, {Cut: teamstest.CutAnswer}}, nil, 2, 1, "sent"},
		{"nobody can tell", []teamstest.Fault{{Cut: teamstest.CutAfter}}, &store.GraphError{Problem: store.GraphForbidden, Permission: "ChannelMessage.Read.Group"}, 2, 2,
			"perhaps_sent (the connection was cut before the answer)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := &online{find: tc.find}
			w := MustWorld(t, withConfig(func(c *bot.Config) { c.Graph, c.GraphLag = o, time.Millisecond }))
			o.messages = w.conn.Posts
			w.faults(tc.faults...)
			id := w.MustAdd(campaign())
			w.pass("2026-03-02 08:30")
			w.conn.AwaitMatch(t, tc.calls, func(r teamstest.Request) bool { return r.Op == "create" })
			w.logs.await(t, map[bool]string{true: "post in doubt is there", false: "post sent"}[tc.calls == len(tc.faults)])
			s := w.posted(w.wg.ConversationID, 1)
			// The card that was found is the post: it works, and changes for everybody.
			contains(t, w.click(w.wg, olli, s, cards.VerbEntryDone, nil).card.text(), "Tehty")
			w.stop()
			equal(t, "ledger", w.ledger(), "reminder Kevätkampanja: "+tc.want)
			if got := len(w.conn.Posts()); got != tc.posted {
				t.Errorf("%d messages, want %d", got, tc.posted)
			}
			equal(t, "looked", o.asked()[:1], "find in "+w.wg.ConversationID+" of "+w.team.AADGroupID)
			if e := w.MustEntry(id); e.State != store.Done {
				t.Errorf("entry %s", e.State)
			}
		})
	}
}
