package bot_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"vuosikello/bot"
	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/store"
)

// notices lists what admins were told personally.
func (w *world) notices() (list []string) {
	for _, row := range w.ledger() {
		if title, ok := strings.CutPrefix(row, "notice "); ok {
			list = append(list, title)
		}
	}
	slices.Sort(list)
	return list
}

// Admins hear of the end of the secret 30 days before, and again each week until it is renewed.
func TestCredentialEnds(t *testing.T) {
	t.Parallel()
	w := MustWorld(t, withConfig(func(c *bot.Config) { c.Admins, c.CredentialEnds = []string{aino.AADObjectID}, at("2026-04-10 23:59") }))
	mine := w.knows(aino)
	w.MustWrite(func(tx *store.Tx) error { return tx.SetSetting("told.credential.2026-04-10", "2036-01-01T00:00:00Z") }) // by a clock that was ahead
	w.pass("2026-03-10 08:00")
	w.say(w.general, aino, "apua")
	equal(t, "told", w.notices())
	w.pass("2026-03-12 08:00")
	contains(t, w.posted(mine.ConversationID, 1).text(), "10.4.2026", "Entra")
	w.pass("2026-03-13 08:00")
	w.pass("2026-03-18 08:00")
	w.pass("2026-03-20 08:00")
	contains(t, w.posted(mine.ConversationID, 2).text(), "Entra")
	w.pass("2026-04-11 08:00")
	contains(t, w.posted(mine.ConversationID, 3).text(), "vanheni", "VUOSIKELLO_SECRET_EXPIRES")
	w.stop()
	if n := len(w.notices()); n != 3 {
		t.Errorf("told %d times: %q", n, w.notices())
	}
}

// A channel that cannot be posted to is told of once, and again when it has worked meanwhile.
func TestChannelLost(t *testing.T) {
	t.Parallel()
	w := MustWorld(t, withConfig(func(c *bot.Config) { c.Admins = []string{aino.AADObjectID} }))
	mine := w.knows(aino)
	gone := true
	refuse := func(on bool) {
		gone = on
		w.conn.SetFault(func(r *http.Request) teamstest.Fault {
			if gone && strings.HasSuffix(r.URL.Path, "/v3/conversations") {
				return teamstest.Fault{Status: 404, Code: teams.CodeConversationNotFound}
			}
			return teamstest.Fault{}
		})
	}
	refuse(true)
	add := func(title, start string) {
		e := campaign()
		e.Title, e.Start, e.End, e.Leads = title, day(start), day(start), []int{0}
		w.MustAdd(e)
	}
	add("Ensimmäinen", "2026-03-03")
	add("Toinen", "2026-03-04")
	add("Kolmas", "2026-03-05")
	add("Neljäs", "2026-03-06")
	w.pass("2026-03-03 08:30")
	contains(t, w.posted(mine.ConversationID, 1).text(), "Viestintä", "Ensimmäinen", "ei voi lähettää")
	w.pass("2026-03-04 08:30")
	w.until("the end of the second post", func() bool { return strings.Contains(strings.Join(w.ledger(), "\n"), "Toinen: failed") })
	w.stop()
	refuse(false)
	w.Start()
	w.pass("2026-03-05 08:30")
	contains(t, w.posted(w.wg.ConversationID, 1).text(), "Kolmas")
	w.stop()
	refuse(true)
	w.Start()
	w.pass("2026-03-06 08:30")
	contains(t, w.posted(mine.ConversationID, 2).text(), "Neljäs")
	w.stop()
	if n := len(w.notices()); n != 2 {
		t.Errorf("told %d times: %q", n, w.notices())
	}
}

// A permission that Graph does not grant is told to admins too, not only to who wanted something.
func TestPermissionMissing(t *testing.T) {
	t.Parallel()
	o := &online{create: []error{&store.GraphError{Problem: store.GraphForbidden, Permission: "Calendars.ReadWrite", Who: "a global administrator"}}}
	w := MustSessions(t, withGraph(o), withConfig(func(c *bot.Config) { c.Admins = []string{aino.AADObjectID} }))
	mine := w.knows(aino)
	w.holds(map[string]any{"joinUrl": ""})
	contains(t, w.posted(mine.ConversationID, 1).text(), "Calendars.ReadWrite", "vuosikello doctor")
}
