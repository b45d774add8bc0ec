package cards

// Forget tells a person what is kept of them, what of it goes when they have it erased and what stays. It is for their eyes
// only. Its button sends [VerbCommand] with the code.
type Forget struct {
	Code            string
	Roles           []string // names of roles
	ConfiguredAdmin bool     // has the admin role by configuration, which the bot cannot take away
	Teams           int
	CalendarLink    bool
	Acknowledged    int
	Attended        int // sign-ups among them
	Feedback        int
	Messages        int // that were for them
	Decisions       int // and requests
	Records         int // entries done, needs, drafts, sessions
	Hosts           int // coming sessions
}

// Card builds the card.
func (f Forget) Card(l Lang) Card {
	title := l.T("forget.title")
	c := Card{Summary: title, Body: append(header(l.T("forget.kind"), title), paragraph(l.T("forget.ask")))}
	list := func(heading string, lines ...string) {
		c.Body = append(c.Body, subheading(l.T(heading)))
		for _, line := range lines {
			if line != "" {
				c.Body = append(c.Body, TextBlock{Text: Text("– " + line), Spacing: spacingSmall})
			}
		}
	}
	count := func(key string, n int) string {
		if n == 0 {
			return ""
		}
		return l.T(key, "n", n)
	}
	when := func(key string, is bool, args ...any) string {
		if !is {
			return ""
		}
		return l.T(key, args...)
	}
	list("forget.goes", l.T("forget.name"), when("forget.roles", len(f.Roles) > 0, "roles", f.Roles), count("forget.teams", f.Teams), when("forget.calendar", f.CalendarLink),
		count("forget.messages", f.Messages), count("forget.acknowledged", f.Acknowledged), count("forget.attended", f.Attended), count("forget.feedback", f.Feedback))
	list("forget.stays", count("forget.decisions", f.Decisions), count("forget.records", f.Records), l.T("forget.published"), l.T("forget.log"))
	list("forget.note", count("forget.hosts", f.Hosts), when("forget.configured", f.ConfiguredAdmin), l.T("forget.again"), l.T("forget.backups"))
	yes := command(l.T("forget.yes"), l.Word("command.forget")+" "+f.Code)
	yes.Style = styleDestructive
	c.Actions = []Action{yes}
	return c
}

// Forgotten says that a person's data was erased.
type Forgotten struct {
	Namesake bool // somebody has the same name, so it was left in texts
}

// Card builds the card.
func (f Forgotten) Card(l Lang) Card {
	text := l.T("forget.done_text")
	if f.Namesake {
		text += "\n" + l.T("forget.namesake")
	}
	return Message{Kind: l.T("forget.kind"), Title: l.T("forget.done"), Text: text, Tone: ToneGood}.Card(l)
}
