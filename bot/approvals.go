package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"vuosikello/cards"
	"vuosikello/store"
)

// maxComment bounds a decision's comment, in characters.
const maxComment = 1000

// askApproval writes the request's posts: to the management team's channels and to each approver personally.
func (t *turn) askApproval(tx *store.Tx, v *store.ContentVersion) error {
	p := store.Post{Kind: store.KindApproval, Title: v.Title, EntryID: v.EntryID, ContentID: v.ContentID, ContentVersion: v.Version, Priority: store.PriorityNotice, DueAt: t.at}
	channels, err := tx.BoundChannels(store.Management, "")
	if err != nil {
		return err
	}
	for _, ch := range channels {
		p.ChannelID = ch.ID
		if err := tx.AddPost(&p, t.at); err != nil {
			return err
		}
	}
	p.ChannelID = ""
	approvers, err := t.approvers(tx, v, t.today)
	if err != nil {
		return err
	}
	for _, a := range approvers {
		p.PersonID = a.ID
		if err := tx.AddPost(&p, t.at); err != nil {
			return err
		}
	}
	return nil
}

// approvers returns who may decide on the version on the day: the holders of the role, but never who asks.
func (b *Bot) approvers(tx *store.Tx, v *store.ContentVersion, today store.Date) ([]store.Person, error) {
	holders, err := tx.RoleHolders(today)
	var out []store.Person
	for _, h := range holders {
		if h.Role == store.RoleApprover && h.Person.ID != v.RequestedBy {
			out = append(out, h.Person)
		}
	}
	return out, err
}

// approvalView is the request as its card shows it. own is the requester's copy.
func (b *Bot) approvalView(tx *store.Tx, v *store.ContentVersion, own, nudge bool) (cards.Approval, error) {
	now := b.now()
	view := cards.Approval{Content: strconv.FormatInt(v.ContentID, 10), Version: v.Version, Title: v.Title, Body: v.Body, TitleSv: v.TitleSv, BodySv: v.BodySv,
		Link: v.Link, Image: v.Image, ImageAlt: v.ImageAlt, NoEntry: v.EntryID == "", PublishAt: b.local(v.PublishAt), Checklist: v.Checklist,
		Decision: v.Decision, DecidedAt: b.local(v.DecidedAt), Comment: v.Comment, MeetingDate: v.MeetingDate, Own: own, Nudge: nudge, Today: store.DateOf(now)}
	requester, _, err := tx.Person(v.RequestedBy)
	if err != nil {
		return view, err
	}
	view.Requester = cards.Person{Name: requester.Name, ID: requester.ID}
	if v.DecidedBy != "" {
		p, _, err := tx.Person(v.DecidedBy)
		if err != nil {
			return view, err
		}
		view.DecidedBy = p.Name
	}
	if v.EntryID != "" {
		e, err := tx.Entry(v.EntryID)
		if err != nil {
			return view, err
		}
		view.Entry, view.Campaign = e.Title, e.Campaign
	}
	for _, a := range v.Audiences {
		channels, err := audienceChannels(tx, a)
		if err != nil {
			return view, err
		}
		n, err := tx.MemberCount(channels)
		if err != nil {
			return view, err
		}
		view.Audiences = append(view.Audiences, cards.AudienceCount{Name: a, People: n, Known: n > 0, Outside: len(channels) == 0})
	}
	versions, err := tx.ContentVersions(v.ContentID)
	if err != nil {
		return view, err
	}
	for _, earlier := range versions {
		if earlier.Version >= v.Version {
			break
		}
		by, _, err := tx.Person(earlier.DecidedBy)
		if err != nil {
			return view, err
		}
		view.Rounds = append(view.Rounds, cards.Round{Version: earlier.Version, Decision: earlier.Decision, By: by.Name, At: b.local(earlier.DecidedAt), Comment: earlier.Comment})
	}
	if !v.Decision.Open() {
		return view, nil
	}
	events, err := tx.EventsOf(v, b.Calendar)
	if err != nil {
		return view, err
	}
	for _, e := range events {
		if e.Event == store.EventExpire {
			view.Deadline = b.local(e.At)
		}
	}
	switch {
	case v.PublishAt.IsZero():
	case v.PublishAt.After(now):
		view.Deadline = b.local(v.PublishAt)
	default:
		view.Overdue = true
	}
	approvers, err := b.approvers(tx, v, view.Today)
	if err != nil {
		return view, err
	}
	for _, a := range approvers {
		if a.Name != "" {
			view.Approvers = append(view.Approvers, cards.Person{Name: a.Name, ID: a.ID})
		}
	}
	if m, ok, err := tx.Meeting(store.Management); err != nil {
		return view, err
	} else if ok {
		view.NextMeeting = m.Next(now, b.Calendar, true)
		view.MeetingAfterPublication = !v.PublishAt.IsZero() && m.At(view.NextMeeting, b.Calendar).After(v.PublishAt)
	}
	return view, nil
}

