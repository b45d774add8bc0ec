package bot

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"vuosikello/bot/teams"
	"vuosikello/cards"
	"vuosikello/store"
)

// maxAudience bounds an audience's name, in characters.
const maxAudience = 100

// channel shows what comes to this channel or group chat, adds to it or removes from it.
func (t *turn) channel(tx *store.Tx, args string) (answer, error) {
	if t.personal() {
		return answer{}, store.Invalid("", "error.only_in_channel")
	}
	l := t.hereLang()
	view := cards.Channels{Channel: t.here.Name, CanEdit: true}
	name, remove := cutRemove(args)
	var err error
	switch {
	case args == "":
	case remove:
		view.Changed, err = t.unbind(tx, l, name)
	default:
		view.Changed, err = t.bind(tx, l, args)
	}
	if err != nil {
		return answer{}, err
	}
	bindings, err := tx.Bindings(t.here.ID)
	if err != nil {
		return answer{}, err
	}
	kinds := map[store.BindingKind]cards.BindingKind{store.WorkingGroup: cards.BindingWorkingGroup, store.Management: cards.BindingManagement, store.ForAudience: cards.BindingAudience}
	for _, b := range bindings {
		view.Bindings = append(view.Bindings, cards.Binding{Kind: kinds[b.Kind], Audience: b.Name})
	}
	if view.Audiences, err = audienceNames(tx); err != nil {
		return answer{}, err
	}
	return showCard(view.Card(l)), nil
}

// bind adds the bindings that args names, and says what it did.
func (t *turn) bind(tx *store.Tx, l cards.Lang, args string) (string, error) {
	known, err := audienceNames(tx)
	if err != nil {
		return "", err
	}
	var said []string
	names := strings.Split(args, ",")
	if len(names) > store.MaxNames {
		return "", store.Invalid("", "invalid.too_many", "max", store.MaxNames)
	}
	for _, name := range names {
		name = strings.Join(strings.Fields(name), " ")
		if name == "" {
			continue
		}
		if utf8.RuneCountInString(name) > maxAudience {
			return "", store.Invalid("", "invalid.too_long", "max", maxAudience)
		}
		b := binding(name)
		// The spelling of an audience that is known already is kept.
		if i := slices.IndexFunc(known, func(k string) bool { return store.Key(k) == store.Key(b.Name) }); i >= 0 {
			b.Name = known[i]
		}
		added, err := tx.Bind(t.here.ID, b)
		if err != nil {
			return "", err
		}
		shown := bindingName(l, b)
		if !added {
			said = append(said, l.T("channel.had", "name", shown))
			continue
		}
		if err := tx.Audit(t.at, t.actor(), "channel.bind", "channel:"+t.here.ID, string(b.Kind)+" "+b.Name); err != nil {
			return "", err
		}
		said = append(said, l.T("channel.added", "name", shown))
		if b.Kind == store.WorkingGroup {
			if err := tx.SetSetting(toldNoWorkingGroup, ""); err != nil {
				return "", err
			}
		}
		if b.Kind != store.ForAudience {
			if err := t.askMeetings(tx, b.Kind); err != nil {
				return "", err
			}
		}
		if near := nearest(b.Name, known); b.Kind == store.ForAudience && len(near) > 0 && store.Key(near[0]) != store.Key(b.Name) {
			said = append(said, l.T("channel.near", "near", strings.Join(near, ", ")))
		}
	}
	if len(said) == 0 {
		return "", store.Invalid("", "invalid.binding_missing")
	}
	return strings.Join(said, " "), nil
}

func bindingName(l cards.Lang, b store.Binding) string {
	if b.Kind == store.ForAudience {
		return b.Name
	}
	return l.Word("binding." + string(b.Kind))
}

// unbind removes one binding, and says what it did.
func (t *turn) unbind(tx *store.Tx, l cards.Lang, name string) (string, error) {
	if name == "" {
		return "", store.Invalid("", "invalid.binding_missing")
	}
	b := binding(name)
	removed, err := tx.Unbind(t.here.ID, b)
	if err != nil {
		return "", err
	}
	if !removed {
		return "", store.NotFound("error.not_bound", "name", clip(bindingName(l, b)))
	}
	return l.T("channel.removed", "name", bindingName(l, b)), tx.Audit(t.at, t.actor(), "channel.unbind", "channel:"+t.here.ID, string(b.Kind)+" "+b.Name)
}

