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
	"slices"
	"strings"
	"testing"
	"time"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
	"vuosikello/store/storetest"
)

// commandsAtScale are the chat commands that are timed with the database of a large county, by their name in the table of
// commands; those that write are among them. They are said in the person's own chat, and with an @ before them in a channel.
var commandsAtScale = map[string][]string{
	"help":       {"@apua"},
	"clock":      {"@kello", "@kello 2026", "@kello Kampanja 7"},
	"calendar":   {"kalenteri"},
	"upcoming":   {"@tulossa", "@tulossa 90"},
	"add":        {"lisää"},
	"approval":   {"uusi julkaisu"},
	"approvals":  {"hyväksynnät"},
	"session":    {"digivartti"},
	"sessions":   {"digivartit"},
	"attendance": {"osallistujat", "osallistujat 1500"},
	"reach":      {"tavoittavuus", "tavoittavuus 2025", "tavoittavuus Kampanja 7", "tavoittavuus Kohderyhmä 3 2025", "tavoittavuus Tiedote 3999", "tavoittavuus Tiedot"},
	"digest":     {"kooste", "kooste Viikkotiedote", "kooste Tulosaluekooste / Tulosalue 3"},
	"measures":   {"mittarit", "mittarit Mittari 3", "mittarit Mittari 3 2026-02 12 400", "mittarit kampanja Kampanja 7", "mittarit toteuma"},
	"need":       {"tarve Ohje etälääkäriin"},
	"agenda":     {"@esityslista"},
	"channel":    {"@kanava"},
	"role":       {"rooli"},
	"export":     {"vie", "vie ledger"},
	"language":   {"kieli fi"},
	"forget":     {"poista tietoni"},
	"":           {"keloo"}, // none: the answer suggests some
}

// Every command of the catalogue, where each has its words, is measured.
func TestCommandsAtScale(t *testing.T) {
	files, err := filepath.Glob("../../cards/text/fi/*.json")
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var catalogue map[string]any
		if err := json.Unmarshal(text, &catalogue); err != nil {
			t.Fatal(err)
		}
		for key := range catalogue {
			name, ok := strings.CutPrefix(key, "command.")
			if !ok {
				continue
			}
			commands++
			if len(commandsAtScale[name]) == 0 {
				t.Errorf("the command %s is not in commandsAtScale", name)
			}
			for _, line := range commandsAtScale[name] {
				if !slices.ContainsFunc(cards.Finnish.Words(key), func(w string) bool { return strings.HasPrefix(strings.TrimPrefix(line, "@")+" ", w+" ") }) {
					t.Errorf("%q is not the command %s", line, name)
				}
			}
		}
	}
	if want := len(commandsAtScale) - 1; commands != want {
		t.Errorf("%d commands in the catalogue, %d in commandsAtScale", commands, want)
	}
}

// BenchmarkYears is three years of a large county (storetest.Large: 50,000 entries, 400,000 acknowledgements, 200,000 attendance
// rows) under the real program:
//
//	go test -run xxx -bench Years -benchtime 1x -timeout 30m ./cmd/vuosikello
//
// It prints the size of the file; how long the program needs until it is ready, and a backup takes; what each chat command takes
// until the Connector has its answer (100 times by one person; the slowest at the 99th percentile); the memory that
// the serving program has had at most; and how long each subcommand takes that goes through personal data, with the longest
// that a person's click waited for its answer meanwhile.
func BenchmarkYears(b *testing.B) {
	for b.Loop() {
		f := openBench(b, 1, &teamstest.ConnectorConfig{Discard: true})
		// Nothing is aged out before it is measured.
		f.settings = f.settings.with(settings{"VUOSIKELLO_PUBLIC_URL": "https://vuosikello.example", "VUOSIKELLO_RETENTION_ATTENDANCE": "60", "VUOSIKELLO_RETENTION_TEXT": "60"})
		c := storetest.Large(f.connector.ServiceURL, tenantID, benchCalendar(b), mustTime(b, benchNow))
		began := time.Now()
		if err := c.Fill(b.Context(), f.database); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/generate")
		f.write(b, func(tx *store.Tx) error {
			for _, r := range []store.Role{store.RoleAdmin, store.RoleDigimentor, store.RoleApprover} {
				if err := tx.GiveRole(aino.AADObjectID, r, 0); err != nil {
					return err
				}
			}
			return nil
		})
		info, err := os.Stat(f.database)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/1e6, "MB/file")

		began = time.Now()
		p := f.start(b, "--unlimited-sending")
		b.ReportMetric(time.Since(began).Seconds(), "s/ready")

		began = time.Now()
		MustRun(b, f.settings, "backup", filepath.Join(b.TempDir(), "copy.db"))
		b.ReportMetric(time.Since(began).Seconds(), "s/backup")

		f.commands(b, p)
		b.ReportMetric(p.memory(b, "VmHWM"), "MiB/peak")
		f.personalData(b, p)
		p.stop(b)
	}
}

