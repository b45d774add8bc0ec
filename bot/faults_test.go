package bot_test

import (
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vuosikello/bot"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// other is a connection of another program to the bot's database.
func (w *world) other() *sql.Conn {
	w.Helper()
	db, err := sql.Open("sqlite", w.db.Path()+"?_pragma=busy_timeout(5000)")
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { db.Close() })
	conn, err := db.Conn(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { conn.Close() })
	return conn
}

// A Connector that is down for an hour delays the posts of that hour, marks them late, and loses none; what people sent
// and pressed meanwhile is done.
func TestConnectorDownForAnHour(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	const n = 8
	for i := range n {
		e := campaign()
		e.Title = fmt.Sprint("Toimenpide ", i)
		w.MustAdd(e)
	}
	down := func(*http.Request) teamstest.Fault { return teamstest.Fault{Status: 503} }
	w.conn.SetFault(down)
	w.pass("2026-03-02 08:30")
	w.conn.AwaitMatch(t, n+1, func(r teamstest.Request) bool { return r.Op == "create" && r.Status == 503 })
	w.post(w.Mention(w.pro, mia, "tarve Ohje puuttuu"))
	w.stop()
	if got := len(w.conn.Posts()); got != 0 {
		t.Fatalf("%d messages while the Connector was down", got)
	}
	// The hour: waits and retries keep real time, so their rows are set back by it.
	if _, err := w.other().ExecContext(t.Context(), `UPDATE post SET queued_at = queued_at - 3600000, retry_at = retry_at - 3600000`); err != nil {
		t.Fatal(err)
	}
	w.clock.Set(at("2026-03-02 09:30"))
	w.conn.SetFault(nil)
	w.Start()
	for i := range n {
		s := w.posted(w.wg.ConversationID, i+1)
		if strings.Contains(s.summary, "Toimenpide") {
			contains(t, s.text(), "myöhässä")
		}
	}
	w.posted(w.wg.ConversationID, n+1)
	w.stop()
	var want []string
	for i := range n {
		want = append(want, fmt.Sprintf("reminder Toimenpide %d: sent late", i))
	}
	var reminders, rest []string
	for _, row := range w.ledger() {
		if strings.HasPrefix(row, "reminder ") {
			reminders = append(reminders, row)
		} else {
			rest = append(rest, row)
		}
	}
	slices.Sort(reminders)
	equal(t, "reminders", reminders, want...)
	for _, row := range rest {
		if !strings.HasSuffix(row, ": sent") {
			t.Error(row)
		}
	}
	if got := len(w.conn.Posts()); got != len(want)+len(rest) {
		t.Errorf("%d messages for %d posts", got, len(want)+len(rest))
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A fault of the program itself in an answer or in a post costs that one: the others are answered, and their posts go out.
func TestPanicCostsOneAnswer(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	var bad atomic.Int32
	w.stop()
	w.transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if bad.Add(-1) >= 0 {
			panic("Kevätkampanja") // which no log may hold
		}
		return http.DefaultTransport.RoundTrip(r)
	})
	w.Start()
	me := teamstest.Personal(mia)
	bad.Store(1)
	w.post(w.Message(me, mia, "apua"))
	for deadline := time.Now().Add(patience); !strings.Contains(w.logs.String(), "panic in an answer: string at"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no fault is logged")
		}
	}
	contains(t, w.say(me, mia, "apua").text(), "tulossa")
	w.MustAdd(campaign())
	bad.Store(1)
	w.pass("2026-03-02 08:30")
	for deadline := time.Now().Add(patience); !strings.Contains(w.logs.String(), "panic in a send: string at"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no fault is logged")
		}
	}
	contains(t, w.say(me, mia, "apua").text(), "tulossa")
	w.stop()
	w.Start()
	contains(t, w.posted(w.wg.ConversationID, 1).text(), campaign().Title)
}

// What was put off while the machine's clock was ten years ahead goes out when the clock is right again.
func TestClockWasAhead(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.MustAdd(campaign())
	down := func(*http.Request) teamstest.Fault { return teamstest.Fault{Status: 503} }
	w.conn.SetFault(down)
	w.pass("2026-03-02 08:30")
	w.conn.AwaitMatch(t, 1, func(r teamstest.Request) bool { return r.Op == "create" && r.Status == 503 })
	w.stop()
	other, ahead := w.other(), time.Now().AddDate(10, 0, 0).UnixMilli()
	for _, statement := range []string{`UPDATE post SET retry_at = $1, queued_at = $1`, `UPDATE team SET sync_at = $1`} {
		if _, err := other.ExecContext(t.Context(), statement, ahead); err != nil {
			t.Fatal(err)
		}
	}
	w.conn.SetFault(nil)
	w.Start()
	contains(t, w.posted(w.wg.ConversationID, 1).text(), campaign().Title)
	w.MustRead(func(tx *store.Tx) error {
		list, err := tx.TeamsToSync(time.Now().Add(49 * time.Hour))
		if len(list) == 0 {
			t.Error("no team's roster is read in the next days")
		}
		return err
	})
	// A link to an export that ended long ago is forgotten without another one.
	w.stop()
	w.MustWrite(func(tx *store.Tx) error {
		return tx.AddDownload(&store.Download{Kind: "entries", PersonID: mia.AADObjectID, ExpiresAt: w.clock.Now().Add(-2 * time.Hour)}, w.clock.Now())
	})
	w.Start()
	var left int
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		if err := other.QueryRowContext(t.Context(), `SELECT count(*) FROM download`).Scan(&left); err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("a link to an export stays")
		}
	}
}

