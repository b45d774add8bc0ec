package teams_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"vuosikello/bot/teams"
)

// answering is a network that answers every request in its own way, and never leaves the test.
type answering func(*http.Request) *http.Response

func (f answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body.Close()
	}
	res := f(r)
	res.Request, res.ProtoMajor, res.ProtoMinor = r, 1, 1
	return res, nil
}

func answer(status int, body []byte) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(body))), ContentLength: int64(len(body))}
}

// Whatever the Connector answers, each call ends, and in a way that the ledger can keep: something that it can go on with, or a
// sentence of one line with what may be done about it. Nothing is said to be posted that no answer names.
func FuzzAnswer(f *testing.F) {
	for _, s := range []struct {
		status    int
		wait, say string
	}{
		{201, "", `{"id":"19:a@thread.tacv2;messageid=1","activityId":"1"}`}, {200, "", `{"id":"1"}`}, {201, "", ``}, {202, "", `null`}, {200, "", `{"activityId":"7"}`},
		{200, "", `{"members":[{"id":"29:a","objectId":"o","userRole":"guest","tenantId":null}],"continuationToken":"a"}`}, {200, "", `{"conversations":[{"id":"19:a"},null,{"channelType":"private"}]}`},
		{429, "5", `{"error":{"code":"TooManyRequests","message":"x"}}`}, {403, "", `{"error":{"code":"MessageWritesBlocked"}}`}, {412, "Wed, 21 Oct 2026 07:28:00 GMT", `<html>`}, {503, "-1", `{"error":[]}`},
		{302, "NaN", ``}, {404, "1e400", `{"error":{"code":"a\r\nb` + strings.Repeat("c", 100) + `"}}`}, {500, " 0.5 ", "\xff"}, {200, "", `{"id":7}`},
	} {
		f.Add(s.status, s.wait, []byte(s.say))
	}
	f.Fuzz(func(t *testing.T, status int, wait string, body []byte) {
		if status < 200 || status > 599 || strings.ContainsAny(wait, "\r\n\x00") {
			t.Skip() // net/http lets no such answer through
		}
		network := answering(func(*http.Request) *http.Response {
			res := answer(status, body)
			res.Header.Set("Retry-After", wait)
			return res
		})
		said := 0
		judge := func(op string, err error) {
			var failed *teams.SendError
			switch {
			case err == nil:
				said++
			case !errors.As(err, &failed):
				t.Errorf("%s: %v", op, err)
			case failed.Outcome < teams.Retryable || failed.Outcome > teams.Unknown || failed.RetryAfter < 0 || failed.RetryAfter > time.Hour || len(failed.Code) > 64:
				t.Errorf("%s: %+v", op, failed)
			case strings.ContainsAny(failed.Reason(), "\r\n") || failed.Reason() == "" || len(failed.Reason()) > 200:
				t.Errorf("%s: %q", op, failed.Reason())
			case status >= 300 && failed.Outcome == teams.Unknown, status < 300 && failed.Outcome == teams.Final && op != "members":
				t.Errorf("%s after %d: %v", op, status, failed.Outcome)
			}
		}
		ask := func(fn func(ctx context.Context, c *teams.Client)) {
			fn(t.Context(), teams.NewClient(teams.ClientConfig{HTTP: &http.Client{Transport: network}, Limiter: teams.NewLimiter(teams.Limits{Unlimited: true})}))
		}
		const service, id = "https://smba.example/emea/", "19:a@thread.tacv2"
		in, out := teams.Conversation{ServiceURL: service, ID: id}, teams.Outgoing{Text: "hei"}
		ask(func(ctx context.Context, c *teams.Client) {
			sent, err := c.CreateThread(ctx, teams.PriorityPost, service, id, out)
			if judge("create", err); err == nil && sent.ConversationID == "" {
				t.Errorf("%+v", sent)
			}
		})
		ask(func(ctx context.Context, c *teams.Client) {
			sent, err := c.Send(ctx, teams.PriorityPost, in, out)
			if judge("send", err); err == nil && sent.ConversationID != id {
				t.Errorf("%+v", sent)
			}
		})
		ask(func(ctx context.Context, c *teams.Client) {
			judge("update", c.Update(ctx, teams.PriorityPost, in, "1", out))
		})
		ask(func(ctx context.Context, c *teams.Client) {
			chat, err := c.CreatePersonal(ctx, teams.PriorityPost, service, "29:a")
			if judge("personal", err); err == nil && chat == "" {
				t.Error("a chat without an id")
			}
		})
		ask(func(ctx context.Context, c *teams.Client) {
			_, err := c.Members(ctx, teams.PriorityBackground, in)
			judge("members", err)
		})
		ask(func(ctx context.Context, c *teams.Client) {
			_, err := c.TeamChannels(ctx, teams.PriorityBackground, service, id)
			judge("channels", err)
		})
		if said > 0 && status >= 300 {
			t.Errorf("%d is taken for a success", status)
		}
	})
}

