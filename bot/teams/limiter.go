package teams

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// Priority orders requests that wait for the limits: higher goes first, equals in the order they came.
type Priority int

// Priorities, from what can wait to what cannot.
const (
	PriorityBackground Priority = iota // rosters, channel lists
	PriorityDigest
	PriorityUpdate // corrections of posted cards
	PriorityPost
	PriorityReply   // a person is waiting
	PrioritySession // a session about to start
)

// Kind is the sort of request as the Connector counts them.
type Kind int

// Kinds. Sending includes replies, updates and deletions: the documents do not say that these are free.
const (
	KindSend Kind = iota
	KindCreate
	KindRoster
)

// Window allows N requests in any span of Per.
type Window struct {
	N   int
	Per time.Duration
}

// Limits are the Connector's limits. The zero value means the documented ones.
type Limits struct {
	Send, Create, Roster []Window // per conversation, shortest first
	Tenant               Window   // everything the bot sends in its tenant

	// Margin widens every window, for the differences in how long requests take to arrive. Zero means 20 ms.
	Margin time.Duration

	// Unlimited lifts all limits, for benchmarks. Retry-After is obeyed nevertheless.
	Unlimited bool
}

// DocumentedLimits are those of "Rate limiting for bots": per bot and conversation, and 50 requests per second per app and tenant.
func DocumentedLimits() Limits {
	sends := []Window{{7, time.Second}, {8, 2 * time.Second}, {60, 30 * time.Second}, {1800, time.Hour}}
	return Limits{
		Send:   sends,
		Create: sends,
		Roster: []Window{{14, time.Second}, {16, 2 * time.Second}, {120, 30 * time.Second}, {3600, time.Hour}},
		Tenant: Window{50, time.Second},
		Margin: 20 * time.Millisecond,
	}
}

const (
	// catchUp lets requests that were late by a slow timer leave closer together; the tenant's window holds all the same.
	catchUp = 100 * time.Millisecond

	// Conversations that were idle for idleLong are forgotten. When more than maxIdle are remembered, those idle for idleShort with
	// few requests are too: they are far from any limit.
	sweepEvery = time.Minute
	idleLong   = time.Hour
	idleShort  = 30 * time.Second
	maxIdle    = 10_000
	fewSent    = 60

	forever = time.Duration(1<<63 - 1)
)

// Limiter keeps the bot's requests within the Connector's limits, so that it is not answered 429. It is safe for concurrent use and has no goroutine
// of its own.
//
// A request counts from the moment it is granted until it is written, and then for the length of each window after that moment. So
// however long dialling takes, no window seen by the Connector holds more than it may, apart from differences in
// travel time, which Margin covers. Grants for the tenant as a whole are spaced evenly rather than given in bursts, so that
// an urgent request never waits long behind ordinary ones.
type Limiter struct {
	limits Limits
	pace   time.Duration // between grants
	start  time.Time     // all times below are durations since start: monotonic, untouched by clock steps

	mu        sync.Mutex
	seq       uint64
	tenant    history
	next      time.Duration // when the next grant is due by pace
	held      time.Duration // nothing leaves before, by Retry-After
	throttled map[string]time.Duration
	queues    map[queueKey]*queue
	ready     readyHeap
	blocked   blockedHeap
	timer     *time.Timer
	swept     time.Duration
}

type queueKey struct {
	kind Kind
	id   string
}

// NewLimiter returns a Limiter for limits; the zero Limits means DocumentedLimits.
func NewLimiter(limits Limits) *Limiter {
	documented := DocumentedLimits()
	if limits.Send == nil {
		limits.Send = documented.Send
	}
	if limits.Create == nil {
		limits.Create = documented.Create
	}
	if limits.Roster == nil {
		limits.Roster = documented.Roster
	}
	if limits.Tenant.N <= 0 {
		limits.Tenant = documented.Tenant
	}
	if limits.Margin <= 0 {
		limits.Margin = documented.Margin
	}
	l := &Limiter{
		limits:    limits,
		pace:      (limits.Tenant.Per + limits.Margin) / time.Duration(limits.Tenant.N),
		start:     time.Now(),
		throttled: make(map[string]time.Duration),
		queues:    make(map[queueKey]*queue),
	}
	return l
}

