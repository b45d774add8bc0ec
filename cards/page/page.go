// Package page makes the pages that people read in a browser or in a Teams tab: the year clock with its views, and the
// notices that the law asks for. A page is a function of values: no database, no network, no decision about who may see
// what. Every word is in the catalogue of package cards.
//
// The pages need nothing but HTML and one style sheet. The scripts (static/tab.js, ours, and static/teams.js, Microsoft's
// MicrosoftTeams.min.js of @microsoft/teams-js 2.58.0, MIT, see static/teams.LICENSE.txt) sign people in within Teams and
// change pages without a reload there. Nothing is inline, so that the strictest content security policy holds.
package page

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"strings"
	"sync"

	"vuosikello/cards"
)

//go:embed html
var templateFiles embed.FS

// templates are part of the program: one that cannot be parsed is a mistake in the build, which the tests find.
var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{"asset": AssetPath}).ParseFS(templateFiles, "html/*.html"))
})

// Mode is how the reader has come to a page, and with it how they get to the next.
type Mode string

// The modes.
const (
	Teams  Mode = "teams"  // signed in by Teams: the script fetches each page
	Signed Mode = "signed" // by a signed read-only link, which every address on the page carries on
	Local  Mode = "local"  // on this machine, without an account
	Public Mode = "public" // for everybody
)

// Frame is what all pages share.
type Frame struct {
	Lang         cards.Lang
	Theme        string // default, dark or contrast; "" leaves it to the reader's device
	Mode         Mode
	Organisation string // "" when it is not set
	Proof        string // of Signed: what is added to an address, "e=…&s=…"
}

// T is a text of the catalogue; see [cards.Lang.T].
func (f Frame) T(key string, args ...any) string { return f.Lang.T(key, args...) }

// Link is an address of the tab with its text.
type Link struct {
	Text    string
	Href    string
	Current bool
	Note    string // what is read out besides the text
}

// href is the address of a query.
func (f Frame) href(q Query) string {
	s := "/tab?" + q.Values().Encode()
	if f.Proof != "" {
		s += "&" + f.Proof
	}
	return s
}

// StatementHref and PrivacyHref are the addresses of the notices in the page's language.
func (f Frame) StatementHref() string { return "/saavutettavuus?lang=" + string(f.Lang) }

// PrivacyHref is the address of the privacy notice.
func (f Frame) PrivacyHref() string { return "/tietosuoja?lang=" + string(f.Lang) }

// language is a link to the same page in another language.
type language struct{ Code, Name, Href string }

func (f Frame) languages(href func(cards.Lang) string) []language {
	var out []language
	for _, l := range cards.Langs() {
		if l != f.Lang {
			out = append(out, language{string(l), l.T("language.name"), href(l)})
		}
	}
	return out
}

// document is a whole page round a main part.
type document struct {
	Frame
	Title     string
	Content   template.HTML
	Languages []language
	Loading   bool // the content is what is shown when signing in fails
}

func execute(name string, data any) (template.HTML, error) {
	var b bytes.Buffer
	err := templates().ExecuteTemplate(&b, name, data)
	return template.HTML(b.String()), err //nolint:gosec // written by a template, which has escaped it
}

func (f Frame) write(w io.Writer, d document) error {
	d.Frame = f
	return templates().ExecuteTemplate(w, "document.html", d)
}

// Reason is why a page shows no year clock.
type Reason string

// The reasons.
const (
	NotInTeams  Reason = "teams"   // the page was opened outside Teams, or without JavaScript
	NotSignedIn Reason = "signin"  // there is no token, or none that is believed
	OtherTenant Reason = "tenant"  // the token is of another organisation
	NotFound    Reason = "missing" // what the address names is not there
	Failed      Reason = "failed"  // the database cannot answer now
	NoPublicURL Reason = "setup"   // the program is not set up for the tab
)

// explanation is the main part that says why nothing is shown, and what to do.
type explanation struct {
	Frame
	Reason Reason
	Again  string // the address of the tab, "" where it leads nowhere
}

// Title and Text say it.
func (e explanation) Title() string { return e.T("tab.reason." + string(e.Reason) + ".title") }

// Text says what to do.
func (e explanation) Text() string { return e.T("tab.reason." + string(e.Reason) + ".text") }

// Explain writes the main part of a page that says why there is no year clock.
func Explain(w io.Writer, f Frame, r Reason) error {
	return templates().ExecuteTemplate(w, "explain.html", explanation{Frame: f, Reason: r, Again: f.again(r)})
}

func (f Frame) again(r Reason) string {
	if r == NotFound {
		return f.href(Query{View: Year, Year: 0, Lang: string(f.Lang)})
	}
	return ""
}

// ExplainPage writes the same as a whole page.
func ExplainPage(w io.Writer, f Frame, r Reason) error {
	var b strings.Builder
	if err := Explain(&b, f, r); err != nil {
		return err
	}
	e := explanation{Frame: f, Reason: r}
	return f.write(w, document{Title: e.Title(), Content: template.HTML(b.String())}) //nolint:gosec // written by a template, which has escaped it
}

// Message writes a whole page that says one thing.
func Message(w io.Writer, f Frame, title, text string) error {
	f.Mode = Public
	content, err := execute("text.html", prose{Frame: f, Title: title, Intro: []string{text}})
	if err != nil {
		return err
	}
	return f.write(w, document{Title: title + " – " + f.T("common.product"), Content: content})
}

// Shell writes the page that Teams opens: it holds no data, and the script that signs the person in and fetches the rest.
// What it shows by itself, without JavaScript or outside Teams, is why nothing else is shown.
func Shell(w io.Writer, f Frame) error {
	f.Mode = Teams
	var b strings.Builder
	if err := Explain(&b, f, NotInTeams); err != nil {
		return err
	}
	return f.write(w, document{Title: f.T("tab.title"), Loading: true, Content: template.HTML(b.String())}) //nolint:gosec // written by a template, which has escaped it
}
