package bot

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// agendaWeeks is how far ahead a working group's agenda looks.
const agendaWeeks = 4

// meetingInputs are the inputs of the meeting form.
var meetingInputs = []string{"first", "time", "every", "cutoff"}

// meetingForm builds the form of a group's meetings, with what is known or usual: the working group meets every two
// weeks.
func (t *turn) meetingForm(tx *store.Tx, kind store.BindingKind) (cards.Card, error) {
	f := cards.MeetingForm{Kind: kind, Values: cards.NewMeetingValues(t.today)}
	m, ok, err := tx.Meeting(kind)
	if ok {
		f.Values = cards.MeetingValues(&m)
	} else if kind == store.Management {
		f.Values["every"] = "1"
	}
	return f.Card(t.lang), err
}

// askMeetings sends the form of a group's meetings after the commit, when nobody has said yet when it meets.
func (t *turn) askMeetings(tx *store.Tx, kind store.BindingKind) error {
	if _, known, err := tx.Meeting(kind); err != nil || known {
		return err
	}
	c, err := t.meetingForm(tx, kind)
	t.later = append(t.later, func() { t.sendForm(c) })
	return err
}

// meetingSave stores when a group meets.
func (t *turn) meetingSave(tx *store.Tx) (answer, error) {
	kind, err := meetingKind(t.input("meeting"))
	if err != nil {
		return answer{}, err
	}
	form := cards.MeetingForm{Kind: kind, Values: t.inputs(meetingInputs), Errors: map[string]string{}}
	m := store.Meeting{Kind: kind}
	if m.First, err = store.ParseDate(strings.TrimSpace(form.Values["first"])); err != nil {
		form.Errors["first"] = t.lang.T("invalid.date", "value", clip(form.Values["first"]))
	}
	if m.Time, err = store.ParseTimeOfDay(strings.TrimSpace(form.Values["time"])); err != nil {
		form.Errors["time"] = t.lang.T("invalid.time", "value", clip(form.Values["time"]))
	}
	if m.Every, err = strconv.Atoi(strings.TrimSpace(form.Values["every"])); err != nil {
		form.Errors["every"] = t.lang.T("invalid.meeting_every", "max", store.MaxMeetingWeeks)
	}
	if m.Cutoff, err = strconv.Atoi(first(strings.TrimSpace(form.Values["cutoff"]), "0")); err != nil {
		form.Errors["cutoff"] = t.lang.T("invalid.meeting_cutoff", "max", store.MaxMeetingCutoff)
	}
	if len(form.Errors) == 0 {
		err := tx.SaveMeeting(m, t.at, t.Calendar)
		var known *store.Error
		switch {
		case errors.As(err, &known) && known.Kind == store.KindInvalid:
			form.Errors[known.Field] = t.lang.Error(err)
		case err != nil:
			return answer{}, err
		}
	}
	if len(form.Errors) > 0 {
		return showCard(form.Card(t.lang)), nil
	}
	if err := tx.Audit(t.at, t.actor(), "meeting.save", "meeting:"+string(kind), fmt.Sprintf("%s %s every %d weeks, cut-off %d h", m.First, m.Time, m.Every, m.Cutoff)); err != nil {
		return answer{}, err
	}
	return replace(cards.MeetingSaved{Meeting: m, Next: m.Next(t.at, t.Calendar, false), Today: t.today}.Card(t.lang)), nil
}

func meetingKind(s string) (store.BindingKind, error) {
	switch k := store.BindingKind(s); k {
	case store.WorkingGroup, store.Management:
		return k, nil
	}
	return "", store.Invalid("", "error.action_unreadable")
}

// agenda shows the agenda of this channel's next meeting.
func (t *turn) agenda(tx *store.Tx, _ string) (answer, error) {
	kind := store.WorkingGroup
	if !t.personal() {
		bindings, err := tx.Bindings(t.here.ID)
		if err != nil {
			return answer{}, err
		}
		has := func(k store.BindingKind) bool {
			return slices.ContainsFunc(bindings, func(b store.Binding) bool { return b.Kind == k })
		}
		switch {
		case has(store.WorkingGroup):
		case has(store.Management):
			kind = store.Management
		default:
			return answer{}, store.Invalid("", "error.no_group_here")
		}
	}
	m, ok, err := tx.Meeting(kind)
	if err != nil {
		return answer{}, err
	}
	if !ok && kind == store.WorkingGroup {
		return answer{}, store.Invalid("", "error.no_group_meetings")
	}
	if !ok {
		return answer{}, store.Invalid("", "error.no_meetings")
	}
	// A meeting that is going on, or was today, still has its agenda.
	date := m.Next(t.midnight(t.today), t.Calendar, false)
	c, err := t.agendaCard(tx, m, date, t.hereLang())
	return showCard(c), err
}

