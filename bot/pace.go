package bot

import (
	"cmp"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"vuosikello/bot/teams"
	"vuosikello/cards"
	"vuosikello/store"
)

// Pace bounds how much one person may have the bot do: Burst at once, PerSecond from then on.
type Pace struct {
	Burst     int
	PerSecond float64
}

// Nobody gets to these by hand, and a program that speaks with somebody's account keeps the bot from nobody else: it
// answers thousands of commands and clicks a second. A download reads a good part of the database.
var (
	defaultActs  = Pace{Burst: 20000, PerSecond: 50} // commands and clicks
	defaultPages = Pace{Burst: 120, PerSecond: 2}    // downloads, feeds and views of the tab
)

// pacesKept is how many people are remembered before those who have rested are forgotten.
const pacesKept = 4096

// paces keeps people to a pace, each to their own. It keeps real time, whatever the plan's clock shows.
type paces struct {
	pace Pace
	now  func() time.Time

	mu     sync.Mutex
	people map[string]*paced
}

type paced struct {
	bucket *rate.Limiter
	told   bool // that it was too much; until there is room again for half a burst
}

func newPaces(p, standard Pace, now func() time.Time) *paces {
	return &paces{pace: cmp.Or(p, standard), now: now, people: map[string]*paced{}}
}

// take reports whether the person may do one thing more now, and if not, whether they are to be told: once, and again only
// after they have rested.
func (p *paces) take(person string) (ok, tell bool) {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	one := p.people[person]
	if one == nil {
		if len(p.people) >= pacesKept {
			for id, other := range p.people {
				if other.bucket.TokensAt(now) >= float64(p.pace.Burst) {
					delete(p.people, id)
				}
			}
		}
		one = &paced{bucket: rate.NewLimiter(rate.Limit(p.pace.PerSecond), p.pace.Burst)}
		p.people[person] = one
	}
	if one.bucket.TokensAt(now) >= float64(p.pace.Burst)/2 {
		one.told = false
	}
	if one.bucket.AllowN(now, 1) {
		return true, false
	}
	tell, one.told = !one.told, true
	return false, tell
}

// tooMuch answers an activity of somebody who is over their pace: once with a sentence, then with nothing but 200. A click
// that is an invoke gets the sentence each time: its client waits for an answer, and it costs no message.
func (t *turn) tooMuch(tell bool) (teams.Response, error) {
	t.Metrics.slowed.WithLabelValues("activity").Inc()
	if tell {
		t.Logger.Warn("somebody sends more than people do; for a while the rest is not acted upon")
	}
	switch {
	case t.a.Type == teams.TypeInvoke:
		return t.respond(say(t.lang.T("error.too_much")))
	case tell:
		t.reply(cards.Message{Text: t.lang.T("error.too_much")}.Card(t.lang))
	}
	return teams.Response{}, nil
}

// slowed refuses a page to somebody who is over their pace.
func (b *Bot) slowed(w http.ResponseWriter, person string) error {
	ok, tell := b.pages.take(person)
	if ok {
		return nil
	}
	b.Metrics.slowed.WithLabelValues("page").Inc()
	if tell {
		b.Logger.Warn("somebody opens more pages than people do; for a while the rest is refused")
	}
	w.Header().Set("Retry-After", "60")
	return errTooMuch
}

var errTooMuch = store.Invalid("", "error.too_much")

// pacedBy is who an activity counts for.
func (t *turn) pacedBy() string { return first(t.person.ID, strings.ToLower(t.person.TeamsID)) }
