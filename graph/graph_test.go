package graph_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"vuosikello/graph"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

const host = "11111111-2222-4333-8444-555555555555"

var (
	start = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) // 14:00 in Helsinki
	end   = start.Add(15 * time.Minute)
)

func request() store.MeetingRequest {
	return store.MeetingRequest{Key: "session-7", HostID: host, Subject: "Ajanvaraus sovelluksessa", Start: start, End: end}
}

// fakeClock is a clock that the test moves.
type fakeClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *fakeClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// mustServe starts a stand-in and a client of it.
func mustServe(tb testing.TB, change ...func(*graph.Config)) (*graphtest.Server, *graph.Client) {
	tb.Helper()
	server := graphtest.New()
	tb.Cleanup(server.Close)
	cfg := graph.Config{Credential: graphtest.Credential{}, BaseURL: server.URL, Now: time.Now}
	for _, c := range change {
		c(&cfg)
	}
	client, err := graph.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return server, client
}

// problem is the error as every error of the client must be.
func problem(tb testing.TB, err error) *store.GraphError {
	tb.Helper()
	var p *store.GraphError
	if !errors.As(err, &p) {
		tb.Fatalf("error is %T (%v), want *store.GraphError", err, err)
	}
	return p
}

func wantProblem(tb testing.TB, err error, want store.GraphProblem) *store.GraphError {
	tb.Helper()
	p := problem(tb, err)
	if p.Problem != want {
		tb.Fatalf("problem is %q (%v), want %q", p.Problem, err, want)
	}
	return p
}

func TestNewRefusesAddressesThatTokensMustNotGoTo(t *testing.T) {
	for address, ok := range map[string]bool{
		"":                                  true, // the public cloud
		"https://graph.microsoft.us/v1.0/":  true,
		"http://127.0.0.1:8080/v1.0":        true,
		"http://[::1]:8080/v1.0":            true,
		"http://localhost:8080/v1.0":        true,
		"http://graph.microsoft.com/v1.0":   false, // the token would be readable on the way
		"http://127.0.0.1.example.org/v1.0": false, // only looks like this machine
		"ftp://graph.microsoft.com":         false,
		"https://":                          false,
		"graph.microsoft.com/v1.0":          false,
		"https://u:p@graph.microsoft.com":   false,
		"https://graph.microsoft.com/?a=b":  false,
		"https://graph.microsoft.com/v1.0?": false, // what follows would be a query
		"https://graph.microsoft.com/v1.0#": false,
		"https://graph.microsoft.com/%zz":   false,
	} {
		_, err := graph.New(graph.Config{Credential: graphtest.Credential{}, BaseURL: address, Now: time.Now})
		if (err == nil) != ok {
			t.Errorf("New(%q) gives %v", address, err)
		}
	}
	if _, err := graph.New(graph.Config{Now: time.Now}); err == nil {
		t.Error("New does without a credential")
	}
	if _, err := graph.New(graph.Config{Credential: graphtest.Credential{}}); err == nil {
		t.Error("New does without a clock")
	}
}

