package graph

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/teams"

	"vuosikello/store"
)

const (
	membersPage  = 999 // the most that Graph gives ("List allMembers")
	messagesPage = 50  // likewise ("List channel messages")
)

// channel is the SDK's request builder for a channel's things, whose requests are sent as the operation.
func (c *Client) channel(op *operation, ref store.ChannelRef) *teams.ItemChannelsChannelItemRequestBuilder {
	return teams.NewItemChannelsChannelItemRequestBuilderInternal(
		map[string]string{"team%2Did": ref.GroupID, "channel%2Did": ref.ChannelID}, &adapter{client: c, op: op, channel: ref})
}

// membersRequest asks for the people who can see a channel, those of the teams that it is shared with among them.
func (c *Client) membersRequest(ctx context.Context, ref store.ChannelRef, top int32, whole bool) (*abstractions.RequestInformation, error) {
	query := &teams.ItemChannelsItemAllMembersRequestBuilderGetQueryParameters{Top: &top}
	if !whole {
		// The properties are of the derived type, so that OData wants its name before them.
		const user = "microsoft.graph.aadUserConversationMember/"
		query.Select = []string{"id", "roles", user + "userId", user + "tenantId"}
	}
	return c.channel(&listMembers, ref).AllMembers().ToGetRequestInformation(ctx,
		&teams.ItemChannelsItemAllMembersRequestBuilderGetRequestConfiguration{QueryParameters: query})
}

// messagesRequest asks for the newest threads of a channel. Graph knows no $select for them.
func (c *Client) messagesRequest(ctx context.Context, ref store.ChannelRef, top int32, replies bool) (*abstractions.RequestInformation, error) {
	query := &teams.ItemChannelsItemMessagesRequestBuilderGetQueryParameters{Top: &top}
	if replies {
		query.Expand = []string{"replies"}
	}
	return c.channel(&listMessages, ref).Messages().ToGetRequestInformation(ctx,
		&teams.ItemChannelsItemMessagesRequestBuilderGetRequestConfiguration{QueryParameters: query})
}

func (c *Client) messageRequest(ctx context.Context, ref store.ChannelRef, id string) (*abstractions.RequestInformation, error) {
	return c.channel(&readMessage, ref).Messages().ByChatMessageId(id).ToGetRequestInformation(ctx, nil)
}

func (c *Client) repliesRequest(ctx context.Context, ref store.ChannelRef, id string) (*abstractions.RequestInformation, error) {
	top := int32(messagesPage)
	return c.channel(&listReplies, ref).Messages().ByChatMessageId(id).Replies().ToGetRequestInformation(ctx,
		&teams.ItemChannelsItemMessagesItemRepliesRequestBuilderGetRequestConfiguration{
			QueryParameters: &teams.ItemChannelsItemMessagesItemRepliesRequestBuilderGetQueryParameters{Top: &top},
		})
}

// errForm is for JSON that is not what Graph's reference says.
var errForm = errors.New("the answer has another form than Graph's reference says")

