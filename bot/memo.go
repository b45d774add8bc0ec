package bot

import (
	"sync"

	"vuosikello/cards"
	"vuosikello/store"
)

// memo keeps the cards of the year clock for as long as the database stays as it is: everybody in a channel asks for the
// same month, and a large clock takes a while to look through. It holds nothing that the database would not say again.
type memo struct {
	cards    lately[clockKey, cards.Card]
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

// How much is kept of each kind: a card with a wheel has up to 80 KB, a picture some tens or hundreds, what a full year's
// pages are made of some megabytes. What belongs to states that are past goes with the rest.
const (
	maxCards    = 48
	maxPictures = 16
	maxPlans    = 16
)

func newMemo() *memo {
	m := &memo{}
	m.cards.most, m.pictures.most = maxCards, maxPictures
	return m
}

// card returns the card of that key, building it when it is not known.
func (m *memo) card(key clockKey, build func() (cards.Card, error)) (cards.Card, error) {
	return m.cards.of(key, func() (cards.Card, error) {
		c, err := build()
		if err != nil {
			return c, err
		}
		return c.Rendered(), nil
	})
}

// lately keeps what was made by everything that it depends on: several people look at the same things, and a change makes
// another key. It holds nothing that could not be made again.
type lately[K comparable, V any] struct {
	most  int // how many are kept
	mu    sync.Mutex
	known map[K]V
}

// of returns what is known by that key, making it when it is not. fresh runs without the lock: two may make the same, and
// nobody waits for somebody else's.
func (l *lately[K, V]) of(key K, fresh func() (V, error)) (V, error) {
	l.mu.Lock()
	v, ok := l.known[key]
	l.mu.Unlock()
	if ok {
		return v, nil
	}
	v, err := fresh()
	if err != nil {
		return v, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil || len(l.known) >= l.most {
		l.known = map[K]V{}
	}
	l.known[key] = v
	return v, nil
}
