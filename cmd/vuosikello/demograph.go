package main

import (
	"fmt"
	"slices"
	"time"

	"vuosikello/graph"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

// demoGraph is the demo's Microsoft Graph: the bot has its meetings made there, reads their attendance, and asks who can see the team's
// channels and what people did with its posts. The team's owner has agreed to that; an administrator has not been asked.
type demoGraph struct {
	server   *graphtest.Server
	client   *graph.Client
	org      playgroundConfig
	reported map[int64]bool // sessions whose report has appeared
}

// How many people of the organisation see a channel besides the demo's colleagues, and guests among them.
const (
	demoStaff         = 40 // all of the team
	demoProfessionals = 25 // those in the professionals' channel
	demoGuests        = 3
)

func startDemoGraph(org playgroundConfig) (*demoGraph, error) {
	g := &demoGraph{server: graphtest.New(), org: org, reported: make(map[int64]bool)}
	var err error
	g.client, err = graph.New(graph.Config{Credential: graphtest.Credential{App: demoAppID}, BaseURL: g.server.URL, Now: time.Now})
	if err != nil {
		g.server.Close()
		return nil, err
	}
	g.server.Withhold(graphtest.ChannelMemberRead, graphtest.ChannelMessageRead, graphtest.ReportsRead)
	g.server.Consent(org.TeamGroupID, graphtest.ChannelMemberReadTeam, graphtest.ChannelMessageReadTeam)
	var colleagues []graphtest.Member
	for _, u := range append([]playgroundUser{org.Visitor}, org.Colleagues[:]...) {
		colleagues = append(colleagues, graphtest.Member{PersonID: u.AADObjectID, TenantID: org.TenantID, Name: u.Name, Email: u.Mail})
	}
	for _, channel := range []struct {
		id     string
		others int
	}{{org.Team.ID, demoStaff}, {org.Channel.ID, demoProfessionals}} {
		members := slices.Clone(colleagues)
		for n := range channel.others {
			member := graphtest.Member{PersonID: demoPerson(n), TenantID: org.TenantID, Name: fmt.Sprint("Työntekijä ", n+1)}
			if n < demoGuests {
				member.Name, member.Roles = fmt.Sprint("Vieras ", n+1), []string{"guest"}
			}
			members = append(members, member)
		}
		g.server.SetChannel(graphtest.Channel{ChannelRef: g.channel(channel.id), Members: members})
	}
	return g, nil
}

func (g *demoGraph) close() { g.server.Close() }

func (g *demoGraph) channel(id string) store.ChannelRef {
	return store.ChannelRef{GroupID: g.org.TeamGroupID, ChannelID: id}
}

// demoPerson is the AAD object id of somebody of the organisation who has no part in the story.
func demoPerson(n int) string { return fmt.Sprintf("00000000-0000-4000-8001-%012d", n+1) }

// posted is told of what the bot posted in a channel. In the team's, people react to it and answer.
func (g *demoGraph) posted(post *store.Post, at time.Time) error {
	if post.ChannelID != g.org.Team.ID && post.ChannelID != g.org.Channel.ID {
		return nil
	}
	reaction := func(person, kind string) graphtest.Reaction {
		return graphtest.Reaction{PersonID: person, Kind: kind, At: at.Add(time.Minute)}
	}
	message := graphtest.Message{
		ID: post.ActivityID, At: at, App: demoAppID,
		Reactions: []graphtest.Reaction{reaction(g.org.Colleagues[4].AADObjectID, "like"), reaction(demoPerson(0), "heart"), reaction(demoPerson(9), "like"), reaction(demoPerson(17), "👏")},
		Replies:   []graphtest.Message{{At: at.Add(2 * time.Minute), PersonID: g.org.Colleagues[3].AADObjectID, Text: "Kiitos!"}},
	}
	return g.server.ChangeChannel(g.channel(post.ChannelID), func(c *graphtest.Channel) { c.Messages = append(c.Messages, message) })
}

// look has the attendance report of the latest session appear once it is over: of everybody who signed up or joined, and one who did not
// sign in.
func (g *demoGraph) look(tx *store.Tx, now time.Time) error {
	s, ok, err := tx.LatestSession(now)
	if err != nil || !ok || s.Meeting.JoinURL == "" || s.End().After(now) || g.reported[s.ID] {
		return err
	}
	people, err := tx.Participants(s.ID)
	if err != nil {
		return err
	}
	report := store.AttendanceReport{ID: fmt.Sprint("report-", s.ID), Start: s.Start, End: s.End()}
	whole := store.Interval{From: s.Start, To: s.End()}
	for _, p := range people {
		if p.SignedUp() || p.Attended() {
			report.Records = append(report.Records, store.AttendanceRecord{PersonID: p.Who, Name: p.Name, Intervals: []store.Interval{whole}})
		}
	}
	report.Records = append(report.Records, store.AttendanceRecord{Name: "Vieras", Intervals: []store.Interval{whole}})
	report.Total = len(report.Records)
	g.reported[s.ID] = true
	return g.server.AddReport(s.Meeting.JoinURL, report)
}
