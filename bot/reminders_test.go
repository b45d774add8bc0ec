package bot_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"vuosikello/bot"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// campaign is an entry whose first reminder is due on Monday 2 March at 8.30.
func campaign() store.Entry {
	return store.Entry{Title: "Kevätkampanja", Start: day("2026-03-16"), End: day("2026-03-20"), Leads: []int{14, 3}, Campaign: "Kevät",
		Audiences: []string{"Ammattilaiset", "Some"}, Channels: []string{"intra"}, Owner: "olli omistaja", Approval: true}
}

// reminded starts a bot that has just posted the campaign's reminder.
func reminded(tb testing.TB, options ...option) (*world, string, shown) {
	tb.Helper()
	w := MustWorld(tb, options...)
	id := w.MustAdd(campaign())
	w.pass("2026-03-02 08:30")
	return w, id, w.posted(w.wg.ConversationID, 1)
}

func TestReminderIsPosted(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.MustWrite(func(tx *store.Tx) error {
		// A second working group, in a Swedish channel, and a group chat.
		if _, err := tx.Bind(w.pro.ConversationID, store.Binding{Kind: store.WorkingGroup}); err != nil {
			return err
		}
		if err := tx.ChannelSeen(store.Channel{ID: w.group.ConversationID, ServiceURL: w.ServiceURL}, at("2026-01-01 00:00")); err != nil {
			return err
		}
		if _, err := tx.Bind(w.group.ConversationID, store.Binding{Kind: store.WorkingGroup}); err != nil {
			return err
		}
		return tx.SetChannelLanguage(w.pro.ConversationID, "sv")
	})
	w.MustAdd(campaign())
	w.pass("2026-03-02 08:29")
	if rows := w.ledger(); len(rows) != 0 {
		t.Fatalf("posted before its time: %q", rows)
	}
	w.pass("2026-03-02 08:30")
	fi, sv, chat := w.posted(w.wg.ConversationID, 1), w.posted(w.pro.ConversationID, 1), w.posted(w.group.ConversationID, 1)
	contains(t, fi.summary, "Kevätkampanja", "16.")
	contains(t, fi.text(), "14 päivän päästä", "Kevät", "Ammattilaiset", "intra", "Olli Omistaja", "sisältö", "hyväksyntä")
	contains(t, sv.text(), "Påminnelse", "Kevätkampanja")
	contains(t, chat.text(), "Muistutus")
	for _, s := range []shown{fi, sv, chat} {
		equal(t, "mentions", s.mentioned(), olli.AADObjectID)
		equal(t, "buttons", s.verbs(), cards.VerbEntryContent, cards.VerbEntryDone, cards.VerbEntrySnooze)
	}
	if !strings.Contains(fi.conversation, ";messageid=") || strings.Contains(chat.conversation, ";messageid=") {
		t.Errorf("a channel's post begins a thread and a chat's does not: %q, %q", fi.conversation, chat.conversation)
	}
	w.pass("2026-03-02 08:30") // looking again, or with the clock set back, repeats nothing
	w.pass("2026-03-01 08:30")
	w.pass("2026-03-02 12:00")
	w.stop()
	equal(t, "ledger", w.ledger(), slices.Repeat([]string{"reminder Kevätkampanja: sent"}, 3)...)
}

