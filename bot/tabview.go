package bot

import (
	"context"
	"slices"

	"vuosikello/cards/page"
	"vuosikello/store"
)

// tab reads what a page of the tab shows. A reason that is not empty says why it shows nothing; an error is its cause.
func (b *Bot) tab(ctx context.Context, q page.Query, to reader) (page.Tab, page.Reason, error) {
	t := page.Tab{Frame: to.Frame, Query: q, Today: b.Calendar.Today(b.now()), Location: b.Calendar.Location}
	err := b.DB.Read(ctx, func(tx *store.Tx) (err error) {
		switch q.View {
		case page.Entry:
			err = readEntry(tx, &t)
		case page.Sessions:
			err = b.readSessions(tx, &t, to.seesPeople)
		default:
			err = b.readEntries(tx, &t)
			if err == nil && q.View == page.Campaign && to.seesReach {
				err = b.readReach(tx, &t)
			}
		}
		if err == nil && to.Mode != page.Signed {
			err = readNames(tx, &t)
		}
		return err
	})
	switch {
	case store.IsKind(err, store.KindNotFound):
		return t, page.NotFound, nil
	case err != nil:
		return t, page.Failed, err
	}
	return t, "", nil
}

func readEntry(tx *store.Tx, t *page.Tab) error {
	e, err := tx.Entry(t.Query.Entry)
	if err != nil {
		return err
	}
	t.Entries = []*store.Entry{e}
	if t.Done, err = tx.DoneOccurrencesOf([]string{e.ID}); err != nil {
		return err
	}
	t.Contents, err = tx.ContentsOf(e.ID)
	return err
}

// pageKey is everything that what a page shows of the plan is read by.
type pageKey struct {
	version            store.Version
	from, to, today    store.Date
	campaign, audience string
}

// pageData is what a page shows of the plan. Many pages share it: it is only read.
type pageData struct {
	entries  []*store.Entry
	done     map[string]map[store.Date]bool
	contents []store.EntryContent
	clashes  []store.Clash // from today on; none of a part of the plan, or of a year that is too full
}

// readEntries reads the entries of a page and what is known of them, or takes them from the memory of the database as it is.
func (b *Bot) readEntries(tx *store.Tx, t *page.Tab) error {
	version, err := tx.Version()
	if err != nil {
		return err
	}
	f := t.Query.Filter()
	d, err := b.plan.of(pageKey{version, f.From, f.To, t.Today, store.Key(f.Campaign), store.Key(f.Audience)}, func() (d pageData, err error) {
		if d.entries, err = tx.Entries(f); err != nil {
			return d, err
		}
		ids := make([]string, len(d.entries))
		for i, e := range d.entries {
			ids[i] = e.ID
		}
		if d.done, err = tx.DoneOccurrencesOf(ids); err != nil {
			return d, err
		}
		if d.contents, err = tx.EntryContents(f); err != nil {
			return d, err
		}
		part := f.Campaign != "" || f.Audience != "" || t.Query.View == page.Year && len(d.entries) > maxClashing
		if from := max(f.From, t.Today); !part && from <= f.To {
			d.clashes, err = tx.Clashes(from, f.To, b.Calendar)
		}
		return d, err
	})
	if err != nil {
		return err
	}
	t.Entries, t.Done, t.Contents = d.entries, d.done, d.contents
	if !t.Query.Filtered() {
		b.notices(t, d.clashes)
	} else {
		b.notices(t, nil)
	}
	c, err := b.choices.of(choiceKey{version, t.Query.Year}, func() (choice, error) { return readChoice(tx, t.Query.Year) })
	t.Names, t.Years = c.names, c.years
	return err
}

// maxClashing is how many entries are looked through for clashes; a fuller page than that leaves them to its months.
const maxClashing = 200

