package bot

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/cards"
	"vuosikello/store"
	"vuosikello/store/clockfile"
)

// A file that communications send to the bot in their own chat is fetched at once, since its address works for minutes
// only, and answered with what importing it would do. The file waits in the database for an hour: pressing Import reads
// it again and plans against what is there then, in one transaction, so that nothing is half done and what a colleague
// did meanwhile is kept.

const (
	maxFiles   = 5 // of one message
	maxFetches = 4 // at once
)

// importInputs are the inputs of the card.
var importInputs = []string{"year", "clock", "removeMissing", "skipBad"}

// handleFiles answers files that were sent in a personal chat.
func (t *turn) handleFiles(files []teams.File) {
	if t.key != "" && !t.recent.first(t.key) {
		return
	}
	var news bool
	err := t.DB.Read(t.ctx, func(tx *store.Tx) (err error) {
		if news, err = t.identify(tx); err != nil {
			return err
		}
		return t.allowed(tx, []store.Role{store.RoleCommunications})
	})
	if news {
		if learnErr := t.DB.Write(t.ctx, t.learn); learnErr != nil {
			t.Logger.Error("sender not recorded", "error", learnErr)
		}
	}
	if err == nil && len(files) > maxFiles {
		err = store.Invalid("", "error.too_many_files", "max", maxFiles)
	}
	if err != nil {
		if store.IsKind(err, store.KindUnavailable) {
			t.recent.forget(t.key)
		}
		t.reply(cards.Message{Text: t.fail("file", err)}.Card(t.lang))
		return
	}
	for _, f := range files {
		t.background("file", func(ctx context.Context) error { return t.send(ctx, t.receive(ctx, f)) })
	}
}

// receive fetches a file, stores it and returns the card that says what it would do.
func (t *turn) receive(ctx context.Context, file teams.File) cards.Card {
	card, err := t.receiveFile(ctx, file)
	if err != nil {
		return cards.Message{Kind: t.lang.T("import.kind") + " · " + cards.Clean(file.Name), Title: t.lang.T("import.not_read"), Text: t.fail("file", err), Tone: cards.ToneWarning}.Card(t.lang)
	}
	return card
}

func (t *turn) receiveFile(ctx context.Context, file teams.File) (cards.Card, error) {
	data, err := t.fetch(ctx, file)
	switch {
	case errors.Is(err, teams.ErrFileTooLarge):
		return cards.Card{}, store.Invalid("file", "error.file_too_large", "max", teams.MaxFile>>20)
	case errors.Is(err, teams.ErrFileHost):
		return cards.Card{}, store.Invalid("file", "error.file_host")
	case errors.Is(err, teams.ErrFileGone):
		return cards.Card{}, store.Invalid("file", "error.file_gone")
	case err != nil:
		t.Logger.Warn("file not fetched", "error", err)
		return cards.Card{}, store.Invalid("file", "error.file_network")
	}
	f, err := t.read(ctx, file.Name, data, clockfile.Options{})
	view := cards.Import{Name: cards.Clean(file.Name), Today: t.today}
	if wrong, ok := yearMissing(err); ok {
		view.Errors = map[string]string{"year": t.lang.Error(wrong)}
	} else if err != nil {
		return cards.Card{}, err
	}
	err = t.DB.Write(ctx, func(tx *store.Tx) (err error) {
		if f != nil {
			if view.Outcome, err = clockfile.Preview(tx, f, clockfile.Choices{}); err != nil {
				return err
			}
			if view.Clashes, err = clockfile.Clashes(tx, view.Outcome.Changes, false, t.today); err != nil {
				return err
			}
		}
		u := store.Upload{PersonID: t.person.ID, Name: file.Name, Data: data}
		err = tx.AddUpload(&u, time.Now())
		view.Upload = u.ID
		return err
	})
	return view.Card(t.lang), err
}

