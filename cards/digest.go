package cards

import (
	"strings"
	"time"

	"vuosikello/store"
)

// DigestForm is the draft of a digest for its writer to edit. Its input is body; publishDate, where the digest is
// approved first, and bodySv, where a channel is Swedish, come with it. It is sent with [VerbDigestSave] or
// [VerbDigestSend], which carry the digest and the version of what was written.
type DigestForm struct {
	Digest     int64
	Version    int               // of what was written, 0 for a draft that nobody has saved
	Title      string            // of the publication
	Values     map[string]string // by input, as typed, also when wrong
	Errors     map[string]string // by input, sentences; "" for what concerns the form as a whole
	Swedish    bool              // there is a Swedish version too
	Empty      bool              // nothing is recorded of the period
	Occurrence store.Date
	Period     store.DigestPeriod
	Audiences  []string
	Channels   []string // where it will be posted
	Outside    []string // audiences that none of them reaches
	Approval   bool     // it is sent for approval; false: it is published at once
	SavedAt    time.Time
	Today      store.Date
}

// Card builds the card.
func (f DigestForm) Card(l Lang) Card {
	in := inputs{l: l, values: f.Values, errors: f.Errors}
	title := clip(f.Title, showTitle)
	kind := l.T("digest.kind") + " · " + l.T("digest.draft")
	c := Card{Summary: kind + ": " + Clean(title), Body: header(kind, title)}
	switch {
	case len(f.Errors) > 0:
		c.Body = append(c.Body, in.problems()...)
	case !f.SavedAt.IsZero():
		saved := l.T("draft.saved", "when", l.DateTime(f.SavedAt, store.DateOf(f.SavedAt)))
		c.Body = append(c.Body, TextBlock{Text: Text(saved), Color: colorGood, Spacing: spacingSmall})
		c.Summary = saved
	case f.Empty:
		c.Body = append(c.Body, paragraph(l.T("digest.empty", "range", l.Range(f.Period.From, f.Period.Until, f.Today))))
	case f.Approval:
		c.Body = append(c.Body, paragraph(l.T("digest.ask_approval")))
	default:
		c.Body = append(c.Body, paragraph(l.T("digest.ask")))
	}
	var facts facts
	facts.add(l.T("fact.when"), l.DateIn(f.Occurrence, f.Today))
	facts.add(l.T("digest.period"), l.Range(f.Period.From, f.Period.Until, f.Today))
	facts.add(l.T("fact.audience"), l.join(f.Audiences, showNames))
	facts.add(l.T("fact.channels"), l.join(f.Channels, showNames))
	c.Body = append(c.Body, FactSet{Facts: facts, Spacing: spacingMedium})
	if len(f.Channels) == 0 {
		c.Body = append(c.Body, TextBlock{Text: Text("△ " + l.T("preview.card_no_channels")), Color: colorWarning, Spacing: spacingSmall})
	} else if len(f.Outside) > 0 {
		c.Body = append(c.Body, note(l.T("preview.card_outside", "n", len(f.Outside), "names", l.join(f.Outside, showNames))))
	}
	if text := Body(in.value("body", MaxContentBody)); text != "" {
		// Clients show a few lines of a long input; the draft is read here first.
		c.Body = append(c.Body,
			ActionSet{Actions: []Action{ToggleVisibility{Title: l.T("digest.read"), Targets: []string{"draft"}}}, Spacing: spacingSmall},
			Container{ID: "draft", Style: "emphasis", Spacing: spacingSmall, Hidden: true, Items: []Element{TextBlock{Text: text}}})
	}
	in.list = c.Body
	in.text("body", "draft.body", inputText{field: field{required: l.T("error.body_missing")}, max: MaxContentBody, multiline: true})
	if f.Swedish {
		in.text("bodySv", "draft.body_sv", inputText{max: MaxContentBody, multiline: true})
	}
	if f.Approval {
		in.date("publishDate", "draft.date", "")
	}
	checks := make([]string, 0, len(store.Checks()))
	for _, check := range store.Checks() {
		checks = append(checks, "– "+l.T("check."+check))
	}
	c.Body = append(in.list, note(l.T("digest.checks")+"\n"+strings.Join(checks, "\n")))
	data := func(verb string) Data { return Data{Verb: verb, Digest: f.Digest, Version: f.Version} }
	c.Actions = []Action{
		Execute{Title: submitTitle(l, f.Approval), Style: stylePositive, Data: data(VerbDigestSend)},
		Execute{Title: l.T("draft.save"), Data: data(VerbDigestSave)},
	}
	return c
}

// DigestSent says what became of a digest that was sent. Its action carries [VerbContentEdit] with the content and its
// version.
type DigestSent struct {
	Title   string
	Text    string // what became of it
	Content string // "" when it cannot be edited
	Version int
}

// Card builds the card.
func (s DigestSent) Card(l Lang) Card {
	c := Message{Kind: l.T("digest.kind") + " · " + l.T("digest.sent"), Title: s.Title, Text: s.Text, Tone: ToneGood}.Card(l)
	if s.Content != "" {
		c.Actions = []Action{Execute{Title: l.T("common.edit"), Data: Data{Verb: VerbContentEdit, Content: s.Content, Version: s.Version}, Alone: true}}
	}
	return c
}

// DigestChoices lets its reader choose what to draft a digest for: an entry, or a result area.
type DigestChoices struct {
	Areas   bool // they are result areas, not entries
	Buttons []Button
}

// maxDigestChoices bounds the buttons.
const maxDigestChoices = 30

// Card builds the card.
func (d DigestChoices) Card(l Lang) Card {
	title, text := l.T("digest.choose"), l.T("digest.choose_text")
	switch {
	case d.Areas:
		title, text = l.T("digest.choose_area"), l.T("digest.choose_area_text")
	case len(d.Buttons) == 0:
		title, text = l.T("digest.none"), l.T("digest.none_text")
	}
	c := Card{Summary: title, Body: append(header(l.T("digest.kind"), title), paragraph(text))}
	var buttons []Action
	for _, b := range d.Buttons[:min(len(d.Buttons), maxDigestChoices)] {
		buttons = append(buttons, command(b.Title, b.Command))
	}
	c.Body = append(c.Body, buttonRows(buttons)...)
	return c
}