// midnight is when a day begins.
func (t *turn) midnight(d store.Date) time.Time { return d.In(t.Calendar.Location, 0) }

// agendaCard builds the agenda of a meeting.
func (t *turn) agendaCard(tx *store.Tx, m store.Meeting, date store.Date, l cards.Lang) (cards.Card, error) {
	view := cards.Agenda{Kind: m.Kind, Date: date, Time: m.Time, Today: t.today}
	may, err := tx.HasRole(t.person.ID, t.today, store.RoleCommunications, store.RoleApprover)
	if err != nil {
		return cards.Card{}, err
	}
	if may {
		view.Outcomes = agendaOutcomes(m.Kind)
	}
	if m.Kind == store.WorkingGroup {
		err = t.workingGroupItems(tx, m, date, &view, l)
	} else {
		err = t.managementItems(tx, date, &view, l)
	}
	if err != nil {
		return cards.Card{}, err
	}
	outcomes, err := tx.Outcomes(m.Kind, date)
	if err != nil {
		return cards.Card{}, err
	}
	for i, item := range view.Items {
		if o, ok := outcomes[item.ID]; ok {
			view.Items[i].Outcome, view.Items[i].Comment = o.Outcome, o.Comment
			delete(outcomes, item.ID)
		}
	}
	// What has been dealt with waits no more, but stays on the agenda of the meeting that did.
	for _, id := range slices.Sorted(maps.Keys(outcomes)) {
		item, ok, err := t.agendaItem(tx, m.Kind, id, l)
		if err != nil {
			return cards.Card{}, err
		}
		if ok {
			item.Outcome, item.Comment = outcomes[id].Outcome, outcomes[id].Comment
			view.Items = append(view.Items, item)
		}
	}
	return view.Card(l), nil
}

// agendaItem is one item of an agenda; it reports false when what it names is gone.
func (t *turn) agendaItem(tx *store.Tx, kind store.BindingKind, id string, l cards.Lang) (item cards.AgendaItem, ok bool, err error) {
	name, rest, _ := strings.Cut(id, ":")
	switch name {
	case "need":
		number, _ := strconv.ParseInt(rest, 10, 64) // 0, of no need, for what is no number
		n, err := tx.Need(number)
		if err != nil {
			return item, false, unlessGone(err)
		}
		item, err = t.needItem(tx, n)
		return item, err == nil, err
	case "entry":
		e, err := tx.Entry(rest)
		if err != nil {
			return item, false, unlessGone(err)
		}
		return cards.AgendaItem{ID: id, Kind: cards.AgendaEntry, Title: e.Title, Detail: l.Range(e.Start, e.End, t.today)}, true, nil
	default:
		content, version := versionOf(rest)
		v, err := tx.ContentVersion(content, version)
		if err != nil {
			return item, false, unlessGone(err)
		}
		is := cards.AgendaContent
		if kind == store.Management {
			is = cards.AgendaApproval
		}
		return t.versionItem(v, is, l), true, nil
	}
}

// unlessGone drops the error that says that something is not there any more.
func unlessGone(err error) error {
	if store.IsKind(err, store.KindNotFound) {
		return nil
	}
	return err
}

// versionOf reads "5/2" as version 2 of content 5; what is neither is version 0, which does not exist.
func versionOf(s string) (content int64, version int) {
	id, number, _ := strings.Cut(s, "/")
	content, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return 0, 0
	}
	if version, err = strconv.Atoi(number); err != nil {
		return 0, 0
	}
	return content, version
}

func (t *turn) needItem(tx *store.Tx, n *store.Need) (cards.AgendaItem, error) {
	asker, _, err := tx.Person(n.AskedBy)
	return cards.AgendaItem{ID: fmt.Sprint("need:", n.ID), Kind: cards.AgendaNeed, Title: n.Text, Detail: asker.Name}, err
}

// agendaOutcomes are what can be written of the items of a group's agenda.
func agendaOutcomes(kind store.BindingKind) []string {
	if kind == store.Management {
		return []string{"approved", "returned"}
	}
	return []string{"done", "postponed", "dropped"}
}

