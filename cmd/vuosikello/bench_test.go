package main_test

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// The figures that the program is held to, measured on the real program in a process of its own:
//
//	go test -run xxx -bench Invoke -benchtime 20000x -count 5 ./cmd/vuosikello
//	go test -run xxx -bench Command -benchtime 20000x -count 5 ./cmd/vuosikello
//	go test -run xxx -bench 'BigClock|Posts500' -benchtime 1x -count 5 ./cmd/vuosikello
//
// The server has one core (GOMAXPROCS=1, and taskset where there is one) and this process, which is the clients, the
// Connector, the login and the token endpoint, has the other while it sends. server-µs/op is the processor time that the
// server used for each request, kernel included; unlike the rest it hardly depends on what else the machine is doing. Nothing is switched off: every request carries a signed
// token that the server checks against keys it fetched, every answer that leaves carries a token of its own, the
// database is on disk with synchronous=FULL. Only where sending is part of the measured work are the platform's sending
// limits lifted (--unlimited-sending), since they allow a conversation seven messages a second.
//
// Clients write prepared requests to 32 connections and wait for each answer before the next request, so the latency is
// that of a loaded server.
const benchConnections = 32

// benchNow is the plan's time in the measurements: a Monday morning just after the post time.
const benchNow = "2026-03-02T08:30:05+02:00"

// BenchmarkInvoke is an authenticated click on Done, each on a reminder of its own: token check, decoding, role check,
// the occurrence, the entry, the reminder, the audit record and the card's update recorded and on disk, and the new card
// in the answer. The cards are updated in the background at the pace that the platform allows.
func BenchmarkInvoke(b *testing.B) {
	f := openBench(b, 1, nil)
	reminders := f.postedReminders(b, b.N)
	p := f.start(b, "--unlimited-sending") // without the pace that each person is held to; one person presses them all
	requests := make([][]byte, b.N)
	for i, r := range reminders {
		place := f.channel(teams.BaseConversationID(r.conversation)).Thread(r.activity)
		requests[i] = f.request(b, p, f.scene.Click(place, aino, r.activity, cards.VerbEntryDone, map[string]any{"reminder": r.id, "entry": r.entry, "version": 1}))
	}
	f.load(b, p, requests, func(body []byte) bool { return bytes.Contains(body, []byte("application/vnd.microsoft.card.adaptive")) })
	b.StopTimer()
	if status := p.stop(b); status != 0 {
		b.Fatalf("status %d", status)
	}
	// What was acknowledged is on disk.
	if done := strings.Count(MustRun(b, f.settings, "export", "audit"), ";entry.done;"); done != b.N {
		b.Fatalf("%d of %d are in the audit log", done, b.N)
	}
}

// BenchmarkCommand is the command kello in a channel: token check, the month of the sample clock from the database, its
// card, and the reply accepted by the Connector. The time counts until the last reply has arrived there.
func BenchmarkCommand(b *testing.B) {
	f := openBench(b, 1, nil)
	MustRun(b, f.settings, "import", sampleClock(b))
	p := f.start(b, "--unlimited-sending")
	requests := make([][]byte, b.N)
	for i := range requests {
		place := f.team.Channel(f.team.Channels[i%len(f.team.Channels)].ID)
		requests[i] = f.request(b, p, f.scene.Mention(place, aino, "kello"))
	}
	before := f.connector.Posted()
	f.load(b, p, requests, func([]byte) bool { return true })
	p.await(b, "last reply", func() bool { return f.connector.Posted()-before >= b.N })
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "replies/s")
}

