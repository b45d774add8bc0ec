package graph

import (
	"context"
	"errors"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"vuosikello/store"
)

// CreateMeeting makes a Teams meeting in the host's calendar or, when the app may not write there or the host has no mailbox, one without
// a calendar entry. It invites nobody and is never a channel's meeting, whose attendance Graph does not tell.
//
// The same request made again, after an answer that got lost, gives the same meeting: the key is the event's transactionId and the
// meeting's externalId. Another meeting needs another key, also when the first one has been cancelled.
func (c *Client) CreateMeeting(ctx context.Context, req store.MeetingRequest) (store.OnlineMeeting, error) {
	if req.HostID == "" {
		return store.OnlineMeeting{}, createEvent.missing("the meeting has no host")
	}
	m, err := c.createInCalendar(ctx, req)
	if err == nil {
		return m, nil
	}
	first := createEvent.problem(err)
	if first.Problem != store.GraphForbidden && first.Problem != store.GraphNotFound {
		return store.OnlineMeeting{}, first
	}
	c.log.Info("the host's calendar cannot be written, making the meeting without it", "reason", first)
	m, err = c.createWithoutCalendar(ctx, req)
	if err == nil {
		return m, nil
	}
	second := createMeeting.problem(err)
	if first.Problem == store.GraphForbidden && second.Problem == store.GraphForbidden {
		// Either is enough, so that both are named, with the simpler one first.
		both := *second
		both.Permission = first.Permission + " (or " + second.Permission + ")"
		both.Who = bothGrantors
		both.Err = errors.Join(first.Err, second.Err)
		return store.OnlineMeeting{}, &both
	}
	return store.OnlineMeeting{}, second
}

func (c *Client) createInCalendar(ctx context.Context, req store.MeetingRequest) (store.OnlineMeeting, error) {
	event := eventOf(req)
	event.SetTransactionId(&req.Key)
	event.SetIsOnlineMeeting(new(true))
	event.SetOnlineMeetingProvider(new(models.TEAMSFORBUSINESS_ONLINEMEETINGPROVIDERTYPE))
	made, err := c.user(&createEvent, req.HostID).Events().Post(ctx, event, nil)
	if err != nil {
		return store.OnlineMeeting{}, err
	}
	id := text(made.GetId())
	if id == "" {
		return store.OnlineMeeting{}, createEvent.unusable("the answer does not name the event")
	}
	join := joinURL(made)
	if join == "" {
		// Exchange may give the event before Teams has given the meeting.
		if join, err = c.readJoinURL(ctx, req.HostID, id); err != nil {
			return store.OnlineMeeting{}, err
		}
	}
	return store.OnlineMeeting{HostID: req.HostID, EventID: id, JoinURL: join}, nil
}

func (c *Client) readJoinURL(ctx context.Context, host, event string) (string, error) {
	read, err := c.user(&readEvent, host).Events().ByEventId(event).Get(ctx, &users.ItemEventsEventItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &users.ItemEventsEventItemRequestBuilderGetQueryParameters{Select: []string{"id", "onlineMeeting"}},
	})
	if err != nil {
		return "", err
	}
	if join := joinURL(read); join != "" {
		return join, nil
	}
	return "", readEvent.unusable("the event is in the calendar, but has no Teams meeting yet")
}

func (c *Client) createWithoutCalendar(ctx context.Context, req store.MeetingRequest) (store.OnlineMeeting, error) {
	body := users.NewItemOnlineMeetingsCreateOrGetPostRequestBody()
	body.SetExternalId(&req.Key)
	body.SetSubject(&req.Subject)
	body.SetStartDateTime(new(req.Start.UTC()))
	body.SetEndDateTime(new(req.End.UTC()))
	made, err := c.user(&createMeeting, req.HostID).OnlineMeetings().CreateOrGet().Post(ctx, body, nil)
	if err != nil {
		return store.OnlineMeeting{}, err
	}
	m := store.OnlineMeeting{HostID: req.HostID, MeetingID: text(made.GetId()), JoinURL: text(made.GetJoinWebUrl())}
	if m.MeetingID == "" || m.JoinURL == "" {
		return store.OnlineMeeting{}, createMeeting.unusable("the answer does not name the meeting and its address")
	}
	return m, nil
}

// UpdateMeeting gives a meeting the subject and times of a request. Its key is not looked at, nor its host: a meeting stays its
// organiser's. GraphNotFound means that the meeting was deleted, and that a new one can be made under another key.
func (c *Client) UpdateMeeting(ctx context.Context, m store.OnlineMeeting, req store.MeetingRequest) error {
	if m.HostID == "" || m.EventID == "" && m.MeetingID == "" {
		return updateMeeting.missing("the meeting has no host or no id")
	}
	// What Graph answers to a change is the whole meeting, which does not matter here.
	if m.EventID != "" {
		item := c.user(&updateEvent, m.HostID).Events().ByEventId(m.EventID)
		// The event's body is left alone: it holds the join link that people see.
		info, err := item.ToPatchRequestInformation(ctx, eventOf(req), nil)
		if err == nil {
			err = item.RequestAdapter.SendNoContent(ctx, info, nil)
		}
		return updateEvent.outcome(err)
	}
	change := models.NewOnlineMeeting()
	change.SetSubject(&req.Subject)
	change.SetStartDateTime(new(req.Start.UTC()))
	change.SetEndDateTime(new(req.End.UTC()))
	item := c.user(&updateMeeting, m.HostID).OnlineMeetings().ByOnlineMeetingId(m.MeetingID)
	info, err := item.ToPatchRequestInformation(ctx, change, nil)
	if err == nil {
		err = item.RequestAdapter.SendNoContent(ctx, info, nil)
	}
	return updateMeeting.outcome(err)
}

// CancelMeeting deletes a meeting. One that is not there any more is a success.
func (c *Client) CancelMeeting(ctx context.Context, m store.OnlineMeeting) error {
	var err error
	switch {
	case m.HostID == "":
	case m.EventID != "":
		err = deleteEvent.outcome(c.user(&deleteEvent, m.HostID).Events().ByEventId(m.EventID).Delete(ctx, nil))
	case m.MeetingID != "":
		err = deleteMeeting.outcome(c.user(&deleteMeeting, m.HostID).OnlineMeetings().ByOnlineMeetingId(m.MeetingID).Delete(ctx, nil))
	}
	var problem *store.GraphError
	if errors.As(err, &problem) && problem.Problem == store.GraphNotFound {
		return nil
	}
	return err
}

// eventOf is the part of a calendar event that a request decides. Nothing else is sent, so that nothing else is changed.
func eventOf(req store.MeetingRequest) *models.Event {
	event := models.NewEvent()
	event.SetSubject(&req.Subject)
	event.SetStart(utc(req.Start))
	event.SetEnd(utc(req.End))
	return event
}

// utc is a time in the form that calendars take: without an offset, and with the zone's name beside it.
func utc(t time.Time) *models.DateTimeTimeZone {
	d := models.NewDateTimeTimeZone()
	d.SetDateTime(new(t.UTC().Format("2006-01-02T15:04:05")))
	d.SetTimeZone(new("UTC"))
	return d
}

func joinURL(event models.Eventable) string {
	if info := event.GetOnlineMeeting(); info != nil {
		return text(info.GetJoinUrl())
	}
	return ""
}

// text is the string that the SDK points to.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
