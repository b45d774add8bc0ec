package graph

import (
	"bytes"
	"net/http"
	"net/url"
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

// ReadThings reads a body as each of the other things that Graph answers with: a page of replies, a message that may hold a mark, an event.
// link is where the page says that the next one is.
func ReadThings(body []byte) (replies []store.Signal, link, marked, join string, err error) {
	replies, link, err = readReplies(body)
	if m, ok := readMarked(body); ok && m.holds("", "mark") {
		marked = m.ID
	}
	if object, err := decode(body, models.CreateEventFromDiscriminatorValue); err == nil {
		if event, ok := object.(models.Eventable); ok {
			join = joinURL(event)
		}
	}
	return replies, link, marked, join, err
}

// Problem is what becomes of an answer that is no success.
func Problem(status int, header http.Header, body []byte, now time.Time) (*store.GraphError, time.Duration) {
	r := newRefusal(&readMessage, status, header, body, now)
	return readMessage.problem(r), r.retryAfter
}

// Roles is what a token says that its app may do.
func Roles(token string) (roles []string, app string) {
	c := claimsOf(token)
	return c.Roles, c.app()
}

// NextPage is where a client goes for a page that a link leads to.
func (c *Client) NextPage(link string) (*url.URL, error) { return c.address(pageRequest(link)) }

// Downloads says whether a client follows a link to a report.
func (c *Client) Downloads(link string) bool {
	u, err := url.Parse(link)
	return err == nil && c.downloads(u)
}
