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
}

// Large is three years of a large county.
func Large(serviceURL, tenantID string, calendar store.Calendar, now time.Time) County {
	return County{ServiceURL: serviceURL, TenantID: tenantID, Calendar: calendar, Now: now, Years: 3, Entries: 50_000, Units: 50, Teams: 20, ChannelsPerTeam: 10,
		People: 8_000, MembersPerTeam: 1_000, Publications: 4_000, Acknowledgements: 400_000, Sessions: 2_000, Attendances: 200_000}
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
	db, err := store.Open(ctx, path)
	if err != nil {
		return err
	}
	for _, step := range []func(context.Context, *store.DB) error{c.organisation, c.entries, c.reminders, c.publications, c.sessions} {
		if err := step(ctx, db); err != nil {
			return errors.Join(err, db.Close())
		}
	}
	if err := db.Close(); err != nil {
		return err
	}
	return c.settle(ctx, path)
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
		people[i] = store.Person{ID: PersonID(i), TeamsID: "29:county-" + strconv.Itoa(i), Name: fmt.Sprintf("Henkilö %d Esimerkkiläinen", i),
			Email: fmt.Sprintf("henkilo.%d@county.example", i), TenantID: c.TenantID, Guest: i%97 == 0, ServiceURL: c.ServiceURL, Locale: "fi-FI"}
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
			members = append(members, people[(team*c.People/max(1, c.Teams)+i)%c.People])
		}
		return tx.SetMembers(TeamID(team), members, at)
	})
}

func (c County) entries(ctx context.Context, db *store.DB) error {
	return each(ctx, db, c.Entries, func(tx *store.Tx, i int) error {
		day := c.day(i, c.Entries)
		e := &store.Entry{Clock: store.Clock{Name: fmt.Sprint("Yksikkö ", i%max(1, c.Units)), Year: day.Year()}, Title: fmt.Sprintf("Toimenpide %d", i), Start: day, End: day + store.Date(i%5),
			Campaign: fmt.Sprintf("Kampanja %d", i%200), Audiences: []string{AudienceName(i % max(1, c.ChannelsPerTeam)), AudienceName((i + 1) % max(1, c.ChannelsPerTeam))}, Channels: []string{"intra", "Teams"},
			Owner: "Viestintätiimi", Leads: []int{14, 3, 0}, Approval: i%3 != 0, Goal: "Ajanvarausten määrä kasvaa", State: store.Planned}
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
	for from := 0; from < c.Publications; from += 10 { // each with its acknowledgements
		err := db.Write(ctx, func(tx *store.Tx) error {
			for i := from; i < min(from+10, c.Publications); i++ {
				day := store.WorkdayOnOrBefore(store.DateOf(c.begin()) + store.Date(int(past)*i/c.Publications))
				at := c.Calendar.PostAt(day)
				author, approver := PersonID(i%20), PersonID(20+i%5)
				audience := i % max(1, c.ChannelsPerTeam)
				d := &store.Draft{AuthorID: author, Form: map[string]string{"title": fmt.Sprint("Tiedote ", i), "audience": AudienceName(audience)}}
				if err := tx.SaveDraft(d, at.AddDate(0, 0, -7)); err != nil {
					return err
				}
				v := &store.ContentVersion{ContentID: d.ID, Approval: true, RequestedBy: author, Title: fmt.Sprint("Tiedote ", i), PublishAt: at, Audiences: []string{AudienceName(audience)},
					Body: "Ajanvaraus siirtyy sovellukseen. Ohjeet ja koulutukset löytyvät intrasta, ja digimentori auttaa alkuun.", Checklist: store.Checks()}
				if err := tx.SubmitContent(v, at.AddDate(0, 0, -7), c.Calendar); err != nil {
					return err
				}
				if _, err := tx.Decide(v, store.DecisionApproved, approver, "", 0, at.AddDate(0, 0, -5), c.Calendar); err != nil {
					return err
				}
				if err := tx.Audit(at.AddDate(0, 0, -5), store.Actor{ID: approver, Name: "Hyväksyjä"}, "approval.approved", fmt.Sprintf("content:%d/1", d.ID), ""); err != nil {
					return err
				}
				var channels []store.Channel
				for team := range min(3, c.Teams) {
					channels = append(channels, store.Channel{ID: ChannelID((i+team)%c.Teams, audience)})
				}
				if _, err := tx.Publish(v, channels, at, at); err != nil {
					return err
				}
				first := random.IntN(max(1, c.People))
				for k := range readers {
					if _, _, err := tx.Acknowledge(d.ID, PersonID((first+k)%max(1, c.People)), channels[k%len(channels)].ID, at.Add(time.Duration(k)*time.Minute)); err != nil {
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

func (c County) sessions(ctx context.Context, db *store.DB) error {
	participants := c.Attendances / max(1, c.Sessions)
	random := rand.New(rand.NewPCG(2, 2)) //nolint:gosec // invented data
	past := int(store.DateOf(c.Now) - store.DateOf(c.begin()) - 10)
	for i := range c.Sessions {
		err := db.Write(ctx, func(tx *store.Tx) error {
			day := store.WorkdayOnOrBefore(store.DateOf(c.begin()) + store.Date(past*i/c.Sessions))
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
				if k%5 != 0 { // a fifth of the others do not come
					if err := tx.Join(s.ID, who, start); err != nil {
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

// settle makes of what was written what it is years later: the posts are sent, their cards show what they should, and what
// is over is over. It is done without the sending, which would take days.
func (c County) settle(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer db.Close()
	for _, statement := range []string{
		`UPDATE post SET state = 'sent', attempts = 1, sent_at = due_at, shown = wanted, service_url = $1, conversation_id = channel_id || ';messageid=' || (1600000000000 + id),
			activity_id = CAST(1600000000000 + id AS TEXT) WHERE state = 'pending' AND due_at <= $2`,
		`UPDATE session SET next_at = NULL, handled_at = $2, report_state = 'gone' WHERE $1 <> '' AND start <= $2`,
		`UPDATE content_version SET next_at = NULL, handled_at = $2 WHERE $1 <> '' AND published_at <= $2`,
	} {
		if _, err := db.ExecContext(ctx, statement, c.ServiceURL, c.Now.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}
