package graph

import (
	"context"
	"sync"
	"time"

	"vuosikello/store"
)

// limit is how many requests are taken within a span of time.
type limit struct {
	requests int
	span     time.Duration
}

// laneName is a service behind Graph that counts and throttles requests on its own ("Microsoft Graph service-specific throttling limits").
type laneName int

const (
	laneCalendar laneName = iota
	laneMeetings
	laneMembers
	laneMessages
	laneReports
	laneCount
)

// laneLimits are per app and tenant.
var laneLimits = [laneCount]limit{
	laneCalendar: {16, time.Second},      // Outlook: 10,000 in 10 minutes per app and mailbox
	laneMeetings: {30, time.Second},      // Teams: everything that has no limit of its own
	laneMembers:  {60, time.Second},      // Teams: members of teams and channels
	laneMessages: {20, time.Second},      // Teams: messages of channels
	laneReports:  {14, 10 * time.Minute}, // Microsoft 365 reports
}

// What is asked about a channel counts for the channel and for its team, too, whatever it is.
var (
	teamLimit    = limit{4, time.Second}
	channelLimit = limit{1, time.Second}
)

// maxSilence is the longest Retry-After that is believed. Graph asks for seconds or minutes; a broken number must not silence the bot for good.
const maxSilence = time.Hour

// place is what a request counts for.
type place struct {
	lane    laneName
	channel store.ChannelRef // zero for what is about no channel
}

// gates keep requests below the limits, and hold them back for as long as a service asked.
//
// A request takes a slot of each limit that it counts for when it is sent, and gives it back when the limit's span has passed since it was
// answered. Whenever the service counts it, that is in between: so the service never counts more than the limit in any span, however long
// requests are on their way.
type gates struct {
	mu       sync.Mutex
	lanes    [laneCount]gate
	teams    map[string]*gate
	channels map[store.ChannelRef]*gate
	freed    chan struct{} // closed, and another put in its place, when slots come free
}

// gate is one limit in use.
type gate struct {
	limit limit
	taken int
	quiet time.Time // until then no requests are wanted
}

func newGates() *gates {
	g := &gates{teams: make(map[string]*gate), channels: make(map[store.ChannelRef]*gate), freed: make(chan struct{})}
	for i := range g.lanes {
		g.lanes[i].limit = laneLimits[i]
	}
	return g
}

// of are the gates of a place, the lane's first. Called with the lock held.
func (g *gates) of(p place) []*gate {
	all := append(make([]*gate, 0, 3), &g.lanes[p.lane])
	if p.channel.GroupID == "" {
		return all
	}
	team, ok := g.teams[p.channel.GroupID]
	if !ok {
		team = &gate{limit: teamLimit}
		g.teams[p.channel.GroupID] = team
	}
	channel, ok := g.channels[p.channel]
	if !ok {
		channel = &gate{limit: channelLimit}
		g.channels[p.channel] = channel
	}
	return append(all, team, channel)
}

// tryTake takes a slot of every limit, or none.
func (g *gates) tryTake(p place) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := g.of(p)
	for _, gate := range all {
		if gate.taken >= gate.limit.requests {
			return false
		}
	}
	for _, gate := range all {
		gate.taken++
	}
	return true
}

// take waits for the slots. It fails when ctx ends.
func (g *gates) take(ctx context.Context, p place) error {
	for {
		freed := g.changed() // before trying, so that nothing is missed
		if err := ctx.Err(); err != nil {
			return err
		}
		if g.tryTake(p) {
			return nil
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// changed is closed when slots come free.
func (g *gates) changed() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.freed
}

// leave is told that requests were answered, or never will be.
func (g *gates) leave(places ...place) {
	g.mu.Lock()
	defer g.mu.Unlock()
	spans := make(map[time.Duration][]*gate)
	for _, p := range places {
		for _, gate := range g.of(p) {
			spans[gate.limit.span] = append(spans[gate.limit.span], gate)
		}
	}
	for span, left := range spans {
		time.AfterFunc(span, func() { g.free(left) })
	}
}

func (g *gates) free(left []*gate) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, gate := range left {
		gate.taken--
	}
	close(g.freed)
	g.freed = make(chan struct{})
}

// silence is how long no requests are wanted at a place.
func (g *gates) silence(p place, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	var longest time.Duration
	for _, gate := range g.of(p) {
		longest = max(longest, gate.quiet.Sub(now))
	}
	return longest
}

// hushLane holds a service's requests back.
func (g *gates) hushLane(lane laneName, until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.lanes[lane].hush(until)
}

// hushChannel holds requests about a channel back.
func (g *gates) hushChannel(p place, until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := g.of(p)
	all[len(all)-1].hush(until)
}

func (g *gate) hush(until time.Time) {
	if until.After(g.quiet) {
		g.quiet = until
	}
}
