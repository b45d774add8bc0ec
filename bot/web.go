package bot

import (
	"bytes"
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"vuosikello/cards"
	"vuosikello/cards/page"
	"vuosikello/store"
)

// teamsHosts may show the tab in a frame. "Tab requirements" (learn.microsoft.com/microsoftteams/platform/tabs/how-to/tab-requirements)
// lists them: every host of Microsoft 365, and the older ones of Teams and of the Microsoft 365 app.
const teamsHosts = "https://*.cloud.microsoft https://teams.microsoft.com https://*.teams.microsoft.com https://*.microsoft365.com https://*.office.com"

// contentPolicy allows what the pages are made of and nothing else: no inline script or style, nothing of another host.
// Microsoft's script would ask Microsoft for the newest list of its hosts; that is refused, and it uses the list that it has.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "

// WithSecurityHeaders gives every answer of a handler, refusals and errors included, the headers of one that holds nothing to
// be shown, run, framed or kept. A page replaces those that it needs otherwise.
func WithSecurityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// Owner is the organisation, for the pages that the law asks for.
func (b *Bot) owner() page.Owner {
	return page.Owner{Organisation: b.Organisation, Website: b.WebsiteURL, Privacy: b.PrivacyURL}
}

// webRoutes serves the tab and the notices. What they show is decided in tab.go.
func (b *Bot) webRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /tab", b.serveTab)
	mux.HandleFunc("GET /tab/page", b.serveFragment)
	mux.HandleFunc("GET /tab/{asset}", serveAsset)
	mux.HandleFunc("GET /saavutettavuus", func(w http.ResponseWriter, r *http.Request) {
		f := b.publicFrame(r)
		b.respond(w, r, http.StatusOK, "'none'", func(w io.Writer) error { return page.Statement(w, f, b.owner()) })
	})
	mux.HandleFunc("GET /tietosuoja", func(w http.ResponseWriter, r *http.Request) {
		f := b.publicFrame(r)
		var columns []store.PersonalColumn
		if err := b.DB.Read(r.Context(), func(tx *store.Tx) (err error) { columns, err = tx.PersonalData(); return err }); err != nil {
			b.explain(w, r, f, page.Failed, true, err)
			return
		}
		b.respond(w, r, http.StatusOK, "'none'", func(w io.Writer) error { return page.Privacy(w, f, b.owner(), columns, b.Retention) })
	})
}

// publicPage is the address of a notice, "" without a public address.
func (b *Bot) publicPage(path string, l cards.Lang) string {
	if b.PublicURL == "" {
		return ""
	}
	return strings.TrimSuffix(b.PublicURL, "/") + path + "?lang=" + string(l)
}

// publicFrame is the frame of a page for everybody, in the language that the address or the browser asks for.
func (b *Bot) publicFrame(r *http.Request) page.Frame {
	f := page.Frame{Lang: b.Language, Mode: page.Public, Organisation: b.Organisation}
	if l, ok := cards.ParseLang(r.URL.Query().Get("lang")); ok {
		f.Lang = l
	} else if l, ok := acceptedLanguage(r.Header.Get("Accept-Language")); ok {
		f.Lang = l
	}
	return f
}

// acceptedLanguage is the first language of an Accept-Language header that there is. Browsers list them by preference.
func acceptedLanguage(header string) (cards.Lang, bool) {
	for tag := range strings.SplitSeq(header, ",") {
		tag, _, _ = strings.Cut(tag, ";")
		if l, ok := cards.ParseLang(tag); ok {
			return l, true
		}
	}
	return "", false
}

// reasonStatus is the HTTP status of a page that says why there is no year clock.
var reasonStatus = map[page.Reason]int{
	page.NotInTeams: http.StatusOK, page.NotSignedIn: http.StatusUnauthorized, page.OtherTenant: http.StatusForbidden,
	page.NotFound: http.StatusNotFound, page.Failed: http.StatusServiceUnavailable, page.NoPublicURL: http.StatusServiceUnavailable,
}

// explain answers with why there is no year clock. cause is for the log, and may be nil.
func (b *Bot) explain(w http.ResponseWriter, r *http.Request, f page.Frame, why page.Reason, whole bool, cause error) {
	if cause != nil {
		level := slog.LevelInfo
		if why == page.Failed {
			level = slog.LevelError
		}
		b.Logger.Log(r.Context(), level, "page not shown", "path", r.URL.Path, "why", string(why), "error", cause)
	}
	b.respond(w, r, reasonStatus[why], "'none'", func(w io.Writer) error {
		if whole {
			return page.ExplainPage(w, f, why)
		}
		return page.Explain(w, f, why)
	})
}

// respond writes a page. ancestors are those who may show it in a frame.
func (b *Bot) respond(w http.ResponseWriter, r *http.Request, status int, ancestors string, write func(io.Writer) error) {
	body := bodies.Get().(*bytes.Buffer)
	defer bodies.Put(body)
	body.Reset()
	if err := write(body); err != nil {
		b.Logger.ErrorContext(r.Context(), "page could not be written", "path", r.URL.Path, "error", err)
		plain(w, http.StatusInternalServerError, b.Language.T("error.unknown"))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", contentPolicy+ancestors)
	h.Set("Cache-Control", "private, no-store")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Vary", "Accept-Encoding, Accept-Language, Authorization")
	send(w, r, status, body.Bytes())
}

// bodies are the buffers of pages; a big clock's page is some hundred kilobytes.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// zippers compress answers. The fastest level takes a third of the time of the usual one, and a big page is a tenth larger.
var zippers = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed+1); return z }}

// smallest is the length below which compressing is not worth it.
const smallest = 1 << 10

// send writes a body, compressed when the client can read that. Failing to write means that the client has gone.
func send(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	if len(body) < smallest || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.WriteHeader(status)
		_, _ = w.Write(body)
		return
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(w)
	_, _ = z.Write(body)
	_ = z.Close()
}

// serveAsset serves a style sheet or script. Its address changes with its content, so it is kept for good.
func serveAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := page.AssetAt(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.Type)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if r.URL.Query().Get("v") == a.Version {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	send(w, r, http.StatusOK, a.Content)
}
