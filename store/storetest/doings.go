package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"vuosikello/store"
)

// The first people of a county hold its roles.
const (
	communicators = 20 // write publications and host sessions
	approvers     = 5
	digimentors   = 60
	admins        = 2
)

// PersonName is the name of a person, counted from 0.
func PersonName(person int) string { return fmt.Sprintf("Henkilö %d Esimerkkiläinen", person) }

// roles says who does what in communications, and when the groups meet.
func (c County) roles(ctx context.Context, db *store.DB) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		person := 0
		for _, r := range []struct {
			role  store.Role
			count int
		}{{store.RoleCommunications, communicators}, {store.RoleApprover, approvers}, {store.RoleDigimentor, digimentors}, {store.RoleAdmin, admins}} {
			for range min(r.count, c.People-person) {
				if err := tx.GiveRole(PersonID(person), r.role, 0); err != nil {
					return err
				}
				person++
			}
		}
		first := store.DateOf(c.begin())
		for _, m := range []store.Meeting{{Kind: store.WorkingGroup, First: first, Time: 9 * 60, Every: 2}, {Kind: store.Management, First: first, Time: 13 * 60, Every: 1, Cutoff: 24}} {
			if err := tx.SaveMeeting(m, c.begin(), c.Calendar); err != nil {
				return err
			}
		}
		return nil
	})
}

// done marks a part of what is over as done, as people do on the reminder's card.
func (c County) done(ctx context.Context, db *store.DB) error {
	var past []*store.Entry
	today := store.DateOf(c.Now)
	if err := db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Entries(store.EntryFilter{To: today})
		for _, e := range all {
			if !e.Recurring() && e.End < today && len(past) < c.Done {
				past = append(past, e)
			}
		}
		return err
	}); err != nil {
		return err
	}
	return each(ctx, db, len(past), func(tx *store.Tx, i int) error {
		at := past[i].End.In(c.Calendar.Location, 15*60)
		_, err := tx.MarkDone(past[i], &store.Reminder{Occurrence: past[i].Start}, PersonID(i%100), "", at, c.Calendar)
		return err
	})
}

// requests are what waits for a decision now, some of it for the management team's meeting.
func (c County) requests(ctx context.Context, db *store.DB) error {
	return each(ctx, db, c.Requests, func(tx *store.Tx, i int) error {
		asked := c.Now.AddDate(0, 0, -1-i%14)
		d := &store.Draft{AuthorID: PersonID(i % communicators), Form: map[string]string{"title": fmt.Sprint("Pyyntö ", i)}}
		if err := tx.SaveDraft(d, asked); err != nil {
			return err
		}
		v := &store.ContentVersion{ContentID: d.ID, Approval: true, RequestedBy: d.AuthorID, Title: fmt.Sprint("Pyyntö ", i), Body: "Odottaa päätöstä.",
			PublishAt: c.Now.AddDate(0, 0, 7+i%14), Audiences: []string{AudienceName(i % max(1, c.ChannelsPerTeam))}, Checklist: store.Checks()}
		if err := tx.SubmitContent(v, asked, c.Calendar); err != nil || i%4 != 0 {
			return err
		}
		_, err := tx.Decide(v, store.DecisionEscalated, PersonID(communicators), "Johtoryhmä päättää.", store.DateOf(c.Now)+7, asked, c.Calendar)
		return err
	})
}

// needs are what the field asked for; the last ones wait for an answer. Some name people.
func (c County) needs(ctx context.Context, db *store.DB) error {
	const open = 40
	return each(ctx, db, c.Needs, func(tx *store.Tx, i int) error {
		at := c.Calendar.PostAt(c.past(i, c.Needs))
		n := &store.Need{Text: fmt.Sprintf("Ohje toiminnosta %d puuttuu", i), AskedBy: PersonID(i * 7 % max(1, c.People)), AskedAt: at}
		if i%10 == 0 {
			n.Text += ", lisätietoja antaa " + PersonName(i%100)
		}
		if err := tx.AddNeed(n); err != nil || i >= c.Needs-open {
			return err
		}
		if _, err := tx.DecideNeed(n, store.NeedDone, PersonID(i%communicators), "Lisättiin vuosikelloon, kiitos "+PersonName(i*7%max(1, c.People)), "", at.AddDate(0, 0, 10)); err != nil {
			return err
		}
		return tx.SaveOutcome(store.WorkingGroup, store.DateOf(at), store.Outcome{Item: fmt.Sprint("need:", n.ID), Outcome: "done", Comment: "Sovittu kokouksessa", By: PersonID(i % communicators), At: at})
	})
}