// fetch fetches a file, some at a time.
func (b *Bot) fetch(ctx context.Context, file teams.File) ([]byte, error) {
	select {
	case b.fetching <- struct{}{}:
		defer func() { <-b.fetching }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return b.Files.Fetch(ctx, file)
}

// read reads a file. A spreadsheet takes many times its size while it is read, so that is done one at a time.
func (b *Bot) read(ctx context.Context, name string, data []byte, opt clockfile.Options) (file *clockfile.File, err error) {
	select {
	case b.reading <- struct{}{}:
		defer func() { <-b.reading }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	err = store.Contain("reading a file", func() error { file, err = clockfile.Read(name, data, opt); return err })
	return file, err
}

// yearMissing reports whether a file could not be read because nothing tells its year, which the form can.
func yearMissing(err error) (*store.Error, bool) {
	var known *store.Error
	ok := errors.As(err, &known) && known.Key == "import.no_year"
	return known, ok
}

// readUpload reads the file that the sender is about to import, by what they chose, before the transaction that imports
// it: a large spreadsheet takes a while. What is wrong with the file or the choices is told by importApply.
func (t *turn) readUpload() {
	var u *store.Upload
	err := t.DB.Read(t.ctx, func(tx *store.Tx) (err error) { u, err = tx.Upload(t.input("upload"), time.Now()); return err })
	if err != nil || u.State != store.UploadWaiting || u.PersonID != t.person.ID {
		return // and importApply finds the same
	}
	var opt clockfile.Options
	opt.Clock = strings.Join(strings.Fields(t.input("clock")), " ")
	if year := strings.TrimSpace(t.input("year")); year != "" {
		if opt.Year, err = strconv.Atoi(year); err != nil || opt.Year < 1900 || opt.Year > 2199 {
			t.fileErr = store.Invalid("year", "invalid.year")
			return
		}
	}
	t.file, t.fileErr = t.read(t.ctx, u.Name, u.Data, opt)
}

// upload returns the file that an action is about.
func (t *turn) upload(tx *store.Tx) (u *store.Upload, again string, err error) {
	if u, err = tx.Upload(t.input("upload"), time.Now()); err != nil {
		return nil, "", err
	}
	if u.PersonID != t.person.ID {
		return nil, "", store.Forbidden("error.upload_other")
	}
	switch u.State {
	case store.UploadImported:
		again = t.lang.T("import.again", "when", t.lang.DateTime(u.DecidedAt.In(t.Calendar.Location), t.today))
	case store.UploadCancelled:
		again = t.lang.T("import.again_cancelled", "when", t.lang.DateTime(u.DecidedAt.In(t.Calendar.Location), t.today))
	}
	return u, again, nil
}

// importApply imports a file, all of it or nothing.
func (t *turn) importApply(tx *store.Tx) (answer, error) {
	u, again, err := t.upload(tx)
	if err != nil || again != "" {
		return say(again), err
	}
	view := cards.Import{Upload: u.ID, Name: cards.Clean(u.Name), Values: t.inputs(importInputs), Errors: map[string]string{}, Today: t.today}
	var known *store.Error
	if wrong, ok := yearMissing(t.fileErr); ok {
		view.Errors["year"] = t.lang.Error(wrong)
	} else if errors.As(t.fileErr, &known) && known.Field == "year" {
		view.Errors["year"] = t.lang.Error(known)
	} else if t.fileErr != nil {
		return answer{}, t.fileErr
	}
	if t.file == nil {
		return showCard(view.Card(t.lang)), nil
	}
	choices := clockfile.Choices{RemoveMissing: t.input("removeMissing") == "true", SkipBad: t.input("skipBad") == "true"}
	if view.Outcome, err = clockfile.Import(tx, t.file, choices, t.actor(), t.at, t.Calendar, nil); err != nil {
		return answer{}, err
	}
	if view.Outcome.Refused() {
		view.Errors["skipBad"] = t.lang.T("import.refused_here", "n", len(view.Outcome.Problems))
		return showCard(view.Card(t.lang)), nil
	}
	if view.Clashes, err = clockfile.Clashes(tx, view.Outcome.Changes, choices.RemoveMissing, t.today); err != nil {
		return answer{}, err
	}
	view.Done = true
	return replace(view.Card(t.lang)), tx.SettleUpload(u.ID, store.UploadImported, t.at)
}

// importCancel lets a file go.
func (t *turn) importCancel(tx *store.Tx) (answer, error) {
	u, again, err := t.upload(tx)
	if err != nil || again != "" {
		return say(again), err
	}
	return replace(cards.ImportCancelled{Name: cards.Clean(u.Name)}.Card(t.lang)), tx.SettleUpload(u.ID, store.UploadCancelled, t.at)
}
