package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// playgroundPackage is Microsoft's local stand-in for the Teams client, at the one version this program was tried
	// with. It is fetched by npx when first needed and is no part of the product (its licence is a pre-release one).
	playgroundPackage = "@microsoft/m365agentsplayground@0.2.28"
	playgroundCommand = "agentsplayground"
	playgroundFile    = ".m365agentsplayground.yml"

	// playgroundStart bounds the time from start to the first answer: npx downloads some 20 MB when it runs first.
	playgroundStart = 3 * time.Minute
	// playgroundStop is how long it may take to leave when asked, before it is killed.
	playgroundStop = 3 * time.Second
)

// errNoNode means that the Playground cannot run on this machine because Node.js or npx is not there.
var errNoNode = errors.New("no Node.js on this machine: install version 20 or newer from https://nodejs.org to see the demo in a browser")

// playground is a running Microsoft 365 Agents Playground: a web page that looks like Teams, and a Bot Connector that
// the bot answers to. It listens on all interfaces without authentication, so it is for demonstrations and tests only.
type playground struct {
	URL string // of the page, without a trailing slash

	cfg    playgroundConfig
	client *http.Client
	ended  chan struct{} // closed when the process and its children are gone
	err    error         // why, once ended is closed
}

// playgroundConfig is the invented organisation that the Playground shows.
type playgroundConfig struct {
	Port     int    // wished for; another is taken when it is in use
	Endpoint string // the bot's, like http://127.0.0.1:3978/api/messages
	TimeZone string // of everybody's Teams client, an IANA name
	Locale   string // likewise, like fi-FI; only for activities of our own making: the Playground writes en-US in all of its

	TenantID     string
	Bot          playgroundPlace // ID as Teams writes it: 28: and the app id
	Visitor      playgroundUser  // whom the page belongs to
	Colleagues   [5]playgroundUser
	PersonalChat string // conversation id of the visitor's chat with the bot
	GroupChat    playgroundPlace
	Team         playgroundPlace // its id is also the id of its General channel
	TeamGroupID  string          // the team's Entra group, a GUID
	Channel      playgroundPlace // the one channel besides General that the Playground allows
}

// playgroundPlace is anything with an id and a name.
type playgroundPlace struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// playgroundUser is a member of the invented organisation. All are members of the team and of the group chat.
type playgroundUser struct {
	ID          string `json:"id"` // 29:…
	Name        string `json:"name"`
	Mail        string `json:"email"`
	Principal   string `json:"userPrincipleName"` // spelled so by the Playground
	AADObjectID string `json:"aadObjectId"`
	GivenName   string `json:"givenName"`
	Surname     string `json:"surname"`
}

// demoPlayground is the demo's communications team. The ids are invented and the same each time, so that a database
// made by one demo recognises the people of the next. The Endpoint is left to be filled in.
func demoPlayground(port int, appID, tenantID string) playgroundConfig {
	return playgroundConfig{
		Port:     port,
		TimeZone: "Europe/Helsinki",
		Locale:   "fi-FI",
		TenantID: tenantID,
		Bot:      playgroundPlace{ID: "28:" + appID, Name: "Vuosikello"},
		Visitor:  demoUser(1, "Leena", "Salonen"),
		Colleagues: [5]playgroundUser{
			demoUser(2, "Aino", "Korhonen"),  // communications
			demoUser(3, "Mikko", "Virtanen"), // approver, of the management team
			demoUser(4, "Satu", "Laine"),     // digimentor
			demoUser(5, "Jari", "Nieminen"),  // professional
			demoUser(6, "Hanna", "Lehtonen"), // professional
		},
		PersonalChat: "a:leena-vuosikello",
		GroupChat:    playgroundPlace{ID: "19:johtoryhma@thread.v2", Name: "Johtoryhmä"},
		Team:         playgroundPlace{ID: "19:viestinta@thread.tacv2", Name: "Viestintä"},
		TeamGroupID:  "00000000-0000-4000-8000-0000000000a1",
		Channel:      playgroundPlace{ID: "19:ammattilaiset@thread.tacv2", Name: "Ammattilaisten kanava"},
	}
}

func demoUser(n int, given, surname string) playgroundUser {
	ascii := strings.NewReplacer("ä", "a", "ö", "o", "å", "a")
	mail := ascii.Replace(strings.ToLower(given+"."+surname)) + "@example.fi"
	return playgroundUser{
		ID:          fmt.Sprintf("29:%s-%d", ascii.Replace(strings.ToLower(given)), n),
		Name:        given + " " + surname,
		Mail:        mail,
		Principal:   mail,
		AADObjectID: fmt.Sprintf("00000000-0000-4000-8000-%012d", n),
		GivenName:   given,
		Surname:     surname,
	}
}

