package bot_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vuosikello/bot"
	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

func TestInstallation(t *testing.T) {
	t.Parallel()
	w := MustWorld(t, empty)
	w.post(w.Install(w.general, aino))
	w.post(w.MembersAdded(w.general, aino, w.Bot())) // the platform tells it twice, in two ways
	greeting := w.posted(w.team.ID, 1)
	w.say(w.wg, aino, "kanava työryhmä")
	w.post(w.Install(w.pro, mia)) // another channel of the same team
	w.stop()
	w.bot.Sync(t.Context())
	contains(t, greeting.text(), "kanava työryhmä")
	for _, r := range w.conn.Posts() {
		if r.Op != "reply" && r.ActivityID != greeting.activity {
			t.Errorf("greeted again: %s", r.Content)
		}
	}
	equal(t, "audit", w.audit(), "role.give", "team.install", "channel.bind")
	equal(t, "roles", w.roles(), "Aino admin")

	// The members and channels of the team were read.
	w.MustRead(func(tx *store.Tx) error {
		if ch, err := tx.Channel(w.pro.ConversationID); err != nil || ch.FullName() != "Viestintä / Ammattilaiset" {
			t.Errorf("channel %+v, %v", ch, err)
		}
		if who, err := tx.MembersNamed("OLLI OMISTAJA"); err != nil || len(who) != 1 {
			t.Errorf("members %+v, %v", who, err)
		}
		return nil
	})
	if strings.Contains(w.logs.String(), aino.Name) || strings.Contains(w.logs.String(), aino.AADObjectID) {
		t.Errorf("the log names a person:\n%s", w.logs)
	}
}

// Whoever installs the app first becomes admin, and only when the configuration names nobody.
func TestFirstAdmin(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		admins  []string
		happens func(w *world)
		want    []string
	}{
		{"the first installer", nil, func(w *world) { w.post(w.Install(w.general, aino)) }, []string{"Aino admin"}},
		{"not the second", nil, func(w *world) {
			w.post(w.Install(w.general, aino))
			w.post(w.Install(teamstest.Place{Type: w.pro.Type, ConversationID: "19:toinen@thread.tacv2", TeamID: "19:toinen@thread.tacv2"}, mia))
		}, []string{"Aino admin"}},
		{"not after the first team is gone", nil, func(w *world) {
			w.post(w.Install(w.general, aino))
			w.post(w.Uninstall(w.general, aino))
			w.post(w.Install(w.general, mia))
		}, []string{"Aino admin"}},
		{"not when the configuration names one", []string{mia.AADObjectID}, func(w *world) { w.post(w.Install(w.general, aino)) }, nil},
		{"not by installing it for oneself or in a chat", nil, func(w *world) {
			w.post(w.Install(teamstest.Personal(mia), mia))
			w.post(w.Install(w.group, mia))
			w.post(w.Install(w.general, aino))
		}, []string{"Aino admin"}},
		{"also when something else of the team was heard first", nil, func(w *world) {
			install := w.Install(w.general, aino)
			w.post(w.Event("channelRenamed", w.pro, mia))
			w.post(install)
		}, []string{"Aino admin"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := MustWorld(t, empty, withConfig(func(c *bot.Config) { c.Admins = tc.admins }))
			tc.happens(w)
			w.stop()
			equal(t, "roles", w.roles(), tc.want...)
		})
	}
}