// BenchmarkBigClock is a year clock of 10,000 entries, a third of them series: its import, the preview of the year, the
// start of the program until /readyz answers, and the memory that the serving program holds at most and at the end,
// after 2,000 clicks and 60 commands (kello, tulossa and the whole year, each a long list).
func BenchmarkBigClock(b *testing.B) {
	const rows, clicks, commands = 10_000, 2_000, 60
	for b.Loop() {
		f := openBench(b, 1, nil)
		reminders := f.postedReminders(b, clicks)
		file := filepath.Join(b.TempDir(), "vuosikello-2026.csv")
		if err := os.WriteFile(file, bigClock(rows), 0o600); err != nil {
			b.Fatal(err)
		}
		report := func(what string, began time.Time) { b.ReportMetric(time.Since(began).Seconds(), what) }
		began := time.Now()
		MustRun(b, f.settings, "import", file)
		report("s/import", began)

		began = time.Now()
		preview := MustRun(b, f.settings, "preview", "--json", "--from", "2026-01-01", "--to", "2026-12-31")
		report("s/preview", began)
		var posts []struct{ At string }
		if err := json.Unmarshal([]byte(preview), &posts); err != nil || len(posts) < rows {
			b.Fatalf("%d posts in the preview: %v", len(posts), err)
		}

		began = time.Now()
		p := f.start(b, "--unlimited-sending")
		p.awaitReady(b)
		report("s/ready", began)

		var requests [][]byte
		for i, r := range reminders {
			thread := f.channel(teams.BaseConversationID(r.conversation)).Thread(r.activity)
			requests = append(requests, f.request(b, p, f.scene.Click(thread, aino, r.activity, cards.VerbEntryDone, map[string]any{"reminder": r.id, "entry": r.entry, "version": 1})))
			if i%(clicks/commands) == 0 && i/(clicks/commands) < commands {
				command := []string{"kello", "tulossa", "kello 2026"}[i%3]
				requests = append(requests, f.request(b, p, f.scene.Mention(f.channel(channelID(0)), aino, command)))
			}
		}
		f.send(b, p, requests, func([]byte) bool { return true })
		p.await(b, "last reply", func() bool { return f.connector.Posted() >= commands })
		b.ReportMetric(p.memory(b, "VmHWM"), "MiB/peak")
		b.ReportMetric(p.memory(b, "VmRSS"), "MiB/end")
	}
}

// BenchmarkPosts500 is one reminder to 500 channels, against a Connector that refuses with 429 what is over the documented
// limits. At 50 requests a second ten seconds are the least it can take.
func BenchmarkPosts500(b *testing.B) {
	const channels = 500
	for b.Loop() {
		f := openBench(b, channels, &teamstest.ConnectorConfig{EnforceLimits: true})
		f.write(b, func(tx *store.Tx) error {
			start := store.NewDate(2026, 3, 3)
			return tx.AddEntry(&store.Entry{Clock: store.Clock{Name: store.DefaultClock, Year: 2026}, Title: "Allergiakausi", Start: start, End: start, Leads: []int{1}, State: store.Planned},
				mustTime(b, "2026-02-27T12:00:00+02:00"), benchCalendar(b))
		})
		p := f.start(b)
		p.await(b, "500 posts", func() bool { return f.connector.Posted() >= channels })
		posts := f.connector.Posts()
		for _, r := range f.connector.Requests() {
			if r.Status == http.StatusTooManyRequests {
				b.Fatal("the Connector answered 429")
			}
		}
		took := posts[len(posts)-1].At.Sub(posts[0].At)
		b.ReportMetric(took.Seconds(), "s/500posts")
		b.ReportMetric(took.Seconds()/10, "×ideal")
		p.stop(b)
	}
}

// bench is an organisation whose program checks and is given real tokens.
type bench struct {
	*organisation
	settings settings
	token    string
}

func openBench(b *testing.B, channels int, cfg *teamstest.ConnectorConfig) *bench {
	b.Helper()
	program(b) // built before anything is timed
	login, entra := teamstest.NewLogin(), teamstest.NewEntra(tenantID, appID, secret)
	b.Cleanup(login.Close)
	b.Cleanup(entra.Close)
	if cfg == nil {
		cfg = &teamstest.ConnectorConfig{Discard: true}
	}
	cfg.Authorized = entra.Authorized(teams.Scope)
	f := &bench{organisation: openOrganisation(b, channels, *cfg)}
	certificate := filepath.Join(b.TempDir(), "entra.pem")
	if err := entra.WriteCertificate(certificate); err != nil {
		b.Fatal(err)
	}
	f.token = login.Token(appID, f.connector.ServiceURL)
	f.settings = settings{
		"VUOSIKELLO_LISTEN": "127.0.0.1:0", "VUOSIKELLO_ADMIN_LISTEN": "127.0.0.1:0", "VUOSIKELLO_DATABASE": f.database, "VUOSIKELLO_REHEARSAL": benchNow,
		"VUOSIKELLO_OPENID_METADATA_URL": login.MetadataURL, "AZURE_AUTHORITY_HOST": entra.Authority, "SSL_CERT_FILE": certificate,
		"AZURE_TENANT_ID": tenantID, "AZURE_CLIENT_ID": appID, "AZURE_CLIENT_SECRET": secret,
	}
	return f
}

