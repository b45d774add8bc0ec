package bot

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// sessionInputs are the inputs of the session form.
var sessionInputs = []string{"title", "date", "time", "minutes", "audience", "host", "joinUrl", "repeat", "links"}

// sessionLine is a session in one line: a date, a time and a title.
var sessionLine = regexp.MustCompile(`^(?:(\d{1,2})\.(\d{1,2})\.(\d{4})|(\d{4})-(\d{2})-(\d{2}))\s+(?:klo\s+|kl\.?\s+|at\s+)?(\d{1,2}[.:]\d{2})\s+(.+)$`)

// wishesSince is how far back wishes and needs count when the next session is planned.
const wishesSince = 180 * 24 * time.Hour

// sessionCommand creates a session from one line, for this channel's audiences; without a line it opens the form.
func (t *turn) sessionCommand(tx *store.Tx, args string) (answer, error) {
	audiences, err := t.audiencesHere(tx)
	if err != nil {
		return answer{}, err
	}
	values, err := t.newSession(tx, "", audiences)
	if err != nil {
		return answer{}, err
	}
	if args == "" {
		return t.sessionForm(tx, cards.SessionForm{Values: values})
	}
	m := sessionLine.FindStringSubmatch(strings.Join(strings.Fields(args), " "))
	if m == nil {
		return answer{}, store.Invalid("", "invalid.session_line")
	}
	d, mo, y := m[1], m[2], m[3]
	if y == "" {
		y, mo, d = m[4], m[5], m[6]
	}
	day, _ := strconv.Atoi(d) // the pattern has digits only
	month, _ := strconv.Atoi(mo)
	year, _ := strconv.Atoi(y)
	date, ok := store.ValidDate(year, month, day)
	if !ok {
		return answer{}, store.Invalid("", "invalid.date", "value", clip(strings.Fields(args)[0]))
	}
	clock, err := store.ParseTimeOfDay(m[7])
	if err != nil {
		return answer{}, store.Invalid("", "invalid.time", "value", m[7])
	}
	values["date"], values["time"], values["title"] = date.String(), clock.String(), m[8]
	return t.storeSession(tx, cards.SessionForm{Values: values, Errors: map[string]string{}})
}

// newSession returns the values of an empty form: the sender is the host, on the first working day on which that does not
// clash with another session of theirs.
func (t *turn) newSession(tx *store.Tx, title string, audiences []string) (map[string]string, error) {
	for day := t.today; ; day++ {
		values := cards.NewSessionValues(day, title, strings.Join(audiences, ","), t.person.Name)
		date, err := store.ParseDate(values["date"])
		if err != nil {
			return nil, err
		}
		clock, err := store.ParseTimeOfDay(values["time"])
		if err != nil {
			return nil, err
		}
		s := store.Session{HostID: t.person.ID, Start: date.In(t.Calendar.Location, clock), Minutes: store.DefaultSessionMinutes}
		if _, busy, err := tx.HostBusy(&s); err != nil || !busy {
			return values, err
		}
	}
}

// audiencesHere returns the audiences that this channel reaches.
func (t *turn) audiencesHere(tx *store.Tx) ([]string, error) {
	bindings, err := tx.Bindings(t.here.ID)
	var out []string
	for _, b := range bindings {
		if b.Kind == store.ForAudience {
			out = append(out, b.Name)
		}
	}
	return out, err
}

// sessionForm completes a form with what can be chosen and what people asked for.
func (t *turn) sessionForm(tx *store.Tx, f cards.SessionForm) (answer, error) {
	var err error
	if f.Audiences, err = audienceNames(tx); err != nil {
		return answer{}, err
	}
	since := t.at.Add(-wishesSince)
	if f.Wishes, err = tx.Wishes(since, 5); err != nil {
		return answer{}, err
	}
	if f.Needs, err = tx.NeedGroups(since, 5); err != nil {
		return answer{}, err
	}
	f.OwnLinkNeeded = t.Graph == nil
	if f.Session != 0 {
		s, err := tx.Session(f.Session)
		if err != nil {
			return answer{}, err
		}
		later, err := tx.SeriesAfter(s)
		if err != nil {
			return answer{}, err
		}
		f.Following = len(later)
	}
	return answer{card: ptr(f.Card(t.lang)), form: true}, nil
}

