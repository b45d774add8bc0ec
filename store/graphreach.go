package store

import "time"

// What Microsoft Graph tells about channels, in the values that the package graph fills.

// ReachSource is where a number of reach came from.
type ReachSource string

// The sources, from the one that is always there to the one that needs the most consent.
const (
	SourceBot    ReachSource = "bot"    // what the Bot Connector tells the bot: rosters, reactions, buttons
	SourceRSC    ReachSource = "rsc"    // Graph, with the consent of the team's owner (resource-specific consent)
	SourceTenant ReachSource = "tenant" // Graph, with an administrator's consent for the whole organisation
)

// ChannelRef names a channel to Microsoft Graph.
type ChannelRef struct {
	GroupID   string // the team's AAD group id
	ChannelID string // 19:…@thread.tacv2
}

// ChannelWanted is a channel to look at, with the posts of the bot whose reactions and replies are wanted.
type ChannelWanted struct {
	ChannelRef
	Posts []string  // activity ids of the bot's root messages there, which are Graph's message ids; empty: members only
	Since time.Time // no post is older than this; zero: not known
}

// ChannelMember is one person who can see a channel.
type ChannelMember struct {
	PersonID string // AAD object id; "" for a member whom Graph does not identify: counted, never merged
	TenantID string // home organisation, "" when Graph does not tell
	Guest    bool
}

// Signal is one reaction or reply.
type Signal struct {
	PersonID string    // AAD object id, "" when it is not known whose
	Kind     string    // of a reaction: like, heart, … or the emoji itself; "" of a reply
	At       time.Time // zero when Graph does not tell
}

// MessageSignals is what people did with one post: as it is now, so a removed reaction is not there.
type MessageSignals struct {
	ActivityID string
	Reactions  []Signal // of people to the post itself
	Replies    []Signal // of people, without those that were deleted
	Gone       bool     // the message was deleted
}

// ChannelSweep is what one look at a channel gave. Members and messages fail apart; on failure nothing of that half is given.
type ChannelSweep struct {
	Channel     ChannelRef
	Source      ReachSource // SourceRSC or SourceTenant: which consent opened it
	Members     []ChannelMember
	MembersErr  error // *GraphError: names the permission missing and who can grant it
	Messages    []MessageSignals
	MessagesErr error // likewise
}

// TeamActivity is what the report on the organisation's teams says of one of them: the sum of the days it covers.
type TeamActivity struct {
	// GroupID is the team's AAD group id, and Name its name. Where the organisation conceals names in reports, both are "" and
	// Concealed is true: the row is of some team, and nobody can tell which.
	GroupID   string
	Name      string
	Concealed bool

	Refreshed    Date // the last day that the report covers; Graph's reports are a day or two behind
	Days         int  // how many days it covers
	LastActivity Date // zero when there was none

	ActiveUsers, ActiveChannels, Guests                int
	Posts, Replies, Messages, Reactions, Mentions, Met int // Messages are Posts and Replies; Met counts meetings organised
}
