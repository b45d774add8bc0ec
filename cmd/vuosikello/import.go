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

// importCmd reads year clocks, measures and workshop topics from files into the database.
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
	choices := clockfile.Choices{RemoveMissing: c.RemoveMissing, SkipBad: c.SkipBad}
	var o *clockfile.Outcome
	bar := newProgress(env.stderr)
	if c.DryRun {
		err = db.Read(env.ctx, func(tx *store.Tx) (err error) { o, err = clockfile.Preview(tx, f, choices); return err })
	} else {
		err = db.Write(env.ctx, func(tx *store.Tx) (err error) {
			o, err = clockfile.Import(tx, f, choices, store.Actor{Name: "import"}, p.now(), p.calendar, bar.show)
			return err
		})
	}
	bar.done()
	if store.IsKind(err, store.KindInvalid) {
		return fmt.Errorf("%s: %s", name, l.Error(err))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	writeOutcome(env.stdout, o, name, p)
	if !o.Refused() {
		var clashes []store.Clash
		if err := db.Read(env.ctx, func(tx *store.Tx) (err error) {
			clashes, err = clockfile.Clashes(tx, o.Changes, c.RemoveMissing, p.calendar.Today(p.now()))
			return err
		}); err != nil {
			return fmt.Errorf("%s: the plan was not looked through for clashes: %w", name, err)
		}
		for _, line := range clashLines(l, clashes) {
			fmt.Fprintln(env.stdout, "  "+line)
		}
	}
	if c.DryRun {
		fmt.Fprintln(env.stdout, l.T("import.dry_run"))
	}
	if o.Refused() {
		return fmt.Errorf("%s: %s", name, l.T("import.refused", "n", len(o.Problems)))
	}
	return nil
}

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

// writeOutcome says what a file does to the database.
func writeOutcome(w io.Writer, o *clockfile.Outcome, name string, p plan) {
	l := p.language
	var clocks []string
	for _, c := range o.File.Clocks {
		clocks = append(clocks, fmt.Sprintf("%s %d", c.Name, c.Year))
	}
	if len(clocks) > 0 {
		name += " (" + strings.Join(clocks, ", ") + ")"
	}
	fmt.Fprintln(w, name)
	for i := range o.Changes {
		if line := cards.ImportChange(&o.Changes[i], o.RemoveMissing, l, p.calendar.Today(p.now())); line != "" {
			fmt.Fprintln(w, "  "+line)
		}
	}
	if !o.Refused() {
		for _, c := range o.Measures {
			if line := cards.ImportMeasure(c, l); line != "" {
				fmt.Fprintln(w, "  "+line)
			}
		}
	}
	for _, list := range [][]clockfile.Problem{o.File.Notes, o.Problems} {
		for _, problem := range list {
			fmt.Fprintln(w, "  "+cards.ImportProblem(problem, l))
		}
	}
	if o.File.Kind == clockfile.YearClock || !o.Refused() {
		fmt.Fprintln(w, cards.ImportCounts(o, l))
	}
	if !o.RemoveMissing && o.Count(clockfile.Missing) > 0 {
		fmt.Fprintln(w, l.T("import.missing_stay"))
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
