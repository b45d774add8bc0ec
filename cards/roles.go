package cards

import "vuosikello/store"

// Role names a role in the catalogue's texts "role.<Role>": communications, approver, digimentor, admin.
type Role string

// RoleHolder is someone who has a role.
type RoleHolder struct {
	Name  string
	Role  Role
	Until store.Date // the last day, zero for no end
}

// Roles shows who has which role, and how to change it.
type Roles struct {
	Holders []RoleHolder // in any order
	Changed string       // a sentence about what was just given or taken, "" for none
	Today   store.Date
	CanEdit bool
}

// Card builds the card.
func (r Roles) Card(l Lang) Card { return Card{} }
