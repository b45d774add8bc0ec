package teamstest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"vuosikello/bot/teams"
)

// maxMessage is where Teams refuses a message, in bytes.
const maxMessage = 100 << 10

// The routes run with the Connector's lock held.

func (c *Connector) create(r *http.Request, body []byte, rec *Request) answer {
	var p struct {
		IsGroup     bool   `json:"isGroup"`
		TenantID    string `json:"tenantId"`
		Members     []struct{ ID string }
		ChannelData struct{ Channel struct{ ID string } }
		Activity    json.RawMessage
	}
	if json.Unmarshal(body, &p) != nil {
		return answer{status: http.StatusBadRequest, code: "BadSyntax"}
	}
	if !p.IsGroup {
		rec.Op = "personal"
		if len(p.Members) != 1 || p.Members[0].ID == "" || p.TenantID == "" {
			return answer{status: http.StatusBadRequest, code: "BadSyntax"}
		}
		member := p.Members[0].ID
		if code := c.gone[member]; code != "" {
			return answer{status: http.StatusForbidden, code: code}
		}
		id := PersonalChat(member)
		c.known[id] = true
		rec.ConversationID = id
		return answer{status: http.StatusCreated, body: map[string]string{"id": id}}
	}
	channel := p.ChannelData.Channel.ID
	rec.ConversationID, rec.Content = channel, p.Activity
	if channel == "" || p.TenantID == "" || len(p.Activity) == 0 {
		return answer{status: http.StatusBadRequest, code: "BadSyntax"}
	}
	if refusal := c.refusal(channel); refusal.status != 0 {
		return refusal
	}
	id := c.newID()
	thread := channel + ";messageid=" + id
	if refusal := c.post(thread, id, p.Activity); refusal.status != 0 {
		return refusal
	}
	rec.ConversationID, rec.ActivityID = thread, id
	return answer{status: http.StatusCreated, body: map[string]string{"id": thread, "activityId": id}}
}

// PersonalChat is the id of the stand-in's personal chat with a person.
func PersonalChat(memberID string) string {
	sum := sha256.Sum256([]byte(memberID))
	return "a:1" + hex.EncodeToString(sum[:20])
}

func (c *Connector) send(r *http.Request, body []byte, rec *Request) answer {
	rec.Content = body
	if refusal := c.refusal(rec.ConversationID); refusal.status != 0 {
		return refusal
	}
	id := c.newID()
	if refusal := c.post(rec.ConversationID, id, body); refusal.status != 0 {
		return refusal
	}
	rec.ActivityID = id
	return answer{status: http.StatusCreated, body: map[string]string{"id": id}}
}

func (c *Connector) update(r *http.Request, body []byte, rec *Request) answer {
	rec.ActivityID, rec.Content = r.PathValue("activity"), body
	if refusal := c.refusal(rec.ConversationID); refusal.status != 0 {
		return refusal
	}
	if refusal := c.check(body); refusal.status != 0 {
		return refusal
	}
	m := c.messages[messageKey{rec.ConversationID, rec.ActivityID}]
	if m == nil || m.Deleted {
		return answer{status: http.StatusNotFound, code: teams.CodeActivityNotFoundInReply}
	}
	m.Content = body
	m.Updates++
	return answer{status: http.StatusOK, body: map[string]string{"id": rec.ActivityID}}
}

func (c *Connector) remove(r *http.Request, _ []byte, rec *Request) answer {
	rec.ActivityID = r.PathValue("activity")
	if refusal := c.refusal(rec.ConversationID); refusal.status != 0 {
		return refusal
	}
	m := c.messages[messageKey{rec.ConversationID, rec.ActivityID}]
	if m == nil {
		return answer{status: http.StatusNotFound, code: teams.CodeActivityNotFoundInReply}
	}
	m.Deleted = true
	return answer{status: http.StatusOK}
}

func (c *Connector) members(r *http.Request, _ []byte, rec *Request) answer {
	if refusal := c.refusal(rec.ConversationID); refusal.status != 0 {
		return refusal
	}
	roster := c.rosters[teams.BaseConversationID(rec.ConversationID)]
	list := make([]wireMember, len(roster))
	for i, m := range roster {
		list[i] = wire(m)
		list[i].ObjectID, list[i].AADObjectID = m.AADObjectID, ""
	}
	return answer{status: http.StatusOK, body: list}
}

