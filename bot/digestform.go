package bot

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// digestCard is the card of a digest as it stands: its draft, or what became of it.
func (b *Bot) digestCard(tx *store.Tx, d *store.Digest, l cards.Lang) (cards.Card, error) {
	e, err := tx.Entry(d.EntryID)
	if err != nil {
		return cards.Card{}, err
	}
	if !e.RemovedAt.IsZero() || e.State == store.Cancelled {
		return cards.Message{Kind: l.T("digest.kind"), Title: e.Title, Text: l.T("digest.over")}.Card(l), nil
	}
	if sent, ok, err := b.digestSent(tx, d, l); err != nil || ok {
		return sent.Card(l), err
	}
	f, err := b.digestForm(tx, d, e, b.now())
	return f.Card(l), err
}

// digestSent says what became of a digest that waits for its decision, or is published. It reports false when it is still
// to be written, or was returned to its writer.
func (b *Bot) digestSent(tx *store.Tx, d *store.Digest, l cards.Lang) (cards.DigestSent, bool, error) {
	if d.ContentID == 0 {
		return cards.DigestSent{}, false, nil
	}
	today := store.DateOf(b.now())
	if v, published, err := tx.PublishedVersion(d.ContentID); err != nil || published {
		sent := cards.DigestSent{}
		if published {
			sent = cards.DigestSent{Title: v.Title, Text: l.T("digest.published", "when", l.DateTime(b.local(v.PublishedAt), today))}
			if !v.WithdrawnAt.IsZero() {
				sent.Text = l.T("digest.withdrawn", "when", l.DateTime(b.local(v.WithdrawnAt), today))
			}
		}
		return sent, published, err
	}
	versions, err := tx.ContentVersions(d.ContentID)
	if err != nil || len(versions) == 0 || !b.waits(versions[len(versions)-1]) {
		return cards.DigestSent{}, false, err
	}
	v := versions[len(versions)-1]
	draft, err := tx.Draft(d.ContentID)
	if err != nil {
		return cards.DigestSent{}, false, err
	}
	key := "digest.waits"
	if !v.Approval {
		key = "digest.soon"
	}
	return cards.DigestSent{Title: v.Title, Text: l.T(key, "when", l.DateTime(b.local(v.RequestedAt), today)), Content: strconv.FormatInt(d.ContentID, 10), Version: draft.Version}, true, nil
}

// digestForm fills the form of a digest: with what was saved of it, else with a fresh draft. Its values are those of the
// content form, see contentInputs.
func (b *Bot) digestForm(tx *store.Tx, d *store.Digest, e *store.Entry, now time.Time) (cards.DigestForm, error) {
	facts, err := b.digestText(tx, d, e, now)
	if err != nil {
		return cards.DigestForm{}, err
	}
	channels, outside, err := teamChannels(tx, e.Audiences, d.TeamID)
	if err != nil {
		return cards.DigestForm{}, err
	}
	f := cards.DigestForm{Digest: d.ID, Empty: facts.Empty(), Occurrence: d.Occurrence, Period: facts.Period, Audiences: e.Audiences, Outside: outside, Approval: e.Approval, Today: facts.Today}
	for _, ch := range channels {
		f.Channels = append(f.Channels, ch.FullName())
	}
	main, swedish := b.digestLanguages(channels)
	f.Values = map[string]string{}
	if d.ContentID != 0 {
		draft, err := tx.Draft(d.ContentID)
		if err != nil {
			return f, err
		}
		f.Version, f.Empty = draft.Version, false
		maps.Copy(f.Values, draft.Form)
	} else {
		f.Values["title"], f.Values["body"] = facts.Title(main), facts.Text(main)
		if swedish {
			f.Values["titleSv"], f.Values["bodySv"] = facts.Title(cards.Swedish), facts.Text(cards.Swedish)
		}
		if e.Approval && b.Calendar.PostAt(d.Occurrence).After(now) {
			f.Values["publishDate"] = d.Occurrence.String()
		}
	}
	f.Values["entry"], f.Values["audience"] = e.ID, strings.Join(e.Audiences, ",")
	f.Title, f.Swedish = f.Values["title"], swedish || f.Values["bodySv"] != ""
	return f, nil
}

