package graphtest

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// Channel is a channel of a team.
type Channel struct {
	store.ChannelRef
	Members  []Member
	Messages []Message

	pages map[string][]byte // by what was asked for, until the channel changes: large ones take longer to write than to send
}

// Member is somebody who can see a channel.
type Member struct {
	PersonID string // AAD object id
	TenantID string // home organisation
	Name     string
	Email    string
	Roles    []string // owner, guest
	Kind     string   // of account, without "ConversationMember"; "" is aadUser
	Team     string   // of an indirect member: the team with which the channel is shared
}

// Message is a thread's first message, or a reply.
type Message struct {
	ID        string // the activity id; "" takes one from the time
	At        time.Time
	PersonID  string // who wrote it, "" for an app or somebody who is gone
	App       string // the app that wrote it
	System    bool   // Teams wrote it, about the channel
	Card      string // the content of its card, JSON
	Text      string
	Reactions []Reaction
	Replies   []Message
	Deleted   bool
}

// Reaction is a person's reaction to a message.
type Reaction struct {
	PersonID string // "" for somebody who is gone
	Kind     string // like, heart, … or an emoji
	At       time.Time
}

const (
	maxMembers  = 999  // on a page
	maxMessages = 50   // on a page
	maxExpanded = 1000 // replies that come with a message
)

// SetChannel adds a channel, or puts another in its place.
func (s *Server) SetChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.Messages, c.pages = slices.Clone(c.Messages), make(map[string][]byte)
	s.channels[c.ChannelRef] = &c
}

// RemoveChannel deletes a channel.
func (s *Server) RemoveChannel(ref store.ChannelRef) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.channels, ref)
}

// ChangeChannel changes a channel as it stands.
func (s *Server) ChangeChannel(ref store.ChannelRef, change func(*Channel)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.channels[ref]
	if !ok {
		return errors.New("graphtest: no such channel")
	}
	change(c)
	clear(c.pages)
	return nil
}

// ChangeMessage changes a message of a channel: reactions and replies, or that it was deleted.
func (s *Server) ChangeMessage(ref store.ChannelRef, id string, change func(*Message)) error {
	err := errors.New("graphtest: no such message")
	if missing := s.ChangeChannel(ref, func(c *Channel) {
		for i := range c.Messages {
			if c.Messages[i].id() == id {
				change(&c.Messages[i])
				err = nil
			}
		}
	}); missing != nil {
		return missing
	}
	return err
}

// Consent has a team's owner grant permissions for that team.
func (s *Server) Consent(groupID string, permissions ...Permission) {
	s.mu.Lock()
	defer s.mu.Unlock()
	given := s.consents[groupID]
	if given == nil {
		given = make(map[Permission]bool)
		s.consents[groupID] = given
	}
	for _, p := range permissions {
		given[p] = true
	}
}

// channel checks what Teams checks of a request about a channel. It is called with the lock held, as is everything below.
func (s *Server) channel(next func(http.ResponseWriter, *http.Request, *Channel), tenant, team Permission) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ref := store.ChannelRef{GroupID: r.PathValue("team"), ChannelID: r.PathValue("channel")}
		c, ok := s.channels[ref]
		switch {
		case s.withheld[tenant] && !s.consents[ref.GroupID][team]:
			refuse(w, http.StatusForbidden, "Forbidden", "Missing role permissions on the request. API requires one of '"+
				string(tenant)+", "+string(team)+"'. Roles on the request ''.")
		case !ok:
			refuse(w, http.StatusNotFound, "NotFound", "NotFound")
		default:
			asked := r.URL.Path + "?" + r.URL.Query().Encode() + strconv.Itoa(s.pageMost)
			page, ok := c.pages[asked]
			if !ok {
				answer := httptest.NewRecorder()
				if next(answer, r, c); answer.Code != http.StatusOK {
					maps.Copy(w.Header(), answer.Header())
					w.WriteHeader(answer.Code)
				}
				if page = answer.Body.Bytes(); answer.Code == http.StatusOK {
					c.pages[asked] = page
				}
			}
			w.Header().Set("Content-Type", jsonType)
			_, _ = w.Write(page) // the error is that of a client gone away
		}
	}
}

// part is a part of a list of n things for a request: from where its $skiptoken says, as many as its $top, within a page's most.
func (s *Server) part(r *http.Request, usual, most, n int) (from, to int, next string) {
	query := r.URL.Query()
	size := usual
	if top, err := strconv.Atoi(query.Get("$top")); err == nil && top > 0 {
		size = top
	}
	if size = min(size, most); s.pageMost > 0 {
		size = min(size, s.pageMost)
	}
	if skip, err := strconv.Atoi(query.Get("$skiptoken")); err == nil {
		from = min(max(0, skip), n)
	}
	to = min(from+size, n)
	if to < n {
		query.Set("$skiptoken", strconv.Itoa(to))
		next = s.server.URL + r.URL.EscapedPath() + "?" + query.Encode()
	}
	return from, to, next
}

