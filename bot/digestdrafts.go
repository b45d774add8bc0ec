package bot

import (
	"errors"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// ReasonNoWriter is the ledger's reason of a draft that there is nobody to write: neither an owner nor a holder of the role.
const ReasonNoWriter = "no writer"

// draftDigests brings the drafts of digests to their writers: of the entries among those whose first lead has fallen due.
func (b *Bot) draftDigests(tx *store.Tx, leads []store.FirstLead, now time.Time) error {
	for _, f := range leads {
		var err error
		switch digestKind(f.Entry.Title) {
		case cards.DigestOther:
		case cards.DigestArea:
			err = b.draftAreas(tx, f, now)
		default:
			var writers []store.Person
			if writers, err = b.digestWriters(tx, f.Entry, b.Calendar.Today(now)); err == nil {
				err = b.draftDigest(tx, f, "", writers, now)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// digestWriters returns who writes an entry's digest: whom its owner resolves to, else communications.
func (b *Bot) digestWriters(tx *store.Tx, e *store.Entry, today store.Date) ([]store.Person, error) {
	writers, err := b.owners(tx, e, today)
	if err != nil || len(writers) > 0 {
		return writers, err
	}
	return holders(tx, store.RoleCommunications, today)
}

// holders returns the people who have a role on the day.
func holders(tx *store.Tx, role store.Role, today store.Date) (people []store.Person, err error) {
	all, err := tx.RoleHolders(today)
	for _, h := range all {
		if h.Role == role {
			people = append(people, h.Person)
		}
	}
	return people, err
}

// draftAreas brings the digest of each result area to its digimentors. Areas are the teams that have a channel for the
// entry's audience: in the others there is nobody to send a digest to.
func (b *Bot) draftAreas(tx *store.Tx, f store.FirstLead, now time.Time) error {
	digimentors, err := holders(tx, store.RoleDigimentor, b.Calendar.Today(now))
	if err != nil {
		return err
	}
	writers := map[string][]store.Person{}
	for _, p := range digimentors {
		own, err := tx.Teams(p.ID)
		if err != nil {
			return err
		}
		for _, team := range own {
			writers[team.ID] = append(writers[team.ID], p)
		}
	}
	areas, err := tx.Teams("")
	if err != nil {
		return err
	}
	for _, team := range areas {
		channels, _, err := teamChannels(tx, f.Entry.Audiences, team.ID)
		if err != nil {
			return err
		}
		if len(channels) == 0 {
			continue
		}
		if err := b.draftDigest(tx, f, team.ID, writers[team.ID], now); err != nil {
			return err
		}
	}
	return nil
}

// draftDigest writes the posts that bring a draft to its writers, once. Without any the ledger says so.
func (b *Bot) draftDigest(tx *store.Tx, f store.FirstLead, teamID string, writers []store.Person, now time.Time) error {
	sent, err := tx.DigestsSent(f.Entry.ID, teamID)
	if err != nil || sent[f.Occurrence.Start] {
		return err
	}
	d, err := tx.DigestFor(f.Entry.ID, f.Occurrence.Start, teamID)
	if err != nil {
		return err
	}
	due := b.Calendar.PostAt(f.Day)
	p := store.Post{Kind: store.KindDigest, Title: f.Entry.Title, EntryID: f.Entry.ID, DigestID: d.ID, Priority: store.PriorityDigest, DueAt: due, Late: now.Sub(due) > lateBy}
	if len(writers) == 0 {
		p.State, p.Reason, p.Late = store.Failed, ReasonNoWriter, false
		return tx.AddPost(&p, now)
	}
	for _, w := range writers {
		p.PersonID = w.ID
		if err := tx.AddPost(&p, now); err != nil {
			return err
		}
	}
	return nil
}

// digestPost builds the card of a post that brings a draft to its writer.
func (b *Bot) digestPost(tx *store.Tx, p *store.Post, l cards.Lang) (cards.Card, error) {
	d, err := tx.Digest(p.DigestID)
	if err != nil {
		return cards.Card{}, err
	}
	c, err := b.digestCard(tx, d, l)
	var known *store.Error
	if errors.As(err, &known) && known.Kind == store.KindNotFound {
		return cards.Message{Kind: l.T("digest.kind"), Title: p.Title, Text: l.Error(err)}.Card(l), nil // its team is gone
	}
	return c, err
}
