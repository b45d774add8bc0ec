package teamstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/infracloudio/msbotbuilder-go/schema"

	"vuosikello/bot/teams"
)

// Scene builds the activities Teams sends to one bot. Each has an id of its own; sending one twice is how the Connector repeats itself.
type Scene struct {
	ServiceURL string
	TenantID   string
	AppID      string
	BotName    string

	Now func() time.Time // nil means time.Now

	serial atomic.Int64
}

// Person is somebody in Teams.
type Person struct {
	ID          string // Bot Framework id, "29:…"
	AADObjectID string
	Name        string
	Email       string
	Locale      string // of the client; empty means fi-FI
}

// Member is the person as a roster lists them.
func (p Person) Member(tenantID string) teams.Member {
	return teams.Member{
		ID: p.ID, AADObjectID: p.AADObjectID, Name: p.Name, Email: p.Email, UPN: p.Email, Role: "user", TenantID: tenantID,
	}
}

// Place is where something happens: a channel, a group chat or a personal chat.
type Place struct {
	Type           string // teams.ConversationChannel, …Group, …Personal
	ConversationID string // in a channel: the channel's, or a thread's
	Name           string

	TeamID, TeamName, AADGroupID string // channels only
}

// Channel is a place in a team.
func (t Team) Channel(channelID string) Place {
	p := Place{
		Type: teams.ConversationChannel, ConversationID: channelID,
		TeamID: t.ID, TeamName: t.Name, AADGroupID: t.AADGroupID,
	}
	for _, ch := range t.Channels {
		if ch.ID == channelID {
			p.Name = ch.Name
		}
	}
	return p
}

// Thread is the thread of a channel that begins with this message.
func (p Place) Thread(messageID string) Place {
	p.ConversationID = teams.BaseConversationID(p.ConversationID) + ";messageid=" + messageID
	return p
}

// Personal is a person's chat with the bot, as the Connector stand-in names it.
func Personal(p Person) Place {
	return Place{Type: teams.ConversationPersonal, ConversationID: PersonalChat(p.ID)}
}

// Bot is the bot's account.
func (s *Scene) Bot() teams.Account { return teams.Account{ID: "28:" + s.AppID, Name: s.BotName} }

func (s *Scene) activity(kind schema.ActivityTypes, at Place, by Person, eventType string) *teams.Activity {
	now := time.Now()
	if s.Now != nil {
		now = s.Now()
	}
	a := &teams.Activity{
		Timestamp: teams.Time{Time: now.UTC()},
		From:      teams.Account{ID: by.ID, Name: by.Name, AADObjectID: by.AADObjectID},
		Recipient: s.Bot(),
		Conversation: teams.ConversationAccount{
			ID: at.ConversationID, ConversationType: at.Type, TenantID: s.TenantID, IsGroup: at.Type != teams.ConversationPersonal,
		},
	}
	a.Type, a.ChannelID, a.ServiceURL = kind, "msteams", s.ServiceURL
	a.ID = fmt.Sprintf("f:%08x-0000-4000-8000-%012x", s.serial.Add(1), now.UnixNano()&0xffffffffffff)
	locale := by.Locale
	if locale == "" {
		locale = "fi-FI"
	}
	a.Activity.Locale = locale
	data := map[string]any{"tenant": map[string]string{"id": s.TenantID}}
	if eventType != "" {
		data["eventType"] = eventType
	}
	if at.TeamID != "" {
		data["team"] = map[string]string{"id": at.TeamID, "name": at.TeamName, "aadGroupId": at.AADGroupID}
		data["channel"] = map[string]string{"id": teams.BaseConversationID(at.ConversationID), "name": at.Name}
	}
	a.ChannelData = encode(data)
	a.Entities = []json.RawMessage{encode(map[string]string{
		"type": "clientInfo", "locale": locale, "country": "FI", "platform": "Web", "timezone": "Europe/Helsinki",
	})}
	return a
}

func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("teamstest: %v", err))
	}
	return b
}

// Install is the app being added to a place.
func (s *Scene) Install(at Place, by Person) *teams.Activity {
	a := s.activity(teams.TypeInstallationUpdate, at, by, "")
	a.Activity.Action = "add"
	return a
}

// Uninstall is the app being removed from a place.
func (s *Scene) Uninstall(at Place, by Person) *teams.Activity {
	a := s.activity(teams.TypeInstallationUpdate, at, by, "")
	a.Activity.Action = "remove"
	return a
}

// Event is a conversationUpdate of Teams' own kind: channelCreated, channelRenamed, channelDeleted, teamRenamed, …
func (s *Scene) Event(eventType string, at Place, by Person) *teams.Activity {
	a := s.activity(teams.TypeConversationUpdate, at, by, eventType)
	if at.TeamID != "" {
		a.Conversation.ID = at.TeamID
	}
	return a
}

