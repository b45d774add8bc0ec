package cards

import (
	"strconv"
	"time"

	"vuosikello/store"
)

// Clock is a month, a year or a campaign of the year clock as text, grouped by week.
type Clock struct {
	Year      int
	Month     time.Month // 0 for the whole year
	Campaign  string     // "" for all
	Items     []Item     // in order of start; those that Shown does not name need no Entry
	Campaigns []string   // of that year, for buttons
	Today     store.Date
	CanAdd    bool
	Wheel     *WheelPicture // of the year; nil: without
	Page      string        // address of the same as a page, "" for none
}

// Card builds the card.
func (c Clock) Card(l Lang) Card {
	title := c.title(l)
	s := c.list()
	card := Card{
		Summary: l.T("clock.summary", "title", Clean(title), "n", len(c.Items)),
		Body:    header(l.T("clock.kind", "n", len(c.Items)), title),
	}
	if c.Wheel != nil {
		card.Body = append(card.Body, c.Wheel.elements(l)...)
		if c.Month != 0 {
			card.Body = append(card.Body, TextBlock{Text: Text(upperFirst(l.MonthYear(c.Year, c.Month))), Weight: weightBolder, Spacing: spacingMedium, Heading: true})
		}
	}
	if len(c.Items) == 0 {
		card.Body = append(card.Body, paragraph(l.T("clock.empty")))
	}
	card.Body = append(card.Body, s.elements(l)...)
	card.Actions = c.buttons(l)
	return card
}

// Shown returns the indices of the items that the card may show, in order; the others are only counted. It looks at no Entry.
// wheel says whether the card will have one: it has less room then.
func (c Clock) Shown(wheel bool) []int {
	if wheel {
		c.Wheel = &WheelPicture{}
	}
	return c.list().shown()
}

func (c Clock) list() list {
	s := list{items: c.Items, today: c.Today, byMonth: c.Month == 0, short: c.Wheel != nil}
	if c.Month != 0 {
		s.from = store.NewDate(c.Year, c.Month, 1)
	}
	return s
}

func (c Clock) title(l Lang) string {
	switch {
	case c.Campaign != "":
		return l.T("clock.campaign", "campaign", clip(c.Campaign, showName), "year", strconv.Itoa(c.Year))
	case c.Wheel != nil:
		return clip(c.Wheel.Title, 2*showName)
	case c.Month == 0:
		return l.T("clock.year", "year", strconv.Itoa(c.Year))
	default:
		return upperFirst(l.MonthYear(c.Year, c.Month))
	}
}

// buttons lead to the neighbours, and under "more" to the year and its campaigns.
func (c Clock) buttons(l Lang) []Action {
	word := l.Word("command.clock") + " "
	year := strconv.Itoa(c.Year)
	var buttons, more []Action
	switch {
	case c.Campaign != "":
		buttons = append(buttons, command(l.T("clock.this_month"), word+l.MonthYear(c.Today.Year(), c.Today.Month())))
		more = append(more, command(l.T("clock.whole_year", "year", year), word+year))
	case c.Month == 0:
		before, after := strconv.Itoa(c.Year-1), strconv.Itoa(c.Year+1)
		buttons = append(buttons,
			command(l.T("clock.previous", "name", before), word+before),
			command(l.T("clock.next", "name", after), word+after))
		more = append(more, command(l.T("clock.this_month"), word+l.MonthYear(c.Today.Year(), c.Today.Month())))
	default:
		y, month := monthBefore(c.Year, c.Month)
		buttons = append(buttons, command(l.T("clock.previous", "name", l.Month(month)), word+l.MonthYear(y, month)))
		y, month = monthAfter(c.Year, c.Month)
		buttons = append(buttons, command(l.T("clock.next", "name", l.Month(month)), word+l.MonthYear(y, month)))
		more = append(more, command(l.T("clock.whole_year", "year", year), word+year))
	}
	if c.Page != "" {
		more = append(more, OpenURL{Title: l.T("clock.page"), URL: c.Page})
	}
	if c.CanAdd {
		more = append(more, command(l.T("clock.add"), l.Word("command.add")))
	}
	body := buttonRows(more)
	if campaigns := c.campaigns(word); len(campaigns) > 0 {
		body = append(body, subheading(l.T("clock.campaigns")))
		body = append(body, buttonRows(campaigns)...)
		if rest := len(c.Campaigns) - maxCampaigns; rest > 0 {
			body = append(body, note(l.T("common.others", "n", rest)))
		}
	}
	return append(buttons, ShowCard{Title: l.T("common.more"), Body: body})
}

// maxCampaigns is how many campaigns have a button. Very long names have none.
const maxCampaigns = 12

func (c Clock) campaigns(word string) []Action {
	this := store.Key(c.Campaign)
	var buttons []Action
	for _, name := range c.Campaigns[:min(len(c.Campaigns), maxCampaigns)] {
		if len(name) <= showName && store.Key(name) != this {
			buttons = append(buttons, command(name, word+name))
		}
	}
	return buttons
}

// monthBefore and monthAfter return the neighbours of a month.
func monthBefore(year int, month time.Month) (int, time.Month) {
	if month == time.January {
		return year - 1, time.December
	}
	return year, month - 1
}

func monthAfter(year int, month time.Month) (int, time.Month) {
	if month == time.December {
		return year + 1, time.January
	}
	return year, month + 1
}
