package cards

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// ReachSubject is what a card of reach is about.
type ReachSubject string

// The subjects.
const (
	ReachPeriod      ReachSubject = "period"
	ReachAudience    ReachSubject = "audience"
	ReachCampaign    ReachSubject = "campaign"
	ReachPublication ReachSubject = "publication"
)

// Reach tells how many people publications could reach and what they did with them: never that anybody saw or read
// something, because Teams does not tell that.
type Reach struct {
	Subject  ReachSubject
	Name     string // of the audience, the campaign or the publication; of a period "" for just its days
	Outside  bool   // an audience that no channel is bound to: it is reached elsewhere
	From, To store.Date
	Report   *store.ReachReport
	Sessions *store.SessionsReach // nil: none belong to the subject
	// Before is the time before, nil for nothing to compare with. A period and an audience are compared by the number of
	// people; a campaign and a publication by the share of people who did something, since they have no like.
	Before         *store.ReachReport
	SessionsBefore *store.SessionsReach
	BeforeFrom     store.Date
	BeforeTo       store.Date
	Measures       CampaignMeasures   // of a campaign: what it is followed by; without Measures when there is nothing
	Running        []store.ReachGroup // campaigns that are running, shown where nothing was asked for
	Neighbours     []Button           // the periods before and after
	More           []Button           // other subjects
	Location       *time.Location
	Today          store.Date
}

// shownGroups is how many channels a chart and a table have, and shownGaps how many sentences tell what is missing.
const (
	shownGroups = 8
	shownStand  = 3
	shownGaps   = 3
	shownTitles = 3
)

// Card builds the card.
func (r Reach) Card(l Lang) Card {
	days := l.Range(r.From, r.To, r.Today)
	kind := l.T("reach.kind") + " · " + l.T("reach.subject."+string(r.Subject))
	title := clip(r.Name, showTitle)
	if title == "" {
		title = upperFirst(days)
	} else if r.From != 0 {
		kind += " · " + days
	}
	total := &r.Report.Total
	c := Card{Summary: l.T("reach.summary", "title", Clean(title), "n", total.Members), Body: header(kind, title)}
	c.Body = append(c.Body, paragraph(r.sentence(l)))
	c.Body = append(c.Body, r.warnings(l)...)
	if total.Publications > 0 || r.hasSessions() {
		c.Body = append(c.Body, FactSet{Facts: r.facts(l), Spacing: spacingMedium})
		if r.Before != nil {
			c.Body = append(c.Body, note(r.compared(l)))
		}
		c.Body = append(c.Body, r.chart(l)...)
		c.Body = append(c.Body, r.standing(l)...)
		c.Body = append(c.Body, r.tables(l)...)
		c.Body = append(c.Body, r.publications(l)...)
		c.Body = append(c.Body, r.sessions(l)...)
	}
	c.Body = append(c.Body, r.Measures.beside(l)...)
	c.Body = append(c.Body, r.running(l)...)
	c.Body = append(c.Body, r.origin(l)...)
	c.Actions = r.buttons(l)
	return c
}

func (r Reach) hasSessions() bool { return r.Sessions != nil && len(r.Sessions.Sessions) > 0 }

func (r Reach) sentence(l Lang) string {
	t := &r.Report.Total
	channels := len(r.Report.Channels)
	switch {
	case t.Publications == 0 && r.Outside:
		return l.T("reach.audience_outside")
	case t.Publications == 0 && !r.hasSessions():
		return l.T("reach.empty")
	case t.Publications == 0:
		return l.T("reach.no_publications")
	case r.Subject == ReachPublication && channels == 0:
		return l.T("reach.outside")
	case r.Subject == ReachPublication:
		return l.T("reach.posted", "when", l.DateTime(r.Report.Publications[0].PublishedAt.In(r.Location), r.Today), "channels", l.T("reach.channels", "n", channels))
	}
	return l.T("reach.text", "publications", l.T("reach.publications", "n", t.Publications), "channels", l.T("reach.channels", "n", channels))
}

