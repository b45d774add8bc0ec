package bot

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// reminderCard builds the card of a reminder from what is recorded now.
func (b *Bot) reminderCard(tx *store.Tx, r *store.Reminder, e *store.Entry, late bool, l cards.Lang) (cards.Card, error) {
	view, err := b.reminderView(tx, r, e)
	if err != nil {
		return cards.Card{}, err
	}
	view.Late, view.Digest = late, IsDigest(e.Title)
	if view.Status == cards.ReminderOpen {
		owners, err := b.owners(tx, e, view.Today)
		if err != nil {
			return cards.Card{}, err
		}
		for _, p := range owners {
			view.Owners = append(view.Owners, cards.Person{Name: p.Name, ID: p.ID})
		}
		if view.HasContent, view.HasApproval, err = tx.HasContent(e.ID, b.contentSince(e, r.Occurrence)); err != nil {
			return cards.Card{}, err
		}
		if view.Outside, err = b.outside(tx, e.Audiences); err != nil {
			return cards.Card{}, err
		}
	}
	return view.Card(l), nil
}

// reminderView says what has become of a reminder. What only the card of an open one shows is left out.
func (b *Bot) reminderView(tx *store.Tx, r *store.Reminder, e *store.Entry) (cards.Reminder, error) {
	view := b.viewOf(r, e)
	return view, b.reminderStatus(tx, &view, r, e)
}

// viewOf is a reminder without what has become of it.
func (b *Bot) viewOf(r *store.Reminder, e *store.Entry) cards.Reminder {
	return cards.Reminder{
		ID: r.ID, Entry: *e, Lead: r.Lead, Materials: r.Materials, Snoozed: r.Origin == store.OriginSnooze,
		Occurrence: store.Occurrence{Start: r.Occurrence, End: r.Ends, Holiday: store.Holiday(r.Occurrence)},
		Today:      store.DateOf(b.now()),
	}
}

// contentSince is from when on content of a series is for the occurrence: the end of the one before it.
func (b *Bot) contentSince(e *store.Entry, occurrence store.Date) time.Time {
	var before store.Date
	for _, o := range e.Occurrences() {
		if o.Start < occurrence {
			before = o.End
		}
	}
	if before == 0 {
		return time.Time{}
	}
	return (before + 1).In(b.Calendar.Location, 0)
}

// reminderStatus fills in what has become of the reminder.
func (b *Bot) reminderStatus(tx *store.Tx, view *cards.Reminder, r *store.Reminder, e *store.Entry) error {
	done, isDone, err := tx.OccurrenceDone(e.ID, r.Occurrence)
	if err != nil {
		return err
	}
	occurrences := e.Occurrences()
	still := slices.ContainsFunc(occurrences, func(o store.Occurrence) bool { return o.Start == r.Occurrence && o.End == r.Ends })
	by, at := "", r.StatusAt
	switch {
	case !e.RemovedAt.IsZero():
		view.Status = cards.ReminderRemoved
	case e.State == store.Cancelled:
		view.Status = cards.ReminderCancelled
	case isDone:
		view.Status, by, at, view.Link = cards.ReminderDone, done.By, done.At, done.Link
	case e.State == store.Done:
		view.Status = cards.ReminderDone
	case !still:
		view.Status = cards.ReminderMoved
		// A series goes on at its next occurrence; a single action is at its new date.
		for _, o := range occurrences {
			if o.End >= view.Today || !e.Recurring() {
				view.NewStart, view.NewEnd = o.Start, o.End
				break
			}
		}
	case r.Status == store.ReminderSnoozed:
		view.Status, by, view.Until = cards.ReminderSnoozed, r.StatusBy, r.Until
	}
	view.At = at.In(b.Calendar.Location)
	if by != "" {
		view.By, err = tx.PersonName(by)
	}
	return err
}

// owners returns the people who must act: the holders of a role when the entry's owner names one, else the one member of
// the working group's teams who has that name or e-mail; nobody when there is none, or more than one.
func (b *Bot) owners(tx *store.Tx, e *store.Entry, today store.Date) ([]store.Person, error) {
	if e.Owner == "" {
		return nil, nil
	}
	if role, ok := roleWord(e.Owner); ok {
		holders, err := tx.RoleHolders(today)
		var people []store.Person
		for _, h := range holders {
			if h.Role == role && h.Person.Name != "" {
				people = append(people, h.Person)
			}
		}
		return people, err
	}
	people, err := tx.MembersNamed(e.Owner)
	if len(people) != 1 {
		return nil, err
	}
	return people, err
}

