package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/cards"
	"vuosikello/store"
)

// Tick does what the scheduler does each second, and has the other loops look now.
func (b *Bot) Tick(ctx context.Context) {
	b.schedule(ctx, b.now())
	nudge(b.work)
	nudge(b.syncNow)
}

// Sync reads every team whose channels and members are to be read within the hour.
func (b *Bot) Sync(ctx context.Context) {
	var due []store.Team
	err := b.DB.Read(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.TeamsToSync(time.Now().Add(time.Hour))
		return err
	})
	if err != nil {
		panic(err)
	}
	for _, t := range due {
		b.syncTeam(ctx, t)
	}
}

// errUndone ends a transaction whose changes are not wanted.
var errUndone = errors.New("undone")

// views are commands that show what there is, and write nothing.
var views = []string{"tulossa 400", "hyväksynnät", "digivartit", "esityslista", "mittarit"}

// Try has the command or card action of an invoke act, and undoes it. It returns what the person is answered; beside it, the cards of the
// posts that would go out, in every language, and what everybody's commands would show then. The error is the one that the
// person is told of; one of anything shown is a failure of ours, and comes as broken.
func (b *Bot) Try(ctx context.Context, a *teams.Activity) (answered *cards.Card, text string, beside []cards.Card, err, broken error) {
	t := b.newTurn(ctx, a)
	t.action, _, err = a.Action()
	if err == nil {
		t.data, err = decodeData(t.action.Data)
	}
	if err != nil {
		return nil, t.lang.T("error.action_unreadable"), nil, nil, nil // which handle tells
	}
	if t.action.Verb == cards.VerbImportApply {
		t.readUpload()
	}
	try, transact, writes := func(tx *store.Tx) (answer, error) { return t.act(tx, verbs[t.action.Verb]) }, b.DB.Write, true
	if t.action.Verb == cards.VerbCommand {
		try = func(tx *store.Tx) (answer, error) { return t.tryCommand(tx, t.data.Text) }
		if c, _ := parseCommand(t.data.Text); c == nil || !c.writes {
			transact, writes = b.DB.Read, false
		}
	}
	undone := transact(ctx, func(tx *store.Tx) error {
		ans, failed := try(tx)
		if answered, text, err = ans.card, ans.text, failed; err == nil && writes {
			beside, broken = t.tryViews(tx)
		}
		return errUndone
	})
	if !errors.Is(undone, errUndone) {
		broken = undone
	}
	return answered, text, beside, err, broken
}

// tryCommand is what runCommand does within its transaction.
func (t *turn) tryCommand(tx *store.Tx, text string) (answer, error) {
	c, args := parseCommand(text[:min(len(text), maxCommand)])
	if _, err := t.identify(tx); err != nil {
		return answer{}, err
	}
	if c == nil {
		return t.suggest(tx, text)
	}
	if err := t.allowed(tx, c.roles); err != nil {
		return answer{}, err
	}
	if c.forgets {
		t.traces = &store.Traces{}
	}
	return c.run(t, tx, args)
}

func (t *turn) tryViews(tx *store.Tx) (shown []cards.Card, err error) {
	posts, err := tx.ClaimPosts(time.Now().AddDate(10, 0, 0), t.today, 1000, nil)
	if err != nil {
		return nil, err
	}
	for _, p := range posts {
		for _, l := range cards.Langs() {
			c, err := t.postCard(tx, p, l)
			if err != nil {
				return nil, fmt.Errorf("the card of a post of kind %s: %w", p.Kind, err)
			}
			shown = append(shown, c)
		}
	}
	entries, err := tx.Entries(store.EntryFilter{})
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		again := *e
		if err := again.Normalize(); err != nil || !again.SameContent(e) {
			return nil, fmt.Errorf("the entry %+v is not in its canonical form: %w", e, err)
		}
	}
	for _, text := range views {
		ans, err := t.tryCommand(tx, text)
		var known *store.Error
		if errors.As(err, &known) && known.Kind != store.KindUnavailable {
			continue // not for everybody
		}
		if err != nil {
			return nil, fmt.Errorf("the command %s: %w", text, err)
		}
		shown = append(shown, *ans.card)
	}
	feed := cards.Calendar{Location: t.Calendar.Location}
	if err := t.fillFeed(tx, &feed, wholeFeed, t.lang); err != nil {
		return nil, err
	}
	if ics := feed.ICS(t.lang); !bytes.HasPrefix(ics, []byte("BEGIN:VCALENDAR\r\n")) || bytes.Count(ics, []byte("\nBEGIN:")) != bytes.Count(ics, []byte("\nEND:"))-1 {
		return nil, fmt.Errorf("the calendar is\n%s", ics)
	}
	return shown, nil
}
