// Package storetest makes large databases, to measure and to try the program with.
package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"vuosikello/store"
)

// County is what a wellbeing services county has in its database after years of use. The zero value of a field leaves
// that out. Everything is invented, and the same fields give the same county.
type County struct {
	ServiceURL string // of the connector
	TenantID   string
	Calendar   store.Calendar
	Now        time.Time // the years end with this one's

	Years            int
	Entries          int // in all years together, in the clocks of Units units
	Units            int
	Teams            int
	ChannelsPerTeam  int
	People           int
	MembersPerTeam   int
	Publications     int
	Acknowledgements int // on all publications together
	Sessions         int
	Attendances      int // at all sessions together

	Done               int  // entries that are marked done
	Requests           int  // that wait for a decision
	Needs              int  // of the field
	FeedbackPerSession int  // answers
	ReactionsPerPost   int  // to each publication in each channel; and the channels' members are known
	Measures           int  // each with a value a month
	Digests            bool // weekly and monthly ones, and those of the result areas
	Records            int  // of the audit log besides those of the above
}

// Large is three years of a large county.
func Large(serviceURL, tenantID string, calendar store.Calendar, now time.Time) County {
	return County{ServiceURL: serviceURL, TenantID: tenantID, Calendar: calendar, Now: now, Years: 3, Entries: 50_000, Units: 50, Teams: 20, ChannelsPerTeam: 10,
		People: 8_000, MembersPerTeam: 1_000, Publications: 4_000, Acknowledgements: 400_000, Sessions: 2_000, Attendances: 200_000,
		Done: 15_000, Requests: 40, Needs: 1_500, FeedbackPerSession: 15, ReactionsPerPost: 5, Measures: 40, Digests: true, Records: 20_000}
}

// batch is how many records are written in one transaction.
const batch = 1000

// TeamID names a team of the county, counted from 0.
func TeamID(team int) string { return fmt.Sprintf("19:county-team-%03d@thread.tacv2", team) }

// ChannelID names a channel of a team, both counted from 0.
func ChannelID(team, channel int) string {
	return fmt.Sprintf("19:county-%03d-%03d@thread.tacv2", team, channel)
}

// PersonID is the AAD object id of a person, counted from 0.
func PersonID(person int) string { return fmt.Sprintf("c0000000-0000-4000-8000-%012d", person) }

// AudienceName is the audience that a channel is bound to; the channels of that number in all teams share it.
func AudienceName(channel int) string { return fmt.Sprint("Kohderyhmä ", channel) }

// Fill writes the county into a database.
func (c County) Fill(ctx context.Context, path string) error {
	steps := []func(context.Context, *store.DB) error{c.organisation, c.roles, c.entries, c.reminders, c.done, c.publications, c.requests, c.digests, c.topics, c.sessions, c.needs, c.measures, c.records}
	if err := work(ctx, path, steps...); err != nil {
		return err
	}
	if err := c.settle(ctx, path); err != nil {
		return err
	}
	return work(ctx, path, c.reach)
}

// work opens the database and takes the steps.
func work(ctx context.Context, path string, steps ...func(context.Context, *store.DB) error) error {
	db, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if err == nil {
			err = step(ctx, db)
		}
	}
	return errors.Join(err, db.Close())
}