// After uninstalling nothing is posted; installing again brings the bindings back.
func TestUninstallation(t *testing.T) {
	t.Parallel()
	w, id, s := reminded(t)
	w.say(w.wg, aino, "kanava Nuoret")
	w.post(w.Uninstall(w.wg, aino))
	there := func() (n int) { // an admin is told personally that there is no channel now
		for _, r := range w.conn.Posts() {
			if teams.BaseConversationID(r.ConversationID) == w.wg.ConversationID {
				n++
			}
		}
		return n
	}
	before := there()
	e := w.MustEntry(id)
	e.Goal = "muuttui"
	w.MustWrite(func(tx *store.Tx) error { return tx.UpdateEntry(e, w.clock.Now(), calendar) }) // would update the card
	w.pass("2026-03-13 08:30")
	w.stop()
	if got := there(); got != before {
		t.Errorf("%d posts after the app was removed", got-before)
	}
	if m, _ := w.conn.Message(s.conversation, s.activity); m.Updates != 0 {
		t.Error("a card was updated after the app was removed")
	}
	equal(t, "ledger", w.ledger()[:2], "reminder Kevätkampanja: sent", "reminder Kevätkampanja: failed (no channel)")

	w.Start()
	w.post(w.Install(w.general, mia))
	equal(t, "bindings", w.bindings(w.wg), "working_group", "audience Nuoret")
	e2 := campaign()
	e2.Title, e2.Leads = "Toinen", []int{0}
	w.MustAdd(e2)
	w.pass("2026-03-16 08:30")
	contains(t, w.posted(w.wg.ConversationID, 2).text(), "Toinen")
}

// A post that waits while the app is removed ends with a named reason.
func TestUninstallationWhilePostWaits(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.MustAdd(campaign())
	w.stop()
	w.clock.Set(at("2026-03-02 08:30"))
	w.MustWrite(func(tx *store.Tx) error {
		_, err := tx.ScheduleReminders(w.clock.Now(), calendar, 10)
		return err
	})
	w.MustWrite(func(tx *store.Tx) error { _, err := tx.SetInstalled(w.team.ID, false, time.Now()); return err })
	w.Start()
	w.MustWrite(func(tx *store.Tx) error {
		_, err := tx.SetInstalled(w.team.ID, true, time.Now().Add(time.Second))
		return err
	})
	w.say(w.wg, aino, "apua") // the dispatcher has looked by now, or looks at the next tick
	w.stop()
	switch rows := w.ledger(); rows[0] {
	case "reminder Kevätkampanja: failed (channel gone)", "reminder Kevätkampanja: sent", "reminder Kevätkampanja: pending":
	default:
		t.Errorf("ledger %q", rows)
	}
}

// channels tells the full names of channels that can be posted to.
func (w *world) channels(ids ...string) (names []string) {
	w.MustRead(func(tx *store.Tx) error {
		for _, id := range ids {
			ch, err := tx.Channel(id)
			if store.IsKind(err, store.KindNotFound) {
				names = append(names, "–")
				continue
			}
			if err != nil {
				return err
			}
			names = append(names, ch.FullName())
		}
		return nil
	})
	return names
}

