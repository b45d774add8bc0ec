package bot

import "sync"

// recent remembers the last activities, so that one which the platform sends again while or after it is handled is not
// answered twice. What an activity changes is also guarded in its transaction, by store.FirstSight; this guards answers.
type recent struct {
	mu       sync.Mutex
	now, old map[string]struct{}
}

// recentMax bounds each of the two generations.
const recentMax = 20_000

func newRecent() *recent { return &recent{now: map[string]struct{}{}, old: map[string]struct{}{}} }

// first reports whether the key is new, and remembers it.
func (r *recent) first(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.now[key]; ok {
		return false
	}
	if _, ok := r.old[key]; ok {
		return false
	}
	if len(r.now) >= recentMax {
		r.now, r.old = map[string]struct{}{}, r.now
	}
	r.now[key] = struct{}{}
	return true
}

// forget lets an activity be handled again: handling it failed.
func (r *recent) forget(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.now, key)
	delete(r.old, key)
}
