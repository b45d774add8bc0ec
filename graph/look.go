package graph

import (
	"context"
	"errors"
	"net/http"
	"slices"

	abstractions "github.com/microsoft/kiota-abstractions-go"

	"vuosikello/store"
)

// look is a sweep's look at one channel.
type look struct {
	wanted store.ChannelWanted
	sweep  store.ChannelSweep
	open   int // requests queued or sent

	known   map[string]bool // members that were listed already: who is in two of the teams that share a channel is listed twice
	missing []string        // posts that were not seen yet
	found   map[string]*store.MessageSignals

	memberPages, messagePages, replyPages pages
}

// begin queues a channel's first requests.
func (s *sweeper) begin(ctx context.Context, wanted store.ChannelWanted) {
	l := &look{wanted: wanted, known: make(map[string]bool), found: make(map[string]*store.MessageSignals)}
	l.sweep.Channel = wanted.ChannelRef
	s.looks++
	l.open++ // until all of the first requests are queued
	for _, id := range wanted.Posts {
		if id != "" && !slices.Contains(l.missing, id) {
			l.missing = append(l.missing, id)
		}
	}
	if wanted.GroupID == "" || wanted.ChannelID == "" {
		l.fail(&listMembers, listMembers.missing("the channel or its team is not named"))
		l.fail(&listMessages, listMessages.missing("the channel or its team is not named"))
	} else {
		if len(l.missing) > 0 {
			s.askMessages(ctx, l, "")
		}
		s.askMembers(ctx, l, "")
	}
	s.over(l)
}

// ask queues a request of a look.
func (s *sweeper) ask(l *look, a *ask, info *abstractions.RequestInformation, err error) {
	if err == nil {
		a.address, err = s.client.relative(info)
	}
	if err != nil {
		l.fail(a.op, a.op.problem(err))
		return
	}
	a.look = l
	l.open++
	s.enqueue(a)
}

// askMembers asks for a page of members: the first one when there is no link.
func (s *sweeper) askMembers(ctx context.Context, l *look, link string) {
	type page struct {
		members []store.ChannelMember
		next    string
	}
	whole := link != "" || s.client.wholeMembers.Load()
	a := &ask{op: &listMembers, read: func(body []byte) (any, error) {
		members, next, err := readMembers(body)
		if err == nil && !whole && len(members) > 0 && !slices.ContainsFunc(members, func(m store.ChannelMember) bool { return m.PersonID != "" }) {
			return nil, errSelect
		}
		return page{members, next}, err
	}, take: func(read any) {
		p := read.(page)
		for _, m := range p.members {
			m.PersonID, m.TenantID = s.word(m.PersonID), s.word(m.TenantID)
			if m.PersonID != "" {
				if l.known[m.PersonID] {
					continue
				}
				l.known[m.PersonID] = true
			}
			l.sweep.Members = append(l.sweep.Members, m)
		}
		if p.next == "" {
			return
		}
		if !l.memberPages.turn(p.next) {
			l.fail(&listMembers, listMembers.unusable("the pages have no end"))
			return
		}
		s.askMembers(ctx, l, p.next)
	}, failed: func(err error) bool {
		var r *refusal
		if whole || !errors.Is(err, errSelect) && (!errors.As(err, &r) || r.status != http.StatusBadRequest) {
			return false
		}
		s.client.wholeMembers.Store(true)
		s.askMembers(ctx, l, "")
		return true
	}}
	info, err := pageRequest(link), error(nil)
	if link == "" {
		info, err = s.client.membersRequest(ctx, l.wanted.ChannelRef, membersPage, whole)
	}
	s.ask(l, a, info, err)
}

// errSelect is for a page of members of whom none has an id, though it was asked for.
var errSelect = errors.New("the members' ids were asked for and did not come")

// askMessages asks for a page of threads: the newest ones when there is no link.
func (s *sweeper) askMessages(ctx context.Context, l *look, link string) {
	missing := slices.Clone(l.missing) // read by another goroutine
	a := &ask{op: &listMessages, read: func(body []byte) (any, error) {
		return readPosts(body, func(id string) bool { return slices.Contains(missing, id) })
	}, take: func(read any) {
		page := read.(postsPage)
		for i := range page.posts {
			s.found(ctx, l, &page.posts[i])
		}
		// Threads come in the order of their last change: behind what is older than the oldest post, there is none.
		past := page.next == "" || !page.newest.IsZero() && page.newest.Before(l.wanted.Since)
		turned := len(l.messagePages.followed) + 1
		switch {
		case len(l.missing) == 0:
		case !past && turned < 2*len(l.missing): // singly, a post takes two requests
			if !l.messagePages.turn(page.next) {
				l.fail(&listMessages, listMessages.unusable("the pages have no end"))
				return
			}
			s.askMessages(ctx, l, page.next)
		default:
			for _, id := range l.missing {
				s.askMessage(ctx, l, id)
			}
			l.missing = nil
		}
	}}
	info, err := pageRequest(link), error(nil)
	if link == "" {
		info, err = s.client.messagesRequest(ctx, l.wanted.ChannelRef, messagesPage, true)
	}
	s.ask(l, a, info, err)
}

