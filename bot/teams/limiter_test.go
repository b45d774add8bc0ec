package teams_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vuosikello/bot/teams"
)

// strict counts arrivals in sliding windows of the documented lengths.
type strict struct {
	mu    sync.Mutex
	times map[string][]time.Time
	order []string
}

func (s *strict) arrive(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.times == nil {
		s.times = make(map[string][]time.Time)
	}
	now := time.Now()
	s.times[key] = append(s.times[key], now)
	s.times["tenant"] = append(s.times["tenant"], now)
	s.order = append(s.order, key)
}

// check finds any span of a window's length that holds more than it may.
func (s *strict) check(t *testing.T, key string, windows ...teams.Window) {
	t.Helper()
	times := slices.Clone(s.times[key])
	slices.SortFunc(times, time.Time.Compare)
	for _, w := range windows {
		for i := w.N; i < len(times); i++ {
			if span := times[i].Sub(times[i-w.N]); span < w.Per {
				t.Errorf("%s: %d requests within %v, allowed are %d in %v", key, w.N+1, span, w.N, w.Per)
				return
			}
		}
	}
}

func acquire(t *testing.T, l *teams.Limiter, p teams.Priority, k teams.Kind, id string) *teams.Permit {
	t.Helper()
	permit, err := l.Acquire(t.Context(), p, k, id)
	if err != nil {
		t.Errorf("Acquire: %v", err)
		return nil
	}
	return permit
}

func TestLimiterPerConversation(t *testing.T) {
	documented := teams.DocumentedLimits()
	kinds := map[string]struct {
		kind    teams.Kind
		windows []teams.Window
		fastest time.Duration // for 200 requests: three spans of 30 s, or one
	}{
		"send":   {teams.KindSend, documented.Send, 90 * time.Second},
		"create": {teams.KindCreate, documented.Create, 90 * time.Second},
		"roster": {teams.KindRoster, documented.Roster, 30 * time.Second},
	}
	for name, k := range kinds {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, seen, start := teams.NewLimiter(teams.Limits{}), new(strict), time.Now()
				var all sync.WaitGroup
				for i := range 200 {
					all.Go(func() {
						// Threads of a channel share the channel's limit.
						permit := acquire(t, l, teams.PriorityPost, k.kind, fmt.Sprintf("19:c;messageid=%d", i))
						seen.arrive("c")
						permit.Sent()
					})
				}
				all.Wait()
				seen.check(t, "c", k.windows...)
				if took := time.Since(start); took < k.fastest || took > k.fastest+10*time.Second {
					t.Errorf("took %v, the limits allow %v", took, k.fastest)
				}
			})
		})
	}
	t.Run("over hours", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l, seen := teams.NewLimiter(teams.Limits{}), new(strict)
			for range 4000 {
				permit := acquire(t, l, teams.PriorityPost, teams.KindSend, "c")
				seen.arrive("c")
				permit.Sent()
			}
			seen.check(t, "c", documented.Send...)
		})
	})
}

// However long writing takes, the Connector sees no window overfull: requests arrive somewhere between grant and Sent.
func TestLimiterCountsArrivalsNotGrants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, seen := teams.NewLimiter(teams.Limits{}), new(strict)
		var all sync.WaitGroup
		for i := range 600 {
			all.Go(func() {
				key := fmt.Sprint(i % 3)
				if i%3 > 0 {
					key = fmt.Sprint("many", i)
				}
				permit := acquire(t, l, teams.PriorityPost, teams.KindSend, key)
				time.Sleep(time.Duration(i*37%400) * time.Millisecond) // dialling
				seen.arrive(key)
				time.Sleep(time.Duration(i*13%50) * time.Millisecond) // the rest of the body
				permit.Sent()
			})
		}
		all.Wait()
		seen.check(t, "0", teams.DocumentedLimits().Send...)
		seen.check(t, "tenant", teams.DocumentedLimits().Tenant)
	})
}

