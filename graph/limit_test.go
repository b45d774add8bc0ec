package graph_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vuosikello/graph"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Graph throttles from the 31st request within a second on; it must never come to that.
func TestNoMoreThan30RequestsInAnySecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent []time.Time
		client, err := graph.New(graph.Config{
			Credential: graphtest.Credential{}, Now: time.Now,
			HTTP: &http.Client{Transport: transportFunc(func(*http.Request) (*http.Response, error) {
				sent = append(sent, time.Now())
				return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(""))}, nil
			})},
		})
		if err != nil {
			t.Fatal(err)
		}
		const n = 300
		for i := range n {
			if i == 100 {
				time.Sleep(time.Minute) // a pause must not be saved up for later
			}
			if err := client.CancelMeeting(t.Context(), store.OnlineMeeting{HostID: host, MeetingID: "m"}); err != nil {
				t.Fatal(err)
			}
		}
		for i := range n - 30 {
			if span := sent[i+30].Sub(sent[i]); span < time.Second {
				t.Fatalf("31 requests within %v", span)
			}
		}
		if took := sent[n-1].Sub(sent[100]); took > 10*time.Second {
			t.Errorf("200 requests took %v, far below what is allowed", took)
		}
	})
}

// A server that takes the request and says nothing must not hold the caller.
func TestSilentServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, err := graph.New(graph.Config{
			Credential: graphtest.Credential{}, Now: time.Now,
			HTTP: &http.Client{Transport: transportFunc(func(r *http.Request) (*http.Response, error) {
				<-r.Context().Done()
				return nil, r.Context().Err()
			})},
		})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		_, err = client.CreateMeeting(t.Context(), request())
		wantProblem(t, err, store.GraphUnavailable)
		if took := time.Since(began); took != 30*time.Second {
			t.Errorf("given up after %v, want 30s", took)
		}
	})
}
