package bot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// calendarUntil is how long after a session its calendar link works.
const calendarUntil = 30 * 24 * time.Hour

const (
	calendarType  = "text/calendar; charset=utf-8"
	sessionPrefix = "/kello/digivartti-"
	// wholeFeed is the feed of all clocks and of the sessions; any other is that of the clock of its name.
	wholeFeed = "kaikki"
)

func sessionCalendarPath(id int64) string { return sessionPrefix + strconv.FormatInt(id, 10) + ".ics" }

// sessionCalendarURL is the link that puts a session into one's own calendar.
func (b *Bot) sessionCalendarURL(s *store.Session) string {
	return b.signedLink(sessionCalendarPath(s.ID), s.End().Add(calendarUntil))
}

// A person's feed has no end, so that a calendar can subscribe to it: its link names the person's row in the database
// (k), which revoking removes, and is signed with it (s). It shows what the command kello shows to everybody. Somebody who
// was a member of a team when they asked for it has it for as long as they are in a team that the app is installed in:
// who leaves the organisation leaves its teams. Roles do not matter.

func (b *Bot) feedMAC(path, id string) []byte {
	return b.linkMAC(path, "feed "+id)[:16] // half of it is enough, and the address is copied by hand
}

// feedURL is the address of a person's feed, of one clock or of wholeFeed.
func (b *Bot) feedURL(f store.Feed, name string) string {
	query := url.Values{"k": {f.ID}, "s": {hex.EncodeToString(b.feedMAC("/kello/"+name+".ics", f.ID))}}
	return strings.TrimSuffix(b.PublicURL, "/") + "/kello/" + url.PathEscape(name) + ".ics?" + query.Encode() // a name may have a slash
}

// checkFeed returns whose feed a request is for.
func (b *Bot) checkFeed(tx *store.Tx, r *http.Request) (store.Feed, error) {
	id := r.URL.Query().Get("k")
	mac, err := hex.DecodeString(r.URL.Query().Get("s"))
	if err != nil || b.linkKey.Load() == nil || !hmac.Equal(mac, b.feedMAC(r.URL.Path, id)) {
		return store.Feed{}, errLinkAltered
	}
	f, ok, err := tx.Feed(id)
	if err == nil && (!ok || f.Ended) {
		err = errLinkEnded
	}
	return f, err
}

// serveCalendar serves a session, or a person's feed.
func (b *Bot) serveCalendar(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Query().Has("k") {
		return b.serveFeed(w, r)
	}
	if err := b.checkLink(r); err != nil {
		return err
	}
	number, _ := strings.CutPrefix(strings.TrimSuffix(r.URL.Path, ".ics"), sessionPrefix)
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return store.NotFound("link.unknown")
	}
	var s *store.Session
	if err := b.DB.Read(r.Context(), func(tx *store.Tx) (err error) { s, err = tx.Session(id); return err }); err != nil {
		return err
	}
	w.Header().Set("Content-Type", calendarType)
	w.Header().Set("Content-Disposition", `attachment; filename="digivartti.ics"`)
	_, _ = w.Write(cards.Calendar{Location: b.Calendar.Location, Sessions: []*store.Session{s}}.ICS(b.Language)) // the client may have gone
	return nil
}

// serveFeed serves a person's feed in their language. It tells an unchanged one by its ETag.
func (b *Bot) serveFeed(w http.ResponseWriter, r *http.Request) error {
	c, l := cards.Calendar{Location: b.Calendar.Location}, b.Language
	err := b.DB.Read(r.Context(), func(tx *store.Tx) error {
		f, err := b.checkFeed(tx, r)
		if err != nil {
			return err
		}
		if err := b.slowed(w, f.PersonID); err != nil {
			return err
		}
		p, _, err := tx.Person(f.PersonID)
		if err != nil {
			return err
		}
		l = b.personLanguage(p)
		return b.fillFeed(tx, &c, strings.TrimSuffix(r.PathValue("file"), ".ics"), l)
	})
	if err != nil {
		return err
	}
	body := c.ICS(l)
	sum := sha256.Sum256(body)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	w.Header().Set("Cache-Control", "private, no-cache") // may be kept, and is asked for again
	w.Header().Set("Content-Type", calendarType)
	w.Header().Set("Content-Disposition", `inline; filename="vuosikello.ics"`)
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(body)))
	return nil
}

// fillFeed reads what a feed holds: everything since the beginning of last year.
func (b *Bot) fillFeed(tx *store.Tx, c *cards.Calendar, name string, l cards.Lang) (err error) {
	c.Name, c.From = l.T("common.product"), store.NewDate(b.now().Year()-1, time.January, 1)
	filter := store.EntryFilter{From: c.From}
	if name != wholeFeed {
		clocks, err := clocksNamed(tx, name)
		if err != nil {
			return err
		}
		if len(clocks) == 0 {
			return store.NotFound("error.clock_gone")
		}
		c.Name, filter.Clocks = clocks[0].Name, clocks
	} else if c.Sessions, err = tx.SessionsSince(c.From.In(b.Calendar.Location, 0)); err != nil {
		return err
	}
	if c.Entries, err = tx.Entries(filter); err != nil {
		return err
	}
	c.Changed, err = tx.EntryTimes()
	return err
}

// clocksNamed returns the clocks of that name, of all years.
func clocksNamed(tx *store.Tx, name string) ([]store.Clock, error) {
	clocks, err := tx.Clocks()
	return slices.DeleteFunc(clocks, func(c store.Clock) bool { return store.Key(c.Name) != store.Key(name) }), err
}

// calendar answers with the sender's own feed, or revokes it. Nobody else sees the link: in a channel it goes to the
// sender's own chat.
func (t *turn) calendar(tx *store.Tx, args string) (answer, error) {
	if t.person.ID == "" {
		return answer{}, store.Forbidden("error.forbidden")
	}
	if rest, remove := cutRemove(args); remove && rest == "" {
		had, err := tx.CloseFeed(t.person.ID)
		if err == nil && had {
			err = tx.Audit(t.at, t.actor(), "calendar.revoke", "calendar", "")
		}
		return showCard(cards.CalendarRevoked{Had: had}.Card(t.hereLang())), err
	}
	if !t.hasLinks() {
		return answer{}, store.Invalid("", "error.no_public_url")
	}
	clocks, err := tx.Clocks()
	if err != nil {
		return answer{}, err
	}
	card, name := cards.CalendarLink{}, wholeFeed
	for _, c := range clocks {
		if !slices.ContainsFunc(card.Clocks, func(n string) bool { return store.Key(n) == store.Key(c.Name) }) {
			card.Clocks = append(card.Clocks, c.Name)
		}
	}
	if args != "" {
		at := slices.IndexFunc(card.Clocks, func(n string) bool { return store.Key(n) == store.Key(args) })
		if at < 0 {
			return answer{}, store.Invalid("", "error.clock_unknown", "name", clip(args), "known", card.Clocks)
		}
		name, card.Clock = card.Clocks[at], card.Clocks[at]
	}
	f, err := tx.OpenFeed(t.person.ID, t.at)
	if err != nil {
		return answer{}, err
	}
	card.URL = t.feedURL(f, name)
	return t.ownAnswer(card.Card(t.lang)), nil
}

// ownAnswer answers with a card for the sender's eyes only: in a channel or group chat it goes to their own chat.
func (t *turn) ownAnswer(c cards.Card) answer {
	if t.personal() {
		return showCard(c)
	}
	t.later = append(t.later, func() { t.sendPrivately(c) })
	return say(t.lang.T("answer.sent_personally"))
}
