package teamstest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"vuosikello/bot/teams"
)

// Fault is what happens to one request instead of, or besides, being served.
type Fault struct {
	Delay      time.Duration // before anything else
	Status     int           // answer this instead of serving; 0 serves
	Code       string        // error.code of that answer
	Message    string        // error.message of that answer, "" for one of the stand-in's own
	RetryAfter string        // header of that answer
	Cut        Cut
}

// Cut is where the connection is cut.
type Cut int

// Places to cut a connection.
const (
	CutNowhere Cut = iota
	CutBefore      // unserved: nothing is posted
	CutAfter       // served, then no answer: the message is posted and nobody is told
	CutAnswer      // served, and the answer breaks off in the middle
)

// ConnectorConfig configures a Connector.
type ConnectorConfig struct {
	// Authorized says whether an Authorization header is good. nil accepts all, none included.
	Authorized func(header string) bool

	// EnforceLimits answers 429 with Retry-After beyond the documented limits, counting every request as it arrives in sliding
	// windows.
	EnforceLimits bool

	// Strict answers 404 for conversations it does not know: those not added, created or opened before.
	Strict bool

	// Latency delays every answer.
	Latency time.Duration

	// PageSize caps the pages of a roster; 0 means 500, as Teams does.
	PageSize int

	// Discard keeps no record of what was posted, only its number, and looks at its size alone: for benchmarks, where
	// reading a message would take longer than making it.
	Discard bool

	// InMemory lets only the Connector's Client reach it, without the machine's network: so that the time of testing/synctest passes.
	InMemory bool
}

// Connector is a stand-in for the Bot Connector.
type Connector struct {
	// ServiceURL is what activities name as their serviceUrl; it ends with a slash and has a path, as the live ones do.
	ServiceURL string

	cfg    ConnectorConfig
	server *httptest.Server
	limits *arrivals

	mu       sync.Mutex
	fault    func(*http.Request) Fault
	known    map[string]bool // conversations
	gone     map[string]string
	teams    map[string]Team
	rosters  map[string][]teams.Member
	messages map[messageKey]*Message
	log      []Request
	posted   int
	lastID   int64
	changed  chan struct{}
}

type messageKey struct{ conversation, activity string }

// Message is a posted message as it stands now.
type Message struct {
	ConversationID string
	ActivityID     string
	Content        json.RawMessage // the activity, as last posted or updated
	Updates        int
	Deleted        bool
}

// Request is one request that was served, refused or cut, in the order of arrival.
type Request struct {
	Op             string // create, personal, send, reply, update, delete, members, channels, team
	At             time.Time
	Status         int    // 0 when the connection was cut before an answer
	ConversationID string // of the message; for create the new thread
	ActivityID     string // of the message
	Content        json.RawMessage
}

// Posted says whether the request put a new message into a conversation, whatever the client heard of it.
func (r Request) Posted() bool {
	return (r.Op == "create" || r.Op == "send" || r.Op == "reply") && r.ActivityID != ""
}

// Decode reads the request's activity.
func (r Request) Decode(tb testing.TB) teams.Outgoing {
	tb.Helper()
	var out teams.Outgoing
	if err := json.Unmarshal(r.Content, &out); err != nil {
		tb.Fatalf("posted activity: %v", err)
	}
	return out
}

// Team is a team the Connector knows.
type Team struct {
	ID, Name, AADGroupID string
	Channels             []teams.ChannelInfo
	Members              []teams.Member
}

