package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vuosikello/bot"
	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// online is a Graph that answers as it is told, and notes what it was asked.
type online struct {
	mu      sync.Mutex
	calls   []string
	create  []error // of the next calls, nil once they are used up
	update  []error
	report  error
	reports []store.AttendanceReport
	hold    chan struct{} // when set, creating waits for it
	held    int           // how many calls have waited for it

	messages func() []teamstest.Request // what stands in the channels
	find     error
}

// FindPost looks through the messages as Graph would.
func (o *online) FindPost(_ context.Context, channel store.ChannelRef, mark string, from, to time.Time) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.note("find in %s of %s", channel.ChannelID, channel.GroupID)
	if o.find != nil {
		return "", o.find
	}
	for _, m := range o.messages() {
		if teams.BaseConversationID(m.ConversationID) == channel.ChannelID && strings.Contains(string(m.Content), `"post-`+mark+`"`) && m.At.After(from) && m.At.Before(to) {
			return m.ActivityID, nil
		}
	}
	return "", nil
}

func pop(list *[]error) (err error) {
	if len(*list) > 0 {
		err, *list = (*list)[0], (*list)[1:]
	}
	return err
}

func (o *online) note(format string, args ...any) {
	o.calls = append(o.calls, fmt.Sprintf(format, args...))
}

func (o *online) CreateMeeting(ctx context.Context, r store.MeetingRequest) (store.OnlineMeeting, error) {
	o.mu.Lock()
	hold := o.hold
	if hold != nil {
		o.held++
	}
	o.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return store.OnlineMeeting{}, ctx.Err()
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.note("create %s %s", r.Subject, r.Start.In(helsinki).Format("15:04"))
	if err := pop(&o.create); err != nil {
		return store.OnlineMeeting{}, err
	}
	return store.OnlineMeeting{HostID: r.HostID, EventID: "event", JoinURL: "https://teams.example/" + r.Key}, nil
}

func (o *online) UpdateMeeting(_ context.Context, m store.OnlineMeeting, r store.MeetingRequest) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.note("update %s %s %s", m.EventID, r.Subject, r.Start.In(helsinki).Format("15:04"))
	return pop(&o.update)
}

func (o *online) CancelMeeting(_ context.Context, m store.OnlineMeeting) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.note("cancel %s of %s", m.EventID, m.HostID)
	return nil
}

func (o *online) Attendance(_ context.Context, m *store.OnlineMeeting) ([]store.AttendanceReport, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.note("report")
	m.MeetingID = "meeting"
	return o.reports, o.report
}

// answers sets what the next report is.
func (o *online) answers(err error, reports ...store.AttendanceReport) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.report, o.reports = err, reports
}

func (o *online) asked() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.calls)
}

func withGraph(o *online) option { return withConfig(func(c *bot.Config) { c.Graph = o }) }

// until waits for a session to be as wanted.
func (w *approvalWorld) until(session int64, what string, ok func(*store.Session) bool) *store.Session {
	w.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if s := w.MustSession(session); ok(s) {
			return s
		} else if time.Now().After(deadline) {
			w.Fatalf("%s never came: %+v", what, s)
		}
	}
}

func (w *approvalWorld) meeting(session int64, state store.MeetingState) *store.Session {
	w.Helper()
	return w.until(session, "meeting "+string(state), func(s *store.Session) bool { return s.MeetingState == state })
}

// A meeting is made without holding up the answer, follows its session and ends with it.
func TestOnlineMeeting(t *testing.T) {
	t.Parallel()
	o := &online{hold: make(chan struct{})}
	w := MustSessions(t, withGraph(o))
	_, ans := w.holds(map[string]any{"joinUrl": ""})
	contains(t, ans.card.text(), "lisätty", "Teams-kokousta luodaan")
	close(o.hold)
	s := w.meeting(1, store.MeetingMade)
	w.passed("2026-03-24 13:45")
	soon := w.find(w.nurses.ConversationID, "alkaa klo 14.00")
	contains(t, string(w.click(w.nurses, sanna, soon, cards.VerbJoin, nil).card.raw), s.Meeting.JoinURL)
	w.edit(1, map[string]any{"time": "14:30", "title": "Uusi otsikko"})
	w.meeting(1, store.MeetingMade)
	me := teamstest.Personal(olli)
	list := w.say(me, olli, "digivartit")
	form := w.click(me, olli, list, cards.VerbSessionEdit, nil)
	saved := w.click(me, olli, form.card, cards.VerbSessionSave, nil)
	w.click(me, olli, saved.card, cards.VerbSessionCallOff, nil)
	w.until(1, "the end of the meeting", func(s *store.Session) bool {
		return s.MeetingState == store.MeetingNone && s.Link() == ""
	})
	got := o.asked()
	equal(t, "first and last calls", []string{got[0], got[1], got[len(got)-1]}, "create Ajanvaraus sovelluksessa 14:00", "update event Uusi otsikko 14:30", "cancel event of "+olli.AADObjectID)
}

