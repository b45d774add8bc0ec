package graph

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// laneName is a service behind Graph that counts and throttles requests on its own ("Microsoft Graph service-specific throttling limits").
type laneName int

const (
	laneCalendar laneName = iota // Outlook: 10,000 requests in 10 minutes per app and mailbox
	laneMeetings                 // Teams: 30 requests a second per app and tenant for all that has no limit of its own
	laneCount
)

// A bucket of 10 that is filled at 20 a second lets no more than 30 requests through in any second.
const (
	laneRate  = rate.Limit(20)
	laneBurst = 10
)

// maxSilence is the longest Retry-After that is believed. Graph asks for seconds or minutes; a broken number must not silence the bot for good.
const maxSilence = time.Hour

// lane keeps requests below a service's limits, and holds them back for as long as the service asked.
type lane struct {
	limiter *rate.Limiter

	mu    sync.Mutex
	quiet time.Time // until then the service wants no requests
}

func newLane() *lane { return &lane{limiter: rate.NewLimiter(laneRate, laneBurst)} }

// silence is how long the service still wants no requests.
func (l *lane) silence(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, l.quiet.Sub(now))
}

// silenceUntil holds requests back.
func (l *lane) silenceUntil(t time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if t.After(l.quiet) {
		l.quiet = t
	}
}

// wait waits for the limit. It fails at once when ctx would end first.
func (l *lane) wait(ctx context.Context) error { return l.limiter.Wait(ctx) }
