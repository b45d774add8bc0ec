package clockfile

import (
	"errors"
	"slices"

	"vuosikello/store"
)

// ChangeKind is what a file does to an entry.
type ChangeKind int

// The kinds of change.
const (
	Added   ChangeKind = iota + 1
	Changed            // something other than its time
	Moved              // its time, and perhaps more
	Same
	Missing // no row stands for it
)

// Change is what a file does to one entry.
type Change struct {
	Kind   ChangeKind
	Old    store.Entry // zero when Added
	New    store.Entry // zero when Missing; its ID is Old's, or the row's own, or empty for the store to give one
	Fields []string    // what differs, named as the columns of the export
	Row    *Row        // nil when Missing
	Err    error       // a *store.Error when the row and what the entry keeps do not go together: an end before the start
}

// Plan says what a file changes, in the order of its rows; entries that no row stands for come last. existing are the
// entries in the clocks that the file has rows for (f.Clocks), and those whose ids its rows have, in whatever clock.
// Removed entries (RemovedAt) are found by id only, and come back.
//
// A row stands for the entry with its id, else for the one in its clock with its title; where that title repeats, in
// the clock or in the file, also with its start. What the file has no column for stays as it is. A row found by id
// leaves its entry in its clock unless the file names one. An entry that a row with a problem seems to stand for is not
// missing.
func Plan(existing []store.Entry, f *File) []Change {
	p := planner{byID: map[string]int{}, byTitle: map[titleKey][]int{}, clocks: map[string]string{}, taken: make([]bool, len(existing)), existing: existing}
	for i := range existing {
		p.byID[existing[i].ID] = i
		p.clocks[store.Key(existing[i].Clock.Name)] = existing[i].Clock.Name
		if existing[i].RemovedAt.IsZero() {
			k := keyOf(&existing[i])
			p.byTitle[k] = append(p.byTitle[k], i)
		}
	}
	inFile := map[titleKey]int{}
	match := make([]int, len(f.Rows))
	for i := range f.Rows {
		inFile[keyOf(&f.Rows[i].Entry)]++
		match[i] = -1
		if at, ok := p.byID[f.Rows[i].Entry.ID]; ok && f.Rows[i].HasID && !p.taken[at] {
			match[i], p.taken[at] = at, true
		}
	}
	changes := make([]Change, 0, len(f.Rows))
	for i := range f.Rows {
		row := &f.Rows[i]
		if match[i] < 0 {
			match[i] = p.find(row, inFile[keyOf(&row.Entry)] > 1)
		}
		if match[i] < 0 {
			added := row.Entry
			if name, ok := p.clocks[store.Key(added.Clock.Name)]; ok {
				added.Clock.Name = name // "Vuosikello" and "vuosikello" are one clock
			}
			changes = append(changes, Change{Kind: Added, New: added, Row: row})
			continue
		}
		p.taken[match[i]] = true
		changes = append(changes, compare(&existing[match[i]], row))
	}
	p.spare(f.Bad)
	for i := range existing {
		e := &existing[i]
		if !p.taken[i] && e.RemovedAt.IsZero() && slices.ContainsFunc(f.Clocks, func(c store.Clock) bool { return sameClock(c, e.Clock) }) {
			changes = append(changes, Change{Kind: Missing, Old: *e})
		}
	}
	return changes
}

// titleKey is a clock and a title, compared without case.
type titleKey struct {
	clock string
	year  int
	title string
}

func keyOf(e *store.Entry) titleKey {
	return titleKey{store.Key(e.Clock.Name), e.Clock.Year, store.Key(e.Title)}
}

func sameClock(a, b store.Clock) bool {
	return a.Year == b.Year && store.Key(a.Name) == store.Key(b.Name)
}

type planner struct {
	existing []store.Entry
	byID     map[string]int
	byTitle  map[titleKey][]int
	clocks   map[string]string // spelling by key
	taken    []bool
}

// find returns the entry that a row without a known id stands for, -1 when there is none.
func (p *planner) find(row *Row, repeated bool) int {
	same := p.byTitle[keyOf(&row.Entry)]
	byStart := repeated || len(same) > 1
	for _, i := range same {
		if !p.taken[i] && (!byStart || p.existing[i].Start == row.Entry.Start) {
			return i
		}
	}
	return -1
}

