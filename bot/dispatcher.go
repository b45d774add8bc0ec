package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/cards"
	"vuosikello/store"
)

const (
	// giveUpAfter is how long a post that is certainly not sent is tried, in real time.
	giveUpAfter = 24 * time.Hour
	// updateSpacing is the shortest time between two updates of one card: what changes meanwhile goes in one.
	updateSpacing = 5 * time.Second
	// giveUpUpdate is how many failed updates in a row end the attempt to update a card.
	giveUpUpdate = 12
	// lateBy is when a post that waited in the outbox is marked late.
	lateBy = 15 * time.Minute
	// dispatchPoll is how often the outbox is looked at when nobody says that there is something in it.
	dispatchPoll = time.Second
)

// recover settles what an earlier run left in flight, and reads the key of signed links.
func (b *Bot) recover(ctx context.Context) error {
	if err := b.loadLinkKey(ctx); err != nil {
		return err
	}
	return b.DB.Write(ctx, func(tx *store.Tx) error {
		if err := b.recallSelf(tx); err != nil {
			return err
		}
		at := time.Now()
		if b.Graph != nil {
			at = at.Add(b.GraphLag)
		}
		n, err := tx.RecoverPosts(at)
		if n > 0 {
			b.Logger.Warn("posts were in flight when the program ended; they are perhaps sent, and are sent once more", "posts", n)
		}
		return err
	})
}

// flights is what is on its way to the connector: conversations with a post or an update in flight. One at a time keeps
// their order, and lets none hold up the others.
type flights struct {
	mu  sync.Mutex
	wg  sync.WaitGroup
	now map[string]bool
	log *slog.Logger
}

// start runs fn unless something of that key is in flight already, and nudges after it.
func (f *flights) start(key string, fn func(), after chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.now[key] {
		return
	}
	f.now[key] = true
	f.wg.Go(func() {
		if err := store.Contain("a send", func() error { fn(); return nil }); err != nil {
			f.log.Error("a post was not dealt with; it stays as being sent until the next start", "error", err)
		}
		f.mu.Lock()
		delete(f.now, key)
		f.mu.Unlock()
		nudge(after)
	})
}

// busy returns what is in flight.
func (f *flights) busy() map[string]bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.now)
}

// runDispatcher sends what is in the outbox until ctx ends, then waits for what is in flight.
func (b *Bot) runDispatcher(ctx, flight context.Context) {
	f := &flights{now: map[string]bool{}, log: b.Logger}
	defer f.wg.Wait()
	timer := time.NewTicker(dispatchPoll)
	defer timer.Stop()
	for {
		b.beat.now()
		b.dispatch(ctx, flight, f)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-b.work:
			time.Sleep(calm)
		}
	}
}

// dispatch starts as many sends and updates as there is room for.
func (b *Bot) dispatch(ctx, flight context.Context, f *flights) {
	busy := f.busy()
	room := b.SendsInFlight - len(busy)
	if room <= 0 {
		return
	}
	var posts, stale []*store.Post
	var waiting bool
	err := b.DB.Read(ctx, func(tx *store.Tx) (err error) {
		if waiting, err = tx.HasWaiting(time.Now()); err != nil {
			return err
		}
		stale, err = tx.StalePosts(time.Now(), room, busy)
		return err
	})
	if err == nil && waiting {
		err = b.DB.Write(ctx, func(tx *store.Tx) (err error) {
			if err := tx.MissSessionPosts(b.now()); err != nil {
				return err
			}
			posts, err = tx.ClaimPosts(time.Now(), store.DateOf(b.now()), room, busy)
			return err
		})
	}
	if err != nil {
		if ctx.Err() == nil {
			b.Logger.Error("outbox not read; trying again", "error", err)
		}
		return // what was not marked as being sent must not be sent
	}
	for _, p := range posts {
		f.start(p.Target(), func() { b.send(flight, p) }, b.work)
	}
	for _, p := range stale[:min(len(stale), max(room-len(posts), 0))] {
		f.start(p.Target(), func() { b.update(flight, p) }, b.work)
	}
}

// priority maps a post's priority to the limiter's.
func priority(p *store.Post) teams.Priority {
	switch p.Priority {
	case store.PrioritySession:
		return teams.PrioritySession
	case store.PriorityDigest:
		return teams.PriorityDigest
	default:
		return teams.PriorityPost
	}
}

