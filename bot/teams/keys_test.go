package teams_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
)

func TestKeyRotation(t *testing.T) {
	g := openGate(t, nil)
	old := "Bearer " + g.token(nil)
	if got := g.post(t, old, bytes.NewReader(hello(t)), nil); got != http.StatusOK {
		t.Fatalf("before: %d", got)
	}
	g.login.Rotate()
	if got := g.post(t, "Bearer "+g.token(nil), bytes.NewReader(hello(t)), nil); got != http.StatusOK {
		t.Errorf("a token of the new key: %d", got)
	}
	// The old key was withdrawn, and with it every token that was checked before.
	if got := g.post(t, old, bytes.NewReader(hello(t)), nil); got != http.StatusUnauthorized {
		t.Errorf("a remembered token of the withdrawn key: %d", got)
	}
	current := "Bearer " + g.token(nil)
	if got := g.post(t, current, bytes.NewReader(hello(t)), nil); got != http.StatusOK {
		t.Fatalf("the new key again: %d", got)
	}
	g.login.Replace()
	if err := g.keys.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := g.post(t, current, bytes.NewReader(hello(t)), nil); got != http.StatusUnauthorized {
		t.Errorf("a remembered token of another key under the same id: %d", got)
	}
}

func TestLastGoodKeysServeWhileTheHostIsDown(t *testing.T) {
	g := openGate(t, nil)
	g.login.SetDown(true)
	if err := g.keys.Refresh(t.Context()); err == nil {
		t.Fatal("a host that is down gave keys")
	}
	if got := g.post(t, "Bearer "+g.token(nil), bytes.NewReader(hello(t)), nil); got != http.StatusOK {
		t.Errorf("answered %d", got)
	}
}

func TestUnknownKeysCannotHammerTheHost(t *testing.T) {
	login := teamstest.NewLogin()
	defer login.Close()
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	keys, err := teams.NewKeySet(teams.KeySetConfig{MetadataURL: login.MetadataURL, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Key(t.Context(), login.Key().Kid); err != nil || !keys.Loaded() {
		t.Fatalf("the first token must load the keys: %v", err)
	}
	ask := func(times int) {
		var all sync.WaitGroup
		for range times {
			all.Go(func() {
				if _, err := keys.Key(t.Context(), "invented"); !errors.Is(err, teams.ErrUnknownKey) {
					t.Errorf("an invented key: %v", err)
				}
			})
		}
		all.Wait()
	}
	ask(200)
	if n := login.Fetches(); n > 3 {
		t.Errorf("%d fetches at one moment, want at most 3", n)
	}
	before := login.Fetches()
	ask(50) // what the burst left
	now = now.Add(time.Minute)
	ask(200)
	if n := login.Fetches() - before; n > 3 {
		t.Errorf("%d more fetches a minute later", n)
	}
	// A key that came meanwhile is found although strangers keep asking for others.
	fresh := login.Rotate()
	now = now.Add(time.Minute)
	if _, err := keys.Key(t.Context(), fresh.Kid); err != nil {
		t.Errorf("after a rotation: %v", err)
	}
}

func TestRunLoadsKeysOnceTheHostAnswers(t *testing.T) {
	login := teamstest.NewLogin()
	defer login.Close()
	login.SetDown(true)
	keys, err := teams.NewKeySet(teams.KeySetConfig{MetadataURL: login.MetadataURL})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { keys.Run(ctx); close(done) }()
	if err := keys.Refresh(ctx); err == nil || keys.Loaded() {
		t.Fatalf("a host that is down gave keys: %v", err)
	}
	login.SetDown(false)
	// Refresh joins whatever fetch is in flight, so the second one sees the host up.
	if err := errors.Join(ignore(keys.Refresh(ctx)), keys.Refresh(ctx)); err != nil || !keys.Loaded() {
		t.Errorf("the host is up: %v", err)
	}
	cancel()
	<-done
}

func ignore(error) error { return nil }

func TestKeyDocumentsRefused(t *testing.T) {
	good := teamstest.NewLogin()
	defer good.Close()
	var metadata, document string
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metadata", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(metadata)) })
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(document)) })
	mux.HandleFunc("GET /moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/keys", http.StatusFound) })
	server := httptest.NewServer(mux)
	defer server.Close()
	small := `{"keys":[{"kty":"RSA","kid":"a","n":"` + strings.Repeat("_w", 64) + `","e":"AQAB"}]}`
	here := `{"jwks_uri":"` + server.URL + `/keys"}`
	cases := map[string][2]string{
		"metadata that is not JSON":         {"<html>", small},
		"no jwks_uri":                       {"{}", small},
		"a jwks_uri in clear text":          {`{"jwks_uri":"http://keys.example/"}`, small},
		"a jwks_uri of another scheme":      {`{"jwks_uri":"file://localhost/etc/keys"}`, small},
		"metadata without end":              {strings.Repeat(" ", 1<<20), small},
		"keys that are not JSON":            {here, "oops"},
		"no keys":                           {here, `{"keys":[]}`},
		"keys too short to be safe":         {here, small},
		"keys of other kinds":               {here, `{"keys":[{"kty":"EC","kid":"a"},{"kty":"RSA","use":"enc","kid":"b"}]}`},
		"a modulus that is not base64":      {here, `{"keys":[{"kty":"RSA","kid":"a","n":"***","e":"AQAB"}]}`},
		"an even exponent":                  {here, `{"keys":[{"kty":"RSA","kid":"a","n":"` + strings.Repeat("_w", 256) + `","e":"Ag"}]}`},
		"an exponent of one":                {here, `{"keys":[{"kty":"RSA","kid":"a","n":"` + strings.Repeat("_w", 256) + `","e":"AQ"}]}`},
		"endorsements of another type":      {here, `{"keys":[{"kty":"RSA","kid":"a","endorsements":"msteams"}]}`},
		"a redirect, which could go astray": {`{"jwks_uri":"` + server.URL + `/moved"}`, small},
		"a document without end":            {here, strings.Repeat(" ", 2<<20)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			metadata, document = c[0], c[1]
			keys, err := teams.NewKeySet(teams.KeySetConfig{MetadataURL: server.URL + "/metadata"})
			if err != nil {
				t.Fatal(err)
			}
			if err := keys.Refresh(t.Context()); err == nil || keys.Loaded() {
				t.Error("accepted")
			}
		})
	}
	for _, url := range []string{"http://login.example/", "login.example", "ftp://localhost/x", "://"} {
		if _, err := teams.NewKeySet(teams.KeySetConfig{MetadataURL: url}); err == nil {
			t.Errorf("%q was accepted as the metadata's address", url)
		}
	}
}

func TestInvokeAnswers(t *testing.T) {
	cases := map[string]teams.Response{
		`{"statusCode":200,"type":"application/vnd.microsoft.card.adaptive","value":{"type":"AdaptiveCard"}}`: teams.InvokeCard(json.RawMessage(`{"type":"AdaptiveCard"}`)),
		`{"statusCode":200,"type":"application/vnd.microsoft.activity.message","value":"Kuitattu"}`:           teams.InvokeMessage("Kuitattu"),
		`{"statusCode":400,"type":"application/vnd.microsoft.error","value":{"code":"old","message":"Ei"}}`:   teams.InvokeError(400, "old", "Ei"),
	}
	for want, res := range cases {
		got, err := json.Marshal(res.Body)
		if err != nil || string(got) != want || res.Status != http.StatusOK {
			t.Errorf("%d %s, %v\nwant %s", res.Status, got, err, want)
		}
	}
}
