package bot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/cards/page"
	"vuosikello/store"
)

var monthWords = func() map[string]time.Month {
	keys := map[string]time.Month{}
	for m := time.January; m <= time.December; m++ {
		keys["month."+strconv.Itoa(int(m))] = m
	}
	return wordIndex(keys)
}()

// maxUpcoming is how far ahead the tulossa command looks at most, in days.
const maxUpcoming = 366

// clockView is what of the year clock is looked at.
type clockView struct {
	year     int
	month    time.Month // 0 for the whole year
	campaign string     // "" for all
	wheel    bool       // with the picture of the year
}

// clock shows a month, a year or a campaign of the year clock.
func (t *turn) clock(tx *store.Tx, args string) (answer, error) {
	v := clockView{year: t.today.Year(), month: t.today.Month()}
	month, year, ok := parseMonth(args)
	switch {
	case args == "":
		v.wheel = true
	case ok:
		v.month, v.year, v.wheel = month, cmp.Or(year, v.year), month == 0
	default:
		name, err := t.campaignName(tx, args)
		if err != nil {
			return answer{}, err
		}
		v.campaign, v.month = name, 0
	}
	version, err := tx.Version()
	if err != nil {
		return answer{}, err
	}
	key := clockKey{version: version, view: v, today: t.today, lang: t.hereLang()}
	if key.canAdd, err = tx.HasRole(t.person.ID, t.today, store.RoleCommunications); err != nil {
		return answer{}, err
	}
	if c, ok := t.memo.cards.get(key); ok {
		return showCard(c), nil
	}
	build, err := t.clockCard(tx, key)
	return answer{build: func() (cards.Card, error) { return t.memo.cards.of(key, build) }}, err
}

// clockCard gathers what a view of the year clock shows, and returns what makes a card of it, ready to be sent.
func (b *Bot) clockCard(tx *store.Tx, k clockKey) (build func() (cards.Card, error), err error) {
	v := k.view
	view := cards.Clock{Year: v.year, Month: v.month, Campaign: v.campaign, Today: k.today, CanAdd: k.canAdd}
	q := page.Query{View: page.Year, Year: v.year, Lang: string(k.lang)}
	switch {
	case v.campaign != "":
		q.View, q.Campaign = page.Campaign, v.campaign
	case v.month != 0:
		q.View, q.Month = page.Month, v.month
	}
	view.Page = b.tabLink(q)
	plan, err := tx.PlanVersion()
	if err != nil {
		return nil, err
	}
	year, err := b.memo.years.of(yearKey{plan, v.year}, func() (*yearPlan, error) { return readYear(tx, v.year) })
	if err != nil {
		return nil, err
	}
	view.Campaigns = year.campaigns
	from, to := yearSpan(v.year)
	if v.month != 0 {
		from, to = store.NewDate(v.year, v.month, 1), store.NewDate(v.year, v.month+1, 0)
	}
	campaign := store.Key(v.campaign)
	var slots []store.Slot
	for _, s := range year.slots {
		if s.Start <= to && s.End >= from && (campaign == "" || s.CampaignKey == campaign) {
			slots = append(slots, s)
			view.Items = append(view.Items, cards.Item{Occurrence: s.Occurrence})
		}
	}
	if err := fillItems(tx, view.Items, slots, view.Shown(v.wheel)); err != nil {
		return nil, err
	}
	var picture yearPicture
	if v.wheel {
		if picture, err = b.yearPicture(tx, wheelKey{plan, v.year, k.today, k.lang}); err != nil {
			return nil, err
		}
	}
	return func() (cards.Card, error) {
		if v.wheel {
			var err error
			if view.Wheel, err = b.draw(picture); err != nil {
				return cards.Card{}, err
			}
		}
		return view.Card(k.lang).Rendered(), nil
	}, nil
}

// yearKey is everything that a yearPlan is made from.
type yearKey struct {
	plan int64 // store.Tx.PlanVersion
	year int
}

// yearPlan is when the entries of a year take place, and its campaigns.
type yearPlan struct {
	slots     []store.Slot
	campaigns []string
}

func readYear(tx *store.Tx, year int) (*yearPlan, error) {
	from, to := yearSpan(year)
	slots, err := tx.Slots(from, to)
	if err != nil {
		return nil, err
	}
	campaigns, err := tx.Campaigns(from, to)
	return &yearPlan{slots, campaigns}, err
}

