package teamstest

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"vuosikello/bot/teams"
)

// arrivals counts requests strictly: every request that arrives counts, in sliding windows, whether it is served or not. It is written
// apart from the limiter of package teams, so that one can be checked against the other.
type arrivals struct {
	mu     sync.Mutex
	times  map[string][]time.Time
	tenant []time.Time
}

func newArrivals() *arrivals { return &arrivals{times: make(map[string][]time.Time)} }

// The documented numbers ("Rate limiting for bots").
var (
	sendWindows   = []teams.Window{{N: 7, Per: time.Second}, {N: 8, Per: 2 * time.Second}, {N: 60, Per: 30 * time.Second}, {N: 1800, Per: time.Hour}}
	rosterWindows = []teams.Window{{N: 14, Per: time.Second}, {N: 16, Per: 2 * time.Second}, {N: 120, Per: 30 * time.Second}, {N: 3600, Per: time.Hour}}
	tenantWindows = []teams.Window{{N: 50, Per: time.Second}}
)

// arrive counts a request and says how long it ought to have waited; 0 when it is within all limits.
func (a *arrivals) arrive(r *http.Request, body []byte, at time.Time) time.Duration {
	key, windows := limitKey(r, body)
	a.mu.Lock()
	defer a.mu.Unlock()
	wait := excess(a.times[key], windows, at)
	wait = max(wait, excess(a.tenant, tenantWindows, at))
	a.times[key] = append(a.times[key], at)
	a.tenant = append(a.tenant, at)
	if len(a.tenant) > 1000 {
		a.tenant = append(a.tenant[:0], a.tenant[len(a.tenant)-100:]...)
	}
	return wait
}

func excess(times []time.Time, windows []teams.Window, at time.Time) time.Duration {
	var wait time.Duration
	for _, w := range windows {
		n := 0
		for i := len(times) - 1; i >= 0 && at.Sub(times[i]) < w.Per; i-- {
			if n++; n == w.N {
				wait = max(wait, w.Per-at.Sub(times[i]))
				break
			}
		}
	}
	return wait
}

// limitKey is what a request counts towards: the kind and the conversation without its thread; a new conversation counts by its
// channel or person.
func limitKey(r *http.Request, body []byte) (string, []teams.Window) {
	id := r.PathValue("conversation")
	switch {
	case r.Method == http.MethodGet:
		if id == "" {
			id = r.PathValue("team")
		}
		return "roster " + teams.BaseConversationID(id), rosterWindows
	case id == "":
		var p struct {
			Members     []struct{ ID string }
			ChannelData struct{ Channel struct{ ID string } }
		}
		if json.Unmarshal(body, &p) == nil {
			id = p.ChannelData.Channel.ID
			for _, m := range p.Members {
				id += m.ID
			}
		}
		return "create " + id, sendWindows
	}
	return "send " + teams.BaseConversationID(id), sendWindows
}