// MembersAdded is people, or the bot (Bot), joining a place.
func (s *Scene) MembersAdded(at Place, by Person, members ...teams.Account) *teams.Activity {
	a := s.Event(memberEvent(at, "teamMemberAdded"), at, by)
	a.MembersAdded = members
	return a
}

// MembersRemoved is people, or the bot (Bot), leaving a place.
func (s *Scene) MembersRemoved(at Place, by Person, members ...teams.Account) *teams.Activity {
	a := s.Event(memberEvent(at, "teamMemberRemoved"), at, by)
	a.MembersRemoved = members
	return a
}

func memberEvent(at Place, eventType string) string {
	if at.TeamID == "" {
		return ""
	}
	return eventType
}

// Message is a message that does not mention the bot.
func (s *Scene) Message(at Place, by Person, text string) *teams.Activity {
	a := s.activity(teams.TypeMessage, at, by, "")
	a.Text, a.TextFormat = text, schema.PLAIN
	return a
}

// Mention is a message that begins with a mention of the bot. "@Name" of the others in the text becomes a mention of them.
func (s *Scene) Mention(at Place, by Person, text string, others ...Person) *teams.Activity {
	tag := "<at>" + s.BotName + "</at>"
	a := s.Message(at, by, tag+" "+text)
	a.Entities = append(a.Entities, encode(map[string]any{"type": "mention", "text": tag, "mentioned": s.Bot()}))
	for _, p := range others {
		tag := "<at>" + p.Name + "</at>"
		a.Text = strings.Replace(a.Text, "@"+p.Name, tag, 1)
		a.Entities = append(a.Entities, encode(map[string]any{
			"type": "mention", "text": tag,
			"mentioned": teams.Account{ID: p.ID, Name: p.Name, AADObjectID: p.AADObjectID},
		}))
	}
	return a
}

// Files is a message with files, as people send them in their own chat.
func (s *Scene) Files(at Place, by Person, files ...teams.File) *teams.Activity {
	a := s.Message(at, by, "")
	// Teams sends the text, empty as it is, as an attachment too.
	a.Attachments = []schema.Attachment{{ContentType: "text/html", Content: "<p></p>"}}
	for _, f := range files {
		a.Attachments = append(a.Attachments, schema.Attachment{
			ContentType: "application/vnd.microsoft.teams.file.download.info", Name: f.Name, ContentURL: "https://contoso.sharepoint.com/personal/" + f.Name,
			Content: map[string]string{"downloadUrl": f.DownloadURL, "uniqueId": "1150D938-8870-4044-9F2C-5BBDEBA70C9D", "fileType": strings.TrimPrefix(path.Ext(f.Name), ".")},
		})
	}
	return a
}

// Click is an Action.Execute on the card of a message.
func (s *Scene) Click(at Place, by Person, messageID, verb string, data any) *teams.Activity {
	a := s.activity(teams.TypeInvoke, at, by, "")
	a.Name, a.ReplyToID = teams.InvokeCardAction, messageID
	a.Value = encode(map[string]any{
		"action":  map[string]any{"type": "Action.Execute", "verb": verb, "data": data},
		"trigger": "manual",
	})
	return a
}

// Submit is an Action.Submit on the card of a message; data must hold the verb.
func (s *Scene) Submit(at Place, by Person, messageID string, data any) *teams.Activity {
	a := s.activity(teams.TypeMessage, at, by, "")
	a.ReplyToID, a.Value = messageID, encode(data)
	return a
}

// Reaction is somebody reacting to a message of the bot.
func (s *Scene) Reaction(at Place, by Person, messageID string, kind schema.MessageReactionTypes) *teams.Activity {
	a := s.activity(teams.TypeMessageReaction, at, by, "")
	a.ReplyToID = messageID
	a.ReactionsAdded = []schema.MessageReaction{{Type: kind}}
	return a
}

// Post sends an activity to a bot, as the Connector does, and returns its answer. authorization is the header's value; "" sends none.
func Post(tb testing.TB, url, authorization string, a *teams.Activity) (status int, body []byte) {
	tb.Helper()
	content, err := json.Marshal(a)
	if err != nil {
		tb.Fatalf("activity: %v", err)
	}
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, url, bytes.NewReader(content))
	if err != nil {
		tb.Fatalf("activity request: %v", err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		tb.Fatalf("activity request: %v", err)
	}
	defer res.Body.Close()
	if body, err = io.ReadAll(res.Body); err != nil {
		tb.Fatalf("activity answer: %v", err)
	}
	return res.StatusCode, body
}
