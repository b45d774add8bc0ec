package bot

import (
	"slices"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// maxNeeds is how many of the needs that people named a digest lists.
const maxNeeds = 5

// digestText gathers what a digest is drafted from, as it is known at now. A digest tells its audience what concerns it:
// what is for that audience, and what is out in public. A result area's digest has the digi-quarters alone, with the
// numbers of its own people.
func (b *Bot) digestText(tx *store.Tx, d *store.Digest, e *store.Entry, now time.Time) (cards.DigestText, error) {
	freq, _, _ := strings.Cut(strings.TrimPrefix(e.Repeat, "FREQ="), ";")
	f := cards.DigestText{Kind: digestKind(e.Title), Entry: e.Title, Occurrence: d.Occurrence, Monthly: freq == "MONTHLY", Weekly: freq == "WEEKLY",
		Period: e.DigestPeriod(d.Occurrence), Today: b.Calendar.Today(now)}
	// A digest that went out before its day knew nothing of the days between.
	if at, err := tx.DigestWritten(d); err != nil {
		return f, err
	} else if !at.IsZero() {
		f.Period.From = min(f.Period.From, b.Calendar.Today(at))
	}
	about := concernOf(e)
	if d.TeamID != "" {
		team, err := tx.Team(d.TeamID)
		if err != nil {
			return f, err
		}
		f.Team = team.Name
		return f, b.digestSessions(tx, &f, d, about, now)
	}
	if err := digestEntries(tx, &f, e, about); err != nil {
		return f, err
	}
	if err := b.digestPublications(tx, &f, about, now); err != nil {
		return f, err
	}
	if err := digestMeasures(tx, &f); err != nil {
		return f, err
	}
	return f, b.digestSessions(tx, &f, d, about, now)
}

// digestMeasures lists the latest values of the measures that have one of the digest's time: a figure that an earlier digest
// could tell is no news.
func digestMeasures(tx *store.Tx, f *cards.DigestText) error {
	measures, err := tx.Measures()
	for _, m := range measures {
		if last, ok := m.Latest(); ok && last.End >= f.Period.From && last.Start <= f.Today {
			f.Measures = append(f.Measures, cards.DigestMeasure{Name: m.Name, Unit: m.Unit, Latest: last})
		}
	}
	return err
}

// concern tells what is worth telling the audience of a digest.
type concern struct {
	audiences []string
	reached   map[string]bool // whether a channel is for an audience, by its key
}

func concernOf(e *store.Entry) *concern { return &concern{e.Audiences, map[string]bool{}} }

// is reports whether what is for some audiences concerns those of the digest: they share one, or the others are
// reached outside Teams, where everybody sees it. What has no audience is nobody's secret.
func (c *concern) is(tx *store.Tx, audiences []string) (bool, error) {
	for _, a := range audiences {
		key := store.Key(a)
		if slices.ContainsFunc(c.audiences, func(own string) bool { return store.Key(own) == key }) {
			return true, nil
		}
		if _, word := bindingWords[key]; word {
			continue // a group's own meetings are not public, whether or not it has a channel
		}
		reached, known := c.reached[key]
		if !known {
			channels, err := audienceChannels(tx, a)
			if err != nil {
				return false, err
			}
			reached = len(channels) > 0
			c.reached[key] = reached
		}
		if !reached {
			return true, nil
		}
	}
	return len(audiences) == 0, nil
}

// digestEntries lists what was done, and what goes on or is coming. What is over without anybody having marked it done is
// left out: nobody knows whether it was carried out.
func digestEntries(tx *store.Tx, f *cards.DigestText, e *store.Entry, about *concern) error {
	all, err := items(tx, store.EntryFilter{From: f.Period.From, To: f.Period.Until})
	if err != nil {
		return err
	}
	for _, it := range all {
		if it.Entry.ID == e.ID || IsDigest(it.Entry.Title) || it.Entry.State == store.Cancelled {
			continue
		}
		if ok, err := about.is(tx, it.Entry.Audiences); err != nil {
			return err
		} else if !ok {
			continue
		}
		row := cards.DigestEntry{Title: it.Entry.Title, Start: it.Occurrence.Start, End: it.Occurrence.End}
		switch {
		case it.Done:
			f.Done = append(f.Done, row)
		case it.Occurrence.End >= f.Today:
			f.Coming = append(f.Coming, row)
		}
	}
	return nil
}

// digestPublications lists what was published, with how many people it could reach, and how many reacted and acknowledged:
// the numbers of the reach card.
func (b *Bot) digestPublications(tx *store.Tx, f *cards.DigestText, about *concern, now time.Time) error {
	published, err := tx.PublishedBetween(f.Period.From.In(b.Calendar.Location, 0), now.Add(time.Millisecond))
	if err != nil {
		return err
	}
	for _, v := range published {
		if ok, err := about.is(tx, v.Audiences); err != nil {
			return err
		} else if !ok {
			continue
		}
		row := cards.DigestPublication{Title: v.Title, At: b.local(v.PublishedAt)}
		p, ok, err := tx.PublicationReach(v.ContentID)
		if err != nil {
			return err
		}
		if ok {
			row.Posted, row.Reachable, row.Reacted, row.Acks = p.Channels > 0, p.Members, p.Reacted, p.Acknowledged
		}
		f.Published = append(f.Published, row)
	}
	return nil
}

// digestSessions lists the digi-quarters that were held and those that are next, with who came and what they need. Of a
// result area these are the ones that its channels were invited to, and those that its people came to elsewhere; only its
// own people are counted, as members of its team are known now.
func (b *Bot) digestSessions(tx *store.Tx, f *cards.DigestText, d *store.Digest, about *concern, now time.Time) error {
	sessions, err := tx.Sessions(f.Period.From.In(b.Calendar.Location, 0), (f.Period.Until+1).In(b.Calendar.Location, 0))
	if err != nil {
		return err
	}
	var held []int64
	for _, s := range sessions {
		row := cards.DigestSession{Title: s.Title, Start: b.local(s.Start)}
		over := !now.Before(s.End())
		ours := false
		if d.TeamID == "" {
			if ours, err = about.is(tx, s.Audiences); err != nil {
				return err
			}
			turnout, err := tx.Turnout(s.ID)
			if err != nil {
				return err
			}
			row.People = turnout.Attended + turnout.Anonymous
		} else {
			channels, _, err := teamChannels(tx, s.Audiences, d.TeamID)
			if err != nil {
				return err
			}
			if row.People, err = tx.MembersAttended([]int64{s.ID}, d.TeamID); err != nil {
				return err
			}
			ours = len(channels) > 0 || over && row.People > 0
		}
		switch {
		case !ours:
		case over:
			held = append(held, s.ID)
			f.Held = append(f.Held, row)
		default:
			f.Next = append(f.Next, row)
		}
	}
	if len(held) == 0 {
		return nil
	}
	if d.TeamID != "" {
		if f.People, err = tx.MembersAttended(held, d.TeamID); err != nil {
			return err
		}
	}
	f.Needs, err = tx.NeedsAfter(held, d.TeamID, maxNeeds)
	return err
}
