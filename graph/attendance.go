package graph

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"vuosikello/store"
)

// maxPages ends lists that have no end: a meeting of 20,000 people on pages of 100 has 200.
const maxPages = 500

// Attendance returns the reports of a meeting, one for each time that it was open, in the order that Graph gives them. It looks up and
// fills in m's MeetingID when that is empty. GraphNotReady means that there is no report yet: one appears some minutes after the end.
//
// Intervals are as in the report, without those that end before they begin; they may overlap. Where there are none, the total
// time counts from the start of the meeting. Graph keeps the last 50 reports of a meeting,
// for a year.
func (c *Client) Attendance(ctx context.Context, m *store.OnlineMeeting) ([]store.AttendanceReport, error) {
	if m == nil || m.HostID == "" || m.MeetingID == "" && m.JoinURL == "" {
		return nil, findMeeting.missing("the meeting has no host or no address")
	}
	if m.MeetingID == "" {
		id, err := c.findMeeting(ctx, m.HostID, m.JoinURL)
		if err != nil {
			return nil, findMeeting.problem(err)
		}
		m.MeetingID = id
	}
	ids, err := c.listReports(ctx, m)
	if err != nil {
		return nil, listReports.problem(err)
	}
	reports := make([]store.AttendanceReport, 0, len(ids))
	for _, id := range ids {
		report, err := c.readReport(ctx, m, id)
		if err != nil {
			problem := readReport.problem(err)
			if problem.Problem == store.GraphNotFound {
				continue // it grew too old since it was listed
			}
			return nil, problem
		}
		reports = append(reports, report)
	}
	if len(reports) == 0 {
		return nil, &store.GraphError{Problem: store.GraphNotReady, Err: fmt.Errorf("%s: there are none", listReports.name)}
	}
	return reports, nil
}

// findMeeting is the id of the online meeting that people join at an address.
func (c *Client) findMeeting(ctx context.Context, host, join string) (string, error) {
	filter := "JoinWebUrl eq '" + strings.ReplaceAll(join, "'", "''") + "'"
	found, err := c.user(&findMeeting, host).OnlineMeetings().Get(ctx, &users.ItemOnlineMeetingsRequestBuilderGetRequestConfiguration{
		QueryParameters: &users.ItemOnlineMeetingsRequestBuilderGetQueryParameters{Filter: &filter},
	})
	if err != nil {
		return "", err
	}
	for _, meeting := range found.GetValue() {
		if meeting != nil && text(meeting.GetId()) != "" {
			return text(meeting.GetId()), nil
		}
	}
	return "", findMeeting.missing("the host has no meeting with this address")
}

// listReports are the ids of a meeting's reports.
func (c *Client) listReports(ctx context.Context, m *store.OnlineMeeting) ([]string, error) {
	list := c.user(&listReports, m.HostID).OnlineMeetings().ByOnlineMeetingId(m.MeetingID).AttendanceReports()
	var ids []string
	var turned pages
	for {
		page, err := list.Get(ctx, nil)
		if err != nil {
			return nil, err
		}
		if page.GetValue() == nil {
			return nil, listReports.unusable("a page without its list")
		}
		for _, report := range page.GetValue() {
			if report != nil && text(report.GetId()) != "" {
				ids = append(ids, text(report.GetId()))
			}
		}
		next := text(page.GetOdataNextLink())
		if next == "" {
			return ids, nil
		}
		if !turned.turn(next) {
			return nil, listReports.unusable("the pages have no end")
		}
		list = list.WithUrl(next)
	}
}

// readReport reads a report and all its records.
func (c *Client) readReport(ctx context.Context, m *store.OnlineMeeting, id string) (store.AttendanceReport, error) {
	item := c.user(&readReport, m.HostID).OnlineMeetings().ByOnlineMeetingId(m.MeetingID).AttendanceReports().ByMeetingAttendanceReportId(id)
	first, err := item.Get(ctx, &users.ItemOnlineMeetingsItemAttendanceReportsMeetingAttendanceReportItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &users.ItemOnlineMeetingsItemAttendanceReportsMeetingAttendanceReportItemRequestBuilderGetQueryParameters{
			Expand: []string{"attendanceRecords"},
		},
	})
	if err != nil {
		return store.AttendanceReport{}, err
	}
	report, next, err := reportOf(id, first)
	if err != nil {
		return store.AttendanceReport{}, err
	}
	records := item.AttendanceRecords()
	var turned pages
	for next != "" {
		if !turned.turn(next) {
			return store.AttendanceReport{}, readReport.unusable("the pages have no end")
		}
		records = records.WithUrl(next)
		page, err := records.Get(ctx, nil)
		if err != nil {
			return store.AttendanceReport{}, err
		}
		if page.GetValue() == nil {
			return store.AttendanceReport{}, readReport.unusable("a page without its list")
		}
		report.Records = appendRecords(report.Records, page.GetValue(), report.Start)
		next = text(page.GetOdataNextLink())
	}
	if first.GetTotalParticipantCount() == nil {
		report.Total = len(report.Records)
	}
	return report, nil
}

