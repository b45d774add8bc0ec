package main_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/store"
)

// TestKill kills the real program with SIGKILL at random moments while it posts one reminder to many channels, starts it
// again each time, and accounts for every post: each is there, none twice except those that the ledger calls perhaps sent,
// and of these no more per kill than the sends in flight.
//
// The usual run is a short one. VUOSIKELLO_KILLS=50 go test -run TestKill ./cmd/vuosikello kills that often, in 500 posts.
func TestKill(t *testing.T) {
	kills, channels := 5, 120
	if s := os.Getenv("VUOSIKELLO_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			t.Fatalf("VUOSIKELLO_KILLS is %q: write a number", s)
		}
		kills, channels = n, 500
	}
	const inFlight = 16
	o := openOrganisation(t, channels, teamstest.ConnectorConfig{Latency: 30 * time.Millisecond})
	calendar := store.Calendar{Location: mustLocation(t), PostTime: 8*60 + 30}
	o.write(t, func(tx *store.Tx) error {
		day := store.NewDate(2026, time.March, 10)
		return tx.AddEntry(&store.Entry{Clock: store.Clock{Name: store.DefaultClock, Year: 2026}, Title: "Allergiakausi", Start: day, End: day, Leads: []int{1}},
			store.NewDate(2026, time.March, 2).In(calendar.Location, 12*60), calendar)
	})
	s := localSettings(o.database).with(settings{"VUOSIKELLO_REHEARSAL": "2026-03-09T08:30:05+02:00", "VUOSIKELLO_SENDS_IN_FLIGHT": strconv.Itoa(inFlight),
		"AZURE_CLIENT_ID": appID, "AZURE_TENANT_ID": tenantID})
	// The kills are spread over the time that the posts take at the platform's 50 a second.
	span := time.Duration(channels) * 20 * time.Millisecond
	for range kills {
		p := start(t, s, nil)
		time.Sleep(rand.N(2 * span / time.Duration(kills)))
		p.kill()
	}
	p := start(t, s, nil)
	type row struct {
		Channel, Kind, State, Reason string
		Activity                     string `json:"activity_id"`
		Sent                         string `json:"sent_at"`
		Attempts                     int
	}
	var ledger []row
	p.await(t, "end of the posts", func() bool {
		ledger = nil
		if err := json.Unmarshal([]byte(MustRun(t, settings{"VUOSIKELLO_DATABASE": o.database}, "export", "ledger", "--json")), &ledger); err != nil {
			t.Fatal(err)
		}
		for _, r := range ledger {
			if r.Sent == "" {
				return false
			}
		}
		return len(ledger) == channels
	})
	if status := p.stop(t); status != 0 {
		t.Errorf("status %d after SIGTERM", status)
	}

	posted := map[string]int{}
	for _, r := range o.connector.Posts() {
		if !strings.Contains(string(r.Content), "Allergiakausi") {
			continue
		}
		posted[teams.BaseConversationID(r.ConversationID)]++
	}
	doubts, doubles := 0, 0
	for i, r := range ledger {
		times := posted["19:channel"+strings.TrimPrefix(r.Channel, "Viestintä / Kanava ")+"@thread.tacv2"]
		if times > 1 {
			doubles++
		}
		switch {
		case times == 0:
			t.Errorf("post %d to %q is %s in the ledger and was never posted", i, r.Channel, r.State)
		case r.State == string(store.Sent) && times > 1:
			t.Errorf("post %d to %q was posted %d times without a mark", i, r.Channel, times)
		case r.State == string(store.PerhapsSent):
			doubts++
			// Killed over again while it was sent once more, it is sent once more again: it is never lost.
			if times > r.Attempts {
				t.Errorf("post %d to %q was posted %d times", i, r.Channel, times)
			}
		case r.State != string(store.Sent):
			t.Errorf("post %d to %q ended as %s (%s)", i, r.Channel, r.State, r.Reason)
		}
	}
	if doubts > kills*inFlight {
		t.Errorf("%d posts in doubt after %d kills with %d sends in flight", doubts, kills, inFlight)
	}
	t.Logf("%d kills in %d posts: 0 lost, %d marked perhaps sent, %d of them there twice, 0 twice without the mark", kills, channels, doubts, doubles)
}

func mustLocation(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}
