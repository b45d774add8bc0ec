package teams_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
)

func BenchmarkDecodeActivity(b *testing.B) {
	for _, name := range []string{"message-channel", "invoke-adaptiveCard_action-channel", "installationUpdate-add-channel"} {
		body := recorded(b, name)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if _, err := teams.DecodeActivity(body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkVerify measures the token check: of a token seen before, and of one seen for the first time.
func BenchmarkVerify(b *testing.B) {
	login := teamstest.NewLogin()
	defer login.Close()
	a := mustDecode(b, hello(b))
	cfg := teams.VerifierConfig{AppID: appID, TenantID: tenantID, Keys: onlyKey{login.Key()}}
	b.Run("cached", func(b *testing.B) {
		verifier, header := teams.NewVerifier(cfg), "Bearer "+login.Sign(claims(nil))
		b.ReportAllocs()
		for b.Loop() {
			if err := verifier.Verify(b.Context(), header, a); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("first seen", func(b *testing.B) {
		headers := make([]string, 256)
		for i := range headers {
			headers[i] = "Bearer " + login.Sign(claims(map[string]any{"jti": i}))
		}
		verifier := teams.NewVerifier(cfg)
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if i%len(headers) == 0 {
				verifier = teams.NewVerifier(cfg)
			}
			if err := verifier.Verify(b.Context(), headers[i%len(headers)], a); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkEndpoint is an authenticated invoke over HTTP on loopback with 32 connections, answered without doing anything.
func BenchmarkEndpoint(b *testing.B) {
	g := openGate(b, nil)
	header := "Bearer " + g.token(nil)
	body := encode(b, newScene().Click(teamstest.Personal(anna), anna, "1795306298506", "done", map[string]int{"id": 42}))
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, g.URL, bytes.NewReader(body))
			if err != nil {
				b.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Authorization", header)
			res, err := client.Do(req)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, res.Body); err != nil { // or the connection is not used again
				b.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				b.Fatalf("answered %d", res.StatusCode)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "invokes/s")
}

// BenchmarkReply is a reply to a command over HTTP on loopback, with the sending limits lifted.
func BenchmarkReply(b *testing.B) {
	connector := openConnector(b, teamstest.ConnectorConfig{Discard: true})
	scene := newScene()
	scene.ServiceURL = connector.ServiceURL
	message := scene.Message(teamstest.Personal(anna), anna, "kello")
	client := newClient(nil)
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := client.Reply(b.Context(), teams.PriorityReply, message, card); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "replies/s")
}

// Benchmark500Posts is 500 threads in 500 channels against a stand-in that enforces the documented limits. At 50 requests a second, 10 s is
// the least it can take; any 429 fails it. Run it with -benchtime 1x.
func Benchmark500Posts(b *testing.B) {
	for b.Loop() {
		connector := openConnector(b, teamstest.ConnectorConfig{EnforceLimits: true})
		client := newClient(func(c *teams.ClientConfig) { c.Limiter = teams.NewLimiter(teams.Limits{}) })
		start := time.Now()
		posts := make(chan int)
		var senders sync.WaitGroup
		for range 16 {
			senders.Go(func() {
				for i := range posts {
					_, err := client.CreateThread(b.Context(), teams.PriorityPost, connector.ServiceURL, fmt.Sprintf("19:%d@thread.tacv2", i), card)
					if err != nil {
						b.Errorf("post %d: %v", i, err)
					}
				}
			})
		}
		for i := range 500 {
			posts <- i
		}
		close(posts)
		senders.Wait()
		took := time.Since(start)
		b.ReportMetric(took.Seconds(), "s/500posts")
		b.ReportMetric(took.Seconds()/10, "×ideal")
	}
}

// BenchmarkBareHandler is the same as BenchmarkEndpoint without any of this package, for comparison.
func BenchmarkBareHandler(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 32}}
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, server.URL, bytes.NewReader([]byte("{}")))
			if err != nil {
				b.Fatal(err)
			}
			res, err := client.Do(req)
			if err != nil {
				b.Fatal(err)
			}
			res.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}