// digestLanguages returns the language that a digest is drafted in for those channels, and whether there is a Swedish
// version beside it. Content has one text and a Swedish one: Finnish goes before English, and English before Swedish
// alone.
func (b *Bot) digestLanguages(channels []store.Channel) (main cards.Lang, swedish bool) {
	has := map[cards.Lang]bool{}
	for _, ch := range channels {
		has[b.language(ch)] = true
	}
	main = b.Language
	for _, l := range []cards.Lang{cards.Swedish, cards.English, cards.Finnish} {
		if has[l] {
			main = l
		}
	}
	return main, has[cards.Swedish] && main != cards.Swedish
}

// digestInput reads a digest's form: the digest, and its form with what was typed and what is wrong with it so far. stop is
// the answer when there is nothing to be written any more.
func (t *turn) digestInput(tx *store.Tx) (d *store.Digest, e *store.Entry, f cards.DigestForm, stop *answer, err error) {
	if d, err = tx.Digest(t.data.Digest); err != nil {
		return nil, nil, f, nil, err
	}
	if e, err = tx.Entry(d.EntryID); err != nil {
		return nil, nil, f, nil, err
	}
	if err := t.mayDigest(tx, d, e); err != nil {
		return nil, nil, f, nil, err
	}
	if !e.RemovedAt.IsZero() || e.State == store.Cancelled {
		return nil, nil, f, nil, store.NotFound("error.entry_gone")
	}
	if f, err = t.digestForm(tx, d, e, t.at); err != nil {
		return nil, nil, f, nil, err
	}
	f.Version, f.Errors = t.data.Version, map[string]string{}
	for _, name := range []string{"body", "bodySv"} {
		text, typed := t.data.Inputs[name]
		if !typed {
			continue // a card of one language has no input for the other
		}
		n := units(text)
		if n > cards.MaxContentKept {
			return nil, nil, f, nil, store.Invalid(name, "invalid.too_long_now", "max", cards.MaxContentBody, "length", n)
		}
		if n > cards.MaxContentBody {
			f.Errors[name] = t.lang.T("invalid.too_long_now", "max", cards.MaxContentBody, "length", n)
		}
		f.Values[name] = text
	}
	if strings.TrimSpace(f.Values["bodySv"]) == "" {
		f.Values["bodySv"], f.Values["titleSv"] = "", ""
	} else if f.Values["titleSv"] == "" {
		facts, err := t.digestText(tx, d, e, t.at)
		if err != nil {
			return nil, nil, f, nil, err
		}
		f.Values["titleSv"] = facts.Title(cards.Swedish)
	}
	f.Values["publishDate"], f.Values["publishTime"] = "", ""
	if day := t.input("publishDate"); e.Approval {
		f.Values["publishDate"] = day
		if _, err := store.ParseDate(day); err != nil && day != "" {
			f.Errors["publishDate"] = t.lang.T("invalid.date", "value", clip(day))
		}
	}
	// A click on a card that is older than the record: the same again gets what was recorded, anything else the current card.
	if sent, ok, err := t.digestSent(tx, d, t.lang); err != nil {
		return nil, nil, f, nil, err
	} else if ok && (sent.Content == "" || t.action.Verb == cards.VerbDigestSave) {
		return d, e, f, ptr(replace(sent.Card(t.lang))), nil
	}
	return d, e, f, nil, nil
}

// keepDigest stores what was written, unless the form has a mistake. When somebody else saved it meanwhile, the form says
// so; sending it again replaces theirs, knowingly.
func (t *turn) keepDigest(tx *store.Tx, d *store.Digest, f *cards.DigestForm) error {
	if len(f.Errors) > 0 {
		return nil
	}
	draft := &store.Draft{ID: d.ContentID, EntryID: d.EntryID, AuthorID: t.person.ID, Form: f.Values, Version: f.Version}
	err := tx.SaveDraft(draft, t.at)
	if store.IsKind(err, store.KindConflict) {
		current, err := tx.Draft(d.ContentID)
		if err != nil {
			return err
		}
		f.Version = current.Version
		if !maps.Equal(current.Form, f.Values) { // else the same click again
			f.Errors[""] = t.lang.T("error.draft_changed")
		}
		return nil
	}
	if err != nil {
		return err
	}
	f.Version = draft.Version
	if d.ContentID == 0 {
		if err := tx.SetDigestContent(d, draft.ID); err != nil {
			return err
		}
	}
	return tx.Audit(t.at, t.actor(), "digest.save", "content:"+strconv.FormatInt(draft.ID, 10), "")
}