// The owner that a card names is one member, or the holders of a role, or nobody.
func TestReminderOwner(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		owner string
		want  []string
	}{
		{"OLLI@hva.example", []string{olli.AADObjectID}},
		{"Viestintätiimi", []string{erik.AADObjectID, jane.AADObjectID, mia.AADObjectID}},
		{"Kommunikationsteamet", []string{erik.AADObjectID, jane.AADObjectID, mia.AADObjectID}},
		{"Ylläpitäjä", []string{aino.AADObjectID}},
		{"Digimentorit", nil}, // nobody has the role
		{"Joku Muu", nil},
		{"Sanna Sivullinen", nil}, // two members have that name
		{"", nil},
	} {
		t.Run(tc.owner, func(t *testing.T) {
			t.Parallel()
			w := MustWorld(t)
			w.MustWrite(func(tx *store.Tx) error {
				twin := store.Person{ID: "twin", TeamsID: "29:twin", Name: "sanna sivullinen"}
				var members []store.Person
				for _, p := range people {
					members = append(members, store.Person{ID: p.AADObjectID, TeamsID: p.ID, Name: p.Name})
				}
				return tx.SetMembers(w.team.ID, append(members, twin), w.clock.Now())
			})
			e := campaign()
			e.Owner = tc.owner
			w.MustAdd(e)
			w.pass("2026-03-02 08:30")
			s := w.posted(w.wg.ConversationID, 1)
			got := s.mentioned()
			slices.Sort(got)
			equal(t, "mentions", got, tc.want...)
			if len(tc.want) == 0 {
				contains(t, s.text(), tc.owner) // as written, for whoever reads it
			}
		})
	}
}

func TestReminderDone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		who  teamstest.Person
		want string // a refusal; "" when it is done
	}{
		{"by its owner", olli, ""},
		{"by communications", mia, ""},
		{"by a stranger", sanna, "viestintä tai toimenpiteen vastuuhenkilö"},
		{"by an admin who is neither", aino, "viestintä tai toimenpiteen vastuuhenkilö"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w, id, s := reminded(t)
			ans := w.click(w.wg, tc.who, s, cards.VerbEntryDone, nil)
			if tc.want != "" {
				contains(t, ans.text, tc.want)
				if e := w.MustEntry(id); e.State != store.Planned || len(w.audit()) != 0 {
					t.Errorf("a refused click changed something: %s, %q", e.State, w.audit())
				}
				return
			}
			contains(t, ans.card.text(), "Tehty", tc.who.Name)
			put := w.updated(s, 1)
			contains(t, put.text(), "Tehty", tc.who.Name, "8.30")
			if len(put.verbs()) != 0 || !strings.Contains(strings.ToLower(put.summary), "tehty") {
				t.Errorf("%q has buttons %q", put.summary, put.verbs())
			}
			if e := w.MustEntry(id); e.State != store.Done {
				t.Errorf("the entry is %s", e.State)
			}
			equal(t, "audit", w.audit(), "entry.done")

			// The same person again gets a message, with when; somebody else the card as it is.
			w.pass("2026-03-02 10:15")
			contains(t, w.click(w.wg, tc.who, s, cards.VerbEntryDone, nil).text, "Merkitsit tämän jo tehdyksi", "8.30")
			contains(t, w.click(w.wg, erik, s, cards.VerbEntryDone, nil).card.text(), tc.who.Name, "8.30")
			contains(t, w.click(w.wg, erik, s, cards.VerbEntrySnooze, map[string]any{"days": "1"}).card.text(), tc.who.Name)
			equal(t, "audit", w.audit(), "entry.done")
			w.pass("2026-03-13 08:30") // its other lead
			w.stop()
			equal(t, "ledger", w.ledger(), "reminder Kevätkampanja: sent")
		})
	}
}

func TestReminderDoneReachesEveryChannel(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.MustWrite(func(tx *store.Tx) error {
		_, err := tx.Bind(w.pro.ConversationID, store.Binding{Kind: store.WorkingGroup})
		return err
	})
	w.MustAdd(campaign())
	w.pass("2026-03-02 08:30")
	a, b := w.posted(w.wg.ConversationID, 1), w.posted(w.pro.ConversationID, 1)
	w.click(w.wg, olli, a, cards.VerbEntryDone, nil)
	contains(t, w.updated(a, 1).text(), "Tehty")
	contains(t, w.updated(b, 1).text(), "Tehty")
}

func TestReminderDoneWithLink(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ link, want string }{
		{"https://hva.example/juttu", ""},
		{"  https://hva.example/juttu  ", ""},
		{"", ""},
		{"javascript:alert(1)", "koko osoite"},
		{"www.hva.example", "koko osoite"},
		{"https://", "koko osoite"},
		{"https://hva.example/" + strings.Repeat("a", 5000), "koko osoite"},
		{strings.Repeat("x", 200_000), "koko osoite"},
	} {
		t.Run(tc.link[:min(len(tc.link), 30)], func(t *testing.T) {
			t.Parallel()
			w, id, s := reminded(t)
			data := s.data(t, cards.VerbEntryDone, map[string]any{"link": tc.link})
			ans := w.invoke(w.Click(place(w.wg, s), mia, s.activity, cards.VerbEntryDone, data))
			if tc.want != "" {
				contains(t, ans.text, tc.want)
				if e := w.MustEntry(id); e.State != store.Planned {
					t.Errorf("the entry is %s", e.State)
				}
				return
			}
			contains(t, string(ans.card.raw), strings.TrimSpace(tc.link))
			if e := w.MustEntry(id); e.State != store.Done {
				t.Errorf("the entry is %s", e.State)
			}
		})
	}
}

func TestReminderLater(t *testing.T) {
	t.Parallel()
	w, id, s := reminded(t)
	for _, days := range []any{"soon", "0", "-3", "61", 1.5, "99999999999999999999"} {
		contains(t, w.click(w.wg, olli, s, cards.VerbEntrySnooze, map[string]any{"days": days}).text, "Valitse")
	}
	// The campaign ends on 20 March: 19 days from now is too late.
	contains(t, w.click(w.wg, olli, s, cards.VerbEntrySnooze, map[string]any{"days": "19"}).text, "aikaisempi päivä")
	contains(t, w.click(w.wg, sanna, s, cards.VerbEntrySnooze, map[string]any{"days": "1"}).text, "vastuuhenkilö")
	equal(t, "audit", w.audit())

	// Five days on is Saturday: it comes on Monday.
	contains(t, w.click(w.wg, olli, s, cards.VerbEntrySnooze, map[string]any{"days": "5"}).card.text(), "9.3.", olli.Name)
	contains(t, w.updated(s, 1).text(), "9.3.", olli.Name)
	contains(t, w.click(w.wg, olli, s, cards.VerbEntrySnooze, map[string]any{"days": "2"}).text, "9.3.")
	contains(t, w.click(w.wg, mia, s, cards.VerbEntryDone, nil).card.text(), "9.3.")
	w.pass("2026-03-09 08:30")
	again := w.posted(w.wg.ConversationID, 2)
	contains(t, again.text(), "uudelleen", "7 päivän päästä")
	contains(t, w.click(w.wg, olli, again, cards.VerbEntryDone, nil).card.text(), "Tehty")
	if e := w.MustEntry(id); e.State != store.Done {
		t.Errorf("the entry is %s", e.State)
	}
	contains(t, w.updated(again, 1).text(), "Tehty")
}

// A card that is older than its entry does nothing: the click shows the entry as it is.
func TestReminderOutdated(t *testing.T) {
	t.Parallel()
	w, id, s := reminded(t)
	e := w.MustEntry(id)
	e.Goal = "muuttui"
	w.MustWrite(func(tx *store.Tx) error { return tx.UpdateEntry(e, w.clock.Now(), calendar) })
	current := w.click(w.wg, olli, s, cards.VerbEntryDone, nil).card
	if e := w.MustEntry(id); e.State != store.Planned {
		t.Errorf("the entry is %s", e.State)
	}
	contains(t, w.click(w.wg, olli, current, cards.VerbEntryDone, nil).card.text(), "Tehty")
}

// What happens to an entry after its reminder was posted is told on the card.
func TestReminderFollowsItsEntry(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		change func(*store.Tx, *store.Entry) error
		want   []string
	}{
		{"moved", func(tx *store.Tx, e *store.Entry) error {
			e.Start, e.End = day("2026-04-07"), day("2026-04-10")
			return tx.UpdateEntry(e, at("2026-03-02 09:00"), calendar)
		}, []string{"siirretty", "7.", "10.4."}},
		{"removed", func(tx *store.Tx, e *store.Entry) error {
			return tx.RemoveEntry(e.ID, at("2026-03-02 09:00"), calendar)
		}, []string{"poistettu"}},
		{"cancelled", func(tx *store.Tx, e *store.Entry) error {
			e.State = store.Cancelled
			return tx.UpdateEntry(e, at("2026-03-02 09:00"), calendar)
		}, []string{"peruttu"}},
		{"done in the file", func(tx *store.Tx, e *store.Entry) error {
			e.State = store.Done
			return tx.UpdateEntry(e, at("2026-03-02 09:00"), calendar)
		}, []string{"tehty"}},
		{"renamed", func(tx *store.Tx, e *store.Entry) error {
			e.Title = "Kesäkampanja"
			return tx.UpdateEntry(e, at("2026-03-02 09:00"), calendar)
		}, []string{"Kesäkampanja"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w, id, s := reminded(t)
			e := w.MustEntry(id)
			w.MustWrite(func(tx *store.Tx) error { return tc.change(tx, e) })
			w.bot.Tick(t.Context())
			put := w.updated(s, 1)
			contains(t, strings.ToLower(put.text()), strings.ToLower(strings.Join(tc.want[:1], "")))
			contains(t, put.text(), tc.want[1:]...)
			if open := tc.name == "renamed"; open != (len(put.verbs()) > 0) {
				t.Errorf("buttons %q", put.verbs())
			}
			ans := w.click(w.wg, olli, s, cards.VerbEntryDone, nil)
			if ans.card.raw == nil || tc.name != "done in the file" && w.MustEntry(id).State == store.Done {
				t.Errorf("a click on the old card: %q, entry %s", ans.text, w.MustEntry(id).State)
			}
		})
	}
}

func TestReminderWithoutChannel(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.conn.AddConversation(teamstest.PersonalChat(aino.ID), nil)
	w.MustWrite(func(tx *store.Tx) error {
		_, err := tx.Unbind(w.wg.ConversationID, store.Binding{Kind: store.WorkingGroup})
		return err
	})
	for _, title := range []string{"Eka", "Toka"} {
		e := campaign()
		e.Title = title
		w.MustAdd(e)
	}
	w.pass("2026-03-02 08:30")
	notice := w.posted(teamstest.PersonalChat(aino.ID), 1)
	contains(t, notice.text(), "kanava työryhmä")
	w.pass("2026-03-13 08:30")
	w.stop()
	rows := w.ledger()
	slices.Sort(rows)
	equal(t, "ledger", rows, "notice Muistutuksille ei ole kanavaa: sent", "reminder Eka: failed (no channel)", "reminder Eka: failed (no channel)",
		"reminder Toka: failed (no channel)", "reminder Toka: failed (no channel)")

	// Once a channel is bound, reminders come; should it be lost again, the admins are told again.
	w.Start()
	w.say(w.wg, aino, "kanava työryhmä")
	w.say(w.wg, aino, "kanava poista työryhmä")
	e := campaign()
	e.Title, e.Leads = "Kolmas", []int{0}
	w.MustAdd(e)
	w.pass("2026-03-16 08:30")
	w.posted(teamstest.PersonalChat(aino.ID), 2)
}

