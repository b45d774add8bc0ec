// Package graphtest is a stand-in for Microsoft Graph that speaks the real protocol over HTTP: calendar events with Teams meetings, online
// meetings and their attendance reports; channels of teams with members, messages, reactions and replies; the report of teams' activity;
// pages, batches, and the errors, the permissions and, when told to, the limits of the real one.
//
// It serves tests and the demonstration. What it keeps, it keeps in memory.
package graphtest

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"vuosikello/store"
)

// Permission is an application permission of the bot, or the policy that lets it act for organisers.
type Permission string

// The permissions that the stand-in knows, by an administrator's consent. All are granted in the beginning.
const (
	ChannelMemberRead          Permission = "ChannelMember.Read.All"
	ChannelMessageRead         Permission = "ChannelMessage.Read.All"
	ReportsRead                Permission = "Reports.Read.All"
	CalendarsReadWrite         Permission = "Calendars.ReadWrite"
	OnlineMeetingsRead         Permission = "OnlineMeetings.Read.All"
	OnlineMeetingsReadWrite    Permission = "OnlineMeetings.ReadWrite.All"
	OnlineMeetingArtifactsRead Permission = "OnlineMeetingArtifact.Read.All"
	AccessPolicy               Permission = "application access policy"
)

// The permissions that a team's owner grants, for that team; see Consent.
const (
	ChannelMemberReadTeam  Permission = "ChannelMember.Read.Group"
	ChannelMessageReadTeam Permission = "ChannelMessage.Read.Group"
)

// DefaultPageSize is the number of things on a page, unless SetPageSize changes it.
const DefaultPageSize = 100

// Request is a request that the server was sent.
type Request struct {
	Method string
	Path   string // after the version, unescaped
	Query  string // unescaped parameters, sorted, as in "$expand=attendanceRecords"
	Body   []byte
	Batch  int // the number of the batch that it was a part of, counted from 1; 0: it came by itself
}

// Server is the stand-in. Its methods may be called while it serves.
type Server struct {
	// URL is the address up to the version, for the client's BaseURL.
	URL string

	server *httptest.Server
	files  *httptest.Server // the other host, from which reports are downloaded

	mu         sync.Mutex
	authorized func(header string) bool
	withheld   map[Permission]bool
	noMailbox  map[string]bool
	unknown    map[string]bool
	pageSize   int
	pageMost   int // 0: no other than Graph's
	slowJoin   bool
	meetings   []*meeting
	made       int
	faults     []*Fault
	requests   []Request
	batches    int

	consents map[string]map[Permission]bool // by team
	channels map[store.ChannelRef]*Channel
	activity []store.TeamActivity
	conceal  bool
	latency  time.Duration
	limits   *counters // nil: none are enforced
}

// New starts a server without TLS on this machine's own address; Close stops it.
func New() *Server { return start(httptest.NewServer) }

// NewTLS starts a server with a certificate of its own; see Client.
func NewTLS() *Server { return start(httptest.NewTLSServer) }

// NewInMemory starts a server that only its Client reaches, without the machine's network: so that the time of testing/synctest passes.
func NewInMemory() *Server { return start(serveInMemory) }

func start(serve func(http.Handler) *httptest.Server) *Server {
	s := &Server{
		withheld:  make(map[Permission]bool),
		noMailbox: make(map[string]bool),
		unknown:   make(map[string]bool),
		pageSize:  DefaultPageSize,
		consents:  make(map[string]map[Permission]bool),
		channels:  make(map[store.ChannelRef]*Channel),
	}
	s.server = serve(s.handler())
	s.files = serve(http.HandlerFunc(s.serveReport))
	s.URL = s.server.URL + version
	return s
}

const (
	version  = "/v1.0"
	jsonType = "application/json; odata.metadata=minimal; charset=utf-8"
)

// Close stops the server.
func (s *Server) Close() {
	s.server.Close()
	s.files.Close()
}

// Client is an HTTP client that trusts the server's certificate.
func (s *Server) Client() *http.Client {
	if l, ok := s.server.Listener.(*pipeListener); ok {
		return l.client()
	}
	return s.server.Client()
}

// Certificate is the server's certificate, nil without TLS.
func (s *Server) Certificate() *x509.Certificate { return s.server.Certificate() }

// Scope is what the server's tokens are for.
func (s *Server) Scope() string { return s.server.URL + "/.default" }

// SetAuthorized decides on Authorization headers; without it, any bearer token will do.
func (s *Server) SetAuthorized(authorized func(header string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.authorized = authorized
}

// Withhold takes permissions away.
func (s *Server) Withhold(permissions ...Permission) { s.setPermissions(true, permissions) }

// Grant gives permissions back.
func (s *Server) Grant(permissions ...Permission) { s.setPermissions(false, permissions) }

func (s *Server) setPermissions(withheld bool, permissions []Permission) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range permissions {
		s.withheld[p] = withheld
	}
}

// RemoveMailbox makes a user one without a mailbox.
func (s *Server) RemoveMailbox(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noMailbox[userID] = true
}

// RemoveUser makes a user unknown in the directory. Everybody else is known.
func (s *Server) RemoveUser(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unknown[userID] = true
}

// SetPageSize sets the number of things on a page, also where more are asked for.
func (s *Server) SetPageSize(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pageSize = max(1, n)
	s.pageMost = s.pageSize
}

