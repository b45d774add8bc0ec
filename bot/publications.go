package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// AudienceChannels returns the channels that the audiences are reached in, each once, and the audiences that are
// reached outside Teams.
func AudienceChannels(tx *store.Tx, audiences []string) (channels []store.Channel, outside []string, err error) {
	return teamChannels(tx, audiences, "")
}

// teamChannels is AudienceChannels with the channels of one team alone, unless teamID is "".
func teamChannels(tx *store.Tx, audiences []string, teamID string) (channels []store.Channel, outside []string, err error) {
	seen := map[string]bool{}
	for _, a := range audiences {
		list, err := audienceChannels(tx, a)
		if err != nil {
			return nil, nil, err
		}
		if list = store.InTeam(list, teamID); len(list) == 0 {
			outside = append(outside, a)
		}
		for _, ch := range list {
			if !seen[ch.ID] {
				seen[ch.ID] = true
				channels = append(channels, ch)
			}
		}
	}
	return channels, outside, nil
}

// publicationView is the content as it is posted, in all its languages.
func publicationView(v *store.ContentVersion) cards.Publication {
	return cards.Publication{Content: strconv.FormatInt(v.ContentID, 10), Version: v.Version, Title: v.Title, Body: v.Body, TitleSv: v.TitleSv, BodySv: v.BodySv,
		Link: v.Link, Image: v.Image, ImageAlt: v.ImageAlt}
}

// publicationIn is the content as a channel gets it: its own language's version, or both when the channel has none set.
// Content without a Swedish version is the same for all.
func publicationIn(v *store.ContentVersion, ch store.Channel) cards.Publication {
	view := publicationView(v)
	own, set := cards.ParseLang(ch.Language)
	switch {
	case v.TitleSv == "" || !set:
	case own == cards.Swedish:
		view.Title, view.Body = "", ""
	case own == cards.Finnish:
		view.TitleSv, view.BodySv = "", ""
	}
	return view
}

// publicationCard builds the card of a publication's post in a channel, from the version that is published now. withdrawn
// means that this post was taken back, though the publication may still stand in other channels.
func (b *Bot) publicationCard(tx *store.Tx, contentID int64, ch store.Channel, late, withdrawn bool, l cards.Lang) (cards.Card, error) {
	v, ok, err := tx.PublishedVersion(contentID)
	if err == nil && !ok {
		err = store.NotFound("error.nothing_published")
	}
	if err != nil {
		return cards.Card{}, err
	}
	view := publicationIn(v, ch)
	view.At, view.Withdrawn, view.Late, view.Today = b.local(v.PublishedAt), b.local(v.WithdrawnAt), late, store.DateOf(b.now())
	if withdrawn && v.WithdrawnAt.IsZero() {
		view.Withdrawn = b.local(v.PublishedAt) // the correction does not go to this channel
	}
	versions, err := tx.ContentVersions(contentID)
	if err != nil {
		return cards.Card{}, err
	}
	for _, earlier := range versions {
		if earlier.Version < v.Version && !earlier.PublishedAt.IsZero() {
			view.Corrected = b.local(v.PublishedAt)
		}
	}
	if view.Acks, err = tx.Acknowledgements(contentID); err != nil {
		return cards.Card{}, err
	}
	return view.Card(l), nil
}

// publish puts approved content into its audiences' channels, and tells the requester.
func (b *Bot) publish(tx *store.Tx, v *store.ContentVersion, due, now time.Time) error {
	channels, outside, err := teamChannels(tx, v.Audiences, v.TeamID)
	if err != nil {
		return err
	}
	out, err := tx.Publish(v, channels, due, now)
	if err != nil || !out {
		return err
	}
	if err := tx.Audit(now, store.System, "publication.publish", store.VersionItem(v), "sha256 "+v.SHA256); err != nil {
		return err
	}
	if len(channels) > 0 {
		if err := b.tell(tx, v.RequestedBy, v, now, "notice.published", "title", v.Title, "n", strconv.Itoa(len(channels))); err != nil {
			return err
		}
	}
	if len(outside) == 0 {
		return nil
	}
	return b.tell(tx, v.RequestedBy, v, now, "notice.published_outside", "title", v.Title, "outside", strings.Join(outside, ", "))
}

// published loads the publication that a click is about. It reports false when the card is older than the record: another
// version is published now, or it was taken back.
func (t *turn) published(tx *store.Tx) (v *store.ContentVersion, current bool, err error) {
	v, ok, err := tx.PublishedVersion(t.data.Content)
	if err == nil && !ok {
		err = store.NotFound("error.nothing_published")
	}
	return v, err == nil && v.Version == t.data.Version && v.WithdrawnAt.IsZero(), err
}