// NewConnector starts a Connector; Close stops it.
func NewConnector(cfg ConnectorConfig) *Connector {
	if cfg.PageSize <= 0 {
		cfg.PageSize = 500
	}
	c := &Connector{
		cfg: cfg, limits: newArrivals(), known: make(map[string]bool), gone: make(map[string]string), teams: make(map[string]Team),
		rosters: make(map[string][]teams.Member), messages: make(map[messageKey]*Message), changed: make(chan struct{}),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v3/conversations", c.serve("create", c.create))
	mux.HandleFunc("POST /v3/conversations/{conversation}/activities", c.serve("send", c.send))
	mux.HandleFunc("POST /v3/conversations/{conversation}/activities/{activity}", c.serve("reply", c.send))
	mux.HandleFunc("PUT /v3/conversations/{conversation}/activities/{activity}", c.serve("update", c.update))
	mux.HandleFunc("DELETE /v3/conversations/{conversation}/activities/{activity}", c.serve("delete", c.remove))
	mux.HandleFunc("GET /v3/conversations/{conversation}/members", c.serve("members", c.members))
	mux.HandleFunc("GET /v3/conversations/{conversation}/pagedmembers", c.serve("members", c.pagedMembers))
	mux.HandleFunc("GET /v3/teams/{team}", c.serve("team", c.team))
	mux.HandleFunc("GET /v3/teams/{team}/conversations", c.serve("channels", c.channels))
	handler := http.StripPrefix("/emea", mux)
	if cfg.InMemory {
		c.server = NewPipeServer(&http.Server{Handler: handler})
	} else {
		c.server = httptest.NewServer(handler)
	}
	c.ServiceURL = c.server.URL + "/emea/"
	return c
}

// Close stops the server and cuts open connections.
func (c *Connector) Close() {
	c.server.CloseClientConnections()
	c.server.Close()
}

// Client is an HTTP client that reaches the Connector; any does unless it is in memory.
func (c *Connector) Client() *http.Client { return c.server.Client() }

// SetFault decides the fate of each request from now on; nil serves all. The request's body may be read.
func (c *Connector) SetFault(f func(*http.Request) Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fault = f
}

// AddTeam makes a team, its channels and its members known.
func (c *Connector) AddTeam(t Team) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.teams[t.ID] = t
	c.known[t.ID] = true
	c.rosters[t.ID] = t.Members
	delete(c.gone, t.ID)
	for _, ch := range t.Channels {
		c.known[ch.ID] = true
		c.rosters[ch.ID] = t.Members
		delete(c.gone, ch.ID)
	}
}

// AddConversation makes a group or personal chat known.
func (c *Connector) AddConversation(id string, members []teams.Member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known[id] = true
	c.rosters[id] = members
}

// Refuse answers 403 with a code for a conversation, its threads, or a person, from now on; "" ends it. The codes of teams, such as
// teams.CodeBotNotInRoster, are the usual ones.
func (c *Connector) Refuse(id, code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if code == "" {
		delete(c.gone, id)
		return
	}
	c.gone[id] = code
}

// Requests is everything that arrived so far, in order.
func (c *Connector) Requests() []Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.log)
}

// Posts is the requests that posted a message so far, in order.
func (c *Connector) Posts() []Request {
	var posts []Request
	for _, r := range c.Requests() {
		if r.Posted() {
			posts = append(posts, r)
		}
	}
	return posts
}

// Posted is the number of messages posted so far; with Discard, all there is to know.
func (c *Connector) Posted() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.posted
}

// Message is a message as it stands now.
func (c *Connector) Message(conversationID, activityID string) (Message, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.messages[messageKey{conversationID, activityID}]
	if m == nil {
		return Message{}, false
	}
	return *m, true
}

// Until waits until done holds of the requests so far, or ctx ends. It wakes at every request and does not poll.
func (c *Connector) Until(ctx context.Context, done func([]Request) bool) ([]Request, error) {
	for {
		c.mu.Lock()
		log, changed := slices.Clone(c.log), c.changed
		c.mu.Unlock()
		if done(log) {
			return log, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return log, fmt.Errorf("after %d requests: %w", len(log), ctx.Err())
		}
	}
}

// Await waits for the n-th posted message, counted from 1, and returns it. It fails the test after ninety seconds.
func (c *Connector) Await(tb testing.TB, n int) Request {
	tb.Helper()
	return c.AwaitMatch(tb, n, Request.Posted)
}