// SetSlowJoin makes the server answer to new events before their Teams meetings are there, as Exchange sometimes does.
func (s *Server) SetSlowJoin(slow bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slowJoin = slow
}

// Requests are those that came so far, the refused ones among them.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Fault is a disturbance of the requests that it matches.
type Fault struct {
	Method string // "" matches every method
	Path   string // the end of the path; "" matches every path
	Query  string // a part of the query; "" matches every query
	Skip   int    // so many of them go well first
	Times  int    // and so many are disturbed then; 0 means all

	Status     int    // the answer's status; 0 means 200 when there is a Body
	Code       string // the error's code; "" means a status without a body
	RetryAfter string // the header, as it is
	Body       string // the answer's body instead of an error
	Link       string // a Location header
	Cut        bool   // the connection ends in the middle of the right answer
}

// Disturb adds a fault. The first that matches a request disturbs it.
func (s *Server) Disturb(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// Calm removes all faults.
func (s *Server) Calm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// disturbance is the fault for a request, nil when there is none.
func (s *Server) disturbance(r Request) *Fault {
	for i, f := range s.faults {
		if f.Method != "" && f.Method != r.Method || !strings.HasSuffix(r.Path, f.Path) || !strings.Contains(r.Query, f.Query) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.Times == 1 {
			s.faults = slices.Delete(s.faults, i, i+1)
		}
		f.Times--
		return f
	}
	return nil
}

// handler checks and records requests before the routes see them.
func (s *Server) handler() http.Handler {
	routes := s.routes()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil {
			return // the client is gone
		}
		s.delay()
		answer := httptest.NewRecorder()
		whole := s.serveAlone(answer, r, routes, body)
		s.delay()

		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		if whole {
			_, _ = w.Write(answer.Body.Bytes()) // the error is that of a client gone away
			return
		}
		_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()/2]) // likewise
		_ = http.NewResponseController(w).Flush()                 // so that the client sees the first half
		panic(http.ErrAbortHandler)
	})
}

// serveAlone answers one request at a time: what it finds is what the one before it left.
func (s *Server) serveAlone(w http.ResponseWriter, r *http.Request, routes http.Handler, body []byte) (whole bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.serve(w, r, routes, body, 0)
}

// serve answers a request, or a part of a batch, and says whether the whole answer is to arrive. Called with the lock held.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, routes http.Handler, body []byte, batch int) (whole bool) {
	r.Body = io.NopCloser(bytes.NewReader(body))
	request := Request{Method: r.Method, Path: strings.TrimPrefix(r.URL.Path, version), Query: unescaped(r.URL.Query()), Body: body, Batch: batch}
	s.requests = append(s.requests, request)
	w.Header().Set("Request-Id", "0d6e1d0e-0000-4000-8000-000000000000")
	header := r.Header.Get("Authorization")
	if batch == 0 && (!strings.HasPrefix(header, "Bearer ") || s.authorized != nil && !s.authorized(header)) {
		refuse(w, http.StatusUnauthorized, "InvalidAuthenticationToken", "Access token validation failure.")
		return true
	}
	if s.limits != nil && s.limits.exceeded(request.Path) {
		w.Header().Set("Retry-After", "1")
		refuse(w, http.StatusTooManyRequests, "TooManyRequests", "Too many requests.")
		return true
	}
	next := routes
	if batch == 0 && request.Method == http.MethodPost && request.Path == "/$batch" {
		next = s.batch(routes)
	}
	switch f := s.disturbance(request); {
	case f == nil:
		next.ServeHTTP(w, r)
	case f.Cut:
		next.ServeHTTP(w, r)
		return false
	default:
		f.answer(w)
	}
	return true
}

func unescaped(values url.Values) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(values)) {
		parts = append(parts, key+"="+strings.Join(values[key], ","))
	}
	return strings.Join(parts, "&")
}

func (f *Fault) answer(w http.ResponseWriter) {
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	if f.Link != "" {
		w.Header().Set("Location", f.Link)
	}
	status := f.Status
	if status == 0 {
		status = http.StatusOK
	}
	switch {
	case f.Body != "":
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, f.Body) // the error is that of a client gone away
	case f.Code != "":
		refuse(w, status, f.Code, "The stand-in was told to fail.")
	default:
		w.WriteHeader(status)
	}
}

// refuse answers with an error in Graph's form ("Microsoft Graph error responses and resource types").
func refuse(w http.ResponseWriter, status int, code, message string) {
	respond(w, status, map[string]any{"error": map[string]any{
		"code": code, "message": message,
		"innerError": map[string]any{"request-id": w.Header().Get("Request-Id"), "date": "2026-11-24T12:00:00"},
	}})
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(status)
	// The error is that of a client gone away.
	_ = json.NewEncoder(w).Encode(body)
}

// Credential gives one token that never changes, where nobody has to prove who they are.
type Credential struct {
	// Roles, when there are any, and App are what the token says of the app, as Entra ID's do. Without them it says nothing.
	Roles []Permission
	App   string
}

// GetToken returns the token.
func (c Credential) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token := "stand-in"
	if len(c.Roles) > 0 || c.App != "" {
		payload, err := json.Marshal(map[string]any{"roles": c.Roles, "appid": c.App, "aud": "https://graph.microsoft.com"})
		if err != nil {
			return azcore.AccessToken{}, err
		}
		token = "e30." + base64.RawURLEncoding.EncodeToString(payload) + ".stand-in"
	}
	return azcore.AccessToken{Token: token, ExpiresOn: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}, nil
}
