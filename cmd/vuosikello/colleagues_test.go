//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// clumsyWindow is a Teams window that fails so many times for each message before a click gets through.
type clumsyWindow struct {
	failures map[string]int
	pressed  []string
}

func (w *clumsyWindow) Invoke(_ context.Context, from playgroundUser, _, replyTo, verb string, data map[string]any) (json.RawMessage, error) {
	if w.failures[replyTo]--; w.failures[replyTo] >= 0 {
		return nil, errors.New("message does not exist")
	}
	w.pressed = append(w.pressed, from.GivenName+" "+verb+" "+data["content"].(string))
	return json.RawMessage(`{"statusCode":200}`), nil
}

func TestColleaguesPressAgainWhatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "demo.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		org := testPlayground()
		data := cards.Data{Verb: cards.VerbApprove, Content: "7", Version: 1}
		window := &clumsyWindow{failures: map[string]int{"late": colleagueClicks - 1, "gone": colleagueClicks}}
		var log bytes.Buffer
		c := &colleagues{db: db, org: org, window: window, log: slog.New(slog.NewTextHandler(&log, nil)), planned: []click{
			{at: time.Now().Add(approvalAfter), who: org.Colleagues[1], message: "late", data: data},
			{at: time.Now().Add(approvalAfter), who: org.Colleagues[1], message: "gone", data: data},
		}}
		ctx, cancel := context.WithTimeout(t.Context(), approvalAfter+(colleagueClicks+1)*(colleagueRetry+colleaguesLook))
		defer cancel()
		c.run(ctx)
		if want := "Mikko approval.approve 7"; len(window.pressed) != 1 || window.pressed[0] != want {
			t.Errorf("pressed %q, want %q once", window.pressed, want)
		}
		if window.failures["gone"] != 0 || strings.Count(log.String(), "level=WARN") != 1 {
			t.Errorf("%d clicks are left of a button that is gone, and the log says:\n%s", window.failures["gone"], log.String())
		}
	})
}
