package bot

import (
	"maps"
	"slices"
	"strings"

	"vuosikello/cards"
	"vuosikello/store"
)

// digestWords are the titles of the entries that are digests.
var digestWords = wordIndex(map[string]cards.DigestKind{
	"digest.kind.weekly": cards.DigestWeekly, "digest.kind.monthly": cards.DigestMonthly,
	"digest.kind.supervisors": cards.DigestSupervisors, "digest.kind.area": cards.DigestArea,
})

// digestKind returns which digest an entry of that title is, DigestOther for any other entry.
func digestKind(title string) cards.DigestKind { return digestWords[store.Key(title)] }

// IsDigest reports whether an entry of that title is a digest, whose draft goes to its writer at the entry's first lead.
func IsDigest(title string) bool { return digestKind(title) != cards.DigestOther }

// areaMark parts an entry's title from a result area in the digest command: "kooste Tulosaluekooste / Hoito".
const areaMark = " / "

// digest drafts a digest for an entry; without one it asks which.
func (t *turn) digest(tx *store.Tx, args string) (answer, error) {
	communications, err := tx.HasRole(t.person.ID, t.today, store.RoleCommunications)
	if err != nil {
		return answer{}, err
	}
	if args == "" {
		entries, err := t.digestEntriesNow(tx, slices.Collect(maps.Keys(digestWords)))
		if err != nil {
			return answer{}, err
		}
		return t.chooseDigest(slices.DeleteFunc(entries, func(e *store.Entry) bool { return digestKind(e.Title) != cards.DigestArea && !communications })), nil
	}
	title, area := args, ""
	found, err := t.entriesNamed(tx, title)
	if at := strings.LastIndex(args, areaMark); err == nil && len(found) == 0 && at >= 0 {
		title, area = args[:at], args[at+len(areaMark):]
		found, err = t.entriesNamed(tx, title)
	}
	switch {
	case err != nil:
		return answer{}, err
	case len(found) == 0:
		return answer{}, t.digestUnknown(tx, title)
	case len(found) > 1:
		return t.chooseDigest(found), nil
	}
	e, teamID := found[0], ""
	if digestKind(e.Title) == cards.DigestArea {
		teams, err := t.resultAreas(tx, e, communications, area)
		if err != nil {
			return answer{}, err
		}
		if len(teams) > 1 {
			return showCard(areaChoices(e, teams, t.hereLang())), nil
		}
		teamID = teams[0].ID
	}
	d, err := t.nextDigest(tx, e, teamID)
	if err != nil {
		return answer{}, err
	}
	if err := t.mayDigest(tx, d, e); err != nil {
		return answer{}, err
	}
	c, err := t.digestCard(tx, d, t.lang)
	return answer{card: &c, form: true}, err
}

// entryDigest opens the draft of the digest for that occurrence of an entry, as a message of its own. Where the sender
// writes those of several result areas it asks which.
func (t *turn) entryDigest(tx *store.Tx, e *store.Entry, occurrence store.Date) (answer, error) {
	teamID := ""
	if digestKind(e.Title) == cards.DigestArea {
		communications, err := tx.HasRole(t.person.ID, t.today, store.RoleCommunications)
		if err != nil {
			return answer{}, err
		}
		teams, err := t.resultAreas(tx, e, communications, "")
		if err != nil {
			return answer{}, err
		}
		if len(teams) > 1 {
			return t.ownMessage(areaChoices(e, teams, t.lang)), nil
		}
		teamID = teams[0].ID
	}
	d, err := tx.DigestFor(e.ID, occurrence, teamID)
	if err != nil {
		return answer{}, err
	}
	if err := t.mayDigest(tx, d, e); err != nil {
		return answer{}, err
	}
	c, err := t.digestCard(tx, d, t.lang)
	return t.ownMessage(c), err
}

// digestEntriesNow returns the entries of those titles that a digest can be for: of those that have the same title in clocks
// of the same name, the one whose next occurrence comes first, or that was last.
func (t *turn) digestEntriesNow(tx *store.Tx, titles []string) ([]*store.Entry, error) {
	all, err := tx.Entries(store.EntryFilter{Titles: titles})
	if err != nil {
		return nil, err
	}
	var out []*store.Entry
	index := map[string]int{}
	for _, e := range all { // by start: of two that are both to come the first is the next
		if e.State == store.Cancelled {
			continue
		}
		key := store.Key(e.Clock.Name) + "\n" + store.Key(e.Title)
		i, had := index[key]
		switch {
		case !had:
			index[key] = len(out)
			out = append(out, e)
		case lastDay(out[i]) < t.today:
			out[i] = e
		}
	}
	return out, nil
}

// lastDay is the last day of an entry's last occurrence.
func lastDay(e *store.Entry) store.Date {
	occurrences := e.Occurrences()
	return occurrences[len(occurrences)-1].End
}

// entriesNamed returns the entries of that title, without case, or the one of that id.
func (t *turn) entriesNamed(tx *store.Tx, name string) ([]*store.Entry, error) {
	e, err := tx.Entry(name)
	switch {
	case err == nil && e.RemovedAt.IsZero() && e.State != store.Cancelled:
		return []*store.Entry{e}, nil
	case err != nil && !store.IsKind(err, store.KindNotFound):
		return nil, err
	}
	return t.digestEntriesNow(tx, []string{name})
}

