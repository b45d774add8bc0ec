package bot

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"vuosikello/cards"
	"vuosikello/store"
)

// entryInputs are the inputs of the entry form.
var entryInputs = []string{"clock", "title", "start", "end", "repeat", "campaign", "audience", "channels", "owner", "reminders", "materials", "approval", "goal"}

// add opens the form for a new entry.
func (t *turn) add(tx *store.Tx, _ string) (answer, error) {
	bindings, err := tx.Bindings(t.here.ID)
	if err != nil {
		return answer{}, err
	}
	audience := ""
	for _, b := range bindings {
		if b.Kind == store.ForAudience {
			audience = b.Name
			break
		}
	}
	f := cards.EntryForm{Values: cards.NewEntryValues(t.today, store.DefaultClock, audience)}
	return t.entryForm(tx, f)
}

// entryForm completes a form with what can be chosen in it.
func (t *turn) entryForm(tx *store.Tx, f cards.EntryForm) (answer, error) {
	var err error
	if f.Audiences, err = audienceNames(tx); err != nil {
		return answer{}, err
	}
	clocks, err := tx.Clocks()
	if err != nil {
		return answer{}, err
	}
	for _, c := range clocks {
		if !slices.ContainsFunc(f.Clocks, func(n string) bool { return store.Key(n) == store.Key(c.Name) }) {
			f.Clocks = append(f.Clocks, c.Name)
		}
	}
	return showCard(f.Card(t.lang)), nil
}

func audienceNames(tx *store.Tx) ([]string, error) {
	list, err := tx.Audiences()
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = a.Name
	}
	return names, err
}

// entryEdit opens the filled form of an entry, as a message of its own.
func (t *turn) entryEdit(tx *store.Tx) (answer, error) {
	e, err := t.entry(tx)
	if err != nil {
		return answer{}, err
	}
	ans, err := t.entryForm(tx, cards.EntryForm{Entry: e.ID, Version: e.Version, Values: cards.EntryValues(e)})
	if err != nil || t.personal() {
		return ans, err // the confirmation in a personal chat is nobody else's: the form takes its place
	}
	return t.ownMessage(*ans.card), nil
}

// ownMessage sends a form as a message of its own after the commit, and answers where it went.
func (t *turn) ownMessage(c cards.Card) answer {
	t.later = append(t.later, func() { t.sendForm(c) })
	return say(t.formPlace())
}

// entry returns the entry that an action is about; one that was removed is not found.
func (t *turn) entry(tx *store.Tx) (*store.Entry, error) {
	e, err := tx.Entry(t.data.Entry)
	if err == nil && !e.RemovedAt.IsZero() {
		err = store.NotFound("error.entry_gone")
	}
	return e, err
}

// entrySave stores what the entry form holds: a new entry, or a new version of one.
func (t *turn) entrySave(tx *store.Tx) (answer, error) {
	form := cards.EntryForm{Entry: t.data.Entry, Version: t.data.Version, Values: t.inputs(entryInputs), Errors: map[string]string{}}
	e := &store.Entry{State: store.Planned}
	var old *store.Entry
	if form.Entry != "" {
		var err error
		if old, err = t.entry(tx); err != nil {
			return answer{}, err
		}
		if old.Version != form.Version {
			// Somebody saved it meanwhile. Their version is kept; what was typed is shown, to be compared and sent again.
			form.Version = old.Version
			form.Errors[""] = t.lang.T("error.entry_changed")
			return t.entryForm(tx, form)
		}
		e = ptr(*old)
	}
	again := t.readEntry(form, e)
	if len(form.Errors) == 0 && !again {
		if err := e.Normalize(); err != nil {
			var known *store.Error
			if !errors.As(err, &known) || known.Kind != store.KindInvalid {
				return answer{}, err
			}
			form.Errors[known.Field] = t.lang.Error(err)
		}
	}
	if len(form.Errors) > 0 || again {
		return t.entryForm(tx, form)
	}
	action := "entry.change"
	if old == nil {
		// A slow answer looks like a failure, and people press once more.
		same, again, err := tx.EntryLike(e, t.at.Add(-clickAgain))
		if err != nil {
			return answer{}, err
		}
		if again {
			e, old = same, same
		}
	}
	saved := cards.EntrySaved{New: old == nil}
	var err error
	switch {
	case old == nil:
		action = "entry.add"
		err = tx.AddEntry(e, t.at, t.Calendar)
	case old.SameContent(e):
		saved.Unchanged = true
	default:
		err = tx.UpdateEntry(e, t.at, t.Calendar)
	}
	if err == nil && !saved.Unchanged {
		err = tx.Audit(t.at, t.actor(), action, "entry:"+e.ID, e.Title)
	}
	if err != nil {
		return answer{}, err
	}
	c, err := t.entryCard(tx, e, saved)
	return replace(c), err
}

