package bot_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"vuosikello/cards"
)

// fetch opens a link of the public address, as a browser does.
func (w *approvalWorld) fetch(link string) (status int, body string, header http.Header) {
	w.Helper()
	server := httptest.NewServer(w.bot.WebHandler())
	defer server.Close()
	res, err := http.Get(server.URL + strings.TrimPrefix(link, "https://kello.example"))
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	return res.StatusCode, string(b), res.Header
}

var calendarLink = regexp.MustCompile(`https://kello\.example/kello/digivartti-\d+\.ics\?[^"\s)\\]+`)

// calendarLinkOf is the link on a card that puts its session into one's own calendar.
func (w *approvalWorld) calendarLinkOf(s shown) string {
	w.Helper()
	link := calendarLink.FindString(strings.ReplaceAll(string(s.raw), `\u0026`, "&"))
	if link == "" {
		w.Fatalf("no link in %s", s.raw)
	}
	return link
}

func TestCalendarLink(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	title := "Digi; ajanvaraus, osa 1: " + strings.Repeat("öljyä ", 12)
	w.holds(map[string]any{"title": title, "links": "https://ohje.example/a"})
	w.passed("2026-03-17 08:30")
	card := w.posted(w.nurses.ConversationID, 1)
	link := w.calendarLinkOf(card)
	own := w.click(w.nurses, sanna, card, cards.VerbSignUp, nil).card
	if w.calendarLinkOf(own) != link {
		t.Error("the confirmation has another link")
	}
	status, ics, header := w.fetch(link)
	if status != 200 || !strings.HasPrefix(header.Get("Content-Type"), "text/calendar") {
		t.Fatalf("%d %s", status, header.Get("Content-Type"))
	}
	if !strings.HasSuffix(ics, "END:VCALENDAR\r\n") || strings.Contains(strings.ReplaceAll(ics, "\r\n", ""), "\n") {
		t.Error("lines do not end with CRLF")
	}
	for line := range strings.SplitSeq(ics, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("a line of %d bytes, or cut within a character: %q", len(line), line)
		}
	}
	contains(t, strings.ReplaceAll(ics, "\r\n ", ""), "BEGIN:VTIMEZONE\r\nTZID:Europe/Helsinki\r\n", "DTSTART;TZID=Europe/Helsinki:20260324T140000\r\n", "DTEND;TZID=Europe/Helsinki:20260324T141500\r\n",
		`SUMMARY:Digi\; ajanvaraus\, osa 1: öljyä`, "https://ohje.example/a", "STATUS:CONFIRMED", "SEQUENCE:1")
	if strings.Contains(ics, meetingLink) {
		t.Error("the meeting link is in the calendar")
	}

	parsed, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	query := parsed.Query()
	alter := func(key, value string) string {
		q := url.Values{"e": query["e"], "s": query["s"]}
		q.Set(key, value)
		return parsed.Path + "?" + q.Encode()
	}
	for name, bad := range map[string]string{
		"a later end":            alter("e", "99999999999"),
		"an end that is none":    alter("e", "aina"),
		"another signature":      alter("s", strings.Repeat("A", 43)),
		"no base64":              alter("s", "!"),
		"no signature":           parsed.Path,
		"another session":        "/kello/digivartti-2.ics?" + parsed.RawQuery,
		"another kind of file":   "/kello/2026.png?" + parsed.RawQuery,
		"the same, twice dotted": "/kello/digivartti-1.ics.ics?" + parsed.RawQuery,
	} {
		if status, page, _ := w.fetch(bad); status != http.StatusForbidden || !strings.Contains(page, "Linkki ei toimi") {
			t.Errorf("%s: %d %s", name, status, page)
		}
	}
	// Months later it does not lead anywhere.
	w.pass("2026-04-23 15:16") // thirty days, one of them of 23 hours
	if status, page, _ := w.fetch(link); status != http.StatusGone || !strings.Contains(page, "Linkki ei ole enää voimassa") {
		t.Errorf("after its end: %d %s", status, page)
	}
}

// A session has its wall-clock time on either side of the change of clocks, and says so when it is called off.
func TestCalendarAcrossClocks(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.holds(map[string]any{"date": "2026-10-22", "repeat": "joka 2. viikko 5.11.2026 asti"})
	w.passed("2026-10-15 08:30")
	w.passed("2026-10-29 08:30")
	for i, want := range []string{"20261022T140000", "20261105T140000"} {
		card := w.posted(w.nurses.ConversationID, i+1)
		_, ics, _ := w.fetch(w.calendarLinkOf(card))
		contains(t, ics, "DTSTART;TZID=Europe/Helsinki:"+want, "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU")
	}
}

func TestCalendarCalledOff(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	_, saved := w.holds(nil)
	w.passed("2026-03-17 08:30")
	link := w.calendarLinkOf(w.posted(w.nurses.ConversationID, 1))
	w.click(w.knows(olli), olli, saved.card, cards.VerbSessionCallOff, nil)
	_, ics, _ := w.fetch(link)
	contains(t, ics, "STATUS:CANCELLED", "SEQUENCE:2")
}
