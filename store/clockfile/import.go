package clockfile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"vuosikello/store"
)

// Choices are what whoever imports a file decides.
type Choices struct {
	RemoveMissing bool // remove the entries of the file's clocks that the file does not have
	SkipBad       bool // take the good rows of a file that has bad ones
}

// Outcome is what a file does to the database, or has done.
type Outcome struct {
	Choices
	File     *File
	Problems []Problem // what a person must correct: the file's, and those of rows that do not go with what is there
	Skipped  int       // rows that are left out for them

	Changes []Change // of a YearClock, as Plan lists them
	Topics  int      // of Workshops: those that are new

	Measures []*store.MeasureChange // of Measures, one for each good row
}

// Refused reports whether nothing of the file is taken because it has bad rows.
func (o *Outcome) Refused() bool { return len(o.Problems) > 0 && !o.SkipBad }

// Count returns how many of the changes are of the kind.
func (o *Outcome) Count(kind ChangeKind) (n int) {
	for i := range o.Changes {
		if o.Changes[i].Kind == kind && o.Changes[i].Err == nil {
			n++
		}
	}
	return n
}

// CountMeasures returns how many numbers of a file of measures are new, differ and are there already.
func (o *Outcome) CountMeasures() (added, changed, same int) {
	for _, c := range o.Measures {
		switch {
		case c.Same():
			same++
		case c.Had:
			changed++
		default:
			added++
		}
	}
	return added, changed, same
}

// Unchanged reports whether the file, if it is taken, changes nothing.
func (o *Outcome) Unchanged() bool {
	n := o.Count(Added) + o.Count(Changed) + o.Count(Moved) + o.Topics
	added, changed, _ := o.CountMeasures()
	n += added + changed
	if o.RemoveMissing {
		n += o.Count(Missing)
	}
	return n == 0
}

// Preview says what Import would do with a file. It only reads. A file without rows is an error of kind Invalid.
func Preview(tx *store.Tx, f *File, c Choices) (*Outcome, error) {
	if f.Empty() {
		return nil, fileError(f.Name, "import.file.no_rows")
	}
	o := &Outcome{Choices: c, File: f, Problems: f.Problems, Skipped: len(f.Bad)}
	switch f.Kind {
	case YearClock:
		existing, err := Existing(tx, f)
		if err != nil {
			return nil, err
		}
		o.Changes = Plan(existing, f)
		for i := range o.Changes {
			ch := &o.Changes[i]
			var known *store.Error
			if errors.As(ch.Err, &known) {
				o.Problems = append(o.Problems[:len(o.Problems):len(o.Problems)], Problem{File: f.Name, Sheet: ch.Row.Sheet, Row: ch.Row.Line, Key: known.Key, Args: known.Args})
				o.Skipped++
			}
		}
	case Workshops:
		known, err := tx.Topics()
		if err != nil {
			return nil, err
		}
		o.Topics = len(newTopics(known, f.Topics))
	case Measures:
		return o, o.measures(tx)
	}
	return o, nil
}

// measures plans a file of measures.
func (o *Outcome) measures(tx *store.Tx) error {
	list, err := tx.Measures()
	if err != nil {
		return err
	}
	known := make(map[string]*store.Measure, len(list))
	for _, m := range list {
		known[store.Key(m.Name)] = m
	}
	o.Problems = slices.Clone(o.Problems) // the file keeps its own
	for i := range o.File.Measures {
		row := &o.File.Measures[i]
		key := store.Key(row.Record.Name)
		c, err := row.Record.Apply(known[key])
		var wrong *store.Error
		switch {
		case errors.As(err, &wrong):
			o.Problems = append(o.Problems, row.Problem(o.File.Name, wrong))
			continue
		case err != nil:
			return err
		}
		known[key] = c.Measure // the same one, or a new one
		o.Measures = append(o.Measures, c)
	}
	o.Skipped = len(o.Problems)
	sortProblems(o.Problems)
	return nil
}

// sortProblems puts what was found in two passes in the order of the file; what is about no row comes last.
func sortProblems(list []Problem) {
	sheets := map[string]int{}
	for _, p := range list {
		if _, ok := sheets[p.Sheet]; !ok && p.Row != 0 {
			sheets[p.Sheet] = len(sheets)
		}
	}
	slices.SortStableFunc(list, func(a, b Problem) int {
		if a.Row == 0 || b.Row == 0 {
			return cmp.Compare(min(b.Row, 1), min(a.Row, 1))
		}
		return cmp.Or(cmp.Compare(sheets[a.Sheet], sheets[b.Sheet]), cmp.Compare(a.Row, b.Row))
	})
}

// Import carries a file out, all of it or nothing, and records in the audit log who did so when it changed something. A
// refused outcome, and an error, leave the database as it was; after an error the caller undoes the transaction. progress,
// unless nil, is told how many of how many changes have been made.
func Import(tx *store.Tx, f *File, c Choices, who store.Actor, now time.Time, cal store.Calendar, progress func(done, total int)) (*Outcome, error) {
	o, err := Preview(tx, f, c)
	if err != nil || o.Refused() || o.Unchanged() {
		return o, err
	}
	action, detail := "clock.import", fmt.Sprintf("added %d, changed %d, moved %d", o.Count(Added), o.Count(Changed), o.Count(Moved))
	switch f.Kind {
	case YearClock:
		if c.RemoveMissing {
			detail += fmt.Sprintf(", removed %d", o.Count(Missing))
		}
		err = Apply(tx, o.Changes, c.RemoveMissing, now, cal, func(done int) {
			if progress != nil {
				progress(done, len(o.Changes))
			}
		})
	case Workshops:
		action, detail = "topic.import", fmt.Sprintf("added %d", o.Topics)
		for i := range f.Topics {
			if _, err = tx.AddTopic(&f.Topics[i]); err != nil {
				break
			}
		}
	case Measures:
		added, changed, _ := o.CountMeasures()
		action, detail = "measure.import", fmt.Sprintf("added %d, changed %d", added, changed)
		for _, c := range o.Measures {
			if err = tx.SaveMeasure(c, now); err != nil {
				break
			}
		}
	}
	if err != nil {
		return nil, err
	}
	return o, tx.Audit(now, who, action, "file:"+f.Name, detail)
}

// newTopics returns those of the topics that are not known yet: the same is one of the same type, segment and title.
func newTopics(known, list []store.Topic) (out []store.Topic) {
	type key struct {
		typ            store.TopicType
		segment, title string
	}
	keyOf := func(t store.Topic) key { return key{t.Type, store.Key(t.Segment), store.Key(t.Title)} }
	have := map[key]bool{}
	for _, t := range known {
		have[keyOf(t)] = true
	}
	for _, t := range list {
		if !have[keyOf(t)] {
			out = append(out, t)
		}
	}
	return out
}