// file is the Playground's configuration. It expects YAML, of which JSON is a part.
func (c playgroundConfig) file() ([]byte, error) {
	return json.MarshalIndent(map[string]any{
		"version":      "0.1.1",
		"tenantId":     c.TenantID,
		"bot":          c.Bot,
		"currentUser":  c.Visitor,
		"users":        c.Colleagues,
		"personalChat": map[string]string{"id": c.PersonalChat},
		"groupChat":    c.GroupChat,
		"team": map[string]any{
			"id": c.Team.ID, "name": c.Team.Name, "aadGroupId": c.TeamGroupID,
			"channels": []playgroundPlace{c.Channel},
		},
	}, "", "  ")
}

// startPlayground starts the Playground in dir, where it keeps its configuration and log, and returns when its page
// can be opened. A copy installed in ./node_modules is used when there is one, else npx fetches it.
//
// It runs until ctx ends; [playground.Wait] returns when it and every process it started are gone. The error is
// errNoNode when the machine has no Node.js; any other says what the Playground complained of.
func startPlayground(ctx context.Context, dir string, cfg playgroundConfig) (*playground, error) {
	name, args, err := playgroundProgram()
	if err != nil {
		return nil, err
	}
	config, err := cfg.file()
	if err != nil {
		return nil, fmt.Errorf("write the Playground's configuration: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, playgroundFile), config, 0o600); err != nil {
		return nil, fmt.Errorf("write the Playground's configuration: %w", err)
	}

	args = append(args, "start", "--port", strconv.Itoa(cfg.Port), "--app-endpoint", cfg.Endpoint,
		"--channel-id", "msteams", "--disable-telemetry")
	run, stop := context.WithCancel(ctx)
	cmd := exec.CommandContext(run, name, args...)
	cmd.Dir = dir
	// The activities carry the time zone of the Playground's own process.
	cmd.Env = append(os.Environ(), "TEAMSAPPTESTER_BROWSER=none", "TZ="+cfg.TimeZone)
	var complaints tail
	cmd.Stderr = &complaints
	// Not StdoutPipe: Wait would close it under the reader.
	output, input := io.Pipe()
	cmd.Stdout = input
	startInGroup(cmd)
	cmd.Cancel = func() error { return askGroupToStop(cmd.Process.Pid) }
	cmd.WaitDelay = playgroundStop
	if err := cmd.Start(); err != nil {
		stop()
		return nil, fmt.Errorf("start the Playground: %w", err)
	}

	p := &playground{cfg: cfg, client: &http.Client{Timeout: 15 * time.Second}, ended: make(chan struct{})}
	port := make(chan int, 1)
	go watchPort(output, port)
	go func() {
		defer stop()
		// How it ended is in the process's state; Wait's error would only repeat it.
		_ = cmd.Wait()
		killGroup(cmd.Process.Pid) // what npx started and did not take along
		input.Close()
		if ctx.Err() == nil {
			p.err = fmt.Errorf("the Playground ended (%s)%s", cmd.ProcessState, complaints.hint())
		}
		close(p.ended)
	}()

	if err := p.ready(ctx, port); err != nil {
		stop()
		<-p.ended
		return nil, err
	}
	return p, nil
}

// playgroundProgram finds how to run the Playground on this machine.
func playgroundProgram() (name string, args []string, err error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", nil, errNoNode
	}
	if local, err := filepath.Abs(filepath.Join("node_modules", ".bin", playgroundCommand)); err == nil {
		if local, err = exec.LookPath(local); err == nil {
			return local, nil, nil
		}
	}
	npx, err := exec.LookPath("npx")
	if err != nil {
		return "", nil, errNoNode
	}
	return npx, []string{"--yes", playgroundPackage}, nil
}

// watchPort sends the port that the Playground says it listens on, and goes on reading so that it never blocks.
func watchPort(output io.Reader, port chan<- int) {
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if after, ok := strings.CutPrefix(lines.Text(), "Listening on "); ok {
			if n, err := strconv.Atoi(strings.TrimSpace(after)); err == nil {
				select {
				case port <- n:
				default: // it says so twice
				}
			}
		}
	}
	// A line too long to scan is nothing of ours: only that the rest is read matters.
	_, _ = io.Copy(io.Discard, output)
}

