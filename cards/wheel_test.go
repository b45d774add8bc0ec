package cards_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// year is the plan of a communications team, as the sample clock has it.
func year() []*store.Entry {
	day := func(m time.Month, d int) store.Date { return store.NewDate(2026, m, d) }
	var out []*store.Entry
	add := func(title string, start, end store.Date, repeat, campaign, audience, owner string) {
		if end == 0 && repeat == "" {
			end = start
		}
		e := &store.Entry{ID: fmt.Sprintf("e%02d", len(out)+1), Clock: store.Clock{Name: "vuosikello", Year: 2026}, Title: title, Start: start, End: end, Repeat: repeat,
			Campaign: campaign, Audiences: []string{audience}, Owner: owner, State: store.Planned}
		out = append(out, e)
	}
	add("Viestinnän työryhmän kokous", day(1, 8), 0, "FREQ=WEEKLY;INTERVAL=2", "", "Työryhmä", "Viestinnän asiantuntija")
	add("Markkinointipalaveri", day(1, 14), 0, "FREQ=MONTHLY", "", "Työryhmä", "Digipalvelutiimi")
	add("Viikkotiedote", day(1, 9), 0, "FREQ=WEEKLY", "", "Ammattilaiset", "Viestintätiimi")
	add("Esihenkilöviesti", day(2, 2), 0, "FREQ=MONTHLY", "", "Esihenkilöt", "Digipalvelutiimi")
	add("Tulosaluekooste", day(1, 30), 0, "FREQ=MONTHLY", "", "Ammattilaiset", "Digimentorit")
	add("Kuukausikooste", day(2, 27), 0, "FREQ=MONTHLY", "", "Ammattilaiset", "Viestintätiimi")
	add("Flunssakausi", day(1, 12), day(2, 27), "", "Flunssakausi", "Asukkaat", "Viestintätiimi")
	add("Allergiakausi", day(3, 16), day(5, 29), "", "Allergiakausi", "Asukkaat", "Viestintätiimi")
	add("Terveystarkastuslomakkeen käyttöönotto", day(4, 13), day(4, 24), "", "Terveystarkastukset", "Käyttöönottavat yksiköt", "Digipalvelutiimi")
	add("Kesälomat: kiireettömät palvelut", day(6, 1), day(7, 31), "", "Kesä", "Asukkaat", "Viestintätiimi")
	add("Sovellusopastus", day(8, 17), day(9, 18), "", "Sovellusopastus", "Asukkaat", "Digimentorit")
	add("Rokotukset", day(10, 5), day(12, 11), "", "Rokotukset", "Asukkaat", "Viestintätiimi")
	add("Käyttäjätarina", day(2, 11), 0, "FREQ=MONTHLY", "Käyttäjätarinat", "Asukkaat", "Sisällöntuottajat")
	add("Sovelluksen päivityksestä tiedottaminen", day(3, 24), 0, "FREQ=MONTHLY;INTERVAL=3", "Päivitykset", "Sovellusta käyttävät ammattilaiset", "Digipalvelutiimi")
	add("Kampanjoiden arviointi ja seuraavan vuoden kello", day(11, 16), day(12, 4), "", "Arviointi", "Työryhmä", "Viestinnän asiantuntija")
	return out
}

func wheel() cards.Wheel {
	return cards.Wheel{Clock: "vuosikello", Year: 2026, Today: store.NewDate(2026, time.March, 18), Entries: year()}
}