// brittle is a Graph whose first answer brings the bot's own code down.
type brittle struct {
	*online
	broken atomic.Bool
}

func (b *brittle) CreateMeeting(ctx context.Context, r store.MeetingRequest) (store.OnlineMeeting, error) {
	if b.broken.CompareAndSwap(false, true) {
		panic(r.Subject)
	}
	return b.online.CreateMeeting(ctx, r)
}

// An answer on which the bot's own code fails ends neither the program nor what asks Graph: it begins anew.
func TestOnlineBeginsAnew(t *testing.T) {
	t.Parallel()
	w := MustSessions(t, withConfig(func(c *bot.Config) { c.Graph = &brittle{online: &online{}} }))
	w.holds(map[string]any{"joinUrl": ""})
	w.meeting(1, store.MeetingMade)
	if logged := w.logs.String(); !strings.Contains(logged, "panic in asking Graph about sessions: string at") || strings.Contains(logged, "Ajanvaraus") {
		t.Errorf("log %s", logged)
	}
}

// A session that is called off, or gets a link of its own, while its meeting is being made leaves no meeting behind.
func TestOnlineMeetingNotWantedAnyMore(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*approvalWorld, shown){
		"called off": func(w *approvalWorld, saved shown) {
			w.click(teamstest.Personal(olli), olli, saved, cards.VerbSessionCallOff, nil)
		},
		"a link of own": func(w *approvalWorld, _ shown) { w.edit(1, map[string]any{"joinUrl": meetingLink}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &online{hold: make(chan struct{})}
			w := MustSessions(t, withGraph(o))
			_, ans := w.holds(map[string]any{"joinUrl": ""})
			w.world.until("the call", func() bool {
				o.mu.Lock()
				defer o.mu.Unlock()
				return o.held > 0
			})
			change(w, ans.card)
			close(o.hold)
			for deadline := time.Now().Add(patience); !slices.Contains(o.asked(), "cancel event of "+olli.AADObjectID); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("the meeting was never cancelled: %q", o.asked())
				}
			}
		})
	}
}

// What keeps Graph from making a meeting: a permission is named to who made the session, and a fault is tried again.
func TestOnlineMeetingFails(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		err   error
		state store.MeetingState
		why   string
		tells []string
	}{
		{"a permission is missing", &store.GraphError{Problem: store.GraphForbidden, Permission: "Calendars.ReadWrite", Who: "a global administrator"}, store.MeetingFailed, "forbidden Calendars.ReadWrite", []string{"Calendars.ReadWrite", "järjestelmänvalvoja"}},
		{"no mailbox", &store.GraphError{Problem: store.GraphNotFound}, store.MeetingFailed, "not_found", []string{"ei syntynyt"}},
		{"a request that is not accepted", &store.GraphError{Problem: store.GraphRefused, Err: errors.New("400 ErrorInvalidRequest")}, store.MeetingFailed, "refused", []string{"ei syntynyt", "doctor"}},
		{"no answer, then one", &store.GraphError{Problem: store.GraphUnavailable, Err: errors.New("503")}, store.MeetingMade, "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := &online{create: []error{tc.err}}
			w := MustSessions(t, withGraph(o))
			w.holds(map[string]any{"joinUrl": ""})
			s := w.until(1, "an outcome", func(s *store.Session) bool { return s.MeetingState == tc.state })
			if s.MeetingWhy != tc.why {
				t.Errorf("why %q, want %q", s.MeetingWhy, tc.why)
			}
			if tc.tells == nil {
				return
			}
			contains(t, w.chat(olli, tc.tells...).text(), "Ajanvaraus")
			// With a link of the host's own all is well.
			w.edit(1, map[string]any{"joinUrl": meetingLink})
			w.passed("2026-03-24 13:45")
			w.joined(sanna)
		})
	}
}

// A credential that Graph does not accept is for admins to mend, who are told once; the meeting is made when they have.
func TestOnlineMeetingCredential(t *testing.T) {
	t.Parallel()
	refused := &store.GraphError{Problem: store.GraphCredential, Err: errors.New("401 InvalidAuthenticationToken")}
	o := &online{create: []error{refused, refused}}
	w := MustSessions(t, withGraph(o), withConfig(func(c *bot.Config) { c.Admins = []string{aino.AADObjectID} }))
	mine := w.knows(aino)
	w.holds(map[string]any{"joinUrl": ""})
	contains(t, w.find(mine.ConversationID, "ei hyväksy botin tunnistetta").text(), "vuosikello doctor")
	w.meeting(1, store.MeetingMade)
	w.settled()
	equal(t, "told", w.notices(), "Microsoft Graph ei hyväksy botin tunnistetta: sent")
}

