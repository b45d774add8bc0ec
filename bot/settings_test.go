package bot_test

import (
	"strings"
	"testing"

	"vuosikello/bot"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/store"
)

// bindings lists what a channel is for.
func (w *world) bindings(where teamstest.Place) (list []string) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) error {
		all, err := tx.Bindings(where.ConversationID)
		for _, b := range all {
			list = append(list, strings.TrimSpace(string(b.Kind)+" "+b.Name))
		}
		return err
	})
	return list
}

func TestChannelBindings(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.MustAdd(campaign()) // its audiences are Ammattilaiset and Some
	for _, step := range []struct {
		text string
		said string   // in the answer
		want []string // bound after it
	}{
		{"kanava", "Ammattilaiset", nil}, // offered, not bound
		{"kanava AMMATTILAISET", "Lisätty: Ammattilaiset", []string{"audience Ammattilaiset"}},
		{"kanava ammattilaiset", "Oli jo: Ammattilaiset", []string{"audience Ammattilaiset"}},
		{"kanava Nuoret  perheet, some", "Nuoret perheet", []string{"audience Ammattilaiset", "audience Nuoret perheet", "audience Some"}},
		{"kanava työryhmä", "työryhmä", []string{"working_group", "audience Ammattilaiset", "audience Nuoret perheet", "audience Some"}},
		{"kanava poista SOME", "Poistettu", []string{"working_group", "audience Ammattilaiset", "audience Nuoret perheet"}},
		{"kanava poista some", "ei tule mitään", []string{"working_group", "audience Ammattilaiset", "audience Nuoret perheet"}},
		{"kanal ta bort nuoret perheet", "Poistettu", []string{"working_group", "audience Ammattilaiset"}},
		{"channel remove working group", "Poistettu", []string{"audience Ammattilaiset"}},
		{"kanal ledningsgrupp", "johtoryhmä", []string{"management", "audience Ammattilaiset"}},
		{"kanal ta bort ledningsgrupp", "Poistettu", []string{"audience Ammattilaiset"}},
		{"channel working group, management", "työryhmä", []string{"working_group", "management", "audience Ammattilaiset"}},
		{"kanava poista", "Kirjoita perään", []string{"working_group", "management", "audience Ammattilaiset"}},
		{"kanava , ,", "Kirjoita perään", []string{"working_group", "management", "audience Ammattilaiset"}},
		{"kanava " + strings.Repeat("x", 101), "enintään", []string{"working_group", "management", "audience Ammattilaiset"}},
		{"kanava " + strings.Repeat("a,", 51), "enintään", []string{"working_group", "management", "audience Ammattilaiset"}},
		{"kanava Ammatilaiset", "Samankaltainen", []string{"working_group", "management", "audience Ammatilaiset", "audience Ammattilaiset"}},
	} {
		contains(t, w.say(w.pro, aino, step.text).text(), step.said)
		equal(t, "after "+step.text, w.bindings(w.pro), step.want...)
	}
	equal(t, "another channel", w.bindings(w.general))

	// A group chat has bindings too.
	w.say(w.group, aino, "kanava Nuoret")
	equal(t, "the chat", w.bindings(w.group), "audience Nuoret")
}

// roles lists who has which role.
func (w *world) roles() (list []string) {
	w.Helper()
	w.MustRead(func(tx *store.Tx) error {
		all, err := tx.RoleHolders(day("2026-03-02"))
		for _, h := range all {
			list = append(list, strings.TrimSpace(strings.Fields(h.Person.Name)[0]+" "+string(h.Role)+" "+h.Until.String()))
		}
		return err
	})
	return list
}

