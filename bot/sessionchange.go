package bot

import (
	"fmt"
	"slices"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// following reports whether the click means this session of a series and those after it, not this one alone.
func (t *turn) following() bool { return t.input("following") == "true" }

// changeSession stores what a form changed in a session that exists, and when the click says so in those after it in its
// series. Each of those gets what was changed here and keeps what was not: its day moves by as many days, its time of day
// to the same. Nothing is stored unless all of it can be.
func (t *turn) changeSession(tx *store.Tx, f cards.SessionForm) (answer, error) {
	old, err := tx.Session(f.Session)
	if err != nil {
		return answer{}, err
	}
	if old.Version != f.Version || old.State != store.SessionPlanned {
		f.Version = old.Version
		f.Errors[""] = t.lang.T("error.session_changed")
		return t.sessionForm(tx, f)
	}
	s := *old
	if _, _, err := t.readSession(tx, f, &s); err != nil {
		return answer{}, err
	}
	if len(f.Errors) == 0 {
		if err := s.Normalize(); err != nil {
			if err := formError(t.lang, f.Errors, err); err != nil {
				return answer{}, err
			}
		}
	}
	if !t.at.Before(old.End()) && (!s.Start.Equal(old.Start) || s.Minutes != old.Minutes) {
		f.Errors["date"] = t.lang.T("error.session_held") // who came then did not come to another one
	}
	changed := []*store.Session{&s}
	if t.following() && len(f.Errors) == 0 {
		later, err := tx.SeriesAfter(old)
		if err != nil {
			return answer{}, err
		}
		for _, l := range later {
			t.follow(l, old, &s)
			changed = append(changed, l)
		}
	}
	if err := t.checkChanged(tx, f, old, changed); err != nil {
		return answer{}, err
	}
	if len(f.Errors) > 0 {
		return t.sessionForm(tx, f)
	}
	starts := make([]time.Time, len(changed))
	for i, c := range changed {
		if err := t.storeChanged(tx, c); err != nil {
			return answer{}, err
		}
		starts[i] = c.Start
	}
	c, err := t.sessionSaved(tx, s.ID, starts, false)
	t.later = append(t.later, func() { nudge(t.wake); nudge(t.online) })
	return replace(c), err
}

// follow changes a later session of a series as old was changed into s.
func (t *turn) follow(later, old, s *store.Session) {
	if s.Title != old.Title {
		later.Title = s.Title
	}
	if s.Minutes != old.Minutes {
		later.Minutes = s.Minutes
	}
	if !slices.Equal(s.Audiences, old.Audiences) {
		later.Audiences = s.Audiences
	}
	if s.HostID != old.HostID {
		later.HostID = s.HostID
	}
	if s.JoinURL != old.JoinURL {
		later.JoinURL = s.JoinURL
	}
	if !slices.Equal(s.Links, old.Links) {
		later.Links = s.Links
	}
	if s.Start.Equal(old.Start) {
		return
	}
	was, is, own := t.local(old.Start), t.local(s.Start), t.local(later.Start)
	clock := own
	if was.Hour() != is.Hour() || was.Minute() != is.Minute() {
		clock = is
	}
	day := store.DateOf(own) + store.DateOf(is) - store.DateOf(was)
	later.Start = day.In(t.Calendar.Location, store.TimeOfDay(clock.Hour()*60+clock.Minute()))
}

// checkChanged puts into the form's errors why the sessions cannot all be stored: a time that is past, a day off, or
// another session of the host's.
func (t *turn) checkChanged(tx *store.Tx, f cards.SessionForm, old *store.Session, changed []*store.Session) error {
	ids := make([]int64, len(changed))
	for i, c := range changed {
		ids[i] = c.ID
	}
	otherDay := store.DateOf(t.local(changed[0].Start)) != store.DateOf(t.local(old.Start))
	for i, c := range changed {
		if len(f.Errors) > 0 {
			return nil
		}
		day := store.DateOf(t.local(c.Start))
		switch {
		case i == 0: // its date was checked as it was read
		case !c.Start.After(t.at):
			f.Errors["date"] = t.lang.T("error.session_past")
			continue
		case otherDay && store.Holiday(day) != "":
			f.Errors["date"] = t.lang.T("error.series_holiday", "date", day)
			continue
		}
		busy, found, err := tx.HostBusy(c, ids...)
		if err != nil {
			return err
		}
		if found {
			f.Errors["time"] = t.lang.T("error.host_busy", "title", busy.Title, "when", t.lang.DateTime(t.local(busy.Start), t.today))
		}
	}
	return nil
}

// storeChanged stores a changed session. The channels of audiences that it has no more lose its cards, unless it has
// begun.
func (t *turn) storeChanged(tx *store.Tx, s *store.Session) error {
	if err := tx.UpdateSession(s, t.Graph != nil, t.at, t.Calendar); err != nil {
		return err
	}
	if t.at.Before(s.Start) {
		channels, _, err := AudienceChannels(tx, s.Audiences)
		if err != nil {
			return err
		}
		if err := tx.PlaceSession(s.ID, channels); err != nil {
			return err
		}
	}
	return tx.Audit(t.at, t.actor(), "session.change", fmt.Sprint("session:", s.ID), s.Title)
}

// sessionCallOff calls a session off, and when the click says so those after it in its series. Their posts say so, and
// their meetings are cancelled.
func (t *turn) sessionCallOff(tx *store.Tx) (answer, error) {
	s, err := tx.Session(t.data.Session)
	if err != nil {
		return answer{}, err
	}
	if s.State == store.SessionPlanned && !t.at.Before(s.End()) {
		return answer{}, store.Invalid("", "error.session_over")
	}
	off := []*store.Session{s}
	if t.following() {
		later, err := tx.SeriesAfter(s)
		if err != nil {
			return answer{}, err
		}
		off = append(off, later...)
	}
	var starts []time.Time
	for _, o := range off {
		done, err := tx.CallOff(o)
		if err != nil {
			return answer{}, err
		}
		if !done {
			continue
		}
		starts = append(starts, o.Start)
		if err := tx.Audit(t.at, t.actor(), "session.callOff", fmt.Sprint("session:", o.ID), o.Title); err != nil {
			return answer{}, err
		}
	}
	if len(starts) == 0 {
		return say(t.lang.T("session.called_off_already")), nil
	}
	t.later = append(t.later, func() { nudge(t.online) })
	c, err := t.sessionSaved(tx, s.ID, starts, false)
	return replace(c), err
}
