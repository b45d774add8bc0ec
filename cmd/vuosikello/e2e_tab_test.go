//go:build e2e

package main_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/store"
)

const (
	// rehearsed is when the pages of the test are looked at: on the Tuesday of week 12.
	rehearsed = "2026-03-17T10:00:00+02:00"
	// firstPaint is what a page may take in the browser until something is to be seen, in milliseconds.
	firstPaint = 1000
	// noShift allows for what nobody sees: half a pixel of a late rounding. 0.1 is what is called good elsewhere.
	noShift = 0.001

	phoneWidth, phoneHeight = 390, 844
)

// TestE2ETab looks at every page of the tab in each theme, at the width of a desktop and of a phone, has axe-core judge it by
// WCAG 2.2 A and AA, and holds it against what is promised of paint and layout. Then somebody finds week 12 by keyboard.
func TestE2ETab(t *testing.T) {
	o := openOrganisation(t, 1, teamstest.ConnectorConfig{})
	once(t, settings{"VUOSIKELLO_DATABASE": o.database, "VUOSIKELLO_REHEARSAL": rehearsed}, "import", sampleClock(t))
	entry := o.tabContent(t)
	p := start(t, localSettings(o.database).with(settings{"VUOSIKELLO_REHEARSAL": rehearsed, "VUOSIKELLO_ORGANISATION": "Esimerkin hyvinvointialue", "VUOSIKELLO_WEBSITE_URL": "https://hva.example/palaute"}), nil)
	base := "http://" + p.public
	w := openWindow(t, base+"/tab?lang=fi", pictureFolder(t))
	axe, err := os.ReadFile(filepath.Join("testdata", "axe", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	pages := []struct{ name, path string }{
		{"year", "/tab?lang=fi"}, {"quarter", "/tab?lang=fi&view=quarter"}, {"month", "/tab?lang=fi&view=month"}, {"week", "/tab?lang=sv&view=week&year=2026&week=12"},
		{"campaign", "/tab?lang=fi&view=campaign&year=2026&campaign=Allergiakausi"}, {"entry", "/tab?lang=en&entry=" + entry}, {"sessions", "/tab?lang=fi&view=sessions"},
		{"filtered", "/tab?lang=fi&view=year&year=2026&state=waiting"}, {"empty", "/tab?lang=fi&view=year&year=2031"}, {"missing", "/tab?lang=fi&entry=x"},
		{"statement", "/saavutettavuus?lang=fi"}, {"privacy", "/tietosuoja?lang=fi"},
	}
	for _, theme := range []string{"default", "dark", "contrast"} {
		for _, page := range pages {
			address := base + page.path
			if strings.HasPrefix(page.path, "/tab") {
				address += "&theme=" + theme
			} else if theme != "default" {
				continue // the notices follow the reader's device
			}
			for _, screen := range []struct {
				name          string
				width, height int64
			}{{"desktop", screenWidth, screenHeight}, {"phone", phoneWidth, phoneHeight}} {
				if theme != "default" && screen.name == "phone" && page.name != "year" {
					continue // what changes with the width has no colour
				}
				name := fmt.Sprintf("tab-%s-%s-%s", page.name, theme, screen.name)
				w.do(patience, chromedp.EmulateViewport(screen.width, screen.height), chromedp.Navigate(address))
				w.checkPage(name, string(axe))
				w.save(name, shoot(w, chromedp.FullScreenshot(100)))
			}
		}
	}
	pdf := shootPDF(w, base+"/tab?lang=fi&view=quarter&year=2026&month=1")
	if err := os.WriteFile(filepath.Join(w.pictures, "tab-print.pdf"), pdf, 0o644); err != nil {
		t.Fatal(err)
	}
	w.byKeyboard(base)
}

// tabContent puts a request and a digi-quarter on the pages, and returns the id of the entry that is asked about.
func (o *organisation) tabContent(t *testing.T) (entry string) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, rehearsed)
	if err != nil {
		t.Fatal(err)
	}
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	calendar := store.Calendar{Location: helsinki, PostTime: 8*60 + 30}
	o.write(t, func(tx *store.Tx) error {
		list, err := tx.Entries(store.EntryFilter{Campaign: "Allergiakausi"})
		if err != nil || len(list) == 0 {
			return fmt.Errorf("no entry of the campaign: %w", err)
		}
		entry = list[0].ID
		for i, title := range []string{"Siitepölykausi alkoi: näin neuvot asukasta", "Lääkkeiden uusiminen ennen pääsiäistä"} {
			d := store.Draft{EntryID: entry, AuthorID: aino.AADObjectID, Form: map[string]string{"title": title}}
			if err := tx.SaveDraft(&d, at); err != nil {
				return err
			}
			v := &store.ContentVersion{ContentID: d.ID, EntryID: entry, Title: title, Body: "Ohje", Audiences: []string{"Ammattilaiset"}, RequestedBy: aino.AADObjectID, Approval: true, Checklist: store.Checks()}
			if err := tx.SubmitContent(v, at, calendar); err != nil {
				return err
			}
			if i > 0 {
				continue
			}
			if _, err := tx.Decide(v, store.DecisionApproved, aino.AADObjectID, "", 0, at, calendar); err != nil {
				return err
			}
			if _, err := tx.Publish(v, nil, at, at); err != nil {
				return err
			}
		}
		s := &store.Session{Title: "Ajanvaraus sovelluksessa: yhteistyö hyvinvointialueen ammattilaisten kanssa", Start: at.Add(7 * 24 * time.Hour), Minutes: 15, Audiences: []string{"Ammattilaiset"}, HostID: aino.AADObjectID, CreatedBy: aino.AADObjectID}
		if err := tx.AddSession(s, false, at, calendar); err != nil {
			return err
		}
		_, _, err = tx.SignUp(s.ID, aino.AADObjectID, at)
		return err
	})
	return entry
}