func (c *Connector) pagedMembers(r *http.Request, _ []byte, rec *Request) answer {
	if refusal := c.refusal(rec.ConversationID); refusal.status != 0 {
		return refusal
	}
	roster := c.rosters[teams.BaseConversationID(rec.ConversationID)]
	size, err := strconv.Atoi(r.URL.Query().Get("pageSize"))
	if err != nil || size <= 0 || size > c.cfg.PageSize {
		size = c.cfg.PageSize
	}
	from := 0
	if token := r.URL.Query().Get("continuationToken"); token != "" {
		if from, err = strconv.Atoi(strings.TrimPrefix(token, "page/+=")); err != nil || from < 0 || from > len(roster) {
			return answer{status: http.StatusBadRequest, code: "BadArgument"}
		}
	}
	to := min(from+size, len(roster))
	page := struct {
		Members           []wireMember `json:"members"`
		ContinuationToken string       `json:"continuationToken,omitempty"`
	}{Members: []wireMember{}}
	for _, m := range roster[from:to] {
		page.Members = append(page.Members, wire(m))
	}
	if to < len(roster) {
		page.ContinuationToken = "page/+=" + strconv.Itoa(to)
	}
	return answer{status: http.StatusOK, body: page}
}

type wireMember struct {
	ID                string `json:"id"`
	AADObjectID       string `json:"aadObjectId,omitempty"`
	ObjectID          string `json:"objectId,omitempty"`
	Name              string `json:"name"`
	Email             string `json:"email,omitempty"`
	UserPrincipalName string `json:"userPrincipalName,omitempty"`
	UserRole          string `json:"userRole,omitempty"`
	TenantID          string `json:"tenantId,omitempty"`
}

func wire(m teams.Member) wireMember {
	return wireMember{
		ID: m.ID, AADObjectID: m.AADObjectID, Name: m.Name, Email: m.Email,
		UserPrincipalName: m.UPN, UserRole: m.Role, TenantID: m.TenantID,
	}
}

func (c *Connector) team(r *http.Request, _ []byte, rec *Request) answer {
	rec.ConversationID = r.PathValue("team")
	t, ok := c.teams[rec.ConversationID]
	if refusal := c.refusal(rec.ConversationID); refusal.status != 0 || !ok {
		return orNotFound(refusal)
	}
	return answer{status: http.StatusOK, body: map[string]any{
		"id": t.ID, "name": t.Name, "aadGroupId": t.AADGroupID,
		"channelCount": len(t.Channels), "memberCount": len(t.Members),
	}}
}

func (c *Connector) channels(r *http.Request, _ []byte, rec *Request) answer {
	rec.ConversationID = r.PathValue("team")
	t, ok := c.teams[rec.ConversationID]
	if refusal := c.refusal(rec.ConversationID); refusal.status != 0 || !ok {
		return orNotFound(refusal)
	}
	list := make([]map[string]string, 0, len(t.Channels))
	for _, ch := range t.Channels {
		entry := map[string]string{"id": ch.ID, "type": "standard"}
		if ch.Type != "" {
			entry["type"] = ch.Type
		}
		if ch.ID != t.ID { // the General channel comes without a name
			entry["name"] = ch.Name
		}
		list = append(list, entry)
	}
	return answer{status: http.StatusOK, body: map[string]any{"conversations": list}}
}

func orNotFound(refusal answer) answer {
	if refusal.status != 0 {
		return refusal
	}
	return answer{status: http.StatusNotFound, code: teams.CodeConversationNotFound}
}

// refusal says why a conversation cannot be used; status 0 means that it can.
func (c *Connector) refusal(conversationID string) answer {
	base := teams.BaseConversationID(conversationID)
	for _, id := range []string{conversationID, base} {
		if code := c.gone[id]; code != "" {
			return answer{status: http.StatusForbidden, code: code}
		}
	}
	if c.cfg.Strict && !c.known[base] {
		return answer{status: http.StatusNotFound, code: teams.CodeConversationNotFound}
	}
	return answer{}
}

func (c *Connector) post(conversationID, activityID string, content []byte) answer {
	if refusal := c.check(content); refusal.status != 0 {
		return refusal
	}
	if !c.cfg.Discard {
		c.messages[messageKey{conversationID, activityID}] = &Message{
			ConversationID: conversationID, ActivityID: activityID, Content: content,
		}
	}
	return answer{}
}

func (c *Connector) check(content []byte) answer {
	if len(content) > maxMessage {
		return answer{status: http.StatusRequestEntityTooLarge, code: teams.CodeMessageSizeTooBig}
	}
	if c.cfg.Discard {
		return answer{}
	}
	var a struct{ Type string }
	if json.Unmarshal(content, &a) != nil || a.Type == "" {
		return answer{status: http.StatusBadRequest, code: "BadSyntax"}
	}
	return answer{}
}

// newID is a message id as Teams gives them: the time in milliseconds, each used once.
func (c *Connector) newID() string {
	c.lastID = max(c.lastID+1, time.Now().UnixMilli())
	return strconv.FormatInt(c.lastID, 10)
}
