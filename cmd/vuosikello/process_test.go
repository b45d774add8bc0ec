package main_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/store"
)

// These tests start the real program, built once, as a process of its own, and talk to it as its users do.

const (
	appID    = "11111111-1111-4111-8111-111111111111"
	tenantID = "22222222-2222-4222-8222-222222222222"
	secret   = "not-a-secret"

	// patience bounds every wait for something that must happen; nothing is timed by it.
	patience = 90 * time.Second
)

var aino = teamstest.Person{ID: "29:aino", AADObjectID: "33333333-3333-4333-8333-333333333333", Name: "Aino Aalto", Email: "aino.aalto@example.fi"}

var built struct {
	sync.Once
	dir, program string
	err          error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		if err := os.RemoveAll(built.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(code)
}

// program builds the program, once, and returns its path.
func program(tb testing.TB) string {
	tb.Helper()
	built.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "vuosikello-test-"); built.err != nil {
			return
		}
		built.program = filepath.Join(built.dir, "vuosikello")
		if out, err := exec.Command("go", "build", "-o", built.program, ".").CombinedOutput(); err != nil {
			built.err = fmt.Errorf("build: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		tb.Fatal(built.err)
	}
	return built.program
}

// sampleClock is the path of the sample year clock.
func sampleClock(tb testing.TB) string {
	tb.Helper()
	path, err := filepath.Abs("demo/vuosikello-2026.csv")
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

// settings are environment variables of the program. The variables of the machine do not reach it.
type settings map[string]string

func (s settings) with(more settings) settings {
	out := settings{}
	for _, m := range []settings{s, more} {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

func (s settings) environ() []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.TempDir()}
	for k, v := range s {
		env = append(env, k+"="+v)
	}
	return env
}

// localSettings are those of a program in local mode, on ports of its own choice.
func localSettings(database string) settings {
	return settings{"VUOSIKELLO_LOCAL": "1", "AZURE_TENANT_ID": tenantID, "AZURE_CLIENT_ID": appID, "VUOSIKELLO_LISTEN": "127.0.0.1:0", "VUOSIKELLO_ADMIN_LISTEN": "127.0.0.1:0", "VUOSIKELLO_DATABASE": database}
}

// once runs the program to its end.
func once(tb testing.TB, s settings, args ...string) (stdout, stderr string, status int) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), program(tb), args...)
	cmd.Env, cmd.Dir = s.environ(), tb.TempDir()
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		tb.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// MustRun runs the program to its end and returns what it printed; it must succeed.
func MustRun(tb testing.TB, s settings, args ...string) string {
	tb.Helper()
	out, errs, status := once(tb, s, args...)
	if status != 0 {
		tb.Fatalf("vuosikello %v: status %d: %s", args, status, errs)
	}
	return out
}

// server is a program that serves.
type server struct {
	cmd           *exec.Cmd
	public, admin string // addresses, once it serves
	log           *strings.Builder
	ended         chan struct{}
}

var serving = regexp.MustCompile(`msg=serving address=(\S+) admin=(\S+)`)

// start starts the program and waits until it serves. wrap is a command that it runs under, such as taskset.
func start(tb testing.TB, s settings, wrap []string, args ...string) *server {
	tb.Helper()
	line := append(append(append([]string{}, wrap...), program(tb), "serve"), args...)
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Env, cmd.Dir = s.environ(), tb.TempDir()
	return startCommand(tb, cmd)
}

// startCommand starts a program that serves and waits until it does.
func startCommand(tb testing.TB, cmd *exec.Cmd) *server {
	tb.Helper()
	p := &server{cmd: cmd, log: &strings.Builder{}, ended: make(chan struct{})}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	addresses := make(chan []string, 1)
	go func() {
		defer close(p.ended)
		lines := bufio.NewReader(stderr)
		for {
			text, err := lines.ReadString('\n')
			if m := serving.FindStringSubmatch(text); m != nil {
				addresses <- m
			}
			p.log.WriteString(text)
			if err != nil {
				break
			}
		}
		_ = p.cmd.Wait() // the status is in ProcessState
	}()
	tb.Cleanup(p.kill)
	select {
	case m := <-addresses:
		p.public, p.admin = m[1], m[2]
	case <-p.ended:
		tb.Fatalf("serve ended before it served: status %d: %s", p.cmd.ProcessState.ExitCode(), p.log)
	case <-time.After(patience):
		tb.Fatal("serve does not begin to serve")
	}
	return p
}