// workingGroupItems are the open needs, the entries of the next four weeks, content that waits, and what was decided since
// the last meeting.
func (t *turn) workingGroupItems(tx *store.Tx, m store.Meeting, date store.Date, view *cards.Agenda, l cards.Lang) error {
	needs, err := tx.OpenNeeds()
	if err != nil {
		return err
	}
	for _, n := range needs {
		item, err := t.needItem(tx, n)
		if err != nil {
			return err
		}
		view.Items = append(view.Items, item)
	}
	ahead, err := items(tx, store.EntryFilter{From: date, To: date + 7*agendaWeeks})
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, i := range ahead {
		if i.Done || i.Entry.State != store.Planned || seen[i.Entry.ID] {
			continue
		}
		seen[i.Entry.ID] = true
		view.Items = append(view.Items, cards.AgendaItem{ID: "entry:" + i.Entry.ID, Kind: cards.AgendaEntry, Title: i.Entry.Title, Detail: l.Range(i.Occurrence.Start, i.Occurrence.End, t.today)})
	}
	open, err := tx.OpenVersions(maxApprovals)
	if err != nil {
		return err
	}
	for _, v := range open {
		view.Items = append(view.Items, t.versionItem(v, cards.AgendaContent, l))
	}
	var since time.Time
	if d := m.Previous(t.midnight(date), t.Calendar); d != 0 {
		since = m.At(d, t.Calendar)
	}
	decided, err := tx.DecidedSince(since)
	for _, v := range decided {
		view.Items = append(view.Items, t.versionItem(v, cards.AgendaDecision, l))
	}
	return err
}

// managementItems are the requests that were passed to the meeting.
func (t *turn) managementItems(tx *store.Tx, date store.Date, view *cards.Agenda, l cards.Lang) error {
	open, err := tx.OpenVersions(maxApprovals)
	for _, v := range open {
		if v.Decision == store.DecisionEscalated && v.MeetingDate <= date {
			view.Items = append(view.Items, t.versionItem(v, cards.AgendaApproval, l))
		}
	}
	return err
}

func (t *turn) versionItem(v *store.ContentVersion, kind cards.AgendaKind, l cards.Lang) cards.AgendaItem {
	detail := l.T("decision." + string(v.Decision))
	if !v.PublishAt.IsZero() {
		detail += ", " + l.DateTime(t.local(v.PublishAt), t.today)
	}
	return cards.AgendaItem{ID: store.VersionItem(v), Kind: kind, Title: v.Title, Detail: detail}
}

// meetingOutcome writes down what a meeting made of an item of its agenda.
func (t *turn) meetingOutcome(tx *store.Tx) (answer, error) {
	kind, err := meetingKind(t.input("meeting"))
	if err != nil {
		return answer{}, err
	}
	item, outcome := t.input("item"), t.input("outcome")
	comment, err := t.comment(outcome == "returned")
	if err != nil {
		return answer{}, err
	}
	name, id, _ := strings.Cut(item, ":")
	if name == "" || id == "" {
		return answer{}, store.Invalid("item", "error.item_missing")
	}
	forApproval := outcome == "approved" || outcome == "returned"
	if !forApproval && !slices.Contains([]string{"done", "postponed", "dropped"}, outcome) {
		return answer{}, store.Invalid("outcome", "error.outcome_missing")
	}
	if name == "content" {
		return t.contentOutcome(tx, kind, item, id, outcome, comment, forApproval)
	}
	if forApproval {
		return answer{}, store.Invalid("outcome", "error.outcome_wrong")
	}
	if name == "need" {
		if err := t.needOutcome(tx, id, store.NeedState(outcome), comment); err != nil {
			return answer{}, err
		}
	} else if _, err := tx.Entry(id); name != "entry" || err != nil {
		return answer{}, store.NotFound("error.entry_gone")
	}
	return t.saveOutcome(tx, kind, item, outcome, comment)
}

// needOutcome records on the need itself what the meeting made of it.
func (t *turn) needOutcome(tx *store.Tx, id string, state store.NeedState, comment string) error {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return store.Invalid("item", "error.item_missing")
	}
	n, err := tx.Need(number)
	if err != nil {
		return err
	}
	return t.answerNeed(tx, n, state, comment, n.EntryID)
}

