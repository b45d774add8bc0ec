package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"vuosikello/bot"
	"vuosikello/store"
)

// previewDays is how far ahead preview looks when it is not told.
const previewDays = 30

// previewCmd shows what will be posted.
type previewCmd struct {
	databaseSettings
	planSettings
	From string `placeholder:"DATE" help:"First day, as 2026-03-01 (default: now)."`
	To   string `placeholder:"DATE" help:"Last day (default: 30 days after the first)."`
	JSON bool   `name:"json" help:"Write JSON."`
}

func (c *previewCmd) Run(env *environment) error {
	p, err := c.parse()
	if err != nil {
		return err
	}
	now := p.now()
	from, err := store.ParseDate(c.From)
	if err != nil {
		return usagef("--from: %w", err)
	}
	to, err := store.ParseDate(c.To)
	if err != nil {
		return usagef("--to: %w", err)
	}
	var after time.Time // without --from, what is past today is left out
	if from == 0 {
		from, after = store.DateOf(now), now
	}
	if to == 0 {
		to = from + previewDays
	}
	if to < from {
		return usagef("--to %s is before --from %s", to, from)
	}
	db, err := c.open(env)
	if err != nil {
		return err
	}
	defer db.Close()
	var posts []store.PlannedPost
	if err := db.Read(env.ctx, func(tx *store.Tx) (err error) {
		posts, err = tx.Preview(from, to, p.calendar, func(audiences []string) ([]store.Channel, error) {
			channels, _, err := bot.AudienceChannels(tx, audiences)
			return channels, err
		}, bot.IsDigest)
		return err
	}); err != nil {
		return err
	}
	posts = slices.DeleteFunc(posts, func(post store.PlannedPost) bool { return !post.At.After(after) })
	if c.JSON {
		return writePosts(env.stdout, posts)
	}
	l := p.language
	if len(posts) == 0 {
		_, err := fmt.Fprintln(env.stdout, l.T("preview.empty", "from", from, "to", to))
		return err
	}
	w := tabwriter.NewWriter(env.stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", l.T("preview.at"), l.T("preview.kind"), l.T("preview.title"), l.T("preview.channel"), l.T("preview.audience"))
	for _, post := range posts {
		channel := post.Channel
		if channel == "" {
			channel = l.T("preview.no_channel")
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", l.DateTime(post.At, 0), l.T("preview.kind."+post.Kind), post.Title, channel, post.Audience)
	}
	return w.Flush()
}

// writePosts writes the posts as a JSON list.
func writePosts(w io.Writer, posts []store.PlannedPost) error {
	type item struct {
		At       string `json:"at"`
		Kind     string `json:"kind"`
		Title    string `json:"title"`
		Channel  string `json:"channel"`
		Audience string `json:"audience"`
	}
	items := make([]item, len(posts))
	for i, post := range posts {
		items[i] = item{post.At.Format(time.RFC3339), post.Kind, post.Title, post.Channel, post.Audience}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(items)
}
