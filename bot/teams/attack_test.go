package teams_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
)

const (
	appID      = "22222222-2222-2222-2222-222222222222"
	tenantID   = "11111111-1111-1111-1111-111111111111"
	serviceURL = "https://smba.example/emea/"
)

var anna = teamstest.Person{ID: "29:anna", AADObjectID: "00000000-0000-4000-8000-000000000001", Name: "Anna Äijälä"}

func newScene() *teamstest.Scene {
	return &teamstest.Scene{ServiceURL: serviceURL, TenantID: tenantID, AppID: appID, BotName: "Vuosikello"}
}

// gate is an endpoint with a token check, listening, and the login it trusts.
type gate struct {
	*httptest.Server
	login   *teamstest.Login
	keys    *teams.KeySet
	log     *bytes.Buffer
	handled atomic.Int64
}

func openGate(tb testing.TB, change func(*teams.VerifierConfig)) *gate {
	tb.Helper()
	g := &gate{login: teamstest.NewLogin(), log: new(bytes.Buffer)}
	tb.Cleanup(g.login.Close)
	keys, err := teams.NewKeySet(teams.KeySetConfig{MetadataURL: g.login.MetadataURL})
	if err != nil {
		tb.Fatal(err)
	}
	if err := keys.Refresh(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	g.keys = keys
	cfg := teams.VerifierConfig{AppID: appID, TenantID: tenantID, Keys: keys}
	if change != nil {
		change(&cfg)
	}
	g.Server = httptest.NewUnstartedServer(g.endpoint(cfg))
	g.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	g.Start()
	tb.Cleanup(g.Close)
	return g
}

// endpoint is what the gate serves.
func (g *gate) endpoint(cfg teams.VerifierConfig) *teams.Endpoint {
	return teams.NewEndpoint(teams.EndpointConfig{
		Verifier: teams.NewVerifier(cfg),
		Logger:   slog.New(slog.NewTextHandler(g.log, nil)),
		Handle: func(context.Context, *teams.Activity) (teams.Response, error) {
			g.handled.Add(1)
			return teams.InvokeMessage("ok"), nil
		},
	})
}

func claims(change map[string]any) map[string]any {
	c := teamstest.Claims(appID, serviceURL, time.Now())
	for name, value := range change {
		if value == nil {
			delete(c, name)
		} else {
			c[name] = value
		}
	}
	return c
}

func (g *gate) token(change map[string]any) string { return g.login.Sign(claims(change)) }

// post sends a body and returns the status; the answer to a refusal must be empty.
func (g *gate) post(tb testing.TB, authorization string, body io.Reader, header map[string]string) int {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, g.URL, body)
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range header {
		req.Header.Set(name, value)
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	res, err := g.Client().Do(req)
	if err != nil {
		tb.Fatalf("dropped connection: %v", err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatalf("dropped connection: %v", err)
	}
	if res.StatusCode != http.StatusOK && len(content) > 0 {
		tb.Errorf("a refusal said %q", content)
	}
	return res.StatusCode
}

func encode(tb testing.TB, a *teams.Activity) []byte {
	tb.Helper()
	body, err := json.Marshal(a)
	if err != nil {
		tb.Fatal(err)
	}
	return body
}

func hello(tb testing.TB) []byte {
	return encode(tb, newScene().Message(teamstest.Personal(anna), anna, "hei"))
}

// Tokens that must not pass, however they were made, with a good activity.
func TestTokensRefused(t *testing.T) {
	g := openGate(t, nil)
	key := g.login.Key()
	stranger := teamstest.NewLogin()
	defer stranger.Close()
	strangersKey := stranger.Rotate()
	now := time.Now()
	public, err := x509.MarshalPKIXPublicKey(&key.Private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	kid := map[string]any{"kid": key.Kid}
	good := g.token(nil)
	parts := strings.Split(good, ".")
	forged := base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"https://api.botframework.com","aud":"` + appID + `","exp":9999999999}`))

	cases := []struct {
		name, authorization string
		want                int
	}{
		{"no header", "", 401},
		{"an empty scheme", " ", 401},
		{"another scheme", "Basic " + good, 401},
		{"a bare token", good, 401},
		{"an empty token", "Bearer ", 401},
		{"not a token", "Bearer a.b.c", 401},
		{"two parts", "Bearer " + parts[0] + "." + parts[1], 401},
		{"no signature", "Bearer " + parts[0] + "." + parts[1] + ".", 401},
		{"a changed claim", "Bearer " + parts[0] + "." + forged + "." + parts[2], 401},
		{"a changed signature", "Bearer " + parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2])), 401},
		{"a megabyte", "Bearer " + strings.Repeat("a", 500_000), 401},
		{"header that is a list", "Bearer W10." + parts[1] + "." + parts[2], 401},
		{"header that is null", "Bearer bnVsbA." + parts[1] + "." + parts[2], 401},
		{"claims that are null", "Bearer " + parts[0] + ".bnVsbA." + parts[2], 401},
		{"algorithm none", "Bearer " + teamstest.SignWith(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, kid, claims(nil)), 401},
		{"HS256 with the public key", "Bearer " + teamstest.SignWith(jwt.SigningMethodHS256, public, kid, claims(nil)), 401},
		{"HS256 with the modulus", "Bearer " + teamstest.SignWith(jwt.SigningMethodHS256, key.Private.N.Bytes(), kid, claims(nil)), 401},
		{"RS384 with the right key", "Bearer " + teamstest.SignWith(jwt.SigningMethodRS384, key.Private, kid, claims(nil)), 401},
		{"PS256 with the right key", "Bearer " + teamstest.SignWith(jwt.SigningMethodPS256, key.Private, kid, claims(nil)), 401},
		{"no key id", "Bearer " + teamstest.SignWith(jwt.SigningMethodRS256, key.Private, nil, claims(nil)), 401},
		{"a key id of another type", "Bearer " + teamstest.SignWith(jwt.SigningMethodRS256, key.Private, map[string]any{"kid": 1}, claims(nil)), 401},
		{"an unknown key id", "Bearer " + teamstest.SignWith(jwt.SigningMethodRS256, key.Private, map[string]any{"kid": "x"}, claims(nil)), 401},
		{"a stranger's key under a known id", "Bearer " + teamstest.SignWith(jwt.SigningMethodRS256, strangersKey.Private, kid, claims(nil)), 401},
		{"a key in the header", "Bearer " + teamstest.SignWith(jwt.SigningMethodRS256, strangersKey.Private,
			map[string]any{"kid": "y", "jku": stranger.MetadataURL, "jwk": map[string]any{"kty": "RSA"}}, claims(nil)), 401},
		{"critical extensions", "Bearer " + teamstest.SignWith(jwt.SigningMethodRS256, key.Private,
			map[string]any{"kid": key.Kid, "crit": []string{"b64"}}, claims(nil)), 401},
		{"no audience", "Bearer " + g.token(map[string]any{"aud": nil}), 401},
		{"another audience", "Bearer " + g.token(map[string]any{"aud": "other"}), 401},
		{"an empty audience", "Bearer " + g.token(map[string]any{"aud": ""}), 401},
		{"other audiences", "Bearer " + g.token(map[string]any{"aud": []string{"a", "b"}}), 401},
		{"no audiences", "Bearer " + g.token(map[string]any{"aud": []string{}}), 401},
		{"an audience of another type", "Bearer " + g.token(map[string]any{"aud": 7}), 401},
		{"audiences of mixed types", "Bearer " + g.token(map[string]any{"aud": []any{appID, 7}}), 401},
		{"an audience that is an object", "Bearer " + g.token(map[string]any{"aud": map[string]any{"a": appID}}), 401},
		{"no expiry", "Bearer " + g.token(map[string]any{"exp": nil}), 401},
		{"an expiry in text", "Bearer " + g.token(map[string]any{"exp": fmt.Sprint(now.Add(time.Hour).Unix())}), 401},
		{"an expiry that overflows", "Bearer " + g.token(map[string]any{"exp": 1e300}), 401},
		{"a negative expiry", "Bearer " + g.token(map[string]any{"exp": -1e300}), 401},
		{"an expiry of zero", "Bearer " + g.token(map[string]any{"exp": 0}), 401},
		{"expired beyond the skew", "Bearer " + g.token(map[string]any{"exp": now.Add(-6 * time.Minute).Unix()}), 401},
		{"not yet valid beyond the skew", "Bearer " + g.token(map[string]any{"nbf": now.Add(6 * time.Minute).Unix()}), 401},
		{"not-before of another type", "Bearer " + g.token(map[string]any{"nbf": true}), 401},
		{"no issuer", "Bearer " + g.token(map[string]any{"iss": nil}), 401},
		{"another issuer", "Bearer " + g.token(map[string]any{"iss": "https://api.botframework.com.example"}), 401},
		{"an issuer of another type", "Bearer " + g.token(map[string]any{"iss": []string{teams.Issuer}}), 401},
		{"the tenant's issuer, which is off", "Bearer " + g.token(map[string]any{"iss": "https://sts.windows.net/" + tenantID + "/"}), 401},
		{"no service URL", "Bearer " + g.token(map[string]any{"serviceurl": nil}), 403},
		{"another service URL", "Bearer " + g.token(map[string]any{"serviceurl": "https://smba.example/amer/"}), 403},
		{"a service URL that begins alike", "Bearer " + g.token(map[string]any{"serviceurl": serviceURL + "x"}), 403},
		{"two service URLs that differ", "Bearer " + g.token(map[string]any{"serviceUrl": "https://evil.example/"}), 403},
		{"a service URL of another type", "Bearer " + g.token(map[string]any{"serviceurl": 7}), 401},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := g.post(t, c.authorization, bytes.NewReader(hello(t)), nil); got != c.want {
				t.Errorf("answered %d, want %d", got, c.want)
			}
		})
	}
	if n := g.handled.Load(); n != 0 {
		t.Errorf("%d of them were handled", n)
	}
	if got := g.post(t, "Bearer "+good, bytes.NewReader(hello(t)), nil); got != http.StatusOK {
		t.Errorf("afterwards a good request was answered %d", got)
	}
	for _, secret := range []string{parts[1][:40], "hei", anna.Name, anna.ID} {
		if strings.Contains(g.log.String(), secret) {
			t.Errorf("the log quotes %q", secret)
		}
	}
}

func TestTokensAccepted(t *testing.T) {
	cases := map[string]map[string]any{
		"as the Connector sends it":              {},
		"an audience that is a list":             {"aud": []string{"other", appID}},
		"a service URL without the slash":        {"serviceurl": strings.TrimSuffix(serviceURL, "/")},
		"the claim as some documents write it":   {"serviceurl": nil, "serviceUrl": serviceURL},
		"expired within the skew":                {"exp": time.Now().Add(-4 * time.Minute).Unix()},
		"valid from a moment within the skew":    {"nbf": time.Now().Add(4 * time.Minute).Unix()},
		"times with fractions (RFC 7519, 2)":     {"exp": float64(time.Now().Unix()) + 60.5},
		"no not-before, which is optional":       {"nbf": nil},
		"the tenant's issuer when it is allowed": {"iss": "https://sts.windows.net/" + tenantID + "/"},
	}
	g := openGate(t, func(cfg *teams.VerifierConfig) { cfg.AllowSTSIssuer = true })
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			token := g.token(change)
			for _, scheme := range []string{"Bearer ", "bearer ", "Bearer  "} {
				if got := g.post(t, scheme+token, bytes.NewReader(hello(t)), nil); got != http.StatusOK {
					t.Errorf("%q answered %d", scheme, got)
				}
			}
		})
	}
	if got := g.post(t, "Bearer "+g.token(map[string]any{"iss": "https://sts.windows.net/other/"}), bytes.NewReader(hello(t)), nil); got != 401 {
		t.Errorf("another tenant's issuer answered %d", got)
	}
}

// A valid token with an activity it does not fit.
func TestActivitiesRefused(t *testing.T) {
	g := openGate(t, nil)
	channel := teamstest.Place{Type: teams.ConversationChannel, ConversationID: "19:c@thread.tacv2", TeamID: "19:t@thread.tacv2"}
	cases := map[string]func(*teams.Activity){
		"another service URL":        func(a *teams.Activity) { a.ServiceURL = "https://evil.example/" },
		"no service URL":             func(a *teams.Activity) { a.ServiceURL = "" },
		"a channel not endorsed":     func(a *teams.Activity) { a.ChannelID = "webchat" },
		"no channel":                 func(a *teams.Activity) { a.ChannelID = "" },
		"another tenant":             func(a *teams.Activity) { a.ChannelData = json.RawMessage(`{"tenant":{"id":"other"}}`) },
		"another tenant's chat":      func(a *teams.Activity) { a.Conversation.TenantID = "other" },
		"no tenant":                  func(a *teams.Activity) { a.ChannelData, a.Conversation.TenantID = nil, "" },
		"a tenant of another type":   func(a *teams.Activity) { a.ChannelData, a.Conversation.TenantID = json.RawMessage(`{"tenant":7}`), "" },
		"channel data of other type": func(a *teams.Activity) { a.ChannelData, a.Conversation.TenantID = json.RawMessage(`[]`), "" },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			a := newScene().Mention(channel, anna, "apua")
			change(a)
			if got := g.post(t, "Bearer "+g.token(nil), bytes.NewReader(encode(t, a)), nil); got != http.StatusForbidden {
				t.Errorf("answered %d", got)
			}
		})
	}
	t.Run("a key without endorsements", func(t *testing.T) {
		g.login.AddKey(nil)
		if got := g.post(t, "Bearer "+g.token(nil), bytes.NewReader(hello(t)), nil); got != http.StatusForbidden {
			t.Errorf("answered %d", got)
		}
	})
	t.Run("a key endorsed for others", func(t *testing.T) {
		g.login.AddKey([]string{"webchat", "msteamsx"})
		if got := g.post(t, "Bearer "+g.token(nil), bytes.NewReader(hello(t)), nil); got != http.StatusForbidden {
			t.Errorf("answered %d", got)
		}
	})
	if n := g.handled.Load(); n != 0 {
		t.Errorf("%d of them were handled", n)
	}
}

// fill is a body of n bytes that is never in memory as a whole.
func fill(n int64) io.Reader { return io.LimitReader(zeros{}, n) }

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '0'
	}
	return len(b), nil
}

func TestBodiesRefused(t *testing.T) {
	g := openGate(t, nil)
	nested := strings.Repeat(`{"value":`, 20_000)
	cases := []struct {
		name   string
		body   func() io.Reader
		header map[string]string
		want   int
	}{
		{"empty", func() io.Reader { return http.NoBody }, nil, 400},
		{"null", func() io.Reader { return strings.NewReader("null") }, nil, 400},
		{"a list", func() io.Reader { return strings.NewReader("[]") }, nil, 400},
		{"wrong types", func() io.Reader { return strings.NewReader(`{"type":"message","from":[]}`) }, nil, 400},
		{"nested deep", func() io.Reader { return strings.NewReader(nested) }, nil, 400},
		{"nested deep and large", func() io.Reader { return strings.NewReader(strings.Repeat(nested, 5)) }, nil, 413},
		{"a byte over the limit", func() io.Reader { return bytes.NewReader(make([]byte, teams.MaxBody+1)) }, nil, 413},
		{"50 MB", func() io.Reader { return fill(50 << 20) }, nil, 413},
		{"UTF-16", func() io.Reader { return bytes.NewReader(hello(t)) }, map[string]string{"Content-Type": "application/json; charset=utf-16"}, 400},
		{"Windows-1252", func() io.Reader { return strings.NewReader("{\"type\":\"message\",\"text\":\"\xe4\"}") }, nil, 400},
		{"compressed", func() io.Reader { return bytes.NewReader(hello(t)) }, map[string]string{"Content-Encoding": "gzip"}, 400},
		{"a form, as a web page could send", func() io.Reader { return bytes.NewReader(hello(t)) }, map[string]string{"Content-Type": "text/plain"}, 400},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := g.post(t, "Bearer "+g.token(nil), c.body(), c.header); got != c.want {
				t.Errorf("answered %d, want %d", got, c.want)
			}
			// Without a token nothing is said about the body.
			if got := g.post(t, "", c.body(), c.header); got != http.StatusUnauthorized {
				t.Errorf("without a token answered %d", got)
			}
		})
	}
	t.Run("exactly the limit", func(t *testing.T) {
		a := newScene().Message(teamstest.Personal(anna), anna, "")
		a.Text = strings.Repeat("a", teams.MaxBody-len(encode(t, a))-len(`"text":"",`))
		if body := encode(t, a); len(body) != teams.MaxBody {
			t.Fatalf("the body has %d bytes", len(body))
		} else if got := g.post(t, "Bearer "+g.token(nil), bytes.NewReader(body), nil); got != http.StatusOK {
			t.Errorf("answered %d", got)
		}
	})
	t.Run("methods", func(t *testing.T) {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete, http.MethodOptions, "BREW"} {
			req, err := http.NewRequestWithContext(t.Context(), method, g.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != http.MethodPost {
				t.Errorf("%s answered %d, Allow %q", method, res.StatusCode, res.Header.Get("Allow"))
			}
		}
	})
}

// Clients that never finish are let go of, and others are served meanwhile. Without a token the answer comes before the body.
func TestSlowClients(t *testing.T) {
	login := teamstest.NewLogin()
	defer login.Close()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{login: login, log: new(bytes.Buffer)}
		g.Server = teamstest.NewPipeServer(&http.Server{
			Handler:           g.endpoint(teams.VerifierConfig{AppID: appID, TenantID: tenantID, Keys: onlyKey{login.Key()}}),
			ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		})
		defer g.Close()
		dial := func(request string) net.Conn {
			conn, err := teamstest.DialPipe(t.Context(), g.Server)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { conn.Close() })
			if _, err := io.WriteString(conn, request); err != nil {
				t.Fatal(err)
			}
			return conn
		}
		head := "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
		slowHeader := dial("POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
		slowBody := dial(head + "Authorization: Bearer " + g.token(nil) + "\r\nContent-Length: 1000\r\n\r\n{")
		stranger := dial(head + "Content-Length: 100\r\n\r\n{")
		strangerLarge := dial(head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")

		began := time.Now()
		if got := g.post(t, "Bearer "+g.token(nil), bytes.NewReader(hello(t)), nil); got != http.StatusOK || time.Since(began) > 0 {
			t.Errorf("others were answered %d after %v", got, time.Since(began))
		}
		for _, slow := range []struct {
			conn   net.Conn
			status int
			after  time.Duration
		}{{stranger, http.StatusUnauthorized, 0}, {strangerLarge, http.StatusUnauthorized, 0}, {slowBody, http.StatusRequestTimeout, 15 * time.Second}} {
			res, err := http.ReadResponse(bufio.NewReader(slow.conn), nil)
			if err != nil {
				t.Errorf("no answer: %v", err)
			} else if res.Body.Close(); res.StatusCode != slow.status || time.Since(began) != slow.after {
				t.Errorf("answered %d after %v, want %d after %v", res.StatusCode, time.Since(began), slow.status, slow.after)
			}
		}
		if rest, err := io.ReadAll(slowHeader); err != nil {
			t.Errorf("a slow header was not let go of: %q, %v", rest, err)
		}
	})
}

// Nobody is let in by a program that was not told whom to let in.
func TestUnconfiguredRefuses(t *testing.T) {
	cases := map[string]func(*teams.VerifierConfig){
		"no app id": func(c *teams.VerifierConfig) { c.AppID = "" },
		"no tenant": func(c *teams.VerifierConfig) { c.TenantID = "" },
		"no keys":   func(c *teams.VerifierConfig) { c.Keys = nil },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			g := openGate(t, change)
			for _, aud := range []string{appID, ""} {
				if got := g.post(t, "Bearer "+g.token(map[string]any{"aud": aud}), bytes.NewReader(hello(t)), nil); got != 401 {
					t.Errorf("answered %d", got)
				}
			}
		})
	}
}

func TestHandlerFailuresStayInTheRequest(t *testing.T) {
	log := new(bytes.Buffer)
	var statuses []int
	endpoint := teams.NewEndpoint(teams.EndpointConfig{
		Logger:  slog.New(slog.NewTextHandler(log, nil)),
		Observe: func(status int, _ time.Duration) { statuses = append(statuses, status) },
		Handle: func(_ context.Context, a *teams.Activity) (teams.Response, error) {
			switch a.Text {
			case "panic":
				panic("secret " + a.From.Name)
			case "fail":
				return teams.Response{}, errors.New("database is locked")
			case "unwritable":
				return teams.Response{Body: func() {}}, nil
			}
			return teams.Response{Status: http.StatusAccepted}, nil
		},
	})
	server := httptest.NewServer(endpoint)
	defer server.Close()
	want := map[string]int{"panic": 500, "fail": 500, "unwritable": 500, "hei": 202}
	for text, status := range want {
		if got, body := teamstest.Post(t, server.URL, "", newScene().Message(teamstest.Personal(anna), anna, text)); got != status || len(body) > 0 {
			t.Errorf("%s: answered %d %q", text, got, body)
		}
	}
	if len(statuses) != len(want) {
		t.Errorf("observed %v", statuses)
	}
	if text := log.String(); strings.Contains(text, "secret") || !strings.Contains(text, "attack_test.go") && !strings.Contains(text, "TestHandlerFailures") {
		t.Errorf("the log must name the place of a panic and not what it held:\n%s", text)
	}
}

// A header that the token check reads must never make it panic, and nothing but a signature by the login passes.
func FuzzAuthorization(f *testing.F) {
	g := openGate(f, nil)
	verifier := teams.NewVerifier(teams.VerifierConfig{AppID: appID, TenantID: tenantID, Keys: onlyKey{g.login.Key()}})
	good := "Bearer " + g.token(nil)
	f.Add(good)
	f.Add("Bearer " + g.token(map[string]any{"aud": []any{1, nil}, "exp": "x", "iss": 7, "serviceurl": []string{}}))
	f.Add("bearer " + base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":{}}`)) + ".e30.AA")
	f.Add("Bearer ..")
	f.Fuzz(func(t *testing.T, header string) {
		_, err := verifier.Authenticate(t.Context(), header)
		var refused *teams.AuthError
		if err == nil && strings.Trim(header[7:], " ") != good[7:] {
			t.Fatalf("accepted %q", header)
		}
		if err != nil && (!errors.As(err, &refused) || refused.Status != http.StatusUnauthorized) {
			t.Fatalf("unexpected kind of error: %v", err)
		}
	})
}

// onlyKey is a key set of one key.
type onlyKey struct{ teamstest.SigningKey }

func (k onlyKey) Key(_ context.Context, kid string) (teams.Key, error) {
	if kid != k.Kid {
		return teams.Key{}, teams.ErrUnknownKey
	}
	return teams.Key{Public: &k.Private.PublicKey, Endorsements: k.Endorsements}, nil
}
