package graph

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"vuosikello/store"
)

const (
	// maxLooks is how many channels are looked at a time, and bounds what is held of them. A channel of three requests takes some three seconds
	// for its own limit, in which the limit of messages lets 60 others begin.
	maxLooks = 80

	// maxBatches is how many batches are on their way, or being read, at a time: four make up what all limits together let through in a second.
	maxBatches = 16

	// gathering is how long requests that have come free wait for others, so that batches are full, and apart is the least time between a
	// service's batches: those that go together come free together, a second after their answer, and what is late joins the next ones.
	gathering = 10 * time.Millisecond
	apart     = 100 * time.Millisecond

	// maxTries is how often a request of a sweep is sent before its channel is given up until the next sweep.
	maxTries = 4

	// firstPause is before the second try where Graph names no time; each further one is twice as long.
	firstPause = time.Second

	// maxPause is the longest Retry-After that a sweep waits for.
	maxPause = 2 * time.Minute
)

// SweepChannels looks at channels: who can see them, and what people did with the bot's posts there. Each channel is handed over as it is
// done, in any order, to one call of each at a time; only what is being looked at is held. Members and messages of a channel fail apart, and
// no channel's failure is another's. The error is for when nothing could be done, or ctx ended before all was done.
//
// Requests go in batches, every one within the limits, also those of each channel and team. What was throttled or failed for the moment is
// sent again, after the time that Graph asked for. Posts are looked for on the pages of the newest threads, which give them with their
// replies; when asking for the rest singly has become cheaper than further pages, that is done. Graph's delta queries would save none of it:
// they tell what changed since the last sweep, thread by thread of everybody's, and the page tells what is.
func (c *Client) SweepChannels(ctx context.Context, wanted []store.ChannelWanted, each func(store.ChannelSweep)) error {
	if len(wanted) == 0 {
		return nil
	}
	token, err := c.token(ctx)
	if err != nil {
		return sendBatch.problem(err)
	}
	s := &sweeper{
		client: c, claims: claimsOf(token), waiting: spread(wanted), words: make(map[string]string),
		results: make(chan result, batchSize), done: make(chan store.ChannelSweep, 1),
	}
	handed := make(chan struct{})
	go func() {
		defer close(handed)
		for sweep := range s.done {
			each(sweep)
		}
	}()
	err = s.run(ctx)
	close(s.done)
	<-handed
	return sendBatch.outcome(err)
}

// spread puts channels in an order in which the teams take turns, so that no team's limit holds the others up.
func spread(wanted []store.ChannelWanted) []store.ChannelWanted {
	turn := make(map[string]int)
	type numbered struct {
		store.ChannelWanted
		turn int
	}
	all := make([]numbered, len(wanted))
	for i, w := range wanted {
		all[i] = numbered{w, turn[w.GroupID]}
		turn[w.GroupID]++
	}
	slices.SortStableFunc(all, func(a, b numbered) int { return a.turn - b.turn })
	order := make([]store.ChannelWanted, len(all))
	for i, n := range all {
		order[i] = n.ChannelWanted
	}
	return order
}

// sweeper is one sweep. Its fields belong to the goroutine of run; batches are sent, and their answers decoded, by others.
type sweeper struct {
	client  *Client
	claims  claims
	waiting []store.ChannelWanted // not begun
	looks   int                   // begun and not done
	queue   []*ask                // not sent: messages first, since their limit is the narrowest, then in the order of channels
	sent    [laneCount]time.Time  // each service's last batches
	flying  int                   // batches on their way
	results chan result
	done    chan store.ChannelSweep
	words   map[string]string // ids, so that a person in many channels is held once
	senders sync.WaitGroup
}

// ask is one request of a look.
type ask struct {
	op      *operation
	look    *look
	address string
	tries   int
	after   time.Time // not before
	read    func(body []byte) (any, error)
	take    func(read any)
	failed  func(err error) bool // says whether it dealt with the error
}

// result is what came of a request, or, without one, that a batch is over.
type result struct {
	ask  *ask
	read any
	err  error
}

func (s *sweeper) run(ctx context.Context) error {
	defer func() {
		// Only after an early end are there any: they must not wait for somebody to take their results.
		go func() { s.senders.Wait(); close(s.results) }()
		for range s.results {
		}
	}()
	for {
		freed := s.client.gates.changed()
		for s.looks < maxLooks && len(s.waiting) > 0 {
			s.begin(ctx, s.waiting[0])
			s.waiting = s.waiting[1:]
		}
		if s.looks == 0 && len(s.waiting) == 0 {
			return nil
		}
		next := s.dispatch(ctx)
		if err := s.await(ctx, freed, next); err != nil {
			return err
		}
	}
}

// await returns when there may be something to send, and what comes in meanwhile is dealt with. next is when a request that waits for its
// time may go, zero when none waits.
func (s *sweeper) await(ctx context.Context, freed <-chan struct{}, next time.Time) error {
	var due <-chan time.Time
	if !next.IsZero() {
		timer := time.NewTimer(next.Sub(s.client.now()))
		defer timer.Stop()
		due = timer.C
	}
	var gathered <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case r := <-s.results:
			if r.ask == nil {
				s.flying--
			} else {
				s.settle(ctx, r)
			}
		case <-freed:
			freed = nil
		case <-due:
			due = nil
		case <-gathered:
			return nil
		}
		if gathered == nil {
			gathered = time.After(gathering)
		}
	}
}

