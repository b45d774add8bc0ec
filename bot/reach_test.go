package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/infracloudio/msbotbuilder-go/schema"

	"vuosikello/bot"
	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/store"
)

// channels is a Graph that tells of channels what it is told to.
type channels struct {
	mu     sync.Mutex
	asked  []store.ChannelWanted
	sweeps map[string]store.ChannelSweep // by channel id
	err    error
	active []store.TeamActivity
	report error // why there is no report
}

func (c *channels) TeamActivity(context.Context) ([]store.TeamActivity, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.active, c.report
}

func (c *channels) SweepChannels(_ context.Context, wanted []store.ChannelWanted, each func(store.ChannelSweep)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, wanted...)
	if c.err != nil {
		return c.err
	}
	for _, w := range wanted {
		s := c.sweeps[w.ChannelID]
		s.Channel = w.ChannelRef
		s.Messages = slices.Clone(s.Messages)
		for i := range s.Messages {
			s.Messages[i].ActivityID = w.Posts[i] // the posts in the order that they were sent
		}
		each(s)
	}
	return nil
}

func (c *channels) tell(channel string, s store.ChannelSweep) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sweeps == nil {
		c.sweeps = map[string]store.ChannelSweep{}
	}
	c.sweeps[channel] = s
}

func withChannels(c bot.Channels) option {
	return withConfig(func(config *bot.Config) { config.Channels, config.TenantID = c, tenant })
}

const elsewhere = "99999999-9999-4999-8999-999999999999"

func member(name string) store.ChannelMember {
	return store.ChannelMember{PersonID: "id-" + name, TenantID: tenant}
}

func guest(name string) store.ChannelMember {
	return store.ChannelMember{PersonID: "id-" + name, TenantID: tenant, Guest: true}
}

func external(name string) store.ChannelMember {
	return store.ChannelMember{PersonID: "id-" + name, TenantID: elsewhere}
}

func reactions(names ...string) (list []store.Signal) {
	for _, n := range names {
		kind, who, _ := strings.Cut(n, " ")
		list = append(list, store.Signal{Kind: kind, PersonID: "id-" + who})
	}
	return list
}

// reachRows is what is exported of reach, in short: "title channel: members+guests+external reacted/replied/acknowledged source day".
func (w *world) reachRows() (rows []string) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) error {
		return tx.ReachRows(func(r *store.ReachRow) error {
			replied := "?"
			if r.Replies {
				replied = fmt.Sprint(r.Replied)
			}
			rows = append(rows, fmt.Sprintf("%s %s: %d+%d+%d %d/%s/%d %s %s", r.Title, r.Channel.Name, r.Members, r.Guests, r.External, r.Reacted, replied, r.Acknowledged, r.Source, r.MembersOn))
			return nil
		})
	})
	slices.Sort(rows)
	return rows
}

