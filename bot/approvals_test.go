package bot_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/store"
)

// The people of the approval tests, beside those of all.
var (
	hanna  = person("hanna", "Hanna Hyväksyjä", "fi-FI")   // approver
	heikki = person("heikki", "Heikki Hyväksyjä", "fi-FI") // approver
	sijo   = person("sijo", "Sijo Sijainen", "fi-FI")      // a substitute: approver until a date, where a test says so
)

// approvalWorld is a world in which content can be approved and published: a management channel, and three channels of
// audiences in another team.
type approvalWorld struct {
	*world
	management, nurses, swedes, both teamstest.Place
}

// MustApprovals starts a bot that knows who approves, and where what is approved goes: Ammattilaiset to the channels
// Hoitajat (Finnish), Vårdare (Swedish) and Kaikki (no language set), Hoitajat to the first. Some has no channel.
func MustApprovals(tb testing.TB, options ...option) *approvalWorld {
	tb.Helper()
	a := &approvalWorld{world: MustWorld(tb, options...)}
	a.management = a.pro
	care := teamstest.Team{ID: "19:care@thread.tacv2", Name: "Hoito", AADGroupID: "44444444-4444-4444-8444-444444444444",
		Channels: []teams.ChannelInfo{{ID: "19:nurses@thread.tacv2", Name: "Hoitajat"}, {ID: "19:swedes@thread.tacv2", Name: "Vårdare"}, {ID: "19:both@thread.tacv2", Name: "Kaikki"}}}
	var members []store.Person
	for _, p := range append(slices.Clone(people), hanna, heikki, sijo) {
		care.Members = append(care.Members, p.Member(tenant))
		members = append(members, store.Person{ID: p.AADObjectID, TeamsID: p.ID, Name: p.Name, Email: p.Email, TenantID: tenant, Locale: p.Locale, ServiceURL: a.ServiceURL})
	}
	a.conn.AddTeam(care)
	a.nurses, a.swedes, a.both = care.Channel("19:nurses@thread.tacv2"), care.Channel("19:swedes@thread.tacv2"), care.Channel("19:both@thread.tacv2")
	a.MustWrite(func(tx *store.Tx) error {
		event := time.Now().Add(-24 * time.Hour)
		if _, err := tx.TeamSeen(store.Team{ID: care.ID, AADGroupID: care.AADGroupID, Name: care.Name, ServiceURL: a.ServiceURL}, event); err != nil {
			return err
		}
		if err := tx.SyncLater(care.ID, time.Now().Add(24*time.Hour)); err != nil {
			return err
		}
		for _, ch := range care.Channels {
			if err := tx.ChannelSeen(store.Channel{ID: ch.ID, TeamID: care.ID, Name: ch.Name, ServiceURL: a.ServiceURL}, event); err != nil {
				return err
			}
			if _, err := tx.Bind(ch.ID, store.Binding{Kind: store.ForAudience, Name: "Ammattilaiset"}); err != nil {
				return err
			}
		}
		if err := tx.SetMembers(care.ID, members, a.clock.Now()); err != nil {
			return err
		}
		if err := tx.SetChannelLanguage(a.nurses.ConversationID, "fi"); err != nil {
			return err
		}
		if err := tx.SetChannelLanguage(a.swedes.ConversationID, "sv"); err != nil {
			return err
		}
		if _, err := tx.Bind(a.nurses.ConversationID, store.Binding{Kind: store.ForAudience, Name: "Hoitajat"}); err != nil {
			return err
		}
		if _, err := tx.Bind(a.management.ConversationID, store.Binding{Kind: store.Management}); err != nil {
			return err
		}
		for _, p := range []teamstest.Person{hanna, heikki} {
			if err := tx.GiveRole(p.AADObjectID, store.RoleApprover, 0); err != nil {
				return err
			}
		}
		return nil
	})
	// An entry names the audience that no channel is bound to.
	a.MustAdd(store.Entry{Title: "Somekampanja", Start: day("2026-05-04"), Audiences: []string{"Some"}, Leads: []int{1}})
	return a
}