// ready waits until the page answers. When the wished port is taken the Playground moves to another without a word
// but the one on its standard output.
func (p *playground) ready(ctx context.Context, port <-chan int) error {
	ctx, cancel := context.WithTimeoutCause(ctx, playgroundStart,
		fmt.Errorf("the Playground did not answer within %v: see that this machine reaches the npm registry", playgroundStart))
	defer cancel()
	select {
	case n := <-port:
		p.URL = "http://localhost:" + strconv.Itoa(n)
	case <-p.ended:
		return p.failure()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	retry := time.NewTicker(100 * time.Millisecond)
	defer retry.Stop()
	for {
		if _, err := p.request(ctx, http.MethodGet, "/_debug/ping", nil); err == nil {
			return nil
		}
		select {
		case <-retry.C:
		case <-p.ended:
			return p.failure()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// failure is why it ended. Only after ended is closed.
func (p *playground) failure() error {
	if p.err == nil {
		return context.Canceled
	}
	return p.err
}

// Wait returns when the Playground is gone: nil when the context it was started with had ended, else why.
func (p *playground) Wait() error {
	<-p.ended
	return p.err
}

// SendMessage writes text in a conversation as the visitor would, mentioning the bot where it would not hear otherwise.
// The Playground attributes every message to the visitor; a colleague's goes through [playground.CustomActivity].
func (p *playground) SendMessage(ctx context.Context, conversation, text string) error {
	message := map[string]any{
		"text":       text,
		"textFormat": "plain",
		"from":       map[string]string{"id": p.cfg.Visitor.ID},
	}
	if conversation != p.cfg.PersonalChat {
		mention := "<at>" + p.cfg.Bot.Name + "</at>"
		message["text"] = mention + " " + text
		message["mentions"] = []any{map[string]any{"mentioned": map[string]string{"id": p.cfg.Bot.ID}, "text": mention}}
	}
	_, err := p.request(ctx, http.MethodPost, "/_conversation/v1/conversations/"+url.PathEscape(conversation)+"/messages", message)
	return err
}

// Invoke presses a card's button as any member: verb and data as the card has them, with the inputs merged into data.
// replyTo is the id of the message that holds the card. It returns the bot's answer.
func (p *playground) Invoke(ctx context.Context, from playgroundUser, conversation, replyTo, verb string, data map[string]any) (json.RawMessage, error) {
	return p.request(ctx, http.MethodPost, "/_conversation/v1/invoke", map[string]any{
		"name": "adaptiveCard/action",
		"value": map[string]any{
			"action":  map[string]any{"type": "Action.Execute", "verb": verb, "data": data},
			"trigger": "manual", // as Teams sends it; the Playground's own page leaves it out
		},
		"from":         map[string]string{"id": from.ID},
		"conversation": map[string]string{"id": conversation},
		"replyToId":    replyTo,
	})
}

// Install tells the bot that it was installed in a conversation. The Playground does so by itself when the page first
// shows one, and again on each load of the page.
func (p *playground) Install(ctx context.Context, conversation string) error {
	query := url.Values{"conversationId": {conversation}, "type": {"install"}}
	activity, err := p.request(ctx, http.MethodGet, "/_internal/v1/customActivities/template?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	return p.CustomActivity(ctx, activity)
}

// CustomActivity has the Playground send the bot an activity exactly as given.
func (p *playground) CustomActivity(ctx context.Context, activity any) error {
	_, err := p.request(ctx, http.MethodPost, "/_internal/v1/customActivities", activity)
	return err
}

// request sends body as JSON and returns what is answered. An answer other than 2xx is an error that holds it.
func (p *playground) request(ctx context.Context, method, path string, body any) (json.RawMessage, error) {
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("playground %s: %w", path, err)
		}
		content = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, p.URL+path, content)
	if err != nil {
		return nil, fmt.Errorf("playground %s: %w", path, err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := p.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("playground %s: %w", path, err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("playground %s: %w", path, err)
	}
	if res.StatusCode/100 != 2 {
		return nil, fmt.Errorf("playground %s: %s: %s", path, res.Status, bytes.TrimSpace(answer))
	}
	return answer, nil
}

// tail keeps the end of what is written to it: the part of a program's complaints that tells why it gave up.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

const tailSize = 2 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b...)
	if over := len(t.kept) - tailSize; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(b), nil
}

// hint is the last line with anything on it, ready to follow an error.
func (t *tail) hint() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.kept)), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return ": " + last
	}
	return ""
}