// The pictures of testdata were looked at. WHEEL_PICTURES=folder writes more of them, to be looked at.
func TestWheelPictures(t *testing.T) {
	w := wheel()
	card, err := w.CardPNG(cards.Finnish)
	if err != nil {
		t.Fatal(err)
	}
	dark, err := w.PNG(cards.Swedish, cards.WheelPNG{Pixels: 1024, Theme: cards.Dark, Legend: true})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "testdata/wheel.golden.png", card)
	same(t, "testdata/wheel.golden.svg", w.SVG(cards.Finnish, cards.WheelSVG{Legend: true}))
	dir := os.Getenv("WHEEL_PICTURES")
	if dir == "" {
		return
	}
	pictures := map[string][]byte{"1024dark.png": dark, "card.png": card}
	pictures["contrast.svg"] = w.SVG(cards.English, cards.WheelSVG{Theme: cards.Contrast, Legend: true})
	for _, n := range []int{0, 1, 60, 200, 2000} {
		big := busy(n)
		if pictures[fmt.Sprintf("busy%d.png", n)], err = big.CardPNG(cards.Finnish); err != nil {
			t.Fatal(err)
		}
		pictures[fmt.Sprintf("busy%d.svg", n)] = big.SVG(cards.Finnish, cards.WheelSVG{Legend: true})
	}
	long := wheel()
	long.By = cards.ByAudience
	long.Entries[7].Title = strings.Repeat("Hyvin pitkä nimi ", 18)
	long.Entries[9].Title = strings.Repeat("Yhdyssana", 33)
	pictures["long.svg"] = long.SVG(cards.Finnish, cards.WheelSVG{Legend: true})
	for name, b := range pictures {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// same compares with a golden file.
func same(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs; write it anew with -update and look at it", path)
	}
}

// Whatever the clock holds, the card's picture is small enough and the SVG picture is well-formed, and both are the same each time.
func TestWheelOfAnything(t *testing.T) {
	odd := func(change func(e *store.Entry)) cards.Wheel {
		w := wheel()
		for _, e := range w.Entries {
			change(e)
		}
		return w
	}
	daily := busy(300)
	for _, e := range daily.Entries {
		e.Start, e.End, e.Repeat, e.Campaign = store.NewDate(2026, time.January, 1), 0, "FREQ=DAILY", e.ID
	}
	other := wheel()
	other.Year = 1931
	for name, w := range map[string]cards.Wheel{
		"a year without entries":  busy(0),
		"one entry":               busy(1),
		"2,000 entries":           busy(2000),
		"every day":               daily,
		"names of 300 characters": odd(func(e *store.Entry) { e.Title = strings.Repeat("Wå", 150) }),
		"markup, control, right to left": odd(func(e *store.Entry) {
			e.Title, e.Owner, e.Campaign = "</svg><script>&\"'\x00\x1b]]>\u202e", "\xff\ufffe🙂", "العربية"
		}),
		"no names":      odd(func(e *store.Entry) { e.Title, e.ID = "", "" }),
		"all cancelled": odd(func(e *store.Entry) { e.State = store.Cancelled }),
		"longer than the year": odd(func(e *store.Entry) {
			e.Repeat, e.Start, e.End = "", store.NewDate(2025, time.March, 1), store.NewDate(2027, time.March, 1)
		}),
		"a year without data": other,
	} {
		t.Run(name, func(t *testing.T) {
			for _, l := range cards.Langs() {
				svg := w.SVG(l, cards.WheelSVG{Legend: true, Link: func(entry string, m time.Month) string { return "?entry=" + entry + "&m=" + m.String() }})
				if !bytes.Equal(svg, w.SVG(l, cards.WheelSVG{Legend: true, Link: func(entry string, m time.Month) string { return "?entry=" + entry + "&m=" + m.String() }})) {
					t.Error("the same wheel gave two pictures")
				}
				links, ids := 0, map[string]bool{}
				for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
					token, err := d.Token()
					if errors.Is(err, io.EOF) {
						break
					}
					if err != nil {
						t.Fatal(err)
					}
					start, ok := token.(xml.StartElement)
					if !ok {
						continue
					}
					switch start.Name.Local {
					case "a":
						links++
					case "script", "style":
						t.Errorf("the picture has a %s", start.Name.Local)
					}
					for _, a := range start.Attr {
						if a.Name.Local == "style" || a.Name.Local == "id" && (ids[a.Value] || !strings.HasPrefix(a.Value, "wheel-")) {
							t.Errorf("attribute %s=%q", a.Name.Local, a.Value)
						}
						ids[a.Value] = ids[a.Value] || a.Name.Local == "id"
					}
				}
				if links > 12+200 || links < 12 {
					t.Errorf("%d links", links)
				}
				if alt := w.Alt(l); alt == "" || len(alt) > 3000 || strings.ContainsAny(alt, "\n\x00") {
					t.Errorf("alternative text %q", alt)
				}
			}
			b, err := w.CardPNG(cards.Finnish)
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if len(b) > cards.MaxWheelCardBytes || img.Bounds().Dx() > cards.WheelCardPixels {
				t.Errorf("%d bytes, %v", len(b), img.Bounds())
			}
			if _, _, _, alpha := img.At(1, 1).RGBA(); alpha != 0 {
				t.Error("the corner is not transparent")
			}
		})
	}
}