// meets says when the management team meets: on Tuesdays at 12, with a cut-off of a day.
func (w *approvalWorld) meets() {
	w.Helper()
	w.MustWrite(func(tx *store.Tx) error {
		return tx.SaveMeeting(store.Meeting{Kind: store.Management, First: day("2026-03-10"), Time: 12 * 60, Every: 1, Cutoff: 24}, w.clock.Now(), calendar)
	})
}

// text is content that can be sent as it is, with some inputs as given.
func text(inputs ...map[string]any) map[string]any {
	values := map[string]any{"title": "Uusi ohje", "body": "Ohje muuttuu **maanantaina**.", "audience": "Ammattilaiset", "publishDate": "2026-03-16", "publishTime": "09:00", "entry": "none",
		"checkCopyright": "true", "checkPrivacy": "true", "checkLanguage": "true", "checkAccessibility": "true"}
	for _, m := range inputs {
		maps.Copy(values, m)
	}
	return values
}

// submit has somebody of communications send content for approval, and returns the answer.
func (w *approvalWorld) submit(who teamstest.Person, inputs ...map[string]any) answer {
	w.Helper()
	me := teamstest.Personal(who)
	return w.click(me, who, w.say(me, who, "uusi julkaisu"), cards.VerbContentSubmit, text(inputs...))
}

// request is a request and its three kinds of card.
type request struct {
	channel, hanna, heikki, own shown
}

// requested has Mia send content for approval, and waits for its cards.
func (w *approvalWorld) requested(inputs ...map[string]any) request {
	w.Helper()
	w.submit(mia, inputs...)
	return request{channel: w.posted(w.management.ConversationID, 1), hanna: w.chat(hanna, cards.VerbApprove), heikki: w.chat(heikki, cards.VerbApprove), own: w.chat(mia, cards.VerbWithdrawRequest)}
}

// chat waits for a message from the bot to a person, which is no answer, that has all the words or verbs.
func (w *world) chat(who teamstest.Person, words ...string) shown {
	w.Helper()
	return w.find(teamstest.PersonalChat(who.ID), words...)
}

// find waits for a message in a conversation, its threads included, that is no answer to a command and has all the words
// or verbs.
func (w *world) find(conversation string, words ...string) shown {
	w.Helper()
	return w.shown(w.conn.AwaitMatch(w, 1, func(r teamstest.Request) bool {
		if !r.Posted() || r.Op == "reply" || teams.BaseConversationID(r.ConversationID) != conversation {
			return false
		}
		s := w.shown(r)
		return s.has(words...)
	}))
}

// has reports whether the card has all the words, or buttons with those verbs.
func (s shown) has(words ...string) bool {
	all := s.text() + "\n" + strings.Join(s.verbs(), "\n")
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(all, word) })
}

// becomes waits until the message shows all the words or verbs, and returns it as it is then.
func (w *world) becomes(s shown, words ...string) shown {
	w.Helper()
	return w.shown(w.conn.AwaitMatch(w, 1, func(r teamstest.Request) bool {
		return r.Op == "update" && r.Status == 200 && r.ConversationID == s.conversation && r.ActivityID == s.activity && w.shown(r).has(words...)
	}))
}

// count is how many messages that are no answers a conversation got so far.
func (w *world) count(conversation string, words ...string) (n int) {
	for _, r := range w.conn.Posts() {
		if r.Op != "reply" && teams.BaseConversationID(r.ConversationID) == conversation && w.shown(r).has(words...) {
			n++
		}
	}
	return n
}

// versions lists what became of each version of content: "1/2 approved".
func (w *world) versions() (list []string) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) error {
		return tx.Approvals(func(v *store.ContentVersion) error {
			list = append(list, fmt.Sprintf("%d/%d %s", v.ContentID, v.Version, v.Decision))
			return nil
		})
	})
	return list
}

