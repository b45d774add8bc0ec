package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
	"vuosikello/store/clockfile"
)

var (
	measureCampaignWords = wordIndex(map[string]bool{"measure.word.campaign": true})
	measureFollowWords   = wordIndex(map[string]bool{"measure.word.follow": true})
	measureGoalWords     = wordIndex(map[string]bool{"measure.word.goal": true})
	measureActionsWords  = wordIndex(map[string]bool{"measure.word.actions": true})
)

// measures shows measures and records their values. What can follow the command, in any language:
//
//	                                        every measure
//	Omaolo                                  one
//	Omaolo 2025-06 12 400 kpl               records a value; goal (tavoite) before the number records a goal
//	Käynnit kertymä 2025-06 12 400 kpl      likewise, of a measure that is new
//	poista Omaolo 2025-06                   takes a number away, and the measure with its last one
//	kampanja Kesä, Kesä 2026                a campaign before, during and after
//	kampanja Kesä seuraa Omaolo             ties a measure to it; tavoite and a number after it: with a goal
//	kampanja Kesä poista Omaolo             ends that
//	toteuma                                 planned and realised actions
//
// The name of a measure may be of several words and goes before every other reading. It is found by its beginning: of
// measures called A and A B, "A B 2025 3" is about A B.
func (t *turn) measures(tx *store.Tx, args string) (answer, error) {
	if args == "" {
		return t.measureList(tx)
	}
	words := strings.Fields(args)
	m, n, err := cutMeasure(tx, words)
	switch {
	case err != nil:
		return answer{}, err
	case m != nil && n == len(words):
		return showCard(cards.MeasureSeries{Measure: m}.Card(t.hereLang())), nil
	case m != nil:
		r, err := readRecord(words[n:])
		if err != nil {
			// Of a new measure whose name begins with that of another, its kind must be said.
			if name, longer, ok := longerName(words, n+1); ok {
				return t.newMeasure(tx, name, nil, longer)
			}
			return answer{}, err
		}
		r.Name = m.Name
		return t.saveMeasure(tx, r)
	case measureActionsWords[store.Key(args)]:
		return t.plannedAndDone(tx)
	case measureCampaignWords[store.Key(words[0])] && len(words) > 1:
		return t.measureCampaign(tx, words[1:])
	}
	if rest, ok := cutRemove(args); ok && rest != "" {
		return t.removeMeasure(tx, strings.Fields(rest))
	}
	for at := 1; at < len(words); at++ {
		if r, err := readRecord(words[at:]); err == nil {
			return t.newMeasure(tx, strings.Join(words[:at], " "), words[at:], r)
		}
	}
	name, year, err := t.measureCampaignName(tx, words)
	switch {
	case err == nil:
		return t.campaignMeasures(tx, name, year, "")
	case !store.IsKind(err, store.KindNotFound):
		return answer{}, err
	}
	// What is wrong with a number or a period is worth more than that the measure is not known.
	for at := 1; at < len(words); at++ {
		if _, kind := clockfile.MeasureKind(words[at]); kind && at+1 < len(words) {
			_, err := readRecord(words[at:])
			return answer{}, err
		}
	}
	return answer{}, t.measureUnknown(tx, args, true)
}

// measureUnknown says that a name is none of a measure or, with campaigns, of a campaign, with the nearest that are.
func (t *turn) measureUnknown(tx *store.Tx, name string, campaigns bool) error {
	names, err := tx.MeasureNames()
	if err != nil {
		return err
	}
	if campaigns {
		all, err := t.allCampaigns(tx)
		if err != nil {
			return err
		}
		names = append(names, all...)
	}
	example := t.lang.T("measure.example")
	if near := nearest(name, names); len(near) > 0 {
		return store.NotFound("error.measure_near", "name", clip(name), "near", strings.Join(near, ", "), "example", example)
	}
	return store.NotFound("error.measure_unknown", "name", clip(name), "example", example)
}