// local puts an instant in the organisation's time zone; the zero time stays.
func (b *Bot) local(at time.Time) time.Time {
	if at.IsZero() {
		return at
	}
	return at.In(b.Calendar.Location)
}

// approval loads what a click on a request is about, for somebody who may decide. When the card is older than the record,
// or it was decided meanwhile, the answer says so and the click does nothing.
func (t *turn) approval(tx *store.Tx) (*store.ContentVersion, *answer, error) {
	if ok, err := tx.HasRole(t.person.ID, t.today, store.RoleApprover); err != nil {
		return nil, nil, err
	} else if !ok || t.person.ID == "" {
		return nil, nil, store.Forbidden("error.not_approver")
	}
	v, stop, err := t.openVersion(tx)
	if err == nil && v.RequestedBy == t.person.ID {
		err = store.Forbidden("error.own_request")
	}
	return v, stop, err
}

// openVersion returns the version that a click is about, if it is the current one and waits for a decision.
func (t *turn) openVersion(tx *store.Tx) (*store.ContentVersion, *answer, error) {
	versions, err := tx.ContentVersions(t.data.Content)
	if err != nil {
		return nil, nil, err
	}
	if len(versions) == 0 {
		return nil, nil, store.NotFound("error.draft_gone")
	}
	latest := versions[len(versions)-1]
	if latest.Version == t.data.Version && latest.Decision.Open() {
		if latest.Hash() != latest.SHA256 {
			t.Logger.Error("the content of a request is not what its hash says; it cannot be decided", "content", latest.ContentID, "version", latest.Version)
			return nil, nil, store.Conflict("error.hash")
		}
		return latest, nil, nil
	}
	stop, err := t.decidedAlready(tx, latest)
	return latest, stop, err
}

// decidedAlready answers a click on what is decided, or replaced: with what was recorded and when to whoever decided it,
// with the current card to others.
func (t *turn) decidedAlready(tx *store.Tx, latest *store.ContentVersion) (*answer, error) {
	if latest.Version == t.data.Version && latest.DecidedBy != "" && latest.DecidedBy == t.person.ID {
		return ptr(say(t.lang.T("approval.again", "decision", t.lang.T("decision."+string(latest.Decision)), "when", t.lang.DateTime(t.local(latest.DecidedAt), t.today)))), nil
	}
	view, err := t.approvalView(tx, latest, t.personal() && latest.RequestedBy == t.person.ID, false)
	return ptr(showCard(view.Card(t.hereLang()))), err
}

// comment returns the decision's comment.
func (t *turn) comment(required bool) (string, error) {
	s := strings.TrimSpace(first(t.input("comment"), t.input(cards.InputMeetingComment)))
	switch n := utf8.RuneCountInString(s); {
	case store.Blank(s) && required:
		return "", store.Invalid("comment", "error.comment_missing")
	case n > maxComment:
		return "", store.Invalid("comment", "invalid.too_long_now", "max", maxComment, "length", n)
	}
	return s, nil
}

func (t *turn) approve(tx *store.Tx) (answer, error) {
	return t.decide(tx, store.DecisionApproved, false)
}