// warnings name the publications without a clock entry.
func (r Reach) warnings(l Lang) []Element {
	if r.Report.Unplanned == 0 {
		return nil
	}
	text := l.T("reach.unplanned_one")
	if r.Subject != ReachPublication {
		var titles []string
		for _, p := range r.Report.Publications {
			if !p.Planned && len(titles) < shownTitles {
				titles = append(titles, l.T("common.quote", "text", clip(Clean(p.Title), showName)))
			}
		}
		names := strings.Join(titles, ", ")
		if rest := r.Report.Unplanned - len(titles); rest > 0 && len(titles) > 0 {
			names += " " + l.T("common.others", "n", rest)
		}
		text = l.T("reach.unplanned", "n", r.Report.Unplanned, "titles", names)
	}
	return []Element{TextBlock{Text: Text("⚠ " + text), Color: colorWarning, Spacing: spacingSmall}}
}

func (r Reach) facts(l Lang) []Fact {
	var f facts
	t := &r.Report.Total
	var b *store.ReachGroup
	if r.Before != nil && r.counts() && r.comparable() {
		b = &r.Before.Total
	}
	change := func(now, before int) string {
		if b == nil {
			return ""
		}
		return " (" + l.difference(now-before) + ")"
	}
	if t.Publications > 0 && len(r.Report.Channels) > 0 {
		var before store.ReachGroup
		if b != nil {
			before = *b
		}
		reachable := l.T("reach.unknown")
		if r.Report.Unread < len(r.Report.Channels) {
			reachable = l.Number(t.Members) + change(t.Members, before.Members) + l.besides(t.Headcount)
		}
		f.add(l.T("reach.reachable"), reachable)
		f.add(l.T("reach.reacted"), l.Number(t.Reacted)+change(t.Reacted, before.Reacted))
		switch {
		case t.Replies && before.Replies:
			f.add(l.T("reach.replied"), l.Number(t.Replied)+change(t.Replied, before.Replied))
		case t.Replies: // a change from what is not known would be none
			f.add(l.T("reach.replied"), l.Number(t.Replied))
		case t.Replied > 0:
			f.add(l.T("reach.replied"), l.T("reach.at_least", "n", t.Replied))
		default:
			f.add(l.T("reach.replied"), l.T("reach.unknown"))
		}
		f.add(l.T("reach.acknowledged"), l.Number(t.Acknowledged)+change(t.Acknowledged, before.Acknowledged))
	}
	if r.hasSessions() {
		signed, attended := 0, 0
		if r.SessionsBefore != nil {
			signed, attended = r.SessionsBefore.SignedUp, r.SessionsBefore.Attended
		}
		f.add(l.T("attendance.signed_up"), l.Number(r.Sessions.SignedUp)+change(r.Sessions.SignedUp, signed))
		came := l.Number(r.Sessions.Attended) + change(r.Sessions.Attended, attended)
		if r.Sessions.Anonymous > 0 {
			came += " · " + l.T("reach.anonymous", "n", r.Sessions.Anonymous)
		}
		f.add(l.T("attendance.attended"), came)
	}
	return f
}

// besides tells of those who are no members: " · lisäksi 3 vierasta, 2 ulkopuolista".
func (l Lang) besides(h store.Headcount) string {
	var parts []string
	if h.Guests > 0 {
		parts = append(parts, l.T("reach.guests", "n", h.Guests))
	}
	if h.External > 0 {
		parts = append(parts, l.T("reach.external", "n", h.External))
	}
	if len(parts) == 0 {
		return ""
	}
	return " · " + l.T("reach.besides", "who", strings.Join(parts, ", "))
}

// difference writes a change: +12, −3, ±0.
func (l Lang) difference(n int) string {
	switch {
	case n > 0:
		return "+" + l.Number(n)
	case n == 0:
		return "±0"
	}
	return l.Number(n)
}

// comparable reports whether there was anything in the time before.
func (r Reach) comparable() bool {
	return r.Before.Total.Publications > 0 || (r.SessionsBefore != nil && len(r.SessionsBefore.Sessions) > 0)
}

// counts reports whether the subject is compared by the number of people.
func (r Reach) counts() bool { return r.Subject == ReachPeriod || r.Subject == ReachAudience }

func (r Reach) compared(l Lang) string {
	before := l.Range(r.BeforeFrom, r.BeforeTo, r.Today)
	if !r.comparable() {
		return l.T("reach.no_comparison", "days", before)
	}
	if r.counts() {
		return l.T("reach.compared", "days", before)
	}
	now, ok := r.Report.Total.Share()
	then, also := r.Before.Total.Share()
	if !ok || !also {
		return l.T("reach.no_comparison", "days", before)
	}
	return l.T("reach.compared_share", "share", l.share(now), "before", l.share(then), "days", before)
}