// sessionEdit opens the form of a session, or of a new one on a topic of the catalogue.
func (t *turn) sessionEdit(tx *store.Tx) (answer, error) {
	f := cards.SessionForm{}
	if t.data.Session == 0 {
		topic, err := tx.Topic(t.data.Topic)
		if err != nil {
			return answer{}, err
		}
		f.Topic = topic.ID
		audiences, err := t.topicAudiences(tx, topic)
		if err != nil {
			return answer{}, err
		}
		if f.Values, err = t.newSession(tx, topic.Title, audiences); err != nil {
			return answer{}, err
		}
	} else {
		s, err := tx.Session(t.data.Session)
		if err != nil {
			return answer{}, err
		}
		host, _, err := tx.Person(s.HostID)
		if err != nil {
			return answer{}, err
		}
		f.Session, f.Version, f.Values = s.ID, s.Version, cards.SessionValues(s, t.Calendar.Location, host.Name)
	}
	ans, err := t.sessionForm(tx, f)
	if err != nil {
		return answer{}, err
	}
	if _, posted, err := tx.PostByActivity(t.a.Conversation.ID, t.a.ReplyToID); err != nil || posted || !t.personal() {
		return t.ownMessage(*ans.card), err
	}
	return showCard(*ans.card), nil
}

// topicAudiences suggests whom a session on a topic is for, so that its form can be sent as it is: the topic's segment
// where that is an audience, else the audiences of this channel. What is for everybody is for all audiences that have a
// channel.
func (t *turn) topicAudiences(tx *store.Tx, topic store.Topic) ([]string, error) {
	if topic.Segment != "" {
		if names, unknown, err := t.knownAudiences(tx, []string{topic.Segment}); err != nil || unknown == "" {
			return names, err
		}
	}
	here, err := t.audiencesHere(tx)
	if err != nil || len(here) > 0 || topic.Type == store.TopicSegmented {
		return here, err
	}
	names, err := audienceNames(tx)
	if err != nil {
		return nil, err
	}
	outside, err := t.outside(tx, names)
	return slices.DeleteFunc(names, func(n string) bool { return slices.Contains(outside, n) }), err
}

// sessionSave stores what the session form holds: a new session or series, or a new version of one.
func (t *turn) sessionSave(tx *store.Tx) (answer, error) {
	return t.storeSession(tx, cards.SessionForm{Session: t.data.Session, Version: t.data.Version, Topic: t.data.Topic, Values: t.inputs(sessionInputs), Errors: map[string]string{}})
}

// storeSession reads a form and stores it. A mistake gives the form again, with what was typed.
func (t *turn) storeSession(tx *store.Tx, f cards.SessionForm) (answer, error) {
	if f.Session != 0 {
		return t.changeSession(tx, f)
	}
	s := &store.Session{CreatedBy: t.person.ID, TopicID: f.Topic}
	date, clock, err := t.readSession(tx, f, s)
	if err != nil {
		return answer{}, err
	}
	starts := []time.Time{s.Start}
	rule, typing := cards.RepeatValue(f.Values["repeat"])
	if typing {
		return t.sessionForm(tx, f) // to be typed: the form has an input for it now
	}
	if rule != "" && len(f.Errors) == 0 {
		// "joka 2. viikko 3.6.2027 asti" is a rule and its last day.
		rest, until, err := parseUntil(rule)
		if err != nil {
			return answer{}, err
		}
		if until != 0 {
			rule = rest
		}
		if starts, err = store.SeriesStarts(date, clock, rule, until, t.Calendar); err != nil {
			if err := formError(t.lang, f.Errors, err); err != nil {
				return answer{}, err
			}
			if f.Errors["end"] != "" { // the form's last day is typed with the rule
				f.Errors["repeat"] = f.Errors["end"]
				delete(f.Errors, "end")
			}
		}
	}
	if len(f.Errors) == 0 {
		if err := s.Normalize(); err != nil {
			if err := formError(t.lang, f.Errors, err); err != nil {
				return answer{}, err
			}
		}
	}
	for _, start := range starts {
		if len(f.Errors) > 0 {
			break
		}
		one := *s
		one.Start = start
		busy, found, err := tx.HostBusy(&one)
		if err != nil {
			return answer{}, err
		}
		if found {
			f.Errors["time"] = t.lang.T("error.host_busy", "title", busy.Title, "when", t.lang.DateTime(t.local(busy.Start), t.today))
		}
	}
	if len(f.Errors) > 0 {
		return t.sessionForm(tx, f)
	}
	if len(starts) > 1 {
		s.Series = store.NewID()
	}
	for i := range starts {
		one := *s
		one.Start = starts[i]
		if err := tx.AddSession(&one, t.Graph != nil, t.at, t.Calendar); err != nil {
			return answer{}, err
		}
		if i == 0 {
			s.ID = one.ID
		}
	}
	if err := tx.Audit(t.at, t.actor(), "session.add", fmt.Sprint("session:", s.ID), s.Title); err != nil {
		return answer{}, err
	}
	c, err := t.sessionSaved(tx, s.ID, starts, true)
	t.later = append(t.later, func() { nudge(t.wake); nudge(t.online) })
	return replace(c), err
}

