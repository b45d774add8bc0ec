package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vuosikello/graph"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

// client is what the tests call, so that a table may hold calls.
type client interface {
	CreateMeeting(context.Context, store.MeetingRequest) (store.OnlineMeeting, error)
	UpdateMeeting(context.Context, store.OnlineMeeting, store.MeetingRequest) error
	CancelMeeting(context.Context, store.OnlineMeeting) error
	Attendance(context.Context, *store.OnlineMeeting) ([]store.AttendanceReport, error)
}

func personID(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

// mustHold makes a meeting with reports and returns it as the one who made it knows it.
func mustHold(tb testing.TB, server *graphtest.Server, c client, reports ...store.AttendanceReport) store.OnlineMeeting {
	tb.Helper()
	m, err := c.CreateMeeting(context.Background(), request())
	if err != nil {
		tb.Fatal(err)
	}
	for _, r := range reports {
		if err := server.AddReport(m.JoinURL, r); err != nil {
			tb.Fatal(err)
		}
	}
	return m
}

func crowd(id string, n int) store.AttendanceReport {
	report := store.AttendanceReport{ID: id, Start: start, End: end, Total: n + 3}
	for i := range n {
		report.Records = append(report.Records, store.AttendanceRecord{
			PersonID: personID(i + 1), Email: fmt.Sprintf("person%d@example.org", i), Name: fmt.Sprintf("Person %d", i),
			Intervals: []store.Interval{{From: start, To: end.Add(-time.Duration(i%600) * time.Second)}},
		})
	}
	return report
}

func TestAttendance(t *testing.T) {
	server, client := mustServe(t)
	server.SetPageSize(2) // reports and records come over several pages
	first := crowd("r/1", 5)
	first.Records[1].Intervals = append(first.Records[1].Intervals, store.Interval{From: start.Add(time.Minute), To: end}) // overlaps
	first.Records = append(first.Records,
		store.AttendanceRecord{Name: "Vieras", Intervals: []store.Interval{{From: start, To: end}}}, // did not sign in
		store.AttendanceRecord{Email: "guest@example.net"},                                          // never in the meeting proper
	)
	second, third := crowd("r2", 1), crowd("r3", 0)
	m := mustHold(t, server, client, first, second, third)

	got, err := client.Attendance(t.Context(), &m)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]store.AttendanceReport{first, second, third}, got); diff != "" {
		t.Errorf("reports (-want +got):\n%s", diff)
	}
	if m.MeetingID != server.Meetings()[0].MeetingID {
		t.Errorf("the meeting's id is %q after it was looked up", m.MeetingID)
	}

	sent := len(server.Requests())
	if _, err := client.Attendance(t.Context(), &m); err != nil {
		t.Fatal(err)
	}
	for _, r := range server.Requests()[sent:] {
		if strings.Contains(r.Query, "$filter") {
			t.Error("the meeting was looked up again")
		}
	}
}

func TestTheReportComesLate(t *testing.T) {
	server, client := mustServe(t)
	m := mustHold(t, server, client)
	_, err := client.Attendance(t.Context(), &m)
	wantProblem(t, err, store.GraphNotReady)
	if err := server.AddReport(m.JoinURL, crowd("r1", 1)); err != nil {
		t.Fatal(err)
	}
	if got, err := client.Attendance(t.Context(), &m); err != nil || len(got) != 1 {
		t.Errorf("%v, %v; want the report", got, err)
	}
}

