package main_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/store"
)

// stopWithin is what an operator may rely on after SIGTERM.
const stopWithin = 10 * time.Second

func TestServeRefuses(t *testing.T) {
	t.Parallel()
	account := settings{"AZURE_TENANT_ID": tenantID, "AZURE_CLIENT_ID": appID, "AZURE_CLIENT_SECRET": secret, "VUOSIKELLO_LISTEN": "127.0.0.1:0", "VUOSIKELLO_ADMIN_LISTEN": "127.0.0.1:0"}
	for _, tc := range []struct {
		name     string
		settings settings
		said     string // in the one line
	}{
		{"nothing set", settings{}, "AZURE_CLIENT_ID"},
		{"a client id that is a name", account.with(settings{"AZURE_CLIENT_ID": "vuosikello"}), "AZURE_CLIENT_ID"},
		{"no tenant", account.with(settings{"AZURE_TENANT_ID": ""}), "AZURE_TENANT_ID"},
		{"a certificate that is not there", account.with(settings{"AZURE_CLIENT_SECRET": "", "AZURE_CLIENT_CERTIFICATE_PATH": "/none.pem"}), "AZURE_CLIENT_CERTIFICATE_PATH"},
		{"an admin who is a name", account.with(settings{"VUOSIKELLO_ADMINS": "Aino"}), "VUOSIKELLO_ADMINS"},
		{"key metadata without TLS", account.with(settings{"VUOSIKELLO_OPENID_METADATA_URL": "http://login.example.org/"}), "VUOSIKELLO_OPENID_METADATA_URL"},
		{"a time zone that is a country", account.with(settings{"VUOSIKELLO_TIMEZONE": "Suomi"}), "VUOSIKELLO_TIMEZONE"},
		{"an impossible post time", account.with(settings{"VUOSIKELLO_POST_TIME": "25:00"}), "VUOSIKELLO_POST_TIME"},
		{"an unknown language", account.with(settings{"VUOSIKELLO_LANGUAGE": "de"}), "VUOSIKELLO_LANGUAGE"},
		{"a rehearsal without an instant", account.with(settings{"VUOSIKELLO_REHEARSAL": "huomenna"}), "VUOSIKELLO_REHEARSAL"},
		{"a rehearsal that stands still", account.with(settings{"VUOSIKELLO_REHEARSAL": "2026-03-02T08:29:50+02:00@0"}), "VUOSIKELLO_REHEARSAL"},
		{"no sends at all", account.with(settings{"VUOSIKELLO_SENDS_IN_FLIGHT": "0"}), "VUOSIKELLO_SENDS_IN_FLIGHT"},
		{"a log level of another program", account.with(settings{"VUOSIKELLO_LOG_LEVEL": "verbose"}), "VUOSIKELLO_LOG_LEVEL"},
		{"a database server", account.with(settings{"VUOSIKELLO_DATABASE": "mysql://localhost"}), "VUOSIKELLO_DATABASE"},
		// Without the check of tokens, anybody who reaches the address is whoever they say.
		{"local mode for the whole network", localSettings("a.db").with(settings{"VUOSIKELLO_LISTEN": "0.0.0.0:0"}), "VUOSIKELLO_LISTEN"},
		{"local mode on every address", localSettings("a.db").with(settings{"VUOSIKELLO_LISTEN": ":0"}), "VUOSIKELLO_LISTEN"},
		{"local mode with public figures", localSettings("a.db").with(settings{"VUOSIKELLO_ADMIN_LISTEN": "192.0.2.1:0"}), "VUOSIKELLO_ADMIN_LISTEN"},
		{"local mode by a name that could be anybody's", localSettings("a.db").with(settings{"VUOSIKELLO_LISTEN": "localhost.example.org:0"}), "VUOSIKELLO_LISTEN"},
		{"local mode perhaps", localSettings("a.db").with(settings{"VUOSIKELLO_LOCAL": "yes"}), "VUOSIKELLO_LOCAL"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			stdout, stderr, status := once(t, tc.settings, "serve")
			if status != 2 || stdout != "" {
				t.Errorf("status %d, stdout %q", status, stdout)
			}
			if lines := strings.Split(strings.TrimSpace(stderr), "\n"); !strings.Contains(lines[len(lines)-1], tc.said) || len(lines) != 1 {
				t.Errorf("said %q, want one line about %s", stderr, tc.said)
			}
		})
	}
}

