package bot_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"vuosikello/bot"
	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// tabWorld is a bot whose tab people can sign in to.
type tabWorld struct {
	*approvalWorld
	entra    *teamstest.Entra
	audience string
	server   *httptest.Server
}

func MustTab(tb testing.TB, options ...option) *tabWorld {
	tb.Helper()
	entra := teamstest.NewEntra(tenant, appID, "secret")
	tb.Cleanup(entra.Close)
	keys, err := teams.NewKeySet(teams.KeySetConfig{MetadataURL: teams.UserMetadataURL(entra.Authority, tenant), HTTP: entra.Client()})
	if err != nil {
		tb.Fatal(err)
	}
	signIn := teams.NewUserVerifier(teams.UserVerifierConfig{AppID: appID, TenantID: tenant, Host: "kello.example", Authority: entra.Authority, Keys: keys})
	w := &tabWorld{entra: entra, audience: teams.UserAudience("kello.example", appID)}
	w.approvalWorld = MustSessions(tb, append([]option{withConfig(func(c *bot.Config) {
		c.SignIn, c.Organisation, c.WebsiteURL, c.Retention = signIn, "Esimerkin hyvinvointialue", "https://hva.example/palaute", store.DefaultRetention
	})}, options...)...)
	w.server = httptest.NewServer(w.bot.WebHandler())
	tb.Cleanup(w.server.Close)
	return w
}

// get fetches a path; who is signed in, or nobody.
func (w *tabWorld) get(path string, who *teamstest.Person) (status int, body string, header http.Header) {
	w.Helper()
	token := ""
	if who != nil {
		token = w.entra.Sign(w.entra.UserClaims(1, w.audience, who.AADObjectID, time.Now()))
	}
	return w.getWith(path, token)
}

