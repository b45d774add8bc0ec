package graphtest

import (
	"net/http"
	"time"

	"vuosikello/store"
)

func (s *Server) listReports(w http.ResponseWriter, r *http.Request) {
	m := s.find(r)
	if m == nil {
		notFound(w)
		return
	}
	from, to, next := s.page(r, m.path(), len(m.reports))
	value := []any{}
	for _, report := range m.reports[from:to] {
		value = append(value, reportJSON(report))
	}
	list(w, value, next)
}

func (s *Server) readReport(w http.ResponseWriter, r *http.Request) {
	m, report := s.findReport(r)
	if report == nil {
		notFound(w)
		return
	}
	body := reportJSON(*report)
	if r.URL.Query().Get("$expand") == "attendanceRecords" {
		from, to, next := s.page(r, m.path(report.ID, "attendanceRecords"), len(report.Records))
		body["attendanceRecords"] = recordsJSON(report.Records[from:to])
		if next != "" {
			body["attendanceRecords@odata.nextLink"] = next
		}
	}
	respond(w, http.StatusOK, body)
}

func (s *Server) listRecords(w http.ResponseWriter, r *http.Request) {
	m, report := s.findReport(r)
	if report == nil {
		notFound(w)
		return
	}
	from, to, next := s.page(r, m.path(report.ID, "attendanceRecords"), len(report.Records))
	list(w, recordsJSON(report.Records[from:to]), next)
}

func (s *Server) findReport(r *http.Request) (*meeting, *store.AttendanceReport) {
	if m := s.find(r); m != nil {
		for i := range m.reports {
			if m.reports[i].ID == r.PathValue("report") {
				return m, &m.reports[i]
			}
		}
	}
	return nil, nil
}

func list(w http.ResponseWriter, value []any, next string) {
	body := map[string]any{"value": value}
	if next != "" {
		body["@odata.nextLink"] = next
	}
	respond(w, http.StatusOK, body)
}

func reportJSON(report store.AttendanceReport) map[string]any {
	return map[string]any{
		"id": report.ID, "totalParticipantCount": report.Total,
		"meetingStartDateTime": moment(report.Start), "meetingEndDateTime": moment(report.End),
	}
}

func recordsJSON(records []store.AttendanceRecord) []any {
	value := []any{}
	for _, record := range records {
		intervals, total := []any{}, 0
		for _, i := range record.Intervals {
			seconds := int(i.To.Sub(i.From).Seconds())
			total += seconds
			intervals = append(intervals, map[string]any{"joinDateTime": moment(i.From), "leaveDateTime": moment(i.To), "durationInSeconds": seconds})
		}
		// The real one gives people who did not sign in an id of that call only.
		identity := map[string]any{"@odata.type": "#microsoft.graph.communicationsGuestIdentity", "id": "teamsvisitor:5b0f", "displayName": record.Name, "tenantId": nil}
		if record.PersonID != "" {
			identity["@odata.type"], identity["id"] = "#microsoft.graph.communicationsUserIdentity", record.PersonID
		}
		body := map[string]any{
			"id": record.PersonID, "emailAddress": nil, "identity": identity, "role": "Attendee",
			"totalAttendanceInSeconds": total, "attendanceIntervals": intervals, "registrationId": nil,
		}
		if record.Email != "" {
			body["emailAddress"] = record.Email
		}
		value = append(value, body)
	}
	return value
}

// moment is a time as Graph writes it, null when there is none.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05.0000000Z")
}