// entryCard completes the card that confirms an entry as stored.
func (t *turn) entryCard(tx *store.Tx, e *store.Entry, view cards.EntrySaved) (cards.Card, error) {
	done, err := tx.DoneOccurrences(e.ID)
	if err != nil {
		return cards.Card{}, err
	}
	view.Entry, view.Today, view.CanEdit = *e, t.today, true
	if view.Warnings, err = t.entryWarnings(tx, e); err != nil {
		return cards.Card{}, err
	}
	for _, o := range e.Occurrences() {
		if o.End >= t.today {
			view.Occurrences = append(view.Occurrences, o)
		}
	}
	for _, d := range e.Dues(done) {
		if t.Calendar.PostAt(d.Day).After(t.at) {
			view.Reminders = append(view.Reminders, d.Day)
		}
	}
	return view.Card(t.lang), nil
}

// entryWarnings says what is allowed but perhaps not meant, and what the entry clashes with.
func (t *turn) entryWarnings(tx *store.Tx, e *store.Entry) (list []string, err error) {
	if e.End != 0 && e.End < t.today {
		list = append(list, t.lang.T("warning.past"))
	}
	clashes, err := tx.ClashesOf(e, t.today)
	for i := range clashes {
		if c := &clashes[i]; c.Kind == store.ClashHoliday {
			list = append(list, t.lang.T("warning.holiday", "date", c.Day, "name", c.Name))
		} else {
			list = append(list, t.lang.Clash(c))
		}
	}
	return list, err
}

func ptr[T any](v T) *T { return &v }

// readEntry reads the form's inputs into e and puts a sentence beside each that is wrong. It reports whether the form is
// to be shown again because something is to be typed that was chosen as "other".
func (t *turn) readEntry(form cards.EntryForm, e *store.Entry) (again bool) {
	v, wrong := form.Values, form.Errors
	date := func(field string) store.Date {
		d, err := store.ParseDate(strings.TrimSpace(v[field]))
		if err != nil {
			wrong[field] = t.lang.T("invalid.date", "value", clip(v[field]))
		}
		return d
	}
	e.Title, e.Campaign, e.Owner, e.Goal = v["title"], v["campaign"], v["owner"], v["goal"]
	e.Start, e.End, e.Materials = date("start"), date("end"), date("materials")
	e.Clock.Name = first(strings.TrimSpace(v["clock"]), store.DefaultClock)
	if e.Clock.Year == 0 || form.Entry == "" {
		e.Clock.Year = e.Start.Year()
	}
	e.Approval = v["approval"] != "false"
	e.Channels = strings.FieldsFunc(v["channels"], func(r rune) bool { return r == ',' || r == ';' || r == '\n' })
	var other bool
	e.Audiences, other = cards.AudienceValue(v["audience"])
	again = again || other
	rule, other := cards.RepeatValue(v["repeat"])
	e.Repeat = rule
	again = again || other
	e.Leads = nil
	for s := range strings.FieldsFuncSeq(v["reminders"], func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		n, err := strconv.Atoi(s)
		if err != nil {
			wrong["reminders"] = t.lang.T("invalid.lead", "max", store.MaxLead)
			break
		}
		e.Leads = append(e.Leads, n)
	}
	if len(v["reminders"]) == 0 {
		e.Leads = store.DefaultLeads()
	}
	if e.Start == 0 && wrong["start"] == "" {
		wrong["start"] = t.lang.T("invalid.start_missing")
	}
	return again
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// entryRemove takes an entry out of the clock.
func (t *turn) entryRemove(tx *store.Tx) (answer, error) {
	e, err := t.entry(tx)
	if err != nil {
		return answer{}, err
	}
	if e.Version != t.data.Version {
		// The card is older than the entry: whoever removes it should see what they remove.
		c, err := t.entryCard(tx, e, cards.EntrySaved{Unchanged: true})
		return replace(c), err
	}
	if err := tx.RemoveEntry(e.ID, t.at, t.Calendar); err != nil {
		return answer{}, err
	}
	if err := tx.Audit(t.at, t.actor(), "entry.remove", "entry:"+e.ID, e.Title); err != nil {
		return answer{}, err
	}
	return replace(cards.EntryRemoved{Title: e.Title, By: t.person.Name}.Card(t.lang)), nil
}