// chooseLanguage sets the sender's language, or the channel's when an admin says it there.
func (t *turn) chooseLanguage(tx *store.Tx, args string) (answer, error) {
	if args == "" {
		channel := false
		if !t.personal() {
			var err error
			if channel, err = t.isAdmin(tx, t.person.ID, t.today); err != nil {
				return answer{}, err
			}
		}
		return showCard(cards.Language{Channel: channel}.Card(t.hereLang())), nil
	}
	l, ok := languageWord(args)
	if !ok {
		return answer{}, store.Invalid("", "invalid.language")
	}
	if !t.personal() {
		admin, err := t.isAdmin(tx, t.person.ID, t.today)
		if err != nil {
			return answer{}, err
		}
		if admin {
			if err := tx.SetChannelLanguage(t.here.ID, string(l)); err != nil {
				return answer{}, err
			}
			if err := tx.Audit(t.at, t.actor(), "channel.language", "channel:"+t.here.ID, string(l)); err != nil {
				return answer{}, err
			}
			return showCard(cards.Language{Channel: true, Set: true}.Card(l)), nil
		}
	}
	if t.person.ID == "" {
		return answer{}, store.Forbidden("error.unknown_sender")
	}
	p := t.person
	p.Language = string(l)
	if err := tx.MeetPerson(p, t.at); err != nil {
		return answer{}, err
	}
	return showCard(cards.Language{Set: true}.Card(l)), nil
}

var languageNames = wordIndex(map[string]cards.Lang{"word.finnish": cards.Finnish, "word.swedish": cards.Swedish, "word.english": cards.English})

func languageWord(s string) (cards.Lang, bool) {
	if l, ok := languageNames[store.Key(s)]; ok {
		return l, true
	}
	return cards.ParseLang(store.Key(s))
}

// untilDate is the end of a role: a Finnish or an ISO date at the end of the command, with the word asti after it, or till
// or until before it.
var untilDate = regexp.MustCompile(`(?:^| )(?:(\d{1,2})\.(\d{1,2})\.(\d{4})|(\d{4})-(\d{2})-(\d{2}))$`)

// role shows who has which role, gives one or takes one away.
func (t *turn) role(tx *store.Tx, args string) (answer, error) {
	l := t.hereLang()
	view := cards.Roles{CanEdit: true}
	if args != "" {
		changed, err := t.changeRole(tx, l, args)
		if err != nil {
			return answer{}, err
		}
		view.Changed = changed
	}
	holders, err := tx.RoleHolders(t.today)
	if err != nil {
		return answer{}, err
	}
	for _, id := range t.Admins {
		if slices.ContainsFunc(holders, func(h store.RoleHolder) bool { return h.Role == store.RoleAdmin && h.Person.ID == id }) {
			continue
		}
		p, _, err := tx.Person(id)
		if err != nil {
			return answer{}, err
		}
		holders = append(holders, store.RoleHolder{Person: p, Role: store.RoleAdmin})
	}
	for _, h := range holders {
		view.Holders = append(view.Holders, cards.RoleHolder{Name: first(h.Person.Name, l.T("role.unknown_person")), Role: cards.Role(h.Role), Until: h.Until})
	}
	return showCard(view.Card(l)), nil
}

func (t *turn) changeRole(tx *store.Tx, l cards.Lang, args string) (string, error) {
	args, remove := cutRemove(args)
	words := strings.Fields(args)
	if len(words) == 0 {
		return "", store.Invalid("", "invalid.role")
	}
	role, ok := roleWords[store.Key(words[0])]
	if !ok {
		return "", store.Invalid("", "invalid.role")
	}
	rest, until, err := parseUntil(strings.Join(words[1:], " "))
	if err != nil {
		return "", err
	}
	if until != 0 && until < t.today {
		return "", store.Invalid("", "invalid.until_past", "date", until)
	}
	people, err := t.people(tx, rest)
	if err != nil {
		return "", err
	}
	var said []string
	for _, p := range people {
		detail := p.Name
		if remove {
			if err := t.takeRole(tx, p, role); err != nil {
				return "", err
			}
			said = append(said, l.T("role.taken", "name", p.Name, "role", l.Word("role."+string(role))))
		} else {
			if err := tx.GiveRole(p.ID, role, until); err != nil {
				return "", err
			}
			key := "role.given"
			if until != 0 {
				key = "role.given_until"
				detail += " " + until.String()
			}
			said = append(said, l.T(key, "name", p.Name, "role", l.Word("role."+string(role)), "date", until))
		}
		action := map[bool]string{true: "role.take", false: "role.give"}[remove]
		if err := tx.Audit(t.at, t.actor(), action, "role:"+string(role), detail); err != nil {
			return "", err
		}
	}
	if role == store.RoleAdmin {
		if err := t.adminLeft(tx); err != nil {
			return "", err
		}
	}
	return strings.Join(said, " "), nil
}

