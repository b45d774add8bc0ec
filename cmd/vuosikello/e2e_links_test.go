//go:build e2e

package main_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestE2EFileAndLinks sends the bot a spreadsheet with a mistake, as Teams hands files over, and imports its good rows;
// then asks for the calendar and an export, and opens what it is given.
func TestE2EFileAndLinks(t *testing.T) {
	address := startDemo(t)
	w := openWindow(t, address, pictureFolder(t))
	w.waitFor(patience, "a reminder in the personal chat", cardsWith(doneButton)+".length > 0")

	var plan strings.Builder
	plan.WriteString("Aihe;Ajankohta;Kohderyhmä;Vastuu\nTerveystarkastuslomakkeen käyttöönotto hyvinvointialueella;vko 21;Käyttöönottavat yksiköt;Hyvinvointialueen ammattilaisviestintä\nKesän somekampanja;kevät;Asukkaat;\n")
	for _, title := range []string{"Heinäkuun tiedote", "Elokuun tiedote", "Syyskuun tiedote", "Lokakuun tiedote", "Marraskuun tiedote", "Joulukuun tiedote"} {
		plan.WriteString(title + ";1.12.2026;Ammattilaiset;Viestintätiimi\n")
	}
	host := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { io.WriteString(rw, plan.String()) }))
	defer host.Close()
	w.receive(address, "Viestinnän suunnitelma 2026.csv", host.URL)
	form := cardShowing("Korjattavaa (1)")
	w.waitFor(patience, "the dry run", form+" !== undefined")
	w.see(form, "Terveystarkastuslomakkeen", "rivi 3", "Mitään ei ole vielä muutettu")
	w.photographWhole("import-dry-run", form)
	w.tick(form, "Ohita rivit, joissa on korjattavaa, ja tuo muut")
	w.pressOn(form, "Tuo")
	done := cardShowing("Tuonti · tehty")
	w.waitFor(patience, "the import", done+" !== undefined")
	w.see(done, "Tuotu")
	w.photographWhole("import-done", done)

	w.write("kalenteri")
	calendar := cardShowing("Vuosikello omaan kalenteriin")
	w.waitFor(patience, "the calendar's link", calendar+" !== undefined")
	w.photographWhole("calendar", calendar)
	if feed := open(t, evaluate[string](w, calendar+".querySelector('textarea').value")); !strings.Contains(feed, "SUMMARY:Elokuun tiedote") {
		t.Errorf("the feed: %.300s", feed)
	}

	w.write("vie")
	kinds := cardShowing("Mitkä tiedot viedään?")
	w.waitFor(patience, "the exports", kinds+" !== undefined")
	w.photographWhole("export-kinds", kinds)
	w.write("vie audit")
	link := cardShowing("Linkki toimii 10 minuuttia")
	w.waitFor(patience, "the link to an export", link+" !== undefined")
	w.photographWhole("export-link", link)
}

// receive has the visitor send a file: the Playground's page has no button for that, but passes any activity on.
func (w *window) receive(address, name, url string) {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{
		"type": "message", "id": "file-1", "channelId": "msteams", "serviceUrl": address + "/_connector", "timestamp": time.Now().UTC().Format(time.RFC3339),
		"from":         map[string]any{"id": "29:leena-1", "name": "Leena Salonen", "aadObjectId": "00000000-0000-4000-8000-000000000001"},
		"recipient":    map[string]any{"id": "28:00000000-0000-4000-8000-00000000b070", "name": "Vuosikello"},
		"conversation": map[string]any{"id": "a:leena-vuosikello", "conversationType": "personal", "tenantId": "00000000-0000-4000-8000-00000000007e"},
		"channelData":  map[string]any{"tenant": map[string]any{"id": "00000000-0000-4000-8000-00000000007e"}},
		"attachments": []any{map[string]any{"contentType": "application/vnd.microsoft.teams.file.download.info", "name": name,
			"content": map[string]any{"downloadUrl": url, "uniqueId": "1150D938-8870-4044-9F2C-5BBDEBA70C9D", "fileType": "csv"}}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := http.Post(address+"/_internal/v1/customActivities", "application/json", bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		w.t.Fatalf("the Playground answered %s to a file", res.Status)
	}
}

// open reads what a link leads to.
func open(t *testing.T, link string) string {
	t.Helper()
	res, err := http.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", link, res.Status, err)
	}
	return string(body)
}
