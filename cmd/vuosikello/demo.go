package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"vuosikello/bot"
	"vuosikello/store"
	"vuosikello/store/clockfile"
)

//go:embed demo/vuosikello-2026.csv
var demoClock []byte

const (
	demoAppID    = "00000000-0000-4000-8000-00000000b070"
	demoTenantID = "00000000-0000-4000-8000-00000000007e"
	generalName  = "Yleinen" // of the team's first channel
	// demoStart is when the demo's clock begins: a Monday, a moment before the post time on which the reminder of a
	// campaign a week ahead is due.
	demoStart = "2026-03-09T08:29:54+02:00"
	// demoImported is when the sample clock was imported: so that nothing is made up for but what a Monday brings.
	demoImported = "2026-03-06T18:00:00+02:00"
)

// demoCmd shows the product on this machine: a fresh database with the sample year clock, and the Agents Playground as
// the Teams window; without Node.js, the same story as text.
type demoCmd struct {
	Dir  string `placeholder:"FOLDER" help:"Where the demo's database is kept (default: a temporary folder, removed at the end)."`
	Text bool   `help:"Play the story as text even if there is Node.js."`
	Port int    `default:"56150" help:"Port of the Agents Playground."`
}

func (c *demoCmd) Run(env *environment) error {
	dir := c.Dir
	if dir == "" {
		temporary, err := os.MkdirTemp("", "vuosikello-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(temporary)
		dir = temporary
	} else if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	database := filepath.Join(dir, "vuosikello.db")
	if _, err := os.Stat(database); err == nil {
		return fmt.Errorf("%s exists already, and the demo begins with a fresh database; choose another --dir", database)
	}
	start, err := time.Parse(time.RFC3339, demoStart)
	if err != nil {
		return err
	}
	clock := bot.HeldClock(start)
	serve := &serveCmd{clock: clock, onActivity: clock.Release, SendsInFlight: 16}
	serve.Database = database
	serve.planSettings = planSettings{Timezone: "Europe/Helsinki", PostTime: "08:30", Language: "fi"}
	serve.listenSettings = listenSettings{Listen: freeAddress("127.0.0.1:3978"), AdminListen: freeAddress("127.0.0.1:9978"), Local: "1"}
	serve.ClientID, serve.TenantID = demoAppID, demoTenantID
	serve.LogLevel = "warn"
	serve.retentionSettings = retentionSettings{RetentionAttendance: store.DefaultRetention.Attendance, RetentionText: store.DefaultRetention.Text}
	org := demoPlayground(c.Port, demoAppID, demoTenantID)
	online, err := startDemoGraph(org)
	if err != nil {
		return err
	}
	defer online.close()
	serve.graph = online.client
	ctx, cancel := context.WithCancel(env.ctx)
	defer cancel()
	s, err := serve.prepare(env)
	if err != nil {
		return err
	}
	defer s.close()

	org.Endpoint = "http://" + s.public.Addr().String() + "/api/messages"
	var window demoWindow
	if !c.Text {
		fmt.Fprintln(env.stdout, "Starting the Agents Playground (the first time, npx downloads it) …")
		var page *playground
		if page, err = startPlayground(ctx, dir, org); err == nil {
			window = playgroundWindow{page}
		} else if !errors.Is(err, errNoNode) {
			return err
		} else {
			fmt.Fprintln(env.stdout, err)
		}
	}
	if window == nil {
		fmt.Fprintln(env.stdout, "The story follows here as text.")
		text, err := newTextWindow(env.stdout, org)
		if err != nil {
			return err
		}
		defer text.close()
		window = text
	}
	fmt.Fprintf(env.stdout, "The tab, which Teams shows beside the chat: http://%s/tab\n", s.public.Addr())
	if err := seedDemo(ctx, s.db, org, online, window.serviceURL()); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	served := make(chan error, 1)
	go func() { served <- s.run(ctx) }()
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		(&colleagues{db: s.db, org: org, window: window, online: online, now: clock.Now, since: start, log: s.log}).run(ctx)
	}()
	err = window.show(ctx, env)
	cancel()
	<-answered
	return errors.Join(err, <-served)
}

// demoWindow is where the visitor sees the bot.
type demoWindow interface {
	serviceURL() string                               // where the bot posts
	show(ctx context.Context, env *environment) error // until the visitor has seen enough
	presser
}

// playgroundWindow is the Agents Playground in a browser.
type playgroundWindow struct{ *playground }

func (w playgroundWindow) serviceURL() string { return w.URL + "/_connector" }

func (w playgroundWindow) show(ctx context.Context, env *environment) error {
	fmt.Fprintf(env.stdout, "\nOpen %s in a browser. It is Monday 9 March 2026, 8.29: within seconds of opening the page,\n"+
		"the first reminder comes to your chat and to the channel %q of the team %q.\nPress its buttons, or write in your chat:\n"+
		"  hyväksyntä      write content, tick the four checks and send it: %s of the management team approves it in the\n"+
		"                  group chat %q a moment later, and it is published in the channel %q\n"+
		"  digivartti      put a session of 15 minutes on the calendar: colleagues sign up for it. A stand-in for Microsoft Graph\n"+
		"                  makes its Teams meeting, whose link leads nowhere, and reports after it who came\n"+
		"  tavoittavuus    how far the publications went; mittarit: the measures that are followed\n"+
		"  tarve …         ask the working group for communications, in your own words\n"+
		"  apua            everything else\n"+
		"End the demo with Ctrl-C.\n",
		w.URL, generalName, w.cfg.Team.Name, w.cfg.Colleagues[1].Name, w.cfg.GroupChat.Name, w.cfg.Channel.Name)
	select {
	case <-ctx.Done():
		return nil
	case <-w.ended:
		return w.Wait()
	}
}

