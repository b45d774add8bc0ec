package store

import "time"

const (
	// longestWait is more than the longest that anything is put off after an attempt: an hour that the platform asks for, and
	// the spread on it.
	longestWait = 6 * time.Hour
	// longestSync is more than the longest time between two readings of a team's roster.
	longestSync = 48 * time.Hour
)

// HurryPutOff makes due what is put off for longer than anything ever is: it was written while the real clock was ahead, and
// would wait for that time to come.
func (tx *Tx) HurryPutOff(real time.Time) error {
	wait, sync := real.Add(longestWait).UnixMilli(), real.Add(longestSync).UnixMilli()
	for _, s := range []struct {
		statement string
		after     int64
	}{
		{`UPDATE post SET retry_at = 0 WHERE ` + waiting + ` AND retry_at > $1`, wait},
		{`UPDATE post SET update_at = 0 WHERE wanted > shown AND activity_id <> '' AND update_at > $1`, wait},
		{`UPDATE session SET meeting_retry = 0 WHERE meeting_state IN ('wanted', 'changed', 'unwanted') AND meeting_retry > $1`, wait},
		{`UPDATE session SET report_retry = 0 WHERE report_state = 'wanted' AND report_retry > $1`, wait},
		{`UPDATE team SET sync_at = 0 WHERE installed = 1 AND sync_at > $1`, sync},
	} {
		if _, err := tx.exec(s.statement, s.after); err != nil {
			return err
		}
	}
	return nil
}
