package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"vuosikello/bot"
	"vuosikello/bot/teams"
	"vuosikello/graph"
	"vuosikello/store"
)

const (
	// stopGrace is how long work in flight may take after the program is told to stop.
	stopGrace = 10 * time.Second
	// Slow senders of headers or bodies hold a connection no longer than this.
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeader         = 32 << 10
	maxConnections    = 64 // to each host that is asked something
	// Of the memory that a request needs nearly everything is free again after it. Collecting when the heap is five times
	// what is live, instead of twice, leaves a tenth more of the processor to the requests; near the limit, which only
	// something unusual reaches, it is collected more often again.
	gcPercent   = 400
	memoryLimit = 34 << 20 // of what Go manages, in bytes; the database's page caches come on top
)

// serveCmd runs the bot.
type serveCmd struct {
	databaseSettings
	planSettings
	listenSettings
	identitySettings
	logSettings
	organisationSettings
	retentionSettings
	nightlySettings
	Admins            string `env:"VUOSIKELLO_ADMINS" placeholder:"GUID,…" help:"AAD object ids that have the admin role."`
	PublicURL         string `name:"public-url" env:"VUOSIKELLO_PUBLIC_URL" placeholder:"URL" help:"The https address that Teams users reach."`
	OpenIDMetadataURL string `name:"openid-metadata-url" env:"VUOSIKELLO_OPENID_METADATA_URL" placeholder:"URL" help:"OpenID metadata of the Bot Framework, in sovereign clouds."`
	GraphURL          string `name:"graph-url" env:"VUOSIKELLO_GRAPH_URL" default:"https://graph.microsoft.com/v1.0" placeholder:"URL" help:"Microsoft Graph, in sovereign clouds; off: without Graph."`
	AllowSTSIssuer    string `name:"allow-sts-issuer" env:"VUOSIKELLO_ALLOW_STS_ISSUER" placeholder:"1" help:"1: also accept tokens issued by sts.windows.net for the own tenant."`
	SendsInFlight     int    `env:"VUOSIKELLO_SENDS_IN_FLIGHT" default:"16" placeholder:"N" help:"Posts on their way to the Connector at once."`
	SecretExpires     string `env:"VUOSIKELLO_SECRET_EXPIRES" placeholder:"DATE" help:"When the client secret ends, such as 2027-05-31: admins are warned 30 days before. A certificate's end is read from it."`
	UnlimitedSending  bool   `name:"unlimited-sending" hidden:"" help:"Lift the sending limits and those of each person. For benchmarks against a stand-in only."`

	clock      *bot.Clock // replaces the one of planSettings, for the demo
	graph      bot.Graph  // replaces Microsoft's, for the demo
	onActivity func()
}

func (c *serveCmd) Run(env *environment) error {
	s, err := c.prepare(env)
	if err != nil {
		return err
	}
	defer s.close()
	if env.getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if env.getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	return s.run(env.ctx)
}

// service is a bot that is ready to run.
type service struct {
	bot       *bot.Bot
	db        *store.DB
	log       *slog.Logger
	keys      *teams.KeySet // nil in local mode
	people    *teams.KeySet // of the tenant's sign-in; nil without a public address
	endpoint  http.Handler
	public    net.Listener
	admin     net.Listener
	nightly   *nightly // nil: no backups
	unlock    func()
	transport *http.Transport
}

