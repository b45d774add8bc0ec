package main

import (
	_ "embed"
	"fmt"
	"slices"
	"time"

	"vuosikello/store"
	"vuosikello/store/clockfile"
)

// What the demo's organisation has behind it when the story begins: publications that people have reacted to, and measures
// that it follows. All of it is invented.

//go:embed demo/mittarit.csv
var demoMeasures []byte

// demoPast are publications in the professionals' channel; the one that no entry stands behind went out in a hurry.
var demoPast = []struct {
	title, body, entry, at string
	acks                   int
}{
	{"Flunssakausi: milloin hoitoon, milloin Omaoloon", "Ohjaa asukas ensin Omaolon oirearvioon.", "Flunssakausi", "2026-01-28T08:30:00+02:00", 11},
	{"Flunssakausi jatkuu: kiitos, että ohjaat oirearvioon", "Tammikuussa tehtiin 12 400 oirearviota.", "Flunssakausi", "2026-02-12T08:30:00+02:00", 17},
	{"Sovelluksessa huoltokatko lauantaina", "Ajanvaraus ei toimi lauantaina klo 6–9.", "", "2026-03-05T13:10:00+02:00", 6},
}

// seedPast puts the past into the database, and what people did with it into the stand-in for Graph.
func seedPast(tx *store.Tx, org playgroundConfig, online *demoGraph, calendar store.Calendar, imported time.Time) error {
	f, err := clockfile.Read("mittarit.csv", demoMeasures, clockfile.Options{})
	if err != nil {
		return err
	}
	if _, err := clockfile.Import(tx, f, clockfile.Choices{}, store.Actor{Name: "demo"}, imported, calendar, nil); err != nil {
		return err
	}
	entries, err := tx.Entries(store.EntryFilter{})
	if err != nil {
		return err
	}
	for n, p := range demoPast {
		at, err := time.Parse(time.RFC3339, p.at)
		if err != nil {
			return err
		}
		v := &store.ContentVersion{Title: p.title, Body: p.body, Audiences: []string{"Ammattilaiset"}, Checklist: store.Checks(), RequestedBy: org.Visitor.AADObjectID}
		if i := slices.IndexFunc(entries, func(e *store.Entry) bool { return e.Title == p.entry }); i >= 0 {
			v.EntryID = entries[i].ID
		}
		d := store.Draft{EntryID: v.EntryID, AuthorID: v.RequestedBy, Form: map[string]string{"title": p.title}}
		if err := tx.SaveDraft(&d, at); err != nil {
			return err
		}
		v.ContentID = d.ID
		if err := tx.SubmitContent(v, at, calendar); err != nil {
			return err
		}
		if _, err := tx.Decide(v, store.DecisionApproved, org.Colleagues[1].AADObjectID, "", 0, at, calendar); err != nil {
			return err
		}
		if _, err := tx.Publish(v, []store.Channel{{ID: org.Channel.ID}}, at, at); err != nil {
			return err
		}
		posts, err := tx.ContentPosts(v.ContentID, store.KindPublication)
		if err != nil {
			return err
		}
		for _, post := range posts {
			post.ConversationID, post.ActivityID = post.ChannelID, fmt.Sprint(at.UnixMilli())
			if err := tx.PostSent(post, at); err != nil {
				return err
			}
			if err := online.posted(post, at); err != nil {
				return err
			}
		}
		for i := range p.acks { // of each publication by others, beside some who always do
			if _, _, err := tx.Acknowledge(v.ContentID, demoPerson(demoGuests+(i+5*n)%(demoProfessionals-demoGuests)), org.Channel.ID, at.Add(time.Hour)); err != nil {
				return err
			}
		}
		if posts, err = tx.ContentPosts(v.ContentID, store.KindPublication); err != nil {
			return err
		}
		for _, post := range posts { // the window never had it: there is nothing to change
			if err := tx.CardShown(post, at); err != nil {
				return err
			}
		}
	}
	return nil
}