// formError puts an error about an input beside it; any other error is returned.
func formError(l cards.Lang, errs map[string]string, err error) error {
	var known *store.Error
	if !errors.As(err, &known) || known.Kind != store.KindInvalid {
		return err
	}
	errs[known.Field] = l.Error(err)
	return nil
}

// readSession reads the form's inputs into s, and puts a sentence beside each that is wrong.
func (t *turn) readSession(tx *store.Tx, f cards.SessionForm, s *store.Session) (date store.Date, clock store.TimeOfDay, err error) {
	v, wrong := f.Values, f.Errors
	was := s.Start
	s.Title, s.JoinURL = v["title"], strings.TrimSpace(v["joinUrl"])
	if s.JoinURL != "" && !webAddress(s.JoinURL) {
		wrong["joinUrl"] = t.lang.T("invalid.link")
	}
	if date, err = store.ParseDate(strings.TrimSpace(v["date"])); err != nil {
		wrong["date"] = t.lang.T("invalid.date", "value", clip(v["date"]))
	} else if date == 0 {
		wrong["date"] = t.lang.T("invalid.start_missing")
	}
	if clock, err = store.ParseTimeOfDay(strings.TrimSpace(v["time"])); err != nil {
		wrong["time"] = t.lang.T("invalid.time", "value", clip(v["time"]))
	}
	if s.Minutes, err = strconv.Atoi(first(strings.TrimSpace(v["minutes"]), strconv.Itoa(store.DefaultSessionMinutes))); err != nil {
		wrong["minutes"] = t.lang.T("invalid.minutes", "max", store.MaxSessionMinutes)
	}
	if wrong["date"] == "" && wrong["time"] == "" {
		if s.Start = date.In(t.Calendar.Location, clock); !s.Start.After(t.at) && !s.Start.Equal(was) {
			wrong["date"] = t.lang.T("error.session_past")
		}
		if begins := t.local(s.Start); begins.Hour()*60+begins.Minute() != int(clock) {
			wrong["time"] = t.lang.T("error.session_clock", "time", t.lang.Time(clock), "next", t.lang.Time(store.TimeOfDay(begins.Hour()*60+begins.Minute())))
		}
	}
	names, other := cards.AudienceValue(v["audience"])
	s.Audiences = names
	if other || len(names) == 0 {
		wrong["audience"] = t.lang.T("error.audience_missing")
	} else {
		sentence := ""
		if s.Audiences, sentence, err = t.knownAudiences(tx, names); sentence != "" {
			wrong["audience"] = sentence
		}
		if err != nil {
			return date, clock, err
		}
	}
	s.Links = nil
	for line := range strings.FieldsSeq(v["links"]) {
		if !webAddress(line) {
			wrong["links"] = t.lang.T("invalid.link")
		}
		s.Links = append(s.Links, line)
	}
	s.HostID = first(s.HostID, t.person.ID)
	name := strings.TrimSpace(v["host"])
	host, _, err := tx.Person(s.HostID)
	if err != nil || name == "" || store.Key(name) == store.Key(host.Name) {
		return date, clock, err // a host who has a namesake stays the host
	}
	if store.Key(name) == store.Key(t.person.Name) {
		s.HostID = t.person.ID
		return date, clock, nil
	}
	people, err := tx.PeopleNamed(name)
	switch {
	case err != nil:
		return date, clock, err
	case len(people) == 1:
		s.HostID = people[0].ID
	case len(people) == 0:
		wrong["host"] = t.lang.T("error.person_unknown", "name", clip(name))
	default:
		wrong["host"] = t.lang.T("error.person_ambiguous", "name", clip(name))
	}
	return date, clock, nil
}

