package store

import (
	"database/sql"
	"slices"
	"strings"
	"time"
)

// ReachTarget is a channel that is to be looked at.
type ReachTarget struct {
	Channel
	GroupID string      // the team's AAD group id, "" for a chat
	Posts   []string    // activity ids of the bot's posts there whose reactions and replies are wanted
	Own     bool        // its members are not all those of the team: a chat, a private or a shared channel
	Looked  ReachSource // where the members known so far came from, "" for none
	Tried   Date        // the day of the last look, zero for none
}

// ReachWork returns the channels that can be posted to and have not been looked at on the day, with the posts sent since
// then.
func (tx *Tx) ReachWork(day Date, since time.Time) ([]ReachTarget, error) {
	out, err := collect(tx, func(rows *sql.Rows) (t ReachTarget, err error) {
		err = rows.Scan(&t.ID, &t.TeamID, &t.TeamName, &t.Name, &t.Language, &t.ServiceURL, &t.GroupID, &t.Own, &t.Looked, &t.Tried)
		return t, err
	}, `SELECT l.id, coalesce(l.team_id, ''), l.team_name, l.name, l.language, l.service_url, coalesce(t.aad_group_id, ''), l.team_id IS NULL OR l.type IN ('private', 'shared'),
		coalesce((SELECT k.source FROM reach_look k WHERE k.channel = r.n ORDER BY k.first DESC LIMIT 1), ''), r.tried_on
		FROM reach_channel r JOIN live_channel l ON l.id = r.channel_id LEFT JOIN team t ON t.id = l.team_id
		WHERE (r.tried_on IS NULL OR r.tried_on < $1) ORDER BY r.n`, day)
	for i := range out {
		if err != nil {
			return nil, err
		}
		out[i].Posts, err = collect(tx, scanString, `SELECT activity_id FROM post WHERE channel_id = $1 AND kind IN ('publication', 'invitation') AND sent_at >= $2
			AND activity_id <> '' AND state IN ('sent', 'perhaps_sent') ORDER BY sent_at`, out[i].ID, since.UnixMilli())
	}
	return out, err
}

// ReachDue returns how many channels that can be posted to have not been looked at on the day, and how many never were.
func (tx *Tx) ReachDue(day Date) (due, never int, err error) {
	_, err = tx.scan(`SELECT count(*), count(*) FILTER (WHERE r.tried_on IS NULL) FROM reach_channel r JOIN live_channel l ON l.id = r.channel_id
		WHERE r.tried_on IS NULL OR r.tried_on < $1`, []any{day}, &due, &never)
	return due, never, err
}

// SetChannelType records whether a channel is standard, private or shared.
func (tx *Tx) SetChannelType(id, kind string) error {
	_, err := tx.exec(`UPDATE channel SET type = $2 WHERE id = $1 AND type <> $2`, id, kind)
	return err
}

// ReachTried records how a look at a channel went: why Graph gave no members, and why it gave no reactions and replies, ""
// where it did.
func (tx *Tx) ReachTried(channelID string, day Date, membersWhy, signalsWhy string) error {
	_, err := tx.exec(`UPDATE reach_channel SET tried_on = $2, members_why = $3, signals_why = $4 WHERE channel_id = $1`, channelID, day, membersWhy, signalsWhy)
	return err
}

// personNumber returns the number that counts stand for a person by.
func (tx *Tx) personNumber(personID string) (n int64, err error) {
	if ok, err := tx.scan(`SELECT n FROM reach_person WHERE person_id = $1`, []any{personID}, &n); ok || err != nil {
		return n, err
	}
	_, err = tx.scan(`INSERT INTO reach_person (person_id) VALUES ($1) RETURNING n`, []any{personID}, &n)
	return n, err
}