// messages is where activities are posted.
func (p *server) messages() string { return "http://" + p.public + "/api/messages" }

// kill ends the program at once, as a power cut does.
func (p *server) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.ended
}

// stop asks the program to end and returns its status.
func (p *server) stop(tb testing.TB) int {
	tb.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		tb.Fatal(err)
	}
	select {
	case <-p.ended:
	case <-time.After(patience):
		tb.Fatal("serve does not end")
	}
	return p.cmd.ProcessState.ExitCode()
}

// get asks an address of the program.
func get(tb testing.TB, url string) (status int, body string) {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, url, nil)
	if err != nil {
		tb.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// awaitReady waits until /readyz says 200.
func (p *server) awaitReady(tb testing.TB) {
	tb.Helper()
	p.await(tb, "readiness", func() bool { status, _ := get(tb, "http://"+p.admin+"/readyz"); return status == http.StatusOK })
}

func (p *server) await(tb testing.TB, what string, holds func() bool) {
	tb.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.kill()
			tb.Fatalf("no %s: %s", what, p.log)
		}
	}
}

// organisation is a team that the app is installed in, whose channels get the reminders.
type organisation struct {
	team      teamstest.Team
	connector *teamstest.Connector
	scene     *teamstest.Scene
	database  string
}

// channelPattern is how the ids of the organisation's channels are made of their numbers.
const channelPattern = "19:channel%d@thread.tacv2"

func channelID(n int) string { return fmt.Sprintf(channelPattern, n) }

// openOrganisation makes a database in which a team with that many working-group channels is known and Aino is in communications.
func openOrganisation(tb testing.TB, channels int, cfg teamstest.ConnectorConfig) *organisation {
	tb.Helper()
	o := &organisation{connector: teamstest.NewConnector(cfg), database: filepath.Join(tb.TempDir(), "vuosikello.db")}
	tb.Cleanup(o.connector.Close)
	o.team = teamstest.Team{ID: "19:team@thread.tacv2", Name: "Viestintä", AADGroupID: "44444444-4444-4444-8444-444444444444"}
	for i := range channels {
		o.team.Channels = append(o.team.Channels, teams.ChannelInfo{ID: channelID(i), Name: fmt.Sprint("Kanava ", i), Type: "standard"})
	}
	o.team.Members = append(o.team.Members, aino.Member(tenantID))
	o.connector.AddTeam(o.team)
	o.scene = &teamstest.Scene{ServiceURL: o.connector.ServiceURL, TenantID: tenantID, AppID: appID, BotName: "Vuosikello"}
	o.write(tb, func(tx *store.Tx) error {
		now := time.Now()
		if _, err := tx.TeamSeen(store.Team{ID: o.team.ID, AADGroupID: o.team.AADGroupID, Name: o.team.Name, ServiceURL: o.connector.ServiceURL}, now); err != nil {
			return err
		}
		for _, ch := range o.team.Channels {
			if err := tx.ChannelSeen(store.Channel{ID: ch.ID, TeamID: o.team.ID, Name: ch.Name, ServiceURL: o.connector.ServiceURL}, now); err != nil {
				return err
			}
			if _, err := tx.Bind(ch.ID, store.Binding{Kind: store.WorkingGroup}); err != nil {
				return err
			}
		}
		person := store.Person{ID: aino.AADObjectID, TeamsID: aino.ID, Name: aino.Name, Email: aino.Email, TenantID: tenantID, Locale: "fi-FI",
			ConversationID: teamstest.PersonalChat(aino.ID), ServiceURL: o.connector.ServiceURL}
		if err := tx.SetMembers(o.team.ID, []store.Person{person}, now); err != nil {
			return err
		}
		return tx.GiveRole(aino.AADObjectID, store.RoleCommunications, 0)
	})
	return o
}

// write changes the organisation's database while the program does not run.
func (o *organisation) write(tb testing.TB, fn func(*store.Tx) error) {
	tb.Helper()
	db, err := store.Open(context.Background(), o.database)
	if err != nil {
		tb.Fatal(err)
	}
	if err := errors.Join(db.Write(context.Background(), fn), db.Close()); err != nil {
		tb.Fatal(err)
	}
}