// What goes wrong between the bot and Graph, and what the caller is told.
func TestProblems(t *testing.T) {
	for name, test := range map[string]struct {
		fault graphtest.Fault
		want  store.GraphProblem
		after time.Duration
		says  string
	}{
		"throttled":                        {graphtest.Fault{Status: 429, Code: "TooManyRequests", RetryAfter: "17"}, store.GraphUnavailable, 17 * time.Second, "HTTP 429 TooManyRequests"},
		"throttled until a date":           {graphtest.Fault{Status: 429, Code: "TooManyRequests", RetryAfter: "Tue, 24 Nov 2026 12:01:00 GMT"}, store.GraphUnavailable, time.Minute, "429"},
		"throttled without a time":         {graphtest.Fault{Status: 429, Code: "TooManyRequests"}, store.GraphUnavailable, 0, "429"},
		"throttled for ever":               {graphtest.Fault{Status: 429, RetryAfter: "99999999999"}, store.GraphUnavailable, time.Hour, "429"},
		"throttled for nonsense":           {graphtest.Fault{Status: 429, RetryAfter: "NaN"}, store.GraphUnavailable, 0, "429"},
		"throttled until yesterday":        {graphtest.Fault{Status: 503, RetryAfter: "-5"}, store.GraphUnavailable, 0, "503"},
		"a fault there":                    {graphtest.Fault{Status: 500, Code: "InternalServerError"}, store.GraphUnavailable, 0, "HTTP 500 InternalServerError"},
		"a proxy's page":                   {graphtest.Fault{Status: 502, Body: "<html>Bad Gateway</html>"}, store.GraphUnavailable, 0, "HTTP 502"},
		"a proxy's page as if it were all": {graphtest.Fault{Body: "<html>Log in</html>"}, store.GraphUnavailable, 0, "not JSON"},
		"an answer without a body":         {graphtest.Fault{Status: 200}, store.GraphUnavailable, 0, "cut off"},
		"an answer that is null":           {graphtest.Fault{Body: "null"}, store.GraphUnavailable, 0, "another form"},
		"an answer that is a list":         {graphtest.Fault{Body: "[1,2]"}, store.GraphUnavailable, 0, "does not name"},
		"an answer of other types":         {graphtest.Fault{Body: `{"id":{"a":1}}`}, store.GraphUnavailable, 0, "another form"},
		"cut off":                          {graphtest.Fault{Cut: true}, store.GraphUnavailable, 0, "cut off"},
		"a redirection":                    {graphtest.Fault{Status: 302, Link: "https://example.org/"}, store.GraphUnavailable, 0, "HTTP 302"},
		"a token that is refused":          {graphtest.Fault{Status: 401, Code: "InvalidAuthenticationToken"}, store.GraphCredential, 0, "HTTP 401 InvalidAuthenticationToken"},
		"a request that is not accepted":   {graphtest.Fault{Status: 400, Code: "ErrorInvalidRequest"}, store.GraphRefused, 0, "HTTP 400 ErrorInvalidRequest"},
		"a conflict":                       {graphtest.Fault{Status: 409, Code: "ErrorIrresolvableConflict"}, store.GraphRefused, 0, "HTTP 409"},
		"a mailbox that is being moved":    {graphtest.Fault{Status: 423, Code: "MailboxMoving"}, store.GraphUnavailable, 0, "HTTP 423"},
		"a code that is an attack":         {graphtest.Fault{Status: 500, Code: "x\nlevel=ERROR " + strings.Repeat("a", 1000)}, store.GraphUnavailable, 0, "xlevelERRORaaa"},
	} {
		t.Run(name, func(t *testing.T) {
			clock := &fakeClock{t: start}
			server, client := mustServe(t, func(c *graph.Config) { c.Now = clock.now })
			test.fault.Times = 1
			server.Disturb(test.fault)
			_, err := client.CreateMeeting(t.Context(), request())
			p := wantProblem(t, err, test.want)
			if p.RetryAfter != test.after {
				t.Errorf("to be tried again after %v, want %v", p.RetryAfter, test.after)
			}
			if s := err.Error(); !strings.Contains(s, test.says) || strings.ContainsAny(s, "\n") || len(s) > 300 || strings.Contains(s, host) {
				t.Errorf("the error says %q, which should be short, name %q and nobody", s, test.says)
			}
			if n := len(server.Requests()); n != 1 {
				t.Errorf("%d requests were sent, want one attempt", n)
			}
		})
	}
}

func TestNothingIsSentWhileGraphAsksForSilence(t *testing.T) {
	clock := &fakeClock{t: start}
	server, client := mustServe(t, func(c *graph.Config) { c.Now = clock.now })
	server.Disturb(graphtest.Fault{Status: 429, RetryAfter: "30", Times: 1})
	_, err := client.CreateMeeting(t.Context(), request())
	wantProblem(t, err, store.GraphUnavailable)

	clock.advance(20 * time.Second)
	_, err = client.CreateMeeting(t.Context(), request())
	if p := wantProblem(t, err, store.GraphUnavailable); p.RetryAfter != 10*time.Second {
		t.Errorf("the rest of the silence is %v, want 10s", p.RetryAfter)
	}
	if n := len(server.Requests()); n != 1 {
		t.Fatalf("%d requests, want none into the silence", n)
	}
	// Calendars and meetings are counted apart: the silence of one is not the other's.
	m := server.AddMeeting(graphtest.Meeting{HostID: host})
	if err := client.CancelMeeting(t.Context(), store.OnlineMeeting{HostID: host, MeetingID: m.MeetingID}); err != nil {
		t.Error(err)
	}

	clock.advance(10 * time.Second)
	if _, err = client.CreateMeeting(t.Context(), request()); err != nil {
		t.Errorf("after the silence: %v", err)
	}
}

func TestUnreachable(t *testing.T) {
	server, client := mustServe(t)
	server.Close()
	_, err := client.CreateMeeting(t.Context(), request())
	wantProblem(t, err, store.GraphUnavailable)
	if strings.Contains(err.Error(), host) {
		t.Errorf("the error names the host: %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = client.CreateMeeting(ctx, request())
	if wantProblem(t, err, store.GraphUnavailable); !errors.Is(err, context.Canceled) {
		t.Errorf("%v does not tell that the caller gave up", err)
	}
}

func TestObserve(t *testing.T) {
	var seen []string
	server, client := mustServe(t, func(c *graph.Config) {
		c.Observe = func(operation string, status int, _ time.Duration) {
			seen = append(seen, operation+" "+http.StatusText(status))
		}
	})
	server.RemoveMailbox(host)
	if _, err := client.CreateMeeting(t.Context(), request()); err != nil {
		t.Fatal(err)
	}
	server.Close()
	_, _ = client.CreateMeeting(t.Context(), request())
	if got, want := strings.Join(seen, ", "), "create_event Not Found, create_meeting Created, create_event "; got != want {
		t.Errorf("observed %q, want %q", got, want)
	}
}
