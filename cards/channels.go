package cards

// BindingKind is what comes to a channel.
type BindingKind int

// The kinds of binding.
const (
	BindingWorkingGroup BindingKind = iota // reminders, needs, agendas
	BindingManagement                      // approval requests
	BindingAudience                        // publications and invitations for that audience
)

// Binding is one thing that comes to a channel.
type Binding struct {
	Kind     BindingKind
	Audience string // of BindingAudience
}

// Channels shows what comes to this channel, and how to change it.
type Channels struct {
	Channel   string // its name, "" when it has none
	Bindings  []Binding
	Audiences []string // that are known
	Changed   string   // a sentence about what was just added or removed, "" for none
	CanEdit   bool
}

// Card builds the card.
func (c Channels) Card(l Lang) Card { return Card{} }
