package cards_test

import (
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

func at(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, helsinki)
}

var (
	maija = cards.Person{Name: "Maija Meikäläinen", ID: "00000000-0000-4000-8000-000000000020"}
	liisa = cards.Person{Name: "Liisa Virtanen", ID: "00000000-0000-4000-8000-000000000021"}
	sven  = cards.Person{Name: "Sven Svensson", ID: "00000000-0000-4000-8000-000000000022"}
)

const (
	body = "Terveystarkastuslomake otetaan käyttöön **13. huhtikuuta** kaikissa yksiköissä.\n\nTee näin:\n\n" +
		"1. Avaa lomake sovelluksesta.\n2. Täytä tiedot asiakkaan kanssa.\n3. Tallenna.\n\n" +
		"Muista myös:\n- vanha lomake poistuu 30.4.\n- kysymyksiin vastaa [tuki](mailto:tuki@example.fi)\n\n" +
		"Sovelluksen päivityksestä tiedottaminen ja hyväksymismenettelyt on kuvattu [ohjeessa](https://intra.example.fi/ohje). " +
		"Jos jokin jää epäselväksi, kysy digimentorilta ennen käyttöönottoa, niin vältytään turhilta yhteydenotoilta asiakaspalveluun."
	bodySv = "Blanketten tas i bruk **den 13 april** i alla enheter.\n\n- den gamla blanketten tas bort 30.4"
)

func publication(change func(*cards.Publication)) cards.Publication {
	p := cards.Publication{
		Content: "17", Version: 2, Title: "Terveystarkastuslomakkeen käyttöönotto", Body: body, Link: "https://intra.example.fi/lomake",
		At: at(time.April, 13, 9, 0), Today: store.NewDate(2026, time.April, 13),
	}
	if change != nil {
		change(&p)
	}
	return p
}

func approval(change func(*cards.Approval)) cards.Approval {
	a := cards.Approval{
		Content: "17", Version: 2, Title: "Terveystarkastuslomakkeen käyttöönotto", Body: body, TitleSv: "Blanketten tas i bruk", BodySv: bodySv,
		Link: "https://intra.example.fi/lomake", Requester: maija, Entry: "Terveystarkastuslomakkeen käyttöönotto", Campaign: "Terveystarkastukset",
		Audiences: []cards.AudienceCount{{Name: "Käyttöönottavat yksiköt", People: 1240, Known: true}, {Name: "Asukkaat", Outside: true}, {Name: "Esihenkilöt"}},
		PublishAt: at(time.April, 13, 9, 0), Checklist: store.Checks(), Deadline: at(time.April, 13, 9, 0),
		Approvers: []cards.Person{liisa, sven}, Decision: store.DecisionPending, NextMeeting: store.NewDate(2026, time.April, 7), Today: today,
		Rounds: []cards.Round{{Version: 1, Decision: store.DecisionReturned, By: liisa.Name, At: at(time.March, 27, 9, 0), Comment: "Kerro myös, milloin vanha lomake poistuu."}},
	}
	if change != nil {
		change(&a)
	}
	return a
}

func decidedApproval(d store.Decision, comment string, own bool) cards.Approval {
	return approval(func(a *cards.Approval) {
		a.Decision, a.DecidedBy, a.DecidedAt, a.Comment, a.Own, a.Rounds = d, liisa.Name, at(time.March, 30, 14, 5), comment, own, nil
	})
}

func need(state store.NeedState, comment string) cards.Need {
	n := cards.Need{
		ID: 4, Text: "Asiakkaat kysyvät vastaanotolla, mistä digipalveluihin pääsee kirjautumaan", AskedBy: sven, At: at(time.March, 27, 9, 0),
		State: state, Comment: comment, Today: today,
	}
	if state != store.NeedOpen {
		n.DecidedBy, n.DecidedAt = maija.Name, at(time.March, 30, 14, 5)
	}
	return n
}

