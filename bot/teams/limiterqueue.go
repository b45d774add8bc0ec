package teams

import (
	"container/heap"
	"time"
)

// history is what a limit remembers: when requests were written, oldest first, and how many were granted and are not written yet.
type history struct {
	sent      []time.Duration
	unwritten int
}

func (h *history) settle(now time.Duration, sent bool) {
	h.unwritten--
	if sent {
		h.sent = append(h.sent, now)
	}
}

// free is the earliest time at which one more request fits into all windows, forever when only the end of a write can make room. It
// forgets what no window looks at any more.
func (h *history) free(windows []Window, margin time.Duration) time.Duration {
	var at time.Duration
	longest := 0
	for _, w := range windows {
		longest = max(longest, w.N)
		room := w.N - h.unwritten
		if room <= 0 {
			return forever
		}
		if len(h.sent) >= room {
			// The room-th most recent request must have left the window.
			at = max(at, h.sent[len(h.sent)-room]+w.Per+margin)
		}
	}
	if len(h.sent) > 2*longest {
		h.sent = append(h.sent[:0], h.sent[len(h.sent)-longest:]...)
	}
	return at
}

// waiter is one Acquire in progress. index is -1 once granted.
type waiter struct {
	priority Priority
	seq      uint64
	index    int
	granted  chan struct{}
}

func (w *waiter) before(o *waiter) bool {
	if w.priority != o.priority {
		return w.priority > o.priority
	}
	return w.seq < o.seq
}

// queue is one conversation and kind.
type queue struct {
	windows []Window
	history history
	waiters waiterHeap
	held    time.Duration // by Retry-After
	until   time.Duration // blocked until, as of the last place
	touched time.Duration

	readyIndex, blockedIndex int // -1 when not there
}

type waiterHeap []*waiter

func (h waiterHeap) Len() int           { return len(h) }
func (h waiterHeap) Less(i, j int) bool { return h[i].before(h[j]) }
func (h waiterHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *waiterHeap) Push(x any) {
	w := x.(*waiter)
	w.index = len(*h)
	*h = append(*h, w)
}
func (h *waiterHeap) Pop() any {
	w := pop((*[]*waiter)(h))
	w.index = -1
	return w
}

// readyHeap orders the queues that may send now by their first waiter.
type readyHeap []*queue

func (h readyHeap) Len() int           { return len(h) }
func (h readyHeap) Less(i, j int) bool { return h[i].waiters[0].before(h[j].waiters[0]) }
func (h readyHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].readyIndex, h[j].readyIndex = i, j
}
func (h *readyHeap) Push(x any) {
	q := x.(*queue)
	q.readyIndex = len(*h)
	*h = append(*h, q)
}
func (h *readyHeap) Pop() any {
	q := pop((*[]*queue)(h))
	q.readyIndex = -1
	return q
}

// blockedHeap orders the queues that must wait by when they may go on.
type blockedHeap []*queue

func (h blockedHeap) Len() int           { return len(h) }
func (h blockedHeap) Less(i, j int) bool { return h[i].until < h[j].until }
func (h blockedHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].blockedIndex, h[j].blockedIndex = i, j
}
func (h *blockedHeap) Push(x any) {
	q := x.(*queue)
	q.blockedIndex = len(*h)
	*h = append(*h, q)
}
func (h *blockedHeap) Pop() any {
	q := pop((*[]*queue)(h))
	q.blockedIndex = -1
	return q
}

func pop[T any](s *[]*T) *T {
	last := len(*s) - 1
	x := (*s)[last]
	(*s)[last] = nil
	*s = (*s)[:last]
	return x
}

var (
	_ heap.Interface = (*waiterHeap)(nil)
	_ heap.Interface = (*readyHeap)(nil)
	_ heap.Interface = (*blockedHeap)(nil)
)
