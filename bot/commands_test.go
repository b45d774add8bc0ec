package bot_test

import (
	"slices"
	"strings"
	"testing"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// places are where a command can be written.
func (w *world) places(who teamstest.Person) map[string]teamstest.Place {
	return map[string]teamstest.Place{"personal": teamstest.Personal(who), "channel": w.pro.Thread("1795361011334"), "group chat": w.group}
}

// Every word works in every language wherever it is written; the answer is in the language of the place.
func TestCommandWords(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	e := campaign()
	w.MustAdd(e)
	w.MustWrite(func(tx *store.Tx) error { return tx.GiveRole(mia.AADObjectID, store.RoleAdmin, 0) })
	for _, tc := range []struct {
		words []string
		want  string // on the answer in a Finnish channel
	}{
		{[]string{"apua", "hjälp", "help", "HELP", "  Apua ", "apua?", "Apua!"}, "tulossa"},
		{[]string{"kello", "årsklocka", "klocka", "clock", "kello maaliskuu", "kello 3/2026", "clock march 2026", "klocka mars"}, "Kevätkampanja"},
		{[]string{"kello 2026", "kello kevät", "KELLO  KEVÄT"}, "Kevätkampanja"},
		{[]string{"tulossa", "kommande", "upcoming", "tulossa 20"}, "Kevätkampanja"},
		{[]string{"rooli", "roll", "role"}, "Mia Viestijä"},
		{[]string{"kieli", "språk", "language"}, "svenska"},
	} {
		for i, word := range tc.words {
			name := []string{"personal", "channel", "group chat"}[i%3]
			if got := w.say(w.places(mia)[name], mia, word).text(); !strings.Contains(strings.ToLower(got), strings.ToLower(tc.want)) {
				t.Errorf("%q in a %s was answered with\n%s", word, name, got)
			}
		}
	}
	for _, word := range []string{"kanava", "kanal", "channel"} {
		contains(t, w.say(w.pro, mia, word).text(), "Ammattilaiset")
		contains(t, w.say(teamstest.Personal(mia), mia, word).text(), "siinä kanavassa")
	}
}

// In a personal chat the person's client decides the language, then their choice; in a channel the channel's.
func TestCommandLanguage(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	contains(t, w.say(teamstest.Personal(erik), erik, "apua").text(), "kommande")
	contains(t, w.say(teamstest.Personal(jane), jane, "apua").text(), "upcoming")
	contains(t, w.say(w.pro, erik, "hjälp").text(), "tulossa")

	contains(t, w.say(teamstest.Personal(erik), erik, "språk fi").text(), "suomi")
	contains(t, w.say(teamstest.Personal(erik), erik, "hjälp").text(), "tulossa")

	// An admin sets the channel's; anybody else in a channel sets their own.
	w.say(w.pro, aino, "kieli sv")
	contains(t, w.say(w.pro, mia, "apua").text(), "kommande")
	w.say(w.pro, mia, "kieli en")
	contains(t, w.say(w.pro, mia, "apua").text(), "kommande")
	contains(t, w.say(teamstest.Personal(mia), mia, "apua").text(), "upcoming")
	contains(t, w.say(w.wg, mia, "apua").text(), "tulossa")
	contains(t, w.say(teamstest.Personal(aino), aino, "kieli de").text(), "fi, sv")

	// A Swedish channel gets its reminders in Swedish.
	w.say(w.pro, aino, "kanal arbetsgrupp")
	w.MustAdd(campaign())
	w.pass("2026-03-02 08:30")
	contains(t, w.posted(w.pro.ConversationID, 1).text(), "Påminnelse")
	contains(t, w.posted(w.wg.ConversationID, 1).text(), "Muistutus")
}

func TestCommandSuggestions(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	for _, tc := range []struct {
		typed string
		want  string // among the buttons
	}{
		{"kelo", "kello"}, {"tulosa", "tulossa"}, {"tulosas", "tulossa"}, {"apuva", "apua"}, {"kiel", "kieli"}, {"lisaa", "lisää"}, {"upcomming", "tulossa"},
		{"", "apua"}, {"?", "apua"}, {"aivan muuta", "apua"}, {strings.Repeat("🎉", 900), "apua"}, {strings.Repeat("ä", 1999), "apua"},
		{strings.Repeat("sana ", 800), "apua"},
	} {
		s := w.say(teamstest.Personal(mia), mia, tc.typed)
		if got := s.commands(); !strings.Contains(strings.Join(got, "|"), tc.want) {
			t.Errorf("%.20q offers %q, want %s among them", tc.typed, got, tc.want)
		}
	}
	// Nobody is offered what they may not use.
	if got := w.say(teamstest.Personal(sanna), sanna, "lisaa").commands(); strings.Contains(strings.Join(got, "|"), "lisää") {
		t.Errorf("a stranger is offered %q", got)
	}
	// The buttons work.
	s := w.say(teamstest.Personal(mia), mia, "tulosa")
	contains(t, w.click(teamstest.Personal(mia), mia, s, cards.VerbCommand, map[string]any{"text": "tulossa"}).card.text(), "30")
}

func TestCommandArguments(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.MustAdd(campaign())
	for _, tc := range []struct{ text, want string }{
		{"tulossa 0", "1–366"}, {"tulossa -4", "1–366"}, {"tulossa 9999999999999999999999", "1–366"}, {"tulossa pian", "1–366"}, {"tulossa 367", "1–366"},
		{"kello kevar", "Kevät"}, {"kello tuntematon", "ei ole"}, {"kello 13", "ei ole"}, {"kello 3000", "ei ole"},
		{"kello " + strings.Repeat("x", 3000), "ei ole"},
		{"kello joulukuu", "Joulukuu 2026"}, {"kello 12/2027", "Joulukuu 2027"},
	} {
		contains(t, w.say(teamstest.Personal(mia), mia, tc.text).text(), tc.want)
	}
}

func TestHelpByRole(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	for _, tc := range []struct {
		who       teamstest.Person
		has, none string
	}{{sanna, "tulossa", "lisää"}, {sanna, "kieli", "rooli"}, {mia, "lisää", "rooli"}, {aino, "rooli", "lisää"}} {
		got := w.say(teamstest.Personal(tc.who), tc.who, "apua").commands()
		all := "|" + strings.Join(got, "|") + "|"
		if !strings.Contains(all, "|"+tc.has+"|") || strings.Contains(all, "|"+tc.none+"|") {
			t.Errorf("%s is offered %q: want %s, not %s", tc.who.Name, got, tc.has, tc.none)
		}
	}
}

// A command that somebody may not use is refused, and changes nothing.
func TestCommandRefused(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	stranger := teamstest.Person{ID: "29:uusi", AADObjectID: "00000000-0000-4000-8000-000000000abc", Name: "Uusi Ihminen"}
	w.conn.AddTeam(teamstest.Team{ID: w.team.ID, Name: w.team.Name, Channels: w.team.Channels, Members: append(w.team.Members, stranger.Member(tenant))})
	for _, tc := range []struct {
		who  teamstest.Person
		text string
		want string
	}{
		{sanna, "lisää", "viestintä"}, {sanna, "kanava työryhmä", "ylläpitäjä"}, {sanna, "rooli viestintä @Sanna Sivullinen", "ylläpitäjä"},
		{mia, "rooli ylläpitäjä @Mia Viestijä", "ylläpitäjä"}, {aino, "lisää", "viestintä"}, {sanna, "rooli viestintä @Uusi Ihminen", "ylläpitäjä"},
	} {
		contains(t, w.say(w.pro, tc.who, tc.text, sanna, mia, stranger).text(), "tarvitaan rooli", tc.want)
	}
	equal(t, "audit", w.audit())
	w.MustRead(func(tx *store.Tx) error {
		if list, err := tx.Bindings(w.pro.ConversationID); err != nil || len(list) != 0 {
			t.Errorf("bindings %v, %v", list, err)
		}
		if _, known, err := tx.Person(stranger.AADObjectID); err != nil || known {
			t.Errorf("a refused command had the roster read: %v", err)
		}
		return nil
	})
}

// What is not meant for the bot is neither answered, stored nor logged.
func TestMessageForOthers(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	stranger := teamstest.Person{ID: "29:salainen", AADObjectID: "00000000-0000-4000-8000-000000000abc", Name: "Salainen Nimi"}
	card := teamstest.Place{Type: w.pro.Type, ConversationID: "19:toinen@thread.tacv2", TeamID: "19:toinen@thread.tacv2", TeamName: "Salainen tiimi"}
	w.post(w.Message(w.pro, stranger, "luottamuksellinen asia"))
	w.post(w.Message(card, stranger, "kello"))
	w.post(w.Message(w.group, stranger, "Vuosikello kello"))
	w.post(w.Message(w.pro, stranger, "<at>Vuosikello</at> rooli")) // typed, not mentioned
	w.post(w.Submit(w.pro, stranger, "1", map[string]any{"verb": "luottamuksellinen.toimi", "text": "kello"}))
	w.post(w.Submit(w.pro, stranger, "1", map[string]any{"verbi": "kello"}))
	w.post(w.Submit(w.group, stranger, "1", []any{"kello"}))
	w.post(w.Reaction(w.pro, stranger, "1", "like"))
	others := w.Mention(w.pro, stranger, "kello", sanna)
	others.Entities = others.Entities[len(others.Entities)-1:] // mentions Sanna only
	w.post(others)
	w.say(w.pro, mia, "apua")
	w.stop()
	if posts := w.conn.Posts(); len(posts) != 1 {
		t.Errorf("answered: %d posts", len(posts))
	}
	for _, secret := range []string{"luottamuksellinen", "Salainen", "salainen", stranger.AADObjectID, "19:toinen"} {
		if strings.Contains(w.logs.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, w.logs)
		}
	}
	w.MustRead(func(tx *store.Tx) error {
		_, known, err := tx.Person(stranger.AADObjectID)
		if known || err != nil {
			t.Errorf("the sender was stored: %v", err)
		}
		_, err = tx.Channel(card.ConversationID)
		if !store.IsKind(err, store.KindNotFound) {
			t.Errorf("the channel was stored: %v", err)
		}
		return nil
	})
}

// Names from people are shown as they are: no mention, link or emphasis comes of them.
func TestCommandInjection(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	evil := mia
	evil.Name = "<at>Aino</at> [klik](https://paha.example) **x**"
	e := campaign()
	e.Title, e.Campaign, e.Owner = "<at>Kaikki</at> [klik](https://paha.example)", "{{DATE(2026-01-01T00:00:00Z)}}", "</at><at>x</at>"
	w.MustAdd(e)
	for _, s := range []shown{
		w.say(w.pro, evil, "kello"), w.say(w.pro, aino, "rooli digimentori @"+evil.Name, evil), w.say(w.pro, evil, "<at>Kaikki</at> [klik](https://paha.example)"),
		w.say(w.pro, aino, "kanava <at>Kaikki</at> [klik](https://paha.example)"),
	} {
		s.walk(func(o map[string]any) {
			text, _ := o["text"].(string)
			if o["type"] == "TextBlock" && (strings.Contains(text, "<at>") || strings.Contains(text, "](") || strings.Contains(text, "{{")) {
				t.Errorf("markup of people in %q", text)
			}
		})
		if len(s.mentioned()) != 0 {
			t.Errorf("mentions %q", s.mentioned())
		}
	}
	w.pass("2026-03-02 08:30")
	s := w.posted(w.wg.ConversationID, 1)
	if strings.Contains(string(s.raw), "<at>") || len(s.mentioned()) != 0 {
		t.Errorf("the reminder mentions somebody: %s", s.raw)
	}
}