func agendaItems() []cards.AgendaItem {
	return []cards.AgendaItem{
		{ID: "entry:k3v5", Kind: cards.AgendaEntry, Title: "Terveystarkastuslomakkeen käyttöönotto", Detail: "13.–24.4."},
		{ID: "entry:k3v6", Kind: cards.AgendaEntry, Title: "Viikkotiedote", Detail: "pe 17.4."},
		{ID: "need:4", Kind: cards.AgendaNeed, Title: "Asiakkaat kysyvät vastaanotolla, mistä digipalveluihin pääsee kirjautumaan", Detail: sven.Name},
		{ID: "need:5", Kind: cards.AgendaNeed, Title: "Ohje uusista aukioloajoista", Detail: maija.Name, Outcome: "postponed", Comment: "Odotetaan päätöstä aukioloajoista."},
		{ID: "content:17/2", Kind: cards.AgendaContent, Title: "Uusi lomake käyttöön", Detail: "odottaa, ma 13.4. klo 9.00"},
		{Kind: cards.AgendaDecision, Title: "Kesän aukioloajat", Detail: "hyväksytty"},
	}
}

// approvalSamples are the cards of approvals, publications, meetings and needs.
func approvalSamples() []sample {
	published := cards.Published{
		Content: "17", Version: 2, Title: "Terveystarkastuslomakkeen käyttöönotto", Members: 1252, Acks: 12, Unacknowledged: 1240,
		At: at(time.March, 30, 9, 0), CanEdit: true, Today: today,
		Channels: []cards.PublishedChannel{{Name: "Käyttöönottavat yksiköt › Yleinen", State: store.Sent}, {Name: "Esihenkilöt › Tiedotteet", State: store.Sent}},
	}
	failed := published
	failed.Reminded, failed.Channels = at(time.April, 1, 9, 0), append([]cards.PublishedChannel{}, published.Channels...)
	failed.Channels[1].State, failed.Channels[1].Reason = store.Failed, "Kanavaa ei enää ole, tai sovellus on poistettu siitä."
	withdrawn := published
	withdrawn.Withdrawn = at(time.March, 30, 14, 5)
	sv := publication(func(p *cards.Publication) {
		p.Title, p.Body, p.TitleSv, p.BodySv = "", "", "Blanketten tas i bruk", bodySv
	})
	both := publication(func(p *cards.Publication) { p.TitleSv, p.BodySv = "Blanketten tas i bruk", bodySv })
	swedish := approval(func(a *cards.Approval) { a.Title, a.Body = "", "" })
	meeting := store.Meeting{Kind: store.WorkingGroup, First: store.NewDate(2026, time.April, 7), Time: 9 * 60, Every: 2, Cutoff: 24}
	outcome := cards.MeetingOutcome{
		Content: "17", Version: 2, Item: "content:17/2", Title: "Terveystarkastuslomakkeen käyttöönotto", Requester: maija.Name,
		Date: today - 1, PublishAt: at(time.April, 13, 9, 0), Approvers: []cards.Person{liisa}, Decision: store.DecisionEscalated, Today: today,
	}
	written := outcome
	written.Decision, written.DecidedBy, written.DecidedAt = store.DecisionApproved, liisa.Name, at(time.March, 30, 14, 5)
	return []sample{
		{"contentform_entry", cards.ContentForm{
			Content: "17", Version: 1, Approval: true, NoEntry: true, Audiences: audiences, Values: map[string]string{"title": "Uusi lomake käyttöön", "audience": "Ammattilaiset"},
		}},
		{"preview", cards.ContentPreview{
			Content: "17", Version: 2, PublishAt: at(time.April, 13, 9, 0), Bytes: 3120, Approval: true, Outside: []string{"Asukkaat"}, Today: today,
			Versions: []cards.PreviewVersion{
				{Lang: cards.Finnish, Channels: []string{"Käyttöönottavat yksiköt › Yleinen", "Esihenkilöt › Tiedotteet"}, Publication: publication(nil)},
				{Lang: cards.Swedish, Channels: []string{"Svenska enheter › Allmänt"}, Publication: sv},
			},
		}},
		{"preview_big", cards.ContentPreview{Content: "17", Version: 2, Bytes: 81_000, NoEntry: true, Today: today}},
		{"publication", publication(func(p *cards.Publication) {
			p.Acks, p.Image, p.ImageAlt = 12, "https://intra.example.fi/kuva.png", "Lomake puhelimen näytöllä"
		})},
		{"publication_both", both},
		{"publication_corrected", publication(func(p *cards.Publication) { p.Late, p.Corrected, p.Link = true, at(time.April, 14, 10, 5), "" })},
		{"publication_withdrawn", publication(func(p *cards.Publication) { p.Withdrawn, p.By = at(time.April, 14, 10, 5), maija.Name })},
		{"approval", approval(nil)},
		{"approval_personal", approval(func(a *cards.Approval) { a.Approvers, a.Nudge, a.NextMeeting, a.Rounds = nil, true, 0, nil })},
		{"approval_unplanned", approval(func(a *cards.Approval) {
			a.NoEntry, a.Entry, a.Campaign, a.PublishAt, a.Deadline, a.Body = true, "", "", time.Time{}, time.Time{}, "Lyhyt teksti."
			a.TitleSv, a.BodySv = "", ""
		})},
		{"approval_late", approval(func(a *cards.Approval) {
			a.Overdue, a.MeetingAfterPublication, a.PublishAt, a.Deadline = true, true, at(time.March, 30, 8, 30), time.Time{}
		})},
		{"approval_swedish", swedish},
		{"approval_escalated", approval(func(a *cards.Approval) {
			a.Decision, a.DecidedBy, a.DecidedAt, a.MeetingDate, a.Comment = store.DecisionEscalated, liisa.Name, at(time.March, 30, 14, 5), store.NewDate(2026, time.April, 7), "Koskee kaikkia tulosalueita."
		})},
		{"approval_own", approval(func(a *cards.Approval) { a.Own, a.Approvers = true, nil })},
		{"approval_approved", decidedApproval(store.DecisionApproved, "", false)},
		{"approval_returned", decidedApproval(store.DecisionReturned, "Kerro myös, milloin vanha lomake poistuu.", true)},
		{"approval_withdrawn", decidedApproval(store.DecisionWithdrawn, "", false)},
		{"approval_voided", decidedApproval(store.DecisionVoided, "", true)},
		{"approval_expired", approval(func(a *cards.Approval) { a.Decision, a.DecidedAt = store.DecisionExpired, at(time.March, 30, 0, 0) })},
		{"approvals", cards.Approvals{CanAdd: true, Today: today, Items: []cards.ApprovalItem{
			{Title: "Terveystarkastuslomakkeen käyttöönotto", Requester: maija.Name, Decision: store.DecisionPending, PublishAt: at(time.April, 13, 9, 0), Since: at(time.March, 27, 14, 5)},
			{Title: "Kesän aukioloajat", Requester: sven.Name, Decision: store.DecisionEscalated, MeetingDate: store.NewDate(2026, time.April, 7), Since: at(time.March, 26, 9, 0)},
			{Title: "Sähköisen asioinnin käyttökatko", Requester: maija.Name, Decision: store.DecisionPending, Since: at(time.March, 30, 8, 0)},
		}}},
		{"approvals_empty", cards.Approvals{Today: today}},
		{"published", published},
		{"published_failed", failed},
		{"published_withdrawn", withdrawn},
		{"meetingform", cards.MeetingForm{Kind: store.Management, Values: cards.NewMeetingValues(today)}},
		{"meetingform_errors", cards.MeetingForm{
			Kind: store.WorkingGroup, Values: map[string]string{"first": "2026-04-07", "time": "9", "every": "9", "cutoff": "aina"},
			Errors: map[string]string{"cutoff": "Kirjoita, montako tuntia ennen kokousta esityslista sulkeutuu: 0–336."},
		}},
		{"meetingsaved", cards.MeetingSaved{Meeting: meeting, Next: meeting.First, Today: today}},
		{"agenda", cards.Agenda{
			Kind: store.WorkingGroup, Date: meeting.First, Time: meeting.Time, Items: agendaItems(), Outcomes: []string{"done", "postponed", "dropped"},
			Saved: "Kirjattu: Ohje uusista aukioloajoista.", Today: today,
		}},
		{"agenda_management", cards.Agenda{
			Kind: store.Management, Date: meeting.First, Time: meeting.Time, Today: today, Outcomes: []string{"approved", "returned"},
			Items: []cards.AgendaItem{{ID: "content:17/2", Kind: cards.AgendaApproval, Title: "Kesän aukioloajat", Detail: "kokoukseen"}},
		}},
		{"agenda_empty", cards.Agenda{Kind: store.Management, Outcomes: []string{"approved", "returned"}, Today: today}},
		{"outcome", outcome},
		{"outcome_written", written},
		{"need", need(store.NeedOpen, "")},
		{"need_long", cards.Need{ID: 5, Text: strings.Repeat("Asiakkaat kysyvät aukioloajoista. ", 20), AskedBy: sven, At: at(time.March, 27, 9, 0), State: store.NeedPostponed, Today: today}},
		{"need_accepted", func() cards.Need {
			n := need(store.NeedAccepted, "")
			n.EntryTitle = "Kirjautumisohje vastaanotoille"
			return n
		}()},
		{"need_declined", need(store.NeedDeclined, "Ohje on jo intrassa.")},
	}
}

