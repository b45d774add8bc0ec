package store

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ReachFilter selects publications. The zero value of a field selects all.
type ReachFilter struct {
	From, To  time.Time // published (the first time) at or after From and before To
	Campaign  string    // without case
	Audience  string    // without case: only the channels in which it was for that audience count
	ContentID int64
}

// reachChannels are the channels by the numbers that stand for them.
type reachChannels map[int64]reachChannel

type reachChannel struct {
	Channel
	membersWhy, signalsWhy string
	looked                 Date // the last day on which its members were read
	tried                  Date
	source                 ReachSource
}

func (tx *Tx) reachChannels() (reachChannels, error) {
	out := reachChannels{}
	rows, err := tx.query(`SELECT r.n, c.id, coalesce(c.team_id, ''), coalesce(t.name, ''), c.name, r.members_why, r.signals_why, r.tried_on,
		(SELECT max(k.last) FROM reach_look k WHERE k.channel = r.n), coalesce((SELECT k.source FROM reach_look k WHERE k.channel = r.n ORDER BY k.first DESC LIMIT 1), '')
		FROM reach_channel r JOIN channel c ON c.id = r.channel_id LEFT JOIN team t ON t.id = c.team_id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		var c reachChannel
		if err := rows.Scan(&n, &c.ID, &c.TeamID, &c.TeamName, &c.Name, &c.membersWhy, &c.signalsWhy, &c.tried, &c.looked, &c.source); err != nil {
			return nil, err
		}
		out[n] = c
	}
	return out, rows.Err()
}

// eachPublication calls fn for what is known of the publications that the filter selects by time and id, in the order of
// publication. fn must not keep the value: it is used again.
func (tx *Tx) eachPublication(f ReachFilter, fn func(*publicationPack) error) error {
	to := f.To.UnixMilli()
	if f.To.IsZero() {
		to = 1 << 62
	}
	from := f.From.UnixMilli()
	if f.From.IsZero() {
		from = 0
	}
	// What has changed since it was put together last is put together here.
	var fresh []*publicationPack
	waiting := map[int64]bool{}
	stale, err := tx.StaleReach(-1)
	if err != nil {
		return err
	}
	for _, id := range stale {
		waiting[id] = true
		if f.ContentID != 0 && f.ContentID != id {
			continue
		}
		c, ok, err := tx.publicationPack(id)
		if err != nil {
			return err
		}
		if at := int64(0); ok {
			if at = c.publishedAt.UnixMilli(); at >= from && at < to {
				fresh = append(fresh, c)
			}
		}
	}
	slices.SortFunc(fresh, func(a, b *publicationPack) int {
		return cmp.Or(a.publishedAt.Compare(b.publishedAt), cmp.Compare(a.content, b.content))
	})
	where, args := `published_at >= $1 AND published_at < $2`, []any{from, to}
	if f.ContentID != 0 {
		where, args = where+` AND content_id = $3`, append(args, f.ContentID)
	}
	rows, err := tx.query(`SELECT content_id, published_at, packed FROM reach_publication WHERE `+where+` ORDER BY published_at, content_id`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var c publicationPack
	var packed sql.RawBytes
	var at int64
	for rows.Next() {
		if err := rows.Scan(&c.content, &at, &packed); err != nil {
			return err
		}
		if waiting[c.content] {
			continue
		}
		c.publishedAt = time.UnixMilli(at)
		for len(fresh) > 0 && fresh[0].publishedAt.Before(c.publishedAt) {
			if err := fn(fresh[0]); err != nil {
				return err
			}
			fresh = fresh[1:]
		}
		if err := c.unpack(string(packed)); err != nil {
			return err
		}
		if err := fn(&c); err != nil {
			return err
		}
	}
	for _, c := range fresh {
		if err := fn(c); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// ReachRows calls fn for every publication and each of its channels, in the order of publication. A publication that is in
// no channel comes once, with the audiences it is for and without a channel.
func (tx *Tx) ReachRows(fn func(*ReachRow) error) error {
	channels, err := tx.reachChannels()
	if err != nil {
		return err
	}
	return tx.eachPublication(ReachFilter{}, func(c *publicationPack) error {
		row := ReachRow{ContentID: c.content, Title: c.title, Campaign: c.campaign, PublishedAt: c.publishedAt, Planned: c.entryID != "", Withdrawn: c.withdrawn}
		for i := range c.posts {
			p := &c.posts[i]
			in := channels[p.channel]
			row.Channel, row.MembersWhy, row.SignalsWhy = in.Channel, in.membersWhy, in.signalsWhy
			row.Audience, row.MembersOn, row.Source, row.Headcount = strings.Join(splitNames(p.audience), ", "), p.on, p.source, p.members.public()
			row.Responses, row.SignalsSource, row.SignalsOn = p.tally(), p.signals, p.signalsOn
			if err := fn(&row); err != nil {
				return err
			}
		}
		if len(c.posts) > 0 {
			return nil
		}
		var audiences string
		if _, err := tx.scan(`SELECT audiences FROM content_version WHERE content_id = $1 AND published_at IS NOT NULL ORDER BY version DESC LIMIT 1`, []any{c.content}, &audiences); err != nil {
			return err
		}
		row.Audience = strings.Join(splitNames(audiences), ", ")
		return fn(&row)
	})
}

func (p *postPack) tally() Responses {
	return Responses{Reacted: p.reacted.count, Replied: p.replied.count, Acknowledged: p.ackedCount, Acted: p.acted, Replies: p.signals != SourceBot}
}

// audienceReach collects the people of one group of publications.
type audienceReach struct {
	ReachGroup
	days                    map[int64][]Date // by channel: the days by whose members its posts are reckoned
	unnamed                 map[int64][memberKinds]int
	reacted, replied, acked peopleSet
	strangers               [4]int // reacted, replied, acknowledged, any of these: people who are not known
	last                    int64  // the publication counted last
	unknownReplies          bool
}

func newAudienceReach(name string) *audienceReach {
	return &audienceReach{ReachGroup: ReachGroup{Name: name}, days: map[int64][]Date{}, unnamed: map[int64][memberKinds]int{}}
}

// add counts a publication's post. Posts come in the order of publication.
func (g *audienceReach) add(c *publicationPack, p *postPack) {
	if g.last != c.content {
		g.Publications++
		g.last = c.content
	}
	if p.on != 0 {
		days := g.days[p.channel]
		if !slices.Contains(days[max(0, len(days)-2):], p.on) {
			g.days[p.channel] = append(days, p.on)
		}
		most := g.unnamed[p.channel]
		for k := range memberKinds {
			most[k] = max(most[k], p.members.unnamed[k])
			g.Exposed += p.members.all[k]
		}
		g.unnamed[p.channel] = most
		g.Responded += p.acted
	}
	for _, n := range p.reacted.known {
		g.reacted.add(n)
	}
	for _, n := range p.replied.known {
		g.replied.add(n)
	}
	for _, n := range p.acks {
		g.acked.add(n)
	}
	g.strangers[0] += p.reacted.unknown
	g.strangers[1] += p.replied.unknown
	g.strangers[2] += p.ackedCount - len(p.acks)
	g.unknownReplies = g.unknownReplies || p.signals == SourceBot
}

// finish counts the people, with the members of the channels as read.
func (g *audienceReach) finish(members map[int64]*channelMembers) ReachGroup {
	var kinds [memberKinds]peopleSet
	var heads headcount
	for channel, days := range g.days {
		m := members[channel]
		for k := range memberKinds {
			kinds[k].addAll(m.always[k])
			heads.unnamed[k] += g.unnamed[channel][k]
		}
		for _, s := range m.sometimes {
			if slices.ContainsFunc(days, func(d Date) bool { return d >= s.first && d <= s.last }) {
				kinds[s.kind].add(s.person)
			}
		}
	}
	heads.distinct(&kinds)
	g.Headcount = heads.public()
	g.Reacted, g.Replied, g.Acknowledged = g.reacted.count()+g.strangers[0], g.replied.count()+g.strangers[1], g.acked.count()+g.strangers[2]
	acted := slices.Clone(g.reacted)
	acted.addAll(g.replied)
	acted.addAll(g.acked)
	g.Acted = acted.count() + g.strangers[0] + g.strangers[1] + g.strangers[2]
	g.Replies = !g.unknownReplies && g.Publications > 0
	return g.ReachGroup
}

// channelMembers is who could see a channel within some days.
type channelMembers struct {
	from, to  Date
	always    [memberKinds]peopleSet // on all of them
	sometimes []stay
}

type stay struct {
	person      int64
	first, last Date
	kind        int
}

// readMembers fills in who could see a channel. Those who were there all the time are most, and they all come as texts: reading
// row by row would take most of the time.
func (tx *Tx) readMembers(channel int64, m *channelMembers) error {
	const always = `first <= $2 AND (last IS NULL OR last >= $3)`
	var there [memberKinds]sql.NullString
	var stays sql.NullString
	if _, err := tx.scan(`SELECT group_concat(person, ' ') FILTER (WHERE kind = 0 AND `+always+`), group_concat(person, ' ') FILTER (WHERE kind = 1 AND `+always+`),
		group_concat(person, ' ') FILTER (WHERE kind = 2 AND `+always+`), group_concat(kind || ' ' || person || ' ' || first || ' ' || coalesce(last, $3), char(10)) FILTER (WHERE NOT (`+always+`))
		FROM reach_member WHERE channel = $1 AND first <= $3 AND (last IS NULL OR last >= $2)`, []any{channel, m.from, m.to}, &there[0], &there[1], &there[2], &stays); err != nil {
		return err
	}
	for kind := range there {
		if there[kind].String == "" {
			continue
		}
		n := int64(0)
		for _, c := range []byte(there[kind].String) {
			if c == ' ' {
				m.always[kind].add(n)
				n = 0
			} else {
				n = n*10 + int64(c-'0')
			}
		}
		m.always[kind].add(n)
	}
	for line := range strings.Lines(stays.String) {
		fields := strings.Fields(line)
		var s stay
		var err [4]error
		s.kind, err[0] = strconv.Atoi(fields[0])
		s.person, err[1] = strconv.ParseInt(fields[1], 10, 64)
		s.first, err[2] = ParseDate(fields[2])
		s.last, err[3] = ParseDate(fields[3])
		if err := errors.Join(err[:]...); err != nil {
			return err
		}
		m.sometimes = append(m.sometimes, s)
	}
	return nil
}

// maxReported bounds the publications that a report names.
const maxReported = 100

// Reach returns what is known of the publications that the filter selects.
func (tx *Tx) Reach(f ReachFilter) (*ReachReport, error) {
	reports, err := tx.Reaches(f)
	if err != nil {
		return nil, err
	}
	return reports[0], nil
}

// Reaches is Reach for several filters. Those that select posts in the same channels, and those in a row that differ by
// campaign alone, cost little more than one.
func (tx *Tx) Reaches(filters ...ReachFilter) ([]*ReachReport, error) {
	known, err := tx.reachChannels()
	if err != nil {
		return nil, err
	}
	gathered := make([]*reachGroups, len(filters))
	for i, f := range filters {
		gathered[i] = newReachGroups(f, known)
	}
	same := func(a, b ReachFilter) bool {
		return a.From.Equal(b.From) && a.To.Equal(b.To) && a.ContentID == b.ContentID
	}
	for i := 0; i < len(filters); {
		n := i + 1
		for n < len(filters) && same(filters[n], filters[i]) {
			n++
		}
		if err := tx.eachPublication(filters[i], func(c *publicationPack) error {
			for _, g := range gathered[i:n] {
				g.take(c)
			}
			return nil
		}); err != nil {
			return nil, err
		}
		i = n
	}
	members := map[int64]*channelMembers{}
	for _, g := range gathered {
		for channel, days := range g.total.days {
			from, to := slices.Min(days), slices.Max(days)
			if m, ok := members[channel]; ok {
				from, to = min(from, m.from), max(to, m.to)
			}
			members[channel] = &channelMembers{from: from, to: to}
		}
	}
	for channel, m := range members {
		if err := tx.readMembers(channel, m); err != nil {
			return nil, err
		}
	}
	out := make([]*ReachReport, len(filters))
	for i, g := range gathered {
		r := g.report
		slices.Reverse(r.Publications)
		r.Publications = r.Publications[:min(len(r.Publications), maxReported)]
		r.Total = g.total.finish(members)
		r.Channels = finishAll(g.byChannel, members)
		r.Audiences = finishAll(g.byAudience, members)
		r.Campaigns = finishAll(g.byCampaign, members)
		r.sources(g.byChannel, known)
		if err := r.activity(tx, g.byChannel, known); err != nil {
			return nil, err
		}
		out[i] = r
	}
	return out, nil
}

// PublicationReach returns what is known of one publication; it reports false when nothing of that id was published.
func (tx *Tx) PublicationReach(contentID int64) (p PublicationReach, ok bool, err error) {
	err = tx.eachPublication(ReachFilter{ContentID: contentID}, func(c *publicationPack) error {
		p, ok = c.public(), true
		return nil
	})
	return p, ok, err
}

// reachGroups are the publications of a report in groups, before their people are counted.
type reachGroups struct {
	report             *ReachReport
	campaign, audience string // keys
	known              reachChannels

	total      *audienceReach
	byChannel  map[int64]*audienceReach
	byAudience map[string]*audienceReach
	byCampaign map[string]*audienceReach
	// Names are many times the same: their groups are looked up once.
	ofAudiences map[string][]*audienceReach
	ofCampaign  map[string]*audienceReach
}

func newReachGroups(f ReachFilter, known reachChannels) *reachGroups {
	return &reachGroups{report: &ReachReport{}, campaign: Key(f.Campaign), audience: Key(f.Audience), known: known, total: newAudienceReach(""),
		byChannel: map[int64]*audienceReach{}, byAudience: map[string]*audienceReach{}, byCampaign: map[string]*audienceReach{},
		ofAudiences: map[string][]*audienceReach{}, ofCampaign: map[string]*audienceReach{}}
}

// take counts a publication, unless the filter leaves it out.
func (r *reachGroups) take(c *publicationPack) {
	if r.campaign != "" && Key(c.campaign) != r.campaign {
		return
	}
	counted := false
	for i := range c.posts {
		p := &c.posts[i]
		groups, ok := r.ofAudiences[p.audience]
		if !ok {
			for _, n := range splitNames(strings.Clone(p.audience)) {
				groups = append(groups, group(r.byAudience, Key(n), n))
			}
			r.ofAudiences[strings.Clone(p.audience)] = groups
		}
		if r.audience != "" && !slices.Contains(groups, r.byAudience[r.audience]) {
			continue
		}
		counted = true
		r.total.add(c, p)
		group(r.byChannel, p.channel, r.known[p.channel].FullName()).add(c, p)
		for _, g := range groups {
			g.add(c, p)
		}
		if c.campaign != "" {
			g, ok := r.ofCampaign[c.campaign]
			if !ok {
				name := strings.Clone(c.campaign)
				g = group(r.byCampaign, Key(name), name)
				r.ofCampaign[name] = g
			}
			g.add(c, p)
		}
	}
	if len(c.posts) == 0 && r.audience == "" {
		counted = true
		r.report.Unreached++
		r.total.Publications++
	}
	if !counted {
		return
	}
	for _, n := range c.elsewhere {
		r.total.acked.add(n)
	}
	if c.entryID == "" {
		r.report.Unplanned++
	}
	if c.sealed {
		r.report.Sealed++
	}
	list := append(r.report.Publications, c.public())
	if len(list) >= 2*maxReported {
		list = append(list[:0], list[len(list)-maxReported:]...)
	}
	r.report.Publications = list
}

func group[K comparable](groups map[K]*audienceReach, key K, name string) *audienceReach {
	g, ok := groups[key]
	if !ok {
		g = newAudienceReach(name)
		groups[key] = g
	}
	return g
}

func finishAll[K comparable](groups map[K]*audienceReach, members map[int64]*channelMembers) []ReachGroup {
	out := make([]ReachGroup, 0, len(groups))
	for _, g := range groups {
		if g.Publications > 0 {
			out = append(out, g.finish(members))
		}
	}
	slices.SortFunc(out, func(a, b ReachGroup) int { return cmp.Or(cmp.Compare(b.All(), a.All()), cmp.Compare(a.Name, b.Name)) })
	return out
}

// sources tells where the numbers came from, what is missing, and how old they are.
func (r *ReachReport) sources(groups map[int64]*audienceReach, known reachChannels) {
	uses, gaps := map[ReachSource]int{}, map[ReachGap]int{}
	for n := range groups {
		c := known[n]
		if c.looked == 0 {
			r.Unread++
		} else {
			uses[c.source]++
			if r.OldestLook == 0 || c.looked < r.OldestLook {
				r.OldestLook = c.looked
			}
			if c.looked < c.tried {
				r.OldChannels++
			}
		}
		if c.membersWhy != "" {
			gaps[ReachGap{Why: c.membersWhy}]++
		}
		if c.signalsWhy != "" {
			gaps[ReachGap{Why: c.signalsWhy, Signals: true}]++
		}
	}
	for _, s := range []ReachSource{SourceTenant, SourceRSC, SourceBot} {
		if uses[s] > 0 {
			r.Sources = append(r.Sources, ReachSourceUse{s, uses[s]})
		}
	}
	for g, n := range gaps {
		g.Channels = n
		r.Gaps = append(r.Gaps, g)
	}
	slices.SortFunc(r.Gaps, func(a, b ReachGap) int {
		return cmp.Or(cmp.Compare(b.Channels, a.Channels), cmp.Compare(a.Why, b.Why), cmp.Compare(strconv.FormatBool(a.Signals), strconv.FormatBool(b.Signals)))
	})
}

func (c *publicationPack) public() PublicationReach {
	p := PublicationReach{ContentID: c.content, Title: strings.Clone(c.title), PublishedAt: c.publishedAt, Planned: c.entryID != "", Withdrawn: c.withdrawn, Channels: len(c.posts),
		Headcount: c.members.public(), Responses: Responses{Reacted: c.reacted, Replied: c.replied, Acknowledged: c.acknowledged, Acted: c.acted, Replies: len(c.posts) > 0}}
	for i := range c.posts {
		p.Replies = p.Replies && c.posts[i].signals != SourceBot
	}
	return p
}
