//go:build unix

package main

import (
	"path/filepath"
	"testing"
	"time"

	"vuosikello/store"
)

// The demo's Graph makes a session's meeting, reports who came, and tells whom the channels reach and what people did with a post.
func TestDemoGraph(t *testing.T) {
	t.Parallel()
	org := testPlayground()
	g, err := startDemoGraph(org)
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "demo.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()

	began := time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)
	host, attendee := org.Visitor.AADObjectID, org.Colleagues[3].AADObjectID
	made, err := g.client.CreateMeeting(t.Context(), store.MeetingRequest{Key: "k", HostID: host, Subject: "Ajanvaraus", Start: began, End: began.Add(15 * time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	s := &store.Session{Title: "Ajanvaraus", Start: began, Minutes: 15, HostID: host, Audiences: []string{"Ammattilaiset"}, CreatedBy: host}
	err = db.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.AddSession(s, true, began.Add(-time.Hour), store.Calendar{Location: time.UTC}); err != nil {
			return err
		}
		if err := tx.MeetingDone(s, made, store.MeetingMade, ""); err != nil {
			return err
		}
		_, _, err := tx.SignUp(s.ID, attendee, began)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// Before its end there is no report, and after it one, however often it is looked.
	for _, now := range []time.Time{began.Add(10 * time.Minute), began.Add(20 * time.Minute), began.Add(21 * time.Minute)} {
		if err := db.Read(t.Context(), func(tx *store.Tx) error { return g.look(tx, now) }); err != nil {
			t.Fatal(err)
		}
	}
	reports, err := g.client.Attendance(t.Context(), &made)
	if err != nil || len(reports) != 1 || reports[0].Total != 2 || reports[0].Records[0].PersonID != attendee {
		t.Errorf("%+v, %v", reports, err)
	}

	post := &store.Post{ChannelID: org.Channel.ID, ActivityID: "1741500000001"}
	elsewhere := &store.Post{ChannelID: org.GroupChat.ID, ActivityID: "1741500000002"}
	for _, p := range []*store.Post{post, elsewhere} {
		if err := g.posted(p, began); err != nil {
			t.Fatal(err)
		}
	}
	var found store.ChannelSweep
	err = g.client.SweepChannels(t.Context(), []store.ChannelWanted{{ChannelRef: g.channel(org.Channel.ID), Posts: []string{post.ActivityID}, Since: began}}, func(s store.ChannelSweep) { found = s })
	if err != nil || found.MembersErr != nil || found.MessagesErr != nil {
		t.Fatalf("%v, %v, %v", err, found.MembersErr, found.MessagesErr)
	}
	guests := 0
	for _, m := range found.Members {
		if m.Guest {
			guests++
		}
	}
	if len(found.Members) != 6+demoProfessionals || guests != demoGuests || found.Source != store.SourceRSC {
		t.Errorf("%d members, %d guests, from %s", len(found.Members), guests, found.Source)
	}
	if len(found.Messages) != 1 || len(found.Messages[0].Reactions) != 4 || len(found.Messages[0].Replies) != 1 {
		t.Errorf("%+v", found.Messages)
	}
}