// hostileApprovals are the same cards made from text of any kind and length.
func hostileApprovals(text string, many []string, people []cards.Person, values, errs map[string]string) []sample {
	p := cards.Publication{
		Title: text, Body: text, TitleSv: text, BodySv: text, Link: "https://x/" + text, Image: "https://x/" + text, ImageAlt: text, By: text,
		At: at(time.April, 13, 9, 0), Corrected: at(time.April, 13, 9, 0), Acks: 1e9, Late: true, Today: today,
	}
	withdrawn := p
	withdrawn.Withdrawn = p.At
	a := cards.Approval{
		Title: text, Body: text, TitleSv: text, BodySv: text, Link: "https://x/" + text, Image: "https://x/" + text, ImageAlt: text, Requester: people[0],
		Entry: text, Campaign: text, NoEntry: true, Checklist: many, Overdue: true, Approvers: people, Decision: store.DecisionPending, Comment: text, DecidedBy: text,
		DecidedAt: p.At, NextMeeting: today, MeetingAfterPublication: true, Today: today,
	}
	published := cards.Published{Title: text, Members: 1e9, Unacknowledged: 1e9, At: p.At, CanEdit: true, Today: today}
	agenda := cards.Agenda{Kind: store.WorkingGroup, Date: today, Outcomes: []string{"done", "postponed", "dropped"}, Saved: text, Today: today}
	approvals := cards.Approvals{Today: today}
	for range many {
		a.Audiences = append(a.Audiences, cards.AudienceCount{Name: text, People: 1e9, Known: true})
		a.Rounds = append(a.Rounds, cards.Round{Version: 1, Decision: store.DecisionReturned, By: text, At: p.At, Comment: text})
		published.Channels = append(published.Channels, cards.PublishedChannel{Name: text, State: store.Failed, Reason: text})
		agenda.Items = append(agenda.Items, cards.AgendaItem{ID: "need:12345", Kind: cards.AgendaNeed, Title: text, Detail: text, Outcome: "done", Comment: text})
		approvals.Items = append(approvals.Items, cards.ApprovalItem{Title: text, Requester: text, Decision: store.DecisionPending, PublishAt: p.At, Since: p.At})
	}
	done := a
	done.Decision = store.DecisionApproved
	v := cards.PreviewVersion{Lang: cards.Finnish, Channels: many, Publication: p}
	return []sample{
		{"publication", p},
		{"withdrawn publication", withdrawn},
		{"preview", cards.ContentPreview{Versions: []cards.PreviewVersion{v, v, v}, Outside: many, Bytes: 1e9, NoEntry: true, Today: today}},
		{"approval", a},
		{"decided approval", done},
		{"approvals", approvals},
		{"published", published},
		{"meeting form", cards.MeetingForm{Kind: store.WorkingGroup, Values: values, Errors: errs}},
		{"agenda", agenda},
		{"outcome", cards.MeetingOutcome{Title: text, Requester: text, Approvers: people, Decision: store.DecisionReturned, DecidedBy: text, DecidedAt: p.At, Comment: text, Today: today}},
		{"need", cards.Need{Text: text, AskedBy: people[0], State: store.NeedDeclined, DecidedBy: text, DecidedAt: p.At, Comment: text, EntryTitle: text, Today: today}},
	}
}
