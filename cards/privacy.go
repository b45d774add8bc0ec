package cards

import (
	"strings"

	"vuosikello/store"
)

// PersonalColumn says in this language what a column of the database holds of people and why, in one sentence, and for how
// long. Neither ends in a full stop.
func (l Lang) PersonalColumn(c store.PersonalColumn, r store.Retention) (what, howLong string) {
	months := r.Attendance
	if strings.HasPrefix(c.HowLong, store.ByTextRetention) {
		months = r.Text
	}
	return l.T("privacy.column." + c.Name()), l.T("privacy.keep."+strings.ReplaceAll(c.HowLong, " ", "_"), "n", months)
}

// PersonalTable is the heading of a table of the database that holds personal data.
func (l Lang) PersonalTable(table string) string { return l.T("privacy.table." + table) }