// send makes one attempt to send a post, and records its outcome.
func (b *Bot) send(ctx context.Context, p *store.Post) {
	log := b.Logger.With("post", p.ID, "kind", p.Kind, "trace", p.Trace)
	if p.Doubts > 0 && b.found(ctx, log, p) {
		return
	}
	start := time.Now()
	err := b.deliver(ctx, p)
	now := time.Now()
	var sendErr *teams.SendError
	var lost *store.Error
	settle := func(tx *store.Tx) error { return tx.PostSent(p, b.now()) }
	outcome := "sent"
	switch {
	case err == nil:
	case errors.As(err, &lost) && lost.Kind == store.KindNotFound:
		// The channel, the chat or what the post is about is gone.
		outcome = "failed"
		settle = func(tx *store.Tx) error { return b.failed(tx, p, lostReason(lost)) }
	case errors.As(err, &sendErr) && sendErr.Outcome == teams.Unknown:
		outcome = "in_doubt"
		settle = func(tx *store.Tx) error {
			after := teams.Backoff(p.Attempts, sendErr.RetryAfter, nil)
			if b.Graph != nil {
				after = max(after, b.GraphLag)
			}
			return tx.PostInDoubt(p, sendErr.Reason(), now.Add(after), b.now())
		}
	case errors.As(err, &sendErr) && sendErr.Outcome == teams.Final:
		outcome = "failed"
		settle = func(tx *store.Tx) error { return b.failed(tx, p, sendErr.Reason()) }
	case now.Sub(p.QueuedAt) > giveUpAfter:
		outcome = "failed"
		settle = func(tx *store.Tx) error { return b.failed(tx, p, "gave up after a day: "+reason(err)) }
	default:
		outcome = "retry"
		var after time.Duration
		if sendErr != nil {
			after = sendErr.RetryAfter
		}
		settle = func(tx *store.Tx) error {
			return tx.PostRetry(p, reason(err), now.Add(teams.Backoff(p.Attempts, after, nil)))
		}
	}
	b.Metrics.sends.WithLabelValues(outcome).Inc()
	b.Metrics.sendSeconds.Observe(now.Sub(start).Seconds())
	if err != nil {
		log.Warn("post "+outcome, "attempt", p.Attempts, "reason", reason(err))
	} else {
		log.Info("post sent", "attempt", p.Attempts, "took", now.Sub(start))
		b.Metrics.delaySeconds.Observe(now.Sub(p.QueuedAt).Seconds())
	}
	b.settle(ctx, log, func(tx *store.Tx) error {
		if err := settle(tx); err != nil {
			return err
		}
		if outcome == "sent" && p.ChannelID != "" {
			if err := b.mended(tx, "channel."+p.ChannelID); err != nil {
				return err
			}
		}
		if p.Kind != store.KindPublication || outcome == "retry" {
			return nil
		}
		return tx.RefreshOwn(p.ContentID) // it names the channels, and whom a reminder would go to
	})
}

// found looks through Graph whether a post in doubt stands in its channel, and settles it if it does. If it certainly does not,
// the doubt is over and it is sent as any other; when nobody can tell, it is sent once more and keeps its mark.
func (b *Bot) found(ctx context.Context, log *slog.Logger, p *store.Post) bool {
	if b.Graph == nil || p.ChannelID == "" {
		return false
	}
	var ref store.ChannelRef
	var known bool
	var channel store.Channel
	err := b.DB.Read(ctx, func(tx *store.Tx) (err error) {
		if ref, known, err = tx.ChannelRef(p.ChannelID); err != nil || !known {
			return err
		}
		channel, err = tx.Channel(p.ChannelID)
		return err
	})
	if err == nil && !known {
		return false
	}
	id := ""
	if err == nil {
		look, cancel := context.WithTimeout(ctx, onlineTimeout)
		defer cancel()
		id, err = b.Graph.FindPost(look, ref, p.Trace, p.QueuedAt.Add(-clockSkew), time.Now().Add(clockSkew))
	}
	switch {
	case err != nil:
		b.Metrics.doubts.WithLabelValues("unknown").Inc()
		log.Warn("post in doubt not looked for; it is sent once more", "reason", err)
		return false
	case id == "":
		b.Metrics.doubts.WithLabelValues("absent").Inc()
		log.Info("post in doubt is not there; it is sent")
		p.Doubts = 0
		b.settle(ctx, log, func(tx *store.Tx) error { return tx.PostAbsent(p) })
		return false
	}
	b.Metrics.doubts.WithLabelValues("found").Inc()
	log.Info("post in doubt is there")
	p.ServiceURL, p.ConversationID, p.ActivityID = channel.ServiceURL, teams.ThreadID(channel.ID, id), id
	b.settle(ctx, log, func(tx *store.Tx) error {
		if err := tx.PostFound(p, b.now()); err != nil || p.Kind != store.KindPublication {
			return err
		}
		return tx.RefreshOwn(p.ContentID)
	})
	return true
}

