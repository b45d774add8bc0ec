package graphtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// Meeting is a meeting as the server keeps it.
type Meeting struct {
	HostID    string
	EventID   string // "" when it is in no calendar
	MeetingID string
	JoinURL   string
	Key       string // the transactionId or the externalId
	Subject   string
	Start     time.Time
	End       time.Time
	Attendees int // people invited
	Deleted   bool
}

type meeting struct {
	Meeting
	hidden  bool // its event does not show the Teams meeting yet
	reports []store.AttendanceReport
}

// Meetings are all that were made, the deleted ones among them, the oldest first.
func (s *Server) Meetings() []Meeting {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Meeting
	for _, m := range s.meetings {
		all = append(all, m.Meeting)
	}
	return all
}

// AddMeeting adds a meeting that somebody made without the bot, and gives it its ids where they are empty.
func (s *Server) AddMeeting(m Meeting) Meeting {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(m).Meeting
}

// AddReport makes an attendance report appear. Records without a PersonID are of people who did not sign in.
func (s *Server) AddReport(joinURL string, report store.AttendanceReport) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.meetings {
		if m.JoinURL == joinURL {
			m.reports = append(m.reports, report)
			return nil
		}
	}
	return errors.New("graphtest: no meeting has this address")
}

// add is called with the lock held, as is everything below.
func (s *Server) add(m Meeting) *meeting {
	s.made++
	if m.MeetingID == "" {
		m.MeetingID = fmt.Sprintf("MSo%06d*0**19:meeting_%06d@thread.v2", s.made, s.made)
	}
	if m.JoinURL == "" {
		// Real ones hold escapes of their own, which must arrive as they are.
		m.JoinURL = fmt.Sprintf("https://teams.microsoft.com/l/meetup-join/19%%3ameeting_%06d%%40thread.v2/0?context=%%7b%%22Oid%%22%%3a%%22%s%%22%%7d", s.made, m.HostID)
	}
	kept := &meeting{Meeting: m}
	s.meetings = append(s.meetings, kept)
	return kept
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, handler http.HandlerFunc) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+version+path, handler)
	}
	handle("POST /users/{user}/events", s.calendar(s.createEvent))
	handle("GET /users/{user}/events/{event}", s.calendar(s.readEvent))
	handle("PATCH /users/{user}/events/{event}", s.calendar(s.updateEvent))
	handle("DELETE /users/{user}/events/{event}", s.calendar(s.deleteMeeting))
	handle("GET /users/{user}/onlineMeetings", s.needs(s.findMeeting, OnlineMeetingsRead, OnlineMeetingsReadWrite))
	handle("POST /users/{user}/onlineMeetings/createOrGet", s.needs(s.createMeeting, OnlineMeetingsReadWrite))
	handle("PATCH /users/{user}/onlineMeetings/{meeting}", s.needs(s.updateMeeting, OnlineMeetingsReadWrite))
	handle("DELETE /users/{user}/onlineMeetings/{meeting}", s.needs(s.deleteMeeting, OnlineMeetingsReadWrite))
	handle("GET /users/{user}/onlineMeetings/{meeting}/attendanceReports", s.needs(s.listReports, OnlineMeetingArtifactsRead))
	handle("GET /users/{user}/onlineMeetings/{meeting}/attendanceReports/{report}", s.needs(s.readReport, OnlineMeetingArtifactsRead))
	handle("GET /users/{user}/onlineMeetings/{meeting}/attendanceReports/{report}/attendanceRecords", s.needs(s.listRecords, OnlineMeetingArtifactsRead))
	handle("GET /teams/{team}/channels/{channel}/allMembers", s.channel(s.listMembers, ChannelMemberRead, ChannelMemberReadTeam))
	handle("GET /teams/{team}/channels/{channel}/messages", s.channel(s.listMessages, ChannelMessageRead, ChannelMessageReadTeam))
	handle("GET /teams/{team}/channels/{channel}/messages/{message}", s.channel(s.readMessage, ChannelMessageRead, ChannelMessageReadTeam))
	handle("GET /teams/{team}/channels/{channel}/messages/{message}/replies", s.channel(s.listReplies, ChannelMessageRead, ChannelMessageReadTeam))
	handle("GET /reports/{report}", s.redirectToReport)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusBadRequest, "BadRequest", "Resource not found for the segment.")
	})
	return mux
}

// calendar checks what Exchange checks.
func (s *Server) calendar(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch user := r.PathValue("user"); {
		case s.withheld[CalendarsReadWrite]:
			refuse(w, http.StatusForbidden, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
		case s.unknown[user]:
			refuse(w, http.StatusNotFound, "ErrorInvalidUser", "The requested user '"+user+"' is invalid.")
		case s.noMailbox[user]:
			refuse(w, http.StatusNotFound, "MailboxNotEnabledForRESTAPI", "The mailbox is either inactive, soft-deleted, or is hosted on-premise.")
		default:
			next(w, r)
		}
	}
}

