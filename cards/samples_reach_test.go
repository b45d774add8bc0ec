package cards_test

import (
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

func reachGroup(name string, publications, members, acted, exposed, responded int) store.ReachGroup {
	return store.ReachGroup{Name: name, Publications: publications, Headcount: store.Headcount{Members: members}, Responses: store.Responses{Acted: acted}, Exposed: exposed, Responded: responded}
}

func reach(change func(*cards.Reach)) cards.Reach {
	report := &store.ReachReport{
		Total: store.ReachGroup{Publications: 14, Headcount: store.Headcount{Members: 1240, Guests: 12, External: 3, Unnamed: 2},
			Responses: store.Responses{Reacted: 310, Replied: 24, Acknowledged: 487, Acted: 611}, Exposed: 5200, Responded: 936},
		Channels: []store.ReachGroup{
			reachGroup("Hyvinvointialueen ammattilaisviestintä / Terveystarkastuslomakkeiden käyttöönotto", 9, 640, 301, 2700, 480),
			reachGroup("Kotihoito / Yleinen", 6, 410, 260, 1500, 420),
			reachGroup("Suun terveydenhuolto / Ajanvarauspalvelut", 5, 290, 50, 1000, 36),
		},
		Audiences:  []store.ReachGroup{reachGroup("Käyttöönottavat yksiköt", 9, 980, 502, 3700, 700), reachGroup("Esihenkilöt", 5, 260, 109, 1500, 236)},
		Campaigns:  []store.ReachGroup{reachGroup("Terveystarkastukset", 4, 980, 240, 2100, 410)},
		Unplanned:  1,
		Sources:    []store.ReachSourceUse{{Source: store.SourceRSC, Channels: 2}, {Source: store.SourceBot, Channels: 1}},
		Gaps:       []store.ReachGap{{Why: "forbidden ChannelMember.Read.Group", Channels: 1}, {Why: "unavailable", Signals: true, Channels: 1}},
		OldestLook: today - 2, OldChannels: 1,
		Teams: []store.ActiveTeam{{Name: "Hyvinvointialueen ammattilaisviestintä", Refreshed: today - 2, Days: 30, Active: 412}, {Name: "Kotihoito", Refreshed: today - 2, Days: 30, Active: 37}},
	}
	titles := []string{"Viikkotiedote", "Terveystarkastuslomakkeen käyttöönotto alkaa huhtikuussa", "Sovelluksen päivityksestä tiedottaminen"}
	for i := range 14 {
		report.Publications = append(report.Publications, store.PublicationReach{ContentID: int64(40 - i), Title: titles[i%3], PublishedAt: at(time.March, 30-2*i, 8, 30), Planned: i != 2, Channels: 2,
			Headcount: store.Headcount{Members: 640 - 20*i}, Responses: store.Responses{Reacted: 31 - i, Replied: 4, Acknowledged: 120 - 3*i, Replies: i%2 == 0}})
	}
	r := cards.Reach{
		Subject: cards.ReachPeriod, From: today - 29, To: today, Report: report,
		Before:     &store.ReachReport{Total: store.ReachGroup{Publications: 11, Headcount: store.Headcount{Members: 1201}, Responses: store.Responses{Reacted: 325, Replied: 24, Acknowledged: 440}, Exposed: 4000, Responded: 600}},
		BeforeFrom: today - 59, BeforeTo: today - 30,
		Sessions: &store.SessionsReach{SignedUp: 42, Attended: 37, Anonymous: 5, Sessions: []store.SessionReach{
			{ID: 7, Title: "Ajanvaraus sovelluksessa", Start: at(time.March, 24, 14, 0), Headcount: store.Headcount{Members: 640}, Turnout: store.Turnout{SignedUp: 42, Attended: 37, Anonymous: 5}}}},
		SessionsBefore: &store.SessionsReach{SignedUp: 30, Attended: 37, Sessions: make([]store.SessionReach, 1)},
		Neighbours:     []cards.Button{{Title: "helmikuu 2026", Command: "tavoittavuus 2026-02"}},
		More:           []cards.Button{{Title: "Esihenkilöt", Command: "tavoittavuus Esihenkilöt"}},
		Location:       helsinki, Today: today,
	}
	if change != nil {
		change(&r)
	}
	return r
}

func reachSamples() []sample {
	return []sample{
		{"reach", reach(nil)},
		{"reach_overview", reach(func(r *cards.Reach) {
			r.Name, r.Running = cards.Finnish.T("reach.last_days", "n", 30), []store.ReachGroup{reachGroup("Terveystarkastukset", 4, 980, 240, 2100, 410), reachGroup("Kesä", 0, 0, 0, 0, 0)}
		})},
		{"reach_campaign", reach(func(r *cards.Reach) {
			r.Subject, r.Name, r.Sessions, r.Report.Campaigns, r.Report.Unplanned, r.Neighbours = cards.ReachCampaign, "Terveystarkastukset", nil, nil, 0, nil
			r.Report.Teams, r.Report.TeamsWhy = nil, "forbidden Reports.Read.All"
			r.Measures = sampled(measureSamples(), "campaignmeasures").(cards.CampaignMeasures)
		})},
		{"reach_publication", reach(func(r *cards.Reach) {
			r.Subject, r.Name, r.Sessions, r.From, r.To = cards.ReachPublication, "Terveystarkastuslomakkeen käyttöönotto alkaa huhtikuussa", nil, 0, 0
			r.Report.Publications, r.Report.Total.Publications = r.Report.Publications[1:2], 1
		})},
		{"reach_none", cards.Reach{Subject: cards.ReachPeriod, From: today - 29, To: today, Report: &store.ReachReport{}, Before: &store.ReachReport{}, Location: helsinki, Today: today}},
		{"reach_outside", cards.Reach{Subject: cards.ReachAudience, Name: "Asukkaat", Outside: true, From: today - 29, To: today, Report: &store.ReachReport{}, Before: &store.ReachReport{}, Location: helsinki, Today: today}},
		{"reach_unread", reach(func(r *cards.Reach) {
			*r.Report = store.ReachReport{Total: store.ReachGroup{Publications: 1}, Channels: []store.ReachGroup{{Publications: 1}}, Publications: r.Report.Publications[:1], Unread: 1, Gaps: []store.ReachGap{{Why: "off", Channels: 1}, {Why: "off", Signals: true, Channels: 1}}}
			r.Sessions, r.Before = nil, nil
		})},
		{"reach_concealed", reach(func(r *cards.Reach) { r.Report.Teams, r.Report.TeamsWhy = nil, store.ActivityConcealed })},
		{"reach_choices", cards.ReachChoices{Typed: "viikkotiedote", Publications: reach(nil).Report.Publications[:3], Location: helsinki, Today: today}},
	}
}

func hostileReach(text string, many []string) []sample {
	r := reach(func(r *cards.Reach) {
		r.Name, r.Neighbours = text, nil
		for i := range many {
			r.Report.Channels = append(r.Report.Channels, reachGroup(text, 5, 1e9, 1e9, 1e6, i*1000))
			r.Report.Publications = append(r.Report.Publications, store.PublicationReach{Title: text, PublishedAt: time.Now(), Channels: 1e9})
			r.Report.Gaps = append(r.Report.Gaps, store.ReachGap{Why: "forbidden " + text[:min(len(text), 80)], Channels: 1e9})
			r.More = append(r.More, cards.Button{Title: text, Command: text})
			r.Sessions.Sessions = append(r.Sessions.Sessions, store.SessionReach{Title: text})
		}
		r.Report.Audiences, r.Report.Campaigns, r.Report.Unplanned = r.Report.Channels, r.Report.Channels, len(many)
		r.Report.Teams = []store.ActiveTeam{{Name: text}, {Name: text}, {Name: text}, {Name: text}}
		r.Running, r.Measures = r.Report.Channels[:5], sampled(hostileMeasures(text, many), "campaign's measures").(cards.CampaignMeasures)
	})
	return []sample{{"reach", r}, {"reach choices", cards.ReachChoices{Typed: text, Publications: r.Report.Publications[:6], Location: helsinki, Today: today}}}
}
