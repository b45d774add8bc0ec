package page

import (
	"io"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// statementDate is when the accessibility statement's text was last looked over: after each change to the pages, or to
// what is known of their faults, see to the texts "statement.*" and to this day.
var statementDate = store.NewDate(2026, time.November, 22)

// Owner is the organisation that keeps the service, as its settings tell.
type Owner struct {
	Organisation string // "" when it is not set
	Website      string // where people can write to it, "" for none
	Privacy      string // its own privacy notice, "" for none
}

// prose is a page of text.
type prose struct {
	Frame
	Title     string
	Intro     []string
	Sections  []section
	Languages []language
}

type section struct {
	Heading string
	Texts   []string
	Items   []string
	Links   []Link
	Parts   []part
}

// part is a list under a heading of its own.
type part struct {
	Heading string
	Items   []string
}

// organisation is what the texts call the organisation.
func (o Owner) name(l cards.Lang) string {
	if o.Organisation != "" {
		return o.Organisation
	}
	return l.T("statement.organisation")
}

// Statement writes the accessibility statement that the act on the provision of digital services (306/2019, section 9)
// asks of Finland's public bodies: what it covers, how far the requirements are met, what is not accessible and why, how
// that was found out, and how to complain. The supervising authority has been Traficom since 1 January 2025.
func Statement(w io.Writer, f Frame, o Owner) error {
	f.Mode = Public
	p := prose{Frame: f, Title: f.T("tab.statement"), Languages: f.languages(func(l cards.Lang) string { return "/saavutettavuus?lang=" + string(l) })}
	p.Intro = []string{f.T("statement.scope", "who", o.name(f.Lang)), f.T("statement.law")}
	feedback := section{Heading: f.T("statement.feedback"), Texts: []string{f.T("statement.feedback_text")}}
	if o.Website != "" {
		feedback.Links = []Link{{Text: o.name(f.Lang), Href: o.Website, Note: o.Website}}
	}
	p.Sections = []section{
		{Heading: f.T("statement.status"), Texts: []string{f.T("statement.status_text")}},
		{Heading: f.T("statement.faults"), Texts: []string{f.T("statement.faults_text")},
			Items: []string{f.T("statement.fault.wheel"), f.T("statement.fault.cards"), f.T("statement.fault.attachments")}},
		{Heading: f.T("statement.how"), Texts: []string{f.T("statement.how_text"), f.T("statement.date", "date", statementDate)}},
		feedback,
		{Heading: f.T("statement.authority"), Texts: []string{f.T("statement.authority_text")}, Items: []string{f.T("statement.authority_name"), f.T("statement.authority_phone")},
			Links: []Link{{Text: f.T("statement.authority_site"), Href: f.T("statement.authority_url")}, {Text: "saavutettavuus@traficom.fi", Href: "mailto:saavutettavuus@traficom.fi"}}},
	}
	return p.write(w)
}

// Privacy writes the privacy notice (articles 13 and 14 of the General Data Protection Regulation): who keeps the data,
// what for, what is kept and how long, as the database's own schema tells it.
func Privacy(w io.Writer, f Frame, o Owner, columns []store.PersonalColumn, r store.Retention) error {
	f.Mode = Public
	p := prose{Frame: f, Title: f.T("tab.privacy"), Languages: f.languages(func(l cards.Lang) string { return "/tietosuoja?lang=" + string(l) })}
	p.Intro = []string{f.T("privacypage.scope", "who", o.name(f.Lang))}
	controller := section{Heading: f.T("privacypage.controller"), Texts: []string{f.T("privacypage.controller_text", "who", o.name(f.Lang))}}
	if o.Website != "" {
		controller.Links = append(controller.Links, Link{Text: o.name(f.Lang), Href: o.Website, Note: o.Website})
	}
	if o.Privacy != "" {
		controller.Links = append(controller.Links, Link{Text: f.T("privacypage.own"), Href: o.Privacy, Note: o.Privacy})
	}
	kept := section{Heading: f.T("privacypage.kept"), Texts: []string{f.T("privacypage.kept_text")}}
	table := ""
	for _, c := range columns {
		if c.Table != table {
			table = c.Table
			kept.Parts = append(kept.Parts, part{Heading: f.Lang.PersonalTable(table)})
		}
		what, howLong := f.Lang.PersonalColumn(c, r)
		last := &kept.Parts[len(kept.Parts)-1]
		last.Items = append(last.Items, f.T("privacypage.line", "what", what, "how_long", howLong))
	}
	p.Sections = []section{
		controller,
		{Heading: f.T("privacypage.why"), Texts: []string{f.T("privacypage.why_text"), f.T("privacypage.basis")}},
		{Heading: f.T("privacypage.from"), Texts: []string{f.T("privacypage.from_text")}},
		{Heading: f.T("privacypage.to"), Texts: []string{f.T("privacypage.to_text"), f.T("privacypage.cookies")}},
		{Heading: f.T("privacypage.rights"), Texts: []string{f.T("privacypage.rights_text"), f.T("privacypage.complaint")},
			Links: []Link{{Text: f.T("privacypage.authority"), Href: f.T("privacypage.authority_url")}}},
		kept,
	}
	return p.write(w)
}

func (p prose) write(w io.Writer) error {
	content, err := execute("text.html", p)
	if err != nil {
		return err
	}
	return p.Frame.write(w, document{Title: p.Title + " – " + p.T("common.product"), Content: content})
}
