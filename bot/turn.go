package bot

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/cards"
	"vuosikello/store"
	"vuosikello/store/clockfile"
)

// turn is one incoming activity on its way through.
type turn struct {
	*Bot
	Logger *slog.Logger // the bot's, with the trace of the request
	what   string       // the command or verb, for the log; "" while it is none of ours
	ctx    context.Context
	a      *teams.Activity
	key    string // identifies the activity, "" when it has no id
	at     time.Time
	today  store.Date
	person store.Person  // who sent it; only the ID when nothing is known
	lang   cards.Lang    // the sender's
	here   store.Channel // where it happened; a personal chat has only the ID and ServiceURL
	action teams.CardAction
	data   data
	later  []func()      // to be done after the commit and the answer
	traces *store.Traces // of the sender who is to be forgotten

	sending chan struct{} // closed when the newest message of this turn has gone: they arrive in the order they were made

	file    *clockfile.File // that the sender is about to import; see readUpload
	fileErr error

	repeated bool // the platform sent the click before: what it sent then is not sent again
}

// answer is what a card action is answered with: a card in place of the clicked one, or a message beside it.
type answer struct {
	card    *cards.Card
	lasting bool // the card also replaces the clicked message for good; for a form in a message of its own
	text    string
	private bool // the card is for the clicker's eyes only
	form    bool // the card is a form, which gets a message of its own
	// build makes the card of a command, after the transaction: it takes too long to hold one.
	build func() (cards.Card, error)
}

func showCard(c cards.Card) answer { return answer{card: &c} }
func replace(c cards.Card) answer  { return answer{card: &c, lasting: true} }
func say(text string) answer       { return answer{text: text} }

// Handle acts on an activity that was let in, and returns the answer to its request. The log tells which command or card
// action it was, and nothing of its content; a message that is none of the bot's business leaves no line at all.
func (b *Bot) Handle(ctx context.Context, a *teams.Activity) (teams.Response, error) {
	if b.OnActivity != nil {
		b.OnActivity()
	}
	b.handled.begin()
	defer b.handled.end()
	started := time.Now()
	t := b.newTurn(ctx, a)
	if err := b.loadLinkKey(ctx); err != nil {
		t.Logger.Error("the key of signed links was not read", "error", err)
	}
	res, err := t.handle()
	if t.what != "" {
		t.Logger.Debug("activity handled", "what", t.what, "took", time.Since(started))
	}
	return res, err
}

func (t *turn) handle() (teams.Response, error) {
	if t.Local {
		t.learnSelf()
	}
	switch a := t.a; a.Type {
	case teams.TypeMessage, teams.TypeInvoke:
		action, ok, unreadable := a.Action()
		if ok || unreadable != nil || len(a.Files()) > 0 || t.isCommand() {
			if ok, tell := t.acts.take(t.pacedBy()); !ok {
				return t.tooMuch(tell)
			}
		}
		switch {
		case unreadable != nil: // which is the sender's to know
			return teams.InvokeError(http.StatusBadRequest, "BadRequest", t.lang.T("error.action_unreadable")), nil //nolint:nilerr // the answer tells
		case ok:
			t.action = action
			return t.handleAction()
		case len(a.Files()) > 0:
			t.what = "files"
			t.handleFiles(a.Files())
			return teams.Response{}, nil
		case t.isCommand():
			t.handleCommand()
			return teams.Response{}, nil
		}
	case teams.TypeConversationUpdate, teams.TypeInstallationUpdate:
		t.what = string(t.a.Type)
		return teams.Response{}, t.handleLifecycle()
	case teams.TypeMessageReaction:
		return teams.Response{}, t.reaction()
	}
	// Everything else is none of our business, and is neither stored nor logged.
	return teams.Response{}, nil
}

// isCommand reports whether a message is meant for the bot.
func (t *turn) isCommand() bool {
	return t.a.Type == teams.TypeMessage && (t.personal() || t.a.MentionsBot())
}

func (b *Bot) newTurn(ctx context.Context, a *teams.Activity) *turn {
	t := &turn{Bot: b, Logger: b.Logger, ctx: ctx, a: a, at: b.now()}
	if trace := teams.Trace(ctx); trace != "" {
		t.Logger, t.ctx = b.Logger.With("trace", trace), store.WithTrace(ctx, trace)
	}
	t.today = store.DateOf(t.at)
	if a.ID != "" {
		// Ids of messages are unique in their conversation only.
		t.key = a.BaseConversationID() + "|" + a.ID
	}
	t.person = store.Person{ID: strings.ToLower(a.From.AADObjectID), TeamsID: a.From.ID, Name: cards.Clean(a.From.Name), Locale: a.Locale()}
	t.lang = b.personLanguage(t.person)
	return t
}