// each calls fn for 0 … n-1, many in one transaction.
func each(ctx context.Context, db *store.DB, n int, fn func(tx *store.Tx, i int) error) error {
	for from := 0; from < n; from += batch {
		err := db.Write(ctx, func(tx *store.Tx) error {
			for i := from; i < min(from+batch, n); i++ {
				if err := fn(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// firstMember is the number of the first of a team's people.
func (c County) firstMember(team int) int { return team * c.People / max(1, c.Teams) }

// campaigns is how many campaigns there are.
const campaigns = 200

func campaignName(i int) string { return fmt.Sprint("Kampanja ", i%campaigns) }

// begin is when the county's first year began.
func (c County) begin() time.Time {
	return time.Date(c.Now.Year()-c.Years+1, time.January, 1, 0, 0, 0, 0, c.Calendar.Location)
}

// day returns the i-th of n days spread over the years.
func (c County) day(i, n int) store.Date {
	first := store.DateOf(c.begin())
	last := store.NewDate(c.Now.Year(), time.December, 31)
	return first + store.Date(int(last-first)*i/max(1, n))
}

func (c County) organisation(ctx context.Context, db *store.DB) error {
	at := c.begin()
	people := make([]store.Person, c.People)
	for i := range people {
		people[i] = store.Person{ID: PersonID(i), TeamsID: "29:county-" + strconv.Itoa(i), Name: PersonName(i),
			Email: fmt.Sprintf("henkilo.%d@county.example", i), TenantID: c.TenantID, Guest: i%97 == 0, ServiceURL: c.ServiceURL, Locale: "fi-FI"}
		if i%4 == 0 {
			people[i].ConversationID = "a:county-" + strconv.Itoa(i)
		}
	}
	return each(ctx, db, c.Teams, func(tx *store.Tx, team int) error {
		if _, err := tx.TeamSeen(store.Team{ID: TeamID(team), AADGroupID: fmt.Sprintf("d0000000-0000-4000-8000-%012d", team), Name: fmt.Sprint("Tulosalue ", team), ServiceURL: c.ServiceURL}, at); err != nil {
			return err
		}
		if _, err := tx.SetInstalled(TeamID(team), true, at); err != nil {
			return err
		}
		for ch := range c.ChannelsPerTeam {
			if err := tx.ChannelSeen(store.Channel{ID: ChannelID(team, ch), TeamID: TeamID(team), Name: fmt.Sprint("Kanava ", ch), ServiceURL: c.ServiceURL}, at); err != nil {
				return err
			}
			binding := store.Binding{Kind: store.ForAudience, Name: AudienceName(ch)}
			if team == 0 && ch == 0 {
				binding = store.Binding{Kind: store.WorkingGroup}
			}
			if _, err := tx.Bind(ChannelID(team, ch), binding); err != nil {
				return err
			}
		}
		var members []store.Person
		for i := range c.MembersPerTeam {
			members = append(members, people[(c.firstMember(team)+i)%c.People])
		}
		return tx.SetMembers(TeamID(team), members, at)
	})
}

func (c County) entries(ctx context.Context, db *store.DB) error {
	return each(ctx, db, c.Entries, func(tx *store.Tx, i int) error {
		day := c.day(i, c.Entries)
		e := &store.Entry{Clock: store.Clock{Name: fmt.Sprint("Yksikkö ", i%max(1, c.Units)), Year: day.Year()}, Title: fmt.Sprintf("Toimenpide %d", i), Start: day, End: day + store.Date(i%5),
			Campaign: campaignName(i), Audiences: []string{AudienceName(i % max(1, c.ChannelsPerTeam)), AudienceName((i + 1) % max(1, c.ChannelsPerTeam))}, Channels: []string{"intra", "Teams"},
			Owner: "Viestintätiimi", Leads: []int{14, 3, 0}, Approval: i%3 != 0, Goal: "Ajanvarausten määrä kasvaa", State: store.Planned}
		if i%50 == 0 {
			e.Owner = PersonName(i % communicators)
		}
		if i%20 == 0 {
			e.Repeat, e.End = "FREQ=MONTHLY", 0
		}
		// It was planned a good while ahead: nothing is made up for now.
		return tx.AddEntry(e, (day-60).In(c.Calendar.Location, 12*60), c.Calendar)
	})
}

// reminders posts the reminders of the years, as the scheduler does on each day.
func (c County) reminders(ctx context.Context, db *store.DB) error {
	if c.Entries == 0 {
		return nil
	}
	for day := store.DateOf(c.begin()); day <= store.DateOf(c.Now); day++ {
		for more := true; more; {
			err := db.Write(ctx, func(tx *store.Tx) error {
				s, err := tx.ScheduleReminders(c.Calendar.PostAt(day), c.Calendar, batch)
				more = s.More
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (c County) publications(ctx context.Context, db *store.DB) error {
	readers := c.Acknowledgements / max(1, c.Publications)
	random := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // invented data
	past := store.DateOf(c.Now) - store.DateOf(c.begin())
	var entries []*store.Entry
	if err := db.Read(ctx, func(tx *store.Tx) (err error) {
		entries, err = tx.Entries(store.EntryFilter{To: store.DateOf(c.Now)})
		return err
	}); err != nil {
		return err
	}
	for from := 0; from < c.Publications; from += 10 { // each with its acknowledgements
		err := db.Write(ctx, func(tx *store.Tx) error {
			for i := from; i < min(from+10, c.Publications); i++ {
				day := store.WorkdayOnOrBefore(store.DateOf(c.begin()) + store.Date(int(past)*i/c.Publications))
				at := c.Calendar.PostAt(day)
				audience := i % max(1, c.ChannelsPerTeam)
				var channels []store.Channel
				for team := range min(3, c.Teams) {
					channels = append(channels, store.Channel{ID: ChannelID((i+team)%c.Teams, audience)})
				}
				v := &store.ContentVersion{Title: fmt.Sprint("Tiedote ", i), Audiences: []string{AudienceName(audience)},
					Body: "Ajanvaraus siirtyy sovellukseen. Ohjeet ja koulutukset löytyvät intrasta, ja digimentori auttaa alkuun."}
				if i%2 == 0 && len(entries) > 0 { // half of them were planned
					v.EntryID = entries[len(entries)*i/c.Publications].ID
				}
				id, err := c.publish(tx, v, PersonID(i%communicators), channels, at)
				if err != nil {
					return err
				}
				first := random.IntN(max(1, c.People))
				for k := range readers {
					if _, _, err := tx.Acknowledge(id, PersonID((first+k)%max(1, c.People)), channels[k%len(channels)].ID, at.Add(time.Duration(k)*time.Minute)); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// publish has content approved and published at that instant, and returns its id.
func (c County) publish(tx *store.Tx, v *store.ContentVersion, author string, channels []store.Channel, at time.Time) (int64, error) {
	d := &store.Draft{EntryID: v.EntryID, AuthorID: author, Form: map[string]string{"title": v.Title, "audience": v.Audiences[0]}}
	if err := tx.SaveDraft(d, at.AddDate(0, 0, -7)); err != nil {
		return 0, err
	}
	approver := communicators + int(d.ID)%approvers
	v.ContentID, v.Approval, v.RequestedBy, v.PublishAt, v.Checklist = d.ID, true, author, at, store.Checks()
	if err := tx.SubmitContent(v, at.AddDate(0, 0, -7), c.Calendar); err != nil {
		return 0, err
	}
	if _, err := tx.Decide(v, store.DecisionApproved, PersonID(approver), "", 0, at.AddDate(0, 0, -5), c.Calendar); err != nil {
		return 0, err
	}
	if err := tx.Audit(at.AddDate(0, 0, -5), store.Actor{ID: PersonID(approver), Name: PersonName(approver)}, "approval.approved", fmt.Sprintf("content:%d/1", d.ID), ""); err != nil {
		return 0, err
	}
	// The author is told of the decision.
	if err := tx.AddPost(&store.Post{Kind: store.KindNotice, Title: v.Title, PersonID: author, ContentID: d.ID, Notice: `{"key":"notice.decision.approved"}`, DueAt: at.AddDate(0, 0, -5)}, at.AddDate(0, 0, -5)); err != nil {
		return 0, err
	}
	_, err := tx.Publish(v, channels, at, at)
	return d.ID, err
}

// ahead is how many days ahead sessions are planned.
const ahead = 45

func (c County) sessions(ctx context.Context, db *store.DB) error {
	participants := c.Attendances / max(1, c.Sessions)
	random := rand.New(rand.NewPCG(2, 2)) //nolint:gosec // invented data
	span := int(store.DateOf(c.Now)-store.DateOf(c.begin())) + ahead
	for i := range c.Sessions {
		err := db.Write(ctx, func(tx *store.Tx) error {
			day := store.WorkdayOnOrBefore(store.DateOf(c.begin()) + store.Date(span*i/c.Sessions))
			start := day.In(c.Calendar.Location, store.TimeOfDay(8*60+i%8*45))
			s := &store.Session{Title: fmt.Sprint("Digivartti ", i), Start: start, Minutes: store.DefaultSessionMinutes, Audiences: []string{AudienceName(i % max(1, c.ChannelsPerTeam))},
				HostID: PersonID(i % 20), JoinURL: "https://meet.example/" + strconv.Itoa(i), State: store.SessionPlanned, CreatedBy: PersonID(i % 20)}
			if err := tx.AddSession(s, false, start.AddDate(0, 0, -20), c.Calendar); err != nil {
				return err
			}
			first := random.IntN(max(1, c.People))
			for k := range participants {
				who := PersonID((first + k) % max(1, c.People))
				if k%4 != 0 { // a quarter come without signing up
					if _, _, err := tx.SignUp(s.ID, who, start.Add(-time.Duration(k)*time.Hour)); err != nil {
						return err
					}
				}
				if k%5 != 0 && start.Before(c.Now) { // a fifth of the others do not come
					if err := tx.Join(s.ID, who, start); err != nil {
						return err
					}
				}
			}
			if start.Before(c.Now) {
				return c.feedback(tx, s, i, first)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// settle makes of what was written what it is years later: the posts are sent, their cards show what they should, and
// nothing falls due. It is done without the sending, which would take days.
func (c County) settle(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer db.Close()
	for _, statement := range []string{
		`UPDATE post SET state = 'sent', attempts = 1, sent_at = due_at, shown = wanted, service_url = $1, conversation_id = coalesce(channel_id || ';messageid=' || (1600000000000 + id), person_id),
			activity_id = CAST(1600000000000 + id AS TEXT) WHERE state = 'pending' AND due_at <= $2`,
		`UPDATE session SET next_at = NULL, handled_at = $2, report_state = iif(start <= $2, 'gone', report_state) WHERE $1 <> ''`,
		`UPDATE content_version SET next_at = NULL, handled_at = $2 WHERE $1 <> ''`,
	} {
		if _, err := db.ExecContext(ctx, statement, c.ServiceURL, c.Now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}