func TestServeFailsToStart(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	notDatabase := filepath.Join(t.TempDir(), "notes.db")
	if err := os.WriteFile(notDatabase, []byte(strings.Repeat("Muistiinpanoja. ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	fresh := func() string { return filepath.Join(t.TempDir(), "a.db") }
	served := fresh()
	start(t, localSettings(served), nil)
	for _, tc := range []struct {
		name     string
		settings settings
		said     string
	}{
		{"an address that is taken", localSettings(fresh()).with(settings{"VUOSIKELLO_LISTEN": taken.Addr().String()}), "VUOSIKELLO_LISTEN"},
		{"a folder that does not exist", localSettings(filepath.Join(t.TempDir(), "none", "a.db")), "folder"},
		{"a file that is no database", localSettings(notDatabase), "not a sound SQLite database"},
		// Two would post everything twice.
		{"a database that is served already", localSettings(served), "another vuosikello is serving"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, stderr, status := once(t, tc.settings.with(settings{"VUOSIKELLO_LOG_LEVEL": "error"}), "serve")
			if status != 1 || !strings.Contains(stderr, tc.said) || strings.Count(stderr, "\n") != 1 {
				t.Errorf("status %d, said %q, want one line with %q", status, stderr, tc.said)
			}
		})
	}
}

func TestServeAddresses(t *testing.T) {
	t.Parallel()
	p := start(t, localSettings(filepath.Join(t.TempDir(), "a.db")), nil)
	p.awaitReady(t)
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		if status, body := get(t, "http://"+p.admin+path); status != http.StatusOK || body == "" {
			t.Errorf("admin %s: %d %q", path, status, body)
		}
		// The figures of an organisation are nobody else's business.
		if status, _ := get(t, "http://"+p.public+path); status != http.StatusNotFound {
			t.Errorf("public %s: %d", path, status)
		}
	}
	if status, _ := get(t, "http://"+p.admin+"/api/messages"); status != http.StatusNotFound {
		t.Errorf("activities at the admin address: %d", status)
	}
	if status, _ := get(t, p.messages()); status != http.StatusMethodNotAllowed {
		t.Errorf("GET of the messages: %d", status)
	}
	_, figures := get(t, "http://"+p.admin+"/metrics")
	for _, name := range []string{"vuosikello_outbox_posts", "vuosikello_post_attempt_seconds", "vuosikello_request_seconds", "process_resident_memory_bytes"} {
		if !strings.Contains(figures, name) {
			t.Errorf("no %s in the figures", name)
		}
	}
}

// What was let in before the stop is finished: the command's answer, which takes the Connector a while, arrives.
func TestServeStopsGracefully(t *testing.T) {
	t.Parallel()
	o := openOrganisation(t, 1, teamstest.ConnectorConfig{Latency: 500 * time.Millisecond})
	p := start(t, localSettings(o.database), nil)
	p.awaitReady(t)
	teamstest.Post(t, p.messages(), "", o.scene.Mention(o.team.Channel(channelID(0)), aino, "tulossa"))
	began := time.Now()
	if status := p.stop(t); status != 0 {
		t.Errorf("status %d: %s", status, p.log)
	}
	if took := time.Since(began); took > stopWithin {
		t.Errorf("it took %v to stop", took)
	}
	if n := o.connector.Posted(); n != 1 {
		t.Errorf("%d answers arrived", n)
	}
	if left, err := filepath.Glob(o.database + "-*"); err != nil || len(left) != 0 {
		t.Errorf("beside the closed database: %v (%v)", left, err)
	}
	again := start(t, localSettings(o.database), nil)
	again.awaitReady(t)
	if strings.Contains(again.log.String(), "in flight") {
		t.Errorf("an orderly stop left something in flight: %s", again.log)
	}
}

// Even a Connector that never answers keeps the program no longer than it promised. A busy machine may be late now and then;
// a program that breaks its promise is late each time.
func TestServeStopsInTime(t *testing.T) {
	t.Parallel()
	o := openOrganisation(t, 1, teamstest.ConnectorConfig{Latency: time.Hour})
	var took []time.Duration
	for len(took) < 5 {
		p := start(t, localSettings(o.database), nil)
		p.awaitReady(t)
		teamstest.Post(t, p.messages(), "", o.scene.Mention(o.team.Channel(channelID(0)), aino, "tulossa"))
		began := time.Now()
		if status := p.stop(t); status != 0 {
			t.Errorf("status %d: %s", status, p.log)
		}
		if took = append(took, time.Since(began)); took[len(took)-1] <= stopWithin+time.Second {
			return
		}
	}
	t.Errorf("it took %v to stop", took)
}

// Those who send slowly hold up nobody but themselves.
func TestServeSlowClients(t *testing.T) {
	t.Parallel()
	o := openOrganisation(t, 1, teamstest.ConnectorConfig{})
	p := start(t, localSettings(o.database), nil)
	p.awaitReady(t)
	for i := range 200 {
		conn, err := net.Dial("tcp", p.public)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		part := "POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Ty"
		if i%2 == 1 {
			part = "POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
		}
		if _, err := io.WriteString(conn, part); err != nil {
			t.Fatal(err)
		}
	}
	if status, _ := teamstest.Post(t, p.messages(), "", o.scene.Mention(o.team.Channel(channelID(0)), aino, "tulossa")); status/100 != 2 {
		t.Errorf("a command among slow clients was answered with %d", status)
	}
	o.connector.Await(t, 1)

	// One of them is let go after its time.
	conn, err := net.Dial("tcp", p.public)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST /api/messages HTTP/1.1\r\nHost: x\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil {
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestTimeout && resp.StatusCode != http.StatusBadRequest {
			t.Errorf("a client that never ends its headers was answered with %d", resp.StatusCode)
		}
	} else if e, ok := err.(net.Error); ok && e.Timeout() { //nolint:errorlint // ReadResponse returns it unwrapped
		t.Error("a client that never ends its headers is never let go")
	}
}

// TestServeFullDisk puts the database on a file system of its own and fills that: /readyz and the person are told, what was
// acknowledged before is there, and once there is space again everything goes on by itself.
func TestServeFullDisk(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder).CombinedOutput(); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", folder).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	o := openOrganisation(t, 1, teamstest.ConnectorConfig{})
	database := filepath.Join(folder, "a.db")
	content, err := os.ReadFile(o.database)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(database, content, 0o600); err != nil {
		t.Fatal(err)
	}
	o.database = database
	o.write(t, func(tx *store.Tx) error { return tx.GiveRole(aino.AADObjectID, store.RoleAdmin, 0) })
	p := start(t, localSettings(database), nil)
	p.awaitReady(t)
	here := o.team.Channel(channelID(0))
	said := func(n int, text string) string {
		teamstest.Post(t, p.messages(), "", o.scene.Mention(here, aino, text))
		return string(o.connector.Await(t, n).Content)
	}
	if answer := said(1, "kanava Asukkaat"); !strings.Contains(answer, "Asukkaat") {
		t.Fatalf("before: %s", answer)
	}

	filler := filepath.Join(folder, "filler")
	f, err := os.Create(filler)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(f, zeros{}); err == nil {
		t.Fatal("the file system does not fill")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	n := 1
	p.await(t, "refusal", func() bool { // until what the log file had reserved is used up
		n++
		return strings.Contains(said(n, fmt.Sprint("kanava Yksikkö ", n, strings.Repeat(" x", 40))), "tallentamaan")
	})
	p.await(t, "notice at /readyz", func() bool { // a write that is smaller than the one that was refused may still have room
		status, body := get(t, "http://"+p.admin+"/readyz")
		return status == http.StatusServiceUnavailable && strings.Contains(body, "disk is full")
	})
	if status, _ := get(t, "http://"+p.admin+"/healthz"); status != http.StatusOK {
		t.Errorf("/healthz with a full disk: %d", status)
	}
	if answer := said(n+1, "tulossa"); !strings.Contains(answer, "Ei toimenpiteitä") {
		t.Errorf("what only reads does not work with a full disk: %s", answer)
	}

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	p.awaitReady(t)
	if answer := said(n+2, "kanava Esihenkilöt"); !strings.Contains(answer, "Esihenkilöt") {
		t.Errorf("after: %s", answer)
	}
	p.kill()
	// Everything that was acknowledged, and nothing that was refused, survived.
	again := start(t, localSettings(database), nil)
	again.awaitReady(t)
	teamstest.Post(t, again.messages(), "", o.scene.Mention(here, aino, "kanava"))
	answer := string(o.connector.Await(t, n+3).Content)
	for _, want := range []string{"Asukkaat", "Esihenkilöt"} {
		if !strings.Contains(answer, want) {
			t.Errorf("%s was acknowledged and is lost: %s", want, answer)
		}
	}
	if strings.Contains(answer, fmt.Sprint("Yksikkö ", n, " ")) {
		t.Errorf("what was refused is there: %s", answer)
	}
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
