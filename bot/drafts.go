package bot

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"vuosikello/cards"
	"vuosikello/store"
)

// contentInputs are the inputs of the content form.
var contentInputs = []string{"title", "body", "titleSv", "bodySv", "audience", "publishDate", "publishTime", "entry", "link", "image", "imageAlt",
	"checkCopyright", "checkPrivacy", "checkLanguage", "checkAccessibility"}

// entryContent opens the content form of the entry that a reminder is about, with the draft that there is.
func (t *turn) entryContent(tx *store.Tx) (answer, error) {
	r, e, stop, err := t.reminder(tx)
	if err != nil || stop != nil {
		return deref(stop), err
	}
	f := cards.ContentForm{Values: map[string]string{
		"title": e.Title, "entry": e.ID, "audience": strings.Join(e.Audiences, ","), "publishDate": max(r.Occurrence, t.today).String(),
		"publishTime": t.Calendar.PostTime.String(),
	}}
	switch d, err := tx.DraftOf(e.ID); {
	case err == nil:
		f.Content, f.Version, f.Values = strconv.FormatInt(d.ID, 10), d.Version, d.Form
	case !store.IsKind(err, store.KindNotFound):
		return answer{}, err
	}
	c, err := t.contentForm(tx, f)
	return t.ownMessage(c), err
}

// contentForm completes a form with what can be chosen in it.
func (t *turn) contentForm(tx *store.Tx, f cards.ContentForm) (cards.Card, error) {
	var err error
	if f.Audiences, err = audienceNames(tx); err != nil {
		return cards.Card{}, err
	}
	f.Entries, err = t.entryChoices(tx, f.Values["entry"])
	return f.Card(t.lang), err
}

// entryChoiceDays is how far ahead the entries are that content can be written for.
const entryChoiceDays = 90

// entryChoices lists the entries that content can belong to: those that are running or begin soon, and the chosen one.
func (t *turn) entryChoices(tx *store.Tx, chosen string) ([]cards.Choice, error) {
	entries, err := tx.Entries(store.EntryFilter{From: t.today, To: t.today + entryChoiceDays})
	if err != nil {
		return nil, err
	}
	var out []cards.Choice
	found := false
	for _, e := range entries {
		if e.State == store.Planned && len(e.OccurrencesBetween(t.today, t.today+entryChoiceDays)) > 0 {
			out = append(out, cards.Choice{Title: e.Title, Value: e.ID})
			found = found || e.ID == chosen
		}
	}
	if chosen != "" && !found {
		list, err := tx.EntriesByID([]string{chosen})
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			out = append(out, cards.Choice{Title: e.Title, Value: e.ID})
		}
	}
	return out, nil
}

// contentSave keeps a draft. A draft may be incomplete; only what could not be kept is refused.
func (t *turn) contentSave(tx *store.Tx) (answer, error) {
	form := cards.ContentForm{Version: t.data.Version, Values: t.inputs(contentInputs), Errors: map[string]string{}}
	form.Values["entry"] = cards.EntryValue(form.Values["entry"])
	d := &store.Draft{ID: t.data.Content, EntryID: form.Values["entry"], AuthorID: t.person.ID, Form: form.Values, Version: t.data.Version}
	if err := t.mayWrite(tx, d); err != nil {
		return answer{}, err
	}
	if d.ID != 0 {
		form.Content = strconv.FormatInt(d.ID, 10)
	}
	for field, most := range map[string]int{"title": cards.MaxContentTitle, "titleSv": cards.MaxContentTitle, "body": cards.MaxContentBody, "bodySv": cards.MaxContentBody,
		"imageAlt": cards.MaxContentLink, "link": cards.MaxContentLink, "image": cards.MaxContentLink} {
		if n := utf8.RuneCountInString(form.Values[field]); n > most {
			form.Errors[field] = t.lang.T("invalid.too_long_now", "max", most, "length", n)
		}
	}
	for _, field := range []string{"link", "image"} {
		if v := strings.TrimSpace(form.Values[field]); v != "" && form.Errors[field] == "" && !webAddress(v) {
			form.Errors[field] = t.lang.T("invalid.link")
		}
	}
	if v := form.Values["publishDate"]; v != "" {
		if _, err := store.ParseDate(v); err != nil {
			form.Errors["publishDate"] = t.lang.T("invalid.date", "value", clip(v))
		}
	}
	if v := form.Values["publishTime"]; v != "" {
		if _, err := store.ParseTimeOfDay(v); err != nil {
			form.Errors["publishTime"] = t.lang.T("invalid.time", "value", clip(v))
		}
	}
	if d.EntryID != "" {
		if list, err := tx.EntriesByID([]string{d.EntryID}); err != nil {
			return answer{}, err
		} else if len(list) == 0 {
			form.Errors["entry"] = t.lang.T("error.entry_gone")
		}
	}
	if len(form.Errors) == 0 {
		err := tx.SaveDraft(d, t.at)
		switch {
		case store.IsKind(err, store.KindConflict):
			return t.draftConflict(tx, form)
		case err != nil:
			return answer{}, err
		}
		form.Content, form.Version, form.SavedAt = strconv.FormatInt(d.ID, 10), d.Version, t.at.Truncate(time.Minute)
		if err := tx.Audit(t.at, t.actor(), "content.save", "content:"+form.Content, ""); err != nil {
			return answer{}, err
		}
		if d.EntryID != "" {
			if err := tx.RefreshReminders(d.EntryID, t.today); err != nil {
				return answer{}, err
			}
		}
	}
	c, err := t.contentForm(tx, form)
	if len(form.Errors) > 0 {
		return showCard(c), err
	}
	return replace(c), err
}

// draftConflict shows what was typed once more when somebody else saved the draft meanwhile: sending it again replaces
// theirs, knowingly.
func (t *turn) draftConflict(tx *store.Tx, form cards.ContentForm) (answer, error) {
	d, err := tx.Draft(t.data.Content)
	if err != nil {
		return answer{}, err
	}
	form.Version = d.Version
	form.Errors[""] = t.lang.T("error.draft_changed")
	c, err := t.contentForm(tx, form)
	return showCard(c), err
}

// mayWrite fails with Forbidden unless the sender is in communications or owns the draft's entry: both the one that it
// belongs to now and the one that it is to belong to.
func (t *turn) mayWrite(tx *store.Tx, d *store.Draft) error {
	entries := []string{d.EntryID}
	if d.ID != 0 {
		old, err := tx.Draft(d.ID)
		if err != nil {
			return err
		}
		entries = append(entries, old.EntryID)
	}
	for _, id := range entries {
		e, err := tx.Entry(id)
		switch {
		case store.IsKind(err, store.KindNotFound): // no entry, or one that never was
			err = t.allowed(tx, []store.Role{store.RoleCommunications})
		case err == nil:
			err = t.mayAct(tx, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