func (t *turn) returnContent(tx *store.Tx) (answer, error) {
	return t.decide(tx, store.DecisionReturned, true)
}

// escalate passes a request to the next management meeting whose cut-off is ahead.
func (t *turn) escalate(tx *store.Tx) (answer, error) {
	return t.decide(tx, store.DecisionEscalated, false)
}

// decide records an approver's decision.
func (t *turn) decide(tx *store.Tx, d store.Decision, commentRequired bool) (answer, error) {
	v, stop, err := t.approval(tx)
	if err == nil && stop == nil && d == store.DecisionEscalated && v.Decision == d {
		stop, err = t.decidedAlready(tx, v)
	}
	if err != nil || stop != nil {
		return deref(stop), err
	}
	comment, err := t.comment(commentRequired)
	if err != nil {
		return answer{}, err
	}
	var meeting store.Date
	if d == store.DecisionEscalated {
		m, ok, err := tx.Meeting(store.Management)
		if err != nil {
			return answer{}, err
		}
		if !ok {
			return answer{}, store.Invalid("", "error.no_meetings")
		}
		meeting = m.Next(t.at, t.Calendar, true)
	}
	if err := t.recordDecision(tx, v, d, comment, meeting); err != nil {
		return answer{}, err
	}
	view, err := t.approvalView(tx, v, false, false)
	return showCard(view.Card(t.hereLang())), err
}

// recordDecision stores a decision with its audit record, and tells the requester personally.
func (t *turn) recordDecision(tx *store.Tx, v *store.ContentVersion, d store.Decision, comment string, meeting store.Date) error {
	decided, err := tx.Decide(v, d, t.person.ID, comment, meeting, t.at, t.Calendar)
	if err != nil {
		return err
	}
	if !decided {
		return store.Conflict("error.decided_already")
	}
	if err := tx.Audit(t.at, t.actor(), "approval."+string(d), store.VersionItem(v), strings.TrimSpace("sha256 "+v.SHA256+" "+meeting.String()+" "+comment)); err != nil {
		return err
	}
	if v.EntryID != "" {
		if err := tx.RefreshReminders(v.EntryID, t.today); err != nil {
			return err
		}
	}
	return t.tell(tx, v.RequestedBy, v, t.at, "notice.decision."+string(d), "title", v.Title, "who", t.person.Name, "comment", comment, "date", meeting.String())
}

// tell writes a notice about content to a person.
func (b *Bot) tell(tx *store.Tx, personID string, v *store.ContentVersion, now time.Time, key string, args ...string) error {
	return b.notify(tx, store.Post{PersonID: personID, Title: v.Title, EntryID: v.EntryID, ContentID: v.ContentID}, now, key, args...)
}

// withdrawRequest takes back the sender's own request; one that is approved already too, until it is published.
func (t *turn) withdrawRequest(tx *store.Tx) (answer, error) {
	v, stop, err := t.openVersion(tx)
	if err != nil {
		return answer{}, err
	}
	if v.RequestedBy != t.person.ID || t.person.ID == "" {
		return answer{}, store.Forbidden("error.not_requester")
	}
	if approved := v.Version == t.data.Version && v.Decision == store.DecisionApproved && v.PublishedAt.IsZero(); stop != nil && !approved {
		return *stop, nil
	}
	if _, err := tx.Decide(v, store.DecisionWithdrawn, t.person.ID, "", 0, t.at, t.Calendar); err != nil {
		return answer{}, err
	}
	if v.EntryID != "" {
		if err := tx.RefreshReminders(v.EntryID, t.today); err != nil {
			return answer{}, err
		}
	}
	if err := tx.Audit(t.at, t.actor(), "approval.withdrawn", store.VersionItem(v), "sha256 "+v.SHA256); err != nil {
		return answer{}, err
	}
	view, err := t.approvalView(tx, v, true, false)
	return showCard(view.Card(t.lang)), err
}

// maxApprovals is how many open requests the list shows.
const maxApprovals = 60

