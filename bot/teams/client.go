package teams

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/infracloudio/msbotbuilder-go/schema"
)

// Attachment is one attachment of a message; Content is marshalled as it is and may be a json.RawMessage.
type Attachment = schema.Attachment

// ContentTypeAdaptiveCard is the content type of an Adaptive Card attachment.
const ContentTypeAdaptiveCard = typeAdaptiveCard

// CardAttachment wraps an Adaptive Card, any value that marshals to one.
func CardAttachment(card any) Attachment {
	return Attachment{ContentType: ContentTypeAdaptiveCard, Content: card}
}

// Outgoing is a message to post. Summary is what a notification shows for a message that is only a card: always set it then.
// Keep the whole under 80 KB; Teams refuses about 100 KB.
type Outgoing struct {
	Type        string       `json:"type"` // empty means "message"
	Text        string       `json:"text,omitempty"`
	TextFormat  string       `json:"textFormat,omitempty"` // "plain", "markdown", "xml"
	Summary     string       `json:"summary,omitempty"`
	Attachments []Attachment `json:"attachments,omitempty"`
	Entities    []any        `json:"entities,omitempty"`
	ChannelData any          `json:"channelData,omitempty"`
	ReplyToID   string       `json:"replyToId,omitempty"`
}

// Conversation is where to send: the newest service URL seen in a checked activity of the conversation, and its id. In a channel, the id with
// ";messageid=…" is a thread.
type Conversation struct {
	ServiceURL string
	ID         string
}

// Sent is what the Connector calls a posted message. ActivityID is "" when it accepted the message without naming it; such a message cannot be
// updated later.
type Sent struct {
	ConversationID string
	ActivityID     string
}

// ClientConfig configures a Client.
type ClientConfig struct {
	HTTP    *http.Client // nil means one fit for the Connector; redirects are never followed
	Tokens  TokenSource  // nil sends no Authorization header: local mode
	Limiter *Limiter     // nil means one with the documented limits

	AppID    string // the bot's app id; its account in Teams is "28:" and this
	BotName  string
	TenantID string

	// LoopbackOnly refuses every service URL that is not on this machine: local mode.
	LoopbackOnly bool

	// Observe is told of each attempt that reached the network: the operation, the HTTP status (0 when there was no answer) and how
	// long it took without the wait for the limits. It may be nil.
	Observe func(op string, status int, took time.Duration)
}

// Client talks to the Bot Connector. Each call is one attempt; its errors are *SendError, except for arguments that can never work, which
// are *SendError too with Outcome Final. It is safe for concurrent use.
type Client struct {
	cfg  ClientConfig
	http *http.Client
	self atomic.Pointer[Identity]
}

// Identity is who the bot is: its account, "28:" and the app id, and its tenant.
type Identity struct{ BotID, TenantID string }

// Learn tells the client who it is, as activities name their recipient and tenant. It is for local mode, where nothing
// is configured; what is configured stays.
func (c *Client) Learn(self Identity) { c.self.Store(&self) }

func (c *Client) tenant() string {
	if self := c.self.Load(); self != nil && c.cfg.TenantID == "" {
		return self.TenantID
	}
	return c.cfg.TenantID
}

const (
	// attemptTimeout is for one attempt from dialling to the last byte of the answer, after the wait for the limits.
	attemptTimeout = 30 * time.Second

	// idleTimeout is shorter than the Connector's front ends keep idle connections, since a post written to a connection that is just being
	// closed is one of which nobody knows whether it arrived.
	idleTimeout = 30 * time.Second

	connsPerHost = 64
)

