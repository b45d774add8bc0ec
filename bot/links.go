package bot

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// Links that people open in a browser or a calendar carry their own proof: the instant at which they end and an
// HMAC-SHA256, with a key that only this database has, of the path and that instant. Nothing else on the public address
// gives anything to somebody without a token.

const linkSecret = "link_secret"

// loadLinkKey reads the key of signed links, and makes one in a fresh database.
func (b *Bot) loadLinkKey(tx *store.Tx) error {
	s, err := tx.Setting(linkSecret)
	if err != nil {
		return err
	}
	if s == "" {
		var key [32]byte
		rand.Read(key[:]) // never fails since Go 1.24
		s = hex.EncodeToString(key[:])
		if err := tx.SetSetting(linkSecret, s); err != nil {
			return err
		}
	}
	key, err := hex.DecodeString(s)
	b.linkKey.Store(&key)
	return err
}

func (b *Bot) linkMAC(path, expires string) []byte {
	mac := hmac.New(sha256.New, *b.linkKey.Load())
	fmt.Fprintf(mac, "%s\n%s", path, expires)
	return mac.Sum(nil)
}

// signedLink returns the public address of a path that works until the instant, "" without a public address.
func (b *Bot) signedLink(path string, until time.Time) string {
	if b.PublicURL == "" || b.linkKey.Load() == nil {
		return ""
	}
	expires := strconv.FormatInt(until.Unix(), 10)
	q := url.Values{"e": {expires}, "s": {base64.RawURLEncoding.EncodeToString(b.linkMAC(path, expires))}}
	return strings.TrimSuffix(b.PublicURL, "/") + path + "?" + q.Encode()
}

// checkLink reports whether a request carries a valid signature that has not ended by the plan's clock: the sessions that
// the links are about keep its time.
func (b *Bot) checkLink(r *http.Request) bool {
	expires := r.URL.Query().Get("e")
	until, err := strconv.ParseInt(expires, 10, 64)
	if err != nil || b.linkKey.Load() == nil {
		return false
	}
	mac, err := base64.RawURLEncoding.DecodeString(r.URL.Query().Get("s"))
	return err == nil && hmac.Equal(mac, b.linkMAC(r.URL.Path, expires)) && b.now().Unix() < until
}

// calendarUntil is how long after a session its calendar link works.
const calendarUntil = 30 * 24 * time.Hour

func sessionCalendarPath(id int64) string {
	return "/kello/digivartti-" + strconv.FormatInt(id, 10) + ".ics"
}

// sessionCalendarURL is the link that puts a session into one's own calendar.
func (b *Bot) sessionCalendarURL(s *store.Session) string {
	return b.signedLink(sessionCalendarPath(s.ID), s.End().Add(calendarUntil))
}

// WebHandler serves what people open by signed links.
func (b *Bot) WebHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /kello/{file}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "private, no-store")
		number, isSession := strings.CutPrefix(strings.TrimSuffix(r.PathValue("file"), ".ics"), "digivartti-")
		id, err := strconv.ParseInt(number, 10, 64)
		if !b.checkLink(r) || !isSession || err != nil {
			plain(w, http.StatusForbidden, b.Language.T("link.invalid"))
			return
		}
		var s *store.Session
		if err := b.DB.Read(r.Context(), func(tx *store.Tx) (err error) { s, err = tx.Session(id); return err }); err != nil {
			status := http.StatusServiceUnavailable
			if store.IsKind(err, store.KindNotFound) {
				status = http.StatusNotFound
			}
			plain(w, status, b.Language.Error(err))
			return
		}
		w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="digivartti.ics"`)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write(b.sessionCalendar(s)) // the client may have gone
	})
	return mux
}

// sessionCalendar is the session as an iCalendar object (RFC 5545). It never holds the meeting link: that is given to
// each person by the Join button, which is how it is known who came.
func (b *Bot) sessionCalendar(s *store.Session) []byte {
	zone := b.Calendar.Location.String()
	local := func(t time.Time) string { return t.In(b.Calendar.Location).Format("20060102T150405") }
	status := "CONFIRMED"
	if s.State == store.SessionCalledOff {
		status = "CANCELLED"
	}
	description := b.Language.T("session.calendar_text")
	for _, link := range s.Links {
		description += "\n" + link
	}
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//vuosikello//FI", "METHOD:PUBLISH"}
	lines = append(lines, vtimezone(zone)...)
	lines = append(lines, "BEGIN:VEVENT", "UID:session-"+strconv.FormatInt(s.ID, 10)+"@vuosikello", "SEQUENCE:"+strconv.Itoa(s.Version),
		"DTSTAMP:"+s.CreatedAt.UTC().Format("20060102T150405Z"), "DTSTART;TZID="+zone+":"+local(s.Start), "DTEND;TZID="+zone+":"+local(s.End()),
		"SUMMARY:"+icsText(s.Title), "DESCRIPTION:"+icsText(description), "STATUS:"+status, "END:VEVENT", "END:VCALENDAR")
	var out strings.Builder
	for _, l := range lines {
		out.WriteString(icsFold(l) + "\r\n")
	}
	return []byte(out.String())
}

// vtimezone describes the zone by the European Union's rule: summer time from the last Sunday of March at 01:00 UTC to the
// last Sunday of October. Calendars know the zones of other places by their names.
func vtimezone(zone string) []string {
	standard, summer := "+0200", "+0300"
	if zone != "Europe/Helsinki" {
		return nil
	}
	return []string{"BEGIN:VTIMEZONE", "TZID:" + zone,
		"BEGIN:DAYLIGHT", "DTSTART:19810329T030000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "TZOFFSETFROM:" + standard, "TZOFFSETTO:" + summer, "TZNAME:EEST", "END:DAYLIGHT",
		"BEGIN:STANDARD", "DTSTART:19961027T040000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "TZOFFSETFROM:" + summer, "TZOFFSETTO:" + standard, "TZNAME:EET", "END:STANDARD",
		"END:VTIMEZONE"}
}

// icsText escapes a text value.
func icsText(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(s)
}

// icsFold breaks a line into pieces of at most 75 bytes, never within a character.
func icsFold(line string) string {
	var out strings.Builder
	n := 0
	for _, r := range line {
		size := len(string(r))
		if n+size > 75 {
			out.WriteString("\r\n ")
			n = 1
		}
		out.WriteRune(r)
		n += size
	}
	return out.String()
}