// acknowledge records that the sender has read a publication: the only honest sign there is of one person.
func (t *turn) acknowledge(tx *store.Tx) (answer, error) {
	v, current, err := t.published(tx)
	if err != nil {
		return answer{}, err
	}
	if t.person.ID == "" {
		return answer{}, store.Forbidden("error.unknown_sender")
	}
	if !current { // they have not read what is published now
		if err := t.publishedHere(tx, v.ContentID); err != nil {
			return answer{}, err
		}
		post, ok, err := tx.PostByActivity(t.a.Conversation.ID, t.a.ReplyToID)
		if err != nil {
			return answer{}, err
		}
		c, err := t.publicationCard(tx, v.ContentID, t.here, ok && post.Late, ok && post.State == store.Withdrawn, t.hereLang())
		return showCard(c), err
	}
	if v.PublishedAt.Before(t.Retention.AttendanceSince(t.at)) {
		// Who acknowledged it is not kept any more, so that a second press could not be told from a first.
		return say(t.lang.T("ack.closed", "n", t.Retention.Attendance)), nil
	}
	first, at, err := tx.Acknowledge(v.ContentID, t.person.ID, t.here.ID, t.at)
	if err != nil {
		return answer{}, err
	}
	if !first {
		return say(t.lang.T("ack.again", "when", t.lang.DateTime(t.local(at), t.today))), nil
	}
	return say(t.lang.T("ack.done")), nil
}

// publishedHere fails with NotFound unless the content was posted where the click came from: a click that names any other
// content must not show it to somebody whom it was not published for.
func (t *turn) publishedHere(tx *store.Tx, contentID int64) error {
	posts, err := tx.ContentPosts(contentID, store.KindPublication)
	if err == nil && !slices.ContainsFunc(posts, func(p *store.Post) bool { return p.ChannelID != "" && p.ChannelID == t.here.ID }) {
		err = store.NotFound("error.nothing_published")
	}
	return err
}

// correct opens the form of what is published, or takes a form that was sent as a correction: a new version, approved
// again.
func (t *turn) correct(tx *store.Tx) (answer, error) {
	if _, typed := t.data.Inputs["title"]; typed {
		return t.contentSubmit(tx)
	}
	v, current, err := t.published(tx)
	if err != nil {
		return answer{}, err
	}
	if !current {
		return t.publishedAnswer(tx, v.ContentID)
	}
	return t.contentEdit(tx)
}

// withdrawPublication takes a publication back.
func (t *turn) withdrawPublication(tx *store.Tx) (answer, error) {
	v, current, err := t.published(tx)
	if err != nil {
		return answer{}, err
	}
	if !v.WithdrawnAt.IsZero() && v.WithdrawnBy == t.person.ID {
		return say(t.lang.T("published.withdrawn", "when", t.lang.DateTime(t.local(v.WithdrawnAt), t.today))), nil
	}
	if !current {
		return t.publishedAnswer(tx, v.ContentID)
	}
	if _, err := tx.WithdrawPublication(v.ContentID, t.person.ID, t.at); err != nil {
		return answer{}, err
	}
	if err := tx.VoidContent(v.ContentID); err != nil { // a correction that waits for a decision has nothing to correct any more
		return answer{}, err
	}
	if err := tx.Audit(t.at, t.actor(), "publication.withdraw", store.VersionItem(v), "sha256 "+v.SHA256); err != nil {
		return answer{}, err
	}
	return t.publishedAnswer(tx, v.ContentID)
}

// remindPublication writes once to the members who have not acknowledged a publication.
func (t *turn) remindPublication(tx *store.Tx) (answer, error) {
	v, current, err := t.published(tx)
	if err != nil {
		return answer{}, err
	}
	if !current {
		return t.publishedAnswer(tx, v.ContentID)
	}
	if at, err := tx.FollowedUp(v.ContentID); err != nil {
		return answer{}, err
	} else if !at.IsZero() {
		return answer{}, store.Conflict("error.reminded_already", "when", t.lang.DateTime(t.local(at), t.today))
	}
	people, err := tx.Unacknowledged(v.ContentID)
	if err != nil {
		return answer{}, err
	}
	if _, err := tx.FollowUp(v.ContentID, t.person.ID, t.at); err != nil {
		return answer{}, err
	}
	posts, err := tx.ContentPosts(v.ContentID, store.KindPublication)
	if err != nil {
		return answer{}, err
	}
	var channels []string
	for _, p := range posts {
		if p.State != store.Sent && p.State != store.PerhapsSent {
			continue
		}
		name, err := tx.ChannelName(p.ChannelID)
		if err != nil {
			return answer{}, err
		}
		channels = append(channels, name)
	}
	slices.Sort(channels)
	for _, p := range people {
		if err := t.tell(tx, p.ID, v, t.at, "notice.ack_reminder", "title", v.Title, "channels", strings.Join(channels, ", ")); err != nil {
			return answer{}, err
		}
	}
	if err := tx.Audit(t.at, t.actor(), "publication.remind", store.VersionItem(v), strconv.Itoa(len(people))); err != nil {
		return answer{}, err
	}
	if err := tx.RefreshContent(v.ContentID); err != nil {
		return answer{}, err
	}
	return t.publishedAnswer(tx, v.ContentID)
}

