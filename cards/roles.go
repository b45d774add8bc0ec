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
	CanEdit bool
}

// roles in the order in which they are shown.
var roles = []Role{"communications", "approver", "digimentor", "admin"}

// maxHolders is how many people of a role the card names.
const maxHolders = 20

// Card builds the card.
func (r Roles) Card(l Lang) Card {
	c := Card{Summary: l.T("roles.title"), Body: header(l.T("roles.kind"), l.T("roles.title"))}
	if r.Changed != "" {
		c.Summary = clip(r.Changed, showText)
		c.Body = append(c.Body, TextBlock{Text: Text("✓ " + c.Summary), Color: colorGood, Spacing: spacingSmall})
	}
	var f facts
	for _, role := range roles {
		var names []string
		for _, h := range r.Holders {
			if h.Role == role {
				names = append(names, h.line(l))
			}
		}
		f.add(l.T("roles."+string(role)), l.join(names, maxHolders))
	}
	if len(f) == 0 {
		c.Body = append(c.Body, paragraph(l.T("roles.none")))
	} else {
		c.Body = append(c.Body, FactSet{Facts: f, Spacing: spacingMedium})
	}
	if r.CanEdit {
		c.Body = append(c.Body, note(l.T("roles.how")))
	} else {
		c.Body = append(c.Body, note(l.T("channels.ask_admin")))
	}
	return c
}

func (h RoleHolder) line(l Lang) string {
	name := clip(h.Name, showName/2)
	if h.Until == 0 {
		return name
	}
	return l.T("roles.until", "name", name, "date", h.Until)
}