// prepare checks every setting, opens the database and the listeners, and sends nothing.
func (c *serveCmd) prepare(env *environment) (_ *service, err error) {
	p, err := c.checked(env)
	if err != nil {
		return nil, err
	}
	if c.clock != nil {
		p.clock = c.clock
	}
	log, local, ends := p.log, p.local, p.ends
	s := &service{log: log, transport: http.DefaultTransport.(*http.Transport).Clone()}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	// The connector is one host: the usual two idle connections would be dialled anew all the time, and so would those of a
	// burst that are over the idle ones.
	s.transport.MaxIdleConnsPerHost, s.transport.MaxConnsPerHost = maxConnections, maxConnections
	s.transport.ResponseHeaderTimeout = 30 * time.Second
	// A card with a picture leaves in one piece: in pieces of the usual 4 KiB it wakes both ends a dozen times.
	s.transport.WriteBufferSize = 64 << 10
	web := &http.Client{Transport: s.transport, Timeout: time.Minute}

	metrics := bot.NewMetrics()
	online := c.graph
	channels, _ := online.(bot.Channels) // nil where there is none
	client := teams.ClientConfig{HTTP: web, AppID: c.ClientID, BotName: "Vuosikello", TenantID: c.TenantID, LoopbackOnly: local, Observe: metrics.ObserveConnector}
	var acts, pages bot.Pace // the usual ones
	if c.UnlimitedSending {
		client.Limiter = teams.NewLimiter(teams.Limits{Unlimited: true})
		acts = bot.Pace{Burst: math.MaxInt32, PerSecond: math.MaxInt32}
		pages = acts
	}
	var verifier *teams.Verifier
	var signIn *teams.UserVerifier
	if local {
		log.Warn("local mode: incoming requests are not checked")
	} else {
		if verifier, err = c.verifier(s, web); err != nil {
			return nil, err
		}
		if signIn, err = c.signIn(s, env, web); err != nil {
			return nil, err
		}
		credential, err := teams.NewCredential(env.getenv, web)
		if err != nil {
			return nil, usageError{err}
		}
		client.Tokens = teams.NewTokenSource(credential, teams.Scope)
		if !credential.NotAfter.IsZero() {
			ends = credential.NotAfter // a certificate tells itself
		}
		if c.GraphURL != "off" {
			client, err := graph.New(graph.Config{Credential: credential, BaseURL: c.GraphURL, HTTP: web, Now: time.Now, Logger: log, Observe: metrics.ObserveGraph})
			if err != nil {
				return nil, usagef("VUOSIKELLO_GRAPH_URL: %w", err)
			}
			online, channels = client, client
		}
	}
	if c.Rehearsal != "" {
		log.Warn("REHEARSAL: the plan's clock does not show the real time", "starts", p.now().Format(time.RFC3339), "speed", p.clock.Speed())
	}
	if s.unlock, err = lockDatabase(c.Database); err != nil {
		return nil, err
	}
	if s.db, err = c.open(env); err != nil {
		return nil, err
	}
	if s.public, err = listen("VUOSIKELLO_LISTEN", c.Listen); err != nil {
		return nil, err
	}
	public := c.PublicURL
	if public == "" && local {
		public = "http://" + s.public.Addr().String() // whoever is served in local mode reaches it there
	}
	s.bot = bot.New(bot.Config{
		Channels: channels, TenantID: c.TenantID,
		DB: s.db, Client: teams.NewClient(client), Clock: p.clock, Calendar: p.calendar, Language: p.language, Admins: p.admins,
		SendsInFlight: c.SendsInFlight, Logger: log, Metrics: metrics, OnActivity: c.onActivity, PublicURL: public, Local: local, Graph: online,
		Organisation: c.Organisation, WebsiteURL: c.WebsiteURL, PrivacyURL: c.PrivacyURL, Retention: p.retention, SignIn: signIn, CredentialEnds: ends,
		Acts: acts, Pages: pages,
	})
	s.bot.CollectQueue()
	if s.nightly, err = newNightly(c.nightlySettings, c.Database, s.bot); err != nil {
		return nil, err
	}
	s.endpoint = teams.NewEndpoint(teams.EndpointConfig{Verifier: verifier, Handle: s.bot.Handle, Logger: log, Observe: metrics.ObserveRequest})
	s.admin, err = listen("VUOSIKELLO_ADMIN_LISTEN", c.AdminListen)
	return s, err
}

// checked is what those settings mean that can be judged by themselves.
type checked struct {
	plan
	log       *slog.Logger
	local     bool
	admins    []string
	retention store.Retention
	ends      time.Time // of the client secret; zero when nothing is said
}

// checked checks those settings. The error is a usageError that names the setting.
func (c *serveCmd) checked(env *environment) (s checked, err error) {
	if s.plan, err = c.parse(); err != nil {
		return s, err
	}
	if s.log, err = c.logger(env.stderr); err != nil {
		return s, err
	}
	if s.local, err = c.local(); err != nil {
		return s, err
	}
	if s.admins, err = guids(c.Admins); err != nil {
		return s, usagef("VUOSIKELLO_ADMINS: %w", err)
	}
	if s.retention, err = c.retention(); err != nil {
		return s, err
	}
	if err := c.addresses(); err != nil {
		return s, err
	}
	if c.SendsInFlight < 1 || c.SendsInFlight > 1000 {
		return s, usagef("VUOSIKELLO_SENDS_IN_FLIGHT is %d: write a number from 1 to 1000", c.SendsInFlight)
	}
	if u, err := url.Parse(c.PublicURL); c.PublicURL != "" && (err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" || strings.ContainsAny(c.PublicURL, "?#")) {
		return s, usagef("VUOSIKELLO_PUBLIC_URL is %q: write an address such as https://vuosikello.example.fi", c.PublicURL)
	}
	if s.ends, err = c.secretExpires(s.calendar.Location); err != nil {
		return s, err
	}
	if err := c.backups(); err != nil {
		return s, err
	}
	return s, c.check()
}

// secretExpires returns the end of the day on which the client secret is said to end, the zero time when nothing is said.
func (c *serveCmd) secretExpires(zone *time.Location) (time.Time, error) {
	if c.SecretExpires == "" {
		return time.Time{}, nil
	}
	day, err := store.ParseDate(c.SecretExpires)
	if err != nil {
		return time.Time{}, usagef("VUOSIKELLO_SECRET_EXPIRES is %q: write a date such as 2027-05-31", c.SecretExpires)
	}
	return (day + 1).In(zone, 0).Add(-time.Second), nil
}

