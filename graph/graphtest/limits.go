package graphtest

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// EnforceLimits makes the server count requests as Microsoft Teams does, by a clock, and answer 429 to those that are too many: in any
// second one per channel, 4 per team, 20 for messages of channels, 60 for members and 30 for everything else. The parts of a batch count,
// the batch does not.
func (s *Server) EnforceLimits(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = &counters{now: now, counted: make(map[string][]time.Time)}
}

// Throttled is how many requests were too many.
func (s *Server) Throttled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.limits == nil {
		return 0
	}
	return s.limits.throttled
}

// SetLatency makes every answer take so long, half of it before the request is counted. A batch takes as long as one request.
func (s *Server) SetLatency(latency time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = latency
}

func (s *Server) delay() {
	s.mu.Lock()
	half := s.latency / 2
	s.mu.Unlock()
	time.Sleep(half)
}

// counters count requests of the last second.
type counters struct {
	now       func() time.Time
	counted   map[string][]time.Time
	throttled int
}

// exceeded counts a request, unless that would be too many. Called with the server's lock held.
func (c *counters) exceeded(path string) bool {
	limits := map[string]int{"other": 30}
	parts := strings.Split(path, "/") // "", teams, {team}, channels, {channel}, …
	switch {
	case path == "/$batch":
		return false
	case len(parts) > 5 && parts[1] == "teams" && parts[3] == "channels":
		limits = map[string]int{"team " + parts[2]: 4, "channel " + parts[2] + " " + parts[4]: 1}
		if parts[5] == "messages" {
			limits["messages"] = 20
		} else {
			limits["members"] = 60
		}
	}
	now := c.now()
	for key, limit := range limits {
		times := c.counted[key]
		for len(times) > 0 && now.Sub(times[0]) >= time.Second {
			times = times[1:]
		}
		c.counted[key] = times
		if len(times) >= limit {
			c.throttled++
			return true
		}
	}
	for key := range limits {
		c.counted[key] = append(c.counted[key], now)
	}
	return false
}

// serveInMemory is httptest.NewServer over pipes.
func serveInMemory(handler http.Handler) *httptest.Server {
	s := &httptest.Server{
		Listener: &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})},
		Config:   &http.Server{Handler: handler}, //nolint:gosec // nobody is slow in memory
	}
	s.Start()
	return s
}

// pipeListener accepts the other ends of the connections that its client dials.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is one of this machine's own, for whoever looks that tokens stay on it.
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (l *pipeListener) client() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		here, there := net.Pipe()
		select {
		case l.conns <- there:
			return here, nil
		case <-l.closed:
			return nil, net.ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}}
}