// NewClient returns a Client for cfg.
func NewClient(cfg ClientConfig) *Client {
	if cfg.Limiter == nil {
		cfg.Limiter = NewLimiter(Limits{})
	}
	client := http.Client{}
	if cfg.HTTP != nil {
		client = *cfg.HTTP
	} else {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.IdleConnTimeout = idleTimeout
		transport.MaxIdleConnsPerHost = connsPerHost
		client.Transport = transport
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{cfg: cfg, http: &client}
}

// Limiter is the client's limiter.
func (c *Client) Limiter() *Limiter { return c.cfg.Limiter }

type conversationParameters struct {
	IsGroup     bool           `json:"isGroup"`
	Bot         *Account       `json:"bot,omitempty"`
	Members     []Account      `json:"members,omitempty"`
	TenantID    string         `json:"tenantId,omitempty"`
	ChannelData map[string]any `json:"channelData,omitempty"`
	Activity    *message       `json:"activity,omitempty"`
}

// message is Outgoing with the bot as its sender and the conversation it goes to.
type message struct {
	Outgoing
	From         *Account             `json:"from,omitempty"`
	Conversation *ConversationAccount `json:"conversation,omitempty"`

	parts []Prepared
}

// prepared returns the contents for which placeholders stand.
func (m *message) prepared() []Prepared { return m.parts }

func (p conversationParameters) prepared() []Prepared {
	if p.Activity == nil {
		return nil
	}
	return p.Activity.parts
}

type resource struct {
	ID         string `json:"id"`
	ActivityID string `json:"activityId"`
}

func (c *Client) bot() *Account {
	if self := c.self.Load(); self != nil && c.cfg.AppID == "" && self.BotID != "" {
		return &Account{ID: self.BotID, Name: c.cfg.BotName}
	}
	if c.cfg.AppID == "" {
		return nil
	}
	return &Account{ID: "28:" + c.cfg.AppID, Name: c.cfg.BotName}
}

func (c *Client) message(out Outgoing, conversationID string) *message {
	if out.Type == "" {
		out.Type = string(TypeMessage)
	}
	parts := out.setPrepared()
	m := &message{Outgoing: out, From: c.bot(), parts: parts}
	if conversationID != "" {
		m.Conversation = &ConversationAccount{ID: conversationID}
	}
	return m
}

func (c *Client) tenantData() map[string]any {
	data := map[string]any{}
	if id := c.tenant(); id != "" {
		data["tenant"] = map[string]string{"id": id}
	}
	return data
}

// CreateThread starts a new thread in a channel. The Sent's conversation is the thread: "{channel};messageid={root}".
func (c *Client) CreateThread(ctx context.Context, p Priority, serviceURL, teamsChannelID string, out Outgoing) (Sent, error) {
	data := c.tenantData()
	data["channel"] = map[string]string{"id": teamsChannelID}
	var answer resource
	err := c.do(ctx, call{
		op: "create", method: http.MethodPost, priority: p, kind: KindCreate, limitBy: teamsChannelID, serviceURL: serviceURL,
		path: []string{"v3", "conversations"}, need: []string{teamsChannelID},
		body: conversationParameters{
			IsGroup: true, Bot: c.bot(), TenantID: c.tenant(), ChannelData: data, Activity: c.message(out, ""),
		},
	}, &answer)
	if err != nil {
		return Sent{}, err
	}
	switch {
	case answer.ID == "" && answer.ActivityID == "":
		return Sent{}, &SendError{Op: "create", Outcome: Unknown, Status: http.StatusOK, Err: errors.New("the answer names no conversation")}
	case answer.ID == "":
		answer.ID = ThreadID(teamsChannelID, answer.ActivityID)
	case answer.ActivityID == "":
		_, answer.ActivityID, _ = strings.Cut(answer.ID, ";messageid=")
	}
	return Sent{ConversationID: answer.ID, ActivityID: answer.ActivityID}, nil
}

// CreatePersonal opens the personal chat with a person, or finds the one that exists, and returns its id. memberID is the person's Bot Framework id or AAD
// object id; the app must be installed for them.
func (c *Client) CreatePersonal(ctx context.Context, p Priority, serviceURL, memberID string) (string, error) {
	var answer resource
	err := c.do(ctx, call{
		op: "personal", method: http.MethodPost, priority: p, kind: KindCreate, limitBy: memberID, serviceURL: serviceURL,
		path: []string{"v3", "conversations"}, need: []string{memberID}, idempotent: true,
		body: conversationParameters{
			Bot: c.bot(), Members: []Account{{ID: memberID}}, TenantID: c.tenant(), ChannelData: c.tenantData(),
		},
	}, &answer)
	if err != nil {
		return "", err
	}
	if answer.ID == "" {
		return "", &SendError{Op: "personal", Outcome: Retryable, Status: http.StatusOK, Err: errors.New("the answer names no conversation")}
	}
	return answer.ID, nil
}

// Send posts to a conversation; to a thread when its id is one.
func (c *Client) Send(ctx context.Context, p Priority, to Conversation, out Outgoing) (Sent, error) {
	return c.post(ctx, p, "send", to, []string{"v3", "conversations", to.ID, "activities"}, out)
}

// Reply answers an activity in its conversation. Only a message can be replied to by name; answers to anything else go to
// the conversation, which in a channel is the thread.
func (c *Client) Reply(ctx context.Context, p Priority, a *Activity, out Outgoing) (Sent, error) {
	to := a.Ref()
	path := []string{"v3", "conversations", to.ID, "activities"}
	if a.Type == TypeMessage && a.ID != "" {
		out.ReplyToID = a.ID
		path = append(path, a.ID)
	}
	return c.post(ctx, p, "reply", to, path, out)
}

func (c *Client) post(ctx context.Context, p Priority, op string, to Conversation, path []string, out Outgoing) (Sent, error) {
	var answer resource
	err := c.do(ctx, call{
		op: op, method: http.MethodPost, priority: p, kind: KindSend, limitBy: to.ID, serviceURL: to.ServiceURL,
		path: path, need: []string{to.ID}, body: c.message(out, to.ID),
	}, &answer)
	if err != nil {
		return Sent{}, err
	}
	return Sent{ConversationID: to.ID, ActivityID: answer.ID}, nil
}

// Update replaces a message the bot has posted.
func (c *Client) Update(ctx context.Context, p Priority, in Conversation, activityID string, out Outgoing) error {
	m := struct {
		*message
		ID string `json:"id"`
	}{c.message(out, in.ID), activityID}
	return c.do(ctx, call{
		op: "update", method: http.MethodPut, priority: p, kind: KindSend, limitBy: in.ID, serviceURL: in.ServiceURL,
		path: []string{"v3", "conversations", in.ID, "activities", activityID}, need: []string{in.ID, activityID},
		idempotent: true, body: m,
	}, nil)
}

// Delete removes a message the bot has posted.
func (c *Client) Delete(ctx context.Context, p Priority, in Conversation, activityID string) error {
	return c.do(ctx, call{
		op: "delete", method: http.MethodDelete, priority: p, kind: KindSend, limitBy: in.ID, serviceURL: in.ServiceURL,
		path: []string{"v3", "conversations", in.ID, "activities", activityID}, need: []string{in.ID, activityID},
		idempotent: true,
	}, nil)
}

// endpoint builds the address of a call. Ids hold ':', '@', ';' and '=' and are escaped as path segments.
func (c *Client) endpoint(k call) (*url.URL, error) {
	base, err := url.Parse(k.serviceURL)
	if err != nil || base.Host == "" {
		return nil, errors.New("the service URL is missing or not a URL")
	}
	if c.cfg.LoopbackOnly && !loopback(base.Hostname()) {
		return nil, errors.New("local mode sends only to this machine, and the service URL is elsewhere")
	}
	if !secureURL(base) {
		return nil, errors.New("the service URL is not https")
	}
	if base.User != nil || base.RawQuery != "" || base.ForceQuery || base.Fragment != "" {
		return nil, errors.New("the service URL holds more than a host and a path")
	}
	for _, id := range slices.Concat(k.need, k.path) {
		if id == "" || id == "." || id == ".." { // which would lead to another address
			return nil, errors.New("an id that the request needs is empty or is none")
		}
	}
	var address strings.Builder
	address.WriteString(strings.TrimSuffix(base.String(), "/"))
	for _, segment := range k.path {
		address.WriteByte('/')
		address.WriteString(strings.ReplaceAll(url.PathEscape(segment), ":", "%3A"))
	}
	if len(k.query) > 0 {
		address.WriteString("?" + k.query.Encode())
	}
	u, err := url.Parse(address.String())
	if err != nil {
		return nil, fmt.Errorf("the request's address cannot be built: %w", err)
	}
	return u, nil
}
