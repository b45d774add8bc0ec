package export

import (
	"strings"

	"vuosikello/store"
)

var attendanceColumns = []column{{"session_id", false}, {"title", true}, {"start", false}, {"person", true}, {"person_id", false}, {"signed_up_at", false}, {"cancelled_at", false},
	{"joined_at", false}, {"minutes", false}, {"source", false}, {"count", false}, {"signed_up", false}}

// attendanceRows yields a row for each person and session, and one for each session with people of whom only the number is
// kept: count is how many of them came, signed_up how many had signed up.
func attendanceRows(tx *store.Tx, yield func([]any) error) error {
	return tx.Attendances(func(s *store.Session, p store.Participation) error {
		minutes, id := any(""), p.Who
		if p.HasMinutes {
			minutes = int64(p.Minutes)
		}
		if strings.HasPrefix(id, "mail:") {
			id = ""
		}
		count, signedUp := any(""), any("")
		if p.Who == "" {
			count = int64(p.Anonymous)
			if p.AnonymousSignUps > 0 {
				signedUp = int64(p.AnonymousSignUps)
			}
		}
		return yield([]any{s.ID, s.Title, s.Start, p.Name, id, p.SignedUpAt, p.CancelledAt, p.JoinedAt, minutes, p.Source, count, signedUp})
	})
}
