package bot

import (
	"crypto/sha256"
	"net/http"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// pictureKey is everything that a picture is made from, and how it is made.
type pictureKey struct {
	wheel  [sha256.Size]byte
	lang   cards.Lang
	theme  cards.Theme
	kind   string // "card", "png", "svg"
	pixels int
}

// picture returns the picture of that key, drawing it when it is not known. It outlives changes of the database that the
// picture does not show.
func (m *memo) picture(key pictureKey, draw func() ([]byte, error)) ([]byte, error) {
	return m.pictures.of(key, draw)
}

// YearWheel returns the wheel of a year: of the clock of that name, or of all clocks when the name is "".
func YearWheel(tx *store.Tx, year int, clock string, today store.Date) (cards.Wheel, error) {
	w := cards.Wheel{Clock: clock, Year: year, Today: today}
	entries, err := tx.Entries(store.EntryFilter{From: store.NewDate(year, time.January, 1), To: store.NewDate(year, time.December, 31)})
	if err != nil {
		return w, err
	}
	names := map[string]bool{}
	for _, e := range entries {
		if clock != "" && store.Key(e.Clock.Name) != store.Key(clock) {
			continue
		}
		w.Entries = append(w.Entries, e)
		w.Clock = e.Clock.Name
		names[store.Key(e.Clock.Name)] = true
	}
	if len(names) != 1 {
		w.Clock = clock
	}
	return w, nil
}

// pictureDays is for how long the links to pictures on a card work.
const pictureDays = 30

// wheelPicture returns the wheel of a year as a card shows it.
func (b *Bot) wheelPicture(tx *store.Tx, year int, today store.Date, l cards.Lang) (*cards.WheelPicture, error) {
	w, err := YearWheel(tx, year, "", today)
	if err != nil {
		return nil, err
	}
	png, err := b.memo.picture(pictureKey{wheel: w.Key(), lang: l, kind: "card"}, func() ([]byte, error) { return w.CardPNG(l) })
	if err != nil {
		return nil, err
	}
	until := (today + pictureDays).In(b.Calendar.Location, 0)
	link := func(ending string) string {
		if address := b.signedLink("/kello/"+strconv.Itoa(year)+ending, until); address != "" {
			return address + "&lang=" + string(l)
		}
		return ""
	}
	return &cards.WheelPicture{Title: w.Title(l), PNG: png, Alt: w.Alt(l), Rows: w.Rows(l), Large: link(".png"), Print: link(".svg")}, nil
}

// The sizes of pictures by link, in pixels. The wheel's disc is that wide, and its legend stands beside it.
const (
	linkPixels    = 1440
	maxLinkPixels = 2048
)

// pictureOf reads the year and the kind of a picture from a file name such as 2026.png.
func pictureOf(file string) (year int, kind string, ok bool) {
	name, kind, _ := strings.Cut(file, ".")
	year, err := strconv.Atoi(name)
	return year, kind, err == nil && len(name) == 4 && year >= 1900 && year <= 2199 && (kind == "png" || kind == "svg")
}

// serveFile serves the pictures of years and, by every other name, calendars.
func (b *Bot) serveFile(w http.ResponseWriter, r *http.Request) error {
	if year, kind, ok := pictureOf(r.PathValue("file")); ok {
		return b.servePicture(w, r, year, kind)
	}
	return b.serveCalendar(w, r)
}

// servePicture serves the wheel of a year: GET /kello/2026.png and .svg by signed link. The query may have lang (fi, sv, en),
// theme (dark), clock (a name) and, for PNG, px (1024 to 2048): they choose how the same is shown, and are not signed.
func (b *Bot) servePicture(w http.ResponseWriter, r *http.Request, year int, kind string) error {
	if err := b.checkLink(r); err != nil {
		return err
	}
	q := r.URL.Query()
	key := pictureKey{lang: b.Language, kind: kind}
	if l, ok := cards.ParseLang(q.Get("lang")); ok {
		key.lang = l
	}
	if q.Get("theme") == "dark" {
		key.theme = cards.Dark
	}
	if key.kind == "png" {
		key.pixels = linkPixels
		if px, err := strconv.Atoi(q.Get("px")); err == nil {
			key.pixels = min(max(px, 1024), maxLinkPixels)
		}
	}
	var wheel cards.Wheel
	if err := b.DB.Read(r.Context(), func(tx *store.Tx) (err error) {
		wheel, err = YearWheel(tx, year, q.Get("clock"), b.Calendar.Today(b.now()))
		return err
	}); err != nil {
		return err
	}
	key.wheel = wheel.Key()
	picture, err := b.memo.picture(key, func() ([]byte, error) {
		if key.kind == "svg" {
			return wheel.SVG(key.lang, cards.WheelSVG{Theme: key.theme, Legend: true}), nil
		}
		return wheel.PNG(key.lang, cards.WheelPNG{Pixels: key.pixels, Theme: key.theme, Legend: true})
	})
	if err != nil {
		return err
	}
	media := "image/png"
	if key.kind == "svg" {
		media = "image/svg+xml; charset=utf-8"
		// An SVG picture is a document of its own; it holds no script, and none could run.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", `inline; filename="vuosikello-`+strconv.Itoa(year)+"."+key.kind+`"`)
	_, _ = w.Write(picture) // the client may have gone
	return nil
}
