package teams

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/infracloudio/msbotbuilder-go/schema"
)

// Activity types and invoke names this package looks at. Others pass through as they are.
const (
	TypeMessage            = schema.Message
	TypeInvoke             = schema.Invoke
	TypeConversationUpdate = schema.ConversationUpdate
	TypeInstallationUpdate = schema.InstallationUpdate
	TypeMessageReaction    = schema.MsgReaction

	InvokeCardAction = "adaptiveCard/action"
)

// Conversation types as Teams writes them in conversation.conversationType.
const (
	ConversationChannel  = "channel"
	ConversationGroup    = "groupChat"
	ConversationPersonal = "personal"
)

// maxDepth bounds the nesting of an incoming activity. Card forms are a handful of levels deep; the bound keeps everything
// that later walks value or channelData shallow too.
const maxDepth = 64

// Activity is one incoming Bot Framework activity. It is schema.Activity with those fields replaced that lose or invent
// something on the way: times (written as year 0001 when absent), accounts (no omitzero), entities (mentions vanish), value and
// channelData (need not be objects).
//
// The methods Action and Locale hide fields of the embedded struct: what an installationUpdate did ("add", "remove", …) is a.Activity.Action.
type Activity struct {
	schema.Activity

	Timestamp      Time `json:"timestamp,omitzero"`
	LocalTimestamp Time `json:"localTimestamp,omitzero"`
	Expiration     Time `json:"expiration,omitzero"`

	From         Account             `json:"from,omitzero"`
	Recipient    Account             `json:"recipient,omitzero"`
	Conversation ConversationAccount `json:"conversation,omitzero"`

	MembersAdded   []Account `json:"membersAdded,omitempty"`
	MembersRemoved []Account `json:"membersRemoved,omitempty"`

	Entities    []json.RawMessage `json:"entities,omitempty"`
	Value       json.RawMessage   `json:"value,omitempty"`
	ChannelData json.RawMessage   `json:"channelData,omitempty"`

	SuggestedActions *schema.SuggestedActions      `json:"suggestedActions,omitempty"`
	SemanticAction   *schema.SemanticAction        `json:"semanticAction,omitempty"`
	RelatesTo        *schema.ConversationReference `json:"relatesTo,omitempty"`

	teams *ChannelData // channelData as decoded by DecodeActivity; nil on activities built by hand
}

// Account is a person or a bot in a conversation. ID is the Bot Framework's ("29:…" for people, "28:…" for bots);
// AADObjectID is the one to authorise by. Names are for showing only.
type Account struct {
	ID          string `json:"id,omitempty"`
	Name        string `json:"name,omitempty"`
	AADObjectID string `json:"aadObjectId,omitempty"`
	Role        string `json:"role,omitempty"`
}

// ConversationAccount is the conversation an activity belongs to. In a channel the ID of a message's conversation is
// "{channel};messageid={root}"; see BaseConversationID.
type ConversationAccount struct {
	ID               string `json:"id,omitempty"`
	Name             string `json:"name,omitempty"`
	ConversationType string `json:"conversationType,omitempty"`
	TenantID         string `json:"tenantId,omitempty"`
	IsGroup          bool   `json:"isGroup,omitempty"`
}

// Time is an activity's timestamp. It is zero when the activity had none or one that cannot be read: a strange clock on the
// other side is no reason to refuse a message.
type Time struct{ time.Time }

// UnmarshalJSON reads RFC 3339 and leaves anything else as the zero time. It never fails.
func (t *Time) UnmarshalJSON(b []byte) error {
	t.Time = time.Time{}
	if len(b) < 2 || b[0] != '"' {
		return nil
	}
	if parsed, err := time.Parse(time.RFC3339Nano, string(b[1:len(b)-1])); err == nil {
		t.Time = parsed
	}
	return nil
}