// Whatever an activity says of where it comes from, the bot answers there or nowhere: to that host, with nothing added to the
// address but the ids, each of them one step of the path.
func FuzzReplyAddress(f *testing.F) {
	for _, s := range [][3]string{
		{"https://smba.trafficmanager.net/emea/", "19:a@thread.tacv2;messageid=1", "1"}, {"https://smba.example", "a:1b", "f:1"}, {"http://127.0.0.1:3978/x", "a/../b", "..%2f"},
		{"https://a.example?x=/", "a", "1"}, {"https://u:p@a.example/", "a", "1"}, {"//a.example", ".", ".."}, {"https://a.example/../..", "%2e%2e", "."}, {"https://[::1]:443/", "ä ö", "a?b#c"},
	} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(t *testing.T, service, conversation, id string) {
		var asked *http.Request
		network := answering(func(r *http.Request) *http.Response {
			asked = r
			return answer(http.StatusOK, []byte(`{"id":"1"}`))
		})
		c := teams.NewClient(teams.ClientConfig{HTTP: &http.Client{Transport: network}, Limiter: teams.NewLimiter(teams.Limits{Unlimited: true})})
		a := &teams.Activity{Conversation: teams.ConversationAccount{ID: conversation}}
		a.Type, a.ID, a.ServiceURL = teams.TypeMessage, id, service
		_, err := c.Reply(t.Context(), teams.PriorityReply, a, teams.Outgoing{Text: "hei"})
		if asked == nil {
			var refused *teams.SendError
			if !errors.As(err, &refused) || refused.Outcome != teams.Final {
				t.Errorf("%v", err)
			}
			return
		}
		from, err := url.Parse(service)
		if err != nil {
			t.Fatalf("%q was asked at %s", service, asked.URL)
		}
		if u := asked.URL; u.Hostname() != from.Hostname() || u.Port() != from.Port() || u.Scheme != "https" && u.Hostname() != "localhost" && !strings.HasPrefix(u.Hostname(), "127.") && u.Hostname() != "::1" ||
			u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q was asked at %s", service, u)
		}
		want := []string{"v3", "conversations", conversation, "activities"}
		if id != "" {
			want = append(want, id)
		}
		steps := strings.Split(asked.URL.EscapedPath(), "/")
		for i, step := range steps {
			if steps[i], err = url.PathUnescape(step); err != nil {
				t.Fatal(err)
			}
		}
		if len(steps) < len(want) || !slices.Equal(steps[len(steps)-len(want):], want) || slices.Contains(steps[len(steps)-len(want):], "..") || slices.Contains(steps[len(steps)-len(want):], ".") {
			t.Errorf("%q and %q were asked for at %s", conversation, id, asked.URL)
		}
	})
}

// Whatever the login's two documents hold, the keys come from where the first one says, over https, and are fit to check a
// signature with; and a document without any leaves the good keys where they were.
func FuzzKeySet(f *testing.F) {
	const good = `{"keys":[{"kty":"RSA","use":"sig","kid":"good","n":"` + modulus + `","e":"AQAB","endorsements":["msteams"]}]}`
	for _, s := range [][2]string{
		{`{"jwks_uri":"https://login.example/keys"}`, good}, {`{"jwks_uri":"http://login.example/keys"}`, good}, {`{"jwks_uri":7}`, `{}`}, {`{"jwks_uri":"https://login.example/keys"}`, `{"keys":[{"kty":"oct","kid":"a","k":"x"},null]}`},
		{`{"jwks_uri":"https://login.example/keys"}`, `{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"},{"kty":"RSA","kid":"b","n":"` + modulus + `","e":"AA"},{"kty":"RSA","kid":"c","n":"` + modulus + `=","e":"Aw=="}]}`},
		{`<html>`, ``}, {`{"jwks_uri":"//login.example"}`, `{"keys":{}}`},
	} {
		f.Add([]byte(s[0]), []byte(s[1]))
	}
	f.Fuzz(func(t *testing.T, metadata, document []byte) {
		first := true
		network := answering(func(r *http.Request) *http.Response {
			switch {
			case r.URL.Scheme != "https":
				t.Errorf("keys were asked for at %s", r.URL)
			case first && r.URL.Path == "/meta":
				return answer(http.StatusOK, []byte(`{"jwks_uri":"https://login.example/keys"}`))
			case first:
				first = false
				return answer(http.StatusOK, []byte(good))
			case r.URL.String() == "https://login.example/meta":
				return answer(http.StatusOK, metadata)
			}
			return answer(http.StatusOK, document)
		})
		keys, err := teams.NewKeySet(teams.KeySetConfig{MetadataURL: "https://login.example/meta", HTTP: &http.Client{Transport: network}})
		if err != nil {
			t.Fatal(err)
		}
		if err := keys.Refresh(t.Context()); err != nil || !keys.Loaded() {
			t.Fatal(err)
		}
		err = keys.Refresh(t.Context())
		if err != nil && (err.Error() == "" || strings.ContainsAny(err.Error(), "\r\n")) {
			t.Errorf("%q", err)
		}
		if !keys.Loaded() {
			t.Error("the good keys are gone")
		}
		key, known := keys.Key(t.Context(), "good")
		if err != nil && known != nil {
			t.Errorf("after %v the good key is gone: %v", err, known)
		}
		if known == nil && (key.Public == nil || key.Public.N.BitLen() < 2048 || key.Public.N.BitLen() > 8192 || key.Public.E < 3 || key.Public.E%2 == 0) {
			t.Errorf("key %+v", key)
		}
	})
}

// modulus is that of some RSA key of 2048 bits.
const modulus = "o9YOGzOuEhO87ykO1rNP7MsOZ5r7CtrIEeH0WfNuzpWC7-XWawZofxHL_yd-SajP1lVHx4wdmKVdbpqtFqQvxrxp21liSs6ZvF8zgvCY8Lvqm5VWKZeaqE3HO-iy2HYgYz4T6VAzON325Rm2vJb6iLinIHogObuFOL3RjEsnWmun4CQsIRQK5VIUQghECvE83CcK6FIgsoRWdmX3TVkTJbMkJh6-2R1tMQN-Wo8Yad90lRfizngyOjUEB3FqEsQO-IqStuzcWbVRxorRRsvyabn2ChArQr26cqfFYv5Bsfsp419gAo3Rmn50GcEGtoNQJLDYJW6g9PweWVkFz63o-Q"
