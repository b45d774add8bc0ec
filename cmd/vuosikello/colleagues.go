package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// How long the demo's colleagues take to answer what they find in their channels: long enough for the visitor to see the
// card as it came, short enough to be waited for.
const (
	approvalAfter = 8 * time.Second
	ackAfter      = 5 * time.Second
	signUpAfter   = 6 * time.Second
	// colleagueApart is how much later the next colleague does the same.
	colleagueApart = 3 * time.Second

	colleaguesLook  = 500 * time.Millisecond // between two looks at what was posted
	colleagueRetry  = 2 * time.Second        // after a click that failed
	colleagueClicks = 4                      // of one button, before a colleague gives up
)

// presser is the Teams window in which colleagues press buttons.
type presser interface {
	// Invoke presses a card's button as any member, in a conversation and on the message that holds the card.
	Invoke(ctx context.Context, from playgroundUser, conversation, replyTo, verb string, data map[string]any) (json.RawMessage, error)
}

// colleagues are the invented people of the demo who answer by themselves: the approver approves, the professionals
// acknowledge publications and sign up for digi-quarters. They learn from the bot's ledger what was posted, and answer
// as Teams users do, by pressing the card's button.
type colleagues struct {
	db     *store.DB
	org    playgroundConfig
	window presser
	online *demoGraph       // where they leave traces, too; nil: nowhere
	now    func() time.Time // the plan's clock, for online
	since  time.Time        // by the plan's clock: what was posted earlier, they have answered
	log    *slog.Logger

	seen    map[int64]bool // posts that were looked at, by id
	planned []click
}

// click is a button that a colleague is going to press.
type click struct {
	at           time.Time
	who          playgroundUser
	conversation string
	message      string
	data         cards.Data
	tries        int
}

// run has the colleagues answer until ctx ends. What they cannot do is logged: the demo goes on without it.
func (c *colleagues) run(ctx context.Context) {
	c.seen = make(map[int64]bool)
	look := time.NewTicker(colleaguesLook)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		if err := c.db.Read(ctx, c.look); err != nil && ctx.Err() == nil {
			c.log.Warn("the demo's colleagues could not read what was posted", "error", err)
		}
		c.press(ctx)
	}
}

// look plans the answers to what was posted since the last look.
func (c *colleagues) look(tx *store.Tx) error {
	var sent []store.Post
	err := tx.Ledger(func(r *store.LedgerRow) error {
		if r.State == store.Sent && r.ActivityID != "" {
			sent = append(sent, r.Post)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, row := range sent {
		switch row.Kind {
		case store.KindApproval, store.KindPublication, store.KindInvitation:
		default:
			continue
		}
		if row.CreatedAt.Before(c.since) {
			continue
		}
		// A request that is sent anew is another post; a publication that is corrected, and a session that is moved, are
		// not answered again.
		if c.seen[row.ID] {
			continue
		}
		post, ok, err := tx.PostByActivity(row.ConversationID, row.ActivityID)
		if err != nil {
			return err
		}
		if !ok || post.ChannelID == "" { // a personal copy: whose chat it is in, the Playground does not show
			continue
		}
		if err := c.plan(tx, post); err != nil {
			return err
		}
		c.seen[post.ID] = true
		if c.online != nil {
			if err := c.online.posted(post, row.SentAt); err != nil {
				return err
			}
		}
	}
	if c.online != nil {
		return c.online.look(tx, c.now())
	}
	return nil
}

// plan has the colleagues whom a post concerns press its button after a while.
func (c *colleagues) plan(tx *store.Tx, post *store.Post) error {
	approver, professionals := c.org.Colleagues[1], c.org.Colleagues[3:]
	switch post.Kind {
	case store.KindApproval:
		c.add(post, approvalAfter, cards.Data{Verb: cards.VerbApprove, Content: strconv.FormatInt(post.ContentID, 10), Version: post.ContentVersion}, approver)
	case store.KindPublication:
		v, ok, err := tx.PublishedVersion(post.ContentID)
		if err != nil || !ok {
			return err
		}
		c.add(post, ackAfter, cards.Data{Verb: cards.VerbAck, Content: strconv.FormatInt(v.ContentID, 10), Version: v.Version}, professionals...)
	case store.KindInvitation:
		s, err := tx.Session(post.SessionID)
		if err != nil {
			return err
		}
		c.add(post, signUpAfter, cards.Data{Verb: cards.VerbSignUp, Session: s.ID, Version: s.Version}, professionals...)
	}
	return nil
}

func (c *colleagues) add(post *store.Post, after time.Duration, data cards.Data, people ...playgroundUser) {
	at := time.Now().Add(after)
	for _, who := range people {
		c.planned = append(c.planned, click{at: at, who: who, conversation: post.ConversationID, message: post.ActivityID, data: data})
		at = at.Add(colleagueApart)
	}
}

// press presses the buttons whose time has come. One that fails is pressed again a little later.
func (c *colleagues) press(ctx context.Context) {
	now := time.Now()
	var again []click
	c.planned = slices.DeleteFunc(c.planned, func(k click) bool {
		if k.at.After(now) {
			return false
		}
		err := c.pressOne(ctx, k)
		if err == nil || ctx.Err() != nil {
			return true
		}
		if k.tries++; k.tries == colleagueClicks {
			c.log.Warn("a colleague of the demo could not press a button", "verb", k.data.Verb, "tries", k.tries, "error", err)
			return true
		}
		k.at = now.Add(colleagueRetry)
		again = append(again, k)
		return true
	})
	c.planned = append(c.planned, again...)
}

func (c *colleagues) pressOne(ctx context.Context, k click) error {
	encoded, err := json.Marshal(k.data)
	if err != nil {
		return err
	}
	var data map[string]any
	if err := json.Unmarshal(encoded, &data); err != nil {
		return err
	}
	answer, err := c.window.Invoke(ctx, k.who, k.conversation, k.message, k.data.Verb, data)
	if err != nil {
		return err
	}
	var status struct {
		Code int `json:"statusCode"`
	}
	// An answer without a status is one that was understood, whatever it says.
	if json.Unmarshal(answer, &status) == nil && status.Code >= 300 {
		return fmt.Errorf("answered with status %d", status.Code)
	}
	return nil
}