func (t *turn) allCampaigns(tx *store.Tx) ([]string, error) {
	return tx.Campaigns(store.NewDate(1900, 1, 1), store.NewDate(2199, 12, 31))
}

// cutMeasure finds the measure with the longest name that the words begin with, and how many words that is; nil when there
// is none.
func cutMeasure(tx *store.Tx, words []string) (*store.Measure, int, error) {
	names, err := tx.MeasureNames()
	if err != nil {
		return nil, 0, err
	}
	text := store.Key(strings.Join(words, " ")) + " "
	longest := ""
	for _, name := range names {
		if len(name) > len(longest) && strings.HasPrefix(text, store.Key(name)+" ") {
			longest = name
		}
	}
	if longest == "" {
		return nil, 0, nil
	}
	m, _, err := tx.Measure(longest)
	return m, len(strings.Fields(longest)), err
}

// measureList shows every measure, and this year's campaigns for following.
func (t *turn) measureList(tx *store.Tx) (answer, error) {
	list, err := tx.Measures()
	if err != nil {
		return answer{}, err
	}
	year := store.PeriodOf(store.UnitYear, t.today)
	campaigns, err := tx.Campaigns(year.Start, year.End)
	return showCard(cards.Measures{Measures: list, Campaigns: campaigns}.Card(t.hereLang())), err
}

// readRecord reads what follows a measure's name: its kind or the word for a goal, both of which may be missing, a period
// and a number with its unit. Without a number it fails with Invalid on value.
func readRecord(words []string) (store.MeasureRecord, error) {
	r := store.MeasureRecord{Source: store.SourceTyped}
	goal := false
	period := func() (err error) {
		var n int
		r.Period, n, err = cutPeriod(words)
		words = words[n:]
		return err
	}
	for len(words) > 0 {
		kind, isKind := clockfile.MeasureKind(words[0])
		if isKind && r.Kind == "" {
			r.Kind = kind
		} else if measureGoalWords[store.Key(words[0])] && !goal {
			goal = true
		} else {
			break
		}
		words = words[1:]
	}
	if err := period(); err != nil {
		return r, err
	}
	if len(words) > 0 && measureGoalWords[store.Key(words[0])] {
		goal, words = true, words[1:]
	}
	if len(words) == 0 {
		return r, store.Invalid("value", "invalid.measure_value_missing", "example", r.Period.String()+" 12\u202f400")
	}
	a, unit, err := store.ParseAmount(strings.Join(words, " "))
	if r.Unit = unit; goal {
		r.Goal = &a
	} else {
		r.Value = &a
	}
	return r, err
}

// cutPeriod reads the period that the words begin with, and of how many of them it is. Only a period that cannot be taken
// for another and a number is of several: kesäkuu 2025, 2025 Q2, vko 6/2026.
func cutPeriod(words []string) (store.Period, int, error) {
	if len(words) == 0 {
		words = []string{""}
	}
	if len(words) > 1 {
		two := words[0] + " " + words[1]
		if month, ok := monthWords[store.Key(words[0])]; ok {
			two = strconv.Itoa(int(month)) + "/" + words[1]
		}
		if letters := strings.ContainsAny(strings.ToLower(words[0]), "qkvw") || strings.ContainsAny(strings.ToLower(words[1]), "qk"); letters || two != words[0]+" "+words[1] {
			if p, err := store.ParsePeriod(two); err == nil {
				return p, 2, nil
			}
		}
	}
	p, err := store.ParsePeriod(words[0])
	return p, min(1, len(words)), err
}

// longerName reads a new measure's name, of that many words at least, and what follows it, which begins with its kind.
func longerName(words []string, least int) (string, store.MeasureRecord, bool) {
	for at := least; at < len(words); at++ {
		if _, ok := clockfile.MeasureKind(words[at]); !ok {
			continue
		}
		if r, err := readRecord(words[at:]); err == nil {
			return strings.Join(words[:at], " "), r, true
		}
	}
	return "", store.MeasureRecord{}, false
}

