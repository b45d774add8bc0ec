package cards

import (
	"strings"
	"time"

	"vuosikello/store"
)

// Publication is a published text as its channels show it. The caller passes the languages that the channel gets:
// Finnish, Swedish or both. Its action carries [VerbAck] with the content and its version.
type Publication struct {
	Content         string
	Version         int
	Title, Body     string    // Finnish, "" when the channel does not get it
	TitleSv, BodySv string    // Swedish, likewise
	Link            string    // a web address, or ""
	Image, ImageAlt string    // an https address and what the picture shows, or ""
	Acks            int       // how many people acknowledged it
	At              time.Time // when it was published; this and the other times are in the organisation's time zone
	Late            bool      // it was published after its time
	Corrected       time.Time // when it was last corrected, zero for never
	Withdrawn       time.Time // when it was taken back, zero for never; the card then has nothing of the text
	By              string    // who took it back, "" to leave it out
	Today           store.Date
}

// Card builds the card.
func (p Publication) Card(l Lang) Card {
	if !p.Withdrawn.IsZero() {
		return p.withdrawn(l)
	}
	texts := versions(p.Title, p.Body, p.TitleSv, p.BodySv)
	title := clip(texts[0].title, showTitle)
	c := Card{Summary: Clean(title), Body: header(p.kind(l), title)}
	if title == "" {
		c.Summary, c.Body = l.T("publication.kind"), c.Body[:1]
	}
	c.Body = append(c.Body, picture(p.Image, p.ImageAlt)...)
	for i, t := range texts {
		var items []Element
		if i > 0 {
			items = append(items, TextBlock{Text: Text(clip(t.title, showTitle)), Size: sizeLarge, Weight: weightBolder, Heading: true})
		}
		if body := Body(bounded(t.body)); body != "" {
			items = append(items, TextBlock{Text: body, Spacing: spacingSmall})
		}
		if i == 0 {
			c.Body = append(c.Body, items...)
		} else {
			c.Body = append(c.Body, Container{Separator: true, Spacing: spacingMedium, Items: items})
		}
	}
	if p.Acks > 0 {
		c.Body = append(c.Body, note("✓ "+l.T("publication.acks", "n", p.Acks)))
	}
	c.Actions = []Action{Execute{
		Title: l.T("publication.ack"), Style: stylePositive, Alone: true,
		Data: Data{Verb: VerbAck, Content: p.Content, Version: p.Version},
	}}
	if isWebAddress(p.Link) {
		c.Actions = append(c.Actions, OpenURL{Title: l.T("publication.link"), URL: p.Link})
	}
	return c
}

func (p Publication) kind(l Lang) string {
	kind := l.T("publication.kind")
	if !p.At.IsZero() {
		kind += " · " + l.DateTime(p.At, p.Today)
	}
	if p.Late {
		kind += " · " + l.T("publication.late")
	}
	if !p.Corrected.IsZero() {
		kind += " · " + l.T("publication.corrected", "when", l.DateTime(p.Corrected, p.Today))
	}
	return kind
}

func (p Publication) withdrawn(l Lang) Card {
	title := l.T("publication.withdrawn_title")
	c := Card{Summary: title, Body: header(l.T("publication.kind")+" · "+l.T("publication.withdrawn"), title)}
	text := l.T("publication.withdrawn_text", "when", l.DateTime(p.Withdrawn, p.Today))
	if by := l.name(p.By, showName); by != "" {
		text = l.T("publication.withdrawn_by", "who", by, "when", l.DateTime(p.Withdrawn, p.Today))
	}
	c.Body = append(c.Body, paragraph("× "+text))
	return c
}

// text is one language version of content.
type text struct {
	lang        Lang
	title, body string
}

// versions returns the language versions that there are, at least one, the Finnish one first.
func versions(title, body, titleSv, bodySv string) []text {
	fi, sv := text{Finnish, title, body}, text{Swedish, titleSv, bodySv}
	switch {
	case sv.empty():
		return []text{fi}
	case fi.empty():
		return []text{sv}
	}
	return []text{fi, sv}
}

func (t text) empty() bool { return strings.TrimSpace(t.title+t.body) == "" }

// picture is content's picture, when there is one that can be shown.
func picture(address, alt string) []Element {
	if !strings.HasPrefix(address, "https://") || !isWebAddress(address) {
		return nil
	}
	return []Element{Image{URL: address, Alt: clip(alt, MaxContentLink)}}
}