// AwaitMatch waits for the n-th request, counted from 1, that matches.
func (c *Connector) AwaitMatch(tb testing.TB, n int, match func(Request) bool) Request {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	var found Request
	log, err := c.Until(ctx, func(log []Request) bool {
		seen := 0
		for _, r := range log {
			if match(r) {
				if seen++; seen == n {
					found = r
					return true
				}
			}
		}
		return false
	})
	if err != nil {
		tb.Fatalf("waiting for request %d of a kind: %v; got %+v", n, err, summaries(log))
	}
	return found
}

func summaries(log []Request) []string {
	var lines []string
	for _, r := range log {
		lines = append(lines, fmt.Sprintf("%s %d %s", r.Op, r.Status, r.ConversationID))
	}
	return lines
}

// answer is what a route says; record is completed by the route with what it did.
type answer struct {
	status int
	code   string // error.code
	text   string // error.message
	body   any
}

// maxBody is the largest message that is read.
const maxBody = 1 << 20

// readBody reads a message, into memory of its size where it tells that: a stand-in should not be what a measurement measures.
func readBody(r *http.Request) ([]byte, error) {
	if r.ContentLength < 0 || r.ContentLength > maxBody {
		return io.ReadAll(io.LimitReader(r.Body, maxBody))
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}

// serve wraps a route with everything that is the same for all: arrival, authorisation, limits, faults, record.
func (c *Connector) serve(op string, route func(r *http.Request, body []byte, rec *Request) answer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rec := Request{Op: op, At: time.Now(), ConversationID: r.PathValue("conversation")}
		body, err := readBody(r)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		c.mu.Lock()
		fault := Fault{}
		if c.fault != nil {
			fault = c.fault(r)
		}
		c.mu.Unlock()
		sleep(r.Context(), fault.Delay+c.cfg.Latency)
		if fault.Cut == CutBefore {
			c.record(rec)
			panic(http.ErrAbortHandler)
		}
		res := c.judge(r, body, rec.At, fault, w.Header())
		if res.status == 0 {
			c.mu.Lock()
			res = route(r, body, &rec)
			c.mu.Unlock()
		}
		if fault.Cut == CutAfter {
			c.record(rec)
			panic(http.ErrAbortHandler)
		}
		rec.Status = res.status
		c.record(rec)
		write(w, res, fault.Cut == CutAnswer)
	}
}

func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// judge answers requests that do not reach their route.
func (c *Connector) judge(r *http.Request, body []byte, at time.Time, fault Fault, header http.Header) answer {
	if c.cfg.Authorized != nil && !c.cfg.Authorized(r.Header.Get("Authorization")) {
		return answer{status: http.StatusUnauthorized, code: "Unauthorized"}
	}
	if c.cfg.EnforceLimits {
		if wait := c.limits.arrive(r, body, at); wait > 0 {
			header.Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
			return answer{status: http.StatusTooManyRequests, code: "TooManyRequests"}
		}
	}
	if fault.Status != 0 {
		if fault.RetryAfter != "" {
			header.Set("Retry-After", fault.RetryAfter)
		}
		return answer{status: fault.Status, code: fault.Code, text: fault.Message}
	}
	return answer{}
}

func (c *Connector) record(rec Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if rec.Posted() {
		c.posted++
	}
	if c.cfg.Discard {
		return
	}
	c.log = append(c.log, rec)
	close(c.changed)
	c.changed = make(chan struct{})
}

func write(w http.ResponseWriter, res answer, cut bool) {
	body := res.body
	if res.code != "" {
		body = map[string]any{"error": map[string]string{"code": res.code, "message": cmp.Or(res.text, "refused by the stand-in")}}
	}
	var content []byte
	if body != nil {
		content, _ = json.Marshal(body)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.WriteHeader(res.status)
	if cut {
		_, _ = w.Write(content[:len(content)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(content)
}