// needs checks what Teams checks: one of the permissions, and the policy.
func (s *Server) needs(next http.HandlerFunc, anyOf ...Permission) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		allowed := false
		for _, p := range anyOf {
			allowed = allowed || !s.withheld[p]
		}
		switch {
		case !allowed:
			refuse(w, http.StatusForbidden, "Forbidden", "Application does not have permission to perform this action.")
		case s.withheld[AccessPolicy]:
			refuse(w, http.StatusForbidden, "Forbidden", "No application access policy found for this app.")
		case s.unknown[r.PathValue("user")]:
			refuse(w, http.StatusNotFound, "UnknownError", "The user was not found.")
		default:
			next(w, r)
		}
	}
}

// find is a host's meeting by the event or the meeting of the path, nil when there is none.
func (s *Server) find(r *http.Request) *meeting {
	for _, m := range s.meetings {
		if m.Deleted || m.HostID != r.PathValue("user") {
			continue
		}
		if id := r.PathValue("event"); id != "" && id == m.EventID {
			return m
		}
		if id := r.PathValue("meeting"); id != "" && id == m.MeetingID {
			return m
		}
	}
	return nil
}

func (s *Server) byKey(user, key string, inCalendar bool) *meeting {
	for _, m := range s.meetings {
		// A deleted event's transactionId stays taken.
		if key != "" && m.HostID == user && m.Key == key && (m.EventID != "") == inCalendar && (inCalendar || !m.Deleted) {
			return m
		}
	}
	return nil
}

func notFound(w http.ResponseWriter) {
	refuse(w, http.StatusNotFound, "ErrorItemNotFound", "The specified object was not found in the store.")
}

type eventBody struct {
	Subject               *string      `json:"subject"`
	Start                 *zonedTime   `json:"start"`
	End                   *zonedTime   `json:"end"`
	TransactionID         string       `json:"transactionId"`
	IsOnlineMeeting       bool         `json:"isOnlineMeeting"`
	OnlineMeetingProvider string       `json:"onlineMeetingProvider"`
	Attendees             []struct{}   `json:"attendees"`
	Body                  *interface{} `json:"body"`
}

type zonedTime struct {
	DateTime string `json:"dateTime"`
	TimeZone string `json:"timeZone"`
}

func (z *zonedTime) time() (time.Time, error) {
	zone, err := time.LoadLocation(z.TimeZone)
	if err != nil {
		return time.Time{}, err
	}
	return time.ParseInLocation("2006-01-02T15:04:05", z.DateTime, zone)
}

// readEventBody reads the times and the subject into m.
func readEventBody(r *http.Request, m *Meeting) (body eventBody, err error) {
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return body, err
	}
	if body.Subject != nil {
		m.Subject = *body.Subject
	}
	if body.Start != nil {
		if m.Start, err = body.Start.time(); err != nil {
			return body, err
		}
	}
	if body.End != nil {
		if m.End, err = body.End.time(); err != nil {
			return body, err
		}
	}
	if m.Start.IsZero() || m.End.Before(m.Start) {
		return body, errors.New("the times are missing or reversed")
	}
	m.Attendees = len(body.Attendees)
	return body, nil
}

func (s *Server) createEvent(w http.ResponseWriter, r *http.Request) {
	m := Meeting{HostID: r.PathValue("user")}
	body, err := readEventBody(r, &m)
	if err != nil {
		refuse(w, http.StatusBadRequest, "ErrorPropertyValidationFailure", "At least one property failed validation.")
		return
	}
	if known := s.byKey(m.HostID, body.TransactionID, true); known != nil {
		respond(w, http.StatusCreated, known.event(body.TransactionID))
		return
	}
	m.EventID = fmt.Sprintf("AAMkAGI%06d/x+y=", len(s.meetings)+1) // real ones hold such characters, too
	m.Key = body.TransactionID
	kept := s.add(m)
	kept.hidden = s.slowJoin || !body.IsOnlineMeeting || body.OnlineMeetingProvider != "teamsForBusiness"
	respond(w, http.StatusCreated, kept.event(body.TransactionID))
	if s.slowJoin {
		kept.hidden = false
	}
}

func (s *Server) readEvent(w http.ResponseWriter, r *http.Request) {
	if m := s.find(r); m != nil {
		respond(w, http.StatusOK, m.event(""))
		return
	}
	notFound(w)
}

func (s *Server) updateEvent(w http.ResponseWriter, r *http.Request) {
	m := s.find(r)
	if m == nil {
		notFound(w)
		return
	}
	body, err := readEventBody(r, &m.Meeting)
	if err != nil {
		refuse(w, http.StatusBadRequest, "ErrorPropertyValidationFailure", "At least one property failed validation.")
		return
	}
	// The real one loses the meeting with the body.
	m.hidden = m.hidden || body.Body != nil
	respond(w, http.StatusOK, m.event(""))
}

