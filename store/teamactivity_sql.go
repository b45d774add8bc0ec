package store

import "database/sql"

// ActivityConcealed is why nothing is known of teams' activity where the organisation conceals names in its reports.
const ActivityConcealed = "concealed"

// ActiveTeam is how many people were active in a team: in anything, not in the bot's publications. The same person may be in
// several teams, so that the numbers of teams are never added up.
type ActiveTeam struct {
	Name      string
	Refreshed Date // the last day that the report covers
	Days      int  // how many days it covers
	Active    int
}

// ActivityDue reports whether the report on teams has not been asked for on the day.
func (tx *Tx) ActivityDue(day Date) (bool, error) {
	asked, err := tx.scan(`SELECT 1 FROM team_activity_asked WHERE asked_on >= $1`, []any{day}, new(int))
	return !asked, err
}

// SaveActivity records what the report told on a day, or why it told nothing. A report takes the place of the one before:
// of a team that it does not name, nothing is known. After a fault what was known stays.
func (tx *Tx) SaveActivity(day Date, report []TeamActivity, why string) error {
	if why == "" {
		if _, err := tx.exec(`DELETE FROM team_activity`); err != nil {
			return err
		}
		named := 0
		for _, a := range report {
			if a.Concealed {
				continue
			}
			named++
			if _, err := tx.exec(`INSERT INTO team_activity (team_id, refreshed, days, active) SELECT id, $2, $3, $4 FROM team WHERE lower(aad_group_id) = lower($1)
				ON CONFLICT (team_id) DO UPDATE SET refreshed = excluded.refreshed, days = excluded.days, active = excluded.active`, a.GroupID, a.Refreshed, a.Days, a.ActiveUsers); err != nil {
				return err
			}
		}
		if named == 0 && len(report) > 0 {
			why = ActivityConcealed
		}
	}
	_, err := tx.exec(`INSERT INTO team_activity_asked (one, asked_on, why) VALUES (1, $1, $2) ON CONFLICT (one) DO UPDATE SET asked_on = excluded.asked_on, why = excluded.why`, day, why)
	return err
}

// activity adds how many people were active in the teams of the channels, and why that is not known.
func (r *ReachReport) activity(tx *Tx, groups map[int64]*audienceReach, known reachChannels) error {
	teams := map[string]bool{}
	for n := range groups {
		if id := known[n].TeamID; id != "" {
			teams[id] = true
		}
	}
	if len(teams) == 0 {
		return nil
	}
	type row struct {
		id string
		ActiveTeam
	}
	rows, err := collect(tx, func(rows *sql.Rows) (a row, err error) {
		err = rows.Scan(&a.id, &a.Name, &a.Refreshed, &a.Days, &a.Active)
		return a, err
	}, `SELECT t.id, t.name, a.refreshed, a.days, a.active FROM team_activity a JOIN team t ON t.id = a.team_id ORDER BY a.active DESC, t.name`)
	if err != nil {
		return err
	}
	for _, a := range rows {
		if teams[a.id] {
			r.Teams = append(r.Teams, a.ActiveTeam)
		}
	}
	_, err = tx.scan(`SELECT why FROM team_activity_asked`, nil, &r.TeamsWhy)
	return err
}