// checkPage holds the page that is shown against what is promised of every page.
func (w *window) checkPage(name, axe string) {
	w.t.Helper()
	evaluate[bool](w, axe+"; true")
	for _, fault := range evaluatePromise[[]string](w, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
		.then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target + ": " + n.failureSummary)))`) {
		w.t.Errorf("%s: axe: %s", name, fault)
	}
	if wide := evaluate[[]string](w, `[...document.querySelectorAll("body *")].filter(e => !e.closest(".scroll, svg, .hidden, .skip") && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + " " + e.className)`); len(wide) > 0 {
		w.t.Errorf("%s: wider than the screen: %v", name, wide)
	}
	if foreign := evaluate[[]string](w, `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin))`); len(foreign) > 0 {
		w.t.Errorf("%s: fetched from elsewhere: %v", name, foreign)
	}
	measured := evaluatePromise[map[string]float64](w, measurePage)
	if measured["shift"] > noShift {
		w.t.Errorf("%s: layout shift %.4f", name, measured["shift"])
	}
	paints := []float64{measured["paint"]}
	for ; paints[len(paints)-1] > firstPaint && len(paints) < 10; paints = append(paints, evaluatePromise[map[string]float64](w, measurePage)["paint"]) {
		w.do(patience, chromedp.Reload()) // a busy machine may be late now and then; a page that is too heavy is late each time
	}
	w.t.Logf("%s: first paint after %.0f ms, layout shift %.4f", name, paints, measured["shift"])
	if paints[len(paints)-1] > firstPaint {
		w.t.Errorf("%s: first paint after %.0f ms, want at most %d", name, paints, firstPaint)
	}
}

// measurePage gives the first paint, in milliseconds, and the cumulative layout shift of the page.
const measurePage = `new Promise(done => {
	let shift = 0;
	new PerformanceObserver(list => list.getEntries().forEach(e => shift += e.value)).observe({type: "layout-shift", buffered: true});
	const wait = () => {
		const paint = performance.getEntriesByName("first-contentful-paint")[0];
		paint ? setTimeout(() => done({paint: paint.startTime, shift}), 50) : setTimeout(wait, 20);
	};
	wait();
})`

func evaluatePromise[T any](w *window, expression string) T {
	w.t.Helper()
	evaluate[bool](w, "window.e2e = undefined, ("+expression+").then(v => window.e2e = JSON.stringify(v), e => window.e2e = JSON.stringify(String(e))), true")
	w.waitFor(patience, "a promise", "window.e2e !== undefined")
	var value T
	if err := json.Unmarshal([]byte(evaluate[string](w, "window.e2e")), &value); err != nil {
		w.fail(err.Error())
	}
	return value
}

func shootPDF(w *window, address string) []byte {
	w.t.Helper()
	w.do(patience, chromedp.EmulateViewport(screenWidth, screenHeight), chromedp.Navigate(address))
	return shoot(w, chromedp.PrintToPDF())
}

// byKeyboard finds out what happens in week 12 and who must act, with the tabulator and Enter alone.
func (w *window) byKeyboard(base string) {
	w.t.Helper()
	w.do(patience, chromedp.Navigate(base+"/tab?lang=fi"))
	focused := func() string {
		return evaluate[string](w, `(e => e.ariaLabel || e.textContent.trim())(document.activeElement)`)
	}
	w.do(patience, chromedp.KeyEvent(kb.Tab))
	if got := focused(); got != "Siirry sisältöön" {
		w.t.Errorf("the first stop is %q", got)
	}
	for stops := 1; focused() != "Viikko 12"; stops++ {
		if stops > 200 {
			w.fail("week 12 is not within 200 stops")
		}
		if evaluate[bool](w, `getComputedStyle(document.activeElement).outlineStyle === "none"`) {
			w.t.Errorf("nothing shows that %q has the focus", focused())
		}
		w.do(patience, chromedp.KeyEvent(kb.Tab))
	}
	w.do(patience, chromedp.KeyEvent(kb.Enter))
	w.waitFor(patience, "week 12", `document.querySelector("h1")?.innerText.startsWith("Viikko 12") ?? false`)
	if page := evaluate[string](w, `document.body.innerText`); !strings.Contains(page, "Allergiakausi") || !strings.Contains(page, "Vastuu: Viestintätiimi") {
		w.t.Errorf("week 12 does not tell what happens and who must act: %s", page)
	}
}

// teamsPage is a stand-in for Teams: a page that holds a tab in a frame, and answers Microsoft's script as Teams does. It is
// at Teams' own address, because the script listens to nobody else.
const teamsPage = `<!DOCTYPE html><html><head><title>Teams</title></head><body style="margin:0"><iframe src="%s" style="border:0;width:100%%;height:100vh" allow="clipboard-write"></iframe>
<script>
window.asked = [];
addEventListener("message", (e) => {
	const m = e.data;
	if (!m || !m.func || e.origin !== "https://%s") return;
	asked.push(m.func);
	const answer = (...args) => e.source.postMessage({id: m.id, uuid: m.uuid, uuidAsString: m.uuidAsString, args}, e.origin);
	switch (m.func) {
	case "initialize": return answer("content", "web", JSON.stringify({apiVersion: 4, hostVersionsInfo: {}, isLegacyTeams: false, supports: {}}), "2.58.0");
	case "getContext": return answer({locale: "fi-fi", theme: "dark", entityId: "vuosikello", hostName: "Teams", hostClientType: "web", userObjectId: "x", tid: "x"});
	case "authentication.getAuthToken": return answer(true, %q);
	}
});
</script></body></html>`

// TestE2ETabInTeams opens the tab as Teams does: in a frame at Teams' own address, with Microsoft's script, a token of the
// tenant's sign-in and the real program behind it that checks it.
func TestE2ETabInTeams(t *testing.T) {
	const host = "vuosikello.example.fi"
	cloud := openCloud(t)
	o := openOrganisation(t, 1, teamstest.ConnectorConfig{})
	once(t, settings{"VUOSIKELLO_DATABASE": o.database, "VUOSIKELLO_REHEARSAL": rehearsed}, "import", sampleClock(t))
	o.tabContent(t)
	p := start(t, cloud.settings(o.database).with(settings{"VUOSIKELLO_PUBLIC_URL": "https://" + host, "VUOSIKELLO_REHEARSAL": rehearsed, "VUOSIKELLO_GRAPH_URL": "off"}), nil)
	token := cloud.entra.Sign(cloud.entra.UserClaims(1, teams.UserAudience(host, appID), aino.AADObjectID, time.Now()))
	bad := cloud.entra.UserClaims(1, teams.UserAudience(host, appID), aino.AADObjectID, time.Now())
	bad["tid"] = "99999999-9999-4999-8999-999999999999"
	program := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: p.public})
	proxy := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case r.Host == host:
			program.ServeHTTP(rw, r)
		case r.Host != "teams.microsoft.com":
			http.NotFound(rw, r)
		case r.URL.Path == "/guest":
			fmt.Fprintf(rw, teamsPage, "https://"+host+"/tab?locale=fi-FI&theme=dark", host, cloud.entra.Sign(bad))
		default:
			fmt.Fprintf(rw, teamsPage, "https://"+host+"/tab?locale=fi-FI&theme=dark", host, token)
		}
	}))
	proxy.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug) // the browser's own errands
	proxy.StartTLS()
	defer proxy.Close()
	// The page of Teams looks into its frame for the test, which browsers do not let it do otherwise.
	w := openWindow(t, "about:blank", pictureFolder(t), chromedp.Flag("host-resolver-rules", "MAP * "+strings.TrimPrefix(proxy.URL, "https://")),
		chromedp.Flag("ignore-certificate-errors", true), chromedp.Flag("disable-web-security", true), chromedp.Flag("disable-site-isolation-trials", true))
	const frame = `document.querySelector("iframe").contentDocument`
	heading := func(begins string) string {
		return fmt.Sprintf(`%s?.querySelector("h1")?.innerText.startsWith(%q) ?? false`, frame, begins)
	}
	w.do(patience, chromedp.Navigate("https://teams.microsoft.com/"))
	w.waitFor(patience, "the year in the frame", heading("Vuosi 2026"))
	w.waitFor(patience, "the theme of Teams", frame+`.documentElement.dataset.theme === "dark"`)
	if asked := evaluate[[]string](w, `asked`); !strings.Contains(strings.Join(asked, " "), "initialize getContext") {
		t.Errorf("Teams was asked for %v", asked)
	}
	w.save("tab-in-teams-desktop", shoot(w, chromedp.CaptureScreenshot()))
	measured := evaluate[float64](w, `(f => f.performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? -1)(document.querySelector("iframe").contentWindow)`)
	t.Logf("first paint in the frame %.0f ms", measured)
	if foreign := evaluate[[]string](w, `document.querySelector("iframe").contentWindow.performance.getEntriesByType("resource").filter(e => e.responseStatus && !e.name.startsWith("https://`+host+`")).map(e => e.name)`); len(foreign) > 0 {
		t.Errorf("fetched from elsewhere: %v", foreign)
	}
	// A link changes the page in place, puts the focus on its heading, and the way back leads back.
	evaluate[bool](w, frame+`.querySelector(".months a").click(), true`)
	w.waitFor(patience, "January", heading("Tammikuu 2026"))
	w.waitFor(patience, "the focus on the new page's heading", frame+`.activeElement.tagName === "H1"`)
	evaluate[bool](w, `document.querySelector("iframe").contentWindow.history.back(), true`)
	w.waitFor(patience, "the year again", heading("Vuosi 2026"))
	// So does a filter.
	evaluate[bool](w, fmt.Sprintf(`(d => { d.querySelector("select[name=state]").value = "waiting"; d.querySelector("form button").click(); return true })(%s)`, frame))
	w.waitFor(patience, "the filtered year", frame+`?.querySelector(".lead")?.innerText === "1 toimenpide"`)
	// Teams may change its theme at any time.
	evaluate[bool](w, `document.querySelector("iframe").contentWindow.postMessage({func: "themeChange", args: ["contrast"]}, "*"), true`)
	w.waitFor(patience, "the theme", frame+`.documentElement.dataset.theme === "contrast"`)

	w.do(patience, chromedp.Navigate("https://teams.microsoft.com/guest"))
	w.waitFor(patience, "what a token of another tenant opens", heading("Vuosikello on toisen organisaation"))
	w.do(patience, chromedp.Navigate("https://"+host+"/tab?lang=fi"))
	w.waitFor(patience, "what the page says outside Teams", `document.querySelector("h1")?.innerText === "Vuosikello avautuu Teamsissa"`)
	w.save("tab-outside-desktop", shoot(w, chromedp.CaptureScreenshot()))
}
