package bot

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/cards"
	"vuosikello/store"
)

// Config is what a Bot works with. All fields up to Logger are required.
type Config struct {
	DB            *store.DB
	Client        *teams.Client
	Clock         *Clock
	Calendar      store.Calendar
	Language      cards.Lang // for channels that set none
	Admins        []string   // AAD object ids that have the admin role by configuration
	SendsInFlight int        // posts on their way to the Connector at once
	Logger        *slog.Logger
	Metrics       *Metrics
	Graph         Graph    // nil: without Graph
	Channels      Channels // likewise
	TenantID      string   // the bot's own organisation, "" in local mode until somebody has written to it
	PublicURL     string   // the https address that people reach, "" for none: then there are no links to it
	Organisation  string   // who keeps the service, "" when it is not set; WebsiteURL and PrivacyURL are its own pages
	WebsiteURL    string
	PrivacyURL    string
	Retention     store.Retention     // how long personal data is kept; the default when zero
	SignIn        *teams.UserVerifier // who opens the tab; nil: it opens by signed links and in local mode only
	Files         *teams.FileFetcher  // nil: one for Microsoft's hosts alone
	Local         bool                // nothing says who the bot is but what it is sent
	// CredentialEnds is when the bot's secret or certificate ends; zero when nobody knows.
	CredentialEnds time.Time
	// Acts and Pages bound the commands and clicks of each person, and their downloads and views of the tab; the zero values
	// are bounds that no person reaches. Time is the real time that they keep, time.Now when nil.
	Acts, Pages Pace
	Time        func() time.Time
	// GraphLag is how long a message may take until Graph shows it; 0 means half a minute.
	GraphLag   time.Duration
	OnActivity func() // called for every activity that was let in, if set
}

// Bot is the product's behaviour in Teams. Create it with New; Handle and Run may be used concurrently.
type Bot struct {
	Config
	recent   *recent
	memo     *memo
	choices  lately[choiceKey, choice]
	plan     lately[pageKey, pageData]
	wake     chan struct{} // something may be due
	work     chan struct{} // something may be in the outbox
	syncNow  chan struct{} // a team may have to be read
	online   chan struct{} // Graph may have to be asked
	selfMu   sync.Mutex
	self     teams.Identity         // in local mode; see learnSelf
	linkKey  atomic.Pointer[[]byte] // of signed links, from the database
	handled  tasks                  // activities and the answers to them
	exports  chan struct{}          // bounds the exports being written at once
	fetching chan struct{}          // bounds the files being fetched at once
	reading  chan struct{}          // and those being read
	slots    chan struct{}          // bounds the answers being sent at once
	acts     *paces
	pages    *paces
	beat     heartbeat

	flight context.Context // of what is being sent: it outlives a run by the grace period
	land   context.CancelFunc

	signals chan struct{} // something new may be known of publications
}

// maxReplies bounds the answers to commands that wait for the connector at once; beyond it, the platform waits for us.
const maxReplies = 256

// New returns a bot.
func New(c Config) *Bot {
	if c.Metrics == nil {
		c.Metrics = NewMetrics()
	}
	if c.Files == nil {
		c.Files = teams.NewFileFetcher(c.Local)
	}
	if c.Retention == (store.Retention{}) {
		c.Retention = store.DefaultRetention
	}
	b := &Bot{Config: c, recent: newRecent(), memo: newMemo(), wake: make(chan struct{}, 1), work: make(chan struct{}, 1), syncNow: make(chan struct{}, 1), online: make(chan struct{}, 1),
		slots: make(chan struct{}, maxReplies), exports: make(chan struct{}, maxExports), fetching: make(chan struct{}, maxFetches), reading: make(chan struct{}, 1)}
	if b.Time == nil {
		b.Time = time.Now
	}
	b.acts, b.pages = newPaces(c.Acts, defaultActs, b.Time), newPaces(c.Pages, defaultPages, b.Time)
	b.choices.most, b.plan.most = maxPlans, maxPlans
	b.GraphLag = cmp.Or(b.GraphLag, 30*time.Second)
	b.flight, b.land = context.WithCancel(context.Background())
	b.signals = make(chan struct{}, 1)
	b.DB.OnPost(func(p store.NewPost) {
		b.Logger.Info("post created", "post", p.ID, "kind", p.Kind, "state", string(p.State), "trace", p.Trace)
	})
	return b
}