// notices are what needs a decision among what is shown: requests whose time has passed first, and clashes of what is
// ahead last.
func (b *Bot) notices(t *page.Tab, clashes []store.Clash) {
	now := b.now()
	var late, open []page.Notice
	for _, c := range t.Contents {
		switch {
		case !c.Decision.Open():
		case !c.PublishAt.IsZero() && c.PublishAt.Before(now):
			late = append(late, page.Notice{Text: t.T("tab.notice.late", "title", c.Title), Entry: c.EntryID})
		case c.Decision == store.DecisionEscalated && c.MeetingDate != 0:
			open = append(open, page.Notice{Text: t.T("tab.notice.meeting", "date", t.Lang.Date(c.MeetingDate, t.Today), "title", c.Title), Entry: c.EntryID})
		default:
			open = append(open, page.Notice{Text: t.T("tab.notice.waiting", "title", c.Title), Entry: c.EntryID})
		}
	}
	t.Notices = append(late, open...)
	for i := range clashes {
		n := page.Notice{Text: t.Lang.Clash(&clashes[i])}
		if e := clashes[i].Entry; e != nil {
			n.Entry = e.ID
		}
		t.Notices = append(t.Notices, n)
	}
}

// readNames reads who asked for and decided on what is shown. Only pages that show it need it.
func readNames(tx *store.Tx, t *page.Tab) error {
	t.People = map[string]string{}
	if t.Query.View != page.Entry && t.Query.View != page.Campaign {
		return nil
	}
	for _, c := range t.Contents {
		for _, id := range []string{c.RequestedBy, c.DecidedBy} {
			if _, known := t.People[id]; known || id == "" {
				continue
			}
			name, err := tx.PersonName(id)
			if err != nil {
				return err
			}
			t.People[id] = name
		}
	}
	return nil
}

func (b *Bot) readSessions(tx *store.Tx, t *page.Tab, people bool) error {
	from, to := t.Query.Days()
	sessions, err := tx.Sessions(from.In(b.Calendar.Location, 0), (to+1).In(b.Calendar.Location, 0))
	if err != nil {
		return err
	}
	now := b.now()
	for _, s := range sessions {
		n, err := tx.Turnout(s.ID)
		if err != nil {
			return err
		}
		shown := page.Session{ID: s.ID, Title: s.Title, Start: s.Start, Minutes: s.Minutes, Audiences: s.Audiences,
			SignedUp: n.SignedUp, Attended: n.Attended, Anonymous: n.Anonymous, Over: !s.End().After(now)}
		if people {
			list, err := tx.Participants(s.ID)
			if err != nil {
				return err
			}
			for _, p := range list {
				shown.People = append(shown.People, page.Participant{Name: p.Name, SignedUp: p.SignedUp(), Attended: p.Attended(), Minutes: p.Minutes, HasMinutes: p.HasMinutes})
			}
		}
		t.Sessions = append(t.Sessions, shown)
	}
	return nil
}

// readReach reads what is known of how far the campaign's publications of the year went, the latest first.
func (b *Bot) readReach(tx *store.Tx, t *page.Tab) error {
	from, to := t.Query.Days()
	report, err := tx.Reach(store.ReachFilter{Campaign: t.Query.Campaign, From: from.In(b.Calendar.Location, 0), To: (to + 1).In(b.Calendar.Location, 0)})
	if err != nil {
		return err
	}
	t.Reach = []page.Reach{}
	for _, p := range report.Publications {
		r := page.Reach{Title: p.Title, Published: p.PublishedAt, Outside: p.Channels == 0, Withdrawn: p.Withdrawn, Members: p.Members, Reacted: p.Reacted, Replied: p.Replied, Acknowledged: p.Acknowledged}
		if p.All() == 0 {
			r.Members = -1
		}
		if !p.Replies && p.Replied == 0 {
			r.Replied = -1
		}
		t.Reach = append(t.Reach, r)
	}
	return nil
}

type choiceKey struct {
	version store.Version
	year    int
}

// choice is what the filters of a year offer.
type choice struct {
	names store.EntryNames
	years []int
}

// readChoice reads the names that the entries of a year go by, and the years that have entries.
func readChoice(tx *store.Tx, year int) (c choice, err error) {
	if c.names, err = tx.EntryNames(page.Query{View: page.Year, Year: year}.Days()); err != nil {
		return c, err
	}
	clocks, err := tx.Clocks()
	for _, clock := range clocks {
		if !slices.Contains(c.years, clock.Year) {
			c.years = append(c.years, clock.Year)
		}
	}
	return c, err
}