// SaveLook records who can see a channel on a day. ownTenant is the organisation whose people are neither guests nor
// external, "" when it is not known. What the bot itself knows does not replace what Graph told on the same day, and a day
// before the last one changes nothing. began is when the day began.
func (tx *Tx) SaveLook(channelID string, day Date, source ReachSource, members []ChannelMember, ownTenant string, began time.Time) error {
	var channel int64
	if ok, err := tx.scan(`SELECT n FROM reach_channel WHERE channel_id = $1`, []any{channelID}, &channel); err != nil || !ok {
		return err
	}
	var last struct {
		first, last Date
		source      ReachSource
		heads       headcount
	}
	known, err := tx.scan(`SELECT first, last, source, members, guests, external, members_unnamed, guests_unnamed, external_unnamed FROM reach_look
		WHERE channel = $1 ORDER BY first DESC LIMIT 1`, []any{channel}, append([]any{&last.first, &last.last, &last.source}, last.heads.dest()...)...)
	if err != nil || last.last > day || (last.last == day && source == SourceBot && last.source != SourceBot) {
		return err
	}
	kinds, heads := countMembers(members, ownTenant)
	if known && last.source == source && last.heads == heads && last.last >= day-1 {
		_, err = tx.exec(`UPDATE reach_look SET last = $3 WHERE channel = $1 AND first = $2`, channel, last.first, day)
	} else {
		if known && last.last == day && last.first < day { // an earlier look of the same day saw something else
			if _, err := tx.exec(`UPDATE reach_look SET last = $3 WHERE channel = $1 AND first = $2`, channel, last.first, day-1); err != nil {
				return err
			}
		}
		_, err = tx.exec(`INSERT INTO reach_look (channel, first, last, source, members, guests, external, members_unnamed, guests_unnamed, external_unnamed)
			VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (channel, first) DO UPDATE SET source = excluded.source, members = excluded.members, guests = excluded.guests,
			external = excluded.external, members_unnamed = excluded.members_unnamed, guests_unnamed = excluded.guests_unnamed, external_unnamed = excluded.external_unnamed`,
			channel, day, string(source), heads.all[0], heads.all[1], heads.all[2], heads.unnamed[0], heads.unnamed[1], heads.unnamed[2])
	}
	if err != nil {
		return err
	}
	if err := tx.saveMembers(channel, day, kinds); err != nil {
		return err
	}
	since := began.UnixMilli()
	if !known {
		since = 0 // what was published before the first look is reckoned by it
	}
	_, err = tx.exec(`INSERT INTO reach_stale SELECT DISTINCT content_id FROM post WHERE channel_id = $1 AND kind = 'publication' AND sent_at >= $2 ON CONFLICT DO NOTHING`, channelID, since)
	return err
}

func (h *headcount) dest() []any {
	return []any{&h.all[0], &h.all[1], &h.all[2], &h.unnamed[0], &h.unnamed[1], &h.unnamed[2]}
}

// countMembers counts each person once: a shared channel names somebody as often as teams bring them in.
func countMembers(members []ChannelMember, ownTenant string) (kinds map[string]int, heads headcount) {
	kinds = make(map[string]int, len(members))
	for _, m := range members {
		kind := kindMember
		switch {
		case m.Guest:
			kind = kindGuest
		case m.TenantID != "" && ownTenant != "" && !strings.EqualFold(m.TenantID, ownTenant):
			kind = kindExternal
		}
		if m.PersonID == "" {
			heads.all[kind]++
			heads.unnamed[kind]++
			continue
		}
		id := strings.ToLower(m.PersonID)
		if before, ok := kinds[id]; ok {
			kind = min(kind, before)
		}
		kinds[id] = kind
	}
	for _, kind := range kinds {
		heads.all[kind]++
	}
	return kinds, heads
}