// event returns when the activity happened: by it, events that arrive out of order are sorted.
func (t *turn) event() time.Time {
	if ts := t.a.Timestamp.Time; !ts.IsZero() && ts.Before(time.Now().Add(time.Hour)) {
		return ts
	}
	return time.Now()
}

// identify fills in who sent the activity and where, from the database. It reports whether the database should learn
// something from the activity; learn does that.
func (t *turn) identify(tx *store.Tx) (news bool, err error) {
	if t.person.ID != "" {
		known, ok, err := tx.Person(t.person.ID)
		if err != nil {
			return false, err
		}
		news = !ok || (t.person.TeamsID != known.TeamsID && t.person.TeamsID != "") || (t.person.Name != known.Name && t.person.Name != "") ||
			(t.person.Locale != known.Locale && t.person.Locale != "")
		if t.personal() {
			news = news || known.ConversationID != t.a.Conversation.ID || known.ServiceURL != t.a.ServiceURL
		}
		known.Locale = first(t.person.Locale, known.Locale)
		known.Name = first(t.person.Name, known.Name)
		known.TeamsID = first(t.person.TeamsID, known.TeamsID)
		t.person = known
	}
	t.lang = t.personLanguage(t.person)
	t.here = store.Channel{ID: t.a.BaseConversationID(), ServiceURL: t.a.ServiceURL}
	if t.personal() {
		return news, nil
	}
	known, err := tx.Channel(t.here.ID)
	if store.IsKind(err, store.KindNotFound) {
		return true, nil
	}
	news = news || known.ServiceURL != t.a.ServiceURL
	t.here = known
	t.here.ServiceURL = t.a.ServiceURL
	return news, err
}

// learn stores what the activity tells of its sender and its conversation.
func (t *turn) learn(tx *store.Tx) error {
	if t.person.ID != "" {
		p := t.person
		if t.personal() {
			p.ConversationID, p.ServiceURL, p.ChatAt = t.a.Conversation.ID, t.a.ServiceURL, t.event()
		}
		if err := tx.MeetPerson(p, t.at); err != nil {
			return err
		}
	}
	if t.personal() {
		return nil
	}
	if err := t.learnPlace(tx); err != nil {
		return err
	}
	known, err := tx.Channel(t.here.ID)
	if err == nil {
		t.here = known
	} else if !store.IsKind(err, store.KindNotFound) {
		return err
	}
	return nil
}

// learnPlace stores the team and channel, or the chat, that a message or a click came from. Only somebody where the app
// is installed can reach the bot, so it is installed there, unless something newer said otherwise.
func (t *turn) learnPlace(tx *store.Tx) error {
	place := store.Channel{ID: t.a.BaseConversationID(), TeamID: t.a.TeamRef(), ServiceURL: t.a.ServiceURL}
	if place.TeamID != "" {
		d := t.a.TeamsData()
		if _, err := tx.TeamSeen(store.Team{ID: place.TeamID, AADGroupID: d.Team.AADGroupID, Name: d.Team.Name, ServiceURL: t.a.ServiceURL}, t.event()); err != nil {
			return err
		}
		if _, err := tx.SetInstalled(place.TeamID, true, t.event()); err != nil {
			return err
		}
		place.ID = first(t.a.ChannelRef(), place.ID)
		place.Name = d.Channel.Name
	} else {
		place.Name = t.a.Conversation.Name
	}
	return tx.ChannelSeen(place, t.event())
}

func (t *turn) personal() bool {
	return t.a.Conversation.ConversationType == teams.ConversationPersonal
}

// hereLang is the language of what everybody here sees.
func (t *turn) hereLang() cards.Lang {
	if t.personal() {
		return t.lang
	}
	return t.language(t.here)
}

func (t *turn) actor() store.Actor { return store.Actor{ID: t.person.ID, Name: t.person.Name} }

// allowed fails with Forbidden unless the sender has one of the roles; with none given, everybody may.
func (t *turn) allowed(tx *store.Tx, roles []store.Role) error {
	if len(roles) == 0 {
		return nil
	}
	for _, r := range roles {
		var ok bool
		var err error
		if r == store.RoleAdmin {
			ok, err = t.isAdmin(tx, t.person.ID, t.today)
		} else if t.person.ID != "" {
			ok, err = tx.HasRole(t.person.ID, t.today, r)
		}
		if ok || err != nil {
			return err
		}
	}
	return store.Forbidden("error.role_needed", "roles", strings.Join(roleNames(t.lang, roles), ", "))
}

func roleNames(l cards.Lang, roles []store.Role) []string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = l.Word("role." + string(r))
	}
	return names
}