// An activity that comes twice acts once, and is answered sensibly.
func TestDuplicates(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.MustAdd(campaign())
	w.pass("2026-03-02 08:30")
	s := w.posted(w.wg.ConversationID, 1)
	w.stop()
	w.Start()

	// One answer and one change, also when they come at the same time or after a restart.
	bind := w.Mention(w.pro, aino, "kanava Nuoret")
	where := place(w.wg, s)
	done := w.Click(where, olli, s.activity, cards.VerbEntryDone, s.data(t, cards.VerbEntryDone, nil))
	form := w.Click(w.pro, mia, "1", cards.VerbCommand, map[string]any{"verb": cards.VerbCommand, "text": "lisää"})
	answers := make(chan answer, 20)
	for range 5 {
		go func() { w.post(bind); answers <- answer{} }()
		go func() { answers <- w.invoke(done) }()
		go func() { answers <- w.invoke(form) }()
	}
	finished := 0
	for range 15 {
		switch a := <-answers; {
		case a.card.raw != nil:
			contains(t, a.card.text(), "Tehty")
			finished++
		case a.text != "":
			contains(t, a.text, "Lomake")
		}
	}
	if finished != 5 {
		t.Errorf("of five equal clicks %d were shown as done", finished)
	}
	w.replyTo(bind)
	w.stop()
	w.Start()
	w.post(bind)
	contains(t, w.invoke(done).card.text(), "Tehty")
	w.stop()
	actions := w.audit()
	slices.Sort(actions)
	equal(t, "audit", actions, "channel.bind", "entry.done")
	replies, forms := 0, 0
	for _, r := range w.conn.Posts() {
		switch {
		case strings.Contains(string(r.Content), bind.ID):
			replies++
		case strings.Contains(string(r.Content), cards.VerbEntrySave):
			forms++
		}
	}
	if replies != 1 || forms != 1 {
		t.Errorf("%d answers and %d forms, want one each", replies, forms)
	}
}
