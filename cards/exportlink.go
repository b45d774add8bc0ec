package cards

import (
	"time"

	"vuosikello/store"
)

// ExportKinds offers the exports as buttons.
type ExportKinds struct {
	Kinds []string // entries, approvals and so on
	Typed string   // what was asked for and is none, "" for nothing
}

// Card builds the card.
func (e ExportKinds) Card(l Lang) Card {
	title, text := l.T("export.choose"), l.T("export.choose_text")
	if e.Typed != "" {
		text = l.T("export.unknown", "typed", e.Typed)
	}
	c := Card{Summary: title, Body: append(header(l.T("export.kind"), title), paragraph(text))}
	var buttons []Action
	for _, k := range e.Kinds {
		buttons = append(buttons, command(upperFirst(l.T("export.name."+k)), l.Word("command.export")+" "+k))
	}
	c.Body = append(c.Body, buttonRows(buttons)...)
	return c
}

// ExportLink gives a person a link to an export. It is for their eyes only.
type ExportLink struct {
	Kind  string
	URL   string
	Until time.Time // in the organisation's time zone
	Today store.Date
}

// Card builds the card.
func (e ExportLink) Card(l Lang) Card {
	title := upperFirst(l.T("export.name." + e.Kind))
	c := Card{Summary: l.T("export.kind") + ": " + title, Body: append(header(l.T("export.kind"), title),
		paragraph(l.T("export.text")), note(l.T("export.until", "when", l.DateTime(e.Until, e.Today))))}
	if personalExports[e.Kind] {
		c.Body = append(c.Body, TextBlock{Text: Text("△ " + l.T("export.personal")), Spacing: spacingSmall})
	}
	c.Actions = []Action{OpenURL{Title: l.T("export.open"), URL: e.URL}}
	return c
}

// personalExports are those that tell who did what.
var personalExports = map[string]bool{"approvals": true, "attendance": true, "audit": true}
