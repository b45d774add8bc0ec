package bot_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/store"
)

var feedLink = regexp.MustCompile(`https://kello\.example/kello/[^"\s?]+\.ics\?k=[^"\s]+`)

// feedOf is the calendar feed on a card.
func feedOf(tb testing.TB, s shown) string {
	tb.Helper()
	link := feedLink.FindString(strings.ReplaceAll(string(s.raw), `\u0026`, "&"))
	if link == "" {
		tb.Fatalf("no feed in %s", s.raw)
	}
	return link
}

// page is what a link leads to, apart from its body.
type page struct {
	StatusCode int
	Header     http.Header
}

// browse opens a link of the public address with some headers, name and value by turns.
func (w *world) browse(link string, headers ...string) (p page, body string) {
	w.Helper()
	server := httptest.NewServer(w.bot.WebHandler())
	defer server.Close()
	req, err := http.NewRequestWithContext(w.Context(), http.MethodGet, server.URL+strings.TrimPrefix(link, "https://kello.example"), nil)
	if err != nil {
		w.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	return page{res.StatusCode, res.Header}, string(b)
}

func TestCalendarFeed(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.MustAdd(store.Entry{Title: "Messut, Lahti; osa 1", Start: day("2026-03-28"), End: day("2026-03-30"), Campaign: "Kevät", Owner: mia.Name}) // over the change of clocks
	w.MustAdd(store.Entry{Title: "Viikkotiedote", Start: day("2026-01-09"), Repeat: "FREQ=WEEKLY"})
	w.MustAdd(store.Entry{Title: "Kuukausikooste", Start: day("2026-01-31"), Repeat: "FREQ=MONTHLY", End: day("2026-03-31")})
	w.MustAdd(store.Entry{Title: "Peruuntunut", Start: day("2026-05-01"), State: store.Cancelled})
	w.MustAdd(store.Entry{Title: "Vanha", Start: day("2024-05-02")})
	removed := w.MustAdd(store.Entry{Title: "Poistettu", Start: day("2026-06-01")})
	w.MustWrite(func(tx *store.Tx) error { return tx.RemoveEntry(removed, w.clock.Now(), calendar) })
	w.holds(map[string]any{"date": "2026-10-22", "repeat": "joka 2. viikko 5.11.2026 asti", "title": "Digi"})

	link := feedOf(t, w.say(teamstest.Personal(sanna), sanna, "kalenteri"))
	res, ics := w.browse(link)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("%d %s\n%s", res.StatusCode, res.Header.Get("Content-Type"), ics)
	}
	lines := strings.ReplaceAll(ics, "\r\n ", "")
	contains(t, lines, "X-WR-CALNAME:Vuosikello\r\n", "REFRESH-INTERVAL;VALUE=DURATION:PT2H\r\n", "BEGIN:VTIMEZONE\r\nTZID:Europe/Helsinki\r\n",
		"DTSTART;VALUE=DATE:20260328\r\nDTEND;VALUE=DATE:20260331\r\n", `SUMMARY:Messut\, Lahti\; osa 1`, `DESCRIPTION:Kampanja: Kevät\nVastuu: Mia Viestijä`, "CATEGORIES:Kevät",
		"DTSTART;VALUE=DATE:20260109\r\nDTEND;VALUE=DATE:20260110\r\nRRULE:FREQ=WEEKLY;UNTIL=20261225\r\nSUMMARY:Viikkotiedote",
		"DTSTART;VALUE=DATE:20260131\r\n", "DTSTART;VALUE=DATE:20260228\r\n", "DTSTART;VALUE=DATE:20260331\r\n", // one by one: February ends sooner
		`1.5.2026 · pyhäpäivä`, "SUMMARY:Peruttu: Peruuntunut\r\n", "STATUS:CANCELLED", "DTSTART;TZID=Europe/Helsinki:20261022T140000", "DTSTART;TZID=Europe/Helsinki:20261105T140000")
	for _, not := range []string{"Poistettu", "Vanha", meetingLink} {
		if strings.Contains(lines, not) {
			t.Errorf("%q is in the feed", not)
		}
	}
	uids := map[string]bool{}
	events := strings.Split(lines, "BEGIN:VEVENT\r\n")[1:]
	for _, e := range events {
		uid := regexp.MustCompile(`UID:(\S+)`).FindString(e)
		if uids[uid] {
			t.Errorf("%s stands for two events", uid)
		}
		uids[uid] = true
		contains(t, e, "DTSTAMP:20", "SEQUENCE:")
	}
	if len(events) != 9 { // one of the world's own
		t.Errorf("%d events", len(events))
	}

	// What has not changed is not sent again.
	tag := res.Header.Get("ETag")
	if res, body := w.browse(link, "If-None-Match", tag); res.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("unchanged: %d %q", res.StatusCode, body)
	}
	w.MustAdd(store.Entry{Title: "Uusi", Start: day("2026-07-01")})
	if res, body := w.browse(link, "If-None-Match", tag); res.StatusCode != 200 || !strings.Contains(body, "SUMMARY:Uusi") {
		t.Errorf("changed: %d", res.StatusCode)
	}
}