// clockSkew is how far Graph's clock may be from ours.
const clockSkew = 5 * time.Minute

// failed ends a post that cannot be sent, and tells the requester of content whom it did not reach. Feedback that somebody
// could not be asked for personally is asked for in the session's channels.
func (b *Bot) failed(tx *store.Tx, p *store.Post, why string) error {
	now := b.now()
	if err := tx.PostFailed(p, why, now); err != nil {
		return err
	}
	if p.Kind == store.KindFeedback && p.PersonID != "" {
		return b.askFeedbackInChannels(tx, *p, now)
	}
	if err := b.channelLost(tx, p, why); err != nil {
		return err
	}
	return b.tellUndelivered(tx, p, why, now)
}

// lostReason names what is gone, for the ledger: "channel gone".
func lostReason(e *store.Error) string {
	return strings.ReplaceAll(strings.TrimPrefix(e.Key, "error."), "_", " ")
}

// settle records an outcome. It must not be lost while the program lives, so a database that cannot be written now is
// tried until it can.
func (b *Bot) settle(ctx context.Context, log *slog.Logger, fn func(*store.Tx) error) {
	for attempt := 1; ; attempt++ {
		err := b.DB.Write(context.WithoutCancel(ctx), fn)
		if err == nil {
			return
		}
		log.Error("outcome not recorded; trying again", "error", err)
		select {
		case <-time.After(teams.Backoff(attempt, 0, nil)):
		case <-ctx.Done():
			return // the row stays as being sent, and the next start makes it perhaps sent
		}
	}
}

// deliver renders a post and sends it to its channel or person.
func (b *Bot) deliver(ctx context.Context, p *store.Post) error {
	if (p.Kind == store.KindReminder || p.Kind == store.KindInvitation || p.Kind == store.KindSessionSoon) && time.Since(p.QueuedAt) > lateBy {
		p.Late = true
	}
	var channel store.Channel
	var person store.Person
	var out teams.Outgoing
	err := b.DB.Read(ctx, func(tx *store.Tx) (err error) {
		var lang cards.Lang
		if p.ChannelID != "" {
			if channel, err = tx.Channel(p.ChannelID); err != nil {
				return err
			}
			lang = b.language(channel)
		} else {
			if person, _, err = tx.Person(p.PersonID); err != nil {
				return err
			}
			lang = b.personLanguage(person)
		}
		c, err := b.postCard(tx, p, lang)
		c.Mark = p.Trace
		out = outgoing(c)
		return err
	})
	if err != nil {
		return err
	}
	var sent teams.Sent
	switch {
	case p.ChannelID == "":
		sent, err = b.sendPersonal(ctx, p, person, out)
	case channel.TeamID != "":
		p.ServiceURL = channel.ServiceURL
		sent, err = b.Client.CreateThread(ctx, priority(p), p.ServiceURL, channel.ID, out)
	default:
		p.ServiceURL = channel.ServiceURL
		sent, err = b.Client.Send(ctx, priority(p), teams.Conversation{ServiceURL: p.ServiceURL, ID: channel.ID}, out)
	}
	p.ConversationID, p.ActivityID = sent.ConversationID, sent.ActivityID
	return err
}

// sendPersonal writes to a person, opening the chat with them when there is none yet.
func (b *Bot) sendPersonal(ctx context.Context, p *store.Post, to store.Person, out teams.Outgoing) (teams.Sent, error) {
	if to.ServiceURL == "" {
		return teams.Sent{}, store.NotFound("error.person_unreachable")
	}
	p.ServiceURL = to.ServiceURL
	if to.ConversationID == "" {
		id, err := b.Client.CreatePersonal(ctx, priority(p), to.ServiceURL, first(to.TeamsID, to.ID))
		var sendErr *teams.SendError
		if errors.As(err, &sendErr) && sendErr.Outcome == teams.Unknown {
			sendErr.Outcome = teams.Retryable // opening a chat again finds the same one
		}
		if err != nil {
			return teams.Sent{}, err
		}
		to.ConversationID = id
		if err := b.DB.Write(ctx, func(tx *store.Tx) error {
			if _, known, err := tx.Person(to.ID); err != nil || !known {
				return err // erased meanwhile
			}
			return tx.MeetPerson(to, b.now())
		}); err != nil {
			return teams.Sent{}, err
		}
	}
	return b.Client.Send(ctx, priority(p), teams.Conversation{ServiceURL: to.ServiceURL, ID: to.ConversationID}, out)
}

