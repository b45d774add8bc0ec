package store

import "time"

// Role is what a person does in the organisation's communications.
type Role string

// The roles.
const (
	RoleCommunications Role = "communications" // owns the clock and writes content
	RoleApprover       Role = "approver"       // decides on content
	RoleDigimentor     Role = "digimentor"     // runs digi-quarters
	RoleAdmin          Role = "admin"          // installs, binds channels, gives roles
)

// Person is somebody the bot has met.
type Person struct {
	ID             string // AAD object id
	TeamsID        string // the platform's id of the user towards this bot, "29:…"
	Name           string
	Email          string // or the user principal name
	TenantID       string
	Guest          bool
	Language       string // chosen with a command, "" for none
	Locale         string // of the Teams client, "fi-FI"
	ConversationID string // their chat with the bot, "" for none
	ServiceURL     string
	ChatAt         time.Time // of the event that told the conversation
	SeenAt         time.Time
}

// RoleHolder is a person in a role.
type RoleHolder struct {
	Person Person
	Role   Role
	Until  Date // the last day, zero for no end
}