// saveMeasure stores a record and shows the measure with it.
func (t *turn) saveMeasure(tx *store.Tx, r store.MeasureRecord) (answer, error) {
	c, err := tx.RecordMeasure(&r, t.at)
	if err != nil {
		return answer{}, err
	}
	l := t.hereLang()
	m := c.Measure
	number, old, had := c.Now.Value, c.Old.Value, c.Old.HasValue
	if r.Goal != nil {
		number, old, had = c.Now.Goal, c.Old.Goal, c.Old.HasGoal
	}
	args := []any{"name", m.Name, "period", l.Period(r.Period), "value", l.Quantity(number, m.Unit), "old", l.Quantity(old, m.Unit)}
	view := cards.MeasureSeries{Measure: m}
	switch {
	case had && old == number:
		view.Saved = l.T("measure.same", args...)
	case had:
		view.Saved = l.T("measure.corrected", args...)
	case r.Goal != nil:
		view.Saved = l.T("measure.saved_goal", args...)
	default:
		view.Saved = l.T("measure.saved", args...)
	}
	if r.Period.Start > t.today && r.Goal == nil {
		view.Warning = l.T("measure.future")
	}
	if !c.Same() {
		detail := r.Period.String()
		if r.Goal != nil {
			detail += " goal"
		}
		if detail += " " + number.String(); had {
			detail += " instead of " + old.String()
		}
		err = tx.Audit(t.at, t.actor(), "measure.record", "measure:"+m.Name, detail)
	}
	return showCard(view.Card(l)), err
}

// newMeasure makes a measure of its first number. Without a kind it asks for one, and whether a measure with nearly that
// name was meant.
func (t *turn) newMeasure(tx *store.Tx, name string, words []string, r store.MeasureRecord) (answer, error) {
	r.Name = name
	if err := r.Normalize(); err != nil {
		return answer{}, err
	}
	if r.Kind != "" {
		return t.saveMeasure(tx, r)
	}
	names, err := tx.MeasureNames()
	if err != nil {
		return answer{}, err
	}
	l := t.hereLang()
	begin, rest := l.Word("command.measures")+" ", " "+strings.Join(words, " ")
	m := cards.Message{Kind: l.T("measure.list"), Title: l.T("measure.new_title", "name", r.Name), Text: l.T("measure.new_text"), Buttons: []cards.Button{
		{Title: l.T("measure.new_cumulative"), Command: begin + r.Name + " " + l.T("measure.kind.cumulative") + rest},
		{Title: l.T("measure.new_level"), Command: begin + r.Name + " " + l.T("measure.kind.level") + rest},
	}}
	if near := nearest(r.Name, names); len(near) > 0 {
		m.Text += "\n" + l.T("measure.new_near", "near", strings.Join(near, ", "))
		m.Buttons = append([]cards.Button{{Title: near[0], Command: begin + near[0] + rest}}, m.Buttons...)
	}
	return showCard(m.Card(l)), nil
}

// removeMeasure takes a number away.
func (t *turn) removeMeasure(tx *store.Tx, words []string) (answer, error) {
	m, n, err := cutMeasure(tx, words)
	if err != nil {
		return answer{}, err
	}
	if m == nil {
		return answer{}, t.measureUnknown(tx, strings.Join(words, " "), false)
	}
	p, _, err := cutPeriod(words[n:])
	if err != nil {
		return answer{}, err
	}
	l := t.hereLang()
	old, ok, err := tx.RemovePoint(m, p)
	if err != nil {
		return answer{}, err
	}
	if !ok {
		return answer{}, store.NotFound("error.measure_no_point", "name", m.Name, "period", l.Period(p))
	}
	detail := p.String()
	if old.HasValue {
		detail += " value " + old.Value.String()
	}
	if old.HasGoal {
		detail += " goal " + old.Goal.String()
	}
	if err := tx.Audit(t.at, t.actor(), "measure.remove", "measure:"+m.Name, detail); err != nil {
		return answer{}, err
	}
	left, ok, err := tx.Measure(m.Name)
	if err != nil {
		return answer{}, err
	}
	if !ok {
		return say(l.T("measure.removed_all", "name", m.Name, "period", l.Period(p))), nil
	}
	return showCard(cards.MeasureSeries{Measure: left, Saved: l.T("measure.removed", "name", m.Name, "period", l.Period(p))}.Card(l)), nil
}

