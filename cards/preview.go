package cards

import (
	"time"

	"vuosikello/store"
)

// ContentPreview shows content exactly as it will be posted: one version for each language that some channel gets. Its
// actions carry [VerbContentEdit] and [VerbContentSubmit] with the draft's id and version.
type ContentPreview struct {
	Content   string
	Version   int
	Versions  []PreviewVersion
	Outside   []string  // audiences that no channel is bound to: nothing is posted for them
	PublishAt time.Time // not before, in the organisation's time zone; zero: as soon as approved
	Bytes     int       // of the largest post, as it is sent, of [MaxBytes]
	Approval  bool      // it is sent for approval; false: it is published
	NoEntry   bool      // no clock entry stands behind it
	Today     store.Date
}

// PreviewVersion is what some channels get.
type PreviewVersion struct {
	Lang        Lang     // of the card's own words
	Channels    []string // their names
	Publication Publication
}

// maxPreviewText bounds the texts that a preview repeats, in characters as clients count them. Two languages of the
// longest text fit; the third version, which has both of them, is then described instead.
const maxPreviewText = 2*MaxContentBody + 2*MaxContentTitle

// Card builds the card.
func (p ContentPreview) Card(l Lang) Card {
	title := l.T("preview.card_title")
	c := Card{Summary: title, Body: append(header(l.T("preview.card_kind"), title), paragraph(p.ask(l)))}
	if p.NoEntry {
		c.Body = append(c.Body, noEntryWarning(l))
	}
	if len(p.Outside) > 0 {
		c.Body = append(c.Body, note(l.T("preview.card_outside", "n", len(p.Outside), "names", l.join(p.Outside, showNames))))
	}
	if len(p.Versions) == 0 {
		c.Body = append(c.Body, TextBlock{Text: Text("△ " + l.T("preview.card_no_channels")), Color: colorWarning, Spacing: spacingSmall})
	}
	left := maxPreviewText
	for _, v := range p.Versions {
		c.Body = append(c.Body, subheading(l.T("preview.card_channels", "n", len(v.Channels), "names", l.join(v.Channels, showNames))))
		if left -= v.length(); left < 0 {
			c.Body = append(c.Body, paragraph(l.T("preview.card_both")))
			continue
		}
		c.Body = append(c.Body, v.container(l))
	}
	if p.Bytes > 0 {
		size := TextBlock{Text: Text(l.T("preview.card_size", "kilobytes", (p.Bytes+999)/1000, "max", MaxBytes/1000)), Size: sizeSmall, Subtle: true, Spacing: spacingMedium}
		if p.Bytes > MaxBytes {
			size = TextBlock{Text: "△ " + size.Text, Color: colorAttention, Spacing: spacingMedium}
		}
		c.Body = append(c.Body, size)
	}
	c.Actions = []Action{
		Execute{Title: submitTitle(l, p.Approval), Style: stylePositive, Data: Data{Verb: VerbContentSubmit, Content: p.Content, Version: p.Version}, Alone: true},
		Execute{Title: l.T("common.edit"), Data: Data{Verb: VerbContentEdit, Content: p.Content, Version: p.Version}, Alone: true},
	}
	return c
}

func (p ContentPreview) ask(l Lang) string {
	switch {
	case !p.PublishAt.IsZero():
		return l.T("preview.card_text", "when", l.DateTime(p.PublishAt, p.Today))
	case p.Approval:
		return l.T("preview.card_text_approved")
	}
	return l.T("preview.card_text_now")
}

func (v PreviewVersion) length() int {
	return len(v.Publication.Title) + len(v.Publication.Body) + len(v.Publication.TitleSv) + len(v.Publication.BodySv)
}

// container shows the post itself. Its buttons are named, not there to be pressed.
func (v PreviewVersion) container(l Lang) Element {
	post := v.Publication.Card(v.Lang)
	buttons := v.Lang.T("publication.ack")
	if len(post.Actions) > 1 {
		buttons = dotted(buttons, v.Lang.T("publication.link")+": "+clip(v.Publication.Link, showText))
	}
	return Container{
		Style: "emphasis", Spacing: spacingSmall,
		Items: append(post.Body, note(l.T("preview.card_buttons", "names", buttons))),
	}
}