// postCard builds the card that a post should be showing now.
func (b *Bot) postCard(tx *store.Tx, p *store.Post, l cards.Lang) (cards.Card, error) {
	switch p.Kind {
	case store.KindReminder:
		r, err := tx.Reminder(p.ReminderID)
		if err != nil {
			return cards.Card{}, err
		}
		e, err := tx.Entry(r.EntryID)
		if err != nil {
			return cards.Card{}, err
		}
		return b.reminderCard(tx, r, e, p.Late, l)
	case store.KindApproval, store.KindNudge:
		v, err := tx.ContentVersion(p.ContentID, p.ContentVersion)
		if err != nil {
			return cards.Card{}, err
		}
		view, err := b.approvalView(tx, v, false, p.Kind == store.KindNudge)
		if p.PersonID != "" {
			view.Approvers = nil // a copy of one's own needs no mention
		}
		return view.Card(l), err
	case store.KindRequest:
		return b.requestCard(tx, p, l)
	case store.KindOutcome:
		return b.outcomeCard(tx, p, l)
	case store.KindPublication:
		ch, err := tx.Channel(p.ChannelID)
		if err != nil {
			return cards.Card{}, err
		}
		return b.publicationCard(tx, p.ContentID, ch, p.Late, p.State == store.Withdrawn, l)
	case store.KindInvitation, store.KindSessionSoon:
		return b.sessionCard(tx, p, l)
	case store.KindFeedback:
		return b.feedbackCard(tx, p, l)
	case store.KindDigest:
		return b.digestPost(tx, p, l)
	case store.KindNeed:
		return b.needCard(tx, p.NeedID, l)
	case store.KindNotice:
		var n notice
		if err := json.Unmarshal([]byte(p.Notice), &n); err != nil {
			return cards.Card{}, fmt.Errorf("notice of post %d: %w", p.ID, err)
		}
		return n.card(l), nil
	}
	return cards.Card{}, fmt.Errorf("post %d is of unknown kind %q", p.ID, p.Kind)
}

// update replaces the card of a post with the current one.
func (b *Bot) update(ctx context.Context, p *store.Post) {
	log := b.Logger.With("post", p.ID, "kind", p.Kind, "trace", p.Trace)
	var out teams.Outgoing
	err := b.DB.Read(ctx, func(tx *store.Tx) error {
		var lang cards.Lang
		if p.ChannelID != "" {
			channel, err := tx.Channel(p.ChannelID)
			if err != nil {
				return err
			}
			lang = b.language(channel)
			p.ServiceURL = first(channel.ServiceURL, p.ServiceURL)
		} else {
			person, _, err := tx.Person(p.PersonID)
			if err != nil {
				return err
			}
			lang = b.personLanguage(person)
			p.ServiceURL = first(person.ServiceURL, p.ServiceURL)
		}
		c, err := b.postCard(tx, p, lang)
		c.Mark = p.Trace
		out = outgoing(c)
		return err
	})
	if err == nil {
		err = b.Client.Update(ctx, teams.PriorityUpdate, teams.Conversation{ServiceURL: p.ServiceURL, ID: p.ConversationID}, p.ActivityID, out)
	}
	now := time.Now()
	var sendErr *teams.SendError
	var lost *store.Error
	switch {
	case err == nil:
		b.Metrics.updates.WithLabelValues("updated").Inc()
		b.settle(ctx, log, func(tx *store.Tx) error { return tx.CardShown(p, now.Add(updateSpacing)) })
	case errors.As(err, &lost) && lost.Kind == store.KindNotFound, errors.As(err, &sendErr) && sendErr.Outcome == teams.Final:
		// The message or its conversation is gone: there is nothing left to update.
		b.Metrics.updates.WithLabelValues("failed").Inc()
		log.Warn("card not updated", "reason", reason(err))
		b.settle(ctx, log, func(tx *store.Tx) error { return tx.CardShown(p, now) })
	default:
		b.Metrics.updates.WithLabelValues("retry").Inc()
		b.settle(ctx, log, func(tx *store.Tx) error {
			var after time.Duration
			if sendErr != nil {
				after = sendErr.RetryAfter
			}
			attempts, retryErr := tx.CardRetry(p, now, max(after, updateSpacing))
			if retryErr != nil || attempts < giveUpUpdate {
				return retryErr
			}
			log.Error("card not updated; giving up", "attempts", attempts, "reason", reason(err))
			return tx.CardShown(p, now)
		})
	}
}
