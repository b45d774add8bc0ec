package bot

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"vuosikello/cards"
	"vuosikello/store"
)

// need sends what somebody asks to be communicated to the working group.
func (t *turn) need(tx *store.Tx, args string) (answer, error) {
	text := strings.TrimSpace(args)
	switch n := utf8.RuneCountInString(text); {
	case store.Blank(text):
		return answer{}, store.Invalid("", "invalid.need_missing")
	case n > store.MaxNeed:
		return answer{}, store.Invalid("", "invalid.too_long_now", "max", store.MaxNeed, "length", n)
	case t.person.ID == "":
		return answer{}, store.Forbidden("error.unknown_sender")
	}
	n := &store.Need{Text: text, AskedBy: t.person.ID, AskedAt: t.at}
	if err := tx.AddNeed(n); err != nil {
		return answer{}, err
	}
	if err := tx.Audit(t.at, t.actor(), "need.ask", fmt.Sprint("need:", n.ID), ""); err != nil {
		return answer{}, err
	}
	channels, err := tx.BoundChannels(store.WorkingGroup, "")
	if err != nil {
		return answer{}, err
	}
	p := store.Post{Kind: store.KindNeed, Title: clip(text), NeedID: n.ID, Priority: store.PriorityNotice, DueAt: t.at}
	if len(channels) == 0 {
		p.State, p.Reason = store.Failed, store.ReasonNoChannel
		if err := t.tellNoWorkingGroup(tx, t.at); err != nil {
			return answer{}, err
		}
		channels = []store.Channel{{}}
	}
	for _, ch := range channels {
		p.ChannelID = ch.ID
		if err := tx.AddPost(&p, t.at); err != nil {
			return answer{}, err
		}
	}
	l := t.hereLang()
	t.later = append(t.later, func() { nudge(t.work) })
	return showCard(cards.Message{Title: l.T("need.sent_title"), Text: l.T("need.sent"), Tone: cards.ToneGood}.Card(l)), nil
}

// needCard builds the card of a need.
func (b *Bot) needCard(tx *store.Tx, id int64, l cards.Lang) (cards.Card, error) {
	n, err := tx.Need(id)
	if err != nil {
		return cards.Card{}, err
	}
	asker, _, err := tx.Person(n.AskedBy)
	if err != nil {
		return cards.Card{}, err
	}
	view := cards.Need{ID: n.ID, Text: n.Text, AskedBy: cards.Person{Name: asker.Name, ID: asker.ID}, At: b.local(n.AskedAt), State: n.State, Comment: n.Comment, DecidedAt: b.local(n.DecidedAt), Today: store.DateOf(b.now())}
	if n.DecidedBy != "" {
		p, _, err := tx.Person(n.DecidedBy)
		if err != nil {
			return cards.Card{}, err
		}
		view.DecidedBy = p.Name
	}
	if n.EntryID != "" {
		e, err := tx.Entry(n.EntryID)
		if err != nil {
			return cards.Card{}, err
		}
		view.EntryTitle = e.Title
	}
	return view.Card(l), nil
}

// needAccept makes a need a draft entry of the clock: it begins four weeks ahead and is completed with its form.
func (t *turn) needAccept(tx *store.Tx) (answer, error) {
	n, stop, err := t.openNeed(tx)
	if err != nil || stop != nil {
		return deref(stop), err
	}
	comment, err := t.comment(false)
	if err != nil {
		return answer{}, err
	}
	start := store.WorkdayOnOrAfter(t.today + needLead)
	e := &store.Entry{Clock: store.Clock{Name: store.DefaultClock, Year: start.Year()}, Title: clipTo(strings.Join(strings.Fields(n.Text), " "), needTitle), Start: start,
		Leads: store.DefaultLeads(), Approval: true, Notes: n.Text}
	if err := tx.AddEntry(e, t.at, t.Calendar); err != nil {
		return answer{}, err
	}
	if err := tx.Audit(t.at, t.actor(), "entry.add", "entry:"+e.ID, e.Title); err != nil {
		return answer{}, err
	}
	if err := t.answerNeed(tx, n, store.NeedAccepted, comment, e.ID); err != nil {
		return answer{}, err
	}
	form, err := t.entryForm(tx, cards.EntryForm{Entry: e.ID, Version: e.Version, Values: cards.EntryValues(e)})
	if err != nil {
		return answer{}, err
	}
	t.ownMessage(*form.card) // to complete the draft
	c, err := t.needCard(tx, n.ID, t.hereLang())
	return showCard(c), err
}

const (
	needLead  = 28 // days ahead that a draft entry begins
	needTitle = 80 // characters of the need that become its title
)

func clipTo(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}

// needDecline answers a need with the reason why it is not communicated.
func (t *turn) needDecline(tx *store.Tx) (answer, error) {
	n, stop, err := t.openNeed(tx)
	if err != nil || stop != nil {
		return deref(stop), err
	}
	comment, err := t.comment(false)
	if err != nil {
		return answer{}, err
	}
	if comment == "" {
		return answer{}, store.Invalid("comment", "need.reason_missing")
	}
	if err := t.answerNeed(tx, n, store.NeedDeclined, comment, ""); err != nil {
		return answer{}, err
	}
	c, err := t.needCard(tx, n.ID, t.hereLang())
	return showCard(c), err
}

// openNeed loads the need that a click is about, if it waits for an answer.
func (t *turn) openNeed(tx *store.Tx) (*store.Need, *answer, error) {
	n, err := tx.Need(t.data.Need)
	if err != nil {
		return nil, nil, err
	}
	if n.State == store.NeedOpen || n.State == store.NeedPostponed {
		return n, nil, nil
	}
	if n.DecidedBy == t.person.ID && n.DecidedBy != "" {
		return n, ptr(say(t.lang.T("need.again", "when", t.lang.DateTime(t.local(n.DecidedAt), t.today)))), nil
	}
	c, err := t.needCard(tx, n.ID, t.hereLang())
	return n, ptr(showCard(c)), err
}

// answerNeed records what becomes of a need, and tells whoever asked; a need that is put off gets its answer later.
func (t *turn) answerNeed(tx *store.Tx, n *store.Need, state store.NeedState, comment, entryID string) error {
	ok, err := tx.DecideNeed(n, state, t.person.ID, comment, entryID, t.at)
	if err != nil {
		return err
	}
	if !ok {
		return store.Conflict("error.decided_already")
	}
	if err := tx.Audit(t.at, t.actor(), "need."+string(state), fmt.Sprint("need:", n.ID), comment); err != nil {
		return err
	}
	if state == store.NeedPostponed {
		return nil
	}
	return t.notify(tx, store.Post{PersonID: n.AskedBy, Title: clip(n.Text)}, t.at, "notice.need."+string(state), "text", clip(n.Text), "who", t.person.Name, "comment", comment)
}
