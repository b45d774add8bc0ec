package bot

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"vuosikello/cards"
	"vuosikello/store"
)

// contentInputs are the inputs of the content form.
var contentInputs = []string{"title", "body", "titleSv", "bodySv", "audience", "publishDate", "publishTime", "entry", "link", "image", "imageAlt",
	"checkCopyright", "checkPrivacy", "checkLanguage", "checkAccessibility"}

// checkInputs are the inputs of the checklist, by the checks of store.Checks.
var checkInputs = map[string]string{"copyright": "checkCopyright", "privacy": "checkPrivacy", "language": "checkLanguage", "accessibility": "checkAccessibility"}

// newContent opens an empty content form.
func (t *turn) newContent(tx *store.Tx, _ string) (answer, error) {
	values := map[string]string{"publishDate": store.WorkdayOnOrAfter(t.today + 1).String(), "publishTime": t.Calendar.PostTime.String()}
	if b, err := tx.Bindings(t.here.ID); err != nil {
		return answer{}, err
	} else if len(b) == 1 && b[0].Kind == store.ForAudience {
		values["audience"] = b[0].Name
	}
	c, err := t.contentForm(tx, cards.ContentForm{Values: values})
	return showCard(c), err
}

// entryContent opens the content form of the entry that a reminder is about, with the draft that there is; of a digest, the
// form of its draft.
func (t *turn) entryContent(tx *store.Tx) (answer, error) {
	r, e, stop, err := t.reminder(tx)
	if err != nil || stop != nil {
		return deref(stop), err
	}
	if IsDigest(e.Title) {
		return t.entryDigest(tx, e, r.Occurrence)
	}
	day := max(r.Occurrence, t.today)
	if !t.Calendar.PostAt(day).After(t.at) {
		day = store.WorkdayOnOrAfter(day + 1)
	}
	f := cards.ContentForm{Values: map[string]string{
		"title": e.Title, "entry": e.ID, "audience": strings.Join(e.Audiences, ","), "publishDate": day.String(), "publishTime": t.Calendar.PostTime.String(),
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

// contentEdit opens the form of content that exists, filled, as a message of its own. Sending it makes a new version;
// for what is published already, that is a correction.
func (t *turn) contentEdit(tx *store.Tx) (answer, error) {
	d, err := tx.Draft(t.data.Content)
	if err != nil {
		return answer{}, err
	}
	if err := t.mayWrite(tx, d); err != nil {
		return answer{}, err
	}
	if _, published, err := tx.PublishedVersion(d.ID); err != nil {
		return answer{}, err
	} else if day, _ := store.ParseDate(d.Form["publishDate"]); published && day != 0 && day <= t.today {
		d.Form["publishDate"], d.Form["publishTime"] = "", "" // a correction goes out as soon as it is approved
	}
	c, err := t.contentForm(tx, cards.ContentForm{Content: strconv.FormatInt(d.ID, 10), Version: d.Version, Values: d.Form})
	if err != nil {
		return answer{}, err
	}
	if _, posted, err := tx.PostByActivity(t.a.Conversation.ID, t.a.ReplyToID); err != nil || posted || !t.personal() {
		return t.ownMessage(c), err
	}
	return replace(c), nil // the preview in a chat of one's own gives its place back to the form
}

// contentForm completes a form with what can be chosen in it, and with what its entry decides.
func (t *turn) contentForm(tx *store.Tx, f cards.ContentForm) (cards.Card, error) {
	var err error
	if f.Audiences, err = audienceNames(tx); err != nil {
		return cards.Card{}, err
	}
	if f.Entries, err = t.entryChoices(tx, f.Values["entry"]); err != nil {
		return cards.Card{}, err
	}
	f.Approval, f.NoEntry = true, f.Values["entry"] == ""
	if !f.NoEntry {
		list, err := tx.EntriesByID([]string{f.Values["entry"]})
		if err != nil {
			return cards.Card{}, err
		}
		f.Approval = len(list) == 0 || list[0].Approval
	}
	return f.Card(t.lang), nil
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

// contentInput reads a content form: what was typed, whose draft it is, and what is wrong with it so far. Only what
// could not be kept in a draft is checked here.
func (t *turn) contentInput(tx *store.Tx) (cards.ContentForm, *store.Draft, error) {
	form := cards.ContentForm{Version: t.data.Version, Values: t.inputs(contentInputs), Errors: map[string]string{}}
	if _, typed := t.data.Inputs["title"]; !typed && t.data.Content != 0 {
		// A preview has no inputs: what it shows is the draft.
		old, err := tx.Draft(t.data.Content)
		if err != nil {
			return form, nil, err
		}
		form.Values = old.Form
	}
	form.Values["entry"] = cards.EntryValue(form.Values["entry"])
	d := &store.Draft{ID: t.data.Content, EntryID: form.Values["entry"], AuthorID: t.person.ID, Form: form.Values, Version: t.data.Version}
	if d.ID != 0 {
		form.Content = strconv.FormatInt(d.ID, 10)
	}
	if err := t.mayWrite(tx, d); err != nil {
		return form, d, err
	}
	for field, most := range map[string]int{"title": cards.MaxContentTitle, "titleSv": cards.MaxContentTitle, "body": cards.MaxContentBody, "bodySv": cards.MaxContentBody,
		"imageAlt": cards.MaxContentLink, "link": cards.MaxContentLink, "image": cards.MaxContentLink} {
		n := units(t.data.Inputs[field]) // as typed, also what no form could hold
		if most == cards.MaxContentBody && n > cards.MaxContentKept {
			// The form could not come back with all of it: it is left alone, with what was typed.
			return form, d, store.Invalid(field, "invalid.too_long_now", "max", most, "length", n)
		}
		if n = max(n, units(form.Values[field])); n > most {
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
			return form, d, err
		} else if len(list) == 0 || !list[0].RemovedAt.IsZero() {
			form.Errors["entry"] = t.lang.T("error.entry_gone")
		}
	}
	return form, d, nil
}

// units is the length of a text as clients count it, and cards bound it: in UTF-16 units.
func units(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// clickAgain is for how long the same new form from the same person is taken for a click that came again: clients show a
// slow answer as a failure, and people press once more.
const clickAgain = 10 * time.Minute

// keepDraft stores the draft, unless the form has a mistake; then, or when somebody else saved it meanwhile, stop is the
// form again with what was typed.
func (t *turn) keepDraft(tx *store.Tx, form *cards.ContentForm, d *store.Draft) (stop *answer, err error) {
	if len(form.Errors) == 0 && d.ID == 0 {
		same, again, err := tx.DraftLike(d.AuthorID, d.Form, t.at.Add(-clickAgain))
		if err != nil {
			return nil, err
		}
		if again {
			d.ID, d.Version = same.ID, same.Version
		}
	}
	if len(form.Errors) == 0 {
		err := tx.SaveDraft(d, t.at)
		switch {
		case store.IsKind(err, store.KindConflict):
			current, err := tx.Draft(d.ID)
			if err != nil {
				return nil, err
			}
			if maps.Equal(current.Form, d.Form) { // the same click again
				form.Version, d.Version = current.Version, current.Version
				return nil, nil
			}
			// Sending it again replaces theirs, knowingly.
			form.Version = current.Version
			form.Errors[""] = t.lang.T("error.draft_changed")
		case err != nil:
			return nil, err
		default:
			form.Content, form.Version = strconv.FormatInt(d.ID, 10), d.Version
		}
	}
	if len(form.Errors) == 0 {
		return nil, nil
	}
	c, err := t.contentForm(tx, *form)
	return ptr(showCard(c)), err
}

// contentSave keeps a draft. A draft may be incomplete; only what could not be kept is refused.
func (t *turn) contentSave(tx *store.Tx) (answer, error) {
	form, d, err := t.contentInput(tx)
	if err != nil {
		return answer{}, err
	}
	if stop, err := t.keepDraft(tx, &form, d); err != nil || stop != nil {
		return deref(stop), err
	}
	form.SavedAt = t.at.Truncate(time.Minute)
	if err := tx.Audit(t.at, t.actor(), "content.save", "content:"+form.Content, ""); err != nil {
		return answer{}, err
	}
	if d.EntryID != "" {
		if err := tx.RefreshReminders(d.EntryID, t.today); err != nil {
			return answer{}, err
		}
	}
	c, err := t.contentForm(tx, form)
	return replace(c), err
}

// contentComplete reads a form that is to be shown or sent as it will be published. Beside what a draft needs, all of it
// must be there. The draft is kept even when something is missing.
func (t *turn) contentComplete(tx *store.Tx) (v *store.ContentVersion, form cards.ContentForm, stop *answer, err error) {
	form, d, err := t.contentInput(tx)
	if err != nil {
		return nil, form, nil, err
	}
	if stop, err := t.keepDraft(tx, &form, d); err != nil || stop != nil {
		return nil, form, stop, err
	}
	typed := func(name string) string {
		if store.Blank(form.Values[name]) {
			return "" // no reader would see anything of it
		}
		return strings.TrimSpace(form.Values[name])
	}
	v = &store.ContentVersion{ContentID: d.ID, EntryID: d.EntryID, Approval: true, RequestedBy: t.person.ID,
		Title: typed("title"), Body: typed("body"), TitleSv: typed("titleSv"), BodySv: typed("bodySv"),
		Link: strings.TrimSpace(form.Values["link"]), Image: strings.TrimSpace(form.Values["image"]), ImageAlt: strings.TrimSpace(form.Values["imageAlt"])}
	if d.EntryID != "" {
		e, err := tx.Entry(d.EntryID)
		if err != nil {
			return nil, form, nil, err
		}
		v.Approval = e.Approval
	}
	if v.TeamID, err = tx.ContentTeam(d.ID); err != nil {
		return nil, form, nil, err
	}
	if err := t.contentAudiences(tx, v, &form); err != nil {
		return nil, form, nil, err
	}
	wrong := func(field, key string, args ...any) { form.Errors[field] = t.lang.T(key, args...) }
	if v.Title == "" {
		wrong("title", "field.title_required")
	}
	if v.Body == "" {
		wrong("body", "error.body_missing")
	}
	if v.TitleSv == "" && v.BodySv != "" {
		wrong("titleSv", "error.swedish_half")
	}
	if v.BodySv == "" && v.TitleSv != "" {
		wrong("bodySv", "error.swedish_half")
	}
	if v.Image != "" && !strings.HasPrefix(strings.ToLower(v.Image), "https://") {
		wrong("image", "error.image_https")
	}
	if v.Image != "" && v.ImageAlt == "" {
		wrong("imageAlt", "error.image_alt_missing")
	}
	day, _ := store.ParseDate(form.Values["publishDate"]) // checked by contentInput
	if day != 0 {
		clock := t.Calendar.PostTime
		if s := form.Values["publishTime"]; s != "" {
			clock, _ = store.ParseTimeOfDay(s)
		}
		if v.PublishAt = day.In(t.Calendar.Location, clock); v.PublishAt.Before(t.at.Truncate(time.Minute)) {
			wrong("publishDate", "error.publish_past")
		}
	}
	if len(form.Errors) == 0 {
		if n := len(publicationView(v).Card(t.lang).AppendJSON(nil)); n > cards.MaxBytes {
			wrong("body", "error.too_big", "bytes", n, "max", cards.MaxBytes)
		}
	}
	if len(form.Errors) > 0 {
		c, err := t.contentForm(tx, form)
		return nil, form, ptr(showCard(c)), err
	}
	return v, form, nil, nil
}

// contentAudiences reads whom the content is for. Each must be known: named by an entry or a channel.
func (t *turn) contentAudiences(tx *store.Tx, v *store.ContentVersion, form *cards.ContentForm) error {
	names, other := cards.AudienceValue(form.Values["audience"])
	if len(names) == 0 || other {
		form.Errors["audience"] = t.lang.T("error.audience_missing")
		return nil
	}
	var sentence string
	var err error
	if v.Audiences, sentence, err = t.knownAudiences(tx, names); sentence != "" {
		form.Errors["audience"] = sentence
	}
	return err
}

// knownAudiences returns the audiences as they are spelt by those who named them first: an entry or a channel. Of a name
// that neither knows, the sentence says so, with the nearest names.
func (t *turn) knownAudiences(tx *store.Tx, names []string) (found []string, sentence string, err error) {
	known, err := audienceNames(tx)
	if err != nil {
		return nil, "", err
	}
	spelling := make(map[string]string, len(known))
	for _, k := range known {
		spelling[store.Key(k)] = k
	}
	for _, n := range names {
		k, ok := spelling[store.Key(n)]
		if _, word := bindingWords[store.Key(n)]; word && !ok {
			k, ok = n, true
		}
		if !ok {
			if near := nearest(n, known); len(near) > 0 {
				return nil, t.lang.T("error.audience_unknown", "name", clip(n), "near", strings.Join(near, ", ")), nil
			}
			return nil, t.lang.T("error.audience_unknown_list", "name", clip(n), "known", strings.Join(known[:min(len(known), 10)], ", ")), nil
		}
		if !slices.Contains(found, k) {
			found = append(found, k)
		}
	}
	return found, "", nil
}

// contentPreview shows exactly what would be posted, for each channel.
func (t *turn) contentPreview(tx *store.Tx) (answer, error) {
	v, form, stop, err := t.contentComplete(tx)
	if err != nil || stop != nil {
		return deref(stop), err
	}
	c, err := t.previewCard(tx, v, form)
	return replace(c), err
}

// previewCard shows the content as each channel will get it, once for each language.
func (t *turn) previewCard(tx *store.Tx, v *store.ContentVersion, form cards.ContentForm) (cards.Card, error) {
	view := cards.ContentPreview{Content: form.Content, Version: form.Version, PublishAt: t.local(v.PublishAt), Approval: v.Approval, NoEntry: v.EntryID == "", Today: t.today}
	channels, outside, err := teamChannels(tx, v.Audiences, v.TeamID)
	if err != nil {
		return cards.Card{}, err
	}
	view.Outside = outside
	index := map[string]int{}
	for _, ch := range channels {
		l := t.language(ch)
		p := publicationIn(v, ch)
		key := string(l) + p.Title + p.TitleSv
		i, ok := index[key]
		if !ok {
			i = len(view.Versions)
			index[key] = i
			view.Versions = append(view.Versions, cards.PreviewVersion{Lang: l, Publication: p})
			view.Bytes = max(view.Bytes, len(p.Card(l).AppendJSON(nil)))
		}
		view.Versions[i].Channels = append(view.Versions[i].Channels, ch.FullName())
	}
	return view.Card(t.lang), nil
}

// contentSubmit sends content for approval, or straight to publication when its entry needs none.
func (t *turn) contentSubmit(tx *store.Tx) (answer, error) {
	v, form, stop, err := t.contentComplete(tx)
	if err != nil || stop != nil {
		return deref(stop), err
	}
	for _, check := range store.Checks() {
		if form.Values[checkInputs[check]] == "true" {
			v.Checklist = append(v.Checklist, check)
		} else {
			form.Errors[checkInputs[check]] = t.lang.T("error.checklist_missing")
		}
	}
	if len(form.Errors) > 0 {
		c, err := t.contentForm(tx, form)
		return showCard(c), err
	}
	text, err := t.submit(tx, v)
	return replace(cards.Message{Title: v.Title, Text: text, Tone: cards.ToneGood}.Card(t.lang)), err
}

// submit sends a complete version for approval, or straight to publication when its entry needs none, and returns the
// sentence that says so. The same version that still waits is not sent again.
func (t *turn) submit(tx *store.Tx, v *store.ContentVersion) (string, error) {
	earlier, err := tx.ContentVersions(v.ContentID)
	if err != nil {
		return "", err
	}
	if n := len(earlier); n > 0 && t.waits(earlier[n-1]) && earlier[n-1].Hash() == v.Hash() && earlier[n-1].EntryID == v.EntryID {
		return t.submitted(tx, earlier[n-1])
	}
	if err := tx.SubmitContent(v, t.at, t.Calendar); err != nil {
		return "", err
	}
	if err := t.voided(tx, earlier); err != nil {
		return "", err
	}
	subject := "content:" + strconv.FormatInt(v.ContentID, 10) + "/" + strconv.Itoa(v.Version)
	if err := tx.Audit(t.at, t.actor(), "content.submit", subject, "sha256 "+v.SHA256); err != nil {
		return "", err
	}
	own := store.Post{Kind: store.KindRequest, Title: v.Title, EntryID: v.EntryID, ContentID: v.ContentID, ContentVersion: v.Version, PersonID: t.person.ID, Priority: store.PriorityNotice, DueAt: t.at}
	if err := tx.AddPost(&own, t.at); err != nil {
		return "", err
	}
	if v.Approval {
		if err := t.askApproval(tx, v); err != nil {
			return "", err
		}
	} else {
		if _, err := tx.Decide(v, store.DecisionApproved, "", "", 0, t.at, t.Calendar); err != nil {
			return "", err
		}
		if err := tx.Audit(t.at, t.actor(), "content.release", subject, "its entry needs no approval"); err != nil {
			return "", err
		}
	}
	if v.EntryID != "" {
		if err := tx.RefreshReminders(v.EntryID, t.today); err != nil {
			return "", err
		}
	}
	return t.submitted(tx, v)
}

// waits reports whether the version waits for a decision or for its publication.
func (b *Bot) waits(v *store.ContentVersion) bool {
	return v.Decision.Open() || (v.Decision == store.DecisionApproved && v.PublishedAt.IsZero())
}

// submitted is the sentence that tells the requester who was asked.
func (t *turn) submitted(tx *store.Tx, v *store.ContentVersion) (string, error) {
	if !v.Approval {
		return t.lang.T("content.published_soon"), nil
	}
	approvers, err := t.approvers(tx, v, t.today)
	if len(approvers) == 0 {
		return t.lang.T("content.no_approvers"), err
	}
	names := make([]string, len(approvers))
	for i, a := range approvers {
		names[i] = first(a.Name, t.lang.T("role.unknown_person"))
	}
	return t.lang.T("content.submitted", "names", strings.Join(names, ", ")), err
}

// voided records which of the earlier versions a new one has made void, and tells whoever had asked for them.
func (t *turn) voided(tx *store.Tx, earlier []*store.ContentVersion) error {
	for _, v := range earlier {
		if !t.waits(v) {
			continue
		}
		if err := tx.Audit(t.at, t.actor(), "approval.voided", store.VersionItem(v), "sha256 "+v.SHA256); err != nil {
			return err
		}
		if v.RequestedBy == t.person.ID {
			continue
		}
		if err := t.tell(tx, v.RequestedBy, v, t.at, "notice.decision.voided", "title", v.Title); err != nil {
			return err
		}
	}
	return nil
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