// awaitReach waits until what is exported is as wanted.
func (w *world) awaitReach(want ...string) {
	w.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		got := w.reachRows()
		if slices.Equal(got, want) {
			return
		}
		if time.Now().After(deadline) {
			w.Fatalf("reach is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// publishes puts a publication out to its audience, and waits until its posts are there.
func (w *world) publishes(title, audience string, posts int) {
	w.Helper()
	before := len(w.posts(store.KindPublication))
	w.MustSubmit(title, audience, true)
	w.bot.Tick(context.Background())
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		rows := w.posts(store.KindPublication)
		if len(rows) == before+posts && !slices.ContainsFunc(rows, func(row string) bool { return !strings.HasSuffix(row, ": sent") }) {
			return
		}
		if time.Now().After(deadline) {
			w.Fatalf("not published: %s", strings.Join(rows, "\n"))
		}
	}
}

// post returns the newest post of that title in a channel.
func (w *world) publication(title string, in teamstest.Place) *store.Post {
	w.Helper()
	var found *store.Post
	w.MustRead(func(tx *store.Tx) error {
		list, err := tx.PublicationsTitled(title, 1)
		if err != nil {
			return err
		}
		posts, err := tx.ContentPosts(list[0].ContentID, store.KindPublication)
		for _, p := range posts {
			if p.ChannelID == in.ConversationID {
				found = p
			}
		}
		return err
	})
	if found == nil {
		w.Fatalf("%s is not in %s", title, in.Name)
	}
	return found
}

// reacts tells the bot what somebody did with one of its posts, as the platform does.
func (w *world) reacts(p *store.Post, who teamstest.Person, at time.Time, added, removed string) {
	w.Helper()
	a := w.Message(teamstest.Place{Type: teams.ConversationChannel, ConversationID: p.ConversationID}, who, "")
	a.Type, a.Text, a.ReplyToID = teams.TypeMessageReaction, "", p.ActivityID
	a.Timestamp.Time = at
	for kind := range strings.FieldsSeq(added) {
		a.ReactionsAdded = append(a.ReactionsAdded, schema.MessageReaction{Type: schema.MessageReactionTypes(kind)})
	}
	for kind := range strings.FieldsSeq(removed) {
		a.ReactionsRemoved = append(a.ReactionsRemoved, schema.MessageReaction{Type: schema.MessageReactionTypes(kind)})
	}
	w.post(a)
}

// MustReach is a world with three channels for two audiences: the general channel and pro for Ammattilaiset, wg and pro
// for Esihenkilöt.
func MustReach(tb testing.TB, options ...option) *world {
	tb.Helper()
	w := MustWorld(tb, options...)
	w.clock.Set(at("2026-03-02 10:00"))
	w.MustWrite(func(tx *store.Tx) error {
		for _, b := range [][2]string{{w.general.ConversationID, "Ammattilaiset"}, {w.pro.ConversationID, "Ammattilaiset"}, {w.wg.ConversationID, "Esihenkilöt"}, {w.pro.ConversationID, "Esihenkilöt"}} {
			if _, err := tx.Bind(b[0], store.Binding{Kind: store.ForAudience, Name: b[1]}); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

// Without Graph the bot's own roster tells who could be reached, and the platform who reacts: also when a reaction is
// changed, taken away, told twice or told in the wrong order.
func TestReachWithoutGraph(t *testing.T) {
	t.Parallel()
	w := MustReach(t)
	w.publishes("Ohje muuttuu", "Ammattilaiset", 2)
	general, pro := "Ohje muuttuu : 6+0+0 ", "Ohje muuttuu Ammattilaiset: 6+0+0 "
	w.awaitReach(general+"0/?/0 bot 2026-03-02", pro+"0/?/0 bot 2026-03-02")

	post := w.publication("Ohje muuttuu", w.pro)
	now := time.Now()
	w.reacts(post, olli, now, "like", "")
	w.reacts(post, sanna, now, "heart", "")
	w.reacts(w.publication("Ohje muuttuu", w.general), olli, now, "like", "")
	w.awaitReach(general+"1/?/0 bot 2026-03-02", pro+"2/?/0 bot 2026-03-02")
	w.reacts(post, olli, now.Add(time.Second), "heart", "like") // changed: one person still
	w.reacts(post, sanna, now.Add(2*time.Second), "", "heart")
	w.reacts(post, sanna, now.Add(time.Second), "heart", "") // older than what took it away
	w.reacts(&store.Post{ActivityID: "1795306298506", ConversationID: w.pro.ConversationID}, sanna, now, "like", "")
	w.awaitReach(general+"1/?/0 bot 2026-03-02", pro+"1/?/0 bot 2026-03-02")

	card := w.say(teamstest.Personal(mia), mia, "tavoittavuus ohje muuttuu")
	text := card.text()
	equal(t, "facts", card.facts(), "Tavoitettavissa: 6", "Reagoi: 1", "Vastasi: ei tiedossa", "Kuittasi: 0")
	contains(t, text, "Ohje muuttuu", "ei ole vuosikellon toimenpidettä", "2 kanavaa botin omista tiedoista", "Microsoft Graph ei ole käytössä")
	for _, word := range []string{"näki", "luki "} {
		if strings.Contains(strings.ToLower(text), word) {
			t.Errorf("the card says %q", word)
		}
	}
	contains(t, w.say(teamstest.Personal(sanna), sanna, "tavoittavuus").text(), "viestintä")
}

// People are counted once across channels, audiences and publications, by the day of each publication; guests and external
// ones apart; those without an id in each channel.
func TestReachCountsPeopleOnce(t *testing.T) {
	t.Parallel()
	graph := &channels{}
	w := MustWorld(t, withChannels(graph))
	w.clock.Set(at("2026-03-02 10:00"))
	unnamed := store.ChannelMember{TenantID: tenant}
	// Aada is in all three; Bertta a guest in two; Cecilia of another organisation, and a member besides; nobody knows two.
	graph.tell(w.general.ConversationID, store.ChannelSweep{Source: store.SourceRSC, Members: []store.ChannelMember{member("aada"), member("aada"), guest("bertta"), external("cecilia"), unnamed}})
	graph.tell(w.pro.ConversationID, store.ChannelSweep{Source: store.SourceTenant, Members: []store.ChannelMember{member("aada"), member("cecilia"), member("daniel"), external("eino"), unnamed}})
	graph.tell(w.wg.ConversationID, store.ChannelSweep{Source: store.SourceTenant, Members: []store.ChannelMember{member("aada"), guest("bertta"), member("faisal")}})
	w.MustWrite(func(tx *store.Tx) error {
		for _, b := range [][2]string{{w.general.ConversationID, "Ammattilaiset"}, {w.pro.ConversationID, "Ammattilaiset"}, {w.pro.ConversationID, "Esihenkilöt"}, {w.wg.ConversationID, "Esihenkilöt"}} {
			if _, err := tx.Bind(b[0], store.Binding{Kind: store.ForAudience, Name: b[1]}); err != nil {
				return err
			}
		}
		return nil
	})
	w.publishes("Ensimmäinen", "Ammattilaiset", 2)
	w.publishes("Toinen", "Esihenkilöt", 2)
	w.awaitReach("Ensimmäinen : 2+1+1 0/?/0 rsc 2026-03-02", "Ensimmäinen Ammattilaiset: 4+0+1 0/?/0 tenant 2026-03-02",
		"Toinen Ammattilaiset: 4+0+1 0/?/0 tenant 2026-03-02", "Toinen Työryhmä: 2+1+0 0/?/0 tenant 2026-03-02")

	// The next night Faisal has left and Gustav has come. What people did is told in whole: it replaces what was known.
	graph.tell(w.wg.ConversationID, store.ChannelSweep{Source: store.SourceTenant, Members: []store.ChannelMember{member("aada"), guest("bertta"), member("gustav")},
		Messages: []store.MessageSignals{{Reactions: reactions("like aada", "heart aada", "like faisal"), Replies: append(reactions(" bertta"), store.Signal{}, store.Signal{})}}})
	graph.tell(w.pro.ConversationID, store.ChannelSweep{Source: store.SourceTenant, Members: []store.ChannelMember{member("aada"), member("cecilia"), member("daniel"), external("eino"), unnamed},
		Messages: []store.MessageSignals{{Reactions: reactions("like aada")}, {Reactions: reactions("like aada", "sad daniel"), Replies: reactions(" daniel", " daniel")}}})
	forbidden := &store.GraphError{Problem: store.GraphForbidden, Permission: "ChannelMessage.Read.Group", Who: "the team's owner"}
	graph.tell(w.general.ConversationID, store.ChannelSweep{Source: store.SourceRSC, Members: []store.ChannelMember{member("aada"), guest("bertta"), external("cecilia"), unnamed}, MessagesErr: forbidden})
	w.pass("2026-03-03 02:30")
	w.awaitReach("Ensimmäinen : 2+1+1 0/?/0 rsc 2026-03-02", "Ensimmäinen Ammattilaiset: 4+0+1 1/0/0 tenant 2026-03-02",
		"Toinen Ammattilaiset: 4+0+1 2/1/0 tenant 2026-03-02", "Toinen Työryhmä: 2+1+0 2/3/0 tenant 2026-03-02")
	w.pass("2026-03-03 10:00")
	w.publishes("Kolmas", "Esihenkilöt", 2)

	// All: aada, cecilia (a member in one of them), daniel, faisal, gustav and one without an id in each of two; bertta; eino.
	report := func(f store.ReachFilter) (r *store.ReachReport) {
		w.MustRead(func(tx *store.Tx) (err error) { r, err = tx.Reach(f); return err })
		return r
	}
	for _, tc := range []struct {
		name   string
		filter store.ReachFilter
		want   string
	}{
		{"all", store.ReachFilter{}, "3: 7+1+1, 3 reacted, 4 replied, 6 acted"},
		{"the first day", store.ReachFilter{To: at("2026-03-03 00:00")}, "2: 6+1+1, 3 reacted, 4 replied, 6 acted"},
		{"the second day", store.ReachFilter{From: at("2026-03-03 00:00")}, "1: 5+1+1, 0 reacted, 0 replied, 0 acted"},
		{"an audience", store.ReachFilter{Audience: "ammattilaiset"}, "1: 5+1+1, 1 reacted, 0 replied, 1 acted"},
		{"nothing", store.ReachFilter{Campaign: "Joulu"}, "0: 0+0+0, 0 reacted, 0 replied, 0 acted"},
	} {
		g := report(tc.filter).Total
		if got := fmt.Sprintf("%d: %d+%d+%d, %d reacted, %d replied, %d acted", g.Publications, g.Members, g.Guests, g.External, g.Reacted, g.Replied, g.Acted); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
	card := w.say(teamstest.Personal(mia), mia, "tavoittavuus maaliskuu")
	equal(t, "facts", card.facts(), "Tavoitettavissa: 7 · lisäksi 1 vieras, 1 ulkopuolinen", "Reagoi: 3", "Vastasi: vähintään 4", "Kuittasi: 0")
	contains(t, card.text(), "ChannelMessage.Read.Group", "tiimin omistaja", "2 jäsenellä ei ole tunnistetta", "Kohderyhmittäin", "Kolmas")
	card = w.say(teamstest.Personal(mia), mia, "tavoittavuus ammattilaiset")
	equal(t, "facts", card.facts(), "Tavoitettavissa: 5 · lisäksi 1 vieras, 1 ulkopuolinen", "Reagoi: 1", "Vastasi: ei tiedossa", "Kuittasi: 0")
}

// The organisation's own report tells how active the channels' teams are: asked for once a day, of the team that it names;
// and it is said why it tells nothing.
func TestReachActivity(t *testing.T) {
	t.Parallel()
	// The report is there before the bot is, which asks for it as soon as it starts.
	graph := &channels{active: []store.TeamActivity{{GroupID: "33333333-3333-4333-8333-333333333333", Name: "x", Refreshed: day("2026-02-28"), Days: 30, ActiveUsers: 34}, {GroupID: "00000000-0000-4000-8000-0000000000ff", ActiveUsers: 900},
		{Concealed: true, ActiveUsers: 800}}}
	w := MustReach(t, withChannels(graph))
	w.publishes("Ohje muuttuu", "Ammattilaiset", 2)
	me := teamstest.Personal(mia)
	asked := func(on string) {
		t.Helper()
		w.until("the report on teams", func() bool {
			var due bool
			w.MustRead(func(tx *store.Tx) (err error) { due, err = tx.ActivityDue(day(on)); return err })
			return !due
		})
	}
	asked("2026-03-02")
	contains(t, w.say(me, mia, "tavoittavuus").text(), "Aktiivisia tiimissä (30 päivää, viimeinen la 28.2.): Viestintä 34.")
	for i, tc := range []struct {
		report []store.TeamActivity
		err    error
		want   string
	}{
		{nil, errors.New("cut off"), "Viestintä 34."}, // what was known stays
		{nil, &store.GraphError{Problem: store.GraphForbidden, Permission: "Reports.Read.All", Who: "an administrator"}, "puuttuu lupa Reports.Read.All"},
		{[]store.TeamActivity{{Concealed: true, ActiveUsers: 34}}, nil, "piilottaa nimet raporteista"},
	} {
		graph.mu.Lock()
		graph.active, graph.report = tc.report, tc.err
		graph.mu.Unlock()
		on := (day("2026-03-03") + store.Date(i)).String()
		w.pass(on + " 02:30")
		asked(on)
		contains(t, w.say(me, mia, "tavoittavuus").text(), tc.want)
	}
}

// A channel that Graph cannot be asked about keeps its last numbers and says of which day they are; without permission the
// bot's own knowledge takes their place; and neither spoils another channel.
func TestReachFaults(t *testing.T) {
	t.Parallel()
	graph := &channels{}
	w := MustWorld(t, withChannels(graph))
	w.clock.Set(at("2026-03-02 10:00"))
	look := store.ChannelSweep{Source: store.SourceTenant, Members: []store.ChannelMember{member("aada"), guest("bertta")}}
	for _, in := range []teamstest.Place{w.general, w.pro, w.wg} {
		graph.tell(in.ConversationID, look)
	}
	w.MustWrite(func(tx *store.Tx) error {
		for _, in := range []teamstest.Place{w.general, w.pro, w.wg} {
			if _, err := tx.Bind(in.ConversationID, store.Binding{Kind: store.ForAudience, Name: "Kaikki"}); err != nil {
				return err
			}
		}
		return nil
	})
	w.publishes("Ensimmäinen", "Kaikki", 3)
	w.awaitReach("Ensimmäinen : 1+1+0 0/?/0 tenant 2026-03-02", "Ensimmäinen Ammattilaiset: 1+1+0 0/?/0 tenant 2026-03-02", "Ensimmäinen Työryhmä: 1+1+0 0/?/0 tenant 2026-03-02")
	fault := &store.GraphError{Problem: store.GraphUnavailable, Err: errors.New("503")}
	graph.tell(w.general.ConversationID, store.ChannelSweep{Source: store.SourceTenant, MembersErr: fault, MessagesErr: fault})
	graph.tell(w.pro.ConversationID, store.ChannelSweep{MembersErr: &store.GraphError{Problem: store.GraphForbidden, Permission: "ChannelMember.Read.All", Who: "an administrator"}})
	graph.tell(w.wg.ConversationID, store.ChannelSweep{Source: store.SourceTenant, Members: []store.ChannelMember{member("aada")}})
	w.pass("2026-03-03 02:30")
	w.until("the sweep of the night", func() bool {
		var due int
		w.MustRead(func(tx *store.Tx) (err error) { due, _, err = tx.ReachDue(day("2026-03-03")); return err })
		return due == 0
	})
	w.pass("2026-03-03 10:00")
	w.publishes("Toinen", "Kaikki", 3)
	w.awaitReach("Ensimmäinen : 1+1+0 0/?/0 tenant 2026-03-02", "Ensimmäinen Ammattilaiset: 1+1+0 0/?/0 tenant 2026-03-02", "Ensimmäinen Työryhmä: 1+1+0 0/?/0 tenant 2026-03-02",
		"Toinen : 1+1+0 0/?/0 tenant 2026-03-02", "Toinen Ammattilaiset: 6+0+0 0/?/0 bot 2026-03-03", "Toinen Työryhmä: 1+0+0 0/?/0 tenant 2026-03-03")
	contains(t, w.say(teamstest.Personal(mia), mia, "tavoittavuus toinen").text(), "ei saatu luettua", "ma 2.3.", "ChannelMember.Read.All", "Entra ID", "Graph ei vastannut")
	if strings.Contains(w.logs.String(), "aada") {
		t.Error("the log names people")
	}
}

// facts are the rows of a card's FactSets: "Tavoitettavissa: 6".
func (s shown) facts() (rows []string) {
	s.walk(func(o map[string]any) {
		title, isFact := o["title"].(string)
		if value, ok := o["value"].(string); ok && isFact {
			rows = append(rows, title+": "+value)
		}
	})
	return rows
}

// until waits for something to become true.
func (w *world) until(what string, ok func() bool) {
	w.Helper()
	for deadline := time.Now().Add(patience); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.Fatalf("%s never came", what)
		}
	}
}

// What can be asked about, and what is said of what cannot.
func TestReachArguments(t *testing.T) {
	t.Parallel()
	w := MustReach(t)
	e := campaign()
	entry := w.MustAdd(e)
	w.MustWrite(func(tx *store.Tx) error {
		d := store.Draft{EntryID: entry, AuthorID: mia.AADObjectID, Form: map[string]string{"title": "Kampanjan avaus"}}
		if err := tx.SaveDraft(&d, w.clock.Now()); err != nil {
			return err
		}
		v := &store.ContentVersion{ContentID: d.ID, EntryID: entry, Title: "Kampanjan avaus", Body: "x", Audiences: []string{"Ammattilaiset"}, RequestedBy: mia.AADObjectID}
		if err := tx.SubmitContent(v, w.clock.Now(), calendar); err != nil {
			return err
		}
		_, err := tx.Decide(v, store.DecisionApproved, mia.AADObjectID, "", 0, w.clock.Now(), calendar)
		return err
	})
	w.publishes("Viikkotiedote 9", "Ammattilaiset", 4) // with the one above
	w.publishes("Viikkotiedote 10", "Ammattilaiset", 2)
	me := teamstest.Personal(mia)
	for _, tc := range []struct{ say, want string }{
		{"tavoittavuus", "Viimeiset 30 päivää"},
		{"räckvidd", "Viimeiset 30 päivää"},
		{"reach 2026", "3 julkaisua"},
		{"tavoittavuus 2026Q1", "3 julkaisua"},
		{"tavoittavuus Q1", "3 julkaisua"},
		{"tavoittavuus vko 10", "3 julkaisua"},
		{"tavoittavuus 2026-01/2026-06", "3 julkaisua"},
		{"tavoittavuus helmikuu", "ei ole julkaisuja"},
		{"tavoittavuus " + e.Campaign, "1 julkaisu"},
		{"tavoittavuus " + strings.ToUpper(e.Campaign) + " 2026", "1 julkaisu"},
		{"tavoittavuus " + e.Campaign + " 2025", "ei ole julkaisuja"},
		{"tavoittavuus ammattilaiset maaliskuu", "3 julkaisua"},
		{"tavoittavuus kampanjan avaus", "2 kanavaa"},
		{"tavoittavuus #1", "Kampanjan avaus"},
		{"tavoittavuus 2", "Viikkotiedote 9"},
		{"tavoittavuus 0", "Julkaisua numero 0 ei ole"}, // and not any of them
		{"tavoittavuus some", "Kohderyhmällä ei ole Teams-kanavaa"},
		{"tavoittavuus 99", "Julkaisua numero 99 ei ole"},
		{"tavoittavuus viikkotiedote", "Mitä julkaisua"},
		{"tavoittavuus ammatilaiset", "Tarkoititko: Ammattilaiset"},
		{"tavoittavuus <at>*x*</at>", "ei ole julkaisu, kampanja"},
	} {
		if got := w.say(me, mia, tc.say).text(); !strings.Contains(got, tc.want) {
			t.Errorf("%q was answered with\n%s\nwant %q", tc.say, got, tc.want)
		}
	}
	if got := w.say(me, mia, "tavoittavuus "+e.Campaign).text(); strings.Contains(got, "⚠") {
		t.Errorf("a planned publication is marked:\n%s", got)
	}

	// The measures that the campaign is followed by stand beside its numbers: of the year that is asked for.
	w.say(me, mia, "mittarit Verkkosivun käynnit kertymä 2026-02 1 200 käyntiä")
	w.say(me, mia, "mittarit Verkkosivun käynnit 2026-03 1 500")
	w.say(me, mia, "mittarit kampanja "+e.Campaign+" seuraa Verkkosivun käynnit tavoite 2 000")
	got := w.say(me, mia, "tavoittavuus "+e.Campaign).text()
	contains(t, got, "Mittari: Verkkosivun käynnit", "1\u202f200\u00a0käyntiä (helmikuu 2026)", "1\u202f500\u00a0käyntiä (maaliskuu 2026)", "Ne eivät kerro, mistä muutos johtuu")
	if got := w.say(me, mia, "tavoittavuus "+e.Campaign+" 2025").text(); strings.Contains(got, "Mittari:") {
		t.Errorf("a year without the campaign has its measures:\n%s", got)
	}
}
