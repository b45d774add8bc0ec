package bot

import (
	"errors"
	"sync"

	"vuosikello/cards"
	"vuosikello/store"
)

// memo keeps what takes a while to make, for as long as what it was made from stays as it is: everybody in a channel asks for
// the same month, and a large clock takes a while to look through. It holds nothing that the database would not say again.
type memo struct {
	cards    lately[clockKey, cards.Card]
	years    lately[yearKey, *yearPlan]
	wheels   lately[wheelKey, *cards.WheelPicture]
	pictures lately[pictureKey, []byte]
}

// clockKey is everything that a card of the year clock is made from.
type clockKey struct {
	version store.Version
	view    clockView
	today   store.Date
	lang    cards.Lang
	canAdd  bool
}

// How much is kept of each kind: a card with a wheel has up to 80 KB, a picture some tens or hundreds, a year of ten thousand
// entries a megabyte, what a full year's pages are made of some megabytes. What belongs to states that are past goes with the rest.
const (
	maxCards    = 24
	maxYears    = 4
	maxPictures = 16
	maxPlans    = 6
)

func newMemo() *memo {
	m := &memo{}
	m.cards.most, m.years.most, m.wheels.most, m.pictures.most = maxCards, maxYears, maxPictures, maxPictures
	return m
}

// lately keeps what was made by everything that it depends on: several people look at the same things, and a change makes
// another key. It holds nothing that could not be made again.
type lately[K comparable, V any] struct {
	most  int // how many are kept
	mu    sync.Mutex
	known map[K]*made[V]
}

// made is something that is being made, until done is closed.
type made[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// of returns what is known by that key, making it when it is not. Who asks for it meanwhile waits, since making it twice would
// take twice the memory. What could not be made is not kept.
func (l *lately[K, V]) of(key K, fresh func() (V, error)) (V, error) {
	l.mu.Lock()
	m, known := l.known[key]
	if !known {
		if l.known == nil || len(l.known) >= l.most {
			l.known = map[K]*made[V]{}
		}
		m = &made[V]{done: make(chan struct{}), err: errNotMade}
		l.known[key] = m
	}
	l.mu.Unlock()
	if known {
		<-m.done
		return m.value, m.err
	}
	defer func() { // also when fresh panics
		if m.err != nil {
			l.mu.Lock()
			if l.known[key] == m {
				delete(l.known, key)
			}
			l.mu.Unlock()
		}
		close(m.done)
	}()
	m.value, m.err = fresh()
	return m.value, m.err
}

// errNotMade is what those who waited are told when making it ended in a panic.
var errNotMade = errors.New("what was asked for could not be made")

// get returns what is known by that key, unless it is still being made.
func (l *lately[K, V]) get(key K) (v V, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m, known := l.known[key]
	if !known {
		return v, false
	}
	select {
	case <-m.done:
		return m.value, m.err == nil
	default:
		return v, false
	}
}
