package graph

import (
	"context"
	"errors"
	"net/http"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/reports"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"vuosikello/store"
)

// Trial is how trying one permission went.
type Trial struct {
	// Source is the tier that the permission belongs to: store.SourceRSC for what a team's owner grants, with the team in Channel, else
	// store.SourceTenant.
	Source  store.ReachSource
	Channel store.ChannelRef

	Permission string
	Err        *store.GraphError // nil: it works. GraphForbidden: it is missing. Any other problem: it could not be told
	Who        string            // who can grant it, whether it is missing or not

	// ByTenant says of a team's permission that the administrator's consent stands in for it: whether the team's owner has agreed, too,
	// cannot be seen then, and makes no difference.
	ByTenant bool

	// PolicyOnly says that the permission is there, and that only the application access policy is missing: see Err.
	PolicyOnly bool
}

// nothing is the id of what does not exist. Graph looks at permissions first: that it then finds nothing shows that it may be asked.
const nothing = "AAMkADAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMA=="

// Probe tries the permissions that the bot can make use of, each by a request that needs it and changes nothing: those of teams in one
// channel of each, those that act for people on host, somebody who might hold a meeting; "" leaves these out. The error is for when there
// is no token.
func (c *Client) Probe(ctx context.Context, channels []store.ChannelRef, host string) ([]Trial, error) {
	token, err := c.token(ctx)
	if err != nil {
		return nil, sendBatch.problem(err)
	}
	granted := claimsOf(token)
	var trials []Trial
	for _, op := range []*operation{&listMembers, &listMessages} {
		_, who := op.needs()
		for _, ref := range channels { // in turn: a channel is asked once a second
			trials = append(trials, Trial{
				Source: store.SourceRSC, Channel: ref, Permission: op.inTeam, Who: who,
				ByTenant: granted.source(op) == store.SourceTenant, Err: c.try(ctx, op, ref, host),
			})
		}
	}
	for _, op := range []*operation{&readActivity, &deleteEvent, &deleteMeeting, &findMeeting, &listReports} {
		if host == "" && op != &readActivity {
			continue
		}
		_, who := op.needs()
		trial := Trial{Source: store.SourceTenant, Permission: op.permission, Who: who, Err: c.try(ctx, op, store.ChannelRef{}, host)}
		var r *refusal
		trial.PolicyOnly = trial.Err != nil && errors.As(trial.Err, &r) && r.policy
		trials = append(trials, trial)
	}
	return trials, nil
}

// try makes the least request that an operation's permission is needed for.
func (c *Client) try(ctx context.Context, op *operation, ref store.ChannelRef, host string) *store.GraphError {
	info, err := c.trial(ctx, op, ref, host)
	if err == nil {
		err = (&adapter{client: c, op: op, channel: ref}).converse(ctx, info, func(*http.Response) error { return nil })
	}
	var r *refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &r) && ref == store.ChannelRef{} && (r.status == http.StatusNotFound || r.status == http.StatusBadRequest):
		return nil // it was let in, and found nothing
	}
	return op.problem(err)
}

func (c *Client) trial(ctx context.Context, op *operation, ref store.ChannelRef, host string) (*abstractions.RequestInformation, error) {
	switch op {
	case &listMembers:
		return c.membersRequest(ctx, ref, 1, true)
	case &listMessages:
		return c.messagesRequest(ctx, ref, 1, false)
	case &deleteEvent:
		// Reading would do with a lesser permission than the bot needs.
		return c.user(op, host).Events().ByEventId(nothing).ToDeleteRequestInformation(ctx, nil)
	case &deleteMeeting:
		return c.user(op, host).OnlineMeetings().ByOnlineMeetingId(nothing).ToDeleteRequestInformation(ctx, nil)
	case &findMeeting:
		filter := "JoinWebUrl eq 'https://teams.microsoft.com/l/meetup-join/none'"
		return c.user(op, host).OnlineMeetings().ToGetRequestInformation(ctx, &users.ItemOnlineMeetingsRequestBuilderGetRequestConfiguration{
			QueryParameters: &users.ItemOnlineMeetingsRequestBuilderGetQueryParameters{Filter: &filter},
		})
	case &listReports:
		return c.user(op, host).OnlineMeetings().ByOnlineMeetingId(nothing).AttendanceReports().ToGetRequestInformation(ctx, nil)
	}
	period := activityPeriod
	return reports.NewGetTeamsTeamActivityDetailWithPeriodRequestBuilderInternal(map[string]string{}, &adapter{client: c, op: op}, &period).ToGetRequestInformation(ctx, nil)
}