func TestMeetingThatWasDeleted(t *testing.T) {
	server, client := mustServe(t)
	m := mustHold(t, server, client, crowd("r1", 1))
	known := m
	known.MeetingID = server.Meetings()[0].MeetingID
	if err := client.CancelMeeting(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []store.OnlineMeeting{m, known} {
		_, err := client.Attendance(t.Context(), &gone)
		wantProblem(t, err, store.GraphNotFound)
	}
}

// An address is data, whatever it holds: nobody's link may widen the filter.
func TestAddressesAreQuoted(t *testing.T) {
	for _, address := range []string{
		"https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%22Oid%22%3a%22x%22%7d",
		"https://teams.microsoft.com/meet/1?p=a+b&c=d#e",
		"https://example.org/' or '1' eq '1",
		"https://example.org/Ääkköset ja välit",
	} {
		server, client := mustServe(t)
		server.AddMeeting(graphtest.Meeting{HostID: host}) // another one
		want := server.AddMeeting(graphtest.Meeting{HostID: host, JoinURL: address})
		m := store.OnlineMeeting{HostID: host, JoinURL: address}
		_, err := client.Attendance(t.Context(), &m)
		wantProblem(t, err, store.GraphNotReady)
		if m.MeetingID != want.MeetingID {
			t.Errorf("%s: found %q, want %q", address, m.MeetingID, want.MeetingID)
		}
	}
}

// Half of the people is not the people: a report is read to its end or not at all.
func TestPagesThatFail(t *testing.T) {
	records := graphtest.Fault{Path: "/attendanceRecords"}
	for name, change := range map[string]func(*graphtest.Fault, *graphtest.Server){
		"cut in the middle":       func(f *graphtest.Fault, _ *graphtest.Server) { f.Cut, f.Skip = true, 1 },
		"throttled in the middle": func(f *graphtest.Fault, _ *graphtest.Server) { f.Status, f.Code, f.Skip = 429, "TooManyRequests", 1 },
		"without its list":        func(f *graphtest.Fault, _ *graphtest.Server) { f.Body = `{"@odata.context":"x"}` },
		"with a list that is none": func(f *graphtest.Fault, _ *graphtest.Server) {
			f.Body = `{"value":{"id":"x"}}`
		},
		"that lead back to one another": func(f *graphtest.Fault, s *graphtest.Server) {
			f.Body = `{"value":[],"@odata.nextLink":"` + s.URL + `/users/x/onlineMeetings/y/attendanceReports/z/attendanceRecords?$skiptoken=1"}`
		},
		// The token must not follow a link to where it does not belong.
		"that lead away": func(f *graphtest.Fault, _ *graphtest.Server) {
			f.Body = `{"value":[],"@odata.nextLink":"https://example.org/attendanceRecords"}`
		},
	} {
		t.Run(name, func(t *testing.T) {
			server, client := mustServe(t)
			server.SetPageSize(2)
			m := mustHold(t, server, client, crowd("r1", 9))
			fault := records
			change(&fault, server)
			server.Disturb(fault)
			got, err := client.Attendance(t.Context(), &m)
			wantProblem(t, err, store.GraphUnavailable)
			if got != nil {
				t.Errorf("half a report: %v", got)
			}
			server.Calm()
			if got, err := client.Attendance(t.Context(), &m); err != nil || len(got[0].Records) != 9 {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

func TestReportThatGrewTooOld(t *testing.T) {
	server, client := mustServe(t)
	m := mustHold(t, server, client, crowd("r1", 1), crowd("r2", 2))
	server.Disturb(graphtest.Fault{Path: "/attendanceReports/r1", Status: 404, Code: "NotFound"})
	got, err := client.Attendance(t.Context(), &m)
	if err != nil || len(got) != 1 || got[0].ID != "r2" {
		t.Errorf("%v, %v; want the one that is left", got, err)
	}
}

// Graph leaves out whatever it likes.
func TestReportWithHoles(t *testing.T) {
	interval := `{"joinDateTime":"2026-11-24T12:00:00Z","leaveDateTime":"2026-11-24T12:15:00Z"}`
	whole := []store.Interval{{From: start, To: end}}
	for name, test := range map[string]struct {
		record string
		want   store.AttendanceRecord
	}{
		"empty":    {`{}`, store.AttendanceRecord{}},
		"all null": {`{"identity":null,"emailAddress":null,"attendanceIntervals":null,"totalAttendanceInSeconds":null}`, store.AttendanceRecord{}},
		"no intervals": {
			`{"identity":{"id":"` + personID(1) + `","displayName":"A"},"emailAddress":" a@example.org "}`,
			store.AttendanceRecord{PersonID: personID(1), Name: "A", Email: "a@example.org"},
		},
		"an id in capitals": {
			`{"identity":{"@odata.type":"#microsoft.graph.communicationsUserIdentity","id":"ABCDEF00-0000-4000-8000-000000000001"}}`,
			store.AttendanceRecord{PersonID: "abcdef00-0000-4000-8000-000000000001"},
		},
		"an id of zeros": {`{"identity":{"id":"00000000-0000-0000-0000-000000000000"}}`, store.AttendanceRecord{}},
		"a phone": {
			`{"identity":{"@odata.type":"#microsoft.graph.communicationsPhoneIdentity","id":"4:+358401234567"}}`, store.AttendanceRecord{},
		},
		// A guest who did not sign in is given an id that looks like everybody's, for that call.
		"a guest": {
			`{"identity":{"@odata.type":"#microsoft.graph.communicationsGuestIdentity","id":"` + personID(2) + `","displayName":"B"}}`,
			store.AttendanceRecord{Name: "B"},
		},
		"a kind of identity that is new": {
			`{"identity":{"@odata.type":"#microsoft.graph.newIdentity","id":"` + personID(3) + `"},"role":"Overlord","x":[{"y":null}]}`, store.AttendanceRecord{},
		},
		"intervals as they are": {`{"attendanceIntervals":[` + interval + `,null,` + interval + `]}`, store.AttendanceRecord{Intervals: append(whole, whole...)}},
		"reversed": {
			`{"attendanceIntervals":[{"joinDateTime":"2026-11-24T12:15:00Z","leaveDateTime":"2026-11-24T12:00:00Z"},` + interval + `]}`,
			store.AttendanceRecord{Intervals: whole},
		},
		"without an end": {
			`{"attendanceIntervals":[{"joinDateTime":"2026-11-24T12:00:00Z","durationInSeconds":900}]}`, store.AttendanceRecord{Intervals: whole},
		},
		"without an end and a duration": {`{"attendanceIntervals":[{"joinDateTime":"2026-11-24T12:00:00Z"}]}`, store.AttendanceRecord{}},
		"without a beginning":           {`{"attendanceIntervals":[{"leaveDateTime":"2026-11-24T12:00:00Z","durationInSeconds":900},{}]}`, store.AttendanceRecord{}},
		"the total alone":               {`{"attendanceIntervals":[],"totalAttendanceInSeconds":900}`, store.AttendanceRecord{Intervals: whole}},
		"in another zone": {
			`{"attendanceIntervals":[{"joinDateTime":"2026-11-24T14:00:00+02:00","leaveDateTime":"2026-11-24T14:15:00+02:00"}]}`,
			store.AttendanceRecord{Intervals: whole},
		},
	} {
		t.Run(name, func(t *testing.T) {
			server, client := mustServe(t)
			m := mustHold(t, server, client, crowd("r1", 0))
			server.Disturb(graphtest.Fault{Path: "/attendanceReports/r1", Body: `{"id":"r1","meetingStartDateTime":"2026-11-24T12:00:00Z","attendanceRecords":[null,` + test.record + `]}`})
			got, err := client.Attendance(t.Context(), &m)
			if err != nil {
				t.Fatal(err)
			}
			// Without a total, the records are the least there can have been.
			want := []store.AttendanceReport{{ID: "r1", Start: whole[0].From, Total: 1, Records: []store.AttendanceRecord{test.want}}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReportsThatSayNothing(t *testing.T) {
	for name, body := range map[string]string{
		"no records":          `{"id":"r1"}`,
		"null records":        `{"id":"r1","attendanceRecords":null}`,
		"a date that is none": `{"attendanceRecords":[],"meetingStartDateTime":"2026-02-31T00:00:00Z"}`,
		"too many people":     `{"attendanceRecords":[],"totalParticipantCount":1e40}`,
		"too large":           `{"attendanceRecords":[]` + strings.Repeat(" ", 16<<20) + `}`,
		"too deep":            strings.Repeat(`{"a":`, 20_000) + "1" + strings.Repeat("}", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			server, client := mustServe(t)
			m := mustHold(t, server, client, crowd("r1", 0))
			server.Disturb(graphtest.Fault{Path: "/attendanceReports/r1", Body: body})
			_, err := client.Attendance(t.Context(), &m)
			wantProblem(t, err, store.GraphUnavailable)
		})
	}
}

// A report of 1,000 people as one client reads it, and the least that this costs without the limit of requests.
func BenchmarkAttendanceOf1000(b *testing.B) {
	for name, page := range map[string]int{"in pages of 100": 100, "at once": 1000} {
		b.Run(name, func(b *testing.B) {
			server, maker := mustServe(b)
			server.SetPageSize(page)
			m := mustHold(b, server, maker, crowd("r1", 1000))
			b.ReportAllocs()
			for b.Loop() {
				// A client of its own: the limit leaves room for as much after a pause.
				client, err := graph.New(graph.Config{Credential: graphtest.Credential{}, BaseURL: server.URL, Now: time.Now})
				if err != nil {
					b.Fatal(err)
				}
				got, err := client.Attendance(context.Background(), &store.OnlineMeeting{HostID: host, JoinURL: m.JoinURL})
				if err != nil || len(got[0].Records) != 1000 {
					b.Fatal(err)
				}
			}
		})
	}
}
