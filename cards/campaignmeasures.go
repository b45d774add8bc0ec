package cards

import (
	"strconv"

	"vuosikello/store"
)

// CampaignMeasures are the measures that a campaign is followed by, before, during and after it.
type CampaignMeasures struct {
	Run      store.CampaignRun
	Measures []store.CampaignMeasure // by name
	Others   []string                // names of measures that it is not followed by
	Changed  string                  // a sentence about what was just changed, "" for nothing
	Today    store.Date
}

// maxCampaignMeasures is how many measures of a campaign are shown.
const maxCampaignMeasures = 10

// Card builds the card.
func (s CampaignMeasures) Card(l Lang) Card {
	title := clip(s.Run.Campaign, showName) + " " + strconv.Itoa(s.Run.Year)
	kind := l.T("measure.campaign_kind")
	c := Card{Summary: kind + ": " + Clean(title), Body: header(kind, title)}
	if changed := clip(s.Changed, showText); changed != "" {
		c.Body = append(c.Body, TextBlock{Text: Text("✓ " + changed), Color: colorGood, Spacing: spacingSmall})
	}
	var f facts
	if s.Run.Period != (store.Period{}) {
		f.add(l.T("fact.when"), l.RangeIn(s.Run.Period.Start, s.Run.Period.End, s.Today))
	}
	if s.Run.Actions.Planned > 0 {
		f.add(l.T("measure.campaign_actions"), l.T("measure.done_of", "done", s.Run.Actions.Done, "planned", s.Run.Actions.Planned))
	}
	c.Body = append(c.Body, FactSet{Facts: f, Spacing: spacingMedium})
	for i := range s.Measures[:min(len(s.Measures), maxCampaignMeasures)] {
		m := &s.Measures[i]
		c.Body = append(c.Body, subheading(clip(m.Measure.Name, showName)), FactSet{Facts: s.figures(l, m), Spacing: spacingSmall})
	}
	if rest := len(s.Measures) - maxCampaignMeasures; rest > 0 {
		c.Body = append(c.Body, note(l.T("common.others", "n", rest)))
	}
	if len(s.Measures) == 0 {
		c.Body = append(c.Body, paragraph(l.T("measure.campaign_none")))
	} else {
		c.Body = append(c.Body, note(l.T("measure.no_claim")))
	}
	c.Actions = s.actions(l)
	return c
}

// besideReach is how many measures a card of reach shows.
const besideReach = 3

// beside shows the first measures beside a campaign's reach.
func (s CampaignMeasures) beside(l Lang) []Element {
	if len(s.Measures) == 0 {
		return nil
	}
	var out []Element
	for i := range s.Measures[:min(len(s.Measures), besideReach)] {
		m := &s.Measures[i]
		out = append(out, subheading(l.T("measure.beside", "name", clip(Clean(m.Measure.Name), showName))), FactSet{Facts: s.figures(l, m), Spacing: spacingSmall})
	}
	if rest := len(s.Measures) - besideReach; rest > 0 {
		out = append(out, note(l.T("common.others", "n", rest)))
	}
	return append(out, note(l.T("measure.no_claim")))
}

// begin is the command that shows the campaign's measures.
func (s CampaignMeasures) begin(l Lang) string {
	return l.Word("command.measures") + " " + l.Word("measure.word.campaign") + " " + clip(s.Run.Campaign, showTitle)
}

func (s CampaignMeasures) figures(l Lang, m *store.CampaignMeasure) []Fact {
	var f facts
	for _, part := range []struct {
		key string
		at  store.CampaignFigure
		end store.Date // of a level: after this day there will be no other figure
	}{{"measure.before", m.Before, s.Run.Period.Start - 1}, {"measure.during", m.During, s.Run.Period.End}, {"measure.after", m.After, s.Today}} {
		f.add(l.T(part.key), s.figure(l, m.Measure, part.at, part.end))
	}
	if m.Before.Complete && m.During.Complete {
		f.add(l.T("measure.change"), l.change(m.During.Value, m.Before.Value, m.Measure.Unit))
	}
	if m.HasGoal {
		f.add(l.T("measure.goal_fact"), l.reached(m.Measure, m.Goal))
	}
	return f
}

// figure writes a figure with the days that it is of.
func (s CampaignMeasures) figure(l Lang, m *store.Measure, at store.CampaignFigure, end store.Date) string {
	switch {
	case at.Known && at.Complete:
		return l.Quantity(at.Value, m.Unit) + " (" + l.Period(at.Covers()) + ")"
	case at.Known:
		return l.T("measure.partly", "value", l.Quantity(at.Value, m.Unit), "period", l.Period(at.Covers()))
	case at.Window == (store.Period{}) && end >= s.Today:
		return l.T("measure.level_not_yet")
	case at.Window == (store.Period{}):
		return l.T("measure.unknown")
	case at.Window.End >= s.Today:
		return l.T("measure.not_yet", "period", l.Period(at.Window))
	}
	return l.T("measure.unknown_for", "period", l.Period(at.Window))
}

// actions follow a measure, or end it; those that a goal names cannot be ended here.
func (s CampaignMeasures) actions(l Lang) []Action {
	begin := s.begin(l) + " "
	var out []Action
	if body := l.nameButtons(s.Others, begin+l.Word("measure.word.follow")+" "); len(body) > 0 {
		body = append(body, note(l.T("measure.follow_goal", "example", begin+l.Word("measure.word.follow")+" "+clip(s.Others[0], showName)+" "+l.Word("measure.word.goal")+" "+l.T("measure.example_value"))))
		out = append(out, ShowCard{Title: l.T("measure.follow"), Body: body})
	}
	var tied []string
	for _, m := range s.Measures {
		if !m.Named {
			tied = append(tied, m.Measure.Name)
		}
	}
	if body := l.nameButtons(tied, begin+l.Word("word.remove")+" "); len(body) > 0 {
		out = append(out, ShowCard{Title: l.T("measure.unfollow"), Body: body})
	}
	return append(out, command(l.T("measure.all"), l.Word("command.measures")))
}