func (t *turn) publishedAnswer(tx *store.Tx, contentID int64) (answer, error) {
	v, _, err := tx.PublishedVersion(contentID)
	if err != nil {
		return answer{}, err
	}
	c, err := t.publishedCard(tx, v, t.lang)
	return showCard(c), err
}

// publishedCard is the requester's own card of what is published: where it is, who acknowledged, and what can be done.
func (b *Bot) publishedCard(tx *store.Tx, v *store.ContentVersion, l cards.Lang) (cards.Card, error) {
	view := cards.Published{Content: strconv.FormatInt(v.ContentID, 10), Version: v.Version, Title: v.Title, At: b.local(v.PublishedAt), Withdrawn: b.local(v.WithdrawnAt), CanEdit: v.WithdrawnAt.IsZero(), Today: store.DateOf(b.now())}
	posts, err := tx.ContentPosts(v.ContentID, store.KindPublication)
	if err != nil {
		return cards.Card{}, err
	}
	var channels []store.Channel
	for _, p := range posts {
		name := ""
		if ch, err := tx.Channel(p.ChannelID); err == nil {
			name = ch.FullName()
			channels = append(channels, ch)
		} else if !store.IsKind(err, store.KindNotFound) {
			return cards.Card{}, err
		}
		view.Channels = append(view.Channels, cards.PublishedChannel{Name: first(name, l.T("error.channel_gone")), State: p.State, Reason: undelivered(l, p)})
	}
	if view.Members, err = tx.MemberCount(channels); err != nil {
		return cards.Card{}, err
	}
	if view.Acks, err = tx.Acknowledgements(v.ContentID); err != nil {
		return cards.Card{}, err
	}
	waiting, err := tx.Unacknowledged(v.ContentID)
	if err != nil {
		return cards.Card{}, err
	}
	view.Unacknowledged = len(waiting)
	at, err := tx.FollowedUp(v.ContentID)
	view.Reminded = b.local(at)
	return view.Card(l), err
}

// undelivered says why a post is not there, in the reader's language: the ledger's own reason is for operators.
func undelivered(l cards.Lang, p *store.Post) string {
	if p.State == store.Failed {
		return l.T("published.not_reached")
	}
	return ""
}

// requestCard is the requester's own card: of the request until it is published, then of the publication.
func (b *Bot) requestCard(tx *store.Tx, p *store.Post, l cards.Lang) (cards.Card, error) {
	v, err := tx.ContentVersion(p.ContentID, p.ContentVersion)
	if err != nil {
		return cards.Card{}, err
	}
	if !v.PublishedAt.IsZero() {
		if v, _, err = tx.PublishedVersion(p.ContentID); err != nil { // a correction may stand in its place
			return cards.Card{}, err
		}
		return b.publishedCard(tx, v, l)
	}
	view, err := b.approvalView(tx, v, true, false)
	return view.Card(l), err
}

// tellUndelivered names to the requester of content whom or what a post about it could not reach.
func (b *Bot) tellUndelivered(tx *store.Tx, p *store.Post, why string, now time.Time) error {
	if p.ContentID == 0 || p.Kind == store.KindNotice {
		return nil
	}
	var v *store.ContentVersion
	versions, err := tx.ContentVersions(p.ContentID)
	if err != nil || len(versions) == 0 {
		return err
	}
	v = versions[len(versions)-1]
	name := ""
	if p.ChannelID != "" {
		if name, err = tx.ChannelName(p.ChannelID); err != nil {
			return err
		}
	} else {
		person, _, err := tx.Person(p.PersonID)
		if err != nil {
			return err
		}
		if person.ID == v.RequestedBy {
			return nil // nobody left to tell
		}
		name = person.Name
	}
	key := "notice.unreachable"
	if p.Kind == store.KindPublication {
		key = "notice.publication_failed"
	}
	return b.tell(tx, v.RequestedBy, v, now, key, "title", v.Title, "names", name, "channels", name, "reason", why)
}