// Events that arrive in any order, and twice, end in the same.
func TestEventsInAnyOrder(t *testing.T) {
	t.Parallel()
	renamed := func(p teamstest.Place, name string) teamstest.Place { p.Name = name; return p }
	for _, tc := range []struct {
		name   string
		events func(w *world) []*teams.Activity
		want   []string // the channels wg and pro in the end
	}{
		{"a channel is created, renamed twice and deleted", func(w *world) []*teams.Activity {
			return []*teams.Activity{
				w.Install(w.general, aino), w.Event("channelCreated", renamed(w.pro, "Yksi"), aino), w.Event("channelRenamed", renamed(w.pro, "Kaksi"), aino),
				w.Event("channelRenamed", renamed(w.wg, "Kolme"), aino), w.Event("channelDeleted", w.pro, aino),
			}
		}, []string{"Viestintä / Kolme", "–"}},
		{"a channel is deleted and restored, the team renamed", func(w *world) []*teams.Activity {
			named := w.wg
			named.TeamName = "Uusi tiimi"
			old := w.Event("channelRenamed", w.wg, aino)
			return []*teams.Activity{
				w.Install(w.general, aino), w.Event("channelDeleted", w.pro, aino), w.Event("channelRestored", renamed(w.pro, "Palasi"), aino), old,
				w.Event("teamRenamed", named, aino),
			}
		}, []string{"Uusi tiimi / Työryhmä", "Uusi tiimi / Palasi"}},
		{"the app is installed, removed, installed and removed", func(w *world) []*teams.Activity {
			return []*teams.Activity{
				w.Install(w.general, aino), w.Uninstall(w.general, aino), w.MembersAdded(w.wg, aino, w.Bot()), w.Event("channelCreated", w.pro, aino),
				w.MembersRemoved(w.general, aino, w.Bot()),
			}
		}, []string{"–", "–"}},
		{"the app is installed, removed and installed", func(w *world) []*teams.Activity {
			return []*teams.Activity{
				w.Event("channelCreated", w.wg, aino), w.Uninstall(w.general, aino), w.Install(w.general, mia), w.Event("channelCreated", w.pro, aino),
			}
		}, []string{"Viestintä / Työryhmä", "Viestintä / Ammattilaiset"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := MustWorld(t, empty)
			w.stop() // what happens is taken in as it comes; nothing is read from the Connector
			clock := time.Now().Add(-time.Hour)
			w.Scene.Now = func() time.Time { clock = clock.Add(time.Second); return clock }
			full := w.team
			n := 0
			for order := range permutations(len(tc.events(w))) {
				if n++; len(order) > 4 && n%3 != 0 {
					continue // a third of them says as much in a third of the time
				}
				// Each order has a team of its own.
				team := full
				team.ID, team.Channels = fmt.Sprint(n, full.ID), nil
				for _, ch := range full.Channels {
					ch.ID = fmt.Sprint(n, ch.ID)
					team.Channels = append(team.Channels, ch)
				}
				w.general, w.wg, w.pro = team.Channel(team.Channels[0].ID), team.Channel(team.Channels[1].ID), team.Channel(team.Channels[2].ID)
				events := tc.events(w)
				for _, i := range append(slices.Clone(order), order...) {
					if _, err := w.bot.Handle(t.Context(), events[i]); err != nil {
						t.Fatal(err)
					}
				}
				if got := w.channels(w.wg.ConversationID, w.pro.ConversationID); !slices.Equal(got, tc.want) {
					t.Fatalf("in the order %v: got %q, want %q", order, got, tc.want)
				}
			}
		})
	}
}

