package graphtest

import (
	"bytes"
	"crypto/md5" //nolint:gosec // the form of the real one's hashes, which hide nothing here
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
)

const (
	activityReport = "getTeamsTeamActivityDetail(period='D30')"
	downloadPath   = "/data/download/report"
)

// redirectToReport answers with the other host's address, which needs no token.
func (s *Server) redirectToReport(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.PathValue("report") != activityReport:
		refuse(w, http.StatusBadRequest, "BadRequest", "Resource not found for the segment.")
	case s.withheld[ReportsRead]:
		refuse(w, http.StatusForbidden, "S2SUnauthorized", "Invalid permission.")
	default:
		w.Header().Set("Location", s.files.URL+downloadPath+"?token=secret")
		w.WriteHeader(http.StatusFound)
	}
}

// serveReport is the other host. It refuses who shows a token, and knows only the address that was given. Faults meet it by its path.
func (s *Server) serveReport(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	request := Request{Method: r.Method, Path: r.URL.Path, Query: unescaped(r.URL.Query())}
	s.requests = append(s.requests, request)
	switch f := s.disturbance(request); {
	case r.Header.Get("Authorization") != "" || r.URL.Path != downloadPath || r.URL.Query().Get("token") != "secret":
		w.WriteHeader(http.StatusForbidden)
	case f != nil && !f.Cut:
		f.answer(w)
	default:
		file, err := s.report()
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.Itoa(len(file)))
		if f != nil {
			file = file[:len(file)/2]
		}
		_, _ = w.Write(file) // the error is that of a client gone away
	}
}

// report is the file, by the header of Graph's reference ("reportRoot: getTeamsTeamActivityDetail") and after a byte order mark.
func (s *Server) report() ([]byte, error) {
	var file bytes.Buffer
	file.WriteString("\ufeff")
	out := csv.NewWriter(&file)
	rows := [][]string{{
		"Report Refresh Date", "Team Name", "Team Id", "Team Type", "Last Activity Date", "Report Period", "Active Users", "Active Channels", "Guests", "Reactions",
		"Meetings Organized", "Post Messages", "Reply Messages", "Channel Messages", "Urgent Messages", "Mentions", "Active Shared Channels", "Active External Users",
	}}
	for _, a := range s.activity {
		name, id := a.Name, a.GroupID
		if s.conceal {
			name, id = fmt.Sprintf("%X", md5.Sum([]byte(name))), fmt.Sprintf("%X", md5.Sum([]byte(id))) //nolint:gosec // as above
		}
		rows = append(rows, []string{
			a.Refreshed.String(), name, id, "Private", a.LastActivity.String(), strconv.Itoa(a.Days), strconv.Itoa(a.ActiveUsers), strconv.Itoa(a.ActiveChannels), strconv.Itoa(a.Guests),
			strconv.Itoa(a.Reactions), strconv.Itoa(a.Met), strconv.Itoa(a.Posts), strconv.Itoa(a.Replies), strconv.Itoa(a.Messages), "0", strconv.Itoa(a.Mentions), "0", "0",
		})
	}
	if err := out.WriteAll(rows); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}