// saveMembers brings the intervals of a channel's members in line with who is there on the day.
func (tx *Tx) saveMembers(channel int64, day Date, kinds map[string]int) error {
	type there struct {
		person int64
		id     sql.NullString
		first  Date
		kind   int
	}
	open, err := collect(tx, func(rows *sql.Rows) (t there, err error) {
		err = rows.Scan(&t.person, &t.id, &t.first, &t.kind)
		return t, err
	}, `SELECT m.person, p.person_id, m.first, m.kind FROM reach_member m JOIN reach_person p ON p.n = m.person WHERE m.channel = $1 AND m.last IS NULL`, channel)
	if err != nil {
		return err
	}
	stays := make(map[string]bool, len(open))
	for _, t := range open {
		kind, present := kinds[t.id.String]
		present = present && t.id.Valid
		switch {
		case present && kind == t.kind:
			stays[t.id.String] = true
			continue
		case t.first == day:
			_, err = tx.exec(`DELETE FROM reach_member WHERE channel = $1 AND person = $2 AND first = $3`, channel, t.person, day)
		default:
			_, err = tx.exec(`UPDATE reach_member SET last = $4 WHERE channel = $1 AND person = $2 AND first = $3`, channel, t.person, t.first, day-1)
		}
		if err != nil {
			return err
		}
	}
	for id, kind := range kinds {
		if stays[id] {
			continue
		}
		n, err := tx.personNumber(id)
		if err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO reach_member (channel, person, first, kind) VALUES ($1, $2, $3, $4)`, channel, n, day, kind); err != nil {
			return err
		}
	}
	return nil
}

// RosterOf returns the known members of a team, as a look by the bot itself sees them.
func (tx *Tx) RosterOf(teamID string) ([]ChannelMember, error) {
	return collect(tx, func(rows *sql.Rows) (m ChannelMember, err error) {
		err = rows.Scan(&m.PersonID, &m.TenantID, &m.Guest)
		return m, err
	}, `SELECT m.person_id, coalesce(p.tenant_id, ''), coalesce(p.guest, 0) FROM team_member m LEFT JOIN person p ON p.id = m.person_id WHERE m.team_id = $1 ORDER BY m.person_id`, teamID)
}

// reachPostOf returns the id of the bot's post that is the message of that id in a channel, 0 for none.
func (tx *Tx) reachPostOf(channelID, activityID string) (id int64, err error) {
	_, err = tx.scan(`SELECT id FROM post WHERE activity_id = $1 AND activity_id <> '' AND channel_id = $2 AND kind IN ('publication', 'invitation')`, []any{activityID, channelID}, &id)
	return id, err
}

// React records that somebody put a reaction on a publication or an invitation in a channel, or took it away, at that
// real time. Events come in any order and more than once: the newest says how it is. It reports false for another message.
func (tx *Tx) React(channelID, activityID, personID, kind string, gone bool, at time.Time) (bool, error) {
	post, err := tx.reachPostOf(channelID, activityID)
	if err != nil || post == 0 {
		return false, err
	}
	person, err := tx.personNumber(personID)
	if err != nil {
		return false, err
	}
	kind = reactionKind(kind)
	_, err = tx.exec(`INSERT INTO reach_signal (post_id, what, person, kind, nth, at, gone) VALUES ($1, 'reaction', $2, $3, 0, $4, $5)
		ON CONFLICT (post_id, what, person, kind, nth) DO UPDATE SET at = excluded.at, gone = excluded.gone WHERE excluded.at >= reach_signal.at`,
		post, person, kind, at.UnixMilli(), gone)
	return true, err
}

// SaveSignals records what people did with a post, as Graph told it on the day when it was asked at that real time. It
// replaces what was known, except what the bot was told of since.
func (tx *Tx) SaveSignals(channelID string, day Date, source ReachSource, m MessageSignals, asked time.Time) error {
	post, err := tx.reachPostOf(channelID, m.ActivityID)
	if err != nil || post == 0 || m.Gone {
		return err // of a message that somebody deleted, what was known last stays
	}
	type key struct {
		what, kind string
		person     int64
		nth        int
	}
	old, err := collect(tx, func(rows *sql.Rows) (k key, err error) {
		err = rows.Scan(&k.what, &k.kind, &k.person, &k.nth)
		return k, err
	}, `SELECT what, kind, person, nth FROM reach_signal WHERE post_id = $1 AND at < $2 AND gone = 0`, post, asked.UnixMilli())
	if err != nil {
		return err
	}
	now := map[key]time.Time{}
	unknown := map[string]int{}
	for what, list := range map[string][]Signal{"reaction": m.Reactions, "reply": m.Replies} {
		for _, s := range list {
			k := key{what: what, kind: reactionKind(s.Kind)}
			if s.PersonID == "" {
				unknown[what]++
				k.nth = unknown[what]
			} else if k.person, err = tx.personNumber(strings.ToLower(s.PersonID)); err != nil {
				return err
			}
			now[k] = s.At
		}
	}
	for _, k := range old {
		if _, still := now[k]; still {
			continue
		}
		if _, err := tx.exec(`UPDATE reach_signal SET gone = 1, at = $6 WHERE post_id = $1 AND what = $2 AND person = $3 AND kind = $4 AND nth = $5`,
			post, k.what, k.person, k.kind, k.nth, asked.UnixMilli()); err != nil {
			return err
		}
	}
	for k := range now {
		if _, err := tx.exec(`INSERT INTO reach_signal (post_id, what, person, kind, nth, at, gone) VALUES ($1, $2, $3, $4, $5, $6, 0)
			ON CONFLICT (post_id, what, person, kind, nth) DO UPDATE SET gone = 0, at = excluded.at WHERE reach_signal.at < excluded.at`,
			post, k.what, k.person, k.kind, k.nth, asked.UnixMilli()); err != nil {
			return err
		}
	}
	if _, err := tx.exec(`INSERT INTO reach_post (post_id, source, read_on) VALUES ($1, $2, $3) ON CONFLICT (post_id) DO UPDATE SET source = excluded.source, read_on = excluded.read_on`,
		post, string(source), day); err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO reach_stale SELECT content_id FROM post WHERE id = $1 AND kind = 'publication' ON CONFLICT DO NOTHING`, post)
	return err
}

