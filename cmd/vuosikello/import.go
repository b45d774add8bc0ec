package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"vuosikello/cards"
	"vuosikello/store"
	"vuosikello/store/clockfile"
)

// importCmd reads year clock files into the database.
type importCmd struct {
	databaseSettings
	planSettings
	Files         []string `arg:"" name:"file" help:"CSV or XLSX files."`
	Year          int      `placeholder:"YYYY" help:"The clock's year, where the file does not tell it."`
	Clock         string   `placeholder:"NAME" help:"The clock's name (default: vuosikello)."`
	DryRun        bool     `help:"Only show what would be done."`
	SkipBad       bool     `help:"Take the good rows of a file that has bad ones."`
	RemoveMissing bool     `help:"Remove the entries of the file's clocks that the file does not have."`
}

func (c *importCmd) Run(env *environment) error {
	p, err := c.parse()
	if err != nil {
		return err
	}
	if c.Year != 0 && (c.Year < 1900 || c.Year > 2199) {
		return usagef("--year %d: write a year such as 2026", c.Year)
	}
	db, err := c.open(env)
	if err != nil {
		return err
	}
	defer db.Close()
	var failed []error
	for _, name := range c.Files {
		if err := c.file(env, db, p, name); err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) > 1 {
		for _, err := range failed {
			fail(env.stderr, err)
		}
		return fmt.Errorf("%d of %d files were not imported", len(failed), len(c.Files))
	}
	return errors.Join(failed...)
}

// file imports one file, all of it or nothing.
func (c *importCmd) file(env *environment, db *store.DB, p plan, name string) error {
	data, err := readFile(name)
	if err != nil {
		return err
	}
	l := p.language
	f, err := clockfile.Read(filepath.Base(name), data, clockfile.Options{Year: c.Year, Clock: c.Clock})
	if err != nil {
		return errors.New(l.Error(err)) // the sentence names the file
	}
	if f.Kind == clockfile.Workshops {
		return c.topics(env, db, p, name, f)
	}
	if f.Kind != clockfile.YearClock {
		return fmt.Errorf("%s: %s", name, l.T("import.not_a_clock"))
	}
	var report importReport
	bar := newProgress(env.stderr)
	run := func(tx *store.Tx) error {
		existing, err := clockfile.Existing(tx, f)
		if err != nil {
			return err
		}
		changes := clockfile.Plan(existing, f)
		report = newImportReport(f, changes, l, p, c.RemoveMissing)
		if len(report.problems) > 0 && !c.SkipBad || c.DryRun {
			return errNothingWritten
		}
		err = clockfile.Apply(tx, changes, c.RemoveMissing, p.now(), p.calendar, func(done int) { bar.show(done, len(changes)) })
		if err != nil || report.unchanged() {
			return err
		}
		return tx.Audit(p.now(), store.Actor{Name: "import"}, "clock.import", "file:"+f.Name, report.counts())
	}
	err = db.Write(env.ctx, run)
	bar.done()
	if err != nil && !errors.Is(err, errNothingWritten) {
		return fmt.Errorf("%s: %w", name, err)
	}
	written := err == nil
	report.write(env.stdout, name, c.DryRun)
	if len(report.problems) > 0 && !c.SkipBad {
		return fmt.Errorf("%s: %s", name, l.T("import.refused", "n", len(report.problems)))
	}
	if !written && !c.DryRun {
		return fmt.Errorf("%s: nothing was written", name)
	}
	return nil
}

