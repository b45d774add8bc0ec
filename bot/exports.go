package bot

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
	"vuosikello/store/export"
)

const (
	// exportUntil is how long a link to an export works.
	exportUntil = 10 * time.Minute
	// maxExports bounds the exports written at once: each holds one of the database's few reading connections meanwhile.
	maxExports   = 2
	exportPrefix = "/kello/vienti/"
)

// exportKinds returns the exports that the person may have: all for communications, attendance for digimentors.
func exportKinds(tx *store.Tx, personID string, today store.Date) ([]string, error) {
	if ok, err := tx.HasRole(personID, today, store.RoleCommunications); ok || err != nil {
		return export.Kinds(), err
	}
	if ok, err := tx.HasRole(personID, today, store.RoleDigimentor); ok || err != nil {
		return []string{"attendance"}, err
	}
	return nil, nil
}

// export answers with a link to an export, for the sender's eyes only; without a kind, with the kinds as buttons.
func (t *turn) export(tx *store.Tx, args string) (answer, error) {
	allowed, err := exportKinds(tx, t.person.ID, t.today)
	if err != nil {
		return answer{}, err
	}
	kind := store.Key(args)
	switch {
	case !slices.Contains(export.Kinds(), kind):
		card := cards.ExportKinds{Kinds: allowed}
		if near := nearest(kind, allowed); kind != "" {
			card.Typed = clip(args)
			if len(near) > 0 {
				card.Kinds = near
			}
		}
		return showCard(card.Card(t.hereLang())), nil
	case !slices.Contains(allowed, kind):
		return answer{}, store.Forbidden("error.role_needed", "roles", strings.Join(roleNames(t.lang, []store.Role{store.RoleCommunications}), ", "))
	case !t.hasLinks():
		return answer{}, store.Invalid("", "error.no_public_url")
	}
	d := store.Download{Kind: kind, PersonID: t.person.ID, ExpiresAt: t.at.Add(exportUntil)}
	if err := tx.AddDownload(&d, t.at); err != nil {
		return answer{}, err
	}
	if err := tx.Audit(t.at, t.actor(), "export.link", "export:"+kind, ""); err != nil {
		return answer{}, err
	}
	link := t.signedLink(exportPrefix+kind+"-"+d.ID+".csv", d.ExpiresAt)
	return t.ownAnswer(cards.ExportLink{Kind: kind, URL: link, Until: d.ExpiresAt.In(t.Calendar.Location), Today: t.today}.Card(t.lang)), nil
}

// serveExport serves an export to whoever has its link, as long as the one who asked for it may have it. It is written
// whole before the first byte is sent: one that fails halfway is told as such, and a slow reader keeps nobody waiting.
func (b *Bot) serveExport(w http.ResponseWriter, r *http.Request) error {
	if err := b.checkLink(r); err != nil {
		return err
	}
	_, id, _ := strings.Cut(strings.TrimSuffix(r.PathValue("file"), ".csv"), "-")
	select {
	case b.exports <- struct{}{}:
		defer func() { <-b.exports }()
	case <-r.Context().Done():
		return r.Context().Err()
	}
	now := b.now()
	var d store.Download
	l := b.Language
	// What is exported is on record before it leaves.
	err := b.DB.Write(r.Context(), func(tx *store.Tx) error {
		var ok bool
		var err error
		if d, ok, err = tx.Download(id); err != nil {
			return err
		}
		if !ok {
			return errLinkEnded
		}
		if err := b.slowed(w, d.PersonID); err != nil {
			return err
		}
		allowed, err := exportKinds(tx, d.PersonID, store.DateOf(now))
		if err != nil {
			return err
		}
		if !slices.Contains(allowed, d.Kind) {
			return store.Forbidden("link.role_ended")
		}
		p, _, err := tx.Person(d.PersonID)
		if err != nil {
			return err
		}
		l = b.personLanguage(p)
		return tx.Audit(now, store.Actor{ID: p.ID, Name: p.Name}, "export.download", "export:"+d.Kind, "")
	})
	if err != nil {
		return err
	}
	file, remove, err := b.writeExport(r.Context(), d.Kind, export.Options{Location: b.Calendar.Location, Comma: l.CSVComma(), Erased: l.T("person.erased")})
	if err != nil {
		return err
	}
	defer remove()
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+d.Kind+"-"+store.DateOf(now).String()+`.csv"`)
	http.ServeContent(w, r, "", time.Time{}, file)
	return nil
}

// writeExport writes an export to a file that nobody else can open, and that remove removes. It is beside the database, which
// is the one place that the program can be sure to write to, and has no name where that is possible: a program that is
// killed leaves nothing of it behind.
func (b *Bot) writeExport(ctx context.Context, kind string, o export.Options) (file io.ReadSeeker, remove func(), err error) {
	f, err := os.CreateTemp(filepath.Dir(b.DB.Path()), "vuosikello-*.csv")
	if err != nil {
		return nil, nil, err
	}
	named := os.Remove(f.Name()) != nil // Windows keeps the name of a file that is open
	remove = func() {
		err := f.Close()
		if named {
			err = errors.Join(err, os.Remove(f.Name()))
		}
		if err != nil {
			b.Logger.Error("the file of an export not removed", "error", err)
		}
	}
	if err = b.DB.Read(ctx, func(tx *store.Tx) error { return export.CSV(f, tx, kind, o) }); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		remove()
		return nil, nil, err
	}
	return f, remove, nil
}
