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
	kind   string // "png", "svg"
	pixels int
}

// MaxPictureEntries is how many entries the large pictures show one by one, whose legends have room for more than a card has.
const MaxPictureEntries = 1000

// YearWheel returns the wheel of a year: of the clock of that name, or of all clocks when the name is "". Where more than most
// entries may take place in the year, it shows the campaigns instead, if there are any.
func YearWheel(tx *store.Tx, year int, clock string, today store.Date, most int) (cards.Wheel, error) {
	w := cards.Wheel{Clock: clock, Year: year, Today: today}
	f := store.EntryFilter{Clock: clock, From: store.NewDate(year, time.January, 1), To: store.NewDate(year, time.December, 31)}
	n, err := tx.CountEntries(f)
	if err != nil {
		return w, err
	}
	if n > most {
		spans, err := tx.CampaignSpans(f)
		if err != nil {
			return w, err
		}
		for _, s := range spans {
			w.Entries = append(w.Entries, &store.Entry{ID: s.Name, Clock: store.Clock{Year: year}, Title: s.Name, Campaign: s.Name, Start: s.First, End: s.Last, State: store.Planned})
		}
		if w.Campaigns = len(spans) > 0; w.Campaigns {
			return w, nil
		}
	}
	if w.Entries, err = tx.Entries(f); err != nil {
		return w, err
	}
	names := map[string]bool{}
	for _, e := range w.Entries {
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

// wheelKey is everything that the picture of a card is made from.
type wheelKey struct {
	plan  int64 // store.Tx.PlanVersion
	year  int
	today store.Date
	lang  cards.Lang
}

// yearPicture is the picture of a year, or the wheel that it is yet to be drawn from.
type yearPicture struct {
	key   wheelKey
	drawn *cards.WheelPicture
	wheel cards.Wheel
}

// yearPicture gathers what the picture of a year needs.
func (b *Bot) yearPicture(tx *store.Tx, k wheelKey) (p yearPicture, err error) {
	p.key = k
	drawn, ok := b.memo.wheels.get(k)
	if ok {
		p.drawn = drawn
		return p, nil
	}
	p.wheel, err = YearWheel(tx, k.year, "", k.today, cards.MaxWheelEntries)
	return p, err
}

// draw returns the picture as a card shows it. It takes a while, and should not hold up a transaction.
func (b *Bot) draw(p yearPicture) (*cards.WheelPicture, error) {
	if p.drawn == nil {
		drawn, err := b.memo.wheels.of(p.key, func() (*cards.WheelPicture, error) { return p.wheel.Picture(p.key.lang) })
		if err != nil {
			return nil, err
		}
		p.drawn = drawn
	}
	k := p.key
	until := (k.today + pictureDays).In(b.Calendar.Location, 0)
	link := func(ending string) string {
		if address := b.signedLink("/kello/"+strconv.Itoa(k.year)+ending, until); address != "" {
			return address + "&lang=" + string(k.lang)
		}
		return ""
	}
	shown := *p.drawn
	shown.Large, shown.Print = link(".png"), link(".svg")
	return &shown, nil
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
		wheel, err = YearWheel(tx, year, q.Get("clock"), b.Calendar.Today(b.now()), MaxPictureEntries)
		return err
	}); err != nil {
		return err
	}
	key.wheel = wheel.Key()
	picture, err := b.memo.pictures.of(key, func() ([]byte, error) {
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
