package teamstest

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
)

// NewPipeServer starts a server that is reached over pipes instead of the machine's network: with its Client and by DialPipe
// alone. In a bubble of testing/synctest, whatever waits on a pipe lets time pass, so that a test of limits and deadlines has a
// time of its own, which a busy machine does not stretch. Close stops it.
func NewPipeServer(config *http.Server) *httptest.Server {
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	s := &httptest.Server{Listener: l, Config: config}
	s.Start()
	s.Client().Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return l.dial(ctx) }}
	return s
}

// DialPipe opens a connection to a server that NewPipeServer started.
func DialPipe(ctx context.Context, s *httptest.Server) (net.Conn, error) {
	return s.Listener.(*pipes).dial(ctx)
}

// pipes accepts the other ends of the connections that are dialled.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipes) dial(ctx context.Context) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case l.conns <- there:
		return here, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is one of this machine's own, for whoever looks that tokens stay on it.
func (l *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }
