package bot

import (
	"errors"
	"slices"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// command is something that people type. Its words are the catalogue's text "command.<name>" in every language.
type command struct {
	name     string
	roles    []store.Role // any of these; none: everybody
	argument bool         // it is no use alone, so help has no button for it
	writes   bool         // run changes something
	forgets  bool         // run is about forgetting the sender, who is not recorded for it
	form     bool         // run answers with a form, which gets a message of its own
	prepare  func(*turn)  // may use the network, before the transaction
	run      func(t *turn, tx *store.Tx, args string) (answer, error)
}

// commands is the table of chat commands, in the order that help shows them.
var commands []command

// commandWords maps the words of all commands in all languages to the command.
var commandWords map[string]*command

func init() {
	commands = []command{
		{name: "help", run: (*turn).help},
		{name: "clock", run: (*turn).clock},
		{name: "calendar", writes: true, run: (*turn).calendar},
		{name: "upcoming", run: (*turn).upcoming},
		{name: "add", roles: []store.Role{store.RoleCommunications}, form: true, run: (*turn).add},
		{name: "approval", roles: []store.Role{store.RoleCommunications}, form: true, run: (*turn).newContent},
		{name: "approvals", run: (*turn).approvals},
		{name: "session", roles: []store.Role{store.RoleDigimentor}, writes: true, run: (*turn).sessionCommand},
		{name: "sessions", run: (*turn).sessions},
		{name: "attendance", roles: []store.Role{store.RoleDigimentor}, run: (*turn).attendance},
		{name: "reach", roles: []store.Role{store.RoleCommunications}, run: (*turn).reach},
		{name: "digest", roles: []store.Role{store.RoleCommunications, store.RoleDigimentor}, writes: true, run: (*turn).digest},
		{name: "measures", roles: []store.Role{store.RoleCommunications}, writes: true, run: (*turn).measures},
		{name: "need", argument: true, writes: true, run: (*turn).need},
		{name: "agenda", run: (*turn).agenda},
		{name: "channel", roles: []store.Role{store.RoleAdmin}, writes: true, run: (*turn).channel},
		{name: "role", roles: []store.Role{store.RoleAdmin}, writes: true, prepare: (*turn).meetMentioned, run: (*turn).role},
		{name: "export", roles: []store.Role{store.RoleCommunications, store.RoleDigimentor}, writes: true, run: (*turn).export},
		{name: "language", writes: true, run: (*turn).chooseLanguage},
		{name: "forget", writes: true, forgets: true, run: (*turn).forget},
	}
	keys := map[string]*command{}
	for i := range commands {
		keys["command."+commands[i].name] = &commands[i]
	}
	commandWords = wordIndex(keys)
}

// parseCommand finds the command that the text begins with, and what follows it. Commands may be several words.
func parseCommand(text string) (*command, string) {
	words := strings.Fields(text)
	for n := min(len(words), 3); n > 0; n-- {
		if c, ok := commandWords[store.Key(strings.TrimRight(strings.Join(words[:n], " "), "?!.,:"))]; ok {
			return c, strings.Join(words[n:], " ")
		}
	}
	return nil, ""
}

// maxCommand bounds a command, in bytes. It is far above what anybody types.
const maxCommand = 4000

// handleCommand answers a message that is meant for the bot.
func (t *turn) handleCommand() {
	if t.key != "" && !t.recent.first(t.key) {
		return
	}
	start := time.Now()
	ans, err := t.runCommand(t.a.CommandText())
	if err != nil {
		if store.IsKind(err, store.KindUnavailable) {
			t.recent.forget(t.key)
		}
		t.lang = t.hereLang()
		ans = say(t.fail("command", err))
		t.later = nil
	}
	t.Metrics.commandSeconds.Observe(time.Since(start).Seconds())
	if ans.card == nil && ans.text == "" {
		t.afterwards()
		return // the answer is on its way already
	}
	if ans.card == nil {
		ans.card = ptr(cards.Message{Text: ans.text}.Card(t.hereLang()))
	}
	t.reply(*ans.card)
	t.afterwards()
}

// runCommand carries out a chat command and returns its answer, in the language of the conversation. What is to follow the
// answer is left to afterwards.
func (t *turn) runCommand(text string) (answer, error) {
	if len(text) > maxCommand {
		text = text[:maxCommand]
	}
	c, args := parseCommand(text)
	t.what = "command"
	if c != nil {
		t.what += " " + c.name
	}
	transact := t.DB.Read
	if c != nil && c.writes {
		transact = t.DB.Write
	}
	if c != nil && c.prepare != nil {
		c.prepare(t)
	}
	if c != nil && c.forgets {
		if err := t.findTraces(args); err != nil {
			return answer{}, err
		}
	}
	var ans answer
	var news, again bool
	err := transact(t.ctx, func(tx *store.Tx) (err error) {
		t.later = nil
		if news, err = t.identify(tx); err != nil {
			return err
		}
		if c == nil {
			ans, err = t.suggest(tx, text)
			return err
		}
		if c.writes {
			if news && !c.forgets {
				if err := t.learn(tx); err != nil {
					return err
				}
			}
			if t.key != "" {
				first, err := tx.FirstSight(t.key, time.Now())
				if again = !first; err != nil || again {
					return err
				}
			}
		}
		if err := t.allowed(tx, c.roles); err != nil {
			return err
		}
		ans, err = c.run(t, tx, args)
		return err
	})
	if news && (c == nil || !c.writes || err != nil) && !(c != nil && c.forgets) {
		// What an answer did not need is learnt after it.
		if learnErr := t.DB.Write(t.ctx, t.learn); learnErr != nil {
			t.Logger.Error("sender not recorded", "error", learnErr)
		}
	}
	if err != nil {
		return answer{}, err
	}
	if again && t.action.Verb != "" {
		return say(t.lang.T("error.action_repeated")), nil
	}
	nudge(t.wake)
	if ans.build != nil {
		built, err := ans.build()
		if err != nil {
			return answer{}, err
		}
		ans.card = &built
	}
	if c != nil && (c.form || ans.form) && ans.card != nil && !t.personal() {
		if !t.repeated {
			t.sendForm(*ans.card)
		}
		if t.person.ConversationID == "" && t.action.Verb == "" {
			return answer{}, nil // the form itself is the reply
		}
		return say(t.formPlace()), nil
	}
	return ans, nil
}

// suggest answers a text that is no command.
func (t *turn) suggest(tx *store.Tx, text string) (answer, error) {
	l := t.hereLang()
	word := strings.ToLower(strings.Join(strings.Fields(text), " "))
	if first, _, ok := strings.Cut(word, " "); ok {
		word = first
	}
	var candidates []string
	names := map[string]string{}
	for w, c := range commandWords {
		if err := t.allowed(tx, c.roles); err != nil {
			if store.IsKind(err, store.KindForbidden) {
				continue
			}
			return answer{}, err
		}
		candidates = append(candidates, w)
		names[w] = l.Word("command." + c.name)
	}
	slices.Sort(candidates)
	var near []string
	for _, w := range nearest(word, candidates) {
		if !slices.Contains(near, names[w]) {
			near = append(near, names[w])
		}
	}
	if len(near) == 0 {
		near = []string{l.Word("command.help")}
	}
	return showCard(cards.Suggest{Typed: text, Commands: near}.Card(l)), nil
}

// help lists the commands that the sender can use.
func (t *turn) help(tx *store.Tx, _ string) (answer, error) {
	var h cards.Help
	for _, c := range commands {
		err := t.allowed(tx, c.roles)
		var known *store.Error
		switch {
		case err == nil:
			h.Commands = append(h.Commands, cards.HelpCommand{Name: c.name, NeedsArgument: c.argument})
		case errors.As(err, &known) && known.Kind == store.KindForbidden:
		default:
			return answer{}, err
		}
	}
	l := t.hereLang()
	h.Statement, h.Privacy = t.publicPage("/saavutettavuus", l), t.publicPage("/tietosuoja", l)
	return showCard(h.Card(l)), nil
}
