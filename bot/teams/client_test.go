package teams_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
)

const (
	channelID = "19:channel-runs@thread.tacv2"
	teamID    = "19:team-general@thread.tacv2"
)

func openConnector(tb testing.TB, cfg teamstest.ConnectorConfig) *teamstest.Connector {
	tb.Helper()
	c := teamstest.NewConnector(cfg)
	tb.Cleanup(c.Close)
	return c
}

func newClient(change func(*teams.ClientConfig)) *teams.Client {
	cfg := teams.ClientConfig{
		AppID: appID, BotName: "Vuosikello", TenantID: tenantID,
		Limiter: teams.NewLimiter(teams.Limits{Unlimited: true}),
	}
	if change != nil {
		change(&cfg)
	}
	return teams.NewClient(cfg)
}

var card = teams.Outgoing{Summary: "Muistutus", Attachments: []teams.Attachment{
	teams.CardAttachment(json.RawMessage(`{"type":"AdaptiveCard","version":"1.5"}`)),
}}

func sendError(tb testing.TB, err error) *teams.SendError {
	tb.Helper()
	var failed *teams.SendError
	if !errors.As(err, &failed) {
		tb.Fatalf("got %v, want a SendError", err)
	}
	return failed
}

// A card's whole life in a channel, on the wire.
func TestPostReplyUpdateDelete(t *testing.T) {
	connector := openConnector(t, teamstest.ConnectorConfig{Strict: true})
	connector.AddTeam(teamstest.Team{ID: teamID, Channels: []teams.ChannelInfo{{ID: channelID, Name: "Runs"}}})
	ctx := t.Context()
	for _, serviceURL := range []string{connector.ServiceURL, strings.TrimSuffix(connector.ServiceURL, "/")} {
		client := newClient(nil)
		root, err := client.CreateThread(ctx, teams.PriorityPost, serviceURL, channelID, card)
		if err != nil {
			t.Fatal(err)
		}
		if want := channelID + ";messageid=" + root.ActivityID; root.ConversationID != want {
			t.Errorf("thread %q, want %q", root.ConversationID, want)
		}
		thread := teams.Conversation{ServiceURL: serviceURL, ID: root.ConversationID}
		reply, err := client.Send(ctx, teams.PriorityReply, thread, teams.Outgoing{Text: "hei"})
		if err != nil || reply.ActivityID == "" {
			t.Fatalf("%+v, %v", reply, err)
		}
		changed := card
		changed.Summary = "Tehty"
		if err := client.Update(ctx, teams.PriorityUpdate, thread, root.ActivityID, changed); err != nil {
			t.Fatal(err)
		}
		m, _ := connector.Message(root.ConversationID, root.ActivityID)
		if m.Updates != 1 || !strings.Contains(string(m.Content), "Tehty") {
			t.Errorf("after the update: %+v", m)
		}
		if err := client.Delete(ctx, teams.PriorityUpdate, thread, root.ActivityID); err != nil {
			t.Fatal(err)
		}
		if m, _ := connector.Message(root.ConversationID, root.ActivityID); !m.Deleted {
			t.Error("not deleted")
		}
		gone := sendError(t, client.Update(ctx, teams.PriorityUpdate, thread, root.ActivityID, changed))
		if gone.Outcome != teams.Final || gone.Status != 404 {
			t.Errorf("updating a deleted message: %v", gone)
		}
	}
	var posted map[string]any
	if err := json.Unmarshal(connector.Posts()[0].Content, &posted); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"type": "message", "summary": "Muistutus", "from": map[string]any{"id": "28:" + appID, "name": "Vuosikello"},
		"attachments": []any{map[string]any{
			"contentType": "application/vnd.microsoft.card.adaptive",
			"content":     map[string]any{"type": "AdaptiveCard", "version": "1.5"},
		}},
	}
	if diff := cmp.Diff(want, posted); diff != "" {
		t.Errorf("posted (-want +got):\n%s", diff)
	}
}

