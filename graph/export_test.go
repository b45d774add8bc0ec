package graph

import (
	"bytes"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"vuosikello/store"
)

// ReadReport reads the body of a report's answer, without the limits that apply to requests.
func ReadReport(body []byte) (store.AttendanceReport, string, error) {
	object, err := decode(body, models.CreateMeetingAttendanceReportFromDiscriminatorValue)
	if err != nil {
		return store.AttendanceReport{}, "", readReport.problem(err)
	}
	return reportOf("r", object.(models.MeetingAttendanceReportable))
}

// ReadActivity reads a report of teams' activity.
func ReadActivity(file []byte) ([]store.TeamActivity, error) {
	return readActivityReport(bytes.NewReader(file))
}

// ReadBatch reads the answer to a batch of n requests, and of each part what it would be as a page of members and as one of threads.
func ReadBatch(body []byte, n int, take func(i int, members []store.ChannelMember, posts []store.MessageSignals)) error {
	return readBatch(bytes.NewReader(body), n, func(i int, p *part) {
		members, _, err := readMembers(p.Body)
		page, postsErr := readPosts(p.Body, func(string) bool { return true })
		if err != nil {
			members = nil
		}
		var posts []store.MessageSignals
		for _, found := range page.posts {
			if postsErr == nil {
				posts = append(posts, found.signals)
			}
		}
		newRefusal(&sendBatch, p.Status, p.header(), p.Body, time.Time{})
		take(i, members, posts)
	})
}
