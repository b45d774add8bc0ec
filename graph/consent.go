package graph

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"vuosikello/store"
)

// claims is what an access token says of the app that it was given to. It is the bot's own token, straight from Entra ID, so that nothing
// hangs on its signature; one that cannot be read, as Entra ID may make them any time, says nothing.
type claims struct {
	Roles         []string `json:"roles"` // what an administrator has consented to for the whole organisation
	AppID         string   `json:"appid"` // of tokens of version 1
	AuthorizedApp string   `json:"azp"`   // of version 2
}

func claimsOf(token string) (c claims) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil || json.Unmarshal(payload, &c) != nil {
		return claims{}
	}
	return c
}

func (c claims) app() string {
	if c.AppID != "" {
		return c.AppID
	}
	return c.AuthorizedApp
}

// source is which consent opens an operation about a channel: the administrator's goes for all teams; where it is not there, what can be
// read is what a team's owner opened.
func (c claims) source(op *operation) store.ReachSource {
	if slices.ContainsFunc(c.Roles, func(role string) bool { return role == op.permission || slices.Contains(wider[op.permission], role) }) {
		return store.SourceTenant
	}
	return store.SourceRSC
}

// wider are the permissions that Graph's reference names as enough, besides the least one.
var wider = map[string][]string{
	channelMemberRead:  {"ChannelMember.ReadWrite.All"},
	channelMessageRead: {"Group.Read.All", "Group.ReadWrite.All"},
}