func (w *tabWorld) getWith(path, token string) (status int, body string, header http.Header) {
	w.Helper()
	req, err := http.NewRequest(http.MethodGet, w.server.URL+path, nil)
	if err != nil {
		w.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
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
	return res.StatusCode, string(b), res.Header
}

// page is a fragment for a person.
func (w *tabWorld) page(query string, who teamstest.Person) string {
	w.Helper()
	status, body, _ := w.get("/tab/page?"+query, &who)
	if status != http.StatusOK {
		w.Fatalf("%s: %d %s", query, status, body)
	}
	return body
}

func lacks(tb testing.TB, text string, words ...string) {
	tb.Helper()
	for _, word := range words {
		if strings.Contains(text, word) {
			tb.Errorf("%q is in %s", word, text)
		}
	}
}

// allergy is a campaign with one entry, and with content that is published and content that waits.
func (w *tabWorld) allergy() (id string) {
	w.Helper()
	id = w.MustAdd(store.Entry{Title: "Allergiakausi", Clock: store.Clock{Name: "vuosikello", Year: 2026}, Start: day("2026-03-16"), End: day("2026-05-29"), Campaign: "Allergia",
		Audiences: []string{"Ammattilaiset"}, Channels: []string{"intra", "Teams"}, Owner: olli.Name, Leads: []int{7}, Approval: true, Goal: "10 000 lukijaa"})
	w.MustWrite(func(tx *store.Tx) error {
		for _, title := range []string{"Siitepölytiedote", "Lääkeohje"} {
			d := store.Draft{EntryID: id, AuthorID: mia.AADObjectID, Form: map[string]string{"title": title}}
			if err := tx.SaveDraft(&d, w.clock.Now()); err != nil {
				return err
			}
			v := &store.ContentVersion{ContentID: d.ID, EntryID: id, Title: title, Body: "SALAINEN LUONNOS", Audiences: []string{"Ammattilaiset"}, RequestedBy: mia.AADObjectID, Approval: true, Checklist: store.Checks()}
			if err := tx.SubmitContent(v, w.clock.Now(), calendar); err != nil {
				return err
			}
			if title == "Lääkeohje" {
				continue
			}
			if _, err := tx.Decide(v, store.DecisionApproved, hanna.AADObjectID, "", 0, w.clock.Now(), calendar); err != nil {
				return err
			}
			channels, err := tx.BoundChannels(store.ForAudience, "Ammattilaiset")
			if err != nil {
				return err
			}
			if _, err := tx.Publish(v, channels, w.clock.Now(), w.clock.Now()); err != nil {
				return err
			}
			if _, _, err := tx.Acknowledge(d.ID, sanna.AADObjectID, channels[0].ID, w.clock.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	return id
}

// What happens in week 12, and who must act?
func TestTabWeek(t *testing.T) {
	t.Parallel()
	w := MustTab(t)
	w.allergy()
	w.MustAdd(store.Entry{Title: "Viikkotiedote", Clock: store.Clock{Name: "vuosikello", Year: 2026}, Start: day("2026-01-09"), Repeat: "FREQ=WEEKLY", Owner: "Viestintätiimi", Audiences: []string{"Ammattilaiset"}})
	w.clock.Set(at("2026-03-17 10:00"))
	week := w.page("view=week&year=2026&week=12", sanna)
	contains(t, week, "Viikko 12/2026 (16.–22.3.)", "Allergiakausi", "käynnissä nyt", "Vastuu: "+olli.Name, "pe 20.3.", "Viikkotiedote", "Vastuu: Viestintätiimi", "Ratkaistavaa", "Lääkeohje")
	if n := strings.Count(week, ">Viikkotiedote</a>"); n != 1 {
		t.Errorf("Viikkotiedote is there %d times", n)
	}
	contains(t, w.page("view=month&year=2026&month=3", sanna), "Viikko 12 (16.–22.3.)", `href="/tab?view=week&amp;week=12&amp;year=2026"`)
	year := w.page("", sanna)
	contains(t, year, "Vuosi 2026", "Toistuvat", "Joka viikko", "seuraavaksi pe 20.3. · 51 kertaa", `href="/tab?view=week&amp;week=12&amp;year=2026"`)
	// Everybody's language: the one chosen on the page, else that of the client.
	contains(t, w.page("view=week&week=12", erik), "Vecka 12/2026", "Ansvar: ")
	contains(t, w.page("view=week&week=12&lang=en", erik), "Week 12/2026", "Responsible: ", "lang=en")
}

// What clashes ahead is said on the page, with the way to the entry.
func TestTabClashes(t *testing.T) {
	t.Parallel()
	w := MustTab(t)
	w.clock.Set(at("2026-03-16 10:00"))
	id := w.MustAdd(store.Entry{Title: "Vappuviesti", Clock: store.Clock{Name: "vuosikello", Year: 2026}, Start: day("2026-05-01"), Audiences: []string{"Ammattilaiset"}})
	for _, view := range []string{"view=year", "view=month&month=5", "view=week&year=2026&week=18"} {
		contains(t, w.page(view, sanna), "Ratkaistavaa", "Vappuviesti", `<li><a href="/tab?entry=`+id+`">`, "vappu")
	}
	contains(t, w.page("view=month&month=5&lang=en", sanna), "a public holiday (May Day)")
	lacks(t, w.page("view=month&month=4", sanna), "Ratkaistavaa")
	w.clock.Set(at("2026-06-01 10:00"))
	lacks(t, w.page("view=month&month=5", sanna), "Ratkaistavaa")
}

func TestTabFilters(t *testing.T) {
	t.Parallel()
	w := MustTab(t)
	w.allergy()
	w.MustAdd(store.Entry{Title: "Peruttu tapahtuma", Clock: store.Clock{Name: "vuosikello", Year: 2026}, Start: day("2026-03-18"), State: store.Cancelled, Channels: []string{"some"}, Audiences: []string{"Asukkaat"}})
	for query, want := range map[string][2]string{ // what is shown, and what is not
		"audience=asukkaat":  {"Peruttu tapahtuma", "entry=ALLERGY"},
		"channel=INTRA":      {"Allergiakausi", "Peruttu tapahtuma"},
		"campaign=allergia":  {"Allergiakausi", "Peruttu tapahtuma"},
		"state=cancelled":    {"Peruttu tapahtuma", "10 000"},
		"state=waiting":      {"Allergiakausi", "Peruttu tapahtuma"},
		"state=done":         {"Rajaukseen ei osu yhtään toimenpidettä", "Peruttu tapahtuma"},
		"state=invented":     {"Peruttu tapahtuma", "Rajaukseen"},
		"audience=Ei+ketään": {"Rajaukseen ei osu yhtään toimenpidettä", "Peruttu tapahtuma"},
	} {
		for _, view := range []string{"year", "quarter", "month"} {
			body := w.page("view="+view+"&year=2026&month=3&"+query, sanna)
			contains(t, body, want[0])
			lacks(t, body, want[1])
		}
	}
}

// A person sees what their role may see, and a draft's text is on no page.
func TestTabRoles(t *testing.T) {
	t.Parallel()
	w := MustTab(t)
	w.clock.Set(at("2026-03-16 10:00"))
	id := w.allergy()
	w.settled() // what was published counts in the channels that it has reached
	campaign := "view=campaign&year=2026&campaign=Allergia"
	for _, who := range []teamstest.Person{mia, hanna} {
		contains(t, w.page(campaign, who), "Tavoittavuus", "Siitepölytiedote", `<td class="n">9</td>`, `<td class="n">1</td>`, `<td class="n">ei tiedossa</td>`)
	}
	body := w.page(campaign, sanna)
	contains(t, body, "Allergia 2026", "Siitepölytiedote", "julkaistu", "Lääkeohje", "odottaa hyväksyntää", "10 000 lukijaa", "Pyydetty", mia.Name)
	lacks(t, body, "Tavoittavuus", "SALAINEN")
	contains(t, w.page("entry="+id, sanna), "Allergiakausi", olli.Name, "16.3.–29.5.", "tarvitaan ennen julkaisua", "Lääkeohje", "ratkaisija "+hanna.Name)

	w.holds(map[string]any{"date": "2026-03-24"})
	w.MustWrite(func(tx *store.Tx) error { _, _, err := tx.SignUp(1, sanna.AADObjectID, w.clock.Now()); return err })
	sessions := w.page("view=sessions&year=2026", sanna)
	contains(t, sessions, "Ajanvaraus sovelluksessa", "ti 24.3. klo 14.00", "1 ilmoittautunut")
	lacks(t, sessions, sanna.Name, meetingLink)
	contains(t, w.page("view=sessions&year=2026", olli), sanna.Name+" · ilmoittautunut")
}

func TestTabSignIn(t *testing.T) {
	t.Parallel()
	w := MustTab(t)
	w.allergy()
	other := "99999999-9999-4999-8999-999999999999"
	claims := func(change func(map[string]any)) string {
		c := w.entra.UserClaims(1, w.audience, sanna.AADObjectID, time.Now())
		change(c)
		return w.entra.Sign(c)
	}
	for name, c := range map[string]struct {
		token  string
		status int
		said   string
	}{
		"no token":        {"", http.StatusUnauthorized, "Kirjautuminen ei onnistunut"},
		"no token at all": {"roskaa", http.StatusUnauthorized, "Kirjautuminen ei onnistunut"},
		"expired":         {claims(func(c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() }), http.StatusUnauthorized, "Kirjautuminen ei onnistunut"},
		"another tenant":  {claims(func(c map[string]any) { c["tid"], c["iss"] = other, "https://sts.windows.net/"+other+"/" }), http.StatusForbidden, "toisen organisaation"},
	} {
		t.Run(name, func(t *testing.T) {
			status, body, header := w.getWith("/tab/page", c.token)
			if status != c.status || !strings.HasPrefix(header.Get("Content-Type"), "text/html") {
				t.Errorf("%d %s", status, header.Get("Content-Type"))
			}
			contains(t, body, c.said, "/tietosuoja")
			lacks(t, body, "Allergiakausi")
		})
	}
	// The page that Teams opens holds nothing of the clock, and only Teams may frame it.
	status, body, header := w.get("/tab?locale=sv-FI&theme=dark", nil)
	if status != http.StatusOK {
		t.Fatalf("the shell: %d", status)
	}
	contains(t, body, "Årsklockan öppnas i Teams", `data-theme="dark"`, "/tab/teams.js?v=", "<noscript>")
	lacks(t, body, "Allergiakausi", "<style", " style=", "onclick", "http://", "https://")
	contains(t, header.Get("Content-Security-Policy"), "default-src 'none'", "script-src 'self';", "frame-ancestors https://*.cloud.microsoft https://teams.microsoft.com https://*.teams.microsoft.com")
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "private, no-store", "X-Frame-Options": ""} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestTabSignedLink(t *testing.T) {
	t.Parallel()
	w := MustTab(t)
	w.clock.Set(at("2026-03-16 10:00"))
	id := w.allergy()
	link := printLink(t, w.page("view=month&year=2026&month=3", mia))
	status, body, header := w.get(link, nil)
	if status != http.StatusOK || !strings.Contains(header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Fatalf("%d %v", status, header)
	}
	contains(t, body, "Maaliskuu 2026", "Allergiakausi", "<title>Maaliskuu 2026 – Vuosikello</title>")
	// It opens the other views, and names nobody who has asked or decided.
	u, _ := url.Parse(link)
	v := u.Query()
	_, body, _ = w.get("/tab?"+url.Values{"entry": {id}, "e": v["e"], "s": v["s"]}.Encode(), nil)
	contains(t, body, "Lääkeohje", "pyytäjä joku", "&amp;s=")
	lacks(t, body, mia.Name, hanna.Name)

	refused := func(what, path string, want int, said string) {
		t.Helper()
		status, body, _ := w.get(path, nil)
		if status != want {
			t.Errorf("%s: %d", what, status)
		}
		contains(t, body, said, "<main")
		lacks(t, body, "Allergiakausi")
	}
	refused("altered", strings.Replace(link, "s=", "s=A", 1), http.StatusForbidden, "Linkki ei toimi")
	refused("made to last", strings.Replace(link, "e=1", "e=2", 1), http.StatusForbidden, "Linkki ei toimi")
	refused("without its end", "/tab?s="+v.Get("s"), http.StatusForbidden, "Linkki ei toimi")
	if status, _, _ := w.get("/tab/page?"+u.RawQuery, nil); status != http.StatusUnauthorized {
		t.Errorf("the link opens what is for people: %d", status)
	}
	w.clock.Set(at("2026-03-18 00:00"))
	refused("expired", link, http.StatusGone, "Linkki ei ole enää voimassa")
}

// printLink is the address of the signed page.
func printLink(tb testing.TB, body string) string {
	tb.Helper()
	_, rest, found := strings.Cut(body, `href="https://kello.example/tab?e=`)
	address, _, _ := strings.Cut(rest, `"`)
	if !found {
		tb.Fatalf("no link in %s", body)
	}
	return "/tab?e=" + strings.ReplaceAll(address, "&amp;", "&")
}

// Whatever the address and the clock hold, the page makes sense.
func TestTabOddities(t *testing.T) {
	t.Parallel()
	w := MustTab(t)
	w.clock.Set(at("2026-03-16 10:00"))
	w.MustWrite(func(tx *store.Tx) error {
		list, err := tx.Entries(store.EntryFilter{})
		for _, e := range list {
			err = tx.RemoveEntry(e.ID, w.clock.Now(), calendar)
		}
		return err
	})
	contains(t, w.page("", sanna), "Vuosikello on vielä tyhjä")
	long := strings.Repeat("Hyvinvointialueyhteistyö", 12) + "<script>x"
	id := w.MustAdd(store.Entry{Title: long[:290], Clock: store.Clock{Name: "vuosikello", Year: 2026}, Start: day("2026-03-16"), Campaign: `"><script>alert(1)</script>`, Audiences: []string{"<b>kaikki</b>"}, Owner: "javascript:x", Notes: "Linkki: javascript:alert(1)\nIlman nimeä"})
	for _, query := range []string{"", "view=year&year=2026", "view=quarter&month=13", "view=month&year=0", "view=month&year=99999999999999999999", "view=week&week=54", "view=week&year=2026&week=53",
		"view=week&year=2025&week=53", "view=year&year=1900", "view=month&year=2199&month=12", "view=campaign", "view=campaign&campaign=" + url.QueryEscape(`"><script>alert(1)</script>`), "view=sessions",
		"view=%00&state=%ff&channel=%ff", "campaign=" + strings.Repeat("x", 20000), "entry=" + id, "lang=de&theme=%22", "view=campaign&campaign=tuntematon"} {
		body := w.page(query, sanna)
		if !strings.Contains(body, "<h1") || strings.Contains(body, "<script") || strings.Contains(body, "%!") || strings.Contains(body, "tab.") && strings.Contains(body, ">tab.") {
			t.Errorf("%s: %s", query, body)
		}
	}
	contains(t, w.page("view=year&year=2031", sanna), "Näille päiville ei ole toimenpiteitä", `year=2026">Vuosi 2026</a>`)
	status, body, _ := w.get("/tab/page?entry=olematon", &sanna)
	if status != http.StatusNotFound {
		t.Errorf("an entry that is not there: %d", status)
	}
	contains(t, body, "Toimenpidettä ei löydy", "Siirry vuosikelloon")
	for _, path := range []string{"/tab/", "/tab/none.js", "/tab/../bot.go", "/tab/tab.css/"} {
		if status, _, _ := w.get(path, nil); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestTabLocal(t *testing.T) {
	t.Parallel()
	w := MustTab(t, withConfig(func(c *bot.Config) { c.Local, c.SignIn = true, nil }))
	w.allergy()
	status, body, _ := w.get("/tab?view=campaign&year=2026&campaign=Allergia", nil)
	if status != http.StatusOK {
		t.Errorf("%d", status)
	}
	contains(t, body, "Allergia 2026", "Tavoittavuus")
	if status, _, _ := w.get("/tab/page", nil); status == http.StatusOK {
		t.Error("the part that is for a token needs none")
	}
}

// The notices name the organisation and everything that the database keeps of people.
func TestNotices(t *testing.T) {
	t.Parallel()
	w := MustTab(t)
	var columns []store.PersonalColumn
	w.MustRead(func(tx *store.Tx) (err error) { columns, err = tx.PersonalData(); return err })
	for _, l := range cards.Langs() {
		status, body, _ := w.get("/tietosuoja?lang="+string(l), nil)
		if status != http.StatusOK {
			t.Fatalf("%d", status)
		}
		contains(t, body, "Esimerkin hyvinvointialue", `lang="`+string(l)+`"`, "https://hva.example/palaute", "https://tietosuoja.fi/")
		if n := strings.Count(body, "<li>"); n != len(columns) {
			t.Errorf("%s: %d of %d columns", l, n, len(columns))
		}
		_, body, _ = w.get("/saavutettavuus?lang="+string(l), nil)
		contains(t, body, "Esimerkin hyvinvointialue", "306/2019", "WCAG", "Traficom", "https://hva.example/palaute", "14 ")
	}
}

// bigClock is a year of n entries, a tenth of which repeat weekly.
func bigClock(w *world, n int) {
	w.MustWrite(func(tx *store.Tx) error {
		for i := range n {
			e := store.Entry{Title: fmt.Sprintf("Toimenpide %d: ajanvarauksen uudistus", i), Clock: store.Clock{Name: "vuosikello", Year: 2026}, Start: day("2026-01-01") + store.Date(i%365), Campaign: fmt.Sprintf("Kampanja %d", i%40),
				Audiences: []string{"Ammattilaiset", fmt.Sprintf("Yksikkö %d", i%25)}, Channels: []string{"intra", "Teams"}, Owner: "Viestintätiimi", Leads: []int{7, 1}}
			if i%10 == 0 {
				e.Repeat = "FREQ=WEEKLY"
			} else {
				e.End = e.Start + store.Date(i%7)
			}
			if err := tx.AddEntry(&e, w.clock.Now(), calendar); err != nil {
				return err
			}
		}
		return nil
	})
}

// BenchmarkTab is a page of a clock of 2,000 entries over HTTP, compressed, for a person who is signed in. It reports what
// is transferred.
func BenchmarkTab(b *testing.B) {
	w := MustTab(b, withConfig(func(c *bot.Config) { c.Pages = bot.Pace{Burst: 1e6, PerSecond: 1e6} }))
	w.clock.Set(at("2026-03-16 10:00"))
	bigClock(w.world, 2000)
	token := w.entra.Sign(w.entra.UserClaims(1, w.audience, mia.AADObjectID, time.Now()))
	for _, query := range []string{"view=month&year=2026&month=3", "view=quarter&year=2026&month=4", "view=year&year=2026", "view=campaign&year=2026&campaign=Kampanja+3"} {
		b.Run(strings.SplitN(query[5:], "&", 2)[0], func(b *testing.B) {
			var size int64
			for b.Loop() {
				req, _ := http.NewRequest(http.MethodGet, w.server.URL+"/tab/page?"+query, nil)
				req.Header.Set("Authorization", "Bearer "+token)
				req.Header.Set("Accept-Encoding", "gzip") // set by hand: the client does not unpack it
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					b.Fatal(err)
				}
				size, err = io.Copy(io.Discard, res.Body)
				res.Body.Close()
				if err != nil || res.StatusCode != http.StatusOK {
					b.Fatal(res.StatusCode, err)
				}
			}
			b.ReportMetric(float64(size)/1000, "kB")
		})
	}
}

// The card of the clock and that of the commands lead to the pages.
func TestPagesFromCards(t *testing.T) {
	t.Parallel()
	w := MustTab(t)
	w.clock.Set(at("2026-03-16 10:00"))
	w.allergy()
	card := w.say(w.wg, sanna, "kello maaliskuu 2026")
	raw := strings.ReplaceAll(string(card.raw), `\u0026`, "&")
	_, rest, _ := strings.Cut(raw, `"url":"https://kello.example/tab?`)
	query, _, _ := strings.Cut(rest, `"`)
	status, body, _ := w.get("/tab?"+query, nil)
	if status != http.StatusOK {
		t.Fatalf("%d for %q of %s", status, query, raw)
	}
	contains(t, body, "Maaliskuu 2026", "Allergiakausi")
	contains(t, string(w.say(w.wg, sanna, "apua").raw), "https://kello.example/saavutettavuus?lang=fi", "https://kello.example/tietosuoja?lang=fi")
}