// dispatch sends what may be sent. It returns when the first request that waits for its time may go.
func (s *sweeper) dispatch(ctx context.Context) (next time.Time) {
	gates, now := s.client.gates, s.client.now()
	// Each service has batches of its own: a batch is answered when its slowest part is, and messages, whose limit is the narrowest, must not
	// wait for pages of a thousand members.
	var batches [laneCount][]*ask
	var sending [laneCount]bool
	send := func(lane laneName) {
		if len(batches[lane]) > 0 {
			s.flying++
			s.senders.Add(1)
			go s.send(ctx, batches[lane])
			batches[lane] = nil
		}
	}
	wait := func(until time.Time) {
		if next.IsZero() || until.Before(next) {
			next = until
		}
	}
	var left []*ask
	for _, a := range s.queue {
		here := place{a.op.lane, a.look.wanted.ChannelRef}
		silence := gates.silence(here, now)
		switch {
		case a.look.failed(a.op):
			s.over(a.look)
			continue
		case silence > maxPause:
			a.look.fail(a.op, a.op.silenced(silence))
			s.over(a.look)
			continue
		case a.after.After(now) || silence > 0:
			wait(later(a.after, now.Add(silence)))
		case now.Sub(s.sent[a.op.lane]) < apart:
			wait(s.sent[a.op.lane].Add(apart))
		case s.flying < maxBatches && gates.tryTake(here):
			sending[a.op.lane] = true
			if batches[a.op.lane] = append(batches[a.op.lane], a); len(batches[a.op.lane]) == batchSize {
				send(a.op.lane)
			}
			continue
		}
		left = append(left, a)
	}
	s.queue = left
	for lane := range laneCount {
		send(lane)
		if sending[lane] {
			s.sent[lane] = now
		}
	}
	return next
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// send sends a batch of one service's requests and gives what came of each.
func (s *sweeper) send(ctx context.Context, batch []*ask) {
	defer s.senders.Done()
	c := s.client
	addresses, places := make([]string, len(batch)), make([]place, len(batch))
	for i, a := range batch {
		addresses[i], places[i] = a.address, place{a.op.lane, a.look.wanted.ChannelRef}
	}
	began := c.now()
	open := slices.Clone(batch)
	served := false // any part
	var throttled []refused
	answered := sync.OnceFunc(func() { c.gates.leave(places...) })
	err := c.batch(ctx, addresses, answered, func(i int, p *part) {
		a := batch[i]
		open[i] = nil
		c.observe(a.op.name, p.Status, c.now().Sub(began))
		if p.Status < 200 || p.Status > 299 {
			r := newRefusal(a.op, p.Status, p.header(), p.Body, c.now())
			if r.retryAfter > 0 {
				throttled = append(throttled, refused{places[i], c.now().Add(r.retryAfter)})
			}
			s.results <- result{ask: a, err: r}
			return
		}
		served = true
		read, err := a.read(p.Body)
		s.results <- result{ask: a, read: read, err: err}
	})
	answered() // when there was no token, it was not sent
	var whole *refusal
	if errors.As(err, &whole) && whole.retryAfter > 0 {
		c.gates.hushLane(places[0].lane, c.now().Add(whole.retryAfter))
	}
	for _, r := range throttled {
		// Where others of the batch were answered, what is used up is the channel's own limit.
		if served || len(throttled) == 1 {
			c.gates.hushChannel(r.place, r.until)
		} else {
			c.gates.hushLane(r.place.lane, r.until)
		}
	}
	for _, a := range open {
		if a != nil {
			if err == nil {
				err = errUnanswered
			}
			s.results <- result{ask: a, err: err}
		}
	}
	s.results <- result{}
}

// refused is a part of a batch that Graph wants no more of until some time.
type refused struct {
	place place
	until time.Time
}

// settle deals with what came of a request.
func (s *sweeper) settle(ctx context.Context, r result) {
	a := r.ask
	if r.err == nil {
		if !a.look.failed(a.op) {
			a.take(r.read)
		}
		s.over(a.look)
		return
	}
	if ctx.Err() != nil {
		return // run is about to end
	}
	if a.failed != nil && a.failed(r.err) {
		s.over(a.look)
		return
	}
	a.tries++
	if wait, again := pause(r.err, a.tries); again {
		a.after = s.client.now().Add(wait)
		s.enqueue(a)
		return
	}
	a.look.fail(a.op, a.op.problem(r.err))
	s.over(a.look)
}

// pause is how long to wait before a request is sent again, if that may help.
func pause(err error, tries int) (wait time.Duration, again bool) {
	wait = firstPause << (tries - 1)
	var r *refusal
	if errors.As(err, &r) {
		switch r.status {
		case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			wait = max(wait, r.retryAfter)
		default:
			return 0, false
		}
	}
	return wait, tries < maxTries && wait <= maxPause && !errors.Is(err, errToken)
}

// enqueue keeps the queue's order: messages before the others.
func (s *sweeper) enqueue(a *ask) {
	i := len(s.queue)
	if a.op.lane == laneMessages {
		i = slices.IndexFunc(s.queue, func(other *ask) bool { return other.op.lane != laneMessages })
		if i < 0 {
			i = len(s.queue)
		}
	}
	s.queue = slices.Insert(s.queue, i, a)
}

// over is called for each request of a look that is dealt with. With the last one the channel is handed over.
func (s *sweeper) over(l *look) {
	if l.open--; l.open > 0 {
		return
	}
	s.looks--
	s.done <- l.result(s.claims)
}

// word is a string of which one copy is kept for the whole sweep.
func (s *sweeper) word(w string) string {
	if known, ok := s.words[w]; ok {
		return known
	}
	s.words[w] = w
	return w
}