// verifier checks incoming requests. There is no way to run without it except local mode.
func (c *serveCmd) verifier(s *service, web *http.Client) (*teams.Verifier, error) {
	for _, v := range []struct{ name, value string }{{"AZURE_CLIENT_ID", c.ClientID}, {"AZURE_TENANT_ID", c.TenantID}} {
		if !isGUID(v.value) {
			return nil, usagef("%s is %q: set it to the GUID of the bot's app registration, or try the program without an account: vuosikello demo", v.name, v.value)
		}
	}
	keys, err := teams.NewKeySet(teams.KeySetConfig{MetadataURL: c.OpenIDMetadataURL, HTTP: web, Logger: s.log})
	if err != nil {
		return nil, usagef("VUOSIKELLO_OPENID_METADATA_URL: %w", err)
	}
	s.keys = keys
	return teams.NewVerifier(teams.VerifierConfig{AppID: c.ClientID, TenantID: c.TenantID, Keys: keys, AllowSTSIssuer: c.AllowSTSIssuer == "1"}), nil
}

// signIn checks the people who open the tab in Teams. Without a public address there is no tab in Teams, and it is nil.
func (c *serveCmd) signIn(s *service, env *environment, web *http.Client) (*teams.UserVerifier, error) {
	if c.PublicURL == "" {
		return nil, nil
	}
	public, err := c.publicHost()
	if err != nil {
		return nil, err
	}
	authority := env.getenv("AZURE_AUTHORITY_HOST")
	if s.people, err = teams.NewKeySet(teams.KeySetConfig{MetadataURL: teams.UserMetadataURL(authority, c.TenantID), HTTP: web, Logger: s.log}); err != nil {
		return nil, usagef("AZURE_AUTHORITY_HOST: %w", err)
	}
	return teams.NewUserVerifier(teams.UserVerifierConfig{AppID: c.ClientID, TenantID: c.TenantID, Host: public, Authority: authority, Keys: s.people}), nil
}

// publicHost is the host of the public address.
func (c *serveCmd) publicHost() (string, error) {
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Hostname() == "" {
		return "", usagef("VUOSIKELLO_PUBLIC_URL is %q: write the https address that Teams users reach", c.PublicURL)
	}
	return u.Hostname(), nil
}

func listen(name, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; choose another address or end the program that has it", name, err)
	}
	return l, nil
}

// publicHandler is what the public address serves.
func (s *service) publicHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/messages", s.endpoint)
	web := s.bot.WebHandler()
	for _, path := range []string{"/kello/", "/tab", "/tab/", "/saavutettavuus", "/tietosuoja"} {
		mux.Handle(path, web)
	}
	return bot.WithSecurityHeaders(mux)
}

// run serves until ctx ends, then finishes what is in flight.
func (s *service) run(ctx context.Context) error {
	var keysLoaded func() bool
	if s.keys != nil {
		keysLoaded = s.keys.Loaded
	}
	public, admin := server(s.publicHandler(), s.log), server(s.bot.AdminHandler(keysLoaded), s.log)
	g, running := errgroup.WithContext(ctx)
	g.Go(func() error { return serveHTTP(public, s.public) })
	g.Go(func() error { return serveHTTP(admin, s.admin) })
	g.Go(func() error { return s.bot.Run(running, stopGrace) })
	if s.nightly != nil {
		g.Go(func() error { s.nightly.run(running); return nil })
	}
	for _, keys := range []*teams.KeySet{s.keys, s.people} {
		if keys != nil {
			g.Go(func() error { keys.Run(running); return nil })
		}
	}
	s.log.Info("serving", "address", s.public.Addr().String(), "admin", s.admin.Addr().String(), "database", s.db.Path())
	g.Go(func() error {
		<-running.Done()
		s.log.Info("stopping")
		// ctx has ended; what is being answered gets its time all the same.
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopGrace)
		defer cancel()
		return errors.Join(public.Shutdown(last), admin.Shutdown(last))
	})
	err := g.Wait()
	s.log.Info("stopped")
	return err
}

func server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
}

func serveHTTP(s *http.Server, l net.Listener) error {
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// close releases everything that prepare has taken so far.
func (s *service) close() {
	for _, l := range []net.Listener{s.public, s.admin} {
		if l != nil {
			_ = l.Close() // closed by the server already, when it ran
		}
	}
	if s.db != nil {
		if err := s.db.Close(); err != nil {
			s.log.Error("database not closed cleanly", "error", err)
		}
	}
	if s.unlock != nil {
		s.unlock()
	}
	s.transport.CloseIdleConnections()
}
