package cards

import (
	"strconv"

	"vuosikello/store"
)

// Upcoming is the list of what is ahead.
type Upcoming struct {
	Days   int // how far the list reaches
	Items  []Item
	Today  store.Date
	CanAdd bool
}

// Card builds the card.
func (u Upcoming) Card(l Lang) Card {
	title := l.T("upcoming.empty")
	if n := len(u.Items); n > 0 {
		title = l.T("upcoming.title", "n", n)
	}
	kind := l.T("upcoming.kind", "n", u.Days)
	c := Card{Summary: kind + ": " + title, Body: header(kind, title)}
	c.Body = append(c.Body, list{items: u.Items, today: u.Today, from: u.Today}.elements(l)...)
	if next := 3 * u.Days; next <= maxUpcoming {
		c.Actions = append(c.Actions, command(l.T("upcoming.further", "n", next), l.Word("command.upcoming")+" "+strconv.Itoa(next)))
	}
	c.Actions = append(c.Actions, command(l.T("upcoming.clock"), l.Word("command.clock")))
	if u.CanAdd {
		c.Actions = append(c.Actions, command(l.T("clock.add"), l.Word("command.add")))
	}
	return c
}

// maxUpcoming is as far as a button leads; beyond a year the clock itself is the better view.
const maxUpcoming = 366