// digestSave keeps the draft of a digest.
func (t *turn) digestSave(tx *store.Tx) (answer, error) {
	d, e, f, stop, err := t.digestInput(tx)
	if err != nil || stop != nil {
		return deref(stop), err
	}
	if err := t.keepDigest(tx, d, &f); err != nil {
		return answer{}, err
	}
	if len(f.Errors) > 0 {
		return showCard(f.Card(t.lang)), nil
	}
	f.SavedAt = t.at.Truncate(time.Minute)
	return replace(f.Card(t.lang)), tx.RefreshReminders(e.ID, t.today)
}

// digestSend sends a digest the way that content goes: for approval, or out at once where its entry needs none. Sending
// it says that the checklist was gone through, as the form tells.
func (t *turn) digestSend(tx *store.Tx) (answer, error) {
	d, e, f, stop, err := t.digestInput(tx)
	if err != nil || stop != nil {
		return deref(stop), err
	}
	if err := t.keepDigest(tx, d, &f); err != nil {
		return answer{}, err
	}
	if strings.TrimSpace(f.Values["body"]) == "" && f.Errors["body"] == "" {
		f.Errors["body"] = t.lang.T("error.body_missing")
	}
	v := &store.ContentVersion{ContentID: d.ContentID, EntryID: e.ID, TeamID: d.TeamID, Approval: e.Approval, RequestedBy: t.person.ID, Checklist: store.Checks(), Audiences: e.Audiences,
		Title: f.Values["title"], Body: strings.TrimSpace(f.Values["body"]), TitleSv: f.Values["titleSv"], BodySv: strings.TrimSpace(f.Values["bodySv"]),
		Link: f.Values["link"], Image: f.Values["image"], ImageAlt: f.Values["imageAlt"]}
	if day, err := store.ParseDate(f.Values["publishDate"]); err == nil && day != 0 {
		if v.PublishAt = t.Calendar.PostAt(day); v.PublishAt.Before(t.at.Truncate(time.Minute)) {
			f.Errors["publishDate"] = t.lang.T("error.publish_past")
		}
	}
	if err := t.digestPlace(tx, d, &f); err != nil {
		return answer{}, err
	}
	if n := len(publicationView(v).Card(t.lang).AppendJSON(nil)); n > cards.MaxBytes {
		f.Errors["body"] = t.lang.T("error.too_big", "bytes", n, "max", cards.MaxBytes)
	}
	if len(f.Errors) > 0 {
		return showCard(f.Card(t.lang)), nil
	}
	if sent, ok, err := t.digestSent(tx, d, t.lang); err != nil {
		return answer{}, err
	} else if ok { // it waits
		versions, err := tx.ContentVersions(d.ContentID)
		if last := len(versions) - 1; err != nil || versions[last].Hash() == v.Hash() && versions[last].RequestedBy == t.person.ID {
			return say(sent.Text), err
		}
	}
	text, err := t.submit(tx, v)
	if err != nil {
		return answer{}, err
	}
	if err := tx.RefreshDigest(d.ID); err != nil {
		return answer{}, err
	}
	return replace(cards.DigestSent{Title: v.Title, Text: text, Content: strconv.FormatInt(d.ContentID, 10), Version: f.Version}.Card(t.lang)), nil
}

// digestPlace puts into the form's errors that a digest has nowhere to go: no audience, or of a result area no channel.
func (t *turn) digestPlace(tx *store.Tx, d *store.Digest, f *cards.DigestForm) error {
	switch {
	case len(f.Audiences) == 0:
		f.Errors[""] = t.lang.T("error.digest_no_audience")
	case d.TeamID != "" && len(f.Channels) == 0:
		team, err := tx.Team(d.TeamID)
		if err != nil {
			return err
		}
		f.Errors[""] = t.lang.T("error.digest_no_channel", "team", team.Name, "names", strings.Join(f.Audiences, ", "))
	}
	return nil
}
