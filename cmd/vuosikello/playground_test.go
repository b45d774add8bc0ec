//go:build unix

package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// standIn puts shell scripts named node and npx first and alone in PATH, the latter doing what body says.
func standIn(t *testing.T, body string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, script := range map[string]string{"node": "exit 0", "npx": body} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	return dir
}

func testPlayground() playgroundConfig {
	org := demoPlayground(56150, "22222222-2222-2222-2222-222222222222", "11111111-1111-1111-1111-111111111111")
	org.Endpoint = "http://127.0.0.1:3978/api/messages"
	return org
}

func TestPlaygroundNeedsNode(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := startPlayground(t.Context(), t.TempDir(), testPlayground()); !errors.Is(err, errNoNode) {
		t.Errorf("error = %v, want errNoNode", err)
	}
}

func TestPlaygroundThatGivesUpSaysWhy(t *testing.T) {
	standIn(t, "echo 'npm error network timeout' >&2; exit 3")
	_, err := startPlayground(t.Context(), t.TempDir(), testPlayground())
	if err == nil || !strings.Contains(err.Error(), "exit status 3") || !strings.Contains(err.Error(), "npm error network timeout") {
		t.Errorf("error = %v, want the exit status and the last complaint", err)
	}
}

func TestPlaygroundIsUsedAndLeavesNothingBehind(t *testing.T) {
	type request struct {
		path string
		body map[string]any
	}
	requests := make(chan request, 10)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/_debug/ping" {
			return
		}
		if r.URL.Path == "/_internal/v1/customActivities/template" {
			json.NewEncoder(w).Encode(map[string]string{"type": "installationUpdate", "in": r.FormValue("conversationId")})
			return
		}
		raw, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got := request{path: r.URL.EscapedPath()}
		if err := json.Unmarshal(raw, &got.body); err != nil {
			t.Error(err)
		}
		requests <- got
		if got.body["type"] == "refused" {
			http.Error(w, "no such conversation", http.StatusBadRequest)
			return
		}
		w.Write([]byte(`{"statusCode":200}`))
	}))
	defer srv.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(srv.URL, "http://"), ":")

	// npx leaves the Playground as its child: here a sleep, whose process id is written down.
	dir := standIn(t, `/bin/sleep 600 & echo $! > child; echo "$@" > arguments; echo noise; echo Listening on `+port+`; wait`)
	home := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	p, err := startPlayground(ctx, home, testPlayground())
	if err != nil {
		t.Fatal(err)
	}
	if p.URL != "http://localhost:"+port {
		t.Errorf("URL = %s, want the port that it said", p.URL)
	}
	arguments, err := os.ReadFile(filepath.Join(home, "arguments"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "--app-endpoint http://127.0.0.1:3978/api/messages"; !strings.Contains(string(arguments), want) {
		t.Errorf("arguments = %s, want %s", arguments, want)
	}

	cfg := testPlayground()
	if err := p.SendMessage(ctx, cfg.Channel.ID, "apua"); err != nil {
		t.Error(err)
	}
	// In a channel the bot hears only what mentions it.
	if got := <-requests; got.body["text"] != "<at>Vuosikello</at> apua" || got.body["mentions"] == nil {
		t.Errorf("message in a channel = %v", got)
	}
	if err := p.SendMessage(ctx, cfg.PersonalChat, "apua"); err != nil {
		t.Error(err)
	}
	if got := <-requests; got.body["text"] != "apua" || got.path != "/_conversation/v1/conversations/a:leena-vuosikello/messages" {
		t.Errorf("personal message = %v", got)
	}
	answer, err := p.Invoke(ctx, cfg.Colleagues[1], cfg.Channel.ID, "1795306298506", "entry.done", map[string]any{"id": "7"})
	if err != nil || string(answer) != `{"statusCode":200}` {
		t.Errorf("answer = %s, %v", answer, err)
	}
	if got := <-requests; got.body["replyToId"] != "1795306298506" {
		t.Errorf("invoke = %v", got)
	}
	if err := p.Install(ctx, cfg.Channel.ID); err != nil {
		t.Error(err)
	}
	if got := <-requests; got.path != "/_internal/v1/customActivities" || got.body["in"] != cfg.Channel.ID {
		t.Errorf("install = %v", got)
	}
	err = p.CustomActivity(ctx, map[string]any{"type": "refused"})
	if err == nil || !strings.Contains(err.Error(), "no such conversation") {
		t.Errorf("error = %v, want what was answered", err)
	}

	cancel()
	if err := p.Wait(); err != nil {
		t.Errorf("Wait = %v, want nil: it was asked to stop", err)
	}
	child, err := os.ReadFile(filepath.Join(home, "child"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(child)))
	if err != nil {
		t.Fatal(err)
	}
	// The kernel may need a moment to bury it.
	gone := func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) || isZombie(pid) }
	for end := time.Now().Add(time.Minute); !gone() && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	if !gone() {
		t.Errorf("the child %d of npx in %s is still running", pid, dir)
	}
}

// isZombie tells of a process that has ended and waits for a parent to notice, as orphans in a container may for long.
func isZombie(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}