func TestLimiterTenant(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, seen, start := teams.NewLimiter(teams.Limits{}), new(strict), time.Now()
		var all sync.WaitGroup
		for i := range 500 {
			all.Go(func() {
				permit := acquire(t, l, teams.PriorityPost, teams.KindCreate, fmt.Sprint("channel", i))
				seen.arrive(fmt.Sprint(i))
				permit.Sent()
			})
		}
		all.Wait()
		seen.check(t, "tenant", teams.DocumentedLimits().Tenant)
		if took := time.Since(start); took > 10500*time.Millisecond {
			t.Errorf("500 posts took %v", took)
		}
	})
}

func TestLimiterOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := teams.NewLimiter(teams.Limits{Tenant: teams.Window{N: 1, Per: time.Second}})
		l.Hold("x", time.Second)
		l.Hold("y", time.Second) // two throttled conversations: everything waits
		var mu sync.Mutex
		var got []string
		start := func(name string, p teams.Priority) {
			go func() {
				permit := acquire(t, l, p, teams.KindSend, name)
				mu.Lock()
				got = append(got, name)
				mu.Unlock()
				permit.Sent()
			}()
			synctest.Wait()
		}
		start("background", teams.PriorityBackground)
		start("digest", teams.PriorityDigest)
		start("update", teams.PriorityUpdate)
		start("post 1", teams.PriorityPost)
		start("post 2", teams.PriorityPost)
		start("reply", teams.PriorityReply)
		start("session", teams.PrioritySession)
		if n := l.Waiting(); n != 7 {
			t.Errorf("%d waiting", n)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		want := []string{"session", "reply", "post 1", "post 2", "update", "digest", "background"}
		if !slices.Equal(got, want) {
			t.Errorf("order %v", got)
		}
	})
}

func TestLimiterBlockedConversationBlocksNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := teams.NewLimiter(teams.Limits{})
		l.Hold("19:busy;messageid=1", 10*time.Minute)
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 3)
		for range 3 {
			go func() {
				_, err := l.Acquire(ctx, teams.PrioritySession, teams.KindSend, "19:busy")
				failed <- err
			}()
		}
		synctest.Wait()
		start := time.Now()
		acquire(t, l, teams.PriorityBackground, teams.KindRoster, "19:free").Sent()
		if waited := time.Since(start); waited > 100*time.Millisecond {
			t.Errorf("waited %v behind a blocked conversation", waited)
		}
		cancel()
		for range 3 {
			if err := <-failed; !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled: %v", err)
			}
		}
		if n := l.Waiting(); n != 0 {
			t.Errorf("%d still wait after they were cancelled", n)
		}
		acquire(t, l, teams.PriorityPost, teams.KindSend, "19:busy").Sent()
		if waited := time.Since(start); waited < 9*time.Minute {
			t.Errorf("Retry-After of ten minutes was over after %v", waited)
		}
	})
}

func TestLimiterGivesBackWhatWasNotUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := teams.NewLimiter(teams.Limits{})
		start := time.Now()
		for range 100 {
			permit := acquire(t, l, teams.PriorityPost, teams.KindSend, "c")
			permit.Unsent()
			permit.Sent() // too late to count
		}
		// Only the tenant's even pace is left: 100 grants at 49/s.
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("requests that never left were counted: %v", took)
		}
	})
}

func TestLimiterForgetsIdleConversations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := teams.NewLimiter(teams.Limits{})
		for i := range 1000 {
			acquire(t, l, teams.PriorityPost, teams.KindSend, fmt.Sprint(i)).Sent()
		}
		time.Sleep(2 * time.Hour)
		acquire(t, l, teams.PriorityPost, teams.KindSend, "last").Sent()
		if n := teams.Remembered(l); n > 1 {
			t.Errorf("%d conversations remembered after two idle hours", n)
		}
	})
}

func BenchmarkLimiterUnlimited(b *testing.B) {
	l := teams.NewLimiter(teams.Limits{Unlimited: true})
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			permit, err := l.Acquire(b.Context(), teams.PriorityReply, teams.KindSend, conversations[i%len(conversations)])
			if err != nil {
				b.Fatal(err)
			}
			permit.Sent()
		}
	})
}

var conversations = func() []string {
	ids := make([]string, 512)
	for i := range ids {
		ids[i] = fmt.Sprintf("19:%d@thread.tacv2;messageid=1", i)
	}
	return ids
}()
