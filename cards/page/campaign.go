package page

import (
	"slices"
	"strings"

	"vuosikello/store"
)

// campaignName is the campaign as its entries write it.
func (t Tab) campaignName() string {
	for _, e := range t.Entries {
		if e.Campaign != "" {
			return e.Campaign
		}
	}
	return t.Query.Campaign
}

// campaign fills in what the page of a campaign says besides its entries.
func (t Tab) campaign(v *view) {
	var first, last store.Date
	var audiences, channels, goals, owners []string
	done := 0
	for _, e := range t.kept() {
		if first == 0 || e.Start < first {
			first = e.Start
		}
		occurrences := e.Occurrences()
		last = max(last, occurrences[len(occurrences)-1].End)
		audiences, channels = append(audiences, e.Audiences...), append(channels, e.Channels...)
		goals, owners = append(goals, e.Goal), append(owners, e.Owner)
		if e.State == store.Done || len(t.Done[e.ID]) >= len(occurrences) {
			done++
		}
	}
	if first == 0 {
		return
	}
	t.fact(v, "fact.when", t.Lang.RangeIn(first, last, t.Today))
	t.fact(v, "tab.fact.done", t.T("tab.done_of", "done", done, "n", len(t.kept())))
	t.fact(v, "fact.audience", distinct(audiences))
	t.fact(v, "fact.channels", distinct(channels))
	t.fact(v, "fact.owner", distinct(owners))
	t.fact(v, "tab.fact.goal", distinct(goals))
	v.Requests = t.requests()
	for _, r := range t.Reach {
		number := func(n int) string {
			if n < 0 || n == 0 && r.Outside {
				return t.T("tab.reach.unknown")
			}
			return t.Lang.Number(n)
		}
		row := reachRow{Title: r.Title, Published: t.when(r.Published), Members: number(r.Members), Reacted: number(r.Reacted), Replied: number(r.Replied), Acknowledged: number(r.Acknowledged)}
		switch {
		case r.Withdrawn:
			row.Note = t.T("publication.withdrawn")
		case r.Outside:
			row.Note = t.T("reach.row_outside")
		}
		v.ReachRows = append(v.ReachRows, row)
	}
}

type reachRow struct{ Title, Note, Published, Members, Reacted, Replied, Acknowledged string }

// distinct lists names once each, in the order in which they come.
func distinct(names []string) string {
	var out []string
	for _, n := range names {
		if n != "" && !slices.ContainsFunc(out, func(o string) bool { return store.Key(o) == store.Key(n) }) {
			out = append(out, n)
		}
	}
	return strings.Join(out, ", ")
}

// meeting is a digi-quarter in a list.
type meeting struct {
	When     string
	Title    string
	Audience string
	Counts   string
	People   []string
	Quiet    bool
}

func (t Tab) meetings() []meeting {
	var out []meeting
	for _, s := range t.Sessions {
		m := meeting{When: t.when(s.Start), Title: s.Title, Audience: strings.Join(s.Audiences, ", "), Quiet: s.Over}
		m.Counts = t.T("tab.signed_up", "n", s.SignedUp)
		if s.Over {
			m.Counts = dotted(m.Counts, t.T("tab.attended", "n", s.Attended))
			if s.Anonymous > 0 {
				m.Counts = dotted(m.Counts, t.T("tab.anonymous", "n", s.Anonymous))
			}
		}
		for _, p := range s.People {
			m.People = append(m.People, t.participant(p, s.Over))
		}
		out = append(out, m)
	}
	return out
}

// participant is a person in the list of a session: "Aino · osallistui, 14 min".
func (t Tab) participant(p Participant, over bool) string {
	name := p.Name
	if name == "" {
		name = t.T("tab.somebody")
	}
	switch {
	case p.Attended && p.HasMinutes:
		return dotted(name, t.T("tab.person.minutes", "n", p.Minutes))
	case p.Attended:
		return dotted(name, t.T("tab.person.attended"))
	case p.SignedUp && over:
		return dotted(name, t.T("tab.person.missing"))
	case p.SignedUp:
		return dotted(name, t.T("tab.person.signed_up"))
	}
	return dotted(name, t.T("tab.person.cancelled"))
}