type memberJSON struct {
	Type    string    `json:"@odata.type"`
	ID      string    `json:"id,omitempty"`
	Roles   *[]string `json:"roles,omitempty"`
	Name    string    `json:"displayName,omitempty"`
	History string    `json:"visibleHistoryStartDateTime,omitempty"`
	User    *string   `json:"userId,omitempty"`
	Email   *string   `json:"email,omitempty"`
	Tenant  *string   `json:"tenantId,omitempty"`
	Source  string    `json:"@microsoft.graph.originalSourceMembershipUrl,omitempty"`
}

func (s *Server) listMembers(w http.ResponseWriter, r *http.Request, c *Channel) {
	wanted := func(string) bool { return true }
	if names := r.URL.Query().Get("$select"); names != "" {
		selected := strings.Split(names, ",")
		for _, name := range selected {
			if !slices.Contains([]string{"id", "roles", "displayName", "visibleHistoryStartDateTime"}, name) && !strings.HasPrefix(name, "microsoft.graph.aadUserConversationMember/") {
				refuse(w, http.StatusBadRequest, "BadRequest", "Parsing OData Select and Expand failed: Could not find a property named '"+name+"' on type 'microsoft.graph.conversationMember'.")
				return
			}
		}
		wanted = func(name string) bool {
			return slices.Contains(selected, name) || slices.Contains(selected, "microsoft.graph.aadUserConversationMember/"+name)
		}
	}
	from, to, next := s.part(r, 100, maxMembers, len(c.Members))
	value := make([]memberJSON, 0, to-from)
	for i, m := range c.Members[from:to] {
		kind := cmp.Or(m.Kind, "aadUser")
		body := memberJSON{Type: "#microsoft.graph." + kind + "ConversationMember"}
		if wanted("id") {
			body.ID = "MCMjMSMj" + strconv.Itoa(from+i) // opaque
		}
		if wanted("roles") {
			body.Roles = &m.Roles
			if m.Roles == nil {
				body.Roles = &[]string{}
			}
		}
		if wanted("displayName") {
			body.Name = m.Name
		}
		if wanted("visibleHistoryStartDateTime") {
			body.History = "0001-01-01T00:00:00Z"
		}
		if kind != "phoneUser" && wanted("userId") && m.PersonID != "" {
			body.User = &m.PersonID
		}
		if kind == "aadUser" && wanted("email") {
			body.Email = &m.Email
		}
		if kind == "aadUser" && wanted("tenantId") && m.TenantID != "" {
			body.Tenant = &m.TenantID
		}
		if m.Team != "" {
			body.Source = "https://graph.microsoft.com/v1.0/tenants/" + m.TenantID + "/teams/" + m.Team + "/members/x"
		}
		value = append(value, body)
	}
	page := struct {
		Context string       `json:"@odata.context"`
		Count   int          `json:"@odata.count"`
		Next    string       `json:"@odata.nextLink,omitempty"`
		Value   []memberJSON `json:"value"`
	}{"https://graph.microsoft.com/v1.0/$metadata#Collection(conversationMember)", len(value), next, value}
	respond(w, http.StatusOK, page)
}

// listMessages gives threads in the order of their last change, the newest first.
func (s *Server) listMessages(w http.ResponseWriter, r *http.Request, c *Channel) {
	query := r.URL.Query()
	for name := range query {
		if name != "$top" && name != "$expand" && name != "$skiptoken" {
			refuse(w, http.StatusBadRequest, "BadRequest", "Query option '"+name+"' is not allowed.")
			return
		}
	}
	threads := slices.Clone(c.Messages)
	slices.SortStableFunc(threads, func(a, b Message) int { return b.modified().Compare(a.modified()) })
	from, to, next := s.part(r, 20, maxMessages, len(threads))
	value := make([]any, 0, to-from)
	for _, m := range threads[from:to] {
		body := m.json(c.ChannelRef, "")
		if query.Get("$expand") == "replies" {
			replies := make([]any, 0, len(m.Replies))
			for _, reply := range m.Replies[:min(len(m.Replies), maxExpanded)] {
				replies = append(replies, reply.json(c.ChannelRef, m.id()))
			}
			body["replies"] = replies
			if len(m.Replies) > maxExpanded {
				body["replies@odata.nextLink"] = s.URL + "/teams/" + url.PathEscape(c.GroupID) + "/channels/" + url.PathEscape(c.ChannelID) +
					"/messages/" + url.PathEscape(m.id()) + "/replies?$skiptoken=" + strconv.Itoa(maxExpanded)
			}
		}
		value = append(value, body)
	}
	list(w, value, next)
}

