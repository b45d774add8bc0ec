package bot_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/store"
)

var exportLink = regexp.MustCompile(`https://kello\.example/kello/vienti/[^"\s]+`)

// exportOf is the link to an export on a card.
func exportOf(tb testing.TB, s shown) string {
	tb.Helper()
	link := exportLink.FindString(strings.ReplaceAll(string(s.raw), `\u0026`, "&"))
	if link == "" {
		tb.Fatalf("no link in %s", s.raw)
	}
	return link
}

func TestExportLink(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	w.MustAdd(store.Entry{Title: "=SUMMA(A1)", Start: day("2026-05-04"), Audiences: []string{"Ammattilaiset"}})
	me := teamstest.Personal(mia)
	card := w.say(me, mia, "vie entries")
	contains(t, card.text(), "Linkki toimii 10 minuuttia", "klo 08.10")
	link := exportOf(t, card)
	res, csv := w.browse(link)
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/csv; charset=utf-8" || res.Header.Get("Content-Disposition") != `attachment; filename="entries-2026-03-02.csv"` ||
		res.Header.Get("Cache-Control") != "private, no-store" {
		t.Fatalf("%d %v", res.StatusCode, res.Header)
	}
	contains(t, csv, "\ufeffid;clock;title;start", ";'=SUMMA(A1);2026-05-04;")
	equal(t, "audit", append(w.audited("export.link"), w.audited("export.download")...), mia.Name+" export:entries", mia.Name+" export:entries")

	// Somebody with an English client gets what their Excel reads.
	if _, csv := w.browse(exportOf(t, w.say(teamstest.Personal(jane), jane, "export ledger"))); !strings.HasPrefix(csv, "\ufeffid,kind,title") {
		t.Errorf("for an English client: %q", csv)
	}
	for _, kind := range []string{"approvals", "attendance", "audit"} {
		if res, _ := w.browse(exportOf(t, w.say(me, mia, "exportera "+kind))); res.StatusCode != 200 {
			t.Errorf("%s: %d", kind, res.StatusCode)
		}
	}

	// In a channel the link goes to the sender's own chat.
	a := w.Mention(w.pro, erik, "exportera audit")
	w.post(a)
	if said := w.replyTo(a); exportLink.Match(said.raw) {
		t.Errorf("the channel sees %s", said.raw)
	}
	exportOf(t, w.posted(teamstest.PersonalChat(erik.ID), 1))

	// Another kind, another end and no signature lead nowhere; after ten minutes the link does not either.
	for name, bad := range map[string]string{
		"another kind": strings.Replace(link, "entries-", "audit-", 1),
		"a later end":  regexp.MustCompile(`e=\d+`).ReplaceAllString(link, "e=99999999999"),
		"no signature": regexp.MustCompile(`&s=.*`).ReplaceAllString(link, ""),
	} {
		if res, body := w.browse(bad); res.StatusCode != http.StatusForbidden || strings.Contains(body, "SUMMA") {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	w.pass("2026-03-02 08:09")
	if res, _ := w.browse(link); res.StatusCode != 200 {
		t.Errorf("after nine minutes: %d", res.StatusCode)
	}
	w.MustWrite(func(tx *store.Tx) error { _, err := tx.TakeRole(mia.AADObjectID, store.RoleCommunications); return err })
	if res, page := w.browse(link); res.StatusCode != http.StatusForbidden || !strings.Contains(page, "Sinulla ei ole enää roolia") {
		t.Errorf("without the role: %d %s", res.StatusCode, page)
	}
	w.pass("2026-03-02 08:10")
	if res, page := w.browse(link); res.StatusCode != http.StatusGone || !strings.Contains(page, "Linkki ei ole enää voimassa") {
		t.Errorf("after ten minutes: %d %s", res.StatusCode, page)
	}
}

// Without its key the program makes another one when it starts: all links end that there were.
func TestEveryLinkRevoked(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	me := teamstest.Personal(mia)
	links := []string{exportOf(t, w.say(me, mia, "vie entries")), feedOf(t, w.say(me, mia, "kalenteri"))}
	status := func(want int) {
		t.Helper()
		for _, link := range links {
			if res, _ := w.browse(link); res.StatusCode != want {
				t.Errorf("%s: %d, want %d", link, res.StatusCode, want)
			}
		}
	}
	status(http.StatusOK)
	w.stop()
	if _, err := w.other().ExecContext(t.Context(), `DELETE FROM setting WHERE key = 'link_secret'`); err != nil {
		t.Fatal(err)
	}
	w.Start()
	status(http.StatusForbidden)
	links = []string{exportOf(t, w.say(me, mia, "vie entries")), feedOf(t, w.say(me, mia, "kalenteri"))}
	status(http.StatusOK)
}

// Communications may export everything, a digimentor the attendance, and others nothing.
func TestExportRoles(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	for _, tc := range []struct {
		who        teamstest.Person
		text, want string
	}{
		{sanna, "vie entries", "viestintä, digimentori"}, // the roles that it takes
		{olli, "vie audit", "viestintä"},
		{olli, "vie attendance", "henkilötietoja"},
		{olli, "vie", "Osallistujat"},
		{mia, "vie", "Tapahtumaloki"},
		{mia, "vie audti", "audti"},
	} {
		card := w.say(teamstest.Personal(tc.who), tc.who, tc.text)
		if strings.Contains(strings.ToLower(card.text()), "export.name") {
			t.Errorf("%s: a kind has no name: %s", tc.text, card.text())
		}
		contains(t, card.text(), tc.want)
		if linked := exportLink.Match(card.raw); linked != (tc.text == "vie attendance") {
			t.Errorf("%s: %s", tc.text, card.raw)
		}
		if tc.text == "vie audti" {
			equal(t, "suggested", card.commands(), "vie audit")
		}
	}
}
