// Package graph is the bot's client for Microsoft Graph: Teams meetings and who attended them, who can see a channel and what people did with
// the bot's posts there, and the report of teams' activity.
//
// It gives the plain values of package store and knows neither cards nor the database. The types of msgraph-sdk-go stay inside. Only the
// request builders and models that are needed are imported: the SDK's root package takes every endpoint there is into the program.
//
//	client.go      what the client is made of
//	operation.go   the table of everything that is asked of Graph, with the permission that each needs
//	adapter.go     one request: limits, token, exchange, decoding
//	batch.go       up to 20 requests sent as one, whose answers fail and are throttled one by one
//	lane.go        limits, and the silence that Graph asks for with Retry-After
//	problem.go     what went wrong, in words for the people who can mend it
//	meeting.go     meetings are made, changed and cancelled
//	attendance.go  attendance reports
//	channel.go     members, posts, reactions and replies as Graph gives them; a post is found by its mark
//	sweep.go       many channels are looked at, in batches and within the limits
//	look.go        what one channel is asked, page by page
//	activity.go    the report of teams' activity
//	consent.go     what the token says that an administrator has consented to
//	probe.go       each permission is tried
//
// Every call makes one attempt at each request it needs, and trying again is the caller's, who knows what is still wanted; only a sweep sends
// again by itself what failed for the moment, since nobody else could tell which of its hundreds of requests those were.
// The exported methods may be called concurrently. All their errors are *store.GraphError.
package graph

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/microsoftgraph/msgraph-sdk-go/users"
)

// DefaultURL is Graph in the public cloud. The national clouds have other hosts ("National cloud deployments").
const DefaultURL = "https://graph.microsoft.com/v1.0"

// Config is what a Client is made of.
type Config struct {
	// Credential is the app registration's. It is asked for a token before every request and is expected to keep it, as azidentity's do.
	Credential azcore.TokenCredential

	// BaseURL is the address up to the version, DefaultURL when empty. It must be https, except on this machine's own addresses. The
	// token is for its host, and is never sent to another.
	BaseURL string

	// HTTP sends the requests, without following redirections; nil means a client that obeys HTTPS_PROXY and NO_PROXY.
	HTTP *http.Client

	// Now is the real clock, by which requests are timed and Retry-After is obeyed.
	Now func() time.Time

	// Logger is told what an operator may want to know; nil means nothing is logged.
	Logger *slog.Logger

	// Observe, when set, is told of every request: the operation's name in the package's table, the HTTP status or 0 when there was no
	// answer, and how long it took without the wait for the limits.
	Observe func(operation string, status int, took time.Duration)
}

// Client calls Microsoft Graph.
type Client struct {
	credential azcore.TokenCredential
	base       *url.URL
	scope      string
	http       *http.Client
	now        func() time.Time
	log        *slog.Logger
	observe    func(string, int, time.Duration)
	gates      *gates

	// wholeMembers is set when the server does not understand which properties of members are asked for; then all are.
	wholeMembers atomic.Bool
}

// New returns a Client. It does not touch the network.
func New(cfg Config) (*Client, error) {
	if cfg.Credential == nil {
		return nil, errors.New("graph: a credential is needed")
	}
	if cfg.Now == nil {
		return nil, errors.New("graph: a clock is needed")
	}
	base, err := parseBase(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	c := &Client{
		credential: cfg.Credential,
		base:       base,
		scope:      base.Scheme + "://" + base.Host + "/.default",
		http:       newHTTP(cfg.HTTP),
		now:        cfg.Now,
		log:        cfg.Logger,
		observe:    cfg.Observe,
		gates:      newGates(),
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.observe == nil {
		c.observe = func(string, int, time.Duration) {}
	}
	return c, nil
}

func parseBase(address string) (*url.URL, error) {
	if address == "" {
		address = DefaultURL
	}
	u, err := url.Parse(strings.TrimRight(address, "/"))
	if err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(address, "?#") {
		return nil, fmt.Errorf("graph: %q is not the address of Microsoft Graph: write one such as %s", address, DefaultURL)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fmt.Errorf("graph: %q must begin with https://, since access tokens are sent there", address)
	}
	return u, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func newHTTP(given *http.Client) *http.Client {
	client := http.Client{}
	if given != nil {
		client = *given
	} else {
		transport := http.DefaultTransport.(*http.Transport).Clone() // it obeys HTTPS_PROXY
		transport.ResponseHeaderTimeout = attemptTimeout
		client.Transport = transport
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

// user is the SDK's request builder for a user's things, whose requests are sent as the operation.
func (c *Client) user(op *operation, id string) *users.UserItemRequestBuilder {
	return users.NewUserItemRequestBuilderInternal(map[string]string{"user%2Did": id}, &adapter{client: c, op: op})
}
