package cards

import "encoding/base64"

// WheelPicture is a wheel as a card shows it: the picture, and the same in words.
type WheelPicture struct {
	Title     string
	PNG       []byte // at most MaxWheelCardBytes
	Alt       string
	Rows      []string // the first of the entries in words, as many as a card may show
	Count     int      // of all entries
	Campaigns bool     // the entries are campaigns
	Large     string   // address of a larger picture, "" for none
	Print     string   // address of one for print, "" for none
}

// Picture draws the wheel for a card.
func (w Wheel) Picture(l Lang) (*WheelPicture, error) {
	png, err := w.CardPNG(l)
	if err != nil {
		return nil, err
	}
	rows := w.Rows(l)
	p := &WheelPicture{Title: w.Title(l), PNG: png, Alt: w.alt(l, rows), Count: len(rows), Campaigns: w.Campaigns}
	for i := range rows[:min(len(rows), wheelWords.rows)] {
		r := &rows[i]
		r.Title, r.Owner = clip(r.Title, showName), clip(r.Owner, showName)
		p.Rows = append(p.Rows, r.describe())
	}
	return p, nil
}

// With a wheel, a card has less room for lists: these and the picture keep it under [MaxBytes].
var (
	besideWheel = room{20, 3_000}
	wheelWords  = room{40, 3_000}
)

// elements are the picture, the links to larger ones, and the button that shows it in words.
func (p *WheelPicture) elements(l Lang) []Element {
	out := []Element{Image{URL: "data:image/png;base64," + base64.StdEncoding.EncodeToString(p.PNG), Alt: clip(p.Alt, 2*showText), Expand: true}}
	var links Markdown
	for _, link := range []struct{ key, address string }{{"wheel.large", p.Large}, {"wheel.print", p.Print}} {
		if link.address == "" || !isWebAddress(link.address) {
			continue
		}
		if links != "" {
			links += " · "
		}
		links += Markdown("[" + string(Text(l.T(link.key))) + "](" + link.address + ")")
	}
	if links != "" {
		out = append(out, TextBlock{Text: links, Size: sizeSmall, Spacing: spacingSmall})
	}
	if p.Campaigns {
		out = append(out, note(l.T("wheel.only_campaigns", "n", MaxWheelEntries)))
	}
	if len(p.Rows) == 0 {
		return out
	}
	words := Container{ID: "wheelWords", Hidden: true}
	left := wheelWords.bytes
	for _, r := range p.Rows {
		text := Text(r)
		if left -= len(text); left < 0 {
			break
		}
		words.Items = append(words.Items, TextBlock{Text: text, Size: sizeSmall, Spacing: spacingSmall})
	}
	if rest := p.Count - len(words.Items); rest > 0 {
		words.Items = append(words.Items, note(l.T("common.others", "n", rest)))
	}
	targets := []string{"wheelWords", "wheelShow", "wheelHide"}
	return append(out,
		ActionSet{ID: "wheelShow", Actions: []Action{ToggleVisibility{Title: l.T("wheel.show_words"), Targets: targets}}},
		words,
		ActionSet{ID: "wheelHide", Hidden: true, Actions: []Action{ToggleVisibility{Title: l.T("wheel.hide_words"), Targets: targets}}})
}
