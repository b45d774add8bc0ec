package cards

import "vuosikello/store"

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
func (ch Channels) Card(l Lang) Card {
	kind := l.T("channels.kind")
	if name := clip(ch.Channel, showName); name != "" {
		kind += " · " + name
	}
	c := Card{Summary: l.T("channels.title"), Body: header(kind, l.T("channels.title"))}
	if ch.Changed != "" {
		c.Summary = clip(ch.Changed, showText)
		c.Body = append(c.Body, TextBlock{Text: Text("✓ " + c.Summary), Color: colorGood, Spacing: spacingSmall})
	}
	if len(ch.Bindings) == 0 {
		c.Body = append(c.Body, paragraph(l.T("channels.none")))
	}
	for _, b := range ch.Bindings[:min(len(ch.Bindings), maxRows)] {
		c.Body = append(c.Body, paragraph(b.line(l)))
	}
	if rest := len(ch.Bindings) - maxRows; rest > 0 {
		c.Body = append(c.Body, note(l.T("common.others", "n", rest)))
	}
	if !ch.CanEdit {
		c.Body = append(c.Body, note(l.T("channels.ask_admin")))
		return c
	}
	c.Body = append(c.Body, note(l.T("channels.how")))
	c.Actions = ch.buttons(l)
	return c
}

// line says what a binding brings to the channel.
func (b Binding) line(l Lang) string {
	switch b.Kind {
	case BindingWorkingGroup:
		return l.T("channels.working_group")
	case BindingManagement:
		return l.T("channels.management")
	default:
		return l.T("channels.audience", "name", clip(b.Audience, showName))
	}
}

// word is the binding as the chat command names it.
func (b Binding) word(l Lang) string {
	switch b.Kind {
	case BindingWorkingGroup:
		return l.Word("binding.working_group")
	case BindingManagement:
		return l.Word("binding.management")
	default:
		return b.Audience
	}
}

// maxBindingButtons is how many audiences have a button. Very long names have none.
const maxBindingButtons = 12

func (ch Channels) buttons(l Lang) []Action {
	word := l.Word("command.channel") + " "
	bound := make(map[string]bool, len(ch.Bindings))
	for _, b := range ch.Bindings {
		if name := b.word(l); len(name) <= showName {
			bound[store.Key(name)] = true
		}
	}
	var buttons, add, remove []Action
	for _, b := range []struct {
		kind  BindingKind
		title string
	}{{BindingWorkingGroup, "channels.add_working_group"}, {BindingManagement, "channels.add_management"}} {
		if name := (Binding{Kind: b.kind}).word(l); !bound[name] {
			buttons = append(buttons, command(l.T(b.title), word+name))
		}
	}
	more := 0
	for _, name := range ch.Audiences {
		switch {
		case len(name) > showName:
			more++
		case bound[store.Key(name)]:
		case len(add) == maxBindingButtons:
			more++
		default:
			add = append(add, command(name, word+name))
		}
	}
	for _, b := range ch.Bindings[:min(len(ch.Bindings), maxBindingButtons)] {
		if len(b.Audience) > showName {
			continue
		}
		remove = append(remove, command(upperFirst(b.word(l)), word+l.Word("word.remove")+" "+b.word(l)))
	}
	var body []Element
	if len(add) > 0 {
		body = append(body, subheading(l.T("channels.add_audience")))
		body = append(body, buttonRows(add)...)
	}
	if more > 0 {
		body = append(body, note(l.T("channels.more", "n", more)))
	}
	if len(remove) > 0 {
		body = append(body, subheading(l.T("channels.remove")))
		body = append(body, buttonRows(remove)...)
	}
	if len(body) > 0 {
		buttons = append(buttons, ShowCard{Title: l.T("channels.change"), Body: body})
	}
	return buttons
}