// topics imports a catalogue of workshop topics, all of it or nothing. A topic is the same by type, segment and title.
func (c *importCmd) topics(env *environment, db *store.DB, p plan, name string, f *clockfile.File) error {
	l := p.language
	added := 0
	err := db.Write(env.ctx, func(tx *store.Tx) error {
		for _, t := range f.Topics {
			isNew, err := tx.AddTopic(&t)
			if err != nil {
				return err
			}
			if isNew {
				added++
			}
		}
		if c.DryRun || (len(f.Problems) > 0 && !c.SkipBad) {
			return errNothingWritten
		}
		if added == 0 {
			return nil
		}
		return tx.Audit(p.now(), store.Actor{Name: "import"}, "topic.import", "file:"+f.Name, fmt.Sprintf("%d added", added))
	})
	if err != nil && !errors.Is(err, errNothingWritten) {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Fprintln(env.stdout, name)
	for _, pr := range f.Problems {
		fmt.Fprintln(env.stdout, "  "+problemLine(l, pr))
	}
	fmt.Fprintln(env.stdout, l.T("import.topics", "n", added, "same", len(f.Topics)-added))
	if c.DryRun {
		fmt.Fprintln(env.stdout, l.T("import.dry_run"))
	}
	if len(f.Problems) > 0 && !c.SkipBad {
		return fmt.Errorf("%s: %s", name, l.T("import.refused", "n", len(f.Problems)))
	}
	return nil
}

// errNothingWritten rolls back a transaction that was only looking.
var errNothingWritten = errors.New("nothing written")

// readFile reads a file of a size that can be a year clock.
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%w; name a CSV or XLSX file", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, clockfile.MaxFile+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

// importReport says what a file does to the database.
type importReport struct {
	lang                                 cards.Lang
	plan                                 plan
	lines                                []string // one for each change
	problems                             []string
	notes                                []string
	added, changed, moved, same, missing int
	removed, skipped                     int
	clocks                               []string
}

func newImportReport(f *clockfile.File, changes []clockfile.Change, l cards.Lang, p plan, removeMissing bool) importReport {
	r := importReport{lang: l, plan: p, skipped: len(f.Bad)}
	for _, c := range f.Clocks {
		r.clocks = append(r.clocks, fmt.Sprintf("%s %d", c.Name, c.Year))
	}
	for _, pr := range f.Problems {
		r.problems = append(r.problems, problemLine(l, pr))
	}
	for _, n := range f.Notes {
		r.notes = append(r.notes, problemLine(l, n))
	}
	today := p.calendar.Today(p.now())
	for _, c := range changes {
		if c.Err != nil {
			r.skipped++
			r.problems = append(r.problems, problemLine(l, clockfile.Problem{File: f.Name, Sheet: c.Row.Sheet, Row: c.Row.Line})+l.Error(c.Err))
			continue
		}
		switch c.Kind {
		case clockfile.Added:
			r.added++
			r.lines = append(r.lines, l.T("import.added", "title", c.New.Title, "when", l.Range(c.New.Start, c.New.End, today)))
		case clockfile.Changed:
			r.changed++
			r.lines = append(r.lines, l.T("import.changed", "title", c.New.Title, "fields", strings.Join(fieldNames(l, c.Fields), ", ")))
		case clockfile.Moved:
			r.moved++
			r.lines = append(r.lines, l.T("import.moved", "title", c.New.Title, "from", l.Range(c.Old.Start, c.Old.End, today), "to", l.Range(c.New.Start, c.New.End, today)))
		case clockfile.Same:
			r.same++
		case clockfile.Missing:
			key := "import.missing"
			if removeMissing {
				key = "import.removed"
				r.removed++
			} else {
				r.missing++
			}
			r.lines = append(r.lines, l.T(key, "title", c.Old.Title, "when", l.Range(c.Old.Start, c.Old.End, today)))
		}
	}
	return r
}

func fieldNames(l cards.Lang, fields []string) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = l.T("import.field." + f)
	}
	return names
}

// problemLine writes where and what: "vuosikello.csv, rivi 12, D (alkaa): …".
func problemLine(l cards.Lang, p clockfile.Problem) string {
	where := []string{p.File}
	if p.Sheet != "" {
		where = append(where, l.T("import.sheet", "name", p.Sheet))
	}
	if p.Row != 0 {
		where = append(where, l.T("import.row", "row", fmt.Sprint(p.Row)))
	}
	if p.Column != "" {
		where = append(where, l.T("import.column", "name", p.Column))
	}
	line := strings.Join(where, ", ") + ": "
	if p.Key == "" {
		return line
	}
	args := make([]any, 0, 2*len(p.Args))
	for k, v := range p.Args {
		args = append(args, k, v)
	}
	return line + l.T(p.Key, args...)
}

func (r *importReport) unchanged() bool { return r.added+r.changed+r.moved+r.removed == 0 }

// counts is the line that sums up.
func (r *importReport) counts() string {
	return r.lang.T("import.counts", "added", r.added, "changed", r.changed, "moved", r.moved, "same", r.same, "removed", r.removed, "missing", r.missing, "skipped", r.skipped)
}

func (r *importReport) write(w io.Writer, name string, dryRun bool) {
	fmt.Fprintf(w, "%s (%s)\n", name, strings.Join(r.clocks, ", "))
	for _, list := range [][]string{r.lines, r.notes, r.problems} {
		for _, line := range list {
			fmt.Fprintln(w, "  "+line)
		}
	}
	fmt.Fprintln(w, r.counts())
	if r.missing > 0 {
		fmt.Fprintln(w, r.lang.T("import.missing_stay"))
	}
	if dryRun {
		fmt.Fprintln(w, r.lang.T("import.dry_run"))
	}
}

// progress is a bar on a terminal, and nothing elsewhere.
type progress struct {
	w     io.Writer
	shown int
}

func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	if !ok {
		return &progress{}
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &progress{}
	}
	return &progress{w: w}
}

const barWidth = 40

func (p *progress) show(done, total int) {
	if p.w == nil || total == 0 {
		return
	}
	n := done * barWidth / total
	if n == p.shown && done != 1 {
		return
	}
	p.shown = n
	fmt.Fprintf(p.w, "\r[%s%s] %d/%d", strings.Repeat("#", n), strings.Repeat(".", barWidth-n), done, total)
}

func (p *progress) done() {
	if p.w != nil && p.shown > 0 {
		fmt.Fprint(p.w, "\r\033[K")
	}
}