func (s *Server) deleteMeeting(w http.ResponseWriter, r *http.Request) {
	m := s.find(r)
	if m == nil {
		notFound(w)
		return
	}
	m.Deleted = true
	w.WriteHeader(http.StatusNoContent)
}

// event is a calendar event in Graph's form.
func (m *meeting) event(transaction string) map[string]any {
	zoned := func(t time.Time) map[string]string {
		return map[string]string{"dateTime": t.UTC().Format("2006-01-02T15:04:05.0000000"), "timeZone": "UTC"}
	}
	event := map[string]any{
		"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users/events/$entity",
		"@odata.etag":    `W/"x"`,
		"id":             m.EventID, "subject": m.Subject, "start": zoned(m.Start), "end": zoned(m.End),
		"isOnlineMeeting": !m.hidden, "onlineMeetingProvider": "teamsForBusiness", "onlineMeeting": nil,
		"attendees": []any{}, "sensitivity": "normal", "type": "singleInstance",
	}
	if !m.hidden {
		event["onlineMeeting"] = map[string]any{"joinUrl": m.JoinURL}
	}
	if transaction != "" {
		event["transactionId"] = transaction
	}
	return event
}

type meetingBody struct {
	Subject    *string    `json:"subject"`
	Start      *time.Time `json:"startDateTime"`
	End        *time.Time `json:"endDateTime"`
	ExternalID string     `json:"externalId"`
}

func readMeetingBody(r *http.Request, m *Meeting) (body meetingBody, err error) {
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return body, err
	}
	if body.Subject != nil {
		m.Subject = *body.Subject
	}
	if (body.Start == nil) != (body.End == nil) {
		return body, errors.New("a time without the other")
	}
	if body.Start != nil {
		m.Start, m.End = body.Start.UTC(), body.End.UTC()
	}
	return body, nil
}

func (s *Server) createMeeting(w http.ResponseWriter, r *http.Request) {
	m := Meeting{HostID: r.PathValue("user")}
	body, err := readMeetingBody(r, &m)
	if err != nil || body.ExternalID == "" {
		refuse(w, http.StatusBadRequest, "BadRequest", "The externalId or a time is missing.")
		return
	}
	if known := s.byKey(m.HostID, body.ExternalID, false); known != nil {
		respond(w, http.StatusOK, known.online())
		return
	}
	m.Key = body.ExternalID
	respond(w, http.StatusCreated, s.add(m).online())
}

func (s *Server) updateMeeting(w http.ResponseWriter, r *http.Request) {
	m := s.find(r)
	if m == nil {
		notFound(w)
		return
	}
	if _, err := readMeetingBody(r, &m.Meeting); err != nil {
		refuse(w, http.StatusBadRequest, "BadRequest", "A time is missing.")
		return
	}
	respond(w, http.StatusOK, m.online())
}

// findMeeting knows the one filter that the real one knows.
func (s *Server) findMeeting(w http.ResponseWriter, r *http.Request) {
	literal, begins := strings.CutPrefix(r.URL.Query().Get("$filter"), "JoinWebUrl eq '")
	literal, ends := strings.CutSuffix(literal, "'")
	if !begins || !ends || strings.Contains(strings.ReplaceAll(literal, "''", ""), "'") {
		refuse(w, http.StatusBadRequest, "BadRequest", "Invalid filter clause.")
		return
	}
	found := []any{}
	for _, m := range s.meetings {
		if !m.Deleted && m.HostID == r.PathValue("user") && m.JoinURL == strings.ReplaceAll(literal, "''", "'") {
			found = append(found, m.online())
		}
	}
	respond(w, http.StatusOK, map[string]any{"value": found})
}

// online is an online meeting in Graph's form.
func (m *meeting) online() map[string]any {
	return map[string]any{
		"id": m.MeetingID, "subject": m.Subject, "joinWebUrl": m.JoinURL,
		"startDateTime": m.Start.UTC().Format(time.RFC3339), "endDateTime": m.End.UTC().Format(time.RFC3339),
		"allowedPresenters": "everyone", "participants": map[string]any{"attendees": []any{}},
	}
}

// page is a part of a list of n things and the link to the next one, "" when there is none. It begins where a $skiptoken says.
func (s *Server) page(r *http.Request, path string, n int) (from, to int, next string) {
	if skip, err := strconv.Atoi(r.URL.Query().Get("$skiptoken")); err == nil {
		from = min(max(0, skip), n)
	}
	to = min(from+s.pageSize, n)
	if to < n {
		next = s.URL + path + "?$skiptoken=" + strconv.Itoa(to)
	}
	return from, to, next
}

// path is the path of a meeting's reports, or of what is below them.
func (m *meeting) path(rest ...string) string {
	p := "/users/" + url.PathEscape(m.HostID) + "/onlineMeetings/" + url.PathEscape(m.MeetingID) + "/attendanceReports"
	for _, part := range rest {
		p += "/" + url.PathEscape(part)
	}
	return p
}