// listOf are the things of a page and the link to the next one. A page without its list is half a page: the empty list says that there is
// nothing, the missing one says nothing.
func listOf(body []byte) (things []json.RawMessage, next string, err error) {
	var page struct {
		Value *[]json.RawMessage `json:"value"`
		Next  string             `json:"@odata.nextLink"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, "", errors.New("the answer was cut off or is not JSON")
		}
		return nil, "", errForm
	}
	if page.Value == nil {
		return nil, "", errors.New("a page without its list")
	}
	return *page.Value, page.Next, nil
}

// readMembers reads a page of members. Entries that are null are nobody.
func readMembers(body []byte) (members []store.ChannelMember, next string, err error) {
	object, err := decode(body, models.CreateConversationMemberCollectionResponseFromDiscriminatorValue)
	if err != nil {
		return nil, "", err
	}
	page, ok := object.(models.ConversationMemberCollectionResponseable)
	if !ok || page.GetValue() == nil {
		return nil, "", errors.New("a page without its list")
	}
	members = make([]store.ChannelMember, 0, len(page.GetValue()))
	for _, from := range page.GetValue() {
		if from != nil {
			members = append(members, memberOf(from))
		}
	}
	return members, text(page.GetOdataNextLink()), nil
}

func memberOf(from models.ConversationMemberable) store.ChannelMember {
	m := store.ChannelMember{Guest: slices.ContainsFunc(from.GetRoles(), func(role string) bool { return strings.EqualFold(role, "guest") })}
	// Phones, anonymous guests and accounts that are not of a directory have no id that is the same in another channel.
	if user, ok := from.(models.AadUserConversationMemberable); ok {
		m.PersonID, m.TenantID = guid(text(user.GetUserId())), guid(text(user.GetTenantId()))
	}
	return m
}

// post is a message of a channel as a page shows it.
type post struct {
	signals store.MessageSignals
	more    string // the link to further replies
}

// postsPage is what a page of threads told.
type postsPage struct {
	posts  []post    // the wanted ones only
	newest time.Time // the last change of any message on the page, zero when none has one
	next   string
}

// readPosts reads the wanted messages of a page of threads. The others, which are people's own, are not looked into.
func readPosts(body []byte, wanted func(id string) bool) (page postsPage, err error) {
	things, next, err := listOf(body)
	if err != nil {
		return page, err
	}
	page.next = next
	for _, thing := range things {
		var outside struct {
			ID       string    `json:"id"`
			Modified time.Time `json:"lastModifiedDateTime"`
		}
		if json.Unmarshal(thing, &outside) != nil {
			continue // null, or a form that no wanted message has
		}
		if outside.Modified.After(page.newest) {
			page.newest = outside.Modified
		}
		if !wanted(outside.ID) {
			continue
		}
		p, err := readPost(thing)
		if err != nil {
			return page, err
		}
		page.posts = append(page.posts, p)
	}
	return page, nil
}

// readPost reads a message and the replies that came with it.
func readPost(body []byte) (p post, err error) {
	message, err := decodeMessage(body)
	if err != nil {
		return p, err
	}
	p.signals = store.MessageSignals{ActivityID: text(message.GetId()), Gone: message.GetDeletedDateTime() != nil}
	for _, r := range message.GetReactions() {
		if r == nil {
			continue
		}
		signal := store.Signal{Kind: text(r.GetReactionType()), At: at(r.GetCreatedDateTime())}
		if set := r.GetUser(); set != nil {
			if set.GetUser() == nil && set.GetApplication() != nil {
				continue // not a person's
			}
			if set.GetUser() != nil {
				signal.PersonID = personID(set.GetUser())
			}
		}
		p.signals.Reactions = append(p.signals.Reactions, signal)
	}
	p.signals.Replies = appendReplies(nil, message.GetReplies())
	link, _ := message.GetAdditionalData()["replies@odata.nextLink"].(*string) // the SDK knows of no such field
	p.more = text(link)
	return p, nil
}

func decodeMessage(body []byte) (models.ChatMessageable, error) {
	object, err := decode(body, models.CreateChatMessageFromDiscriminatorValue)
	if err != nil {
		return nil, err
	}
	message, ok := object.(models.ChatMessageable)
	if !ok {
		return nil, errForm
	}
	return message, nil
}

// readReplies reads a page of replies.
func readReplies(body []byte) (replies []store.Signal, next string, err error) {
	things, next, err := listOf(body)
	if err != nil {
		return nil, "", err
	}
	for _, thing := range things {
		message, err := decodeMessage(thing)
		if err != nil {
			return nil, "", err
		}
		replies = appendReplies(replies, []models.ChatMessageable{message})
	}
	return replies, next, nil
}

// appendReplies adds what people answered: not what was deleted, what an app wrote, or what Teams notes in a thread by itself.
func appendReplies(replies []store.Signal, from []models.ChatMessageable) []store.Signal {
	for _, m := range from {
		if m == nil || m.GetDeletedDateTime() != nil {
			continue
		}
		if kind := m.GetMessageType(); kind != nil && *kind != models.MESSAGE_CHATMESSAGETYPE {
			continue
		}
		reply := store.Signal{At: at(m.GetCreatedDateTime())}
		if set := m.GetFrom(); set != nil {
			if set.GetUser() == nil && set.GetApplication() != nil {
				continue
			}
			if set.GetUser() != nil {
				reply.PersonID = personID(set.GetUser())
			}
		}
		replies = append(replies, reply)
	}
	return replies
}

// FindPost returns the activity id of the bot's own message in a channel that was written from one time to another and whose card holds the
// mark, the oldest when there are several, "" when there is none. It is how a post is settled whose answer got lost.
func (c *Client) FindPost(ctx context.Context, ref store.ChannelRef, mark string, from, to time.Time) (activityID string, err error) {
	if ref.GroupID == "" || ref.ChannelID == "" || mark == "" {
		return "", listMessages.missing("the channel or the mark is not named")
	}
	token, err := c.token(ctx)
	if err != nil {
		return "", listMessages.problem(err)
	}
	app := claimsOf(token).app()
	info, err := c.messagesRequest(ctx, ref, messagesPage, false)
	if err != nil {
		return "", listMessages.problem(err)
	}
	here := &adapter{client: c, op: &listMessages, channel: ref}
	var oldest time.Time
	var turned pages
	for {
		body, err := here.exchange(ctx, info)
		if err != nil {
			return "", listMessages.problem(err)
		}
		things, next, err := listOf(body)
		if err != nil {
			return "", listMessages.problem(err)
		}
		earlier := false
		for _, thing := range things {
			m, ok := readMarked(thing)
			earlier = earlier || ok && m.Modified.Before(from) && !m.Modified.IsZero()
			if !ok || m.Created.Before(from) || m.Created.After(to) || !m.holds(app, mark) {
				continue
			}
			if activityID == "" || m.Created.Before(oldest) {
				activityID, oldest = m.ID, m.Created
			}
		}
		// Threads come in the order of their last change, the newest first.
		if next == "" || earlier {
			return activityID, nil
		}
		if !turned.turn(next) {
			return "", listMessages.unusable("the pages have no end")
		}
		info = pageRequest(next)
	}
}

// pageRequest asks for a further page.
func pageRequest(link string) *abstractions.RequestInformation {
	info := abstractions.NewRequestInformation()
	info.Method = abstractions.GET
	info.UrlTemplate = "{+baseurl}" // what it stands for is the link
	info.PathParameters = map[string]string{"request-raw-url": link}
	info.Headers.Add("Accept", "application/json")
	return info
}

// marked is what FindPost looks at.
type marked struct {
	ID       string     `json:"id"`
	Created  time.Time  `json:"createdDateTime"`
	Modified time.Time  `json:"lastModifiedDateTime"`
	Deleted  *time.Time `json:"deletedDateTime"`
	From     struct {
		Application struct {
			ID string `json:"id"`
		} `json:"application"`
	} `json:"from"`
	Attachments []struct {
		Content string `json:"content"`
	} `json:"attachments"`
}

func readMarked(body []byte) (m marked, ok bool) {
	return m, json.Unmarshal(body, &m) == nil
}

// holds says whether it is a message of the app, which is "" when it is not known, with the mark on its card.
func (m *marked) holds(app, mark string) bool {
	if m.From.Application.ID == "" || app != "" && !strings.EqualFold(m.From.Application.ID, app) || m.Deleted != nil {
		return false
	}
	for _, a := range m.Attachments {
		if strings.Contains(a.Content, mark) {
			return true
		}
	}
	return false
}