// sessionSaved is the digimentor's own card of a session.
func (t *turn) sessionSaved(tx *store.Tx, id int64, starts []time.Time, isNew bool) (cards.Card, error) {
	s, err := tx.Session(id)
	if err != nil {
		return cards.Card{}, err
	}
	host, _, err := tx.Person(s.HostID)
	if err != nil {
		return cards.Card{}, err
	}
	view := cards.SessionSaved{Session: s.ID, Version: s.Version, Title: s.Title, Minutes: s.Minutes, Audiences: s.Audiences, Host: host.Name, HasLink: s.Link() != "", OwnLink: s.JoinURL != "",
		Wanted: s.MeetingState == store.MeetingWanted, Why: graphText(t.lang, s.MeetingWhy), New: isNew, CalledOff: s.State == store.SessionCalledOff, Today: t.today, CanEdit: s.State == store.SessionPlanned && s.End().After(t.at)}
	for _, at := range starts {
		view.Starts = append(view.Starts, t.local(at))
	}
	if len(starts) == 0 {
		view.Starts = []time.Time{t.local(s.Start)}
	}
	if view.Outside, err = t.outside(tx, s.Audiences); err != nil {
		return cards.Card{}, err
	}
	later, err := tx.SeriesAfter(s)
	if err != nil {
		return cards.Card{}, err
	}
	view.Following = len(later)
	m, ok, err := tx.Meeting(store.Management)
	if err != nil {
		return cards.Card{}, err
	}
	for _, at := range view.Starts {
		day := store.DateOf(at)
		if !ok || m.Next(t.midnight(day), t.Calendar, false) != day {
			continue
		}
		if begins := m.At(day, t.Calendar); begins.Before(at.Add(time.Duration(s.Minutes)*time.Minute)) && begins.Add(time.Hour).After(at) {
			view.Warnings = append(view.Warnings, t.lang.T("warning.meeting_overlap", "date", day))
		}
	}
	return view.Card(t.lang), nil
}

// sessionCard builds the card of a session's invitation or reminder.
func (b *Bot) sessionCard(tx *store.Tx, p *store.Post, l cards.Lang) (cards.Card, error) {
	s, err := tx.Session(p.SessionID)
	if err != nil {
		return cards.Card{}, err
	}
	host, _, err := tx.Person(s.HostID)
	if err != nil {
		return cards.Card{}, err
	}
	turnout, err := tx.Turnout(s.ID)
	if err != nil {
		return cards.Card{}, err
	}
	now := b.now()
	view := cards.Session{Session: s.ID, Version: s.Version, Kind: cards.SessionInvitation, Title: s.Title, Start: b.local(s.Start), Minutes: s.Minutes, Host: cards.Person{Name: host.Name, ID: host.ID},
		Audiences: s.Audiences, Links: s.Links, SignedUp: turnout.SignedUp, CalledOff: s.State == store.SessionCalledOff, HasLink: s.Link() != "", OwnLink: s.JoinURL != "",
		CalendarURL: b.sessionCalendarURL(s), Late: p.Late, Over: now.After(s.End()), Gone: p.State == store.Withdrawn && s.State == store.SessionPlanned, Today: store.DateOf(now)}
	if p.Kind == store.KindSessionSoon {
		view.Kind = cards.SessionSoon
		view.Moved = p.ContentVersion != 0 && p.ContentVersion != sessionOccasion(s)
	}
	return view.Card(l), nil
}