// commands times every line of commandsAtScale.
func (f *bench) commands(b *testing.B, p *server) {
	const rounds = 100
	var table strings.Builder
	var slowest time.Duration
	line := f.connect(b, p)
	for _, lines := range commandsAtScale {
		for _, text := range lines {
			place, command := teamstest.Personal(aino), text
			if rest, ok := strings.CutPrefix(text, "@"); ok {
				place, command = f.channel(channelID(0)), rest
			}
			var took []time.Duration
			before := p.cpu(b)
			for range rounds {
				posted, began := f.connector.Posted(), time.Now()
				line.post(b, f.request(b, p, f.scene.Mention(place, aino, command)))
				p.await(b, "reply to "+command, func() bool { return f.connector.Posted() > posted })
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			slowest = max(slowest, took[rounds*99/100-1])
			fmt.Fprintf(&table, "\n%9.1f %9.1f %9.1f  %s", ms(took[rounds/2]), ms(took[rounds*99/100-1]), ms(p.cpu(b)-before)/rounds, text)
		}
	}
	fmt.Fprintln(os.Stderr, "ms: median, 99th percentile, processor time of the server"+table.String()) // b.Log shows ten lines
	b.ReportMetric(ms(slowest), "ms/command-p99")
}

func ms(d time.Duration) float64 { return d.Seconds() * 1000 }

// personalData times what goes through all personal data, beside the serving program.
func (f *bench) personalData(b *testing.B, p *server) {
	person := storetest.PersonID(7) // who wrote publications, hosted sessions and is named in texts
	aging := f.settings.with(settings{"VUOSIKELLO_RETENTION_ATTENDANCE": "12", "VUOSIKELLO_RETENTION_TEXT": "24"})
	var table strings.Builder
	for _, args := range [][]string{{"doctor", "--privacy"}, {"audit", "--verify"}, {"export", "person", "--person", person}, {"erase", "--person", person}, {"retention"}} {
		took, waited, clicks := f.meanwhile(b, p, aging, args...)
		fmt.Fprintf(&table, "\n%9.2f %9.1f %9d  %s", took.Seconds(), ms(waited), clicks, strings.Join(args, " "))
		b.ReportMetric(took.Seconds(), "s/"+args[0])
		b.ReportMetric(ms(waited), "ms/click-during-"+args[0])
	}
	fmt.Fprintln(os.Stderr, "s it took, ms that a click waited at most, clicks meanwhile"+table.String())
}

// meanwhile runs a subcommand while people press "Kuittaa luetuksi" one after the other, and returns how long it took, the
// longest that one of them waited, and how many did.
func (f *bench) meanwhile(b *testing.B, p *server, s settings, args ...string) (took, waited time.Duration, clicks int) {
	type post struct {
		channel, activity, content string
	}
	var posts []post
	db, err := sql.Open("sqlite", "file:"+f.database+"?mode=ro")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(b.Context(), `SELECT channel_id, activity_id, content_id FROM post WHERE kind = 'publication' AND state = 'sent' ORDER BY sent_at DESC LIMIT 30`)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var r post
		if err := rows.Scan(&r.channel, &r.activity, &r.content); err != nil {
			b.Fatal(err)
		}
		posts = append(posts, r)
	}
	if err := rows.Err(); err != nil || len(posts) == 0 {
		b.Fatalf("%d publications: %v", len(posts), err)
	}
	line := f.connect(b, p)
	cmd := exec.CommandContext(b.Context(), program(b), args...)
	var errs strings.Builder
	cmd.Env, cmd.Dir, cmd.Stderr = s.environ(), b.TempDir(), &errs
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		who := teamstest.Person{ID: fmt.Sprint("29:county-", 1000+clicks%7000), AADObjectID: storetest.PersonID(1000 + clicks%7000), Name: storetest.PersonName(1000 + clicks%7000)}
		r := posts[clicks%len(posts)]
		place := f.channel(r.channel).Thread(r.activity)
		began := time.Now()
		answer := line.post(b, f.request(b, p, f.scene.Click(place, who, r.activity, cards.VerbAck, map[string]any{"content": r.content, "version": 1})))
		if !bytes.Contains(answer, []byte("Kuit")) { // Kuitattu, or Kuittasit tämän jo
			b.Fatalf("a click was answered with %s", answer)
		}
		waited = max(waited, time.Since(began))
		clicks++
		select {
		case err := <-ended:
			if err != nil {
				b.Fatalf("vuosikello %v: %v: %s", args, err, &errs)
			}
			return time.Since(start), waited, clicks
		default:
		}
	}
}

// line is one connection to the program.
type line struct {
	net.Conn
	answers *bufio.Reader
}

func (f *bench) connect(b *testing.B, p *server) *line {
	b.Helper()
	conn, err := net.Dial("tcp", p.public)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	return &line{conn, bufio.NewReader(conn)}
}

// post sends a request and returns the body of its answer.
func (l *line) post(b *testing.B, request []byte) []byte {
	b.Helper()
	if _, err := l.Write(request); err != nil {
		b.Fatal(err)
	}
	resp, err := http.ReadResponse(l.answers, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 {
		b.Fatalf("answer %d: %v %s", resp.StatusCode, err, body)
	}
	return body
}