// Acquire waits until a request of this kind may be sent to the conversation. Threads of a channel count as the channel. The caller must call Sent
// or Unsent on the permit. The error is ctx's; its place in the queue is then free.
func (l *Limiter) Acquire(ctx context.Context, priority Priority, kind Kind, conversationID string) (*Permit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l.mu.Lock()
	q := l.queue(queueKey{kind, BaseConversationID(conversationID)})
	l.seq++
	w := &waiter{priority: priority, seq: l.seq, granted: make(chan struct{})}
	heap.Push(&q.waiters, w)
	l.place(q)
	l.pump()
	l.mu.Unlock()

	select {
	case <-w.granted:
		return &Permit{limiter: l, queue: q}, nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if w.index < 0 { // granted in the meantime
		l.settle(q, false)
	} else {
		heap.Remove(&q.waiters, w.index)
		l.place(q)
	}
	l.pump()
	return nil, ctx.Err()
}

// Hold keeps a conversation from being used for d: the Connector's Retry-After. When a second conversation is throttled while the
// first still is, the tenant as a whole is taken to be, and everything waits.
func (l *Limiter) Hold(conversationID string, d time.Duration) {
	if d <= 0 {
		return
	}
	id := BaseConversationID(conversationID)
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for other, until := range l.throttled {
		if until <= now {
			delete(l.throttled, other)
		}
	}
	l.throttled[id] = max(l.throttled[id], now+d)
	if len(l.throttled) > 1 {
		l.held = max(l.held, now+d)
	}
	for _, kind := range []Kind{KindSend, KindCreate, KindRoster} {
		q := l.queue(queueKey{kind, id})
		q.held = max(q.held, now+d)
		l.place(q)
	}
	l.pump()
}

// Waiting is the number of requests that wait for a permit.
func (l *Limiter) Waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, q := range l.queues {
		n += len(q.waiters)
	}
	return n
}

// Permit allows one request.
type Permit struct {
	limiter *Limiter
	queue   *queue
	once    sync.Once
}

// Sent says that the request has been written, or may have been. Only the first call of Sent or Unsent counts.
func (p *Permit) Sent() { p.settle(true) }

// Unsent says that the request never left, so that it counts towards no limit.
func (p *Permit) Unsent() { p.settle(false) }

func (p *Permit) settle(sent bool) {
	p.once.Do(func() {
		p.limiter.mu.Lock()
		defer p.limiter.mu.Unlock()
		p.limiter.settle(p.queue, sent)
		p.limiter.pump()
	})
}

func (l *Limiter) settle(q *queue, sent bool) {
	now := l.now()
	sent = sent && !l.limits.Unlimited // nobody would ever look at the history, nor trim it
	l.tenant.settle(now, sent)
	q.history.settle(now, sent)
	q.touched = now
	l.place(q)
}

func (l *Limiter) now() time.Duration { return time.Since(l.start) }

func (l *Limiter) queue(key queueKey) *queue {
	q := l.queues[key]
	if q == nil {
		q = &queue{readyIndex: -1, blockedIndex: -1, touched: l.now()}
		switch key.kind {
		case KindCreate:
			q.windows = l.limits.Create
		case KindRoster:
			q.windows = l.limits.Roster
		default:
			q.windows = l.limits.Send
		}
		l.queues[key] = q
	}
	return q
}

// place puts a queue where it belongs after any change: among the ready, among the blocked until a time, or in neither when nobody
// waits or only the end of a write can help.
func (l *Limiter) place(q *queue) {
	if q.readyIndex >= 0 {
		heap.Remove(&l.ready, q.readyIndex)
	}
	if q.blockedIndex >= 0 {
		heap.Remove(&l.blocked, q.blockedIndex)
	}
	if len(q.waiters) == 0 {
		return
	}
	now := l.now()
	q.until = q.held
	if !l.limits.Unlimited {
		q.until = max(q.until, q.history.free(q.windows, l.limits.Margin))
	}
	switch {
	case q.until <= now:
		heap.Push(&l.ready, q)
	case q.until != forever:
		heap.Push(&l.blocked, q)
	}
}

// tenantFree is when the tenant's limit, pace and hold allow the next grant; forever when a write must end first.
func (l *Limiter) tenantFree() time.Duration {
	if l.limits.Unlimited {
		return l.held
	}
	free := l.tenant.free([]Window{l.limits.Tenant}, l.limits.Margin)
	return max(l.held, l.next, free)
}

// pump grants what may be granted now and sets the timer for the rest.
func (l *Limiter) pump() {
	now := l.now()
	for len(l.blocked) > 0 && l.blocked[0].until <= now {
		l.place(l.blocked[0])
	}
	wake := forever
	for len(l.ready) > 0 {
		if wake = l.tenantFree(); wake > now {
			break
		}
		wake = forever
		q := l.ready[0]
		w := heap.Pop(&q.waiters).(*waiter)
		l.tenant.unwritten++
		q.history.unwritten++
		l.next = max(l.next, now-catchUp) + l.pace
		l.place(q)
		close(w.granted)
	}
	if len(l.blocked) > 0 {
		wake = min(wake, l.blocked[0].until)
	}
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
	if wake != forever {
		l.timer = time.AfterFunc(wake-now, func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.pump()
		})
	}
	if now-l.swept >= sweepEvery {
		l.sweep(now)
	}
}

// sweep forgets idle conversations, so that memory does not grow with every conversation ever written to.
func (l *Limiter) sweep(now time.Duration) {
	l.swept = now
	crowded := len(l.queues) > maxIdle
	for key, q := range l.queues {
		if len(q.waiters) > 0 || q.history.unwritten > 0 || q.held > now {
			continue
		}
		idle := now - q.touched
		if idle > idleLong || crowded && idle > idleShort && len(q.history.sent) < fewSent {
			delete(l.queues, key)
		}
	}
}
