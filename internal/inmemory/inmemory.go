// Package inmemory serves HTTP over pipes instead of the machine's network. In a bubble of testing/synctest, whatever waits on
// a pipe lets time pass, so that a test of limits and deadlines has a time of its own, which a busy machine does not stretch.
package inmemory

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
)

// NewServer starts a server that is reached with its Client and by Dial alone. Close stops it.
func NewServer(config *http.Server) *httptest.Server {
	pipes := &listener{conns: make(chan net.Conn), closed: make(chan struct{})}
	s := &httptest.Server{Listener: pipes, Config: config}
	s.Start()
	s.Client().Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return pipes.dial(ctx) }}
	return s
}

// Dial opens a connection to a server that NewServer started.
func Dial(ctx context.Context, s *httptest.Server) (net.Conn, error) {
	return s.Listener.(*listener).dial(ctx)
}

// listener accepts the other ends of the connections that are dialled.
type listener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *listener) dial(ctx context.Context) (net.Conn, error) {
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

func (l *listener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is one of this machine's own, for whoever looks that tokens stay on it.
func (l *listener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }
