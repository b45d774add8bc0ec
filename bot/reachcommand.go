package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

const (
	// reachDays is how many days reach is told of where nobody says which.
	reachDays = 30
	// maxRunning is how many running campaigns are told of.
	maxRunning = 5
	// maxChoices is how many publications of one title are offered.
	maxChoices = 6
	// maxMore is how many campaigns and audiences have a button.
	maxMore = 12
)

// reach tells how far publications went: one of them, a campaign's, an audience's, or those of a period. An audience and a
// campaign may be followed by a period.
func (t *turn) reach(tx *store.Tx, args string) (answer, error) {
	args = strings.Join(strings.Fields(args), " ")
	if args == "" {
		return t.reachOf(tx, cards.Reach{Subject: cards.ReachPeriod, From: t.today - reachDays + 1, To: t.today, Name: t.hereLang().T("reach.last_days", "n", reachDays)}, "", "", false)
	}
	number, hash := strings.CutPrefix(args, "#")
	if id, err := strconv.ParseInt(number, 10, 64); err == nil && (hash || !isYear(id)) {
		return t.reachPublication(tx, id)
	}
	if p, ok := t.reachPeriod(args); ok {
		return t.reachOf(tx, cards.Reach{Subject: cards.ReachPeriod, From: p.Start, To: p.End}, "", "", false)
	}
	words := strings.Fields(args)
	for n := len(words); n > 0; n-- {
		name := strings.Join(words[:n], " ")
		p, days := t.reachPeriod(strings.Join(words[n:], " "))
		if n < len(words) && !days {
			continue
		}
		ans, ok, err := t.reachNamed(tx, name, p)
		if ok || err != nil {
			return ans, err
		}
	}
	found, err := tx.PublicationsTitled(args, maxChoices)
	switch {
	case err != nil:
		return answer{}, err
	case len(found) == 1 || (len(found) > 1 && store.Key(found[0].Title) == store.Key(args)):
		return t.reachPublication(tx, found[0].ContentID) // of a series with one title, the newest
	case len(found) > 1:
		return showCard(cards.ReachChoices{Typed: args, Publications: found, Location: t.Calendar.Location, Today: t.today}.Card(t.hereLang())), nil
	}
	names, err := tx.ReachNames()
	if err != nil {
		return answer{}, err
	}
	if near := nearest(args, names); len(near) > 0 {
		return answer{}, store.NotFound("error.reach_near", "name", clip(args), "near", strings.Join(near, ", "))
	}
	return answer{}, store.NotFound("error.reach_unknown", "name", clip(args))
}

func isYear(n int64) bool { return n >= 1900 && n <= 2199 }

// reachPeriod reads a period: as measures have them, and a month in words as the clock command takes it. What has no year
// is of this one.
func (t *turn) reachPeriod(s string) (store.Period, bool) {
	if s == "" {
		return store.Period{}, false
	}
	year := strconv.Itoa(t.today.Year())
	for _, form := range []string{s, s + "/" + year, s + year} {
		if p, err := store.ParsePeriod(form); err == nil {
			return p, true
		}
	}
	month, y, ok := parseMonth(s)
	switch {
	case !ok:
		return store.Period{}, false
	case month == 0:
		return store.PeriodOf(store.UnitYear, store.NewDate(y, time.January, 1)), true
	case y == 0:
		y = t.today.Year()
	}
	return store.PeriodOf(store.UnitMonth, store.NewDate(y, month, 1)), true
}

// reachNamed answers about a campaign or an audience of that name; it reports false when there is none.
func (t *turn) reachNamed(tx *store.Tx, name string, p store.Period) (answer, bool, error) {
	if first, last, err := tx.CampaignDays(name); err != nil {
		return answer{}, false, err
	} else if first != 0 {
		if proper, err := t.campaignName(tx, name); err == nil {
			name = proper
		} else if !store.IsKind(err, store.KindNotFound) {
			return answer{}, false, err
		}
		view := cards.Reach{Subject: cards.ReachCampaign, Name: name, From: first, To: last}
		if p.Start != 0 {
			view.From, view.To = p.Start, p.End
		}
		if err := t.reachMeasures(tx, &view, p); err != nil {
			return answer{}, false, err
		}
		ans, err := t.reachOf(tx, view, name, "", p.Start == 0)
		return ans, true, err
	}
	audience, ok, err := tx.ReachAudience(name)
	if err != nil {
		return answer{}, false, err
	}
	outside := false
	if !ok { // one that only entries name is reached elsewhere, or nothing went to it yet
		all, err := tx.Audiences()
		i := slices.IndexFunc(all, func(a store.Audience) bool { return store.Key(a.Name) == store.Key(name) })
		if err != nil || i < 0 {
			return answer{}, false, err
		}
		audience = all[i].Name
		_, word := bindingWords[store.Key(audience)]
		outside = !word
	}
	view := cards.Reach{Subject: cards.ReachAudience, Name: audience, Outside: outside, From: t.today - reachDays + 1, To: t.today}
	if p.Start != 0 {
		view.From, view.To = p.Start, p.End
	}
	ans, err := t.reachOf(tx, view, "", audience, false)
	return ans, true, err
}

// reachMeasures adds the measures that a campaign is followed by: in the year of the period that was asked for, else in its
// latest round. A campaign that has none, or no entries in that year, has no measures.
func (t *turn) reachMeasures(tx *store.Tx, view *cards.Reach, p store.Period) error {
	year := 0
	if p.Start != 0 {
		year = p.End.Year()
	}
	run, err := tx.CampaignRun(view.Name, year, t.today)
	if store.IsKind(err, store.KindNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	run.Campaign = view.Name
	view.Measures.Run, view.Measures.Today = run, t.today
	view.Measures.Measures, err = tx.CampaignMeasures(run)
	return err
}

// reachPublication answers about one publication. It is compared with all those of the days before it.
func (t *turn) reachPublication(tx *store.Tx, id int64) (answer, error) {
	report := &store.ReachReport{}
	if id > 0 { // 0 would select all
		var err error
		if report, err = tx.Reach(store.ReachFilter{ContentID: id}); err != nil {
			return answer{}, err
		}
	}
	if len(report.Publications) == 0 {
		return answer{}, store.NotFound("error.reach_number", "number", strconv.FormatInt(id, 10))
	}
	p := report.Publications[0]
	day := store.DateOf(p.PublishedAt.In(t.Calendar.Location))
	view := cards.Reach{Subject: cards.ReachPublication, Name: p.Title, Report: report, BeforeFrom: day - reachDays, BeforeTo: day - 1, Location: t.Calendar.Location, Today: t.today}
	before, err := tx.Reach(t.reachDays(view.BeforeFrom, view.BeforeTo))
	if err != nil {
		return answer{}, err
	}
	view.Before = before
	return showCard(view.Card(t.hereLang())), nil
}

// reachDays selects what was published on those days.
func (t *turn) reachDays(from, to store.Date) store.ReachFilter {
	return store.ReachFilter{From: from.In(t.Calendar.Location, 0), To: (to + 1).In(t.Calendar.Location, 0)}
}

// reachOf answers about the days of the view, and of a campaign or an audience only where one is named. always means that
// what belongs to the campaign counts whenever it was published, as a first message does that goes out before its day.
func (t *turn) reachOf(tx *store.Tx, view cards.Reach, campaign, audience string, always bool) (answer, error) {
	view.Location, view.Today = t.Calendar.Location, t.today
	f := t.reachDays(view.From, view.To)
	if always {
		f = store.ReachFilter{}
	}
	f.Campaign, f.Audience = campaign, audience
	period := store.Period{Start: view.From, End: view.To}
	before := store.Period{Start: view.From - (view.To - view.From + 1), End: view.From - 1}
	if campaign == "" && view.Name != t.hereLang().T("reach.last_days", "n", reachDays) && period.Unit() != store.UnitSpan {
		before = period.Before()
	}
	view.BeforeFrom, view.BeforeTo = before.Start, before.End
	earlier := t.reachDays(before.Start, before.End)
	earlier.Audience = audience
	reports, err := tx.Reaches(f, earlier)
	if err != nil {
		return answer{}, err
	}
	view.Report, view.Before = reports[0], reports[1]
	if campaign == "" {
		days := t.reachDays(view.From, view.To)
		if view.Sessions, err = tx.SessionsReach(days.From, days.To, audience, cards.ReachSessions); err != nil {
			return answer{}, err
		}
		if view.SessionsBefore, err = tx.SessionsReach(earlier.From, earlier.To, audience, 0); err != nil {
			return answer{}, err
		}
	}
	if campaign == "" && audience == "" {
		err = t.reachAround(tx, &view, period)
	}
	return showCard(view.Card(t.hereLang())), err
}

// reachAround adds the way to the neighbours of a period and to other subjects, and the campaigns that are running today.
func (t *turn) reachAround(tx *store.Tx, view *cards.Reach, p store.Period) error {
	l := t.hereLang()
	word := l.Word("command.reach") + " "
	button := func(p store.Period) cards.Button {
		return cards.Button{Title: l.Range(p.Start, p.End, t.today), Command: word + p.String()}
	}
	if view.Name == "" && p.Unit() != store.UnitSpan {
		view.Neighbours = append(view.Neighbours, button(p.Before()))
		if next := store.PeriodOf(p.Unit(), p.End+1); next.Start <= t.today {
			view.Neighbours = append(view.Neighbours, button(next))
		}
	}
	names, err := tx.ReachNames()
	if err != nil {
		return err
	}
	month := store.PeriodOf(store.UnitMonth, t.today)
	view.More = []cards.Button{button(month), button(store.PeriodOf(store.UnitYear, t.today))}
	for _, n := range names[:min(len(names), maxMore)] {
		view.More = append(view.More, cards.Button{Title: n, Command: word + n})
	}
	if view.Name == "" {
		return nil
	}
	campaigns, err := tx.Campaigns(t.today, t.today)
	if err != nil {
		return err
	}
	var filters []store.ReachFilter
	for _, c := range slices.Compact(campaigns) {
		if len(filters) < maxRunning {
			filters = append(filters, store.ReachFilter{Campaign: c})
		}
	}
	running, err := tx.Reaches(filters...)
	for i, r := range running {
		r.Total.Name = filters[i].Campaign
		view.Running = append(view.Running, r.Total)
	}
	return err
}