// past returns the i-th of n days spread over the years until now.
func (c County) past(i, n int) store.Date {
	first := store.DateOf(c.begin())
	return first + store.Date(int(store.DateOf(c.Now)-first)*i/max(1, n))
}

// topics are what sessions are held on and people can ask for.
func (c County) topics(ctx context.Context, db *store.DB) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		var needs []string
		for i := range 8 {
			needs = append(needs, sessionNeed(i))
		}
		if err := tx.SetSessionNeeds(needs); err != nil {
			return err
		}
		for i := range 25 {
			t := store.Topic{Type: store.TopicOpen, Title: topicTitle(i)}
			if i%3 == 0 {
				t.Type, t.Segment = store.TopicSegmented, AudienceName(i%max(1, c.ChannelsPerTeam))
			}
			if _, err := tx.AddTopic(&t); err != nil {
				return err
			}
		}
		return nil
	})
}

func sessionNeed(i int) string { return fmt.Sprint("Apua toimintoon ", i) }
func topicTitle(i int) string  { return fmt.Sprint("Aihe ", i) }

// feedback is what people said after a session; a tenth of it in their own words.
func (c County) feedback(tx *store.Tx, s *store.Session, nth, first int) error {
	for k := range c.FeedbackPerSession {
		f := store.Feedback{PersonID: PersonID((first + k) % max(1, c.People)), Rating: 1 + k%5, Need: sessionNeed((nth + k) % 8), Topic: topicTitle((nth + k) % 25), At: s.End().Add(time.Hour)}
		if k%10 == 0 {
			f.Need, f.Topic = fmt.Sprintf("Miten asia %d hoidetaan?", nth%50), fmt.Sprintf("Toive %d", nth%50)
		}
		if err := tx.SaveFeedback(s.ID, f); err != nil {
			return err
		}
	}
	return nil
}