// StaleReach returns up to limit publications of which something new is known.
func (tx *Tx) StaleReach(limit int) ([]int64, error) {
	return collect(tx, scanID, `SELECT content_id FROM reach_stale LIMIT $1`, limit)
}

func scanID(rows *sql.Rows) (id int64, err error) {
	err = rows.Scan(&id)
	return id, err
}

// RefreshReach puts together anew what is known of a publication. Reading does that itself for the publications that are
// still waiting for it, at the cost of time.
func (tx *Tx) RefreshReach(contentID int64) error {
	c, ok, err := tx.publicationPack(contentID)
	if err == nil && ok {
		err = tx.savePack(c)
	}
	if err != nil {
		return err
	}
	_, err = tx.exec(`DELETE FROM reach_stale WHERE content_id = $1`, contentID)
	return err
}

// publicationPack puts together what is known of a publication; it reports false when it was never published.
func (tx *Tx) publicationPack(contentID int64) (*publicationPack, bool, error) {
	var c, old publicationPack
	var at, withdrawn int64
	ok, err := tx.scan(`SELECT (SELECT min(f.published_at) FROM content_version f WHERE f.content_id = $1), v.title, coalesce(v.entry_id, ''), coalesce(e.campaign, ''), coalesce(v.withdrawn_at, 0)
		FROM content_version v LEFT JOIN entry e ON e.id = v.entry_id WHERE v.content_id = $1 AND v.published_at IS NOT NULL ORDER BY v.version DESC LIMIT 1`,
		[]any{contentID}, &at, &c.title, &c.entryID, &c.campaign, &withdrawn)
	if err != nil || !ok {
		return nil, false, err
	}
	c.content, c.publishedAt, c.withdrawn = contentID, time.UnixMilli(at), withdrawn != 0
	var packed []byte
	if _, err := tx.scan(`SELECT packed FROM reach_publication WHERE content_id = $1`, []any{contentID}, &packed); err != nil {
		return nil, false, err
	}
	if packed != nil && old.unpack(string(packed)) == nil && old.sealed {
		old.content, old.publishedAt, old.title, old.entryID, old.campaign, old.withdrawn = contentID, c.publishedAt, c.title, c.entryID, c.campaign, c.withdrawn
		return &old, true, tx.packAcks(&old)
	}
	if err := tx.packPosts(&c); err != nil {
		return nil, false, err
	}
	if c.sameMembers(&old) {
		c.members = old.members
	} else if c.members, err = tx.differentMembers(c.posts); err != nil {
		return nil, false, err
	}
	return &c, true, nil
}

// sameMembers reports whether the publication was to be seen by the same people as before.
func (c *publicationPack) sameMembers(old *publicationPack) bool {
	return slices.EqualFunc(c.posts, old.posts, func(a, b postPack) bool {
		return a.channel == b.channel && a.on == b.on && a.source == b.source && a.members == b.members
	}) && len(c.posts) > 0
}

// packPosts fills in a publication's posts and what people did with them.
func (tx *Tx) packPosts(c *publicationPack) error {
	if err := tx.packPostsOf(c, `p.content_id = $1 AND p.kind = 'publication'`, c.content); err != nil {
		return err
	}
	if err := tx.packAcks(c); err != nil {
		return err
	}
	c.count()
	return nil
}