// measureCampaignName reads a campaign's name, and a year after it when it is no part of the name.
func (t *turn) measureCampaignName(tx *store.Tx, words []string) (name string, year int, err error) {
	name, err = t.campaignName(tx, strings.Join(words, " "))
	last := len(words) - 1
	if err == nil || last < 1 || !store.IsKind(err, store.KindNotFound) {
		return name, 0, err
	}
	if y, _, yearErr := cutPeriod(words[last:]); yearErr == nil && y.Unit() == store.UnitYear {
		if found, foundErr := t.campaignName(tx, strings.Join(words[:last], " ")); foundErr == nil {
			return found, y.Start.Year(), nil
		}
	}
	return "", 0, err
}

// measureCampaign shows a campaign's measures, or changes what it is followed by.
func (t *turn) measureCampaign(tx *store.Tx, words []string) (answer, error) {
	for i := 1; i+1 < len(words); i++ {
		follow := measureFollowWords[store.Key(words[i])]
		rest, remove := cutRemove(strings.Join(words[i:], " "))
		if !follow && !remove {
			continue
		}
		name, err := t.campaignName(tx, strings.Join(words[:i], " "))
		if err != nil {
			continue // the word is a part of a name
		}
		if remove {
			return t.unfollowMeasure(tx, name, strings.Fields(rest))
		}
		return t.followMeasure(tx, name, words[i+1:])
	}
	name, year, err := t.measureCampaignName(tx, words)
	if err != nil {
		return answer{}, err
	}
	return t.campaignMeasures(tx, name, year, "")
}

func (t *turn) followMeasure(tx *store.Tx, campaign string, words []string) (answer, error) {
	m, n, err := cutMeasure(tx, words)
	if err != nil {
		return answer{}, err
	}
	if m == nil {
		return answer{}, t.measureUnknown(tx, strings.Join(words, " "), false)
	}
	var goal *store.Amount
	l := t.hereLang()
	changed := l.T("measure.followed", "name", m.Name)
	detail := campaign + ": " + m.Name
	switch words = words[n:]; {
	case len(words) == 0:
	case !measureGoalWords[store.Key(words[0])]:
		return answer{}, t.measureUnknown(tx, m.Name+" "+strings.Join(words, " "), false)
	default:
		a, unit, err := store.ParseAmount(strings.Join(words[1:], " "))
		if err != nil {
			return answer{}, err
		}
		if unit != "" && m.Unit != "" && store.Key(unit) != store.Key(m.Unit) {
			return answer{}, store.Invalid("unit", "invalid.measure_unit", "name", m.Name, "unit", m.Unit, "other", clip(unit))
		}
		goal = &a
		changed = l.T("measure.followed_goal", "name", m.Name, "goal", l.Quantity(a, m.Unit))
		detail += " goal " + a.String()
	}
	did, err := tx.FollowMeasure(campaign, m, goal)
	if err == nil && did {
		err = tx.Audit(t.at, t.actor(), "measure.follow", "measure:"+m.Name, detail)
	}
	if err != nil {
		return answer{}, err
	}
	return t.campaignMeasures(tx, campaign, 0, changed)
}