// Done on a series marks one occurrence; the entry is done with the last.
func TestReminderOfSeries(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	id := w.MustAdd(store.Entry{Title: "Viikkotiedote", Start: day("2026-03-03"), End: day("2026-03-10"), Repeat: "FREQ=WEEKLY", Leads: []int{1}, Owner: "Olli Omistaja"})
	w.pass("2026-03-02 08:30")
	first := w.posted(w.wg.ConversationID, 1)
	contains(t, first.text(), "3.3.")
	contains(t, w.click(w.wg, olli, first, cards.VerbEntryDone, nil).card.text(), "Tehty")
	if e := w.MustEntry(id); e.State != store.Planned {
		t.Errorf("with one of two done the entry is %s", e.State)
	}
	w.pass("2026-03-09 08:30")
	second := w.posted(w.wg.ConversationID, 2)
	contains(t, second.text(), "10.3.")
	contains(t, w.click(w.wg, olli, second, cards.VerbEntryDone, nil).card.text(), "Tehty")
	if e := w.MustEntry(id); e.State != store.Done {
		t.Errorf("with both done the entry is %s", e.State)
	}
}

func TestReminderLateAndMissed(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.MustAdd(campaign()) // 14 and 3 days before 16 March
	over := campaign()
	over.Title, over.Start, over.End, over.Leads = "Mennyt", day("2026-03-06"), day("2026-03-06"), []int{1}
	w.MustAdd(over)
	w.stop()
	w.clock.Set(at("2026-03-14 09:00")) // the program was down meanwhile
	w.Start()
	s := w.posted(w.wg.ConversationID, 1)
	contains(t, s.text(), "myöhässä")
	w.stop()
	rows := w.ledger()
	slices.Sort(rows)
	equal(t, "ledger", rows, "reminder Kevätkampanja: missed (superseded)", "reminder Kevätkampanja: sent late", "reminder Mennyt: missed (over)")
}

// Clients without Action.Execute send the same data as a message. What changes is shown on the post; a refusal is a reply.
func TestReminderSubmit(t *testing.T) {
	t.Parallel()
	w, id, s := reminded(t)
	where := place(w.wg, s)
	refused := w.Submit(where, sanna, s.activity, s.data(t, cards.VerbEntryDone, nil))
	w.post(refused)
	contains(t, w.replyTo(refused).text(), "vastuuhenkilö")

	done := w.Submit(where, olli, s.activity, s.data(t, cards.VerbEntryDone, nil))
	if body := w.post(done); len(bytes.TrimSpace(body)) != 0 {
		t.Errorf("a message was answered with %s", body)
	}
	contains(t, w.updated(s, 1).text(), "Tehty")
	if e := w.MustEntry(id); e.State != store.Done {
		t.Errorf("the entry is %s", e.State)
	}
	w.post(done) // the platform repeats itself
	w.stop()
	for _, r := range w.conn.Posts() {
		if bytes.Contains(r.Content, []byte(done.ID)) {
			t.Errorf("what shows on the post was answered in the thread too: %s", r.Content)
		}
	}
}

// A rehearsal that runs fast posts each reminder on its day, though several days pass within a second.
func TestRehearsal(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.stop()
	e := campaign()
	e.End = day("2027-12-31") // nothing is over when this machine is slow
	w.MustAdd(e)
	w.config.Clock = bot.RehearsalClock(at("2026-03-02 08:29"), 1e6)
	w.Start()
	w.posted(w.wg.ConversationID, 2)
	w.stop()
	equal(t, "ledger", w.ledger(), "reminder Kevätkampanja: sent", "reminder Kevätkampanja: sent")
}

// A client that refreshes the card by itself is shown the current one; nothing is done in anybody's name.
func TestReminderRefresh(t *testing.T) {
	t.Parallel()
	w, id, s := reminded(t)
	w.stop() // the post is recorded now
	w.Start()
	a := w.Click(place(w.wg, s), olli, s.activity, cards.VerbEntryDone, s.data(t, cards.VerbEntryDone, nil))
	a.Value = bytes.Replace(a.Value, []byte(`"manual"`), []byte(`"automatic"`), 1)
	contains(t, w.invoke(a).card.text(), "Merkitse tehdyksi")
	if e := w.MustEntry(id); e.State != store.Planned || len(w.audit()) != 0 {
		t.Errorf("the entry is %s, audit %q", e.State, w.audit())
	}
}