// Run posts what is due until ctx ends, then finishes what is in flight, answers included, for at most grace. A bot runs
// once.
func (b *Bot) Run(ctx context.Context, grace time.Duration) error {
	if err := b.recover(ctx); err != nil && ctx.Err() == nil {
		return err // one that is told to stop while it starts has nothing to complain of
	}
	context.AfterFunc(ctx, func() { time.AfterFunc(grace, b.land) })
	var wg sync.WaitGroup
	wg.Go(func() { b.runScheduler(ctx) })
	wg.Go(func() { b.runDispatcher(ctx, b.flight) })
	wg.Go(func() { b.keep(ctx, "reading rosters", b.runSync) })
	wg.Go(func() { b.keep(ctx, "looking at reach", b.runReach) })
	wg.Go(func() { b.keep(ctx, "asking Graph about sessions", b.runOnline) })
	wg.Go(func() { b.keep(ctx, "retention", b.runRetention) })
	wg.Wait()
	b.handled.wait()
	return nil
}

// keep runs a loop of the bot until it ends. What it reads is others': a panic ends neither the program nor the loop, which
// begins anew after a rest that grows to minutes.
func (b *Bot) keep(ctx context.Context, what string, loop func(context.Context)) {
	for attempt := 1; ; attempt++ {
		err := store.Contain(what, func() error { loop(ctx); return nil })
		if err == nil {
			return
		}
		b.Logger.Error("a part of the bot failed, and begins anew", "error", err)
		select {
		case <-time.After(teams.Backoff(attempt, 0, nil)):
		case <-ctx.Done():
			return
		}
	}
}

// tasks counts what is not to be cut off when the program ends. Unlike those of a sync.WaitGroup, tasks may begin while
// somebody waits for the last of them.
type tasks struct {
	mu   sync.Mutex
	n    int
	last chan struct{} // closed when n falls to 0; nil while nobody waits
}

func (t *tasks) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
}

func (t *tasks) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n--; t.n == 0 && t.last != nil {
		close(t.last)
		t.last = nil
	}
}

// wait returns when there are no tasks. One goroutine may wait at a time.
func (t *tasks) wait() {
	t.mu.Lock()
	if t.n == 0 {
		t.mu.Unlock()
		return
	}
	last := make(chan struct{})
	t.last = last
	t.mu.Unlock()
	<-last
}

// calm is how long a loop rests after a nudge before it looks: a burst of clicks is worth one look, not one each.
const calm = 20 * time.Millisecond

// nudge wakes a loop without waiting for it.
func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// now returns the plan's time in the organisation's time zone.
func (b *Bot) now() time.Time { return b.Clock.Now().In(b.Calendar.Location) }

// isAdmin reports whether the person is an admin by configuration or by role.
func (b *Bot) isAdmin(tx *store.Tx, personID string, today store.Date) (bool, error) {
	for _, id := range b.Admins {
		if id == personID {
			return true, nil
		}
	}
	return tx.HasRole(personID, today, store.RoleAdmin)
}

// language returns the language of a channel's posts.
func (b *Bot) language(ch store.Channel) cards.Lang {
	if l, ok := cards.ParseLang(ch.Language); ok {
		return l
	}
	return b.Language
}

// personLanguage returns the language to speak with a person: their choice, else that of their client.
func (b *Bot) personLanguage(p store.Person) cards.Lang {
	for _, s := range []string{p.Language, p.Locale} {
		if l, ok := cards.ParseLang(s); ok {
			return l
		}
	}
	return b.Language
}