// The link is a person's own: it stays the same until it is revoked, nobody else sees it, and it ends with the person's
// last team.
func TestCalendarFeedIsOwn(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.MustAdd(store.Entry{Title: "Vuosikellossa", Start: day("2026-05-04")})
	w.MustAdd(store.Entry{Title: "Suussa", Start: day("2026-05-04"), Clock: store.Clock{Name: "Suun terveys/hoito", Year: 2026}})
	me := teamstest.Personal(sanna)
	card := w.say(me, sanna, "kalenteri")
	link := feedOf(t, card)
	if again := feedOf(t, w.say(me, sanna, "calendar")); again != link {
		t.Errorf("asked again: %s, first %s", again, link)
	}
	if other := feedOf(t, w.say(teamstest.Personal(olli), olli, "kalenteri")); other == link {
		t.Error("somebody else has the same link")
	}
	// One clock alone, whose name has a slash.
	equal(t, "buttons", card.commands(), "kalenteri Suun terveys/hoito", "kalenteri poista", "kalenteri vuosikello")
	res, body := w.browse(feedOf(t, w.say(me, sanna, "kalenteri suun terveys/hoito")))
	if res.StatusCode != 200 || strings.Contains(body, "Vuosikellossa") || !strings.Contains(body, "Suussa") {
		t.Errorf("of one clock: %d\n%s", res.StatusCode, body)
	}
	contains(t, w.say(me, sanna, "kalenteri hammas").text(), "hammas", "Suun terveys/hoito")

	// In a channel, the answer says where it is.
	a := w.Mention(w.pro, erik, "kalender")
	w.post(a)
	if said := w.replyTo(a); feedLink.Match(said.raw) {
		t.Errorf("the channel sees %s", said.raw)
	}
	feedOf(t, w.posted(teamstest.PersonalChat(erik.ID), 1))

	for name, bad := range map[string]string{
		"another signature": link[:len(link)-1] + map[bool]string{true: "0", false: "1"}[strings.HasSuffix(link, "1")],
		"another clock":     strings.Replace(link, "kaikki.ics", "vuosikello.ics", 1),
		"no signature":      regexp.MustCompile(`&s=.*`).ReplaceAllString(link, ""),
		"no hexadecimal":    link + "g",
	} {
		if res, page := w.browse(bad, "Accept-Language", "sv-FI,sv;q=0.9"); res.StatusCode != http.StatusForbidden || !strings.Contains(page, "Länken fungerar inte") {
			t.Errorf("%s: %d %s", name, res.StatusCode, page)
		}
	}
	if res, page := w.browse("https://kello.example/kello/jotain/muuta"); res.StatusCode != http.StatusNotFound || !strings.Contains(page, "Sivua ei löydy") {
		t.Errorf("no page: %d %s", res.StatusCode, page)
	}

	w.say(me, sanna, "kalenteri poista")
	if res, page := w.browse(link); res.StatusCode != http.StatusGone || !strings.Contains(page, "suljettu") {
		t.Errorf("revoked: %d %s", res.StatusCode, page)
	}
	contains(t, w.say(me, sanna, "kalender ta bort").text(), "Kalenterilinkkiä ei ole")
	equal(t, "audit", w.audited("calendar.revoke"), sanna.Name+" calendar")
	second := feedOf(t, w.say(me, sanna, "kalenteri"))
	if res, _ := w.browse(second); second == link || res.StatusCode != 200 {
		t.Errorf("a new one: %s %d", second, res.StatusCode)
	}
	w.MustWrite(func(tx *store.Tx) error {
		for _, team := range []string{w.team.ID, "19:care@thread.tacv2"} {
			if err := tx.RemoveMember(team, sanna.AADObjectID); err != nil {
				return err
			}
		}
		return nil
	})
	if res, _ := w.browse(second); res.StatusCode != http.StatusGone {
		t.Errorf("after leaving: %d", res.StatusCode)
	}
}

// Nothing that stands in an address takes the program down or lets anybody in.
func FuzzLinks(f *testing.F) {
	w := MustSessions(f)
	handler := w.bot.WebHandler()
	for _, seed := range []string{"digivartti-1.ics?e=1774355000&s=AAAA", "kaikki.ics?k=abc&s=00", "vienti/audit-x.csv?e=1&s=", "2026.png", "%2e%2e/%2F?k=%00&s=zz", "kaikki.ics?k&s&e=%zz"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, rest string) {
		req, err := http.NewRequest(http.MethodGet, "http://kello.example/kello/"+rest, nil)
		if err != nil {
			t.Skip()
		}
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, req)
		if rec.Code < 300 || rec.Code >= 500 {
			t.Errorf("%q was answered with %d", rest, rec.Code)
		}
	})
}