func TestRoles(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	uusi := teamstest.Person{ID: "29:uusi", AADObjectID: "00000000-0000-4000-8000-000000000ABC", Name: "Uusi Ihminen", Email: "uusi@hva.example"}
	ghost := teamstest.Person{ID: "29:ghost", AADObjectID: "00000000-0000-4000-8000-000000000def", Name: "Haamu"}
	w.conn.AddTeam(teamstest.Team{ID: w.team.ID, Name: w.team.Name, Channels: w.team.Channels, Members: append(w.team.Members, uusi.Member(tenant))})
	w.MustWrite(func(tx *store.Tx) error {
		for _, p := range []teamstest.Person{mia, erik, jane} {
			if _, err := tx.TakeRole(p.AADObjectID, store.RoleCommunications); err != nil {
				return err
			}
		}
		return nil
	})
	base := []string{"Aino admin"}
	for _, step := range []struct {
		text string
		who  []teamstest.Person // mentioned
		said string
		want []string
	}{
		{"rooli", nil, "Aino", base},
		{"rooli viestintä @Mia Viestijä", []teamstest.Person{mia}, "Mia Viestijä sai roolin viestintä", []string{"Aino admin", "Mia communications"}},
		{"rooli hyväksyjä @Mia Viestijä @Erik Kommunikatör 31.7.2026 asti", []teamstest.Person{mia, erik}, "31.7.2026",
			[]string{"Aino admin", "Erik approver 2026-07-31", "Mia approver 2026-07-31", "Mia communications"}},
		{"roll ta bort godkännare @Mia Viestijä @Erik Kommunikatör", []teamstest.Person{mia, erik}, "poistettiin", []string{"Aino admin", "Mia communications"}},
		{"role remove communications @Mia Viestijä", []teamstest.Person{mia}, "poistettiin", base},
		{"role remove communications @Mia Viestijä", []teamstest.Person{mia}, "ei ole tätä roolia", base},
		{"role digimentor @Jane Communications until 2026-12-31", []teamstest.Person{jane}, "31.12.2026", []string{"Aino admin", "Jane digimentor 2026-12-31"}},
		{"rooli poista digimentori jane@hva.example", nil, "poistettiin", base}, // by e-mail, without a mention
		// Somebody the bot has not met is looked up among the members.
		{"rooli digimentori @Uusi Ihminen", []teamstest.Person{uusi}, "Uusi Ihminen", []string{"Aino admin", "Uusi digimentor"}},
		{"rooli poista digimentori @Uusi Ihminen", []teamstest.Person{uusi}, "poistettiin", base},
		{"rooli digimentori @Haamu", []teamstest.Person{ghost}, "ei löydy", base},
		{"rooli digimentori Tuntematon", nil, "ei löydy", base},
		{"rooli digimentori", nil, "Mainitse", base},
		{"rooli kuningas @Mia Viestijä", []teamstest.Person{mia}, "Roolit ovat", base},
		{"rooli poista", nil, "Roolit ovat", base},
		{"rooli viestintä @Mia Viestijä 1.3.2026 asti", []teamstest.Person{mia}, "on jo mennyt", base},
		{"rooli viestintä @Mia Viestijä 31.2.2027 asti", []teamstest.Person{mia}, "31.2.2027", base},
		{"rooli poista ylläpitäjä @Aino Ylläpitäjä", []teamstest.Person{aino}, "Viimeistä", base},
		{"rooli ylläpitäjä @Mia Viestijä 31.7.2026 asti", []teamstest.Person{mia}, "sai roolin", []string{"Aino admin", "Mia admin 2026-07-31"}},
		{"rooli poista ylläpitäjä @Aino Ylläpitäjä", []teamstest.Person{aino}, "Viimeistä", []string{"Aino admin", "Mia admin 2026-07-31"}}, // Mia's ends
		{"rooli ylläpitäjä @Aino Ylläpitäjä 31.7.2026 asti", []teamstest.Person{aino}, "Viimeistä", []string{"Aino admin", "Mia admin 2026-07-31"}},
	} {
		contains(t, w.say(w.pro, aino, step.text, step.who...).text(), step.said)
		equal(t, "after "+step.text, w.roles(), step.want...)
	}
}

// A role ends with its last day.
func TestRoleEnds(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.say(w.pro, aino, "rooli viestintä @Olli Omistaja 3.3.2026 asti", olli)
	w.clock.Set(at("2026-03-03 23:59"))
	contains(t, w.say(teamstest.Personal(olli), olli, "apua").text(), "lisää")
	w.clock.Set(at("2026-03-04 00:00"))
	contains(t, w.say(w.pro, olli, "lisää").text(), "tarvitaan rooli")
}

// Admins by configuration need no role, and cannot be taken it.
func TestConfiguredAdmins(t *testing.T) {
	t.Parallel()
	w := MustWorld(t, withConfig(func(c *bot.Config) { c.Admins = []string{mia.AADObjectID} }))
	contains(t, w.say(w.pro, mia, "rooli").text(), "Mia", "Aino")
	contains(t, w.say(w.pro, mia, "rooli poista ylläpitäjä @Mia Viestijä", mia).text(), "asetuksissa")
	contains(t, w.say(w.pro, mia, "rooli poista ylläpitäjä @Aino Ylläpitäjä", aino).text(), "poistettiin")
	contains(t, w.say(w.pro, aino, "rooli").text(), "tarvitaan rooli")
}