// spare marks the entries that rows with problems may stand for: by id, or by title in any clock, since the row's clock
// may be what could not be read.
func (p *planner) spare(bad []Row) {
	titles := map[string]bool{}
	for i := range bad {
		if at, ok := p.byID[bad[i].Entry.ID]; ok && bad[i].HasID {
			p.taken[at] = true
		} else {
			titles[store.Key(bad[i].Entry.Title)] = true
		}
	}
	for k, entries := range p.byTitle {
		for _, at := range entries {
			p.taken[at] = p.taken[at] || titles[k.title]
		}
	}
}

// compare lays a row over the entry that it stands for.
func compare(old *store.Entry, row *Row) Change {
	c := Change{Old: *old, New: merged(old, row), Row: row}
	if err := c.New.Normalize(); err != nil {
		c.Err = err
	}
	c.Fields = differing(&c.Old, &c.New)
	switch {
	case len(c.Fields) == 0:
		c.Kind = Same
	case old.Moved(&c.New):
		c.Kind = Moved
	default:
		c.Kind = Changed
	}
	return c
}

// merged returns the entry with what the row says.
func merged(old *store.Entry, row *Row) store.Entry {
	e, in, has := *old, &row.Entry, row.Has
	e.RemovedAt = in.RemovedAt
	if has.Has(FieldClock) && store.Key(in.Clock.Name) != store.Key(old.Clock.Name) {
		e.Clock.Name = in.Clock.Name
	}
	if has.Has(FieldYear) {
		e.Clock.Year = in.Clock.Year
	}
	if has.Has(FieldTitle) {
		e.Title = in.Title
	}
	if has.Has(FieldRepeat) {
		e.Repeat = in.Repeat
	}
	if has.Has(FieldStart) {
		e.Start = in.Start
	}
	switch {
	case has.Has(FieldEnd):
		// Where the file has no repeat column, an end that was filled in as that of a single day says nothing of the series.
		if !e.Recurring() || in.Recurring() || in.End != in.Start {
			e.End = in.End
		}
	case !e.Recurring():
		e.End = e.Start
		if !old.Recurring() {
			e.End += old.End - old.Start // as long as it was
		}
	case !old.Recurring():
		e.End = 0 // it begins to repeat, and its one day is not the end of the series
	}
	if has.Has(FieldCampaign) {
		e.Campaign = in.Campaign
	}
	if has.Has(FieldAudience) {
		e.Audiences = in.Audiences
	}
	if has.Has(FieldChannels) {
		e.Channels = in.Channels
	}
	if has.Has(FieldOwner) {
		e.Owner = in.Owner
	}
	if has.Has(FieldReminders) {
		e.Leads = in.Leads
	}
	if has.Has(FieldMaterials) {
		e.Materials = in.Materials
	}
	if has.Has(FieldApproval) {
		e.Approval = in.Approval
	}
	if has.Has(FieldGoal) {
		e.Goal = in.Goal
	}
	if has.Has(FieldState) {
		e.State = in.State
	}
	if has.Has(FieldNotes) {
		e.Notes = in.Notes
	}
	// Normalize sorts in place, and these are shared with the entry or the row.
	e.Leads = slices.Clone(e.Leads)
	return e
}

// differing names the fields in which two entries differ.
func differing(a, b *store.Entry) []string {
	var out []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"clock", a.Clock.Name == b.Clock.Name},
		{"year", a.Clock.Year == b.Clock.Year},
		{"title", a.Title == b.Title},
		{"start", a.Start == b.Start},
		{"end", a.End == b.End},
		{"repeat", a.Repeat == b.Repeat},
		{"campaign", a.Campaign == b.Campaign},
		{"audience", slices.Equal(a.Audiences, b.Audiences)},
		{"channels", slices.Equal(a.Channels, b.Channels)},
		{"owner", a.Owner == b.Owner},
		{"reminders", slices.Equal(a.Leads, b.Leads)},
		{"materials", a.Materials == b.Materials},
		{"approval", a.Approval == b.Approval},
		{"goal", a.Goal == b.Goal},
		{"state", a.State == b.State},
		{"notes", a.Notes == b.Notes},
		{"removed", a.RemovedAt.IsZero() == b.RemovedAt.IsZero()},
	} {
		if !f.same {
			out = append(out, f.name)
		}
	}
	return out
}

// fieldOf is the field that an error of the store is about.
func fieldOf(err error) string {
	var e *store.Error
	if errors.As(err, &e) {
		return e.Field
	}
	return ""
}