// packAcks fills in who acknowledged a publication.
func (tx *Tx) packAcks(c *publicationPack) error {
	for i := range c.posts {
		c.posts[i].acks, c.posts[i].ackedCount = nil, 0
	}
	c.elsewhere = nil
	acks, err := collect(tx, func(rows *sql.Rows) (a struct {
		person, channel int64
	}, err error) {
		err = rows.Scan(&a.person, &a.channel)
		return a, err
	}, `SELECT coalesce(p.n, 0), coalesce(r.n, 0) FROM acknowledgement a LEFT JOIN reach_person p ON p.person_id = a.person_id
		LEFT JOIN reach_channel r ON r.channel_id = a.channel_id WHERE a.content_id = $1 ORDER BY 1`, c.content)
	if err != nil {
		return err
	}
	kept, err := collect(tx, func(rows *sql.Rows) (k struct {
		channel int64
		people  int
	}, err error) {
		err = rows.Scan(&k.channel, &k.people)
		return k, err
	}, `SELECT coalesce(r.n, 0), a.people FROM acknowledged a LEFT JOIN reach_channel r ON r.channel_id = a.channel_id WHERE a.content_id = $1`, c.content)
	if err != nil {
		return err
	}
	c.acknowledged = len(acks)
	for _, k := range kept { // of whom it is forgotten who they were
		c.acknowledged += k.people
		if i := slices.IndexFunc(c.posts, func(p postPack) bool { return p.channel == k.channel }); i >= 0 {
			c.posts[i].ackedCount += k.people
		}
	}
	for _, a := range acks {
		i := slices.IndexFunc(c.posts, func(p postPack) bool { return p.channel == a.channel })
		switch {
		case i >= 0:
			c.posts[i].ackedCount++
			if a.person != 0 {
				c.posts[i].acks = append(c.posts[i].acks, a.person)
			}
		case a.person != 0:
			c.elsewhere = append(c.elsewhere, a.person)
		}
	}
	return nil
}

// forgetSignals forgets who reacted and replied to a post, and leaves how many did.
func (tx *Tx) forgetSignals(postID int64) error {
	var contentID int64
	if _, err := tx.scan(`SELECT content_id FROM post WHERE id = $1 AND kind = 'publication' AND content_id IS NOT NULL`, []any{postID}, &contentID); err != nil {
		return err
	}
	if contentID != 0 {
		c, ok, err := tx.publicationPack(contentID)
		if err != nil {
			return err
		}
		if ok {
			c.seal()
			if err := tx.savePack(c); err != nil {
				return err
			}
		}
	}
	_, err := tx.exec(`DELETE FROM reach_signal WHERE post_id = $1`, postID)
	return err
}

func (tx *Tx) savePack(c *publicationPack) error {
	_, err := tx.exec(`INSERT INTO reach_publication (content_id, published_at, packed) VALUES ($1, $2, $3)
		ON CONFLICT (content_id) DO UPDATE SET published_at = excluded.published_at, packed = excluded.packed`, c.content, c.publishedAt.UnixMilli(), c.pack())
	return err
}

// packPostsOf fills in the posts that the condition selects, with their members and reactions.
func (tx *Tx) packPostsOf(c *publicationPack, where string, arg any) error {
	type sent struct {
		postPack
		at int64
	}
	posts, err := collect(tx, func(rows *sql.Rows) (s sent, err error) {
		err = rows.Scan(&s.post, &s.channel, &s.audience, &s.at, &s.signals, &s.signalsOn)
		return s, err
	}, `SELECT p.id, r.n, p.audience, p.sent_at, coalesce(s.source, 'bot'), s.read_on FROM post p JOIN reach_channel r ON r.channel_id = p.channel_id
		LEFT JOIN reach_post s ON s.post_id = p.id WHERE `+where+` AND p.sent_at IS NOT NULL AND p.activity_id <> '' ORDER BY p.id`, arg)
	if err != nil {
		return err
	}
	c.posts = make([]postPack, len(posts))
	for i := range posts {
		p := &c.posts[i]
		*p = posts[i].postPack
		// The members are those of the day it was posted, or of the last look before; when there was none yet, of the first
		// after. Channels are looked at by night, so that it is all the same whether a day begins some hours later here.
		day := DateOf(time.UnixMilli(posts[i].at).UTC())
		for _, look := range []string{
			`SELECT min(last, $2), source, members, guests, external, members_unnamed, guests_unnamed, external_unnamed FROM reach_look WHERE channel = $1 AND first <= $2 ORDER BY first DESC LIMIT 1`,
			`SELECT first, source, members, guests, external, members_unnamed, guests_unnamed, external_unnamed FROM reach_look WHERE channel = $1 AND first > $2 ORDER BY first LIMIT 1`,
		} {
			ok, err := tx.scan(look, []any{p.channel, day}, append([]any{&p.on, &p.source}, p.members.dest()...)...)
			if err != nil {
				return err
			}
			if ok {
				break
			}
		}
		if err := tx.packSignals(p); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) packSignals(p *postPack) error {
	rows, err := tx.query(`SELECT what, person FROM reach_signal WHERE post_id = $1 AND gone = 0 ORDER BY what, person`, p.post)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var what string
		var person int64
		if err := rows.Scan(&what, &person); err != nil {
			return err
		}
		c := &p.reacted
		if what == "reply" {
			c = &p.replied
		}
		switch {
		case person == 0:
			c.unknown++
		case len(c.known) == 0 || c.known[len(c.known)-1] != person:
			c.known = append(c.known, person)
		}
	}
	return rows.Err()
}

