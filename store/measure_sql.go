package store

import (
	"database/sql"
	"slices"
	"time"
)

func scanMeasure(rows *sql.Rows) (*Measure, error) {
	var m Measure
	err := rows.Scan(&m.ID, &m.Name, &m.Kind, &m.Unit)
	return &m, err
}

// Measures returns every measure with its points, by name.
func (tx *Tx) Measures() ([]*Measure, error) {
	list, err := collect(tx, scanMeasure, `SELECT id, name, kind, unit FROM measure ORDER BY name_key`)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*Measure, len(list))
	for _, m := range list {
		byID[m.ID] = m
	}
	rows, err := tx.query(`SELECT measure_id, start, end, value, goal, source FROM measure_point ORDER BY end, start`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		p, err := scanPoint(rows, &id)
		if err != nil {
			return nil, err
		}
		byID[id].Points = append(byID[id].Points, p)
	}
	return list, rows.Err()
}

func scanPoint(rows *sql.Rows, id *int64) (p MeasurePoint, err error) {
	var value, goal sql.NullInt64
	err = rows.Scan(id, &p.Start, &p.End, &value, &goal, &p.Source)
	p.Value, p.HasValue, p.Goal, p.HasGoal = Amount(value.Int64), value.Valid, Amount(goal.Int64), goal.Valid
	return p, err
}

// Measure returns the measure of that name with its points. It reports false when there is none.
func (tx *Tx) Measure(name string) (*Measure, bool, error) {
	var m Measure
	ok, err := tx.scan(`SELECT id, name, kind, unit FROM measure WHERE name_key = $1`, []any{Key(name)}, &m.ID, &m.Name, &m.Kind, &m.Unit)
	if err != nil || !ok {
		return nil, false, err
	}
	m.Points, err = collect(tx, func(rows *sql.Rows) (MeasurePoint, error) {
		return scanPoint(rows, &m.ID)
	}, `SELECT measure_id, start, end, value, goal, source FROM measure_point WHERE measure_id = $1 ORDER BY end, start`, m.ID)
	return &m, true, err
}

// MeasureNames returns the names of all measures, in order.
func (tx *Tx) MeasureNames() ([]string, error) {
	return collect(tx, scanString, `SELECT name FROM measure ORDER BY name_key`)
}

// RecordMeasure stores what a record says, which it normalises: the value, the goal or both for its period, in place of
// what there was. A measure that is not known is made; its first record decides its kind, and its unit when it has one.
// It fails with Invalid, before anything is changed, when the record is wrong or does not fit the measure.
func (tx *Tx) RecordMeasure(r *MeasureRecord, now time.Time) (*MeasureChange, error) {
	if err := r.Normalize(); err != nil {
		return nil, err
	}
	m, _, err := tx.Measure(r.Name)
	if err != nil {
		return nil, err
	}
	c, err := r.Apply(m)
	if err != nil {
		return nil, err
	}
	return c, tx.SaveMeasure(c, now)
}

// SaveMeasure stores a change that was made of what is stored.
func (tx *Tx) SaveMeasure(c *MeasureChange, now time.Time) (err error) {
	if c.Same() {
		return nil
	}
	if c.New {
		_, err = tx.scan(`INSERT INTO measure (name, name_key, kind, unit) VALUES ($1, $2, $3, $4) RETURNING id`,
			[]any{c.Measure.Name, Key(c.Measure.Name), string(c.Measure.Kind), c.Measure.Unit}, &c.Measure.ID)
	} else if c.Unit {
		_, err = tx.exec(`UPDATE measure SET unit = $2 WHERE id = $1`, c.Measure.ID, c.Measure.Unit)
	}
	if err != nil {
		return err
	}
	p := c.Now
	_, err = tx.exec(`INSERT INTO measure_point (measure_id, start, end, value, goal, source, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (measure_id, start, end) DO UPDATE SET value = excluded.value, goal = excluded.goal, source = excluded.source, updated_at = excluded.updated_at`,
		c.Measure.ID, p.Start, p.End, amountOrNull(p.Value, p.HasValue), amountOrNull(p.Goal, p.HasGoal), p.Source, now.UnixMilli())
	return err
}

func amountOrNull(a Amount, has bool) any {
	if !has {
		return nil
	}
	return int64(a)
}

// RemovePoint takes away what is known of a measure for a period, and the measure itself when nothing is left of it, so
// that it can be begun anew with another kind. It reports false when there was nothing.
func (tx *Tx) RemovePoint(m *Measure, p Period) (old MeasurePoint, ok bool, err error) {
	if old, ok = m.At(p); !ok {
		return old, false, nil
	}
	if _, err = tx.exec(`DELETE FROM measure_point WHERE measure_id = $1 AND start = $2 AND end = $3`, m.ID, p.Start, p.End); err != nil {
		return old, ok, err
	}
	_, err = tx.exec(`DELETE FROM measure WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM measure_point WHERE measure_id = $1)`, m.ID)
	return old, ok, err
}

// FollowMeasure has a campaign followed by a measure, with a goal of its own unless goal is nil. It reports false when it
// was so already.
func (tx *Tx) FollowMeasure(campaign string, m *Measure, goal *Amount) (bool, error) {
	var value any
	if goal != nil {
		value = int64(*goal)
	}
	n, err := affected(tx.exec(`INSERT INTO campaign_measure (campaign, campaign_key, measure_id, goal) VALUES ($1, $2, $3, $4)
		ON CONFLICT (campaign_key, measure_id) DO UPDATE SET goal = coalesce(excluded.goal, goal) WHERE excluded.goal IS NOT NULL AND goal IS NOT excluded.goal`,
		campaign, Key(campaign), m.ID, value))
	return n > 0, err
}

// UnfollowMeasure ends it, and drops the campaign's goal. It reports false when it was not followed so.
func (tx *Tx) UnfollowMeasure(campaign string, m *Measure) (bool, error) {
	n, err := affected(tx.exec(`DELETE FROM campaign_measure WHERE campaign_key = $1 AND measure_id = $2`, Key(campaign), m.ID))
	return n > 0, err
}

// CampaignMeasures returns the measures that a campaign's round is followed by, by name: those that were tied to the
// campaign (FollowMeasure) and those that a goal of its entries names. Each has its figures before, during and after, and the
// campaign's own goal or else the measure's for its last day.
func (tx *Tx) CampaignMeasures(run CampaignRun) ([]CampaignMeasure, error) {
	type tie struct {
		id   int64
		goal sql.NullInt64
	}
	ties, err := collect(tx, func(rows *sql.Rows) (t tie, err error) {
		err = rows.Scan(&t.id, &t.goal)
		return t, err
	}, `SELECT measure_id, goal FROM campaign_measure WHERE campaign_key = $1`, Key(run.Campaign))
	if err != nil {
		return nil, err
	}
	all, err := tx.Measures()
	if err != nil {
		return nil, err
	}
	var out []CampaignMeasure
	named := namedIn(run.Goals, all)
	for _, m := range all {
		c := CampaignMeasure{Measure: m, Named: named[m.ID]}
		i := slices.IndexFunc(ties, func(t tie) bool { return t.id == m.ID })
		if i < 0 && !c.Named {
			continue
		}
		c.figures(run.Period)
		if i >= 0 && ties[i].goal.Valid {
			c.Goal, c.HasGoal = MeasureGoal{Goal: Amount(ties[i].goal.Int64), Reached: c.reached(run.Period)}, true
		} else {
			c.Goal, c.HasGoal = m.GoalAt(run.Period.End)
		}
		out = append(out, c)
	}
	return out, nil
}
