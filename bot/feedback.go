package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// askFeedback asks those who joined: personally, and in the session's channels when the bot cannot write to some of them.
func (b *Bot) askFeedback(tx *store.Tx, s *store.Session, p store.Post, now time.Time) error {
	if err := tx.WantReport(s, time.Now().Add(reportFirst)); err != nil {
		return err
	}
	people, err := tx.Participants(s.ID)
	if err != nil {
		return err
	}
	p.Kind, p.Late = store.KindFeedback, false
	unreachable := false
	for _, who := range people {
		if who.JoinedAt.IsZero() || strings.HasPrefix(who.Who, "mail:") {
			continue
		}
		person, _, err := tx.Person(who.Who)
		if err != nil {
			return err
		}
		if person.ConversationID == "" {
			unreachable = true
			continue
		}
		p.PersonID = who.Who
		if err := tx.AddPost(&p, now); err != nil {
			return err
		}
	}
	if !unreachable {
		return nil
	}
	return b.askFeedbackInChannels(tx, p, now)
}

// askFeedbackInChannels asks in the channels of p's session, once however many of its people cannot be written to.
func (b *Bot) askFeedbackInChannels(tx *store.Tx, p store.Post, now time.Time) error {
	s, err := tx.Session(p.SessionID)
	if err != nil {
		return err
	}
	p = store.Post{Kind: store.KindFeedback, Title: s.Title, SessionID: s.ID, Priority: store.PriorityPost, DueAt: p.DueAt}
	channels, _, err := AudienceChannels(tx, s.Audiences)
	if err != nil {
		return err
	}
	for _, ch := range channels {
		p.ChannelID = ch.ID
		if err := tx.AddPost(&p, now); err != nil {
			return err
		}
	}
	return nil
}

// feedbackCard builds the card that asks for feedback.
func (b *Bot) feedbackCard(tx *store.Tx, p *store.Post, l cards.Lang) (cards.Card, error) {
	s, err := tx.Session(p.SessionID)
	if err != nil {
		return cards.Card{}, err
	}
	needs, err := tx.SessionNeeds()
	if err != nil {
		return cards.Card{}, err
	}
	return cards.FeedbackForm{Session: s.ID, Title: s.Title, Start: b.local(s.Start), Needs: needs, Links: s.Links, Today: store.DateOf(b.now())}.Card(l), nil
}

// feedback stores what somebody who joined says after a session.
func (t *turn) feedback(tx *store.Tx) (answer, error) {
	s, err := t.openSession(tx)
	if err != nil {
		return answer{}, err
	}
	p, _, err := tx.Participation(s.ID, t.person.ID)
	if err != nil {
		return answer{}, err
	}
	if !p.Attended() {
		return answer{}, store.Forbidden("error.not_joined")
	}
	form := cards.FeedbackForm{Session: s.ID, Title: s.Title, Start: t.local(s.Start), Links: s.Links, Values: t.inputs([]string{"rating", "need", "topic"}), Errors: map[string]string{}, Today: t.today}
	if form.Needs, err = tx.SessionNeeds(); err != nil {
		return answer{}, err
	}
	need, other := cards.NeedValue(form.Values["need"])
	f := store.Feedback{PersonID: t.person.ID, At: t.at, Need: need, Topic: strings.TrimSpace(form.Values["topic"])}
	if v := strings.TrimSpace(form.Values["rating"]); v != "" {
		if f.Rating, err = strconv.Atoi(v); err != nil || f.Rating < 1 || f.Rating > 5 {
			form.Errors["rating"] = t.lang.T("invalid.rating")
		}
	}
	for field, v := range map[string]string{"need": f.Need, "topic": f.Topic} {
		if n := len([]rune(v)); n > store.MaxTitle {
			form.Errors[field] = t.lang.T("invalid.too_long_now", "max", store.MaxTitle, "length", n)
		}
	}
	if len(form.Errors) > 0 || other {
		return answer{card: ptr(form.Card(t.lang)), private: true}, nil
	}
	if err := tx.SaveFeedback(s.ID, f); err != nil {
		return answer{}, err
	}
	c := cards.FeedbackThanks{Title: s.Title}.Card(t.lang)
	if _, posted, err := tx.PostByActivity(t.a.Conversation.ID, t.a.ReplyToID); err != nil || (posted && !t.personal()) {
		return answer{card: &c, private: true}, err // a card that others share stays for them
	}
	return replace(c), nil
}

// sessionNeeds stores the list that people choose from when they say what they need help with.
func (t *turn) sessionNeeds(tx *store.Tx) (answer, error) {
	if _, typed := t.data.Inputs["needs"]; !typed {
		known, err := tx.SessionNeeds()
		return t.ownMessage(cards.SessionNeedsForm{Values: map[string]string{"needs": strings.Join(known, "\n")}}.Card(t.lang)), err
	}
	list := strings.FieldsFunc(t.input("needs"), func(r rune) bool { return r == '\n' || r == ';' })
	form := cards.SessionNeedsForm{Values: t.inputs([]string{"needs"}), Errors: map[string]string{}}
	if len(list) > store.MaxNames {
		form.Errors["needs"] = t.lang.T("invalid.too_many", "max", store.MaxNames)
	}
	if slices.ContainsFunc(list, func(s string) bool { return len([]rune(s)) > store.MaxTitle }) {
		form.Errors["needs"] = t.lang.T("invalid.too_long", "max", store.MaxTitle)
	}
	if len(form.Errors) > 0 {
		return showCard(form.Card(t.lang)), nil
	}
	if err := tx.SetSessionNeeds(list); err != nil {
		return answer{}, err
	}
	if err := tx.Audit(t.at, t.actor(), "session.needs", "session_need", strings.Join(list, "; ")); err != nil {
		return answer{}, err
	}
	form.Saved = true
	return replace(form.Card(t.lang)), nil
}