// measures are a value of each measure for every month, and campaigns that follow some.
func (c County) measures(ctx context.Context, db *store.DB) error {
	name := func(i int) string {
		if i == 0 {
			return "Ajanvarausten määrä" // which the entries' goals name
		}
		return fmt.Sprint("Mittari ", i)
	}
	if err := each(ctx, db, c.Measures, func(tx *store.Tx, i int) error {
		for at := c.begin(); at.Before(c.Now); at = at.AddDate(0, 1, 0) {
			value := store.Amount(10_000 * (1000*i + 10*at.YearDay()))
			r := &store.MeasureRecord{Name: name(i), Kind: store.Cumulative, Unit: "kpl", Period: store.PeriodOf(store.UnitMonth, store.DateOf(at)), Value: &value, Source: "Tilasto"}
			if _, err := tx.RecordMeasure(r, at); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	return each(ctx, db, min(c.Measures, campaigns), func(tx *store.Tx, i int) error {
		m, _, err := tx.Measure(name(i))
		if err == nil {
			_, err = tx.FollowMeasure(campaignName(i), m, nil)
		}
		return err
	})
}

// digests are entries for the bulletins of a unit, with the texts of their past occurrences: of all, and of each result
// area.
func (c County) digests(ctx context.Context, db *store.DB) error {
	if !c.Digests {
		return nil
	}
	for year := c.begin().Year(); year <= c.Now.Year(); year++ {
		for _, kind := range []struct{ title, rule string }{{"Viikkotiedote", "FREQ=WEEKLY"}, {"Kuukausikooste", "FREQ=MONTHLY"}, {"Esihenkilöviesti", "FREQ=MONTHLY"}, {"Tulosaluekooste", "FREQ=MONTHLY"}} {
			e := &store.Entry{Clock: store.Clock{Name: store.DefaultClock, Year: year}, Title: kind.title, Start: store.NewDate(year, time.January, 9), Repeat: kind.rule,
				Audiences: []string{AudienceName(0)}, Channels: []string{"Teams"}, Owner: "Viestintätiimi", Leads: []int{2}, State: store.Planned}
			if err := db.Write(ctx, func(tx *store.Tx) error {
				return tx.AddEntry(e, e.Start.In(c.Calendar.Location, 0).AddDate(0, -2, 0), c.Calendar)
			}); err != nil {
				return err
			}
			areas := []string{""}
			if kind.title == "Tulosaluekooste" {
				areas = nil
				for team := range c.Teams {
					areas = append(areas, TeamID(team))
				}
			}
			for _, o := range e.Occurrences() {
				if o.Start >= store.DateOf(c.Now) {
					break
				}
				if err := db.Write(ctx, func(tx *store.Tx) error {
					for team, area := range areas {
						if err := c.digest(tx, e, o.Start, team, area); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (c County) digest(tx *store.Tx, e *store.Entry, day store.Date, team int, area string) error {
	d, err := tx.DigestFor(e.ID, day, area)
	if err != nil {
		return err
	}
	channels := []store.Channel{{ID: ChannelID(team, 0)}}
	if area == "" {
		channels = nil
		for team := range c.Teams {
			channels = append(channels, store.Channel{ID: ChannelID(team, 0)})
		}
	}
	id, err := c.publish(tx, &store.ContentVersion{EntryID: e.ID, Title: e.Title, Body: "Tällä viikolla tehtiin, ensi viikolla tehdään.", Audiences: e.Audiences}, PersonID(0), channels, c.Calendar.PostAt(day))
	if err != nil {
		return err
	}
	return tx.SetDigestContent(d, id)
}

// reach is who could see the channels, looked at twice a year and today, and who reacted to the publications.
func (c County) reach(ctx context.Context, db *store.DB) error {
	today := store.DateOf(c.Now)
	var looks []store.Date
	for day := store.DateOf(c.begin()); day < today; day += 182 {
		looks = append(looks, day)
	}
	looks = append(looks, today)
	for team := range c.Teams {
		for ch := range c.ChannelsPerTeam {
			if err := db.Write(ctx, func(tx *store.Tx) error {
				for nth, day := range looks {
					members := make([]store.ChannelMember, c.MembersPerTeam)
					for i := range members { // each time some have left, and others come
						members[i] = store.ChannelMember{PersonID: PersonID((c.firstMember(team) + nth*c.MembersPerTeam/30 + i) % max(1, c.People)), TenantID: c.TenantID}
					}
					if err := tx.SaveLook(ChannelID(team, ch), day, store.SourceBot, members, c.TenantID, day.In(c.Calendar.Location, 0)); err != nil {
						return err
					}
				}
				return tx.ReachTried(ChannelID(team, ch), today, "", "")
			}); err != nil {
				return err
			}
		}
	}
	return c.react(ctx, db)
}

func (c County) react(ctx context.Context, db *store.DB) error {
	random := rand.New(rand.NewPCG(3, 3)) //nolint:gosec // invented data
	var contents []int64
	if err := db.Read(ctx, func(tx *store.Tx) (err error) {
		contents, err = tx.StaleReach(1 << 30)
		return err
	}); err != nil {
		return err
	}
	return each(ctx, db, len(contents), func(tx *store.Tx, i int) error {
		posts, err := tx.ContentPosts(contents[i], store.KindPublication)
		if err != nil {
			return err
		}
		for _, p := range posts {
			first := random.IntN(max(1, c.People))
			for k := range c.ReactionsPerPost {
				if _, err := tx.React(p.ChannelID, p.ActivityID, PersonID((first+k)%max(1, c.People)), "like", false, p.SentAt.Add(time.Hour)); err != nil {
					return err
				}
			}
		}
		return tx.RefreshReach(contents[i])
	})
}

// records are what the audit log has besides: who did what, day by day.
func (c County) records(ctx context.Context, db *store.DB) error {
	return each(ctx, db, c.Records, func(tx *store.Tx, i int) error {
		person := i % 100
		who := store.Actor{ID: PersonID(person), Name: PersonName(person)}
		return tx.Audit(c.Calendar.PostAt(c.past(i, c.Records)), who, "entry.done", "entry:"+strconv.Itoa(i), "")
	})
}