// count fills in the numbers from the people.
func (c *publicationPack) count() {
	var reacted, replied, acted peopleSet
	var strangers [3]int // reacted, replied, acknowledged without being known
	for i := range c.posts {
		p := &c.posts[i]
		var here peopleSet
		for _, n := range p.reacted.known {
			reacted.add(n)
			here.add(n)
		}
		for _, n := range p.replied.known {
			replied.add(n)
			here.add(n)
		}
		for _, n := range p.acks {
			here.add(n)
		}
		acted.addAll(here)
		p.reacted.count, p.replied.count = len(p.reacted.known)+p.reacted.unknown, len(p.replied.known)+p.replied.unknown
		p.acted = here.count() + p.reacted.unknown + p.replied.unknown + p.ackedCount - len(p.acks)
		strangers[0] += p.reacted.unknown
		strangers[1] += p.replied.unknown
		strangers[2] += p.ackedCount - len(p.acks)
	}
	for _, n := range c.elsewhere {
		acted.add(n)
	}
	c.reacted, c.replied = reacted.count()+strangers[0], replied.count()+strangers[1]
	c.acted = acted.count() + strangers[0] + strangers[1] + strangers[2]
}

// differentMembers counts the different people who could see the posts. Those without an id are added up.
func (tx *Tx) differentMembers(posts []postPack) (h headcount, err error) {
	if len(posts) == 1 {
		return posts[0].members, nil
	}
	var kinds [memberKinds]peopleSet
	for i := range posts {
		p := &posts[i]
		for k := range memberKinds {
			h.unnamed[k] += p.members.unnamed[k]
		}
		if p.on == 0 {
			continue
		}
		if err := tx.addMembers(&kinds, p.channel, p.on); err != nil {
			return h, err
		}
	}
	h.distinct(&kinds)
	return h, nil
}

// addMembers adds who could see a channel on a day.
func (tx *Tx) addMembers(kinds *[memberKinds]peopleSet, channel int64, day Date) error {
	rows, err := tx.query(`SELECT person, kind FROM reach_member WHERE channel = $1 AND first <= $2 AND (last IS NULL OR last >= $2)`, channel, day)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var person int64
		var kind int
		if err := rows.Scan(&person, &kind); err != nil {
			return err
		}
		kinds[kind].add(person)
	}
	return rows.Err()
}

// distinct fills in the counts from the people of each kind: who is several counts as the first.
func (h *headcount) distinct(kinds *[memberKinds]peopleSet) {
	kinds[kindGuest].remove(kinds[kindMember])
	kinds[kindExternal].remove(kinds[kindMember])
	kinds[kindExternal].remove(kinds[kindGuest])
	for k := range memberKinds {
		h.all[k] = kinds[k].count() + h.unnamed[k]
	}
}

// publishedFor returns for which of its audiences a publication goes to a channel: those bound to it, else all, which a
// binding of another kind stands for.
func (tx *Tx) publishedFor(audiences []string, channelID string) (string, error) {
	bound, err := tx.Bindings(channelID)
	if err != nil {
		return "", err
	}
	var names []string
	for _, a := range audiences {
		if slices.ContainsFunc(bound, func(b Binding) bool { return b.Kind == ForAudience && Key(b.Name) == Key(a) }) {
			names = append(names, a)
		}
	}
	if len(names) == 0 {
		names = audiences
	}
	return strings.Join(names, ","), nil
}
