package bot_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

var pictureLink = regexp.MustCompile(`https://kello\.example/kello/\d{4}\.(png|svg)\?[^"\s)\\]+`)

// The command alone shows the wheel, with its text, the month and the ways on; the card stays below what Teams takes.
func TestClockWheel(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	add := func(i int) {
		e := campaign()
		e.ID, e.Title, e.Campaign = "", strings.Repeat("Pitkä nimi ", 1+i%20)+string(rune('A'+i%26)), string(rune('A'+i%9))
		e.Start += store.Date(i)
		e.End = e.Start + store.Date(i%30)
		w.MustAdd(e)
	}
	for i := range 150 {
		add(i)
	}
	card := w.say(w.pro, mia, "kello")
	contains(t, card.text(), "Vuosikello 2026", "Maaliskuu 2026", "Kuva sanoina", "Koko vuosi 2026")
	if len(card.raw) > cards.MaxBytes {
		t.Errorf("the card has %d bytes", len(card.raw))
	}
	var content struct {
		Body []struct{ Type, URL, AltText string }
	}
	if err := json.Unmarshal(card.raw, &content); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, e := range content.Body {
		if e.Type != "Image" {
			continue
		}
		found = true
		data, isData := strings.CutPrefix(e.URL, "data:image/png;base64,")
		b, err := base64.StdEncoding.DecodeString(data)
		if err != nil || !isData || len(b) > cards.MaxWheelCardBytes {
			t.Errorf("the picture has %d bytes: %v", len(b), err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil || img.Bounds().Dx() != cards.WheelCardPixels {
			t.Errorf("%v, %v", img.Bounds(), err)
		}
		contains(t, e.AltText, "toimenpidettä", "viikko 1")
	}
	if !found {
		t.Fatal("the card has no picture")
	}
	// Of a year that is too full for a picture of each, the campaigns are shown; the list is still of entries.
	for i := range 60 {
		add(i)
	}
	full := w.say(w.pro, mia, "kello 2026")
	contains(t, full.text(), "Toimenpiteitä on yli 200, joten kuvassa ovat kampanjat.", "Pitkä nimi", "1 A, 16.3.–")
	contains(t, string(full.raw), "Vuosikello 2026. 9 kampanjaa.")
	// A year without a single entry is a wheel too, and a month is a list alone.
	contains(t, w.say(w.pro, mia, "kello 2031").text(), "Vuosikello 2031", "Ei toimenpiteitä")
	if month := w.say(w.pro, mia, "kello maaliskuu"); bytes.Contains(month.raw, []byte("data:image")) {
		t.Error("a month has the picture of the year")
	}
}

func TestPictureLinks(t *testing.T) {
	t.Parallel()
	w := MustSessions(t)
	e := campaign()
	e.Title = `<b>"Kevät" & muut</b>`
	w.MustAdd(e)
	card := w.say(w.pro, mia, "kello")
	links := pictureLink.FindAllString(strings.ReplaceAll(string(card.raw), `\u0026`, "&"), -1)
	if len(links) != 2 {
		t.Fatalf("links %q", links)
	}
	for _, link := range links {
		status, body, header := w.fetch(link)
		if status != http.StatusOK || header.Get("X-Content-Type-Options") != "nosniff" {
			t.Fatalf("%s: %d %s", link, status, body)
		}
		if strings.Contains(link, ".png") {
			for query, width := range map[string]int{"": 1440, "&px=1024": 1024, "&px=99999": 2048, "&px=-1": 1024} {
				_, body, header := w.fetch(link + query)
				img, err := png.Decode(strings.NewReader(body))
				if err != nil || header.Get("Content-Type") != "image/png" || img.Bounds().Dy() != width {
					t.Errorf("px %q: %v, %v", query, img.Bounds(), err)
				}
			}
		} else {
			contains(t, header.Get("Content-Type"), "image/svg+xml")
			contains(t, header.Get("Content-Security-Policy"), "default-src 'none'")
			contains(t, body, "&lt;b&gt;&quot;Kevät&quot; &amp; muut&lt;/b&gt;", "<desc", "tammikuu")
			if err := xml.Unmarshal([]byte(body), new(struct{})); err != nil {
				t.Error(err)
			}
			_, swedish, _ := w.fetch(strings.Replace(link, "lang=fi", "lang=sv", 1) + "&theme=dark&clock=tuntematon")
			contains(t, swedish, "januari", cards.Dark.Colour("back"))
		}
		unsigned, _, _ := strings.Cut(link, "?")
		for name, bad := range map[string]string{
			"another year":       strings.Replace(link, "/2026.", "/2027.", 1),
			"another kind":       strings.NewReplacer(".png?", ".svg?", ".svg?", ".png?").Replace(link),
			"without signature":  unsigned,
			"altered signature":  strings.Replace(link, "&s=", "&s=A", 1),
			"a year that is not": strings.Replace(link, "/2026.", "/20260.", 1),
		} {
			if status, body, _ := w.fetch(bad); status != http.StatusForbidden || strings.Contains(body, "Kevät") {
				t.Errorf("%s: %d", name, status)
			}
		}
	}
	w.passed("2026-04-20 08:30")
	if status, _, _ := w.fetch(links[0]); status != http.StatusGone {
		t.Errorf("a link that has ended: %d", status)
	}
}

// What does not change the picture leaves it as it was drawn, and it is there at once.
func BenchmarkClockWheel(b *testing.B) {
	w := MustSessions(b)
	for i := range 200 {
		e := campaign()
		e.ID, e.Title, e.Start = "", "Toimenpide "+string(rune('A'+i%26)), store.NewDate(2026, time.January, 1+i)
		e.End = e.Start + store.Date(i%30)
		w.MustAdd(e)
	}
	w.say(w.pro, mia, "kello")
	for b.Loop() {
		w.say(w.pro, mia, "kello")
	}
}
