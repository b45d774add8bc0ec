package bot

import (
	"sync"

	"vuosikello/cards"
	"vuosikello/store"
)

// memo keeps the cards of the year clock for as long as the database stays as it is: everybody in a channel asks for the
// same month, and a large clock takes a while to look through. It holds nothing that the database would not say again.
type memo struct {
	mu    sync.Mutex
	cards map[clockKey]cards.Card

	pictures map[pictureKey][]byte
}

// clockKey is everything that a card of the year clock is made from.
type clockKey struct {
	version store.Version
	view    clockView
	today   store.Date
	lang    cards.Lang
	canAdd  bool
}

// memoMax bounds the cards of the memo: those with a wheel have up to 80 KB. Cards of states that are past go with it.
const memoMax = 48

func newMemo() *memo {
	return &memo{cards: map[clockKey]cards.Card{}, pictures: map[pictureKey][]byte{}}
}

// card returns the card of that key, building it when it is not known. build runs without the lock: two may build the
// same, and nobody waits for somebody else's.
func (m *memo) card(key clockKey, build func() (cards.Card, error)) (cards.Card, error) {
	m.mu.Lock()
	c, ok := m.cards[key]
	m.mu.Unlock()
	if ok {
		return c, nil
	}
	c, err := build()
	if err != nil {
		return c, err
	}
	c = c.Rendered()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.cards) >= memoMax {
		clear(m.cards)
	}
	m.cards[key] = c
	return c, nil
}