// Who made a session hears when it has had no meeting for some time, once; it is still tried.
func TestOnlineMeetingLate(t *testing.T) {
	t.Parallel()
	fault := &store.GraphError{Problem: store.GraphUnavailable, Err: errors.New("503"), RetryAfter: time.Hour} // the test says when
	o := &online{create: []error{fault, fault}}
	w := MustSessions(t, withGraph(o))
	w.knows(olli)
	w.holds(map[string]any{"joinUrl": ""})
	s := w.until(1, "a first attempt", func(s *store.Session) bool { return s.MeetingTries == 1 })
	w.MustWrite(func(tx *store.Tx) error {
		for range 8 {
			if err := tx.MeetingRetry(s, "unavailable", time.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	contains(t, w.chat(olli, "Teams-kokousta ei ole vielä").text(), "Yritän uudelleen", "oma kokouslinkki")
	w.MustWrite(func(tx *store.Tx) error { return tx.MeetingRetry(s, "unavailable", time.Now()) })
	w.meeting(1, store.MeetingMade)
	if n := w.count(teamstest.PersonalChat(olli.ID), "Teams-kokousta ei ole vielä"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// A meeting that somebody deleted in their calendar is made anew when its session changes.
func TestOnlineMeetingDeleted(t *testing.T) {
	t.Parallel()
	o := &online{update: []error{&store.GraphError{Problem: store.GraphNotFound}}}
	w := MustSessions(t, withGraph(o))
	w.holds(map[string]any{"joinUrl": ""})
	first := w.meeting(1, store.MeetingMade).Link()
	w.edit(1, map[string]any{"time": "15:00"})
	w.until(1, "another meeting", func(s *store.Session) bool {
		return s.MeetingState == store.MeetingMade && s.Link() != "" && s.Link() != first
	})
	equal(t, "calls", o.asked(), "create Ajanvaraus sovelluksessa 14:00", "update event Ajanvaraus sovelluksessa 15:00", "create Ajanvaraus sovelluksessa 15:00")
}

// A session that gets another host gets a meeting of theirs, and the first host's is cancelled.
func TestOnlineMeetingOtherHost(t *testing.T) {
	t.Parallel()
	o := &online{}
	w := MustSessions(t, withGraph(o))
	w.holds(map[string]any{"joinUrl": ""})
	first := w.meeting(1, store.MeetingMade).Link()
	w.edit(1, map[string]any{"host": jane.Name})
	s := w.until(1, "another meeting", func(s *store.Session) bool {
		return s.MeetingState == store.MeetingMade && s.Link() != first
	})
	if s.Meeting.HostID != jane.AADObjectID {
		t.Errorf("the meeting is of %s", s.Meeting.HostID)
	}
	equal(t, "calls", o.asked(), "create Ajanvaraus sovelluksessa 14:00", "cancel event of "+olli.AADObjectID, "create Ajanvaraus sovelluksessa 14:00")
}

// A meeting that could not be changed is there still: the next change is made to it, and it ends with its session.
func TestOnlineMeetingKept(t *testing.T) {
	t.Parallel()
	forbidden := &store.GraphError{Problem: store.GraphForbidden, Permission: "Calendars.ReadWrite"}
	o := &online{update: []error{forbidden, nil, forbidden}}
	w := MustSessions(t, withGraph(o))
	w.holds(map[string]any{"joinUrl": ""})
	first := w.meeting(1, store.MeetingMade).Link()
	w.edit(1, map[string]any{"time": "15:00"})
	w.meeting(1, store.MeetingFailed)
	w.edit(1, map[string]any{"time": "16:00"})
	if s := w.meeting(1, store.MeetingMade); s.Link() != first {
		t.Errorf("the link is %s", s.Link())
	}
	w.edit(1, map[string]any{"time": "17:00"})
	w.meeting(1, store.MeetingFailed)
	me := teamstest.Personal(olli)
	saved := w.click(me, olli, w.open(1), cards.VerbSessionSave, map[string]any{"title": "Viimeinen"})
	w.meeting(1, store.MeetingMade)
	w.click(me, olli, saved.card, cards.VerbSessionCallOff, nil)
	w.meeting(1, store.MeetingNone)
	equal(t, "calls", o.asked(), "create Ajanvaraus sovelluksessa 14:00", "update event Ajanvaraus sovelluksessa 15:00", "update event Ajanvaraus sovelluksessa 16:00",
		"update event Ajanvaraus sovelluksessa 17:00", "update event Viimeinen 17:00", "cancel event of "+olli.AADObjectID)
}

// look has the report of a session looked for now: its waiting times are real.
func (w *approvalWorld) look(session int64, o *online) {
	w.Helper()
	before := len(o.asked())
	w.MustWrite(func(tx *store.Tx) error {
		s, err := tx.Session(session)
		if err != nil {
			return err
		}
		return tx.ReportLater(s, "", time.Now(), false)
	})
	// The outcome is written when there is no more work to do now.
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		var left []*store.Session
		w.MustRead(func(tx *store.Tx) (err error) { left, err = tx.ReportWork(time.Now(), 1); return err })
		if len(o.asked()) > before && len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			w.Fatal("nobody looked for the report")
		}
	}
}

// The report is waited for until a day after the end. It adds to what the cards recorded, and leaves alone what the host
// corrected.
func TestOnlineReport(t *testing.T) {
	t.Parallel()
	o := &online{report: &store.GraphError{Problem: store.GraphNotReady}}
	w := MustSessions(t, withGraph(o))
	w.holds(map[string]any{"joinUrl": ""})
	s := w.meeting(1, store.MeetingMade)
	w.passed("2026-03-24 13:45")
	soon := w.find(w.nurses.ConversationID, "alkaa klo 14.00")
	for _, p := range []teamstest.Person{sanna, mia} {
		contains(t, string(w.click(w.nurses, p, soon, cards.VerbJoin, nil).card.raw), s.Link())
	}
	w.passed("2026-03-24 14:20")
	w.until(1, "the wish for a report", func(s *store.Session) bool { return s.ReportState == store.ReportWanted })
	me := teamstest.Personal(olli)
	list := w.say(me, olli, "osallistujat")
	contains(t, list.text(), "osallistumisraporttia odotetaan")
	w.click(me, olli, list, cards.VerbAttendanceCorrect, map[string]any{"person": mia.AADObjectID, "minutes": "3"})
	w.look(1, o)
	if s := w.MustSession(1); s.ReportState != store.ReportWanted {
		t.Errorf("the wait ended early: %s", s.ReportState)
	}
	start := s.Start
	stay := func(from, to int) store.Interval {
		return store.Interval{From: start.Add(time.Duration(from) * time.Minute), To: start.Add(time.Duration(to) * time.Minute)}
	}
	o.answers(nil, store.AttendanceReport{ID: "1", Total: 5, Records: []store.AttendanceRecord{
		{PersonID: strings.ToUpper(sanna.AADObjectID), Name: "Sanna", Intervals: []store.Interval{stay(0, 10), stay(5, 14)}},
		{PersonID: mia.AADObjectID, Intervals: []store.Interval{stay(0, 15)}},
		{Email: strings.ToUpper(erik.Email), Intervals: []store.Interval{stay(1, 6)}},
		{Email: "vieras@muu.example", Name: "Vieras", Intervals: []store.Interval{stay(1, 3)}},
	}})
	w.look(1, o)
	want := []string{erik.Name + " 5 graph", mia.Name + " 3 hand", sanna.Name + " 14 graph", "Vieras 2 graph"}
	equal(t, "people", w.attended(1), want...)
	if n := w.turnout(1); n.Anonymous != 1 || n.Attended != 4 {
		t.Errorf("turnout %+v", n)
	}
	w.look(1, o) // the same again changes nothing
	equal(t, "people", w.attended(1), want...)
	w.pass("2026-03-24 17:00")
	w.look(1, o)
	w.until(1, "the end of reading", func(s *store.Session) bool { return s.ReportState == store.ReportRead })
}

func TestOnlineReportMissing(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, now string
		err       error
		want      string
	}{
		{"none a day later", "2026-03-25 14:16", nil, "ei saatu"},
		{"not ready a day later", "2026-03-25 14:16", &store.GraphError{Problem: store.GraphNotReady}, "ei saatu"},
		{"a permission is missing", "2026-03-24 14:30", &store.GraphError{Problem: store.GraphForbidden, Permission: "OnlineMeetingArtifact.Read.All"}, "OnlineMeetingArtifact.Read.All"},
		{"the meeting was deleted", "2026-03-24 14:30", &store.GraphError{Problem: store.GraphNotFound}, "ei saatu"},
		{"unreachable", "2026-03-24 14:30", &store.GraphError{Problem: store.GraphUnavailable}, "odotetaan"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			o := &online{report: tc.err}
			w := MustSessions(t, withGraph(o))
			w.holds(map[string]any{"joinUrl": ""})
			w.meeting(1, store.MeetingMade)
			w.passed("2026-03-24 14:20")
			w.pass(tc.now)
			w.look(1, o)
			contains(t, w.say(teamstest.Personal(olli), olli, "osallistujat").text(), tc.want)
		})
	}
}
