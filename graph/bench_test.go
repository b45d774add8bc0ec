package graph_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"vuosikello/graph"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

// The sweep of a large organisation: 200 channels in 20 teams, each of 1,000 members, which are two pages, and with one page of messages: 50
// threads, one of them the bot's, with three replies and three reactions each. The least number of requests is 600.
const (
	benchTeams    = 20
	benchChannels = 200
	benchMembers  = 1000
	benchThreads  = 50
	benchReplies  = 3
	benchLatency  = 100 * time.Millisecond
)

// ideal is the time that the limits allow. The narrowest is that of channel messages, 20 a second: the last of ten bursts of 20 pages may
// leave nine seconds after the first, and takes the latency. (Members, 400 at 60 a second, and the teams, 30 requests each at 4 a second, need
// less.)
const ideal = 9*time.Second + benchLatency

// standInVariable makes the test program be the stand-in for Graph instead, so that its memory and its work are not the client's.
const standInVariable = "VUOSIKELLO_BENCH_GRAPH"

func TestMain(m *testing.M) {
	if os.Getenv(standInVariable) != "" {
		serveStandIn()
		return
	}
	os.Exit(m.Run())
}

// serveStandIn prints the address, serves until its input ends, and prints how many requests came, and how many were too many.
func serveStandIn() {
	server := graphtest.New()
	defer server.Close()
	members := people(1, benchMembers)
	for i := range members {
		members[i].Name, members[i].Email = "Etunimi Sukunimi", fmt.Sprintf("etunimi.sukunimi%d@example.fi", i)
	}
	for n := range benchChannels {
		c := graphtest.Channel{ChannelRef: benchChannel(n), Members: members}
		for thread := range benchThreads {
			m := graphtest.Message{ID: strconv.Itoa(1000 + thread), At: start.Add(time.Duration(thread) * time.Minute), PersonID: person(thread), Text: strings.Repeat("sana ", 40)}
			if thread == 0 {
				m.App, m.PersonID, m.Card, m.Text = botApp, "", `{"type":"AdaptiveCard","body":[`+strings.Repeat(" ", 2000)+`]}`, ""
			}
			for reply := range benchReplies {
				m.Reactions = append(m.Reactions, graphtest.Reaction{PersonID: person(reply + 1), Kind: "like", At: start.Add(time.Hour)})
				m.Replies = append(m.Replies, graphtest.Message{At: start.Add(time.Hour), PersonID: person(reply + 1), Text: "Kiitos!"})
			}
			c.Messages = append(c.Messages, m)
		}
		server.SetChannel(c)
	}
	for n := range benchChannels {
		warm(server, benchChannel(n))
	}
	before := len(server.Requests())
	server.SetLatency(benchLatency)
	server.EnforceLimits(time.Now)
	fmt.Println(server.URL)
	_, _ = io.Copy(io.Discard, os.Stdin)
	parts, batches := 0, 0
	for _, r := range server.Requests()[before:] {
		if r.Batch > 0 {
			parts++
		} else {
			batches++
		}
	}
	fmt.Println(parts, batches, server.Throttled())
}

// warm has the stand-in write a channel's pages before they are asked for: else it would take the time of the client on the same machine.
func warm(server *graphtest.Server, ref store.ChannelRef) {
	here := server.URL + "/teams/" + ref.GroupID + "/channels/" + url.PathEscape(ref.ChannelID)
	const user = "microsoft.graph.aadUserConversationMember/"
	for _, address := range []string{
		here + "/messages?$top=50&$expand=replies",
		here + "/allMembers?$top=999&$select=id,roles," + user + "userId," + user + "tenantId",
	} {
		for address != "" {
			req, err := http.NewRequest(http.MethodGet, address, http.NoBody)
			if err != nil {
				panic(err)
			}
			req.Header.Set("Authorization", "Bearer x")
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				panic(err)
			}
			var page struct {
				Next string `json:"@odata.nextLink"`
			}
			if err := json.NewDecoder(resp.Body).Decode(&page); err != nil {
				panic(err)
			}
			resp.Body.Close()
			address = page.Next
		}
	}
}

func benchChannel(n int) store.ChannelRef {
	return channelOf(fmt.Sprintf("aaaaaaaa-0000-4000-8000-%012d", n%benchTeams), n)
}

// BenchmarkSweep sweeps that organisation against a stand-in in a process of its own, with 100 ms latency, that enforces every limit. It
// wants a machine that has nothing else to do: what a busy one adds to the latency is added to every second. It
// reports per sweep: requests (the parts of batches) and the batches that carried them, requests that were too many, seconds, how many times
// as long as the limits allow, and the peak of this process's memory (VmHWM, Linux).
//
//	go test ./graph -run xxx -bench Sweep -benchtime 1x
func BenchmarkSweep(b *testing.B) {
	// As the program itself runs.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(40 << 20))

	var wanted []store.ChannelWanted
	for n := range benchChannels {
		wanted = append(wanted, want(benchChannel(n), "1000"))
	}
	for b.Loop() {
		command := exec.CommandContext(b.Context(), os.Args[0])
		command.Env = append(os.Environ(), standInVariable+"=1")
		command.Stderr = os.Stderr
		input, err := command.StdinPipe()
		if err != nil {
			b.Fatal(err)
		}
		output, err := command.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		if err := command.Start(); err != nil {
			b.Fatal(err)
		}
		lines := bufio.NewScanner(output)
		lines.Scan()
		client, err := graph.New(graph.Config{Credential: graphtest.Credential{}, BaseURL: lines.Text(), Now: time.Now})
		if err != nil {
			b.Fatal(err)
		}

		began, channels := time.Now(), 0
		err = client.SweepChannels(b.Context(), wanted, func(s store.ChannelSweep) {
			channels++
			if len(s.Members) != benchMembers || len(s.Messages) != 1 || len(s.Messages[0].Replies) != benchReplies || len(s.Messages[0].Reactions) != benchReplies {
				b.Errorf("%d members, %v, %v, %v", len(s.Members), s.MembersErr, s.Messages, s.MessagesErr)
			}
		})
		took := time.Since(began)
		if err != nil || channels != benchChannels {
			b.Fatalf("%d channels, %v", channels, err)
		}
		input.Close()
		lines.Scan()
		var parts, batches, throttled int
		if _, err := fmt.Sscan(lines.Text(), &parts, &batches, &throttled); err != nil {
			b.Fatal(err)
		}
		if err := command.Wait(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(parts), "requests")
		b.ReportMetric(float64(batches), "batches")
		b.ReportMetric(float64(throttled), "429s")
		b.ReportMetric(took.Seconds(), "s")
		b.ReportMetric(took.Seconds()/ideal.Seconds(), "×ideal")
		b.ReportMetric(peakMiB(b), "MiB-peak")
	}
	b.ReportMetric(0, "ns/op")
}

// peakMiB is the most memory that this process has had.
func peakMiB(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip("peak memory is read on Linux only")
	}
	for line := range strings.Lines(string(status)) {
		if after, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(after), " kB"))
			if err != nil {
				b.Fatal(err)
			}
			return float64(kib) / 1024
		}
	}
	b.Fatal("no VmHWM")
	return 0
}