// permutations yields every order of n things.
func permutations(n int) func(func([]int) bool) {
	return func(yield func([]int) bool) {
		order := make([]int, 0, n)
		var pick func() bool
		pick = func() bool {
			if len(order) == n {
				return yield(slices.Clone(order))
			}
			for i := range n {
				if !slices.Contains(order, i) {
					order = append(order, i)
					if !pick() {
						return false
					}
					order = order[:len(order)-1]
				}
			}
			return true
		}
		pick()
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	uusi := teamstest.Person{ID: "29:uusi", AADObjectID: "00000000-0000-4000-8000-000000000abc", Name: "Uusi Ihminen", Email: "uusi@hva.example"}
	named := func(name string) (n int) {
		w.MustRead(func(tx *store.Tx) error {
			found, err := tx.MembersNamed(name)
			n = len(found)
			return err
		})
		return n
	}
	var rest []teams.Member
	for _, m := range w.team.Members {
		if m.ID != olli.ID {
			rest = append(rest, m)
		}
	}
	w.conn.AddTeam(teamstest.Team{ID: w.team.ID, Name: w.team.Name, Channels: w.team.Channels, Members: append(rest, uusi.Member(tenant))})
	w.post(w.MembersRemoved(w.general, aino, teams.Account{ID: olli.ID})) // the platform leaves out who it was in the directory
	if named(olli.Name) != 0 {
		t.Error("somebody who left is still a member")
	}
	w.post(w.MembersAdded(w.general, aino, teams.Account{ID: uusi.ID, AADObjectID: uusi.AADObjectID}))
	w.stop()
	w.bot.Sync(t.Context()) // what Run does two seconds later
	if named(uusi.Name) != 1 || named(olli.Name) != 0 || named(mia.Name) != 1 {
		t.Errorf("members: new %d, gone %d, stayed %d", named(uusi.Name), named(olli.Name), named(mia.Name))
	}
	// A member without any id is nobody, and takes nobody away.
	w.Start()
	w.post(w.MembersRemoved(w.general, aino, teams.Account{}))
}

// Who removes the app for themselves can no longer be written to, and a chat that the app has left is greeted by nobody.
func TestPersonalAndGroup(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	mine := teamstest.Personal(mia)
	w.post(w.Install(mine, mia))
	w.post(w.MembersAdded(mine, mia, teams.Account{ID: mia.ID, AADObjectID: mia.AADObjectID}, w.Bot()))
	contains(t, w.posted(mine.ConversationID, 1).text(), "apua")
	chat := func() string {
		var p store.Person
		w.MustRead(func(tx *store.Tx) (err error) { p, _, err = tx.Person(mia.AADObjectID); return err })
		return p.ConversationID
	}
	if chat() != mine.ConversationID {
		t.Errorf("chat %q", chat())
	}
	w.post(w.Uninstall(mine, mia))
	if chat() != "" {
		t.Errorf("chat %q after the app was removed", chat())
	}
	early := w.Install(mine, mia)
	early.Timestamp.Time = early.Timestamp.Add(-time.Hour)
	if w.post(early); chat() != "" {
		t.Errorf("chat %q after an installation that came before the removal", chat())
	}
	if w.post(w.Install(mine, mia)); chat() != mine.ConversationID {
		t.Errorf("chat %q after the app was added again", chat())
	}
	// Somebody not met yet: the removal arrives before the installation.
	his := teamstest.Personal(sanna)
	added, removed := w.Install(his, sanna), w.Uninstall(his, sanna)
	added.Timestamp.Time = removed.Timestamp.Add(-time.Minute)
	w.post(removed)
	w.post(added)
	w.MustRead(func(tx *store.Tx) error {
		p, _, err := tx.Person(sanna.AADObjectID)
		if p.ConversationID != "" {
			t.Errorf("chat %q of somebody who has removed the app", p.ConversationID)
		}
		return err
	})

	late, gone := w.Install(w.group, aino), w.Uninstall(w.group, aino)
	late.Timestamp.Time = gone.Timestamp.Add(-time.Minute)
	w.post(gone)
	w.post(late) // it happened before
	w.stop()
	for _, r := range w.conn.Posts() {
		if r.ConversationID == w.group.ConversationID {
			t.Errorf("posted to a chat that the app has left: %s", r.Content)
		}
	}
}

// What the Playground sent in reality, told as a whole: the app in a team, a chat and a personal chat.
func TestRecordedActivities(t *testing.T) {
	t.Parallel()
	w := MustWorld(t, empty, withConfig(func(c *bot.Config) { c.Language = cards.English }))
	files, err := filepath.Glob("teams/testdata/activities/*.json")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var recorded struct{ Body json.RawMessage }
		if json.Unmarshal(raw, &recorded) != nil {
			continue // answers of the Connector, not an activity
		}
		a, err := teams.DecodeActivity(recorded.Body)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
			continue
		}
		a.ServiceURL = w.ServiceURL
		status, body := teamstest.Post(t, w.url, "", a)
		if status != 200 {
			t.Errorf("%s was answered with %d", filepath.Base(file), status)
		}
		if a.Type == teams.TypeInvoke && a.Name == teams.InvokeCardAction && !strings.Contains(string(body), `"statusCode":200`) {
			t.Errorf("%s was answered with %s", filepath.Base(file), body)
		}
	}
	w.stop()
	// The app was removed from the team, and somebody wrote to it there later.
	equal(t, "in the end", w.channels("19:channel-runs@thread.tacv2", "19:group-chat-1@thread.v2"), "ML Team / Runs", "Review Group")
}
