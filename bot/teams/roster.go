package teams

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
)

// Member is a member of a conversation.
type Member struct {
	ID          string // Bot Framework id
	AADObjectID string
	Name        string
	Email       string
	UPN         string
	Role        string // "user", "guest", "anonymous"
	TenantID    string
}

// Guest says whether the member is a guest in the team.
func (m Member) Guest() bool { return m.Role == "guest" }

// UnmarshalJSON reads a member as any of the Connector's calls writes it: the object id is aadObjectId in some and objectId in others.
func (m *Member) UnmarshalJSON(b []byte) error {
	var wire struct {
		ID                string `json:"id"`
		AADObjectID       string `json:"aadObjectId"`
		ObjectID          string `json:"objectId"`
		Name              string `json:"name"`
		Email             string `json:"email"`
		UserPrincipalName string `json:"userPrincipalName"`
		UserRole          string `json:"userRole"`
		TenantID          string `json:"tenantId"`
	}
	if err := json.Unmarshal(b, &wire); err != nil {
		return err
	}
	*m = Member{
		ID: wire.ID, AADObjectID: wire.AADObjectID, Name: wire.Name, Email: wire.Email,
		UPN: wire.UserPrincipalName, Role: wire.UserRole, TenantID: wire.TenantID,
	}
	if m.AADObjectID == "" {
		m.AADObjectID = wire.ObjectID
	}
	return nil
}

// ChannelInfo is a channel of a team. The General channel has the team's id and often no name.
type ChannelInfo struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"` // "standard", "private", "shared"
}

// UnmarshalJSON reads a channel; its type is "type" in Teams and "channelType" in the Agents Playground.
func (i *ChannelInfo) UnmarshalJSON(b []byte) error {
	var wire struct{ ID, Name, Type, ChannelType string }
	if err := json.Unmarshal(b, &wire); err != nil {
		return err
	}
	*i = ChannelInfo{ID: wire.ID, Name: wire.Name, Type: wire.Type}
	if i.Type == "" {
		i.Type = wire.ChannelType
	}
	return nil
}

// TeamInfo is a team.
type TeamInfo struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	AADGroupID string `json:"aadGroupId"`
}

const (
	pageSize   = 500    // the largest page Teams gives
	maxPages   = 1000   // a guard against a roster that never ends
	maxMembers = 50_000 // a team holds at most 25,000
)

// Members lists everybody in a conversation, page by page. Each page counts towards the limits.
func (c *Client) Members(ctx context.Context, p Priority, in Conversation) ([]Member, error) {
	var all []Member
	continuation := ""
	for range maxPages {
		var page struct {
			Members           []Member `json:"members"`
			ContinuationToken string   `json:"continuationToken"`
		}
		query := url.Values{"pageSize": {strconv.Itoa(pageSize)}}
		if continuation != "" {
			query.Set("continuationToken", continuation)
		}
		err := c.do(ctx, call{
			op: "members", method: http.MethodGet, priority: p, kind: KindRoster, limitBy: in.ID, serviceURL: in.ServiceURL,
			path: []string{"v3", "conversations", in.ID, "pagedmembers"}, query: query, need: []string{in.ID},
		}, &page)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Members...)
		if page.ContinuationToken == "" {
			return all, nil
		}
		if page.ContinuationToken == continuation || len(all) > maxMembers {
			break
		}
		continuation = page.ContinuationToken
	}
	return nil, &SendError{Op: "members", Outcome: Final, Status: http.StatusOK, Err: errors.New("the roster does not end")}
}

// TeamChannels lists the standard channels of a team, and those others the bot may see. teamID is the Bot Framework's "19:…".
func (c *Client) TeamChannels(ctx context.Context, p Priority, serviceURL, teamID string) ([]ChannelInfo, error) {
	var answer struct {
		Conversations []ChannelInfo `json:"conversations"`
	}
	err := c.do(ctx, call{
		op: "channels", method: http.MethodGet, priority: p, kind: KindRoster, limitBy: teamID, serviceURL: serviceURL,
		path: []string{"v3", "teams", teamID, "conversations"}, need: []string{teamID},
	}, &answer)
	return answer.Conversations, err
}

// Team describes a team.
func (c *Client) Team(ctx context.Context, p Priority, serviceURL, teamID string) (TeamInfo, error) {
	var answer TeamInfo
	err := c.do(ctx, call{
		op: "team", method: http.MethodGet, priority: p, kind: KindRoster, limitBy: teamID, serviceURL: serviceURL,
		path: []string{"v3", "teams", teamID}, need: []string{teamID},
	}, &answer)
	return answer, err
}
