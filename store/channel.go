package store

import "slices"

// BindingKind is what a channel is for.
type BindingKind string

// The kinds of binding.
const (
	WorkingGroup BindingKind = "working_group" // reminders, needs and agendas come here
	Management   BindingKind = "management"    // approval requests come here
	ForAudience  BindingKind = "audience"      // an audience's publications and invitations come here
)

// Binding says what a channel is for.
type Binding struct {
	Kind BindingKind
	Name string // of the audience, "" for the other kinds
}

// Channel is a channel of a team, or a chat.
type Channel struct {
	ID         string
	TeamID     string // "" for a chat
	TeamName   string
	Name       string // "" for a chat without a name, and for a team's General channel until it is known
	Language   string // "" when none is set
	ServiceURL string
}

// Team is a team that the app is, or was, installed in.
type Team struct {
	ID         string
	AADGroupID string
	Name       string
	ServiceURL string
	Installed  bool
}

// InTeam returns those of the channels that are the team's; all of them when teamID is "".
func InTeam(channels []Channel, teamID string) []Channel {
	if teamID == "" {
		return channels
	}
	return slices.DeleteFunc(slices.Clone(channels), func(c Channel) bool { return c.TeamID != teamID })
}

// FullName returns "Team / Channel", or what of it is known.
func (c Channel) FullName() string {
	switch {
	case c.TeamName == "":
		return c.Name
	case c.Name == "":
		return c.TeamName
	default:
		return c.TeamName + " / " + c.Name
	}
}