// nearDays is how far from today an entry may be whose title somebody may have mistyped.
const nearDays = 30

func (t *turn) digestUnknown(tx *store.Tx, title string) error {
	entries, err := tx.Entries(store.EntryFilter{From: t.today - nearDays, To: t.today + nearDays})
	if err != nil {
		return err
	}
	titles := make([]string, 0, len(entries))
	for _, e := range entries {
		if !slices.Contains(titles, e.Title) {
			titles = append(titles, e.Title)
		}
	}
	if near := nearest(title, titles); len(near) > 0 {
		return store.NotFound("error.digest_near", "name", clip(title), "near", strings.Join(near, ", "))
	}
	return store.NotFound("error.digest_unknown", "name", clip(title))
}

// chooseDigest asks for which entry. Entries of the same title are told apart by their clocks.
func (t *turn) chooseDigest(entries []*store.Entry) answer {
	l := t.hereLang()
	var view cards.DigestChoices
	for _, e := range entries {
		b := cards.Button{Title: e.Title, Command: l.Word("command.digest") + " " + e.Title}
		if slices.ContainsFunc(entries, func(o *store.Entry) bool { return o != e && store.Key(o.Title) == store.Key(e.Title) }) {
			b = cards.Button{Title: e.Title + ", " + e.Clock.Name, Command: l.Word("command.digest") + " " + e.ID}
		}
		view.Buttons = append(view.Buttons, b)
	}
	return showCard(view.Card(l))
}

// areaChoices asks for the digest of which result area.
func areaChoices(e *store.Entry, teams []store.Team, l cards.Lang) cards.Card {
	view := cards.DigestChoices{Areas: true}
	for _, team := range teams {
		view.Buttons = append(view.Buttons, cards.Button{Title: team.Name, Command: l.Word("command.digest") + " " + e.ID + areaMark + team.ID})
	}
	return view.Card(l)
}

// resultAreas returns the teams whose digest the sender can make: their own, or in communications all. A named one is
// meant, else the team that this is said in; else those that have a channel for the entry's audience come before others.
func (t *turn) resultAreas(tx *store.Tx, e *store.Entry, communications bool, name string) ([]store.Team, error) {
	member := t.person.ID
	if communications {
		member = ""
	} else if member == "" {
		return nil, store.Forbidden("error.unknown_sender")
	}
	teams, err := tx.Teams(member)
	if err != nil {
		return nil, err
	}
	if len(teams) == 0 {
		return nil, store.Forbidden("error.digest_no_area")
	}
	if name != "" {
		teams = slices.DeleteFunc(teams, func(team store.Team) bool { return team.ID != name && store.Key(team.Name) != store.Key(name) })
		if len(teams) == 0 {
			return nil, store.Forbidden("error.digest_area")
		}
		return teams, nil
	}
	var reached []store.Team
	for _, team := range teams {
		if team.ID == t.here.TeamID {
			return []store.Team{team}, nil
		}
		channels, _, err := teamChannels(tx, e.Audiences, team.ID)
		if err != nil {
			return nil, err
		}
		if len(channels) > 0 {
			reached = append(reached, team)
		}
	}
	if len(reached) > 0 {
		return reached, nil
	}
	return teams, nil
}

// nextDigest returns the digest of the entry's next occurrence that is neither sent nor done, or of its last.
func (t *turn) nextDigest(tx *store.Tx, e *store.Entry, teamID string) (*store.Digest, error) {
	sent, err := tx.DigestsSent(e.ID, teamID)
	if err != nil {
		return nil, err
	}
	done, err := tx.DoneOccurrences(e.ID)
	if err != nil {
		return nil, err
	}
	occurrences := e.Occurrences()
	next := occurrences[len(occurrences)-1]
	for _, o := range occurrences {
		if o.End >= t.today && !sent[o.Start] && !done[o.Start] {
			next = o
			break
		}
	}
	return tx.DigestFor(e.ID, next.Start, teamID)
}

// mayDigest fails with Forbidden unless the sender writes the digest: communications and the entry's owner any, a
// digimentor that of a result area whose team they are a member of.
func (t *turn) mayDigest(tx *store.Tx, d *store.Digest, e *store.Entry) error {
	if d.TeamID == "" {
		err := t.mayAct(tx, e)
		if store.IsKind(err, store.KindForbidden) {
			return store.Forbidden("error.digest_role")
		}
		return err
	}
	if err := t.allowed(tx, []store.Role{store.RoleCommunications, store.RoleDigimentor}); err != nil {
		return err
	}
	if ok, err := tx.HasRole(t.person.ID, t.today, store.RoleCommunications); ok || err != nil {
		return err
	}
	own, err := tx.Teams(t.person.ID)
	if err == nil && !slices.ContainsFunc(own, func(team store.Team) bool { return team.ID == d.TeamID }) {
		err = store.Forbidden("error.digest_area")
	}
	return err
}