// background sends something after the answer, within the bounds of maxReplies. A panic in it costs this answer only.
func (t *turn) background(what string, send func(context.Context) error) {
	t.slots <- struct{}{}
	t.handled.begin()
	ctx, cancel := context.WithTimeout(t.flight, replyTimeout)
	before, done := t.sending, make(chan struct{})
	t.sending = done
	go func() {
		defer func() { close(done); cancel(); <-t.slots; t.handled.end() }()
		if before != nil {
			<-before
		}
		if err := store.Contain("an answer", func() error { return send(ctx) }); err != nil {
			t.Metrics.replies.WithLabelValues("failed").Inc()
			t.Logger.Warn("answer not sent", "what", what, "error", reason(err))
			return
		}
		t.Metrics.replies.WithLabelValues("sent").Inc()
	}()
}

// afterwards does what was left for after the commit and the answer.
func (t *turn) afterwards() {
	for _, fn := range t.later {
		fn()
	}
	t.later = nil
}

// replyTimeout bounds an answer to a command, the waiting for the limits and its retries included.
const replyTimeout = 2 * time.Minute

// replyAttempts is how often an answer is tried. A person who gets none asks again.
const replyAttempts = 4

// reply sends a card to where the activity came from.
func (t *turn) reply(c cards.Card) {
	t.background("reply", func(ctx context.Context) error { return t.send(ctx, c) })
}

// send is reply for what is in the background already.
func (t *turn) send(ctx context.Context, c cards.Card) error {
	out := outgoing(c)
	return teams.Retry(ctx, replyAttempts, func(ctx context.Context) error {
		_, err := t.Client.Reply(ctx, teams.PriorityReply, t.a, out)
		return err
	})
}

// formPlace is the sentence that tells where sendForm sends a form.
func (t *turn) formPlace() string {
	if t.personal() || t.person.ConversationID == "" {
		return t.lang.T("form.sent_here")
	}
	return t.lang.T("form.sent_personally")
}

// sendForm sends a card that only its reader should fill in: to their chat with the bot when there is one, else as a
// reply here.
func (t *turn) sendForm(c cards.Card) {
	if t.personal() || t.person.ConversationID == "" {
		t.reply(c)
		return
	}
	out := outgoing(c)
	t.background("form", func(ctx context.Context) error {
		err := teams.Retry(ctx, replyAttempts, func(ctx context.Context) error {
			_, err := t.Client.Send(ctx, teams.PriorityReply, teams.Conversation{ServiceURL: t.person.ServiceURL, ID: t.person.ConversationID}, out)
			return err
		})
		var sendErr *teams.SendError
		if errors.As(err, &sendErr) && sendErr.Outcome == teams.Final {
			_, err = t.Client.Reply(ctx, teams.PriorityReply, t.a, out)
		}
		return err
	})
}

// sendPrivately sends a card that only the sender may see, to their own chat with the bot.
func (t *turn) sendPrivately(c cards.Card) {
	if t.personal() {
		t.reply(c)
		return
	}
	out := outgoing(c)
	t.background("private answer", func(ctx context.Context) error {
		return teams.Retry(ctx, replyAttempts, func(ctx context.Context) error {
			chat := teams.Conversation{ServiceURL: first(t.person.ServiceURL, t.a.ServiceURL), ID: t.person.ConversationID}
			if chat.ID == "" {
				id, err := t.Client.CreatePersonal(ctx, teams.PriorityReply, chat.ServiceURL, t.a.From.ID)
				if err != nil {
					return err
				}
				chat.ID = id
			}
			_, err := t.Client.Send(ctx, teams.PriorityReply, chat, out)
			return err
		})
	})
}

// outgoing wraps a card as a message.
func outgoing(c cards.Card) teams.Outgoing {
	var content any = c
	if ready := c.Prepared(); ready != nil {
		content = teams.Prepared(ready)
	}
	return teams.Outgoing{Summary: c.Summary, Attachments: []teams.Attachment{teams.CardAttachment(content)}}
}

// fail turns an error into the sentence for its person, and logs what is for the operator.
func (t *turn) fail(what string, err error) string {
	var known *store.Error
	switch {
	case errors.As(err, &known) && known.Kind != store.KindUnavailable:
		t.Logger.Debug("refused", "what", what, "reason", known.Key)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		t.Logger.Warn("request ended before it was answered", "what", what)
	default:
		t.Logger.Error("request failed", "what", what, "error", err)
	}
	return t.lang.Error(err)
}

// reason returns what may be logged or recorded of an error of the connector client: never an address or a name.
func reason(err error) string {
	var sendErr *teams.SendError
	if errors.As(err, &sendErr) {
		return sendErr.Reason()
	}
	return err.Error()
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