// cores returns the command that runs another on these cores only, or nothing where there is none.
func cores(list string) []string {
	path, err := exec.LookPath("taskset")
	if err != nil || runtime.NumCPU() < 2 {
		return nil
	}
	return []string{path, "-c", list}
}

// stayOn moves this process to these cores.
func stayOn(b *testing.B, list string) {
	b.Helper()
	wrap := cores(list)
	if wrap == nil {
		b.Log("no taskset or no second core: the server and its clients share the machine")
		return
	}
	if out, err := exec.CommandContext(b.Context(), wrap[0], "-a", "-c", "-p", list, strconv.Itoa(os.Getpid())).CombinedOutput(); err != nil {
		b.Fatalf("taskset: %v: %s", err, out)
	}
}

// start starts the program on a core of its own.
func (f *bench) start(b *testing.B, args ...string) *server {
	b.Helper()
	p := start(b, f.settings.with(settings{"GOMAXPROCS": "1"}), cores("0"), args...)
	p.awaitReady(b)
	return p
}

func benchCalendar(tb testing.TB) store.Calendar {
	tb.Helper()
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		tb.Fatal(err)
	}
	return store.Calendar{Location: helsinki, PostTime: 8*60 + 30}
}

func mustTime(tb testing.TB, s string) time.Time {
	tb.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		tb.Fatal(err)
	}
	return at
}

// postedReminder is a reminder whose card is in a channel.
type postedReminder struct {
	id                            int64
	entry, conversation, activity string
}

// spread is over how many channels the posted reminders are spread.
const spread = 32

