package store

import "time"

// seenFor is how long an activity id is remembered; the platform gives up sending one again within minutes.
const seenFor = 48 * time.Hour

// FirstSight records that an incoming activity acts, and reports false when it has acted before. It belongs in the
// transaction of what the activity does, so that both happen or neither.
func (tx *Tx) FirstSight(activityID string, real time.Time) (bool, error) {
	n, err := affected(tx.exec(`INSERT INTO seen (activity_id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING`, activityID, real.UnixMilli()))
	return n > 0, err
}

// ForgetSeen removes the activity ids that are too old to come again.
func (tx *Tx) ForgetSeen(real time.Time) error {
	_, err := tx.exec(`DELETE FROM seen WHERE at < $1`, real.Add(-seenFor).UnixMilli())
	return err
}