// ChannelData is what Teams adds to an activity. All fields may be empty.
type ChannelData struct {
	EventType string `json:"eventType"`
	Tenant    struct {
		ID string `json:"id"`
	} `json:"tenant"`
	Team struct {
		ID         string `json:"id"`
		Name       string `json:"name"`
		AADGroupID string `json:"aadGroupId"`
	} `json:"team"`
	Channel struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Type string `json:"type"`
	} `json:"channel"`
	Settings struct {
		SelectedChannel struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"selectedChannel"`
	} `json:"settings"`
	TeamsTeamID    string `json:"teamsTeamId"`
	TeamsChannelID string `json:"teamsChannelId"`
}

// ErrNotActivity is wrapped by every error of DecodeActivity: the body is not something to act upon (HTTP 400).
var ErrNotActivity = errors.New("not an activity")

// DecodeActivity reads one activity. It refuses, wrapping ErrNotActivity, what is not UTF-8, not JSON, not an object, nested deeper than 64
// levels, without a type, or has known fields of the wrong type. The error holds nothing of the content.
// Unknown fields are ignored; unreadable times, entities and channelData are left empty.
func DecodeActivity(body []byte) (*Activity, error) {
	if !utf8.Valid(body) {
		return nil, fmt.Errorf("%w: the body is not UTF-8", ErrNotActivity)
	}
	if tooDeep(body) {
		return nil, fmt.Errorf("%w: nested deeper than %d levels", ErrNotActivity, maxDepth)
	}
	a := new(Activity)
	if err := json.Unmarshal(body, a); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrNotActivity, decodeReason(err))
	}
	if a.Type == "" {
		return nil, fmt.Errorf("%w: no type", ErrNotActivity)
	}
	data := decodeChannelData(a.ChannelData)
	a.teams = &data
	return a, nil
}

// decodeReason names the place of a JSON error and leaves out its content, which is a stranger's text.
func decodeReason(err error) string {
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrongType) && wrongType.Field != "":
		return "wrong type at " + wrongType.Field
	case errors.As(err, &wrongType):
		return "not a JSON object"
	case errors.As(err, &syntax):
		return fmt.Sprintf("not JSON at byte %d", syntax.Offset)
	}
	return "not JSON"
}

// tooDeep scans brackets outside strings. It runs before the decoder, which would recurse.
func tooDeep(body []byte) bool {
	depth := 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			for i++; i < len(body) && body[i] != '"'; i++ {
				if body[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			if depth++; depth > maxDepth {
				return true
			}
		case '}', ']':
			depth--
		}
	}
	return false
}

func decodeChannelData(raw json.RawMessage) ChannelData {
	var d ChannelData
	if len(raw) == 0 || raw[0] != '{' {
		return d
	}
	// A field of an unexpected type keeps the others: Unmarshal goes on after a type error, and the
	// syntax was checked with the activity.
	_ = json.Unmarshal(raw, &d)
	return d
}

// TeamsData is the activity's channelData as Teams fills it; fields it does not have, or has in another type, are empty.
func (a *Activity) TeamsData() ChannelData {
	if a.teams != nil {
		return *a.teams
	}
	return decodeChannelData(a.ChannelData)
}

// TenantID is the tenant the activity came from: channelData.tenant.id, else conversation.tenantId, else "".
func (a *Activity) TenantID() string {
	if id := a.TeamsData().Tenant.ID; id != "" {
		return id
	}
	return a.Conversation.TenantID
}

// ChannelRef is the Teams channel the activity happened in, "" outside channels.
func (a *Activity) ChannelRef() string {
	d := a.TeamsData()
	switch {
	case d.Channel.ID != "":
		return d.Channel.ID
	case d.TeamsChannelID != "":
		return d.TeamsChannelID
	case a.Conversation.ConversationType == ConversationChannel:
		return a.BaseConversationID()
	}
	return ""
}

// TeamRef is the id of the team the activity happened in (the Bot Framework's "19:…", not the AAD group), "" outside teams.
func (a *Activity) TeamRef() string {
	d := a.TeamsData()
	if d.Team.ID != "" {
		return d.Team.ID
	}
	return d.TeamsTeamID
}

// BaseConversationID is the conversation without ";messageid=…": the channel itself rather than one of its threads.
func (a *Activity) BaseConversationID() string { return BaseConversationID(a.Conversation.ID) }

// ThreadID is the conversation of the thread under a message of a channel.
func ThreadID(channelID, messageID string) string {
	return BaseConversationID(channelID) + ";messageid=" + messageID
}

// BaseConversationID cuts ";messageid=…" off a conversation id.
func BaseConversationID(id string) string {
	base, _, _ := strings.Cut(id, ";messageid=")
	return base
}

// Ref is where an answer to the activity goes.
func (a *Activity) Ref() Conversation {
	return Conversation{ServiceURL: a.ServiceURL, ID: a.Conversation.ID}
}

// Locale is the language of the sender's client as a BCP 47 tag ("fi-FI"): the activity's own locale, else that of its clientInfo
// entity, else "".
func (a *Activity) Locale() string {
	if a.Activity.Locale != "" {
		return a.Activity.Locale
	}
	for _, raw := range a.Entities {
		var e struct{ Type, Locale string }
		if json.Unmarshal(raw, &e) == nil && e.Type == "clientInfo" && e.Locale != "" {
			return e.Locale
		}
	}
	return ""
}

// CardAction is a click on one of the bot's cards.
type CardAction struct {
	Verb      string
	Data      json.RawMessage // always a JSON object
	Submit    bool            // came as Action.Submit, a message: there is no card to answer with
	Automatic bool            // the client refreshed the card by itself (value.trigger); nobody clicked
}

// Decode reads the action's data into a struct.
func (c CardAction) Decode(into any) error {
	if err := json.Unmarshal(c.Data, into); err != nil {
		return fmt.Errorf("card action data: %s", decodeReason(err))
	}
	return nil
}

// Action is the card action an activity carries: an adaptiveCard/action invoke, or a message without text whose value is an object with
// a verb (Action.Submit, which clients without Action.Execute fall back to). ok is false for everything else. The error is
// for an invoke that claims to be an action and is not one; it is answered with InvokeError(400, …).
func (a *Activity) Action() (action CardAction, ok bool, err error) {
	switch {
	case a.Type == TypeInvoke && a.Name == InvokeCardAction:
		action, err = executeAction(a.Value)
		return action, err == nil, err
	case a.Type == TypeMessage && strings.TrimSpace(a.Text) == "":
		action, ok = submitAction(a.Value)
		return action, ok, nil
	}
	return CardAction{}, false, nil
}

func executeAction(value json.RawMessage) (CardAction, error) {
	var v struct {
		Action struct {
			Verb string          `json:"verb"`
			Data json.RawMessage `json:"data"`
		} `json:"action"`
		Trigger string `json:"trigger"`
	}
	if len(value) == 0 {
		return CardAction{}, errors.New("card action without a value")
	}
	if err := json.Unmarshal(value, &v); err != nil {
		return CardAction{}, fmt.Errorf("card action: %s", decodeReason(err))
	}
	if v.Action.Verb == "" {
		return CardAction{}, errors.New("card action without a verb")
	}
	data := bytes.TrimSpace(v.Action.Data)
	if len(data) == 0 || bytes.Equal(data, []byte("null")) {
		data = []byte("{}")
	}
	if data[0] != '{' {
		return CardAction{}, errors.New("card action data is not an object")
	}
	return CardAction{Verb: v.Action.Verb, Data: data, Automatic: v.Trigger == "automatic"}, nil
}

func submitAction(value json.RawMessage) (CardAction, bool) {
	var v struct {
		Verb string `json:"verb"`
	}
	if len(value) == 0 || value[0] != '{' || json.Unmarshal(value, &v) != nil || v.Verb == "" {
		return CardAction{}, false
	}
	return CardAction{Verb: v.Verb, Data: value, Submit: true}, true
}
