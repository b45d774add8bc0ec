package bot_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vuosikello/bot"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// Somebody who sends more than people do is told once and then not answered; nobody else notices, and after a rest all is
// as before.
func TestPace(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	began := time.Now()
	w := MustWorld(t, withConfig(func(c *bot.Config) {
		c.Acts = bot.Pace{Burst: 4, PerSecond: 0.1}
		c.Time = func() time.Time { return began.Add(time.Duration(passed.Load())) }
	}))
	id := w.MustAdd(campaign())
	w.pass("2026-03-02 08:30")
	s := w.posted(w.wg.ConversationID, 1)

	for range 4 {
		contains(t, w.say(w.pro, mia, "tulossa").text(), "Kevätkampanja")
	}
	contains(t, w.say(w.pro, mia, "tulossa").text(), "Odota minuutti")
	w.post(w.Mention(w.pro, mia, "tulossa"))
	w.post(w.Message(teamstest.Personal(mia), mia, "kello"))
	// A click is answered each time: its client waits for that. It does nothing.
	contains(t, w.click(w.wg, mia, s, cards.VerbEntryDone, nil).text, "Odota minuutti")
	if e := w.MustEntry(id); e.State == store.Done {
		t.Error("a click over the pace was acted upon")
	}
	contains(t, w.say(w.pro, erik, "kommande").text(), "Kevätkampanja") // nobody else notices
	// What is none of the bot's business costs nobody anything.
	for range 10 {
		w.post(w.Message(w.pro, jane, "Hei kaikki"))
	}
	contains(t, w.say(w.pro, jane, "upcoming").text(), "Kevätkampanja")

	passed.Store(int64(10 * time.Second)) // one more, and no second card of the kind
	contains(t, w.say(w.pro, mia, "tulossa").text(), "Kevätkampanja")
	w.post(w.Mention(w.pro, mia, "tulossa"))
	passed.Store(int64(time.Minute))
	contains(t, w.say(w.pro, mia, "tulossa").text(), "Kevätkampanja")
	w.stop()
	told := 0
	for _, r := range w.conn.Posts() {
		if bytes.Contains(r.Content, []byte("Odota minuutti")) {
			told++
		}
	}
	if told != 1 {
		t.Errorf("told %d times, want once", told)
	}
}

// A person's feed has a pace of its own, and every answer at the public address, errors included, holds nothing that a
// browser would run, frame or keep.
func TestPublicAnswers(t *testing.T) {
	t.Parallel()
	w := MustSessions(t, withConfig(func(c *bot.Config) { c.Pages = bot.Pace{Burst: 2, PerSecond: 0.001} }))
	mine := feedOf(t, w.say(teamstest.Personal(mia), mia, "kalenteri"))
	other := feedOf(t, w.say(teamstest.Personal(olli), olli, "kalenteri"))
	for i, want := range []int{200, 200, 429, 429} {
		status, body, header := w.fetch(mine)
		if status != want || (want == 429) != (header.Get("Retry-After") != "") {
			t.Errorf("fetch %d: %d, Retry-After %q", i+1, status, header.Get("Retry-After"))
		}
		if want == 429 {
			contains(t, body, "Odota minuutti")
		}
	}
	if status, _, _ := w.fetch(other); status != 200 {
		t.Errorf("another person's feed: %d", status)
	}

	server := httptest.NewServer(w.bot.WebHandler())
	defer server.Close()
	for _, path := range []string{strings.TrimPrefix(mine, "https://kello.example"), strings.TrimPrefix(other, "https://kello.example"), "/kello/none", "/kello/kaikki.ics", "/kello/2026.svg?e=1&s=x", "/tab", "/tab/page",
		"/tab/none.js", "/saavutettavuus", "/tietosuoja", "/nowhere"} {
		res, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
		h := res.Header
		if !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors") ||
			h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") == "" || strings.Contains(h.Get("Cache-Control"), "public") {
			t.Errorf("%s: %d %v", path, res.StatusCode, h)
		}
	}
}