// MustVersion returns a version of content as stored.
func (w *world) MustVersion(content int64, version int) (v *store.ContentVersion) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) (err error) { v, err = tx.ContentVersion(content, version); return err })
	return v
}

// audited lists the audit records of an action: "who subject detail".
func (w *world) audited(action string) (list []string) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) error {
		return tx.AuditRecords(func(r *store.AuditRecord) error {
			if r.Action == action {
				list = append(list, strings.TrimSpace(r.Actor+" "+r.Subject+" "+r.Detail))
			}
			return nil
		})
	})
	return list
}

// posts lists the posts of a kind: "channel or person: state (reason)", sorted.
func (w *world) posts(kind string) (rows []string) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) error {
		return tx.Ledger(func(r *store.LedgerRow) error {
			if r.Kind == kind {
				s := r.Channel + ": " + string(r.State)
				if r.Reason != "" {
					s += " (" + r.Reason + ")"
				}
				if r.Late {
					s += " late"
				}
				rows = append(rows, s)
			}
			return nil
		})
	})
	slices.Sort(rows)
	return rows
}

// A request goes to the management channel, mentioning the approvers, and to each of them, but not to who asks; who asks
// has a copy of their own.
func TestRequestIsPosted(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.MustWrite(func(tx *store.Tx) error { return tx.GiveRole(mia.AADObjectID, store.RoleApprover, 0) })
	ans := w.submit(mia, map[string]any{"audience": "Ammattilaiset,Some", "titleSv": "Ny anvisning", "bodySv": "Ändras på måndag.", "body": "Alku. " + strings.Repeat("Pitkä ohje. ", 60) + "Loppu."})
	contains(t, ans.card.text(), "Lähetetty hyväksyttäväksi", hanna.Name, heikki.Name)
	channel, personal, own := w.posted(w.management.ConversationID, 1), w.chat(hanna, cards.VerbApprove), w.chat(mia, cards.VerbWithdrawRequest)
	w.chat(heikki, cards.VerbApprove)
	for _, s := range []shown{channel, personal} {
		contains(t, s.text(), "Hyväksyntäpyyntö", "odottaa", "viim. ma 16.3. klo", "9.00", "Uusi ohje", "Alku.", "Loppu.", "Ny anvisning", mia.Name, "Ammattilaiset (9 henkilöä)", "Some (muualla kuin Teamsissa)",
			"9.00 (14 päivän päästä)", "tekijänoikeudet, tietosuoja, selkeä kieli, saavutettavuus", "Tätä ei ole vuosikellossa")
		equal(t, "buttons", s.verbs(), cards.VerbApprove, cards.VerbReturn)
	}
	equal(t, "mentions", channel.mentioned(), hanna.AADObjectID, heikki.AADObjectID)
	equal(t, "mentions of one's own copy", personal.mentioned())
	equal(t, "buttons of the requester", own.verbs(), cards.VerbWithdrawRequest, cards.VerbContentEdit)
	w.stop()
	equal(t, "requests", w.posts(store.KindApproval), hanna.Name+": sent", heikki.Name+": sent", "Viestintä / Ammattilaiset: sent")
	equal(t, "audit", w.audited("content.submit"), mia.Name+" content:1/1 sha256 "+w.MustVersion(1, 1).Hash())
}

func TestRequestNamesEntryAndMeeting(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.meets()
	id := w.MustAdd(campaign())
	w.submit(mia, map[string]any{"entry": id, "publishDate": "2026-03-09"})
	s := w.posted(w.management.ConversationID, 1)
	// The next meeting is after the publication: the card warns before it is passed on.
	contains(t, s.text(), "Kevätkampanja", "Kevät", "10.3.", "vasta julkaisuajan jälkeen")
	if strings.Contains(s.text(), "ei ole vuosikellossa") {
		t.Error("what belongs to an entry is flagged as not in the clock")
	}
	equal(t, "buttons", s.verbs(), cards.VerbApprove, cards.VerbEscalate, cards.VerbReturn)
}

