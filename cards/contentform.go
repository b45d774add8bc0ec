package cards

import (
	"slices"
	"time"

	"vuosikello/store"
)

// Limits on a content form's texts, in characters as clients count them (UTF-16 units). Two bodies of this length, with all the rest, stay under [MaxBytes].
const (
	MaxContentTitle = 300
	MaxContentBody  = 6000
	MaxContentLink  = 1000
)

// ContentForm is the form of a publication's content. Its inputs have the ids title, body, titleSv, bodySv, audience,
// publishDate, publishTime, entry, link, image, imageAlt, checkCopyright, checkPrivacy, checkLanguage and
// checkAccessibility; it is sent with [VerbContentSave], [VerbContentPreview] or [VerbContentSubmit] and the draft's id and version.
type ContentForm struct {
	Content   string            // id of the draft, "" for a new one
	Version   int               // of the draft
	Values    map[string]string // by input, as typed, also when wrong
	Errors    map[string]string // by input, sentences; "" for what concerns the form as a whole
	Audiences []string          // that are known
	Entries   []Choice          // the entries it can belong to: title and id
	SavedAt   time.Time         // the draft was saved just now; zero when it was not; in the organisation's time zone
	Approval  bool              // it is sent for approval; false: its entry needs none, and it is published
	NoEntry   bool              // no clock entry stands behind it, which is pointed out
}

// Card builds the card.
func (f ContentForm) Card(l Lang) Card {
	in := inputs{l: l, values: f.Values, errors: f.Errors}
	title := clip(in.value("title", MaxContentTitle), showTitle)
	if title == "" {
		title = l.T("draft.title")
	}
	c := Card{Summary: l.T("draft.kind") + ": " + Clean(title), Body: header(l.T("draft.kind"), title)}
	switch {
	case len(f.Errors) > 0:
		c.Body = append(c.Body, in.problems()...)
	case !f.SavedAt.IsZero():
		saved := l.T("draft.saved", "when", l.DateTime(f.SavedAt, store.DateOf(f.SavedAt)))
		c.Body = append(c.Body, TextBlock{Text: Text(saved), Color: colorGood, Spacing: spacingSmall})
		c.Summary = saved
	default:
		c.Body = append(c.Body, paragraph(l.T("draft.text")))
	}
	in.list = c.Body
	in.text("title", "field.title", inputText{field: field{required: l.T("field.title_required")}, max: MaxContentTitle})
	in.text("body", "draft.body", inputText{max: MaxContentBody, multiline: true})
	in.audience(f.Audiences)
	f.entry(&in)
	if f.NoEntry {
		in.list = append(in.list, noEntryWarning(l))
	}
	in.date("publishDate", "draft.date", "")
	in.time("publishTime", "draft.time")
	in.list = append(in.list, subheading(l.T("draft.checks")))
	in.toggle("checkCopyright", "check.copyright")
	in.toggle("checkPrivacy", "check.privacy")
	in.toggle("checkLanguage", "check.language")
	in.toggle("checkAccessibility", "check.accessibility")
	f.group(&in, "swedish", "draft.swedish", []string{"titleSv", "bodySv"}, func() {
		in.text("titleSv", "draft.title_sv", inputText{max: MaxContentTitle})
		in.text("bodySv", "draft.body_sv", inputText{max: MaxContentBody, multiline: true})
	})
	f.group(&in, "picture", "draft.image_group", []string{"link", "image", "imageAlt"}, func() {
		in.text("link", "draft.link", inputText{placeholder: "https://", max: MaxContentLink, style: "Url"})
		in.text("image", "draft.image", inputText{placeholder: "https://", max: MaxContentLink, style: "Url"})
		in.text("imageAlt", "draft.image_alt", inputText{max: MaxContentLink})
	})
	c.Body = in.list
	data := func(verb string) Data { return Data{Verb: verb, Content: f.Content, Version: f.Version} }
	c.Actions = []Action{
		Execute{Title: submitTitle(l, f.Approval), Style: stylePositive, Data: data(VerbContentSubmit)},
		Execute{Title: l.T("draft.preview"), Data: data(VerbContentPreview)},
		Execute{Title: l.T("draft.save"), Data: data(VerbContentSave)},
	}
	return c
}

// submitTitle names the button that sends content on.
func submitTitle(l Lang, approval bool) string {
	if approval {
		return l.T("draft.submit")
	}
	return l.T("draft.publish")
}

// noEntryWarning points out content that no clock entry stands behind.
func noEntryWarning(l Lang) Element {
	return TextBlock{Text: Text("△ " + l.T("draft.not_in_clock")), Color: colorWarning, Spacing: spacingSmall}
}

// group hides inputs that are seldom used behind a button, unless one of them has a value or an error.
func (f ContentForm) group(in *inputs, id, title string, ids []string, add func()) {
	outer := in.list
	in.list = nil
	add()
	hidden := !slices.ContainsFunc(ids, func(input string) bool { return f.Values[input] != "" || f.Errors[input] != "" })
	items := in.list
	in.list = outer
	if hidden {
		button := ToggleVisibility{Title: in.l.T(title), Targets: []string{id}}
		in.list = append(in.list, ActionSet{Actions: []Action{button}, Spacing: spacingSmall})
	}
	in.list = append(in.list, Container{ID: id, Hidden: hidden, Items: items})
}

// maxEntries bounds the list of entries that a content can belong to.
const maxEntries = 30

// showChoice is how much of an entry's title the list shows, in characters.
const showChoice = 60

// entry is the list of entries. The one that the content belongs to already is always among them.
func (f ContentForm) entry(in *inputs) {
	value := in.value("entry", showName)
	choices := []Choice{{in.l.T("draft.no_entry"), noEntry}}
	for _, e := range f.Entries {
		if len(choices) < maxEntries || e.Value == value {
			choices = append(choices, Choice{Clean(clip(e.Title, showChoice)), e.Value})
		}
	}
	if !slices.ContainsFunc(choices, func(c Choice) bool { return c.Value == value }) {
		value = noEntry
	}
	in.choice("entry", "draft.entry", value, choices, false)
}

// noEntry is the value of "belongs to no entry"; see noRepeat.
const noEntry = "none"

// EntryValue returns the entry's id in the form's input "entry", "" for none.
func EntryValue(input string) string {
	if input == noEntry {
		return ""
	}
	return input
}