func (t *turn) unfollowMeasure(tx *store.Tx, campaign string, words []string) (answer, error) {
	m, n, err := cutMeasure(tx, words)
	if err != nil {
		return answer{}, err
	}
	if m == nil || n < len(words) {
		return answer{}, t.measureUnknown(tx, strings.Join(words, " "), false)
	}
	did, err := tx.UnfollowMeasure(campaign, m)
	if err != nil {
		return answer{}, err
	}
	run, err := tx.CampaignRun(campaign, 0, t.today)
	if err != nil {
		return answer{}, err
	}
	list, err := tx.CampaignMeasures(run)
	if err != nil {
		return answer{}, err
	}
	named := slices.ContainsFunc(list, func(c store.CampaignMeasure) bool { return c.Measure.ID == m.ID })
	switch {
	case !did && named:
		return answer{}, store.Conflict("error.measure_named", "name", m.Name)
	case !did:
		return answer{}, store.NotFound("error.measure_not_followed", "campaign", campaign, "name", m.Name)
	}
	if err := tx.Audit(t.at, t.actor(), "measure.unfollow", "measure:"+m.Name, campaign+": "+m.Name); err != nil {
		return answer{}, err
	}
	return t.campaignMeasures(tx, campaign, 0, t.hereLang().T("measure.unfollowed", "name", m.Name))
}

// campaignMeasures shows a campaign before, during and after.
func (t *turn) campaignMeasures(tx *store.Tx, campaign string, year int, changed string) (answer, error) {
	run, err := tx.CampaignRun(campaign, year, t.today)
	if err != nil {
		return answer{}, err
	}
	run.Campaign = campaign // as it is written elsewhere
	view := cards.CampaignMeasures{Run: run, Changed: changed, Today: t.today}
	if view.Measures, err = tx.CampaignMeasures(run); err != nil {
		return answer{}, err
	}
	names, err := tx.MeasureNames()
	if err != nil {
		return answer{}, err
	}
	view.Others = slices.DeleteFunc(names, func(n string) bool {
		return slices.ContainsFunc(view.Measures, func(c store.CampaignMeasure) bool { return c.Measure.Name == n })
	})
	return showCard(view.Card(t.hereLang())), nil
}

// plannedAndDone shows what the year clocks planned and what came of it, beside the measure of realised actions.
func (t *turn) plannedAndDone(tx *store.Tx) (answer, error) {
	counted, err := tx.ActionsByYear(1900, 2199)
	if err != nil {
		return answer{}, err
	}
	realised, err := realisedMeasure(tx)
	if err != nil {
		return answer{}, err
	}
	view := cards.PlannedAndDone{}
	years := map[int]*cards.YearOfActions{}
	for _, y := range counted {
		years[y.Year] = &cards.YearOfActions{YearActions: y}
	}
	if realised != nil {
		view.Measure = realised.Name
		for _, p := range realised.Series() {
			for y := p.Start.Year(); y <= p.End.Year(); y++ {
				if years[y] == nil {
					years[y] = &cards.YearOfActions{YearActions: store.YearActions{Year: y}}
				}
			}
		}
	}
	for _, y := range years {
		if realised != nil {
			y.Recorded = realised.Total(store.PeriodOf(store.UnitYear, store.NewDate(y.Year, 1, 1)))
			for q := range y.RecordedQuarters {
				y.RecordedQuarters[q] = realised.Total(store.PeriodOf(store.UnitQuarter, store.NewDate(y.Year, time.Month(3*q+1), 1)))
			}
		}
		if y.Recorded.Known || y.Total() != (store.Actions{}) {
			view.Years = append(view.Years, *y)
		}
	}
	slices.SortFunc(view.Years, func(a, b cards.YearOfActions) int { return a.Year - b.Year })
	return showCard(view.Card(t.hereLang())), nil
}

// realisedMeasure returns the measure of realised actions, known by its name in any language; nil when there is none, or
// when it is one that cannot be summed.
func realisedMeasure(tx *store.Tx) (*store.Measure, error) {
	for _, l := range cards.Langs() {
		for _, name := range l.Words("measure.word.realised") {
			m, ok, err := tx.Measure(name)
			if err != nil {
				return nil, err
			}
			if ok && m.Kind == store.Cumulative {
				return m, nil
			}
		}
	}
	return nil, nil
}