// freeAddress returns the address, or one with another port when it is taken.
func freeAddress(address string) string {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return "127.0.0.1:0"
	}
	l.Close()
	return address
}

// seedDemo fills the fresh database with an organisation in which everything is set up: the team and its channels, who
// is who, the sample year clock, and what was published before.
func seedDemo(ctx context.Context, db *store.DB, org playgroundConfig, online *demoGraph, serviceURL string) error {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		return err
	}
	calendar := store.Calendar{Location: helsinki, PostTime: 8*60 + 30}
	imported, err := time.Parse(time.RFC3339, demoImported)
	if err != nil {
		return err
	}
	f, err := clockfile.Read("vuosikello-2026.csv", demoClock, clockfile.Options{})
	if err != nil {
		return err
	}
	general, channel := store.Channel{ID: org.Team.ID, Name: generalName}, store.Channel{ID: org.Channel.ID, Name: org.Channel.Name}
	return db.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.TeamSeen(store.Team{ID: org.Team.ID, AADGroupID: org.TeamGroupID, Name: org.Team.Name, ServiceURL: serviceURL}, imported); err != nil {
			return err
		}
		for _, ch := range []store.Channel{general, channel} {
			ch.TeamID, ch.ServiceURL = org.Team.ID, serviceURL
			if err := tx.ChannelSeen(ch, imported); err != nil {
				return err
			}
		}
		for _, chat := range []store.Channel{{ID: org.GroupChat.ID, Name: org.GroupChat.Name, ServiceURL: serviceURL}, {ID: org.PersonalChat, Name: org.Visitor.Name, ServiceURL: serviceURL}} {
			if err := tx.ChannelSeen(chat, imported); err != nil {
				return err
			}
		}
		for _, b := range []struct {
			channel string
			binding store.Binding
		}{
			{general.ID, store.Binding{Kind: store.WorkingGroup}},
			// The visitor sees reminders in their own chat too, which is what the page opens in.
			{org.PersonalChat, store.Binding{Kind: store.WorkingGroup}},
			{org.GroupChat.ID, store.Binding{Kind: store.Management}},
			{channel.ID, store.Binding{Kind: store.ForAudience, Name: "Ammattilaiset"}},
			{channel.ID, store.Binding{Kind: store.ForAudience, Name: "Esihenkilöt"}},
		} {
			if _, err := tx.Bind(b.channel, b.binding); err != nil {
				return err
			}
		}
		if err := seedPeople(tx, org, serviceURL, imported); err != nil {
			return err
		}
		for _, m := range demoMeetings {
			if err := tx.SaveMeeting(m, imported, calendar); err != nil {
				return err
			}
		}
		existing, err := clockfile.Existing(tx, f)
		if err != nil {
			return err
		}
		if err := clockfile.Apply(tx, clockfile.Plan(existing, f), false, imported, calendar, nil); err != nil {
			return err
		}
		return seedPast(tx, org, online, calendar, imported)
	})
}

// demoMeetings are the management team's, weekly on Wednesdays, and the working group's, every second Thursday.
var demoMeetings = []store.Meeting{
	{Kind: store.Management, First: store.NewDate(2026, time.March, 11), Time: 13 * 60, Every: 1, Cutoff: 24},
	{Kind: store.WorkingGroup, First: store.NewDate(2026, time.March, 12), Time: 10 * 60, Every: 2, Cutoff: 24},
}

func seedPeople(tx *store.Tx, org playgroundConfig, serviceURL string, at time.Time) error {
	var people []store.Person
	for _, u := range append([]playgroundUser{org.Visitor}, org.Colleagues[:]...) {
		people = append(people, store.Person{ID: u.AADObjectID, TeamsID: u.ID, Name: u.Name, Email: u.Mail, TenantID: org.TenantID, ServiceURL: serviceURL})
	}
	// The Playground's clients all say that they are English, whatever the organisation.
	people[0].Language = "fi"
	if err := tx.SetMembers(org.Team.ID, people, at); err != nil {
		return err
	}
	for _, r := range []struct {
		person int
		role   store.Role
	}{{0, store.RoleCommunications}, {0, store.RoleAdmin}, {0, store.RoleDigimentor}, {1, store.RoleCommunications}, {2, store.RoleApprover}, {3, store.RoleDigimentor}} {
		if err := tx.GiveRole(people[r.person].ID, r.role, 0); err != nil {
			return err
		}
	}
	return nil
}

// demoClient talks to the bot and to the Playground on this machine.
var demoClient = &http.Client{Timeout: 10 * time.Second}
