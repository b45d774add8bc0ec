package cards

import (
	"time"

	"vuosikello/store"
)

// Approvals is the list of open requests and where they stand.
type Approvals struct {
	Items  []ApprovalItem // in the order to show them
	Total  int            // how many there are, when Items are only the first of them
	CanAdd bool           // the reader can write content
	Today  store.Date
}

// ApprovalItem is one request of the list. Its times are in the organisation's time zone.
type ApprovalItem struct {
	Title       string
	Requester   string
	Decision    store.Decision
	PublishAt   time.Time  // zero: as soon as approved
	MeetingDate store.Date // of an escalated one
	Since       time.Time  // when it was requested
}

// Card builds the card.
func (a Approvals) Card(l Lang) Card {
	title := l.T("approvals.empty")
	if n := max(a.Total, len(a.Items)); n > 0 {
		title = l.T("approvals.title", "n", n)
	}
	kind := l.T("approvals.kind")
	c := Card{Summary: kind + ": " + title, Body: header(kind, title)}
	c.Body = append(c.Body, fold(l, len(a.Items), func(i int) row {
		it := a.Items[i]
		return row{first: Text(clip(it.Title, showName)), second: Text(it.second(l, a.Today))}
	})...)
	if rest := a.Total - len(a.Items); rest > 0 {
		c.Body = append(c.Body, note(l.T("common.others", "n", rest)))
	}
	if a.CanAdd {
		c.Actions = []Action{commandButton(l, "approval")}
	}
	return c
}

// second says where the request stands: "odottaa · julkaistaan ma 13.4. klo 9.00 · Maija Meikäläinen pe 27.3. klo 14.05".
func (it ApprovalItem) second(l Lang, today store.Date) string {
	text := l.decision(it.Decision)
	if it.Decision == store.DecisionEscalated && it.MeetingDate != 0 {
		text = l.T("approvals.meeting", "date", l.Date(it.MeetingDate, today))
	}
	if it.PublishAt.IsZero() {
		text = dotted(text, l.T("approval.at_once"))
	} else {
		text = dotted(text, l.T("approvals.publish", "when", l.DateTime(it.PublishAt, today)))
	}
	asked := l.name(it.Requester, showName/2)
	if !it.Since.IsZero() {
		asked = dotted(asked, l.T("approvals.since", "when", l.DateTime(it.Since, today)))
	}
	return dotted(text, asked)
}