// takeRole takes a role away, but not one that the configuration gives.
func (t *turn) takeRole(tx *store.Tx, p store.Person, role store.Role) error {
	if role == store.RoleAdmin && slices.Contains(t.Admins, p.ID) {
		return store.Invalid("", "error.admin_configured", "name", p.Name)
	}
	had, err := tx.TakeRole(p.ID, role)
	if err != nil {
		return err
	}
	if !had {
		return store.NotFound("error.role_not_held", "name", p.Name)
	}
	return nil
}

// adminLeft fails unless somebody is admin without an end: nobody else could give the role again.
func (t *turn) adminLeft(tx *store.Tx) error {
	if len(t.Admins) > 0 {
		return nil
	}
	holders, err := tx.RoleHolders(t.today)
	if err == nil && !slices.ContainsFunc(holders, func(h store.RoleHolder) bool { return h.Role == store.RoleAdmin && h.Until == 0 }) {
		err = store.Invalid("", "error.last_admin")
	}
	return err
}

// parseUntil takes the end date off the end of a command.
func parseUntil(s string) (rest string, until store.Date, err error) {
	words := strings.Fields(s)
	words = slices.DeleteFunc(words, func(w string) bool { return untilWords[store.Key(w)] })
	s = strings.Join(words, " ")
	m := untilDate.FindStringSubmatch(s)
	if m == nil {
		return s, 0, nil
	}
	rest = strings.TrimSuffix(s, m[0])
	d, mo, y := m[1], m[2], m[3]
	if y == "" {
		y, mo, d = m[4], m[5], m[6]
	}
	day, _ := strconv.Atoi(d)
	month, _ := strconv.Atoi(mo)
	year, _ := strconv.Atoi(y)
	until, ok := store.ValidDate(year, month, day)
	if !ok {
		return "", 0, store.Invalid("", "invalid.date", "value", strings.TrimSpace(m[0]))
	}
	return rest, until, nil
}

// people returns whom a command names: those it mentions, else the one person of each name or e-mail, separated by commas.
func (t *turn) people(tx *store.Tx, text string) ([]store.Person, error) {
	var people []store.Person
	for _, m := range t.a.Mentions() {
		if m.ID == t.a.Recipient.ID {
			continue
		}
		p, ok, err := t.mentioned(tx, m)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, store.NotFound("error.person_unknown", "name", clip(m.Name))
		}
		people = append(people, p)
	}
	if len(people) > 0 {
		return people, nil
	}
	for name := range strings.SplitSeq(text, ",") {
		name = strings.TrimPrefix(strings.TrimSpace(name), "@")
		if name == "" {
			continue
		}
		found, err := tx.PeopleNamed(name)
		switch {
		case err != nil:
			return nil, err
		case len(found) == 0:
			return nil, store.NotFound("error.person_unknown", "name", clip(name))
		case len(found) > 1:
			return nil, store.Invalid("", "error.person_ambiguous", "name", clip(name))
		}
		people = append(people, found[0])
	}
	if len(people) == 0 {
		return nil, store.Invalid("", "invalid.person_missing")
	}
	return people, nil
}

func (t *turn) mentioned(tx *store.Tx, m teams.Mention) (store.Person, bool, error) {
	if m.AADObjectID != "" {
		if p, ok, err := tx.Person(strings.ToLower(m.AADObjectID)); ok || err != nil {
			return p, ok, err
		}
	}
	return tx.PersonByTeamsID(m.ID)
}

// meetMentioned asks the platform about people that a command mentions and the bot has not met.
func (t *turn) meetMentioned() {
	unknown := false
	err := t.DB.Read(t.ctx, func(tx *store.Tx) error {
		if admin, err := t.isAdmin(tx, t.person.ID, t.today); err != nil || !admin {
			return err // the command will be refused, and a refusal changes nothing
		}
		for _, m := range t.a.Mentions() {
			if m.ID == t.a.Recipient.ID {
				continue
			}
			_, ok, err := t.mentioned(tx, m)
			if err != nil {
				return err
			}
			unknown = unknown || !ok
		}
		return nil
	})
	if err != nil || !unknown {
		return // the command itself will meet the same error, and say so
	}
	ctx, cancel := context.WithTimeout(t.ctx, rosterTimeout)
	defer cancel()
	members, err := t.Client.Members(ctx, teams.PriorityReply, t.a.Ref())
	if err != nil {
		t.Logger.Warn("members not read", "error", reason(err))
		return
	}
	err = t.DB.Write(t.ctx, func(tx *store.Tx) error {
		for _, m := range members {
			if p := memberPerson(m, t.a.ServiceURL); p.ID != "" {
				if err := tx.MeetPerson(p, t.at); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Logger.Error("members not recorded", "error", err)
	}
}
