package graph_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"vuosikello/graph"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

const (
	home      = "77777777-0000-4000-8000-000000000000"
	elsewhere = "99999999-0000-4000-8000-000000000000"
	teamA     = "aaaaaaaa-0000-4000-8000-000000000001"
	teamB     = "bbbbbbbb-0000-4000-8000-000000000002"
	botApp    = "88888888-0000-4000-8000-000000000000"
)

func person(n int) string { return fmt.Sprintf("10000000-0000-4000-8000-%012d", n) }

func channelOf(team string, n int) store.ChannelRef {
	return store.ChannelRef{GroupID: team, ChannelID: fmt.Sprintf("19:%d@thread.tacv2", n)}
}

func people(from, to int) (members []graphtest.Member) {
	for n := from; n <= to; n++ {
		members = append(members, graphtest.Member{PersonID: person(n), TenantID: home, Name: "X"})
	}
	return members
}

// inMemory runs a test in the time of testing/synctest, against a stand-in that enforces the limits.
func inMemory(t *testing.T, test func(t *testing.T, server *graphtest.Server, client *graph.Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := graphtest.NewInMemory()
		defer server.Close()
		server.EnforceLimits(time.Now)
		web := server.Client()
		defer web.CloseIdleConnections()
		client, err := graph.New(graph.Config{Credential: graphtest.Credential{App: botApp}, BaseURL: server.URL, HTTP: web, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		test(t, server, client)
		if n := server.Throttled(); n > 0 {
			t.Errorf("%d requests were too many", n)
		}
	})
}

// mustSweep sweeps, and gives what was found by channel.
func mustSweep(t *testing.T, client *graph.Client, wanted ...store.ChannelWanted) map[store.ChannelRef]store.ChannelSweep {
	t.Helper()
	found := make(map[store.ChannelRef]store.ChannelSweep)
	var inside atomic.Int32
	err := client.SweepChannels(t.Context(), wanted, func(s store.ChannelSweep) {
		if inside.Add(1) != 1 {
			t.Error("two channels are handed over at a time")
		}
		defer inside.Add(-1)
		if _, twice := found[s.Channel]; twice {
			t.Errorf("%v is handed over twice", s.Channel)
		}
		found[s.Channel] = s
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != len(wanted) {
		t.Fatalf("%d of %d channels were handed over", len(found), len(wanted))
	}
	return found
}

func want(ref store.ChannelRef, posts ...string) store.ChannelWanted {
	return store.ChannelWanted{ChannelRef: ref, Posts: posts, Since: start}
}

// A tenant small enough to count by hand: three channels that overlap, a guest, an organisation's people through a shared channel, somebody
// without an id, reactions changed and removed, replies of people, of the bot and of Teams, and a person who is everywhere.
func TestSweepOfAHandMadeTenant(t *testing.T) {
	everywhere, guest, external := graphtest.Member{PersonID: person(1), TenantID: home}, graphtest.Member{PersonID: person(50), TenantID: home, Roles: []string{"guest"}},
		graphtest.Member{PersonID: person(60), TenantID: elsewhere, Team: teamB}
	a1, a2, b1 := channelOf(teamA, 1), channelOf(teamA, 2), channelOf(teamB, 1)
	post := graphtest.Message{ID: "1000", At: start, App: botApp, Card: `{}`,
		Reactions: []graphtest.Reaction{{PersonID: person(1), Kind: "like", At: start.Add(time.Hour)}, {PersonID: person(2), Kind: "🎉", At: start.Add(time.Hour)}, {Kind: "heart", At: start}},
		Replies: []graphtest.Message{
			{At: start.Add(time.Minute), PersonID: person(2)}, {At: start.Add(2 * time.Minute), PersonID: person(2)},
			{At: start.Add(3 * time.Minute), App: botApp}, {At: start.Add(4 * time.Minute), PersonID: person(3), Deleted: true},
			{At: start.Add(5 * time.Minute), PersonID: person(3), System: true}, {At: start.Add(6 * time.Minute)},
		}}
	gone := graphtest.Message{ID: "1001", At: start, App: botApp, Deleted: true, Reactions: []graphtest.Reaction{{PersonID: person(1), Kind: "like", At: start}}}
	inMemory(t, func(t *testing.T, server *graphtest.Server, client *graph.Client) {
		server.SetChannel(graphtest.Channel{ChannelRef: a1, Members: append(people(1, 3), guest, graphtest.Member{Name: "no id", TenantID: home}, graphtest.Member{Kind: "phoneUser", PersonID: "+358"}),
			Messages: []graphtest.Message{post, gone, {ID: "1002", At: start, PersonID: person(1), Text: "not the bot's"}}})
		// Both of the teams that share it list the same person.
		server.SetChannel(graphtest.Channel{ChannelRef: a2, Members: []graphtest.Member{everywhere, external, {PersonID: strings.ToUpper(person(60)), TenantID: elsewhere}}})
		server.SetChannel(graphtest.Channel{ChannelRef: b1, Members: []graphtest.Member{{PersonID: person(9), TenantID: home, Roles: []string{"owner"}}, everywhere}})
		wanted := []store.ChannelWanted{want(a1, "1000", "1001", "1999"), want(a2), want(b1)}

		got := mustSweep(t, client, wanted...)
		member := func(n int) store.ChannelMember { return store.ChannelMember{PersonID: person(n), TenantID: home} }
		visitor := store.ChannelMember{PersonID: person(50), TenantID: home, Guest: true}
		signals := store.MessageSignals{
			ActivityID: "1000",
			Reactions:  []store.Signal{{PersonID: person(1), Kind: "like", At: start.Add(time.Hour)}, {PersonID: person(2), Kind: "🎉", At: start.Add(time.Hour)}, {Kind: "heart", At: start}},
			Replies:    []store.Signal{{PersonID: person(2), At: start.Add(time.Minute)}, {PersonID: person(2), At: start.Add(2 * time.Minute)}, {At: start.Add(6 * time.Minute)}},
		}
		tombstones := []store.MessageSignals{{ActivityID: "1001", Gone: true}, {ActivityID: "1999", Gone: true}}
		expected := map[store.ChannelRef]store.ChannelSweep{
			a1: {Channel: a1, Source: store.SourceRSC, Members: []store.ChannelMember{member(1), member(2), member(3), visitor, {TenantID: home}, {}}, Messages: append([]store.MessageSignals{signals}, tombstones...)},
			a2: {Channel: a2, Source: store.SourceRSC, Members: []store.ChannelMember{member(1), {PersonID: person(60), TenantID: elsewhere}}},
			b1: {Channel: b1, Source: store.SourceRSC, Members: []store.ChannelMember{member(9), member(1)}},
		}
		if diff := gocmp.Diff(expected, got); diff != "" {
			t.Error(diff)
		}

		// A day later one reaction is another, one is withdrawn, and the guest has left.
		if err := server.ChangeMessage(a1, "1000", func(m *graphtest.Message) {
			m.Reactions = []graphtest.Reaction{{PersonID: person(1), Kind: "heart", At: start.Add(24 * time.Hour)}}
			m.Replies = nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := server.ChangeChannel(a1, func(c *graphtest.Channel) { c.Members = people(1, 2) }); err != nil {
			t.Fatal(err)
		}
		again := mustSweep(t, client, wanted[0])[a1]
		signals.Reactions, signals.Replies = []store.Signal{{PersonID: person(1), Kind: "heart", At: start.Add(24 * time.Hour)}}, nil
		if diff := gocmp.Diff(store.ChannelSweep{Channel: a1, Source: store.SourceRSC, Members: []store.ChannelMember{member(1), member(2)}, Messages: append([]store.MessageSignals{signals}, tombstones...)}, again); diff != "" {
			t.Error(diff)
		}
	})
}

// Posts are on the first page, on later ones, and too old for it to pay to turn so many; their replies are on pages of their own.
func TestPostsOfEveryAge(t *testing.T) {
	inMemory(t, func(t *testing.T, server *graphtest.Server, client *graph.Client) {
		ref := channelOf(teamA, 1)
		c := graphtest.Channel{ChannelRef: ref, Members: people(1, 1)}
		for n := range 400 {
			c.Messages = append(c.Messages, graphtest.Message{ID: fmt.Sprint(1000 + n), At: start.Add(time.Duration(n) * time.Hour), App: botApp})
		}
		for n := range 1100 { // more than come with a message
			c.Messages[399].Replies = append(c.Messages[399].Replies, graphtest.Message{At: start.Add(400 * time.Hour), PersonID: person(n)})
		}
		c.Messages[0].Replies = []graphtest.Message{{At: start.Add(time.Minute), PersonID: person(7)}}
		server.SetChannel(c)
		got := mustSweep(t, client, want(ref, "1000", "1340", "1399", "1399", ""))[ref]
		if got.MessagesErr != nil || len(got.Messages) != 3 {
			t.Fatalf("%d posts, %v", len(got.Messages), got.MessagesErr)
		}
		for i, replies := range []int{1, 0, 1100} {
			if n := len(got.Messages[i].Replies); n != replies {
				t.Errorf("%s has %d replies, want %d", got.Messages[i].ActivityID, n, replies)
			}
		}
		count := make(map[string]int)
		for _, r := range server.Requests() {
			_, what, _ := strings.Cut(r.Path, "/channels/"+ref.ChannelID)
			count[what]++
		}
		// Two pages of threads, on which two of the posts are; after the second, the last one is cheaper to ask for by itself.
		expected := map[string]int{"/allMembers": 1, "/messages": 2, "/messages/1000": 1, "/messages/1000/replies": 1, "/messages/1399/replies": 5}
		delete(count, "/$batch")
		for what := range count {
			if !strings.HasPrefix(what, "/") {
				delete(count, what) // the batches
			}
		}
		if !maps.Equal(count, expected) {
			t.Errorf("requests %v, want %v", count, expected)
		}
	})
}

// Every limit holds while channels of many and of few teams are swept, and none of what they allow is left unused for long.
func TestSweepWithinTheLimits(t *testing.T) {
	for name, test := range map[string]struct {
		teams, channels int
		most            time.Duration
	}{
		"one team, whose limit is the narrowest":       {1, 20, 18 * time.Second},  // 60 requests, 4 a second
		"many teams, where that of messages is":        {20, 100, 7 * time.Second}, // 100 pages of messages, 20 a second
		"one channel, which is asked once in a second": {1, 1, 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inMemory(t, func(t *testing.T, server *graphtest.Server, client *graph.Client) {
				server.SetLatency(100 * time.Millisecond)
				server.SetPageSize(2)
				var wanted []store.ChannelWanted
				for n := range test.channels {
					ref := channelOf(fmt.Sprintf("aaaaaaaa-0000-4000-8000-%012d", n%test.teams), n)
					server.SetChannel(graphtest.Channel{ChannelRef: ref, Members: people(1, 3), Messages: []graphtest.Message{{ID: "1", At: start, App: botApp}}})
					wanted = append(wanted, want(ref, "1"))
				}
				began := time.Now()
				for ref, s := range mustSweep(t, client, wanted...) {
					if s.MembersErr != nil || s.MessagesErr != nil || len(s.Members) != 3 || len(s.Messages) != 1 {
						t.Errorf("%v: %d members, %v, %d posts, %v", ref, len(s.Members), s.MembersErr, len(s.Messages), s.MessagesErr)
					}
				}
				if took := time.Since(began); took > test.most {
					t.Errorf("took %v, want at most %v", took, test.most)
				}
				parts, batches := 0, 0
				for _, r := range server.Requests() {
					if r.Batch > 0 {
						parts++
					} else {
						batches++
					}
				}
				if parts != 3*test.channels {
					t.Errorf("%d requests for %d channels", parts, test.channels)
				}
				t.Logf("%v, %d requests in %d batches", time.Since(began), parts, batches)
			})
		})
	}
}

// What goes wrong at one channel, what it says there, and that the others do not feel it.
func TestOneChannelNeverSpoilsTheOthers(t *testing.T) {
	const members, messages = "channels/19:1@thread.tacv2/allMembers", "channels/19:1@thread.tacv2/messages"
	type half struct {
		problem store.GraphProblem // "" is none
		says    string
	}
	fine := half{}
	for name, test := range map[string]struct {
		faults            []graphtest.Fault
		prepare           func(*graphtest.Server)
		members, messages half
		requests          int // about the channel; 0 is not looked at
	}{
		"throttled once":                                     {faults: []graphtest.Fault{{Path: members, Status: 429, Code: "TooManyRequests", RetryAfter: "5", Times: 1}}, requests: 4},
		"throttled without a time":                           {faults: []graphtest.Fault{{Path: messages, Status: 429, Times: 2}}, requests: 5},
		"throttled for an hour":                              {faults: []graphtest.Fault{{Path: members, Status: 429, RetryAfter: "3600"}}, members: half{store.GraphUnavailable, "429"}},
		"a fault there that passes":                          {faults: []graphtest.Fault{{Path: members, Status: 503, RetryAfter: "2", Times: 1}, {Path: messages, Status: 500, Times: 1}}, requests: 5},
		"a fault there that stays":                           {faults: []graphtest.Fault{{Path: messages, Status: 502, Body: "<html>"}}, messages: half{store.GraphUnavailable, "502"}, requests: 6},
		"half a page":                                        {faults: []graphtest.Fault{{Path: members, Body: `{"value":[{"@odata.type":"#microsoft.graph.aadUserConv`}}, members: half{store.GraphUnavailable, "without its list"}},
		"a page without its list":                            {faults: []graphtest.Fault{{Path: messages, Body: `{}`}, {Path: members, Body: `{}`}}, members: half{store.GraphUnavailable, "without its list"}, messages: half{store.GraphUnavailable, "without its list"}},
		"a second page that fails":                           {faults: []graphtest.Fault{{Path: members, Query: "$skiptoken", Status: 500}}, members: half{store.GraphUnavailable, "500"}},
		"pages that lead in a ring":                          {faults: []graphtest.Fault{{Path: members, Query: "$skiptoken", Body: `{"value":[],"@odata.nextLink":"http://127.0.0.1:1/v1.0/teams/x/allMembers?ring"}`}, {Path: "/teams/x/allMembers", Body: `{"value":[],"@odata.nextLink":"http://127.0.0.1:1/v1.0/teams/x/allMembers?ring"}`}}, members: half{store.GraphUnavailable, "no end"}},
		"a page that leads away":                             {faults: []graphtest.Fault{{Path: members, Body: `{"value":[],"@odata.nextLink":"https://example.org/v1.0/teams/x"}`}}, members: half{store.GraphUnavailable, "leads away"}},
		"a page that leads beside Graph":                     {faults: []graphtest.Fault{{Path: members, Body: `{"value":[],"@odata.nextLink":"http://127.0.0.1:1/other"}`}}, members: half{store.GraphUnavailable, "leads away"}},
		"a deleted channel":                                  {prepare: func(s *graphtest.Server) { s.RemoveChannel(channelOf(teamA, 1)) }, members: half{store.GraphNotFound, "404"}, messages: half{store.GraphNotFound, "404"}, requests: 2},
		"a token that ends meanwhile":                        {faults: []graphtest.Fault{{Path: members, Status: 401, Code: "InvalidAuthenticationToken"}}, members: half{store.GraphCredential, "401"}},
		"no permission":                                      {faults: []graphtest.Fault{{Path: members, Status: 403, Code: "Forbidden"}}, members: half{store.GraphForbidden, "ChannelMember.Read.Group"}, messages: fine},
		"a batch that is cut off":                            {faults: []graphtest.Fault{{Path: "/$batch", Cut: true, Times: 1}}},
		"a batch that fails":                                 {faults: []graphtest.Fault{{Path: "/$batch", Status: 503, RetryAfter: "3", Times: 1}}},
		"a batch that answers nothing":                       {faults: []graphtest.Fault{{Path: "/$batch", Body: `{"responses":[]}`, Times: 1}}},
		"a batch that answers nonsense":                      {faults: []graphtest.Fault{{Path: "/$batch", Body: `{"responses":[{"id":"x"},{"id":7,"status":"ok"},{"id":"99","status":200},null]}`, Times: 1}}},
		"a batch that answers a web page":                    {faults: []graphtest.Fault{{Path: "/$batch", Body: `<html>`, Times: 1}}},
		"members that are null or nothing":                   {faults: []graphtest.Fault{{Path: members, Body: `{"value":[null,{}]}`}}},
		"a server without the properties that are asked for": {faults: []graphtest.Fault{{Path: members, Query: "$select", Status: 400, Code: "BadRequest"}}, requests: 4},
		"a server that leaves the ids away":                  {faults: []graphtest.Fault{{Path: members, Query: "$select", Body: `{"value":[{"roles":[]}]}`}}, requests: 4},
	} {
		t.Run(name, func(t *testing.T) {
			inMemory(t, func(t *testing.T, server *graphtest.Server, client *graph.Client) {
				server.SetPageSize(2)
				var wanted []store.ChannelWanted
				for n := range 5 {
					ref := channelOf(teamA, n)
					server.SetChannel(graphtest.Channel{ChannelRef: ref, Members: people(1, 3), Messages: []graphtest.Message{{ID: "1", At: start, App: botApp}}})
					wanted = append(wanted, want(ref, "1"))
				}
				for _, f := range test.faults {
					server.Disturb(f)
				}
				if test.prepare != nil {
					test.prepare(server)
				}
				for ref, s := range mustSweep(t, client, wanted...) {
					expected := [2]half{}
					if ref == channelOf(teamA, 1) {
						expected = [2]half{test.members, test.messages}
					} else if len(s.Members) != 3 || len(s.Messages) != 1 {
						t.Errorf("the channel %s has %d members and %d posts: %v %v", ref.ChannelID, len(s.Members), len(s.Messages), s.MembersErr, s.MessagesErr)
					}
					for i, err := range []error{s.MembersErr, s.MessagesErr} {
						given := []int{len(s.Members), len(s.Messages)}[i]
						switch want := expected[i]; {
						case want.problem == "" && err != nil:
							t.Errorf("%s: %v", ref.ChannelID, err)
						case want.problem != "":
							wantProblem(t, err, want.problem)
							if !strings.Contains(err.Error(), want.says) || strings.Contains(err.Error(), teamA) {
								t.Errorf("the error says %q, which should name %q and no ids", err, want.says)
							}
							if given != 0 {
								t.Errorf("a half that failed gives %d values", given)
							}
						}
					}
				}
				if test.requests > 0 {
					n := 0
					for _, r := range server.Requests() {
						if strings.Contains(r.Path, "19:1@") {
							n++
						}
					}
					if n != test.requests {
						t.Errorf("%d requests about the channel, want %d", n, test.requests)
					}
				}
			})
		})
	}
}

// Into the time that a part was told to wait, nothing is sent about its channel; the others go on.
func TestRetryAfterInABatch(t *testing.T) {
	inMemory(t, func(t *testing.T, server *graphtest.Server, client *graph.Client) {
		var wanted []store.ChannelWanted
		for n := range 8 {
			ref := channelOf(fmt.Sprintf("aaaaaaaa-0000-4000-8000-%012d", n), n)
			server.SetChannel(graphtest.Channel{ChannelRef: ref, Members: people(1, 5)})
			wanted = append(wanted, want(ref))
		}
		server.Disturb(graphtest.Fault{Path: "19:3@thread.tacv2/allMembers", Status: 429, RetryAfter: "30", Times: 1})
		began := time.Now()
		var last time.Duration
		others := make([]time.Duration, 0, 7)
		if err := client.SweepChannels(t.Context(), wanted, func(s store.ChannelSweep) {
			if s.MembersErr != nil || len(s.Members) != 5 {
				t.Errorf("%d members, %v", len(s.Members), s.MembersErr)
			}
			if s.Channel.ChannelID == "19:3@thread.tacv2" {
				last = time.Since(began)
			} else {
				others = append(others, time.Since(began))
			}
		}); err != nil {
			t.Fatal(err)
		}
		if last < 30*time.Second || last > 32*time.Second {
			t.Errorf("the channel was asked about again after %v, want 30s", last)
		}
		if slow := slices.Max(others); slow > time.Second {
			t.Errorf("another channel took %v", slow)
		}
		if n := len(server.Requests()); n != 8+1+2 { // parts, and two batches
			t.Errorf("%d requests", n)
		}
	})
	// Where all of a service's parts are throttled, it is the service: nothing of its kind is sent until then.
	inMemory(t, func(t *testing.T, server *graphtest.Server, client *graph.Client) {
		var wanted []store.ChannelWanted
		for n := range 100 {
			ref := channelOf(fmt.Sprintf("aaaaaaaa-0000-4000-8000-%012d", n), n)
			server.SetChannel(graphtest.Channel{ChannelRef: ref, Members: people(1, 5)})
			wanted = append(wanted, want(ref))
		}
		server.Disturb(graphtest.Fault{Path: "/allMembers", Status: 429, RetryAfter: "10", Times: 60})
		began := time.Now()
		mustSweep(t, client, wanted...)
		// The sixty are met in one wait, or in two where the batches happened to leave one after the other.
		if took := time.Since(began); took < 10*time.Second || took > 26*time.Second {
			t.Errorf("took %v", took)
		}
		parts := 0
		for _, r := range server.Requests() {
			if r.Batch > 0 {
				parts++
			}
		}
		if parts != 100+60 {
			t.Errorf("%d requests, want none into the silence", parts)
		}
	})
}

// Which consent opened a channel, and what is missing where none did, tier by tier.
func TestConsent(t *testing.T) {
	a, b := channelOf(teamA, 1), channelOf(teamB, 2)
	const byOwner, byAdmin = "an owner of the team", "a Global Administrator or Privileged Role Administrator"
	inMemory(t, func(t *testing.T, server *graphtest.Server, client *graph.Client) {
		for _, ref := range []store.ChannelRef{a, b} {
			server.SetChannel(graphtest.Channel{ChannelRef: ref, Members: people(1, 2), Messages: []graphtest.Message{{ID: "1", At: start, App: botApp}}})
		}
		server.Withhold(graphtest.ChannelMemberRead, graphtest.ChannelMessageRead)
		server.Consent(teamA, graphtest.ChannelMemberReadTeam)
		found := mustSweep(t, client, want(a, "1"), want(b, "1"))

		if s := found[a]; s.Source != store.SourceRSC || len(s.Members) != 2 || s.MembersErr != nil {
			t.Errorf("by the owner's consent: %+v", s)
		}
		if s := found[b]; s.Source != "" {
			t.Errorf("the source of nothing is %q", s.Source)
		}
		for _, missing := range []struct {
			err        error
			permission string
		}{
			{found[a].MessagesErr, "ChannelMessage.Read.Group (or ChannelMessage.Read.All for all teams)"},
			{found[b].MessagesErr, "ChannelMessage.Read.Group (or ChannelMessage.Read.All for all teams)"},
			{found[b].MembersErr, "ChannelMember.Read.Group (or ChannelMember.Read.All for all teams)"},
		} {
			p := wantProblem(t, missing.err, store.GraphForbidden)
			if p.Permission != missing.permission || !strings.Contains(p.Who, byOwner) || !strings.Contains(p.Who, byAdmin) {
				t.Errorf("missing %q, granted by %q", p.Permission, p.Who)
			}
		}

		// The token says what an administrator consented to.
		time.Sleep(2 * time.Second) // another client counts for itself
		server.Grant(graphtest.ChannelMemberRead, graphtest.ChannelMessageRead)
		web := server.Client()
		defer web.CloseIdleConnections()
		client, err := graph.New(graph.Config{Credential: graphtest.Credential{Roles: []graphtest.Permission{graphtest.ChannelMemberRead}}, BaseURL: server.URL, HTTP: web, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		if s := mustSweep(t, client, want(b))[b]; s.Source != store.SourceTenant {
			t.Errorf("the source is %q", s.Source)
		}
	})
}

func TestSweepThatCannotBegin(t *testing.T) {
	inMemory(t, func(t *testing.T, server *graphtest.Server, client *graph.Client) {
		none := func(store.ChannelSweep) { t.Error("a channel was handed over") }
		if err := client.SweepChannels(t.Context(), nil, none); err != nil || len(server.Requests()) != 0 {
			t.Errorf("without channels: %v, %d requests", err, len(server.Requests()))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		server.SetChannel(graphtest.Channel{ChannelRef: channelOf(teamA, 1)})
		err := client.SweepChannels(ctx, []store.ChannelWanted{want(channelOf(teamA, 1))}, none)
		if wantProblem(t, err, store.GraphUnavailable); !errors.Is(err, context.Canceled) {
			t.Errorf("%v does not tell that the caller gave up", err)
		}
		// A channel that is not known to Graph by its team is named, and the others are looked at.
		got := mustSweep(t, client, store.ChannelWanted{ChannelRef: store.ChannelRef{ChannelID: "19:x"}}, want(channelOf(teamA, 1)))
		wantProblem(t, got[store.ChannelRef{ChannelID: "19:x"}].MembersErr, store.GraphNotFound)
		if s := got[channelOf(teamA, 1)]; s.MembersErr != nil || s.Members != nil {
			t.Errorf("an empty channel: %+v", s)
		}
	})
	inMemory(t, func(t *testing.T, server *graphtest.Server, client *graph.Client) {
		server.Close()
		s := mustSweep(t, client, want(channelOf(teamA, 1), "1"))[channelOf(teamA, 1)]
		wantProblem(t, s.MembersErr, store.GraphUnavailable)
		wantProblem(t, s.MessagesErr, store.GraphUnavailable)
	})
}

func TestFindPost(t *testing.T) {
	ref := channelOf(teamA, 1)
	card := func(mark string) string { return `{"type":"AdaptiveCard","body":[],"mark":"` + mark + `"}` }
	messages := []graphtest.Message{
		{ID: "early", At: start.Add(-time.Hour), App: botApp, Card: card("m1")},
		{ID: "second", At: start.Add(2 * time.Minute), App: botApp, Card: card("m1")},
		{ID: "first", At: start.Add(time.Minute), App: botApp, Card: card("m1")},
		{ID: "other", At: start.Add(time.Minute), App: botApp, Card: card("m2")},
		{ID: "stranger", At: start, App: "66666666-0000-4000-8000-000000000000", Card: card("m1")},
		{ID: "quoted", At: start, PersonID: person(1), Text: card("m1"), Card: card("m1")},
		{ID: "deleted", At: start, App: botApp, Card: card("m3"), Deleted: true},
	}
	for n := range 120 { // so that it is not on the first page
		messages = append(messages, graphtest.Message{ID: fmt.Sprint(n), At: start.Add(time.Hour), PersonID: person(n)})
	}
	inMemory(t, func(t *testing.T, server *graphtest.Server, client *graph.Client) {
		server.SetChannel(graphtest.Channel{ChannelRef: ref, Messages: messages})
		for mark, want := range map[string]string{"m1": "first", "m2": "other", "m3": "", "m4": ""} {
			if got, err := client.FindPost(t.Context(), ref, mark, start.Add(-time.Minute), start.Add(5*time.Minute)); got != want || err != nil {
				t.Errorf("%s is on %q, %v; want %q", mark, got, err, want)
			}
		}
		_, err := client.FindPost(t.Context(), channelOf(teamB, 1), "m1", start, start)
		wantProblem(t, err, store.GraphNotFound)
		_, err = client.FindPost(t.Context(), store.ChannelRef{}, "m1", start, start)
		wantProblem(t, err, store.GraphNotFound)
		server.Withhold(graphtest.ChannelMessageRead)
		_, err = client.FindPost(t.Context(), ref, "m1", start, start)
		p := wantProblem(t, err, store.GraphForbidden)
		if !strings.HasPrefix(p.Permission, "ChannelMessage.Read.Group") {
			t.Errorf("missing %q", p.Permission)
		}
	})
}