func (c *Channel) message(r *http.Request) *Message {
	for i := range c.Messages {
		if c.Messages[i].id() == r.PathValue("message") {
			return &c.Messages[i]
		}
	}
	return nil
}

func (s *Server) readMessage(w http.ResponseWriter, r *http.Request, c *Channel) {
	if m := c.message(r); m != nil {
		respond(w, http.StatusOK, m.json(c.ChannelRef, ""))
		return
	}
	refuse(w, http.StatusNotFound, "NotFound", "NotFound")
}

func (s *Server) listReplies(w http.ResponseWriter, r *http.Request, c *Channel) {
	m := c.message(r)
	if m == nil {
		refuse(w, http.StatusNotFound, "NotFound", "NotFound")
		return
	}
	from, to, next := s.part(r, 20, maxMessages, len(m.Replies))
	value := make([]any, 0, to-from)
	for _, reply := range m.Replies[from:to] {
		value = append(value, reply.json(c.ChannelRef, m.id()))
	}
	list(w, value, next)
}

// id is the message's id, which Teams makes from the time.
func (m *Message) id() string { return cmp.Or(m.ID, strconv.FormatInt(m.At.UnixMilli(), 10)) }

// modified is when a thread was last changed.
func (m *Message) modified() time.Time {
	last := m.At
	for _, r := range m.Reactions {
		if r.At.After(last) {
			last = r.At
		}
	}
	for i := range m.Replies {
		if at := m.Replies[i].modified(); at.After(last) {
			last = at
		}
	}
	return last
}

// json is a message in Graph's form ("chatMessage resource type").
func (m *Message) json(ref store.ChannelRef, thread string) map[string]any {
	body := map[string]any{
		"id": m.id(), "etag": m.id(), "replyToId": nil, "messageType": "message", "importance": "normal", "locale": "en-us", "subject": nil, "chatId": nil,
		"createdDateTime": moment(m.At), "lastModifiedDateTime": moment(m.modified()), "lastEditedDateTime": nil, "deletedDateTime": nil,
		"webUrl": "https://teams.microsoft.com/l/message/" + url.PathEscape(ref.ChannelID) + "/" + m.id(), "policyViolation": nil, "eventDetail": nil,
		"channelIdentity": map[string]any{"teamId": ref.GroupID, "channelId": ref.ChannelID},
		"body":            map[string]any{"contentType": "text", "content": m.Text},
		"from":            nil, "attachments": []any{}, "mentions": []any{}, "reactions": []any{},
	}
	if thread != "" {
		body["replyToId"] = thread
	}
	switch {
	case m.System:
		body["messageType"], body["eventDetail"] = "systemEventMessage", map[string]any{"@odata.type": "#microsoft.graph.membersAddedEventMessageDetail"}
	case m.App != "":
		body["from"] = map[string]any{"device": nil, "user": nil, "application": map[string]any{
			"@odata.type": "#microsoft.graph.teamworkApplicationIdentity", "id": m.App, "displayName": "Vuosikello", "applicationIdentityType": "bot",
		}}
	case m.PersonID != "":
		body["from"] = map[string]any{"application": nil, "device": nil, "user": identity(m.PersonID)}
	}
	if m.Card != "" {
		body["body"] = map[string]any{"contentType": "html", "content": `<attachment id="1"></attachment>`}
		body["attachments"] = []any{map[string]any{"id": "1", "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil, "content": m.Card, "name": nil, "thumbnailUrl": nil, "teamsAppId": nil}}
	}
	reactions := []any{}
	for _, r := range m.Reactions {
		reaction := map[string]any{"reactionType": r.Kind, "displayName": nil, "reactionContentUrl": nil, "createdDateTime": moment(r.At),
			"user": map[string]any{"application": nil, "device": nil, "user": nil}}
		if r.PersonID != "" {
			reaction["user"] = map[string]any{"application": nil, "device": nil, "user": identity(r.PersonID)}
		}
		reactions = append(reactions, reaction)
	}
	body["reactions"] = reactions
	if m.Deleted { // a tombstone stays
		body["deletedDateTime"], body["attachments"], body["reactions"] = moment(m.modified().Add(time.Second)), []any{}, []any{}
		body["body"] = map[string]any{"contentType": "html", "content": ""}
	}
	return body
}

func identity(personID string) map[string]any {
	return map[string]any{"@odata.type": "#microsoft.graph.teamworkUserIdentity", "id": personID, "displayName": nil, "userIdentityType": "aadUser", "tenantId": nil}
}

// SetActivity sets what the report of teams' activity says. Their names and ids stay out of it while they are concealed.
func (s *Server) SetActivity(teams ...store.TeamActivity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.activity = slices.Clone(teams)
}

// ConcealNames makes reports show hashes instead of names and ids, as an administrator can decide.
func (s *Server) ConcealNames(conceal bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conceal = conceal
}
