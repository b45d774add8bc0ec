package bot

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards/page"
	"vuosikello/store"
)

// Links that people open in a browser or a calendar carry their own proof: the instant at which they end and an
// HMAC-SHA256, with a key that only this database has, of the path and that instant. Nothing else on the public address
// gives anything to somebody without a token.

const linkSecret = "link_secret"

// loadLinkKey reads the key of signed links unless that was done, and makes one in a fresh database. Whoever writes or opens
// a link as the program starts has it read, too.
func (b *Bot) loadLinkKey(ctx context.Context) error {
	if b.linkKey.Load() != nil {
		return nil
	}
	var key []byte
	err := b.DB.Write(ctx, func(tx *store.Tx) error {
		s, err := tx.Setting(linkSecret)
		if err == nil && s == "" {
			s = hex.EncodeToString(newLinkKey())
			err = tx.SetSetting(linkSecret, s)
		}
		if err != nil {
			return err
		}
		key, err = hex.DecodeString(s)
		return err
	})
	if err == nil {
		b.linkKey.Store(&key) // not before it is on disk
	}
	return err
}

func newLinkKey() []byte {
	key := make([]byte, 32)
	rand.Read(key) // never fails since Go 1.24
	return key
}

// hasLinks reports whether links can be made: people reach the program somewhere, and there is a key.
func (b *Bot) hasLinks() bool { return b.PublicURL != "" && b.linkKey.Load() != nil }

func (b *Bot) linkMAC(path, expires string) []byte {
	mac := hmac.New(sha256.New, *b.linkKey.Load())
	fmt.Fprintf(mac, "%s\n%s", path, expires)
	return mac.Sum(nil)
}

// signedLink returns the public address of a path that works until the instant, "" without a public address.
func (b *Bot) signedLink(path string, until time.Time) string {
	if !b.hasLinks() {
		return ""
	}
	expires := strconv.FormatInt(until.Unix(), 10)
	q := url.Values{"e": {expires}, "s": {base64.RawURLEncoding.EncodeToString(b.linkMAC(path, expires))}}
	return strings.TrimSuffix(b.PublicURL, "/") + path + "?" + q.Encode()
}

var (
	errLinkAltered = errors.New("the link is incomplete or altered")
	errLinkEnded   = errors.New("the link has ended or was revoked")
)

// checkLink fails with errLinkAltered unless a request carries a valid signature of its path, and with errLinkEnded when
// the link has ended by the plan's clock: what the links are about keeps its time.
func (b *Bot) checkLink(r *http.Request) error {
	expires := r.URL.Query().Get("e")
	until, err := strconv.ParseInt(expires, 10, 64)
	if err != nil || b.linkKey.Load() == nil {
		return errLinkAltered
	}
	mac, err := base64.RawURLEncoding.DecodeString(r.URL.Query().Get("s"))
	if err != nil || !hmac.Equal(mac, b.linkMAC(r.URL.Path, expires)) {
		return errLinkAltered
	}
	if b.now().Unix() >= until {
		return errLinkEnded
	}
	return nil
}

// linkPages are the handlers of signed links, by pattern. Each checks its link before it does anything else; an error of
// theirs is answered with a page that says what to do.
func (b *Bot) linkPages() map[string]func(http.ResponseWriter, *http.Request) error {
	return map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /kello/{file}":        b.serveFile,
		"GET /kello/vienti/{file}": b.serveExport,
		"GET /kello/":              func(http.ResponseWriter, *http.Request) error { return store.NotFound("link.unknown") },
	}
}

// WebHandler serves what people open: the tab, the notices, and what signed links lead to.
func (b *Bot) WebHandler() http.Handler {
	mux := http.NewServeMux()
	b.webRoutes(mux)
	for pattern, serve := range b.linkPages() {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Robots-Tag", "noindex")
			w.Header().Set("Cache-Control", "private, no-store")
			err := b.loadLinkKey(r.Context())
			if err == nil {
				err = serve(w, r)
			}
			if err != nil {
				b.refuseLink(w, r, err)
			}
		})
	}
	return WithSecurityHeaders(mux)
}

// refuseLink answers a request for a link that does not lead anywhere with a page in the reader's language: an
// altered link 403, one that has ended 410, what is not there 404, and 503 when the database cannot answer.
func (b *Bot) refuseLink(w http.ResponseWriter, r *http.Request, err error) {
	f := b.publicFrame(r)
	status, title, text := http.StatusServiceUnavailable, "link.busy_title", f.Lang.Error(err)
	switch {
	case errors.Is(err, errLinkAltered):
		status, title, text = http.StatusForbidden, "link.altered_title", f.T("link.altered")
	case errors.Is(err, errLinkEnded):
		status, title, text = http.StatusGone, "link.ended_title", f.T("link.ended")
	case errors.Is(err, errTooMuch):
		status, title = http.StatusTooManyRequests, "link.too_much_title"
	case store.IsKind(err, store.KindForbidden):
		status, title = http.StatusForbidden, "link.forbidden_title"
	case store.IsKind(err, store.KindNotFound):
		status, title = http.StatusNotFound, "link.unknown_title"
	case r.Context().Err() != nil: // the reader has gone
	default:
		b.Logger.Error("link not served", "error", err)
		w.Header().Set("Retry-After", "60")
	}
	w.Header().Del("Content-Disposition")
	w.Header().Del("ETag")
	b.respond(w, r, status, "'none'", func(w io.Writer) error { return page.Message(w, f, f.T(title), text) })
}
