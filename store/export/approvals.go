package export

import (
	"strconv"
	"strings"

	"vuosikello/store"
)

var approvalColumns = []column{{"id", false}, {"title", true}, {"version", false}, {"sha256", false}, {"requested_by", true}, {"requested_by_id", false}, {"requested_at", false},
	{"publish_at", false}, {"audience", true}, {"decision", false}, {"decided_by", true}, {"decided_by_id", false}, {"decided_at", false}, {"comment", true}, {"meeting_date", false},
	{"published_at", false}, {"entry_id", false}, {"body", true}, {"title_sv", true}, {"body_sv", true}, {"link", true}, {"image", true}, {"image_alt", true}, {"checklist", false},
	{"withdrawn_at", false}, {"needed_approval", false}}

// approvalRows yields every version that was sent for approval.
func approvalRows(tx *store.Tx, yield func([]any) error) error {
	names := map[string]string{"": ""}
	name := func(id string) (string, error) {
		if n, ok := names[id]; ok {
			return n, nil
		}
		n, err := tx.PersonName(id)
		names[id] = n
		return n, err
	}
	return tx.Approvals(func(v *store.ContentVersion) error {
		requester, err := name(v.RequestedBy)
		if err != nil {
			return err
		}
		decider, err := name(v.DecidedBy)
		if err != nil {
			return err
		}
		return yield([]any{strconv.FormatInt(v.ContentID, 10), v.Title, int64(v.Version), v.SHA256, requester, v.RequestedBy, v.RequestedAt, v.PublishAt, strings.Join(v.Audiences, ", "),
			string(v.Decision), decider, v.DecidedBy, v.DecidedAt, v.Comment, v.MeetingDate.String(), v.PublishedAt, v.EntryID, v.Body, v.TitleSv, v.BodySv, v.Link, v.Image, v.ImageAlt,
			strings.Join(v.Checklist, ", "), v.WithdrawnAt, v.Approval})
	})
}