// share writes a share with one decimal below ten percent: 4,2 %.
func (l Lang) share(share float64) string {
	p := share * 100
	if p >= 9.95 || p == 0 {
		return l.Number(int(math.Round(p))) + "\u00a0%"
	}
	s := fmt.Sprintf("%.1f", p)
	if l != English {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s + "\u00a0%"
}

// chart shows the numbers as bars. The same numbers are the facts above it.
func (r Reach) chart(l Lang) []Element {
	t := &r.Report.Total
	if r.Report.Unread > 0 && r.Report.Unread == len(r.Report.Channels) || t.All() == 0 {
		return nil
	}
	bars := Bars{Title: l.T("reach.chart"), Fallback: l.T("reach.chart_fallback")}
	bars.Data = append(bars.Data, Bar{l.T("reach.reachable"), t.Members}, Bar{l.T("reach.reacted"), t.Reacted})
	if t.Replies {
		bars.Data = append(bars.Data, Bar{l.T("reach.replied"), t.Replied})
	}
	bars.Data = append(bars.Data, Bar{l.T("reach.acknowledged"), t.Acknowledged})
	if r.hasSessions() {
		bars.Data = append(bars.Data, Bar{l.T("attendance.signed_up"), r.Sessions.SignedUp}, Bar{l.T("attendance.attended"), r.Sessions.Attended})
	}
	return []Element{bars}
}

// standing names the channels that stand out; see store.ReachReport.StandingOut.
func (r Reach) standing(l Lang) []Element {
	high, low := r.Report.StandingOut()
	var out []Element
	for _, side := range []struct {
		key   string
		found []store.ReachGroup
	}{{"reach.high", high}, {"reach.low", low}} {
		if len(side.found) == 0 {
			continue
		}
		var names []string
		for i := range side.found[:min(len(side.found), shownStand)] {
			g := &side.found[i]
			share, _ := g.Share()
			names = append(names, l.groupName(g)+" ("+l.share(share)+")")
		}
		text := strings.Join(names, ", ")
		if rest := len(side.found) - len(names); rest > 0 {
			text += " " + l.T("common.others", "n", rest)
		}
		out = append(out, paragraph(l.T(side.key, "names", text)))
	}
	if len(out) == 0 {
		return nil
	}
	share, _ := r.Report.Total.Share()
	out = append([]Element{subheading(l.T("reach.standing"))}, out...)
	return append(out, note(l.T("reach.standing_rule", "share", l.share(share))))
}

func (l Lang) groupName(g *store.ReachGroup) string {
	if g.Name == "" {
		return l.T("reach.nameless")
	}
	return clip(Clean(g.Name), showName)
}

// tables show the same numbers by audience, campaign and channel.
func (r Reach) tables(l Lang) []Element {
	var out []Element
	for _, t := range []struct {
		key    string
		groups []store.ReachGroup
		shown  bool
	}{
		{"reach.audiences", r.Report.Audiences, r.Subject != ReachAudience},
		{"reach.campaigns", r.Report.Campaigns, r.Subject == ReachPeriod || r.Subject == ReachAudience},
		{"reach.by_channel", r.Report.Channels, true},
	} {
		if !t.shown || len(t.groups) == 0 {
			continue
		}
		out = append(out, subheading(l.T(t.key)))
		out = append(out, r.table(l, t.groups))
		if rest := len(t.groups) - shownGroups; rest > 0 {
			out = append(out, note(l.T("common.others", "n", rest)))
		}
	}
	if len(out) > 0 {
		out = append(out, note(l.T("reach.table_note")))
	}
	return out
}

func (r Reach) table(l Lang, groups []store.ReachGroup) Table {
	t := Table{Columns: []Column{{"", 4, false}, {l.T("reach.short_reachable"), 3, true}, {l.T("reach.short_acted"), 2, true}, {l.T("reach.short_share"), 2, true}}}
	t.Columns[0].Title = l.T("reach.short_name")
	for i := range groups[:min(len(groups), shownGroups)] {
		g := &groups[i]
		reachable, share := l.Number(g.Members), "–"
		if s, ok := g.Share(); ok {
			share = l.share(s)
		}
		if g.Exposed == 0 {
			reachable = "–"
		}
		t.Rows = append(t.Rows, []string{l.groupName(g), reachable, l.Number(g.Acted), share})
	}
	return t
}

// publications lists the publications, the newest first.
func (r Reach) publications(l Lang) []Element {
	list := r.Report.Publications
	if r.Subject == ReachPublication || len(list) == 0 {
		return nil
	}
	out := []Element{subheading(l.T("reach.by_publication"))}
	out = append(out, fold(l, len(list), func(i int) row {
		p := &list[i]
		first := l.Date(store.DateOf(p.PublishedAt.In(r.Location)), r.Today) + " · " + clip(p.Title, showName)
		if !p.Planned {
			first = "⚠ " + first
		}
		return row{first: Text(first), second: Text(l.publicationNumbers(p))}
	})...)
	if rest := r.Report.Total.Publications - len(list); rest > 0 {
		out = append(out, note(l.T("reach.older", "n", rest)))
	}
	return out
}

// publicationNumbers is a line of numbers: "tavoitettavissa 1 240 · reagoi 12 · vastasi 3 · kuittasi 400".
func (l Lang) publicationNumbers(p *store.PublicationReach) string {
	if p.Channels == 0 {
		return l.T("reach.row_outside")
	}
	text := ""
	if p.All() > 0 {
		text = l.T("reach.row_reachable", "n", p.Members)
	}
	text = dotted(text, l.T("reach.row_reacted", "n", p.Reacted))
	if p.Replies || p.Replied > 0 {
		text = dotted(text, l.T("reach.row_replied", "n", p.Replied))
	}
	text = dotted(text, l.T("reach.row_acknowledged", "n", p.Acknowledged))
	if p.Withdrawn {
		text = dotted(text, l.T("publication.withdrawn"))
	}
	return text
}

// shownSessions is how many sessions have their reach looked up: see [ReachSessions].
const shownSessions = rowsInSight

// ReachSessions is how many sessions a card of reach shows the reach of.
const ReachSessions = shownSessions

func (r Reach) sessions(l Lang) []Element {
	if !r.hasSessions() {
		return nil
	}
	list := r.Sessions.Sessions
	out := []Element{subheading(l.T("reach.by_session"))}
	rows, _ := foldRows(0, min(len(list), shownSessions), func(i int) row {
		s := &list[i]
		text := ""
		if s.All() > 0 {
			text = l.T("reach.row_reachable", "n", s.Members)
		}
		text = dotted(text, l.T("reach.row_signed_up", "n", s.SignedUp))
		text = dotted(text, l.T("reach.row_attended", "n", s.Attended+s.Anonymous))
		return row{first: Text(l.Date(store.DateOf(s.Start.In(r.Location)), r.Today) + " · " + clip(s.Title, showName)), second: Text(text)}
	})
	out = append(out, rows...)
	if rest := len(list) - shownSessions; rest > 0 {
		out = append(out, note(l.T("common.others", "n", rest)))
	}
	return out
}

// running lists the campaigns that are going on.
func (r Reach) running(l Lang) []Element {
	if len(r.Running) == 0 {
		return nil
	}
	out := []Element{subheading(l.T("reach.running"))}
	rows, _ := foldRows(0, len(r.Running), func(i int) row {
		g := &r.Running[i]
		text := l.T("reach.publications", "n", g.Publications)
		if g.Publications > 0 {
			text = dotted(dotted(text, l.T("reach.row_reachable", "n", g.Members)), l.T("reach.row_acted", "n", g.Acted))
		}
		return row{first: Text(clip(g.Name, showName)), second: Text(text)}
	})
	return append(out, rows...)
}

// origin tells where the numbers came from, what is missing, and who can mend it.
func (r Reach) origin(l Lang) []Element {
	rep := r.Report
	if len(rep.Channels) == 0 {
		return nil
	}
	out := []Element{subheading(l.T("reach.origin"))}
	var from []string
	for _, s := range rep.Sources {
		from = append(from, l.T("reach.source."+string(s.Source), "n", s.Channels))
	}
	if len(from) > 0 {
		out = append(out, note(l.T("reach.sources", "sources", strings.Join(from, ", "))))
	}
	if rep.Unread > 0 {
		out = append(out, note(l.T("reach.unread", "n", rep.Unread)))
	}
	if rep.OldChannels > 0 && rep.OldestLook != 0 {
		out = append(out, note(l.T("reach.old", "n", rep.OldChannels, "day", l.Date(rep.OldestLook, r.Today))))
	}
	for i, g := range rep.Gaps {
		if i == shownGaps {
			out = append(out, note(l.T("common.others", "n", len(rep.Gaps)-i)))
			break
		}
		if text := l.gap(g); text != "" {
			out = append(out, note(text))
		}
	}
	out = append(out, r.activity(l)...)
	if n := rep.Total.Unnamed; n > 0 {
		out = append(out, note(l.T("reach.unnamed", "n", n)))
	}
	if rep.Sealed > 0 {
		out = append(out, note(l.T("reach.sealed", "n", rep.Sealed)))
	}
	return append(out, note(l.T("reach.honest")))
}

// shownTeams is how many teams have their activity told.
const shownTeams = 3

// activity tells how many were active in the channels' teams, in whatever: it says nothing of the publications.
func (r Reach) activity(l Lang) []Element {
	rep := r.Report
	problem, permission, _ := strings.Cut(rep.TeamsWhy, " ")
	switch {
	case problem == store.ActivityConcealed:
		return []Element{note(l.T("reach.activity_concealed"))}
	case problem == string(store.GraphForbidden):
		return []Element{note(l.T("reach.activity_forbidden", "permission", permission))}
	case len(rep.Teams) == 0:
		return nil
	}
	var teams []string
	for _, t := range rep.Teams[:min(len(rep.Teams), shownTeams)] {
		name := clip(Clean(t.Name), showName)
		if name == "" {
			name = l.T("reach.nameless_team")
		}
		teams = append(teams, name+" "+l.Number(t.Active))
	}
	text := strings.Join(teams, ", ")
	if rest := len(rep.Teams) - shownTeams; rest > 0 {
		text += " " + l.T("common.others", "n", rest)
	}
	t := rep.Teams[0]
	return []Element{note(l.T("reach.activity", "teams", text, "days", t.Days, "day", l.Date(t.Refreshed, r.Today)))}
}

// gap says what is missing and who can mend it.
func (l Lang) gap(g store.ReachGap) string {
	what := l.T("reach.gap_members")
	if g.Signals {
		what = l.T("reach.gap_signals")
	}
	problem, permission, _ := strings.Cut(g.Why, " ")
	args := []any{"what", what, "n", g.Channels, "permission", permission}
	switch {
	case problem == "chat":
		return l.T("reach.gap_chat", args...)
	case problem == "off":
		return l.T("reach.gap_off", args...)
	case problem == string(store.GraphForbidden) && strings.HasSuffix(permission, ".Group"):
		return l.T("reach.gap_owner", args...)
	case problem == string(store.GraphForbidden):
		return l.T("reach.gap_admin", args...)
	case problem == string(store.GraphNotFound):
		return l.T("reach.gap_gone", args...)
	}
	return l.T("reach.gap_fault", args...)
}

func (r Reach) buttons(l Lang) []Action {
	var out []Action
	for _, b := range r.Neighbours {
		out = append(out, command(b.Title, b.Command))
	}
	if len(r.Measures.Measures) > 0 {
		out = append(out, command(l.T("measure.campaign_kind"), r.Measures.begin(l)))
	}
	var more []Action
	for _, b := range r.More {
		if len(b.Command) <= showTitle {
			more = append(more, command(b.Title, b.Command))
		}
	}
	if len(more) > 0 {
		out = append(out, ShowCard{Title: l.T("common.more"), Body: buttonRows(more)})
	}
	return out
}

// ReachChoices asks which of several publications is meant.
type ReachChoices struct {
	Typed        string
	Publications []store.PublicationReach
	Location     *time.Location
	Today        store.Date
}

// Card builds the card.
func (r ReachChoices) Card(l Lang) Card {
	title := l.T("reach.which")
	c := Card{Summary: title, Body: header(l.T("reach.kind"), title)}
	c.Body = append(c.Body, paragraph(l.T("reach.which_text", "name", clip(Clean(r.Typed), showName))))
	for _, p := range r.Publications {
		day := l.FullDate(store.DateOf(p.PublishedAt.In(r.Location)))
		c.Body = append(c.Body, ActionSet{Actions: []Action{command(day+" · "+clip(Clean(p.Title), 40), l.Word("command.reach")+" #"+strconv.FormatInt(p.ContentID, 10))}})
	}
	return c
}