func TestPersonalChatAndReplies(t *testing.T) {
	connector := openConnector(t, teamstest.ConnectorConfig{Strict: true})
	client, ctx := newClient(nil), t.Context()
	id, err := client.CreatePersonal(ctx, teams.PriorityPost, connector.ServiceURL, anna.ID)
	if err != nil || id != teamstest.PersonalChat(anna.ID) {
		t.Fatalf("%q, %v", id, err)
	}
	scene := newScene()
	scene.ServiceURL = connector.ServiceURL
	message := scene.Message(teamstest.Personal(anna), anna, "apua")
	if _, err := client.Reply(ctx, teams.PriorityReply, message, teams.Outgoing{Text: "tässä"}); err != nil {
		t.Fatal(err)
	}
	got := connector.Await(t, 1)
	if out := got.Decode(t); got.Op != "reply" || out.ReplyToID != message.ID || out.Type != "message" {
		t.Errorf("%+v", got)
	}
	// An invoke is no message that could be replied to.
	click := scene.Click(teamstest.Personal(anna), anna, got.ActivityID, "done", map[string]int{"id": 1})
	if _, err := client.Reply(ctx, teams.PriorityReply, click, teams.Outgoing{Text: "tehty"}); err != nil {
		t.Fatal(err)
	}
	if got := connector.Await(t, 2); got.Op != "send" {
		t.Errorf("an answer to a click: %+v", got)
	}
}