// contentOutcome records the meeting's outcome of content. Of a request that was passed to it, that is the decision, which
// only an approver may write.
func (t *turn) contentOutcome(tx *store.Tx, kind store.BindingKind, item, id, outcome, comment string, forApproval bool) (answer, error) {
	if t.data.Content, t.data.Version = versionOf(id); t.data.Version == 0 {
		return answer{}, store.Invalid("item", "error.item_missing")
	}
	v, err := tx.ContentVersion(t.data.Content, t.data.Version)
	if err != nil {
		return answer{}, err
	}
	if !forApproval {
		if v.Decision == store.DecisionEscalated && kind == store.Management {
			return answer{}, store.Invalid("outcome", "error.outcome_wrong")
		}
		return t.saveOutcome(tx, kind, item, outcome, comment)
	}
	v, stop, err := t.approval(tx)
	if err != nil || stop != nil {
		return deref(stop), err
	}
	if v.Decision != store.DecisionEscalated {
		return answer{}, store.Invalid("outcome", "error.outcome_wrong")
	}
	if err := t.recordDecision(tx, v, store.Decision(outcome), comment, 0); err != nil {
		return answer{}, err
	}
	return t.saveOutcome(tx, kind, item, outcome, comment)
}

// saveOutcome stores the outcome, and answers with the current card: the post's own, or the agenda.
func (t *turn) saveOutcome(tx *store.Tx, kind store.BindingKind, item, outcome, comment string) (answer, error) {
	m, ok, err := tx.Meeting(kind)
	if err != nil {
		return answer{}, err
	}
	if !ok && kind == store.WorkingGroup {
		return answer{}, store.Invalid("", "error.no_group_meetings")
	}
	if !ok {
		return answer{}, store.Invalid("", "error.no_meetings")
	}
	date, err := store.ParseDate(t.input("date"))
	if err != nil || date == 0 {
		date = m.Next(t.midnight(t.today), t.Calendar, false)
	}
	if err := tx.SaveOutcome(kind, date, store.Outcome{Item: item, Outcome: outcome, Comment: comment, By: t.person.ID, At: t.at}); err != nil {
		return answer{}, err
	}
	if err := tx.Audit(t.at, t.actor(), "meeting.outcome", item, strings.TrimSpace(date.String()+" "+outcome+" "+comment)); err != nil {
		return answer{}, err
	}
	if post, ok, err := tx.PostByActivity(t.a.Conversation.ID, t.a.ReplyToID); err != nil {
		return answer{}, err
	} else if ok {
		if err := tx.RefreshPost(post.ID); err != nil {
			return answer{}, err
		}
		c, err := t.postCard(tx, post, t.hereLang())
		return showCard(c), err
	}
	if t.input("content") != "" {
		// The card that asks for one outcome, clicked before its post was recorded as sent.
		c, err := t.outcomeCard(tx, &store.Post{ContentID: t.data.Content, ContentVersion: t.data.Version}, t.hereLang())
		return showCard(c), err
	}
	c, err := t.agendaCard(tx, m, date, t.hereLang())
	return replace(c), err
}

// outcomeCard asks for the outcome of a meeting on one request.
func (b *Bot) outcomeCard(tx *store.Tx, p *store.Post, l cards.Lang) (cards.Card, error) {
	v, err := tx.ContentVersion(p.ContentID, p.ContentVersion)
	if err != nil {
		return cards.Card{}, err
	}
	by, _, err := tx.Person(v.DecidedBy)
	if err != nil {
		return cards.Card{}, err
	}
	requester, _, err := tx.Person(v.RequestedBy)
	if err != nil {
		return cards.Card{}, err
	}
	view := cards.MeetingOutcome{Content: strconv.FormatInt(v.ContentID, 10), Version: v.Version, Item: store.VersionItem(v), Title: v.Title, Requester: requester.Name, Date: v.MeetingDate,
		PublishAt: b.local(v.PublishAt), Decision: v.Decision, DecidedBy: by.Name, DecidedAt: b.local(v.DecidedAt), Comment: v.Comment, Today: store.DateOf(b.now())}
	if v.Decision.Open() && p.ChannelID != "" { // a copy of one's own needs no mention
		approvers, err := b.approvers(tx, v, view.Today)
		if err != nil {
			return cards.Card{}, err
		}
		for _, a := range approvers {
			if a.Name != "" {
				view.Approvers = append(view.Approvers, cards.Person{Name: a.Name, ID: a.ID})
			}
		}
	}
	return view.Card(l), nil
}