// Whom the bot cannot reach is named to the requester.
func TestRequestUnreachable(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.conn.Refuse(teamstest.PersonalChat(heikki.ID), teams.CodeBotNotInRoster)
	w.submit(mia)
	notice := w.chat(mia, "Kaikkia ei tavoitettu")
	contains(t, notice.text(), heikki.Name, "Uusi ohje")
	w.chat(hanna, cards.VerbApprove)
	w.stop()
	if n := w.count(teamstest.PersonalChat(mia.ID), "Kaikkia ei tavoitettu"); n != 1 {
		t.Errorf("%d notices about one person", n)
	}
}

func TestRequestWithoutApprovers(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.MustWrite(func(tx *store.Tx) error {
		for _, p := range []teamstest.Person{hanna, heikki} {
			if _, err := tx.TakeRole(p.AADObjectID, store.RoleApprover); err != nil {
				return err
			}
		}
		return tx.GiveRole(sijo.AADObjectID, store.RoleApprover, day("2026-03-01")) // over yesterday
	})
	contains(t, w.submit(mia).card.text(), "kenelläkään ei ole nyt hyväksyjän roolia")
	s := w.posted(w.management.ConversationID, 1)
	contains(t, w.click(w.management, sijo, s, cards.VerbApprove, nil).text, "vain hyväksyjä")
	equal(t, "versions", w.versions(), "1/1 pending")
}

// A substitute decides until their last day, that day included.
func TestSubstituteDecides(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.say(w.management, aino, "rooli hyväksyjä @Sijo Sijainen 5.3.2026 asti", sijo)
	r := w.requested()
	equal(t, "mentions", r.channel.mentioned(), hanna.AADObjectID, heikki.AADObjectID, sijo.AADObjectID)
	w.clock.Set(at("2026-03-06 00:00"))
	contains(t, w.click(w.management, sijo, r.channel, cards.VerbApprove, nil).text, "vain hyväksyjä")
	w.clock.Set(at("2026-03-05 23:59"))
	contains(t, w.click(w.management, sijo, r.channel, cards.VerbApprove, nil).card.text(), "Hyväksytty", sijo.Name)
}

// A decision changes every copy of the card, and the requester is told.
func TestDecide(t *testing.T) {
	for _, tc := range []struct {
		name, verb string
		inputs     map[string]any
		state      store.Decision
		card, told []string
	}{
		{"approve", cards.VerbApprove, nil, store.DecisionApproved, []string{"Hyväksytty."}, []string{"Hyväksytty: Uusi ohje"}},
		{"approve with a comment", cards.VerbApprove, map[string]any{"comment": "Hieno"}, store.DecisionApproved, []string{"Hyväksytty.", "Hieno"}, []string{"Hyväksytty: Uusi ohje", "Hieno"}},
		{"return", cards.VerbReturn, map[string]any{"comment": "Lyhennä **paljon**"}, store.DecisionReturned, []string{"Palautettu", "Lyhennä"}, []string{"Palautettu: Uusi ohje", "Lyhennä"}},
		{"escalate", cards.VerbEscalate, map[string]any{"comment": "Iso asia"}, store.DecisionEscalated, []string{"10.3.", "Iso asia", hanna.Name}, []string{"Kokoukseen: Uusi ohje", "10.3.2026", "Iso asia"}},
		{"escalate from the card's own input", cards.VerbEscalate, map[string]any{cards.InputMeetingComment: "Iso asia"}, store.DecisionEscalated, []string{"Iso asia"}, []string{"Iso asia"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := MustApprovals(t)
			w.meets()
			r := w.requested()
			ans := w.click(w.management, hanna, r.channel, tc.verb, tc.inputs)
			if ans.text != "" {
				t.Fatalf("answered %q", ans.text)
			}
			contains(t, ans.card.text(), tc.card...)
			for _, s := range []shown{r.channel, r.hanna, r.heikki, r.own} {
				put := w.becomes(s, append(tc.card, hanna.Name, "8.00")...)
				if open := tc.state == store.DecisionEscalated; s.activity != r.own.activity && put.has(cards.VerbApprove) != open {
					t.Errorf("decided, the card has the buttons %q", put.verbs())
				}
				if put.has(cards.VerbEscalate) {
					t.Error("what was decided can be passed to the meeting")
				}
			}
			told := w.chat(mia, tc.told...)
			contains(t, told.text(), hanna.Name)
			v := w.MustVersion(1, 1)
			if v.Decision != tc.state || v.DecidedBy != hanna.AADObjectID || !v.DecidedAt.Equal(w.clock.Now()) || v.SHA256 != v.Hash() {
				t.Errorf("recorded %+v", v)
			}
			records := w.audited("approval." + string(tc.state))
			if len(records) != 1 {
				t.Fatalf("audit %q", records)
			}
			contains(t, records[0], hanna.Name, "content:1/1", v.SHA256, v.Comment)

			// The same person again is told what was recorded and when; another sees the current card.
			w.clock.Set(at("2026-03-02 10:15"))
			contains(t, w.click(w.management, hanna, r.channel, tc.verb, tc.inputs).text, "Päätit tästä jo ma 2.3. klo", "8.00")
			contains(t, w.click(w.management, heikki, r.channel, tc.verb, tc.inputs).card.text(), append(tc.card, hanna.Name)...)
			if got := w.MustVersion(1, 1); got.DecidedBy != hanna.AADObjectID || !got.DecidedAt.Equal(v.DecidedAt) {
				t.Errorf("decided again: %+v", got)
			}
		})
	}
}