// found takes what a page told of a post, and asks for the rest of its replies.
func (s *sweeper) found(ctx context.Context, l *look, p *post) {
	id := p.signals.ActivityID
	if l.found[id] != nil {
		return
	}
	l.found[id] = &p.signals
	l.missing = slices.DeleteFunc(l.missing, func(m string) bool { return m == id })
	s.intern(p.signals.Reactions)
	s.intern(p.signals.Replies)
	if p.more != "" {
		s.askReplies(ctx, l, id, p.more)
	}
}

func (s *sweeper) intern(signals []store.Signal) {
	for i := range signals {
		signals[i].PersonID, signals[i].Kind = s.word(signals[i].PersonID), s.word(signals[i].Kind)
	}
}

// askMessage asks for one post, and then for its replies. One that is not there any more was deleted.
func (s *sweeper) askMessage(ctx context.Context, l *look, id string) {
	a := &ask{op: &readMessage, read: func(body []byte) (any, error) { return readPost(body) }, take: func(read any) {
		p := read.(post)
		p.signals.ActivityID, p.more = id, ""
		s.found(ctx, l, &p)
		if !p.signals.Gone {
			s.askReplies(ctx, l, id, "")
		}
	}, failed: func(err error) bool {
		var r *refusal
		if !errors.As(err, &r) || r.status != http.StatusNotFound && r.status != http.StatusGone {
			return false
		}
		l.found[id] = &store.MessageSignals{ActivityID: id, Gone: true}
		return true
	}}
	info, err := s.client.messageRequest(ctx, l.wanted.ChannelRef, id)
	s.ask(l, a, info, err)
}

// askReplies asks for a page of a post's replies: the first one when there is no link.
func (s *sweeper) askReplies(ctx context.Context, l *look, id, link string) {
	type page struct {
		replies []store.Signal
		next    string
	}
	a := &ask{op: &listReplies, read: func(body []byte) (any, error) {
		replies, next, err := readReplies(body)
		return page{replies, next}, err
	}, take: func(read any) {
		p := read.(page)
		s.intern(p.replies)
		l.found[id].Replies = append(l.found[id].Replies, p.replies...)
		if p.next == "" {
			return
		}
		if !l.replyPages.turn(p.next) {
			l.fail(&listReplies, listReplies.unusable("the pages have no end"))
			return
		}
		s.askReplies(ctx, l, id, p.next)
	}}
	info, err := pageRequest(link), error(nil)
	if link == "" {
		info, err = s.client.repliesRequest(ctx, l.wanted.ChannelRef, id)
	}
	s.ask(l, a, info, err)
}

// fail gives up one half of a look. The first reason stays.
func (l *look) fail(op *operation, reason *store.GraphError) {
	if half := l.half(op); *half == nil {
		*half = reason
	}
}

func (l *look) failed(op *operation) bool { return *l.half(op) != nil }

func (l *look) half(op *operation) *error {
	if op.lane == laneMembers {
		return &l.sweep.MembersErr
	}
	return &l.sweep.MessagesErr
}

// result is what the look gave, in the order of the posts wanted.
func (l *look) result(c claims) store.ChannelSweep {
	l.sweep.Messages = nil
	if l.sweep.MembersErr != nil {
		l.sweep.Members = nil
	}
	if l.sweep.MessagesErr == nil {
		for _, id := range l.wanted.Posts {
			if m := l.found[id]; m != nil {
				l.sweep.Messages = append(l.sweep.Messages, *m)
				delete(l.found, id)
			}
		}
	}
	switch {
	case l.sweep.MembersErr == nil:
		l.sweep.Source = c.source(&listMembers)
	case l.sweep.MessagesErr == nil && len(l.sweep.Messages) > 0:
		l.sweep.Source = c.source(&listMessages)
	}
	return l.sweep
}
