package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"vuosikello/bot"
	"vuosikello/cards"
	"vuosikello/store"
)

// pictureCmd draws the wheel of a year.
type pictureCmd struct {
	databaseSettings
	planSettings
	Year   int    `arg:"" help:"The year, as 2026."`
	Output string `short:"o" placeholder:"FILE" required:"" help:"The picture to write: its name ends in .svg (for print) or .png."`
	Clock  string `placeholder:"NAME" help:"Only this clock (default: all clocks of the year)."`
	Rings  string `enum:"campaign,audience" default:"campaign" help:"What a ring stands for: campaign or audience."`
	Theme  string `enum:"light,dark" default:"light" help:"light or dark."`
	Pixels int    `default:"1440" help:"Width of the wheel in a PNG picture, 1024 to 4096."`
}

func (c *pictureCmd) Run(env *environment) error {
	p, err := c.parse()
	if err != nil {
		return err
	}
	kind := strings.ToLower(filepath.Ext(c.Output))
	switch {
	case c.Year < 1900 || c.Year > 2199:
		return usagef("%d: write a year such as 2026", c.Year)
	case kind != ".svg" && kind != ".png":
		return usagef("-o %s: the name must end in .svg or .png", c.Output)
	case c.Pixels < 1024 || c.Pixels > cards.MaxWheelPixels:
		return usagef("--pixels %d: write 1024 to %d", c.Pixels, cards.MaxWheelPixels)
	}
	db, err := c.open(env)
	if err != nil {
		return err
	}
	defer db.Close()
	most := bot.MaxPictureEntries
	if c.Rings == "audience" { // of which campaigns have none
		most = math.MaxInt
	}
	var w cards.Wheel
	if err := db.Read(env.ctx, func(tx *store.Tx) (err error) {
		w, err = bot.YearWheel(tx, c.Year, c.Clock, p.calendar.Today(p.now()), most)
		return err
	}); err != nil {
		return err
	}
	if c.Rings == "audience" {
		w.By = cards.ByAudience
	}
	theme := cards.Light
	if c.Theme == "dark" {
		theme = cards.Dark
	}
	var picture []byte
	if kind == ".svg" {
		picture = w.SVG(p.language, cards.WheelSVG{Theme: theme, Legend: true})
	} else if picture, err = w.PNG(p.language, cards.WheelPNG{Pixels: c.Pixels, Theme: theme, Legend: true}); err != nil {
		return err
	}
	if err := os.WriteFile(c.Output, picture, 0o644); err != nil {
		return fmt.Errorf("%w; choose another place with -o", err)
	}
	_, err = fmt.Fprintf(env.stdout, "%s: %s\n", c.Output, w.Alt(p.language))
	return err
}