func yearSpan(year int) (from, to store.Date) {
	return store.NewDate(year, time.January, 1), store.NewDate(year, time.December, 31)
}

// fillItems completes those of the items that are shown, which the slots at the same indices are about.
func fillItems(tx *store.Tx, items []cards.Item, slots []store.Slot, shown []int) error {
	ids := make([]string, 0, len(shown))
	for _, i := range shown {
		ids = append(ids, slots[i].Entry)
	}
	entries, err := tx.EntriesByID(ids)
	if err != nil {
		return err
	}
	done, err := tx.DoneOccurrencesOf(ids)
	if err != nil {
		return err
	}
	of := map[string]*store.Entry{}
	for _, e := range entries {
		of[e.ID] = e
	}
	for _, i := range shown {
		e := of[slots[i].Entry]
		items[i].Entry, items[i].Done = e, done[e.ID][slots[i].Start] || e.State == store.Done
	}
	return nil
}

// parseMonth reads a year (2026), a month (maaliskuu, 3, maalis) or both (maaliskuu 2026, 3/2026). The year is 0 when
// none is given, the month when a whole year is.
func parseMonth(s string) (month time.Month, year int, ok bool) {
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == '/' || r == '.' }) {
		n, err := strconv.Atoi(w)
		m, isMonth := monthWords[store.Key(w)]
		switch {
		case err == nil && n >= 1900 && n <= 2199 && year == 0:
			year = n
		case err == nil && n >= 1 && n <= 12 && month == 0:
			month = time.Month(n)
		case isMonth && month == 0:
			month = m
		default:
			return 0, 0, false
		}
	}
	return month, year, month != 0 || year != 0
}

// campaignName finds a campaign of any year by its name, without case. It fails with NotFound and the nearest names.
func (t *turn) campaignName(tx *store.Tx, name string) (string, error) {
	if c, ok, err := tx.Campaign(name); err != nil || ok {
		return c, err
	}
	all, err := tx.Campaigns(store.NewDate(1900, 1, 1), store.NewDate(2199, 12, 31))
	if err != nil {
		return "", err
	}
	if near := nearest(name, all); len(near) > 0 {
		return "", store.NotFound("error.campaign_near", "name", clip(name), "near", strings.Join(near, ", "))
	}
	return "", store.NotFound("error.campaign_unknown", "name", clip(name))
}

// upcoming lists what is ahead.
func (t *turn) upcoming(tx *store.Tx, args string) (answer, error) {
	days := 30
	if args != "" {
		n, err := strconv.Atoi(strings.Fields(args)[0])
		if err != nil || n < 1 || n > maxUpcoming {
			return answer{}, store.Invalid("", "invalid.upcoming_days", "max", maxUpcoming)
		}
		days = n
	}
	view := cards.Upcoming{Days: days, Today: t.today}
	var err error
	if view.Items, err = items(tx, store.EntryFilter{From: t.today, To: t.today + store.Date(days)}); err != nil {
		return answer{}, err
	}
	// What has begun already is not ahead, and what is done or cancelled needs nobody.
	view.Items = slices.DeleteFunc(view.Items, func(i cards.Item) bool {
		return i.Occurrence.Start < t.today || i.Done || i.Entry.State != store.Planned
	})
	if view.CanAdd, err = tx.HasRole(t.person.ID, t.today, store.RoleCommunications); err != nil {
		return answer{}, err
	}
	return showCard(view.Card(t.hereLang())), nil
}

// items lists the occurrences that the filter's days touch, in order of start.
func items(tx *store.Tx, f store.EntryFilter) ([]cards.Item, error) {
	entries, err := tx.Entries(f)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.ID
	}
	done, err := tx.DoneOccurrencesOf(ids)
	if err != nil {
		return nil, err
	}
	var out []cards.Item
	for _, e := range entries {
		for _, o := range e.OccurrencesBetween(f.From, f.To) {
			out = append(out, cards.Item{Entry: e, Occurrence: o, Done: done[e.ID][o.Start] || e.State == store.Done})
		}
	}
	slices.SortStableFunc(out, func(a, b cards.Item) int { return cmp.Compare(a.Occurrence.Start, b.Occurrence.Start) })
	return out, nil
}