// reportOf is a report and the link to its further records, "" when it has them all.
func reportOf(id string, from models.MeetingAttendanceReportable) (report store.AttendanceReport, next string, err error) {
	if from.GetAttendanceRecords() == nil {
		// An empty list says that nobody came; the missing one says nothing.
		return report, "", readReport.unusable("a report without its records")
	}
	report = store.AttendanceReport{ID: id, Start: at(from.GetMeetingStartDateTime()), End: at(from.GetMeetingEndDateTime())}
	if total := from.GetTotalParticipantCount(); total != nil {
		report.Total = max(0, int(*total))
	}
	report.Records = appendRecords(nil, from.GetAttendanceRecords(), report.Start)
	// The SDK knows of no such field.
	link, _ := from.GetAdditionalData()["attendanceRecords@odata.nextLink"].(*string)
	return report, text(link), nil
}

// appendRecords adds the records of a report of a meeting that began at start. A participant of whom Graph tells only for
// how long they were there was there from the start.
func appendRecords(records []store.AttendanceRecord, from []models.AttendanceRecordable, start time.Time) []store.AttendanceRecord {
	for _, r := range from {
		if r == nil {
			continue
		}
		record := store.AttendanceRecord{Email: strings.TrimSpace(text(r.GetEmailAddress()))}
		if identity := r.GetIdentity(); identity != nil {
			record.PersonID = personID(identity)
			record.Name = text(identity.GetDisplayName())
		}
		for _, i := range r.GetAttendanceIntervals() {
			if i == nil {
				continue
			}
			if interval, ok := intervalOf(i); ok {
				record.Intervals = append(record.Intervals, interval)
			}
		}
		if seconds := r.GetTotalAttendanceInSeconds(); len(record.Intervals) == 0 && !start.IsZero() && seconds != nil && *seconds > 0 {
			record.Intervals = []store.Interval{{From: start, To: start.Add(time.Duration(*seconds) * time.Second)}}
		}
		records = append(records, record)
	}
	return records
}

// directoryID is the form of an object id of the directory.
var directoryID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// noID is what Graph gives where it has no id.
const noID = "00000000-0000-0000-0000-000000000000"

// personID is the directory's id of somebody who took part or wrote; "" for phones, apps and guests who did not sign in, whose ids are of one
// call only.
func personID(identity models.Identityable) string {
	switch text(identity.GetOdataType()) {
	case "", "#microsoft.graph.identity", "#microsoft.graph.userIdentity", "#microsoft.graph.communicationsUserIdentity", "#microsoft.graph.teamworkUserIdentity":
	default:
		return ""
	}
	if user, ok := identity.(models.TeamworkUserIdentityable); ok && user.GetUserIdentityType() != nil {
		switch *user.GetUserIdentityType() {
		case models.AADUSER_TEAMWORKUSERIDENTITYTYPE, models.ONPREMISEAADUSER_TEAMWORKUSERIDENTITYTYPE, models.FEDERATEDUSER_TEAMWORKUSERIDENTITYTYPE:
		default:
			return ""
		}
	}
	return guid(text(identity.GetId()))
}

// guid is an id of the directory in its usual form, "" for anything else.
func guid(id string) string {
	if id = strings.ToLower(id); !directoryID.MatchString(id) || id == noID {
		return ""
	}
	return id
}

// intervalOf is the time that somebody was there. One that lacks its end has it from its duration; what is neither is no interval.
func intervalOf(from models.AttendanceIntervalable) (interval store.Interval, ok bool) {
	interval = store.Interval{From: at(from.GetJoinDateTime()), To: at(from.GetLeaveDateTime())}
	if seconds := from.GetDurationInSeconds(); interval.To.IsZero() && seconds != nil {
		interval.To = interval.From.Add(time.Duration(*seconds) * time.Second)
	}
	return interval, !interval.From.IsZero() && !interval.To.Before(interval.From)
}

// at is the time that the SDK points to, in UTC.
func at(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// pages remembers the links followed, so that a list whose pages lead back to one another ends.
type pages struct{ followed map[string]bool }

// turn says whether a link may be followed.
func (p *pages) turn(link string) bool {
	if p.followed[link] || len(p.followed) >= maxPages {
		return false
	}
	if p.followed == nil {
		p.followed = make(map[string]bool)
	}
	p.followed[link] = true
	return true
}