// The words beside the picture say all that the picture shows.
func TestWheelRows(t *testing.T) {
	w := wheel()
	w.Entries = append(w.Entries, &store.Entry{ID: "gone", Clock: w.Entries[0].Clock, Title: "Peruttu", Start: w.Today, End: w.Today, State: store.Cancelled})
	var b strings.Builder
	for _, r := range w.Rows(cards.Finnish) {
		fmt.Fprintln(&b, r.Number, r.Title, "|", r.Group, "|", r.When, "|", r.Owner, "|", r.Colour)
	}
	fmt.Fprintln(&b, w.Alt(cards.Finnish))
	same(t, "testdata/wheel.golden.txt", []byte(b.String()))
}

// A wheel has the key of another only when it looks the same.
func TestWheelKey(t *testing.T) {
	key := wheel().Key()
	if wheel().Key() != key {
		t.Error("equal wheels have different keys")
	}
	done := wheel()
	done.Entries[3].State = store.Done
	if done.Key() != key {
		t.Error("what is done looks as it did, and has another key")
	}
	seen := map[[32]byte]string{key: "the wheel itself"}
	for name, change := range map[string]func(w *cards.Wheel){
		"year": func(w *cards.Wheel) { w.Year++ }, "today": func(w *cards.Wheel) { w.Today++ }, "clock": func(w *cards.Wheel) { w.Clock = "HR" },
		"grouping": func(w *cards.Wheel) { w.By = cards.ByAudience }, "title": func(w *cards.Wheel) { w.Entries[0].Title += "!" },
		"start": func(w *cards.Wheel) { w.Entries[6].Start++ }, "end": func(w *cards.Wheel) { w.Entries[6].End++ }, "repeat": func(w *cards.Wheel) { w.Entries[0].Repeat = "FREQ=DAILY" },
		"campaign": func(w *cards.Wheel) { w.Entries[0].Campaign = "x" }, "owner": func(w *cards.Wheel) { w.Entries[0].Owner = "x" },
		"audience": func(w *cards.Wheel) { w.Entries[0].Audiences = nil }, "state": func(w *cards.Wheel) { w.Entries[0].State = store.Cancelled },
		"one less": func(w *cards.Wheel) { w.Entries = w.Entries[:5] }, "campaigns": func(w *cards.Wheel) { w.Campaigns = true },
	} {
		w := wheel()
		change(&w)
		if other := seen[w.Key()]; other != "" {
			t.Errorf("%s: the key is that of %s", name, other)
		}
		seen[w.Key()] = name
	}
}