// A refusal is a message: the card and what was typed stay, and nothing changes.
func TestDecideRefused(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	w.MustWrite(func(tx *store.Tx) error { return tx.GiveRole(mia.AADObjectID, store.RoleApprover, 0) })
	r := w.requested()
	before := len(w.audit())
	for _, tc := range []struct {
		who    teamstest.Person
		verb   string
		inputs map[string]any
		want   string
	}{
		{hanna, cards.VerbReturn, nil, "Kommentti puuttuu"},
		{hanna, cards.VerbReturn, map[string]any{"comment": " \n "}, "Kommentti puuttuu"},
		{hanna, cards.VerbReturn, map[string]any{"comment": strings.Repeat("x", 1001)}, "merkkiä"},
		{hanna, cards.VerbReturn, map[string]any{"comment": strings.Repeat("x", 200_000)}, "200 000"},
		{hanna, cards.VerbReturn, map[string]any{"comment": strings.Repeat("😀", 1001)}, ""},
		{hanna, cards.VerbEscalate, nil, "Kokousaikoja ei ole"},
		{sanna, cards.VerbApprove, nil, "vain hyväksyjä"},
		{sanna, cards.VerbReturn, map[string]any{"comment": "x"}, "vain hyväksyjä"},
		{aino, cards.VerbApprove, nil, "vain hyväksyjä"},
		{mia, cards.VerbApprove, nil, "Omaa pyyntöä"}, // an approver, but never of one's own
		{mia, cards.VerbReturn, map[string]any{"comment": "x"}, "Omaa pyyntöä"},
		{mia, cards.VerbEscalate, nil, "Omaa pyyntöä"},
		{hanna, cards.VerbWithdrawRequest, nil, "vain se, joka lähetti"},
		{erik, cards.VerbWithdrawRequest, nil, "återtas"}, // in communications too, but not who asked; in the clicker's language
	} {
		data := map[string]any{"verb": tc.verb, "content": "1", "version": 1}
		maps.Copy(data, tc.inputs)
		ans := w.invoke(w.Click(place(w.management, r.channel), tc.who, r.channel.activity, tc.verb, data))
		if ans.text == "" {
			t.Errorf("%s by %s was answered with a card", tc.verb, tc.who.Name)
		}
		contains(t, ans.text, tc.want)
	}
	for _, data := range []map[string]any{{"content": "99", "version": 1}, {"content": "x"}, {"content": "1", "version": "x"}, {"content": []any{1}}, {}} {
		ans := w.invoke(w.Click(place(w.management, r.channel), hanna, r.channel.activity, cards.VerbApprove, data))
		if ans.text == "" {
			t.Errorf("%v was answered with a card", data)
		}
	}
	equal(t, "versions", w.versions(), "1/1 pending")
	if n := len(w.audit()); n != before {
		t.Errorf("a refusal is in the audit log: %q", w.audit())
	}
	w.stop()
	for _, q := range w.conn.Requests() {
		if q.Op == "update" && q.ActivityID == r.channel.activity {
			t.Error("a refusal changed the post")
		}
	}
}

