package bot_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// MustSubmit sends content for approval behind the bot's back, and returns its id.
func (w *world) MustSubmit(title string, audience string, decided bool) (id int64) {
	w.Helper()
	w.MustWrite(func(tx *store.Tx) error {
		d := store.Draft{AuthorID: mia.AADObjectID, Form: map[string]string{"title": title}}
		if err := tx.SaveDraft(&d, w.clock.Now()); err != nil {
			return err
		}
		id = d.ID
		v := &store.ContentVersion{ContentID: id, Title: title, Body: "Ohje muuttuu **maanantaina**.", Audiences: []string{audience}, RequestedBy: mia.AADObjectID, Approval: true, Checklist: store.Checks()}
		if !decided {
			v.PublishAt = at("2026-05-04 09:00")
		}
		if err := tx.SubmitContent(v, w.clock.Now(), calendar); err != nil || !decided {
			return err
		}
		_, err := tx.Decide(v, store.DecisionApproved, hanna.AADObjectID, "", 0, w.clock.Now(), calendar)
		return err
	})
	return id
}

// BenchmarkDecide is twenty approvers who press the buttons of one request at the same moment, while sixty posts of
// another publication are on their way to a Connector that takes 50 ms for each. One operation is the twenty clicks, over
// HTTP and until each is answered. There must be one decision.
func BenchmarkDecide(b *testing.B) {
	const clickers, channels = 20, 60
	w := MustApprovals(b)
	w.clock.Set(at("2026-03-02 10:00"))
	var approvers []teamstest.Person
	members := make([]store.Person, 0, clickers)
	for i := range clickers {
		p := teamstest.Person{ID: fmt.Sprintf("29:p%d", i), AADObjectID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i), Name: fmt.Sprint("Hyväksyjä ", i)}
		approvers = append(approvers, p)
		members = append(members, store.Person{ID: p.AADObjectID, TeamsID: p.ID, Name: p.Name, TenantID: tenant, Locale: "fi-FI", ServiceURL: w.ServiceURL})
	}
	team := teamstest.Team{ID: "19:many@thread.tacv2", Name: "Monta"}
	for i := range channels {
		team.Channels = append(team.Channels, teams.ChannelInfo{ID: fmt.Sprintf("19:many%d@thread.tacv2", i), Name: fmt.Sprint("Kanava ", i)})
	}
	w.conn.AddTeam(team)
	w.MustWrite(func(tx *store.Tx) error {
		if _, err := tx.TeamSeen(store.Team{ID: team.ID, Name: team.Name, ServiceURL: w.ServiceURL}, time.Now()); err != nil {
			return err
		}
		if err := tx.SyncLater(team.ID, time.Now().Add(24*time.Hour)); err != nil {
			return err
		}
		for _, ch := range team.Channels {
			if err := tx.ChannelSeen(store.Channel{ID: ch.ID, TeamID: team.ID, Name: ch.Name, ServiceURL: w.ServiceURL}, time.Now()); err != nil {
				return err
			}
			if _, err := tx.Bind(ch.ID, store.Binding{Kind: store.ForAudience, Name: "Monta"}); err != nil {
				return err
			}
		}
		for _, p := range approvers {
			if err := tx.GiveRole(p.AADObjectID, store.RoleApprover, 0); err != nil {
				return err
			}
		}
		return tx.SetMembers(team.ID, members, w.clock.Now())
	})
	w.conn.SetFault(func(*http.Request) teamstest.Fault { return teamstest.Fault{Delay: 50 * time.Millisecond} })
	var latencies []time.Duration
	posted := 0
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		id := w.MustSubmit(fmt.Sprint("Pyyntö ", i), "Hoitajat", false)
		w.MustWrite(func(tx *store.Tx) error {
			for _, ch := range []string{w.management.ConversationID, w.general.ConversationID} {
				p := store.Post{Kind: store.KindApproval, Title: "Pyyntö", ContentID: id, ContentVersion: 1, ChannelID: ch, Priority: store.PriorityNotice, DueAt: w.clock.Now()}
				if err := tx.AddPost(&p, w.clock.Now()); err != nil {
					return err
				}
			}
			return nil
		})
		w.bot.Tick(b.Context())
		var card *store.Post
		for card == nil || card.ActivityID == "" {
			w.MustRead(func(tx *store.Tx) error {
				posts, err := tx.ContentPosts(id, store.KindApproval)
				card = posts[0]
				return err
			})
			time.Sleep(time.Millisecond)
		}
		where := w.management
		where.ConversationID = card.ConversationID
		var clicks []*teams.Activity
		for n, p := range approvers {
			verb := []string{cards.VerbApprove, cards.VerbReturn}[n%2]
			clicks = append(clicks, w.Click(where, p, card.ActivityID, verb, map[string]any{"verb": verb, "content": fmt.Sprint(id), "version": 1, "comment": "syy"}))
		}
		w.MustSubmit(fmt.Sprint("Julkaisu ", i), "Monta", true)
		w.bot.Tick(b.Context()) // the sixty posts begin
		b.StartTimer()
		var wg sync.WaitGroup
		var mu sync.Mutex
		for _, click := range clicks {
			wg.Go(func() {
				began := time.Now()
				w.invoke(click)
				took := time.Since(began)
				mu.Lock()
				defer mu.Unlock()
				latencies = append(latencies, took)
			})
		}
		wg.Wait()
		b.StopTimer()
		posted += channels
		for done := false; !done; time.Sleep(time.Millisecond) {
			rows := w.posts(store.KindPublication)
			done = len(rows) == posted && !slices.ContainsFunc(rows, func(row string) bool { return !strings.HasSuffix(row, ": sent") })
		}
		b.StartTimer()
	}
	if n := len(w.audited("approval.approved")) + len(w.audited("approval.returned")); n != len(latencies)/clickers {
		b.Errorf("%d decisions on %d requests", n, len(latencies)/clickers)
	}
	slices.Sort(latencies)
	for name, q := range map[string]float64{"ms/p50": .5, "ms/p99": .99, "ms/max": 1} {
		b.ReportMetric(latencies[int(q*float64(len(latencies)-1))].Seconds()*1000, name)
	}
}

// BenchmarkApprovalsList is the command hyväksynnät with a thousand open requests, until its answer is at the Connector.
func BenchmarkApprovalsList(b *testing.B) {
	w := MustApprovals(b)
	for i := range 1000 {
		w.MustSubmit(fmt.Sprint("Pyyntö ", i), "Hoitajat", false)
	}
	me := teamstest.Personal(sanna)
	contains(b, w.say(me, sanna, "hyväksynnät").text(), "000 pyyntöä odottaa")
	var latencies []time.Duration
	for b.Loop() {
		began := time.Now()
		w.say(me, sanna, "hyväksynnät")
		latencies = append(latencies, time.Since(began))
	}
	slices.Sort(latencies)
	b.ReportMetric(latencies[int(.99*float64(len(latencies)-1))].Seconds()*1000, "ms/p99")
}