func TestRosters(t *testing.T) {
	connector := openConnector(t, teamstest.ConnectorConfig{PageSize: 7})
	team := teamstest.Team{
		ID: teamID, Name: "Viestintä", AADGroupID: "group",
		Channels: []teams.ChannelInfo{{ID: teamID, Name: "General"}, {ID: channelID, Name: "Runs", Type: "private"}},
	}
	for i := range 30 {
		p := teamstest.Person{ID: fmt.Sprintf("29:%d", i), AADObjectID: fmt.Sprintf("oid-%d", i), Name: fmt.Sprintf("Henkilö %d", i), Email: "x@example.com"}
		team.Members = append(team.Members, p.Member(tenantID))
	}
	team.Members[3].Role = "guest"
	connector.AddTeam(team)
	client, ctx := newClient(nil), t.Context()
	thread := teams.Conversation{ServiceURL: connector.ServiceURL, ID: channelID + ";messageid=1"}
	members, err := client.Members(ctx, teams.PriorityBackground, thread)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(team.Members, members); diff != "" || !members[3].Guest() {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	channels, err := client.TeamChannels(ctx, teams.PriorityBackground, connector.ServiceURL, teamID)
	want := []teams.ChannelInfo{{ID: teamID, Type: "standard"}, {ID: channelID, Name: "Runs", Type: "private"}}
	if diff := cmp.Diff(want, channels); err != nil || diff != "" {
		t.Errorf("channels: %v\n%s", err, diff)
	}
	info, err := client.Team(ctx, teams.PriorityBackground, connector.ServiceURL, teamID)
	if err != nil || info != (teams.TeamInfo{ID: teamID, Name: "Viestintä", AADGroupID: "group"}) {
		t.Errorf("team: %+v, %v", info, err)
	}
	if _, err := client.Team(ctx, teams.PriorityBackground, connector.ServiceURL, "19:unknown"); sendError(t, err).Status != 404 {
		t.Errorf("an unknown team: %v", err)
	}
}

// What the Agents Playground answered is read too, although it names things differently.
func TestRecordedRosters(t *testing.T) {
	var calls []struct {
		URL      string
		Response json.RawMessage
	}
	readJSON(t, "testdata/activities/connector-members-teams.json", &calls)
	var members []teams.Member
	if err := json.Unmarshal(calls[0].Response, &members); err != nil || len(members) != 6 || members[0].AADObjectID == "" {
		t.Errorf("members with objectId: %+v, %v", members, err)
	}
	var channels struct{ Conversations []teams.ChannelInfo }
	if err := json.Unmarshal(calls[5].Response, &channels); err != nil || channels.Conversations[1] != (teams.ChannelInfo{
		ID: channelID, Name: "Runs", Type: "standard",
	}) {
		t.Errorf("channels: %+v, %v", channels, err)
	}
}

func TestRosterThatNeverEnds(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"members":[{"id":"29:a"}],"continuationToken":"same"}`))
	}))
	defer server.Close()
	_, err := newClient(nil).Members(t.Context(), teams.PriorityBackground, teams.Conversation{ServiceURL: server.URL, ID: "c"})
	if failed := sendError(t, err); failed.Outcome != teams.Final {
		t.Errorf("%v", failed)
	}
}

func TestOutcomes(t *testing.T) {
	connector := openConnector(t, teamstest.ConnectorConfig{})
	client := newClient(nil)
	thread := teams.Conversation{ServiceURL: connector.ServiceURL, ID: channelID + ";messageid=1"}
	post := func() error {
		_, err := client.CreateThread(t.Context(), teams.PriorityPost, connector.ServiceURL, channelID, card)
		return err
	}
	update := func() error { return client.Update(t.Context(), teams.PriorityUpdate, thread, "1", card) }
	cases := []struct {
		why    string
		fault  teamstest.Fault
		call   func() error
		want   teams.Outcome
		reason string
		posted bool
	}{
		{"throttled", teamstest.Fault{Status: 429, RetryAfter: "0"}, post, teams.Retryable, "HTTP 429 Too Many Requests", false},
		{"412 is throttling too", teamstest.Fault{Status: 412}, post, teams.Retryable, "HTTP 412 Precondition Failed", false},
		{"bad gateway", teamstest.Fault{Status: 502}, post, teams.Retryable, "HTTP 502 Bad Gateway", false},
		{"unavailable", teamstest.Fault{Status: 503, Code: "ServiceError"}, post, teams.Retryable, "HTTP 503 ServiceError", false},
		{"gateway timeout", teamstest.Fault{Status: 504}, post, teams.Retryable, "HTTP 504 Gateway Timeout", false},
		{"their own failure", teamstest.Fault{Status: 500}, post, teams.Retryable, "HTTP 500 Internal Server Error", false},
		{"blocked", teamstest.Fault{Status: 403, Code: teams.CodeMessageWritesBlocked}, post, teams.Final,
			"MessageWritesBlocked: the person has blocked the bot or writing is not allowed there", false},
		{"uninstalled", teamstest.Fault{Status: 403, Code: teams.CodeBotNotInRoster}, post, teams.Final,
			"BotNotInConversationRoster: the bot is not installed there", false},
		{"gone", teamstest.Fault{Status: 404}, post, teams.Final, "HTTP 404 Not Found", false},
		{"a code of a stranger's making", teamstest.Fault{Status: 400, Code: "x<b>\n\"y\""}, post, teams.Final, "HTTP 400 xby", false},
		{"redirects are not followed", teamstest.Fault{Status: 307}, post, teams.Final, "HTTP 307 Temporary Redirect", false},
		{"cut before it was served", teamstest.Fault{Cut: teamstest.CutBefore}, post, teams.Unknown, "the connection was cut before the answer", false},
		{"cut after it was served", teamstest.Fault{Cut: teamstest.CutAfter}, post, teams.Unknown, "the connection was cut before the answer", true},
		{"cut in the answer", teamstest.Fault{Cut: teamstest.CutAnswer}, post, teams.Unknown,
			"HTTP 201 with an answer that was cut off or cannot be read", true},
		{"an update may be repeated, so it is no doubt", teamstest.Fault{Cut: teamstest.CutAfter}, update, teams.Retryable,
			"the Connector could not be reached", false},
	}
	for _, c := range cases {
		t.Run(c.why, func(t *testing.T) {
			before := connector.Posted()
			connector.SetFault(func(*http.Request) teamstest.Fault { return c.fault })
			err := c.call()
			connector.SetFault(nil)
			failed := sendError(t, err)
			if failed.Outcome != c.want || failed.Reason() != c.reason {
				t.Errorf("%v: %q, want %v: %q", failed.Outcome, failed.Reason(), c.want, c.reason)
			}
			if strings.Contains(failed.Error(), channelID) {
				t.Errorf("the error names the conversation: %v", failed)
			}
			if c.posted {
				connector.AwaitMatch(t, before+1, teamstest.Request.Posted)
			} else if connector.Posted() != before {
				t.Error("the message was posted")
			}
		})
	}
}

// A Connector that keeps an answer back keeps nobody longer than half a minute, and nobody knows what it made of the message.
func TestNoAnswerInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		connector := openConnector(t, teamstest.ConnectorConfig{InMemory: true})
		connector.SetFault(func(*http.Request) teamstest.Fault { return teamstest.Fault{Delay: time.Minute} })
		client := newClient(func(c *teams.ClientConfig) { c.HTTP = connector.Client() })
		began := time.Now()
		_, err := client.CreateThread(t.Context(), teams.PriorityPost, connector.ServiceURL, channelID, card)
		failed := sendError(t, err)
		if took := time.Since(began); failed.Outcome != teams.Unknown || failed.Reason() != "no answer in time" || took != 30*time.Second {
			t.Errorf("after %v, %v: %q", took, failed.Outcome, failed.Reason())
		}
		connector.Await(t, 1)
	})
}

func TestUnreachable(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	closed.Close()
	_, err = newClient(nil).CreateThread(t.Context(), teams.PriorityPost, "http://"+address, channelID, card)
	if failed := sendError(t, err); failed.Outcome != teams.Retryable || failed.Status != 0 {
		t.Errorf("connection refused: %v", failed)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = newClient(nil).CreateThread(ctx, teams.PriorityPost, "http://"+address, channelID, card)
	if failed := sendError(t, err); failed.Outcome != teams.Retryable || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", failed)
	}
}

type fixedToken string

func (f fixedToken) Token(context.Context) (string, error) {
	if f == "" {
		return "", errors.New("AADSTS7000215: Invalid client secret provided")
	}
	return string(f), nil
}

// The bot's token goes only where nobody can listen, and nothing goes where the service URL makes no sense.
func TestServiceURLsRefused(t *testing.T) {
	connector := openConnector(t, teamstest.ConnectorConfig{})
	public := newClient(func(c *teams.ClientConfig) { c.Tokens = fixedToken("secret") })
	local := newClient(func(c *teams.ClientConfig) { c.LoopbackOnly = true })
	cases := []struct {
		client     *teams.Client
		serviceURL string
	}{
		{public, ""}, {public, "smba.example"}, {public, "http://smba.example/"}, {public, "http://localhost.evil.example/"},
		{public, "ftp://localhost/"}, {public, "https://user:pw@smba.example/"}, {public, "https://smba.example/?x="}, {public, "https://smba.example/#x"},
		{public, "://"}, {local, "https://smba.example/"}, {local, "http://10.0.0.1/"}, {local, "http://127.0.0.1.evil.example/"},
	}
	for _, c := range cases {
		_, err := c.client.Send(t.Context(), teams.PriorityPost, teams.Conversation{ServiceURL: c.serviceURL, ID: "c"}, card)
		if failed := sendError(t, err); failed.Outcome != teams.Final || failed.Status != 0 {
			t.Errorf("%q: %v", c.serviceURL, failed)
		}
	}
	for _, id := range []string{"", ".", ".."} {
		if _, err := local.Send(t.Context(), teams.PriorityPost, teams.Conversation{ServiceURL: connector.ServiceURL, ID: id}, card); sendError(t, err).Outcome != teams.Final {
			t.Errorf("the id %q was used", id)
		}
	}
	hostile := teams.Conversation{ServiceURL: connector.ServiceURL, ID: "../../v3/teams/x?y=#z%2F"}
	if _, err := local.Send(t.Context(), teams.PriorityPost, hostile, card); err != nil {
		t.Fatal(err)
	}
	if got := connector.Await(t, 1); got.ConversationID != hostile.ID {
		t.Errorf("the id arrived as %q", got.ConversationID)
	}
	unwritable := teams.Outgoing{Attachments: []teams.Attachment{{Content: func() {}}}}
	if _, err := local.Send(t.Context(), teams.PriorityPost, hostile, unwritable); sendError(t, err).Outcome != teams.Final {
		t.Errorf("unwritable: %v", err)
	}
}

func TestNoTokenNoRequest(t *testing.T) {
	connector := openConnector(t, teamstest.ConnectorConfig{})
	client := newClient(func(c *teams.ClientConfig) { c.Tokens = fixedToken("") })
	_, err := client.CreateThread(t.Context(), teams.PriorityPost, connector.ServiceURL, channelID, card)
	failed := sendError(t, err)
	if failed.Outcome != teams.Retryable || !strings.Contains(failed.Reason(), "secret or certificate") || !strings.Contains(err.Error(), "AADSTS7000215") {
		t.Errorf("%v: %q", failed.Outcome, failed)
	}
	if n := len(connector.Requests()); n != 0 {
		t.Errorf("%d requests without a token", n)
	}
}

// Retry-After from the Connector holds the conversation back, and others go on.
func TestRetryAfterHoldsTheConversation(t *testing.T) {
	connector := openConnector(t, teamstest.ConnectorConfig{})
	connector.SetFault(func(*http.Request) teamstest.Fault { return teamstest.Fault{Status: 429, RetryAfter: "3600"} })
	limiter := teams.NewLimiter(teams.Limits{})
	client := newClient(func(c *teams.ClientConfig) { c.Limiter = limiter })
	busy := teams.Conversation{ServiceURL: connector.ServiceURL, ID: "19:busy"}
	_, err := client.Send(t.Context(), teams.PriorityPost, busy, card)
	if failed := sendError(t, err); failed.RetryAfter != time.Hour {
		t.Errorf("%+v", failed)
	}
	connector.SetFault(nil)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := client.Send(ctx, teams.PriorityPost, busy, card); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the held conversation: %v", err)
	}
	if _, err := client.Send(t.Context(), teams.PriorityPost, teams.Conversation{ServiceURL: connector.ServiceURL, ID: "19:free"}, card); err != nil {
		t.Errorf("another conversation: %v", err)
	}
	if n := len(connector.Requests()); n != 2 {
		t.Errorf("%d requests", n)
	}
}

// The stand-in enforces the documented numbers; nothing it sees is too much.
func TestWithinEnforcedLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		connector := openConnector(t, teamstest.ConnectorConfig{EnforceLimits: true, InMemory: true})
		client := newClient(func(c *teams.ClientConfig) { c.Limiter, c.HTTP = teams.NewLimiter(teams.Limits{}), connector.Client() })
		var all sync.WaitGroup
		for i := range 90 {
			all.Go(func() {
				to := teams.Conversation{ServiceURL: connector.ServiceURL, ID: fmt.Sprintf("19:%d", i%10)}
				if _, err := client.Send(t.Context(), teams.PriorityPost, to, card); err != nil {
					t.Errorf("post %d: %v", i, err)
				}
			})
		}
		all.Wait()
	})
}

func TestBackoff(t *testing.T) {
	low, high := func() float64 { return 0 }, func() float64 { return 0.999999 }
	cases := []struct {
		attempt    int
		retryAfter time.Duration
		least      time.Duration
		most       time.Duration
	}{
		{1, 0, 250 * time.Millisecond, 500 * time.Millisecond},
		{2, 0, 500 * time.Millisecond, time.Second},
		{5, 0, 4 * time.Second, 8 * time.Second},
		{50, 0, 150 * time.Second, 5 * time.Minute},
		{0, 0, 250 * time.Millisecond, 500 * time.Millisecond},
		{1 << 40, 0, 150 * time.Second, 5 * time.Minute},
		{1, 10 * time.Second, 10 * time.Second, 11 * time.Second},
		{50, time.Second, 150 * time.Second, 5 * time.Minute},
	}
	for _, c := range cases {
		if a, b := teams.Backoff(c.attempt, c.retryAfter, low), teams.Backoff(c.attempt, c.retryAfter, high); a != c.least || b > c.most || b < a {
			t.Errorf("attempt %d after %v: %v to %v, want %v to %v", c.attempt, c.retryAfter, a, b, c.least, c.most)
		}
	}
}

func TestRetry(t *testing.T) {
	cases := []struct {
		why   string
		fails []error
		calls int
	}{
		{"success", nil, 1},
		{"what may pass is tried again", []error{&teams.SendError{Outcome: teams.Retryable}, &teams.SendError{Outcome: teams.Retryable}}, 3},
		{"at most as often as asked", []error{&teams.SendError{Outcome: teams.Retryable}, &teams.SendError{Outcome: teams.Retryable}, &teams.SendError{Outcome: teams.Retryable}}, 3},
		{"a doubt is not repeated", []error{&teams.SendError{Outcome: teams.Unknown}}, 1},
		{"nor is what is final", []error{&teams.SendError{Outcome: teams.Final}}, 1},
		{"nor other errors", []error{errors.New("bug")}, 1},
		{"nor when the wait would be too long", []error{&teams.SendError{Outcome: teams.Retryable, RetryAfter: time.Minute}}, 1},
	}
	for _, c := range cases {
		t.Run(c.why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				calls := 0
				err := teams.Retry(ctx, 3, func(context.Context) error {
					if calls++; calls <= len(c.fails) {
						return c.fails[calls-1]
					}
					return nil
				})
				if calls != c.calls || (err == nil) != (calls > len(c.fails)) {
					t.Errorf("%d calls, %v", calls, err)
				}
			})
		})
	}
}
