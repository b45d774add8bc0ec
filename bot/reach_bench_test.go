package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/store"
)

// BenchmarkReach is the command tavoittavuus for a year, until its answer is at the Connector: 40 channels of 1,000 members
// each, taken from 20,000 people, and 5,000 publications in three channels each, with ten reactions in each and
// twenty acknowledgements. It reports what the slowest of the answers took.
//
//	go test -run xxx -bench Reach -benchtime 20x ./bot
func BenchmarkReach(b *testing.B) {
	const channels, members, people, publications = 40, 1000, 20_000, 5000
	w := MustWorld(b)
	w.stop()
	w.clock.Set(at("2026-12-31 12:00"))
	year := day("2026-01-01")
	places := make([]store.Channel, channels)
	w.MustWrite(func(tx *store.Tx) error {
		for i := range places {
			places[i] = store.Channel{ID: fmt.Sprintf("19:bench%d@thread.tacv2", i), TeamID: w.team.ID, Name: fmt.Sprint("Kanava ", i), ServiceURL: w.ServiceURL}
			if err := tx.ChannelSeen(places[i], time.Now()); err != nil {
				return err
			}
			if _, err := tx.Bind(places[i].ID, store.Binding{Kind: store.ForAudience, Name: fmt.Sprint("Kohderyhmä ", i%12)}); err != nil {
				return err
			}
		}
		return nil
	})
	for i, ch := range places {
		for _, on := range []store.Date{year, year + 180} { // half a year later some have left, and others come
			var there []store.ChannelMember
			for n := range members {
				if on != year && n < 30 {
					n += members
				}
				there = append(there, store.ChannelMember{PersonID: fmt.Sprint("person-", (i*400+n)%people), TenantID: tenant})
			}
			w.MustWrite(func(tx *store.Tx) error {
				if err := tx.SaveLook(ch.ID, on, store.SourceRSC, there, tenant, on.In(helsinki, 0)); err != nil {
					return err
				}
				return tx.ReachTried(ch.ID, day("2026-12-31"), "", "")
			})
		}
	}
	for from := 0; from < publications; from += 100 {
		w.MustWrite(func(tx *store.Tx) error {
			for i := from; i < from+100; i++ {
				on := (year + store.Date(i*364/publications)).In(helsinki, 9*60)
				d := store.Draft{AuthorID: mia.AADObjectID, Form: map[string]string{}}
				if err := tx.SaveDraft(&d, on); err != nil {
					return err
				}
				v := &store.ContentVersion{ContentID: d.ID, Title: fmt.Sprint("Julkaisu ", i), Body: "x", Audiences: []string{fmt.Sprint("Kohderyhmä ", i%12)}, RequestedBy: mia.AADObjectID}
				if err := tx.SubmitContent(v, on, calendar); err != nil {
					return err
				}
				if _, err := tx.Decide(v, store.DecisionApproved, mia.AADObjectID, "", 0, on, calendar); err != nil {
					return err
				}
				in := []store.Channel{places[i%channels], places[(i+12)%channels], places[(i+24)%channels]}
				if _, err := tx.Publish(v, in, on, on); err != nil {
					return err
				}
				posts, err := tx.ContentPosts(d.ID, store.KindPublication)
				if err != nil {
					return err
				}
				for n, p := range posts {
					p.ActivityID, p.ConversationID = fmt.Sprint(i, "-", n), p.ChannelID
					if err := tx.PostSent(p, on); err != nil {
						return err
					}
					for k := range 10 {
						if _, err := tx.React(p.ChannelID, p.ActivityID, fmt.Sprint("person-", (i*37+n*400+k*13)%people), "like", false, on); err != nil {
							return err
						}
					}
				}
				for k := range 20 {
					if _, _, err := tx.Acknowledge(d.ID, fmt.Sprint("person-", (i*31+k*17)%people), posts[k%len(posts)].ChannelID, on); err != nil {
						return err
					}
				}
				if err := tx.RefreshReach(d.ID); err != nil {
					return err
				}
			}
			return nil
		})
	}
	size, err := w.db.Size()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(size)/(1<<20), "MiB/db")
	w.Start()
	me := teamstest.Personal(mia)
	if text := w.say(me, mia, "tavoittavuus 2026").text(); !strings.Contains(text, "5\u202f000 julkaisua, 40 kanavaa") {
		b.Fatal(text)
	}
	var latencies []time.Duration
	for b.Loop() {
		began := time.Now()
		w.say(me, mia, "tavoittavuus 2026")
		latencies = append(latencies, time.Since(began))
	}
	slices.Sort(latencies)
	b.ReportMetric(latencies[len(latencies)/2].Seconds()*1000, "ms/p50")
	b.ReportMetric(latencies[len(latencies)-1].Seconds()*1000, "ms/max")
}