// Everything at once: a Connector that throttles, fails, cuts connections before and after it took a message, and a disk
// on which every write waits. Each post is there; it is there twice only where its row says perhaps; and each click that
// was acknowledged is in the database.
func TestUnderFire(t *testing.T) {
	t.Parallel()
	w := MustWorld(t, withConfig(func(c *bot.Config) { c.SendsInFlight = 4 }))
	const n = 24
	ids := map[string]string{}
	for i := range n {
		e := campaign()
		e.Title = fmt.Sprintf("Toimenpide %02d", i)
		ids[e.Title] = w.MustAdd(e)
	}
	var mu sync.Mutex
	rnd := rand.New(rand.NewPCG(7, 7))
	troubled := map[string]int{}
	w.conn.SetFault(func(r *http.Request) teamstest.Fault {
		if !strings.HasSuffix(r.URL.Path, "/v3/conversations") {
			return teamstest.Fault{}
		}
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		title := ""
		for name := range ids {
			if strings.Contains(string(body), name) {
				title = name
			}
		}
		if troubled[title]++; troubled[title] > 2 {
			return teamstest.Fault{}
		}
		faults := []teamstest.Fault{{}, {Status: 412}, {Status: 429}, {Status: 500}, {Status: 502}, {Status: 503}, {Cut: teamstest.CutAfter}, {Cut: teamstest.CutAnswer}}
		if troubled[title] == 1 {
			faults = append(faults, teamstest.Fault{Cut: teamstest.CutBefore})
		}
		return faults[rnd.IntN(len(faults))]
	})
	// The slow disk: somebody else holds the lock of writing most of the time.
	slow, stop := w.other(), make(chan struct{})
	var disk sync.WaitGroup
	disk.Go(func() {
		for {
			for _, statement := range []string{"BEGIN IMMEDIATE", "ROLLBACK"} {
				if _, err := slow.ExecContext(t.Context(), statement); err != nil {
					t.Error(err)
					return
				}
				select {
				case <-stop:
					_, _ = slow.ExecContext(t.Context(), "ROLLBACK") // there may be none
					return
				case <-time.After(20 * time.Millisecond):
				}
			}
		}
	})
	w.pass("2026-03-02 08:30")
	acknowledged := map[string]bool{}
	for i := range n {
		s := w.posted(w.wg.ConversationID, i+1)
		for title := range ids {
			if strings.Contains(s.text(), title) && !acknowledged[title] {
				acknowledged[title] = strings.Contains(w.click(w.wg, olli, s, cards.VerbEntryDone, nil).card.text(), "Tehty")
			}
		}
	}
	done := func() bool {
		var q store.Queue
		w.MustRead(func(tx *store.Tx) (err error) { q, err = tx.Queue(); return err })
		return q.Waiting == 0 && !strings.Contains(strings.Join(w.ledger(), "\n"), ": sending")
	}
	for deadline := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not done: %q", w.ledger())
		}
	}
	close(stop)
	disk.Wait()
	w.stop()

	there := map[string]int{}
	for _, r := range w.conn.Posts() {
		for title := range ids {
			if strings.Contains(string(r.Content), title) {
				there[title]++
			}
		}
	}
	rows := w.ledger()
	if len(rows) != n {
		t.Errorf("%d rows, want %d", len(rows), n)
	}
	for _, row := range rows {
		title, state, _ := strings.Cut(strings.TrimPrefix(row, "reminder "), ": ")
		marked := strings.HasPrefix(state, string(store.PerhapsSent))
		if there[title] < 1 || there[title] > 2 || there[title] == 2 && !marked || !marked && !strings.HasPrefix(state, "sent") && !strings.HasPrefix(state, "withdrawn") {
			t.Errorf("%s: there %d times", row, there[title])
		}
	}
	for title, yes := range acknowledged {
		if e := w.MustEntry(ids[title]); yes && e.State != store.Done {
			t.Errorf("%s: acknowledged, and %s", title, e.State)
		}
	}
}