// mayAct fails with Forbidden unless the sender is in communications or is whom the entry's owner resolves to.
func (t *turn) mayAct(tx *store.Tx, e *store.Entry) error {
	if t.person.ID != "" {
		if ok, err := tx.HasRole(t.person.ID, t.today, store.RoleCommunications); ok || err != nil {
			return err
		}
		owners, err := t.owners(tx, e, t.today)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(owners, func(p store.Person) bool { return p.ID == t.person.ID }) {
			return nil
		}
	}
	return store.Forbidden("error.not_owner")
}

// reminder loads what a click on a reminder is about. When the card is older than the record, or somebody has acted on
// it, the answer says so and the click does nothing.
func (t *turn) reminder(tx *store.Tx) (r *store.Reminder, e *store.Entry, stop *answer, err error) {
	if r, err = tx.Reminder(t.data.Reminder); err != nil {
		return nil, nil, nil, err
	}
	if e, err = tx.Entry(r.EntryID); err != nil {
		return nil, nil, nil, err
	}
	if err := t.mayAct(tx, e); err != nil {
		return nil, nil, nil, err
	}
	view, err := t.reminderView(tx, r, e)
	if err != nil || view.Status == cards.ReminderOpen && e.Version == t.data.Version {
		return r, e, nil, err
	}
	post, posted, err := tx.PostByActivity(t.a.Conversation.ID, t.a.ReplyToID)
	if err != nil {
		return nil, nil, nil, err
	}
	card, err := t.reminderCard(tx, r, e, posted && post.Late, t.hereLang())
	if err != nil {
		return nil, nil, nil, err
	}
	ans := showCard(card)
	switch when := r.StatusAt.In(t.Calendar.Location); {
	case view.Status == cards.ReminderDone && r.StatusBy == t.person.ID && r.StatusBy != "":
		ans = say(t.lang.T("done.again", "when", t.lang.DateTime(when, t.today)))
	case view.Status == cards.ReminderSnoozed && r.StatusBy == t.person.ID && t.action.Verb == cards.VerbEntrySnooze:
		ans = say(t.lang.T("snooze.again", "until", t.lang.DateIn(r.Until, t.today), "when", t.lang.DateTime(when, t.today)))
	}
	return r, e, &ans, nil
}

// entryDone records that an occurrence has been carried out.
func (t *turn) entryDone(tx *store.Tx) (answer, error) {
	r, e, stop, err := t.reminder(tx)
	if err != nil || stop != nil {
		return deref(stop), err
	}
	link := strings.TrimSpace(t.input("link"))
	if link != "" && !webAddress(link) {
		return answer{}, store.Invalid("link", "invalid.link")
	}
	marked, err := tx.MarkDone(e, r, t.person.ID, link, t.at, t.Calendar)
	if err != nil {
		return answer{}, err
	}
	if err := tx.Audit(t.at, t.actor(), "entry.done", "entry:"+e.ID+"/"+r.Occurrence.String(), link); err != nil {
		return answer{}, err
	}
	if !marked || t.person.Name == "" {
		return t.reminderAnswer(tx, r, e)
	}
	// What was just written need not be read again.
	view := t.viewOf(r, e)
	view.Status, view.By, view.At, view.Link, view.Digest = cards.ReminderDone, t.person.Name, t.at.In(t.Calendar.Location), link, IsDigest(e.Title)
	return showCard(view.Card(t.hereLang())), nil
}

// entrySnooze puts a reminder off.
func (t *turn) entrySnooze(tx *store.Tx) (answer, error) {
	r, e, stop, err := t.reminder(tx)
	if err != nil || stop != nil {
		return deref(stop), err
	}
	days, err := strconv.Atoi(first(strings.TrimSpace(t.input("days")), "1"))
	if err != nil {
		return answer{}, store.Invalid("days", "invalid.snooze_days", "max", store.MaxSnooze)
	}
	until, err := tx.Snooze(r, days, t.person.ID, t.at, t.Calendar)
	if err != nil {
		return answer{}, err
	}
	if err := tx.Audit(t.at, t.actor(), "entry.snooze", "entry:"+e.ID+"/"+r.Occurrence.String(), until.String()); err != nil {
		return answer{}, err
	}
	return t.reminderAnswer(tx, r, e)
}

// reminderAnswer shows the reminder as it is now.
func (t *turn) reminderAnswer(tx *store.Tx, r *store.Reminder, e *store.Entry) (answer, error) {
	c, err := t.reminderCard(tx, r, e, false, t.hereLang())
	return showCard(c), err
}

func deref(a *answer) answer {
	if a == nil {
		return answer{}
	}
	return *a
}

// webAddress reports whether s is an absolute http or https address that can be put behind a button: one that shows where
// it leads, without a name or password before the host.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && len(s) <= cards.MaxContentLink
}