// However many people click how often at the same moment, there is one decision, and everybody sees it.
func TestDecideRace(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	r := w.requested()
	var wg sync.WaitGroup
	answers := make(chan answer, 20)
	for i := range 20 {
		who, verb := hanna, cards.VerbApprove
		if i%2 == 1 {
			who, verb = heikki, cards.VerbReturn
		}
		click := w.Click(place(w.management, r.channel), who, r.channel.activity, verb, r.channel.data(t, verb, map[string]any{"comment": "syy"}))
		wg.Go(func() { answers <- w.invoke(click) })
	}
	wg.Wait()
	close(answers)
	v := w.MustVersion(1, 1)
	winner := map[string]string{hanna.AADObjectID: hanna.Name, heikki.AADObjectID: heikki.Name}[v.DecidedBy]
	for a := range answers {
		if a.text != "" {
			contains(t, a.text, "Päätit tästä jo")
			continue
		}
		contains(t, a.card.text(), winner)
		if a.card.has(cards.VerbApprove) {
			t.Error("an answer still asks")
		}
	}
	if n := len(w.audited("approval.approved")) + len(w.audited("approval.returned")); n != 1 {
		t.Errorf("%d decisions are in the audit log", n)
	}
	for _, s := range []shown{r.channel, r.hanna, r.heikki, r.own} {
		w.becomes(s, winner)
	}
	w.stop()
	if n := w.count(teamstest.PersonalChat(mia.ID), "Hyväksytty: ") + w.count(teamstest.PersonalChat(mia.ID), "Palautettu: "); n != 1 {
		t.Errorf("the requester was told %d times", n)
	}
}

// Sending the content again makes a new version: what waited or was decided is void, and a click on the old card shows
// the new one.
func TestNewVersion(t *testing.T) {
	for _, decided := range []bool{false, true} {
		t.Run(fmt.Sprintf("decided %v", decided), func(t *testing.T) {
			t.Parallel()
			w := MustApprovals(t)
			r := w.requested()
			own := r.own
			if decided {
				w.click(w.management, hanna, r.channel, cards.VerbApprove, nil)
				own = w.becomes(r.own, "Hyväksytty")
			}
			me := teamstest.Personal(mia)
			contains(t, w.click(me, mia, own, cards.VerbContentEdit, nil).text, "Lomake")
			form := w.find(teamstest.PersonalChat(mia.ID), cards.VerbContentSubmit)
			equal(t, "the form's title", []string{form.inputs()["title"], form.inputs()["publishDate"]}, "Uusi ohje", "2026-03-16")
			w.click(me, mia, form, cards.VerbContentSubmit, map[string]any{"body": "Toinen teksti"})
			equal(t, "versions", w.versions(), "1/1 voided", "1/2 pending")
			second := w.posted(w.management.ConversationID, 2)
			contains(t, second.text(), "Toinen teksti", "Aiemmat versiot", "Versio 1: korvattu")
			contains(t, w.becomes(r.channel, "korvattu uudella versiolla").text(), "Uusi ohje")

			current := w.click(w.management, heikki, r.channel, cards.VerbApprove, nil).card
			contains(t, current.text(), "Toinen teksti")
			if v := w.MustVersion(1, 2); v.Decision != store.DecisionPending {
				t.Errorf("a click on the old card decided: %s", v.Decision)
			}
			contains(t, w.click(w.management, heikki, current, cards.VerbApprove, nil).card.text(), "Hyväksytty")
			equal(t, "versions", w.versions(), "1/1 voided", "1/2 approved")
			w.pass("2026-03-16 09:00")
			post := w.posted(w.nurses.ConversationID, 1)
			contains(t, post.text(), "Toinen teksti")
			w.stop()
			equal(t, "publications", w.audited("publication.publish"), "vuosikello content:1/2 sha256 "+w.MustVersion(1, 2).Hash())
		})
	}
}