// approvals lists the open requests and where they stand.
func (t *turn) approvals(tx *store.Tx, _ string) (answer, error) {
	list, err := tx.OpenVersions(maxApprovals)
	if err != nil {
		return answer{}, err
	}
	view := cards.Approvals{Today: t.today}
	if view.Total, err = tx.CountOpenVersions(); err != nil {
		return answer{}, err
	}
	for _, v := range list {
		p, _, err := tx.Person(v.RequestedBy)
		if err != nil {
			return answer{}, err
		}
		view.Items = append(view.Items, cards.ApprovalItem{Title: v.Title, Requester: p.Name, Decision: v.Decision, PublishAt: t.local(v.PublishAt), MeetingDate: v.MeetingDate, Since: t.local(v.RequestedAt)})
	}
	view.CanAdd, err = tx.HasRole(t.person.ID, t.today, store.RoleCommunications)
	return showCard(view.Card(t.hereLang())), err
}

// approvalBatch bounds the versions of one transaction.
const approvalBatch = 50

// scheduleApprovals does what has fallen due for requests: it reminds, publishes, asks for outcomes and lets expire.
func (b *Bot) scheduleApprovals(tx *store.Tx, now time.Time) (more bool, err error) {
	due, err := tx.DueVersions(now, approvalBatch)
	if err != nil {
		return false, err
	}
	for _, v := range due {
		events, err := tx.DueEvents(v, now, b.Calendar)
		if err != nil {
			return false, err
		}
		// When a request expires, nothing else about it matters any more.
		if i := slices.IndexFunc(events, func(e store.DueEvent) bool { return e.Event == store.EventExpire }); i >= 0 {
			events = events[i : i+1]
		}
		for _, e := range events {
			if err := b.approvalEvent(tx, v, e, now); err != nil {
				return false, err
			}
		}
	}
	return len(due) == approvalBatch, nil
}

func (b *Bot) approvalEvent(tx *store.Tx, v *store.ContentVersion, e store.DueEvent, now time.Time) error {
	today := store.DateOf(now)
	approvers, err := b.approvers(tx, v, today)
	if err != nil {
		return err
	}
	p := store.Post{Title: v.Title, EntryID: v.EntryID, ContentID: v.ContentID, ContentVersion: v.Version, Priority: store.PriorityNotice, DueAt: e.At}
	switch e.Event {
	case store.EventPublish:
		return b.publish(tx, v, e.At, now)
	case store.EventNudge:
		p.Kind = store.KindNudge
		for _, a := range approvers {
			p.PersonID = a.ID
			if err := tx.AddPost(&p, now); err != nil {
				return err
			}
		}
	case store.EventUndecided:
		if err := b.tell(tx, v.RequestedBy, v, now, "notice.undecided", "title", v.Title); err != nil {
			return err
		}
		for _, a := range approvers {
			if err := b.tell(tx, a.ID, v, now, "notice.undecided", "title", v.Title); err != nil {
				return err
			}
		}
	case store.EventOutcome:
		p.Kind = store.KindOutcome
		channels, err := tx.BoundChannels(store.Management, "")
		if err != nil {
			return err
		}
		for _, ch := range channels {
			p.ChannelID = ch.ID
			if err := tx.AddPost(&p, now); err != nil {
				return err
			}
		}
		if len(channels) > 0 {
			return nil
		}
		for _, a := range approvers { // with no channel of the management team, those who decide are asked
			p.PersonID = a.ID
			if err := tx.AddPost(&p, now); err != nil {
				return err
			}
		}
	case store.EventExpire:
		if _, err := tx.Decide(v, store.DecisionExpired, "", "", 0, now, b.Calendar); err != nil {
			return err
		}
		if err := tx.Audit(now, store.System, "approval.expired", store.VersionItem(v), "sha256 "+v.SHA256); err != nil {
			return err
		}
		return b.tell(tx, v.RequestedBy, v, now, "notice.decision.expired", "title", v.Title)
	}
	return nil
}