// sessionOccasion tells the times of a session that was moved apart, so that each has a reminder of its own.
func sessionOccasion(s *store.Session) int { return int(s.Start.Unix() / 60) }

// openSession loads the session that a click is about. One that was called off or is over cannot be signed up for.
func (t *turn) openSession(tx *store.Tx) (*store.Session, error) {
	if t.person.ID == "" {
		return nil, store.Forbidden("error.unknown_sender")
	}
	s, err := tx.Session(t.data.Session)
	if err == nil && s.State == store.SessionCalledOff {
		err = store.Invalid("", "session.called_off_already")
	}
	return s, err
}

// signUp records that the sender means to come.
func (t *turn) signUp(tx *store.Tx) (answer, error) {
	s, err := t.openSession(tx)
	if err != nil {
		return answer{}, err
	}
	if !t.at.Before(s.End()) {
		return answer{}, store.Invalid("", "error.session_over")
	}
	first, at, err := tx.SignUp(s.ID, t.person.ID, t.at)
	if err != nil {
		return answer{}, err
	}
	if !first {
		return say(t.lang.T("session.signed_again", "when", t.lang.DateTime(t.local(at), t.today))), nil
	}
	return t.signAnswer(tx, s, false)
}

// signOff takes the sender's own sign-up back.
func (t *turn) signOff(tx *store.Tx) (answer, error) {
	s, err := t.openSession(tx)
	if err != nil {
		return answer{}, err
	}
	if !t.at.Before(s.End()) {
		return answer{}, store.Invalid("", "error.session_over")
	}
	was, err := tx.CancelSignUp(s.ID, t.person.ID, t.at)
	if err != nil {
		return answer{}, err
	}
	if !was {
		return say(t.lang.T("session.not_signed_up")), nil
	}
	return t.signAnswer(tx, s, true)
}

// signAnswer confirms to the sender alone. The number on the post follows, but not from 15 minutes before the session
// until its end: an update would take away the join links that people have got in place of the post.
func (t *turn) signAnswer(tx *store.Tx, s *store.Session, cancelled bool) (answer, error) {
	if t.at.Before(s.JoinOpens()) {
		if err := tx.RefreshSession(s.ID); err != nil {
			return answer{}, err
		}
	}
	c := cards.SessionSignedUp{Session: s.ID, Title: s.Title, Start: t.local(s.Start), Minutes: s.Minutes, Cancelled: cancelled, CalendarURL: t.sessionCalendarURL(s), Today: t.today}.Card(t.lang)
	return answer{card: &c, private: true}, nil
}

// join answers with the meeting link, and records that the sender came. It works from the reminder until the end;
// earlier it says when, later it offers the material.
func (t *turn) join(tx *store.Tx) (answer, error) {
	s, err := t.openSession(tx)
	if err != nil {
		return answer{}, err
	}
	view := cards.SessionJoin{Session: s.ID, Title: s.Title, Start: t.local(s.Start), Minutes: s.Minutes, Links: s.Links, Today: t.today}
	switch {
	case t.at.Before(s.JoinOpens()):
		return say(t.lang.T("session.join_early", "when", t.lang.DateTime(t.local(s.JoinOpens()), t.today))), nil
	case !t.at.Before(s.End()) && len(s.Links) == 0:
		return say(t.lang.T("session.join_over")), nil
	case !t.at.Before(s.End()):
		c := view.Card(t.lang)
		return answer{card: &c, private: true}, nil
	case s.Link() == "":
		host, _, err := tx.Person(s.HostID)
		return say(t.lang.T("session.no_link", "who", host.Name)), err
	}
	if err := tx.Join(s.ID, t.person.ID, t.at); err != nil {
		return answer{}, err
	}
	view.JoinURL = s.Link()
	c := view.Card(t.lang)
	return answer{card: &c, private: true}, nil
}