// An edit that races a decision leaves either a decision that is void, or a new version that is undecided: never a
// decision on content that nobody saw.
func TestEditRacesDecision(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	r := w.requested()
	me := teamstest.Personal(mia)
	w.click(me, mia, r.own, cards.VerbContentEdit, nil)
	form := w.find(teamstest.PersonalChat(mia.ID), cards.VerbContentSubmit)
	edit := w.Click(me, mia, form.activity, cards.VerbContentSubmit, form.data(t, cards.VerbContentSubmit, map[string]any{"body": "Toinen teksti"}))
	decide := w.Click(place(w.management, r.channel), hanna, r.channel.activity, cards.VerbApprove, r.channel.data(t, cards.VerbApprove, nil))
	var wg sync.WaitGroup
	wg.Go(func() { w.invoke(edit) })
	wg.Go(func() { w.invoke(decide) })
	wg.Wait()
	equal(t, "versions", w.versions(), "1/1 voided", "1/2 pending")
	w.pass("2026-03-16 09:00")
	w.stop()
	equal(t, "publications", w.posts(store.KindPublication))
}

func TestWithdrawRequest(t *testing.T) {
	for _, approved := range []bool{false, true} {
		t.Run(fmt.Sprintf("approved %v", approved), func(t *testing.T) {
			t.Parallel()
			w := MustApprovals(t)
			r := w.requested()
			own := r.own
			if approved {
				w.click(w.management, hanna, r.channel, cards.VerbApprove, nil)
				own = w.becomes(r.own, "Hyväksytty", cards.VerbWithdrawRequest)
			}
			me := teamstest.Personal(mia)
			ans := w.click(me, mia, own, cards.VerbWithdrawRequest, nil)
			contains(t, ans.card.text(), "peruttu")
			for _, s := range []shown{r.channel, r.hanna, r.heikki} {
				if put := w.becomes(s, "peruttu"); put.has(cards.VerbApprove) {
					t.Error("a withdrawn request can be decided")
				}
			}
			contains(t, w.click(w.management, heikki, r.channel, cards.VerbApprove, nil).card.text(), "peruttu")
			contains(t, w.click(me, mia, own, cards.VerbWithdrawRequest, nil).text, "8.00")
			equal(t, "versions", w.versions(), "1/1 withdrawn")
			equal(t, "audit", w.audited("approval.withdrawn"), mia.Name+" content:1/1 sha256 "+w.MustVersion(1, 1).SHA256)
			w.pass("2026-03-16 09:00")
			w.stop()
			equal(t, "publications", w.posts(store.KindPublication))
		})
	}
}

// Clients without Action.Execute send the same as a message; the post shows what is current.
func TestDecideSubmit(t *testing.T) {
	t.Parallel()
	w := MustApprovals(t)
	r := w.requested()
	missing := w.Submit(place(w.management, r.channel), hanna, r.channel.activity, r.channel.data(t, cards.VerbReturn, nil))
	w.post(missing)
	contains(t, w.replyTo(missing).text(), "Kommentti puuttuu")
	w.post(w.Submit(place(w.management, r.channel), hanna, r.channel.activity, r.channel.data(t, cards.VerbReturn, map[string]any{"comment": "Lyhennä"})))
	w.becomes(r.channel, "Palautettu", "Lyhennä")
	equal(t, "versions", w.versions(), "1/1 returned")
}