// Colours keep WCAG 2.2 AA, and those of groups are told apart by people who lack one kind of cones: simulated after Machado,
// Oliveira and Fernandes (2009), severity 1, and compared as the distance in CIELAB, of which about 2 can just be seen.
func TestWheelColours(t *testing.T) {
	const fills, apart = 8, 14.0
	for theme, name := range map[cards.Theme]string{cards.Light: "light", cards.Dark: "dark", cards.Contrast: "contrast"} {
		t.Run(name, func(t *testing.T) {
			colour := func(class string) [3]float64 {
				var r, g, b uint8
				if _, err := fmt.Sscanf(theme.Colour(class), "#%02X%02X%02X", &r, &g, &b); err != nil {
					t.Fatalf("%s: %q", class, theme.Colour(class))
				}
				return [3]float64{linear(r), linear(g), linear(b)}
			}
			ratio := func(a, b string, least float64) {
				x, y := luminance(colour(a)), luminance(colour(b))
				if got := (max(x, y) + 0.05) / (min(x, y) + 0.05); got < least {
					t.Errorf("%s on %s: contrast %.2f, want %.1f", a, b, got, least)
				}
			}
			for _, ground := range []string{"back", "rim", "rim-alt", "now"} {
				ratio("text", ground, 4.5)
			}
			ratio("subtle", "back", 4.5)
			ratio("today", "back", 4.5)
			ratio("on-today", "today", 4.5)
			for i := range fills {
				n := fmt.Sprint(i)
				ratio("fill-"+n, "back", 3)
				ratio("on-"+n, "fill-"+n, 4.5)
				for _, tint := range []string{"tint-", "tint-alt-"} {
					ratio("text", tint+n, 4.5)
					ratio("fill-"+n, tint+n, 2.4) // marks, whose place says the same as their colour
				}
				for j := range i {
					for sight, m := range sights {
						a, b := lab(seen(m, colour("fill-"+n))), lab(seen(m, colour(fmt.Sprint("fill-", j))))
						if d := math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2]); d < apart {
							t.Errorf("%s: colours %d and %d are %.1f apart, want %.0f", sight, i, j, d, apart)
						}
					}
				}
			}
		})
	}
}

var sights = map[string][3][3]float64{
	"all cones":    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func seen(m [3][3]float64, c [3]float64) (out [3]float64) {
	for i := range out {
		out[i] = min(1, max(0, m[i][0]*c[0]+m[i][1]*c[1]+m[i][2]*c[2]))
	}
	return out
}

func linear(v uint8) float64 {
	if f := float64(v) / 255; f > 0.04045 {
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return float64(v) / 255 / 12.92
}

func luminance(c [3]float64) float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

func lab(c [3]float64) [3]float64 {
	f := func(t float64) float64 {
		if t > 0.008856 {
			return math.Cbrt(t)
		}
		return 7.787*t + 16.0/116
	}
	x, y, z := f((0.4124*c[0]+0.3576*c[1]+0.1805*c[2])/0.95047), f(luminance(c)), f((0.0193*c[0]+0.1192*c[1]+0.9505*c[2])/1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// The figures are: PNG of 200 entries under 150 ms, from the cache under 1 ms (that is the key's time), SVG under 10 ms.
//
//	go test -run xxx -bench Wheel ./cards
func BenchmarkWheel(b *testing.B) {
	w := busy(200)
	b.Run("PNG", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.CardPNG(cards.Finnish); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("SVG", func(b *testing.B) {
		for b.Loop() {
			w.SVG(cards.Finnish, cards.WheelSVG{Legend: true})
		}
	})
	b.Run("Key", func(b *testing.B) {
		for b.Loop() {
			w.Key()
		}
	})
}

// busy is a clock of many entries: a third of them recur, the others last from a day to two months.
func busy(n int) cards.Wheel {
	w := wheel()
	w.Entries = nil
	for i := range n {
		start := store.NewDate(2026, time.January, 1) + store.Date(i*37%365)
		e := &store.Entry{ID: fmt.Sprint("e", i), Clock: store.Clock{Name: "vuosikello", Year: 2026}, Title: fmt.Sprintf("Toimenpide numero %d", i+1), Start: start, End: start,
			Campaign: fmt.Sprint("Kampanja ", i%12), Audiences: []string{fmt.Sprint("Kohderyhmä ", i%5)}, Owner: "Viestintätiimi", State: store.Planned}
		switch i % 3 {
		case 0:
			e.Repeat, e.End = []string{"FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=WEEKLY;INTERVAL=2"}[i/3%3], 0
		case 1:
			e.End = min(start+store.Date(i%60), store.NewDate(2026, time.December, 31))
		}
		w.Entries = append(w.Entries, e)
	}
	return w
}