// postedReminders makes entries of today whose reminder has been posted, each to one of the channels.
func (f *bench) postedReminders(b *testing.B, n int) []postedReminder {
	b.Helper()
	calendar, now := benchCalendar(b), mustTime(b, benchNow)
	out := make([]postedReminder, 0, n)
	f.write(b, func(tx *store.Tx) error {
		for i := range spread {
			if err := tx.ChannelSeen(store.Channel{ID: channelID(i), TeamID: f.team.ID, Name: fmt.Sprint("Kanava ", i), ServiceURL: f.connector.ServiceURL}, now); err != nil {
				return err
			}
		}
		day := store.DateOf(now.In(calendar.Location))
		for i := range n {
			e := &store.Entry{Clock: store.Clock{Name: "mittaus", Year: 2026}, Title: "Mittaus " + strconv.Itoa(i), Start: day, End: day + 3, Campaign: "Mittaus",
				Audiences: []string{"Asukkaat", "Ammattilaiset"}, Channels: []string{"intra", "Teams"}, Owner: "Viestintätiimi", Leads: []int{0}, Approval: true, State: store.Planned}
			if err := tx.AddEntry(e, now.AddDate(0, 0, -30), calendar); err != nil {
				return err
			}
		}
		for more := true; more; {
			s, err := tx.ScheduleReminders(now, calendar, 1000)
			if err != nil {
				return err
			}
			more = s.More
		}
		return nil
	})
	// The posts are marked as sent without the sending, which is not what is measured.
	db, err := sql.Open("sqlite", f.database)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(b.Context(), `UPDATE post SET state = 'sent', sent_at = created_at, shown = wanted, service_url = $1,
		channel_id = printf($2, id % $3), conversation_id = printf($2, id % $3) || ';messageid=' || id, activity_id = CAST(id AS TEXT)
		RETURNING reminder_id, entry_id, conversation_id, activity_id`, f.connector.ServiceURL, channelPattern, spread)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var r postedReminder
		if err := rows.Scan(&r.id, &r.entry, &r.conversation, &r.activity); err != nil {
			b.Fatal(err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil || len(out) != n {
		b.Fatalf("%d reminders of %d: %v", len(out), n, err)
	}
	return out
}

// channel is a place in the organisation's team, whether the team's list has it or not.
func (f *bench) channel(id string) teamstest.Place {
	p := f.team.Channel(id)
	p.ConversationID = id
	return p
}

// request is the bytes of a request to the program.
func (f *bench) request(b *testing.B, p *server, a *teams.Activity) []byte {
	b.Helper()
	body, err := json.Marshal(a)
	if err != nil {
		b.Fatal(err)
	}
	return fmt.Appendf(nil, "POST /api/messages HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s",
		p.public, f.token, len(body), body)
}

// load is send, measured.
func (f *bench) load(b *testing.B, p *server, requests [][]byte, good func(body []byte) bool) {
	b.Helper()
	runtime.GC()
	before := p.cpu(b)
	b.ResetTimer()
	latencies := f.send(b, p, requests, good)
	took := b.Elapsed()
	b.ReportMetric(float64((p.cpu(b)-before).Microseconds())/float64(len(requests)), "server-µs/op")
	slices.Sort(latencies)
	at := func(q float64) float64 { return latencies[int(q*float64(len(latencies)-1))].Seconds() * 1000 }
	b.ReportMetric(float64(len(requests))/took.Seconds(), "requests/s")
	b.ReportMetric(at(.5), "ms/p50")
	b.ReportMetric(at(.99), "ms/p99")
	b.ReportMetric(at(1), "ms/max")
}

// send sends the requests over the connections, and returns how long each took until its answer.
func (f *bench) send(b *testing.B, p *server, requests [][]byte, good func(body []byte) bool) []time.Duration {
	b.Helper()
	stayOn(b, "1")
	defer stayOn(b, "0-"+strconv.Itoa(runtime.NumCPU()-1))
	latencies := make([]time.Duration, len(requests))
	var next atomic.Int64
	var connections sync.WaitGroup
	for range min(benchConnections, len(requests)) {
		connections.Go(func() {
			conn, err := net.Dial("tcp", p.public)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			answers := bufio.NewReader(conn)
			for {
				i := int(next.Add(1)) - 1
				if i >= len(requests) || b.Failed() {
					return
				}
				began := time.Now()
				if _, err := conn.Write(requests[i]); err != nil {
					b.Error(err)
					return
				}
				resp, err := http.ReadResponse(answers, nil)
				if err != nil {
					b.Error(err)
					return
				}
				body, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				latencies[i] = time.Since(began)
				if err != nil || resp.StatusCode/100 != 2 || !good(body) {
					b.Errorf("answer %d: %v %s", resp.StatusCode, err, body)
					return
				}
			}
		})
	}
	connections.Wait()
	return latencies
}

// cpu is the processor time that the server has used, which tells what a request costs even on a busy machine.
func (p *server) cpu(b *testing.B) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0 // no /proc on this system
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	var ticks int
	for _, field := range strings.Fields(rest)[11:13] { // utime and stime, proc_pid_stat(5)
		n, err := strconv.Atoi(field)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	const perSecond = 100 // USER_HZ
	return time.Duration(ticks) * time.Second / perSecond
}

// memory reads a figure of the server's memory, in MiB.
func (p *server) memory(b *testing.B, name string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		b.Skip("no /proc on this system")
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kib / 1024
		}
	}
	b.Fatalf("no %s in %s", name, status)
	return 0
}

// bigClock is a year clock file.
func bigClock(rows int) []byte {
	var out bytes.Buffer
	out.WriteString("otsikko;alkaa;päättyy;toisto;kampanja;kohderyhmä;kanavat;vastuu;muistutukset;aineistot;hyväksyntä;tavoite\n")
	first := store.NewDate(2026, 1, 1)
	for i := range rows {
		start := first + store.Date(i%360)
		fmt.Fprintf(&out, "Toimenpide %d;%d.%d.2026;;%s;Kampanja %d;Asukkaat,Ammattilaiset;some,intra,Teams;Viestintätiimi;14,3,0;;kyllä;Ajanvarausten määrä\n",
			i, start.Day(), start.Month(), []string{"", "", "FREQ=MONTHLY"}[i%3], i%40)
	}
	return out.Bytes()
}
