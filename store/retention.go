package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// monthsBefore returns the instant that many months before: at the same time of the day that many
// months earlier, of a shorter month the last day.
func monthsBefore(now time.Time, months int) time.Time {
	t := now.AddDate(0, -months, 0)
	if t.Day() != now.Day() {
		t = t.AddDate(0, 0, -t.Day())
	}
	return t
}

// AttendanceSince returns the instant before which it is no longer kept at now who signed up, came and acknowledged.
func (r Retention) AttendanceSince(now time.Time) time.Time { return monthsBefore(now, r.Attendance) }

// TextSince returns the instant before which it is no longer kept at now what people wrote.
func (r Retention) TextSince(now time.Time) time.Time { return monthsBefore(now, r.Text) }

// Tally is how many rows lost their personal data, by table.
type Tally map[string]int

func (t Tally) add(other Tally) {
	for table, n := range other {
		t[table] += n
	}
}

// Total is the number of rows.
func (t Tally) Total() (n int) {
	for _, rows := range t {
		n += rows
	}
	return n
}

// Tables returns the names of the tables with rows, in order.
func (t Tally) Tables() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(t)), func(table string) bool { return t[table] == 0 })
}

// String lists the tables by name: "attendance 12, need 3".
func (t Tally) String() string {
	var parts []string
	for _, table := range t.Tables() {
		parts = append(parts, fmt.Sprintf("%s %d", table, t[table]))
	}
	return strings.Join(parts, ", ")
}

// retentionPortion is about how long one transaction of a run takes, so that those who wait for it hardly notice.
const retentionPortion = 10 * time.Millisecond

// retentionRun is the setting that holds the tally of a run that has not ended yet.
const retentionRun = "retention_run"

// Retain takes the personal data out of what is older than the retention allows, and leaves its numbers: how many
// acknowledged a publication, signed up for and came to a session, how they rated it and what they asked for. It returns
// how many rows that was. What is still needed is left however old it is: needs that wait for an answer, drafts of entries
// to come, posts that wait to be sent.
//
// The work is done in short transactions of whole publications, sessions and the like; each
// takes the rows and leaves their numbers, or does neither. Between two it rests as long as the last one took, for those who
// write in another program: they try now and then, and would seldom find the database free. A run that is cut off is taken
// up by the next. A run that took something is audited when it ends. With dryRun nothing is changed.
//
// What stands in Teams is not touched: how long messages are kept there is for the organisation's own policy to say.
func (db *DB) Retain(ctx context.Context, now time.Time, r Retention, dryRun bool) (Tally, error) {
	total := Tally{}
	for _, rule := range agingRules {
		cutoff := r.AttendanceSince(now)
		if rule.text {
			cutoff = r.TextSince(now)
		}
		args := agingArgs{cutoff: cutoff.UnixMilli(), today: DateOf(now)}
		var units []int64
		if err := db.Read(ctx, func(tx *Tx) (err error) {
			units, err = tx.agingUnits(rule, args)
			return err
		}); err != nil {
			return total, err
		}
		transact := db.Write
		if dryRun {
			transact = db.Read
		}
		for len(units) > 0 {
			var done Tally
			var n int
			var took time.Duration
			if err := transact(ctx, func(tx *Tx) error {
				began := time.Now() //nolint:forbidigo // real time, whatever the plan's clock shows
				done = Tally{}
				for n = 0; n < len(units) && took < retentionPortion; n++ {
					args.unit = units[n]
					part, err := tx.countAging(rule, args)
					if err == nil && !dryRun {
						err = tx.age(rule, args, part)
					}
					if err != nil {
						return err
					}
					done.add(part)
					took = time.Since(began) //nolint:forbidigo // likewise
				}
				return nil
			}); err != nil {
				return total, err
			}
			total.add(done)
			if units = units[n:]; !dryRun && len(units) > 0 {
				select {
				case <-time.After(took):
				case <-ctx.Done():
					return total, ctx.Err()
				}
			}
		}
	}
	if dryRun {
		return total, nil
	}
	return total, db.endRetention(ctx, now, total)
}

// endRetention forgets whom nothing is counted of any more, and audits what the run has taken, and a run before it that was
// cut off.
func (db *DB) endRetention(ctx context.Context, now time.Time, total Tally) error {
	return db.Write(ctx, func(tx *Tx) error {
		if _, err := tx.exec(forgetUncounted); err != nil {
			return err
		}
		run, err := tx.retentionTally()
		if err != nil || run.Total() == 0 {
			return err
		}
		maps.Copy(total, run)
		if err := tx.SetSetting(retentionRun, ""); err != nil {
			return err
		}
		return tx.Audit(now, System, "retention.run", "retention", run.String())
	})
}

func (tx *Tx) retentionTally() (Tally, error) {
	run := Tally{}
	text, err := tx.Setting(retentionRun)
	if err != nil || text == "" {
		return run, err
	}
	return run, json.Unmarshal([]byte(text), &run)
}

// age takes the personal data out of one unit and adds it to the run's tally.
func (tx *Tx) age(rule agingRule, args agingArgs, done Tally) error {
	if done.Total() == 0 {
		return nil
	}
	for _, statement := range rule.steps {
		if _, err := tx.exec(statement, args.all()...); err != nil {
			return err
		}
	}
	if rule.then != nil {
		if err := rule.then(tx, args); err != nil {
			return err
		}
	}
	run, err := tx.retentionTally()
	if err != nil {
		return err
	}
	run.add(done)
	text, err := json.Marshal(run)
	if err != nil {
		return err
	}
	return tx.SetSetting(retentionRun, string(text))
}
