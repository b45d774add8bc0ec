package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/cards"
	"vuosikello/store"
)

// verb is what a card action does. act runs in one writing transaction.
type verb struct {
	roles []store.Role // any of these; none: everybody, or as act decides
	act   func(*turn, *store.Tx) (answer, error)
}

// verbs is the table of card actions.
var verbs map[string]verb

func init() {
	communications := []store.Role{store.RoleCommunications}
	digimentor := []store.Role{store.RoleDigimentor}
	verbs = map[string]verb{
		cards.VerbEntryDone:      {nil, (*turn).entryDone},
		cards.VerbEntrySnooze:    {nil, (*turn).entrySnooze},
		cards.VerbEntryContent:   {nil, (*turn).entryContent},
		cards.VerbContentSave:    {nil, (*turn).contentSave},
		cards.VerbContentPreview: {nil, (*turn).contentPreview},
		cards.VerbContentSubmit:  {nil, (*turn).contentSubmit},
		cards.VerbContentEdit:    {nil, (*turn).contentEdit},

		cards.VerbApprove:         {nil, (*turn).approve},
		cards.VerbReturn:          {nil, (*turn).returnContent},
		cards.VerbEscalate:        {nil, (*turn).escalate},
		cards.VerbWithdrawRequest: {nil, (*turn).withdrawRequest},

		cards.VerbAck:                 {nil, (*turn).acknowledge},
		cards.VerbCorrect:             {communications, (*turn).correct},
		cards.VerbWithdrawPublication: {communications, (*turn).withdrawPublication},
		cards.VerbRemindPublication:   {communications, (*turn).remindPublication},

		cards.VerbSessionSave:       {digimentor, (*turn).sessionSave},
		cards.VerbSessionEdit:       {digimentor, (*turn).sessionEdit},
		cards.VerbSessionCallOff:    {digimentor, (*turn).sessionCallOff},
		cards.VerbSignUp:            {nil, (*turn).signUp},
		cards.VerbSignOff:           {nil, (*turn).signOff},
		cards.VerbJoin:              {nil, (*turn).join},
		cards.VerbFeedback:          {nil, (*turn).feedback},
		cards.VerbSessionNeeds:      {digimentor, (*turn).sessionNeeds},
		cards.VerbAttendanceCorrect: {nil, (*turn).correctAttendance},

		cards.VerbDigestSave: {nil, (*turn).digestSave},
		cards.VerbDigestSend: {nil, (*turn).digestSend},

		cards.VerbMeetingSave:    {[]store.Role{store.RoleCommunications, store.RoleApprover, store.RoleAdmin}, (*turn).meetingSave},
		cards.VerbMeetingOutcome: {[]store.Role{store.RoleCommunications, store.RoleApprover}, (*turn).meetingOutcome},
		cards.VerbNeedAccept:     {communications, (*turn).needAccept},
		cards.VerbNeedDecline:    {communications, (*turn).needDecline},

		cards.VerbImportApply:  {communications, (*turn).importApply},
		cards.VerbImportCancel: {communications, (*turn).importCancel},

		cards.VerbEntrySave:   {communications, (*turn).entrySave},
		cards.VerbEntryEdit:   {communications, (*turn).entryEdit},
		cards.VerbEntryRemove: {communications, (*turn).entryRemove},
	}
}

// data is what an action carries: the card's own fields, see cards.Data, and the values of its inputs.
type data struct {
	Reminder int64
	Entry    string
	Content  int64
	Need     int64
	Session  int64
	Digest   int64
	Topic    int64 // of the catalogue
	Version  int
	Text     string
	Inputs   map[string]string
}

// maxInput bounds one input, in bytes. Longer ones cannot come from our forms, except where a client lets people paste
// more than the form asks for; then they are told, see tooLong.
const maxInput = 64 << 10

// decodeData reads an action's data. Values are texts, numbers, switches or nothing.
func decodeData(raw json.RawMessage) (d data, err error) {
	var fields map[string]any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := dec.Decode(&fields); err != nil {
		return d, err
	}
	d.Inputs = make(map[string]string, len(fields))
	for name, value := range fields {
		switch v := value.(type) {
		case string:
			d.Inputs[name] = v
		case json.Number:
			d.Inputs[name] = v.String()
		case bool:
			d.Inputs[name] = strconv.FormatBool(v)
		case nil:
		case map[string]any:
			if name != "msteams" { // clients may add their own hints to an Action.Submit
				return d, fmt.Errorf("%s is an object", name)
			}
		default:
			return d, fmt.Errorf("%s is a list", name)
		}
	}
	d.Entry, d.Text = d.Inputs["entry"], d.Inputs["text"]
	for name, dest := range map[string]*int64{"reminder": &d.Reminder, "content": &d.Content, "need": &d.Need, "session": &d.Session, "digest": &d.Digest, "topicId": &d.Topic} {
		if v := d.Inputs[name]; v != "" {
			if *dest, err = strconv.ParseInt(v, 10, 64); err != nil && name != "need" { // which is words where people say what they need
				return d, fmt.Errorf("%s is not a number", name)
			}
		}
	}
	if v := d.Inputs["version"]; v != "" {
		if d.Version, err = strconv.Atoi(v); err != nil {
			return d, errors.New("version is not a number")
		}
	}
	return d, nil
}

// handleAction answers a click.
func (t *turn) handleAction() (teams.Response, error) {
	var err error
	if t.data, err = decodeData(t.action.Data); err != nil {
		return t.respond(say(t.lang.T("error.action_unreadable")))
	}
	if t.action.Verb == cards.VerbCommand {
		t.repeated = t.key != "" && !t.recent.first(t.key)
		ans, err := t.runCommand(t.data.Text)
		if err != nil {
			t.recent.forget(t.key)
			ans = say(t.fail("command", err))
			t.later = nil
		}
		res, err := t.respond(ans)
		t.afterwards()
		return res, err
	}
	v, ok := verbs[t.action.Verb]
	if !ok && t.action.Submit && !t.personal() {
		return teams.Response{}, nil // another app's card: a message that is not meant for us
	}
	if !ok {
		return t.respond(say(t.lang.T("error.action_unknown")))
	}
	t.what = t.action.Verb
	if t.action.Verb == cards.VerbImportApply {
		t.readUpload() // outside the transaction, which nobody should wait for
	}
	var ans answer
	err = t.DB.Write(t.ctx, func(tx *store.Tx) (err error) {
		t.later = nil
		ans, err = t.act(tx, v)
		return err
	})
	if err != nil {
		return t.respond(say(t.fail(t.action.Verb, err)))
	}
	nudge(t.work)
	nudge(t.wake)
	res, err := t.respond(ans)
	t.afterwards()
	return res, err
}

// act runs the verb's handler, once for each click.
func (t *turn) act(tx *store.Tx, v verb) (answer, error) {
	news, err := t.identify(tx)
	if err != nil {
		return answer{}, err
	}
	if news {
		if err := t.learn(tx); err != nil {
			return answer{}, err
		}
	}
	if t.action.Automatic {
		return t.current(tx)
	}
	if t.key != "" {
		first, err := tx.FirstSight(t.key, time.Now())
		if err != nil {
			return answer{}, err
		}
		if !first && t.action.Submit {
			return answer{}, nil // what came of it stands on the post, or was said already
		}
		if !first {
			return t.current(tx)
		}
	}
	if err := t.allowed(tx, v.roles); err != nil {
		return answer{}, err
	}
	ans, err := v.act(t, tx)
	if err != nil || ans.card == nil || ans.lasting || ans.private || !t.action.Submit {
		return ans, err
	}
	// A client without Action.Execute cannot be answered in place: the post itself shows what is current.
	post, ok, err := tx.PostByActivity(t.a.Conversation.ID, t.a.ReplyToID)
	if err != nil {
		return ans, err
	}
	if ok {
		return answer{}, tx.RefreshPost(post.ID)
	}
	if ok, err = tx.RefreshSending(t.here.ID); ok {
		return answer{}, err
	}
	return ans, err
}

// current answers with what the clicked card should show now: for a click that the platform sent twice, or a refresh.
func (t *turn) current(tx *store.Tx) (answer, error) {
	post, ok, err := tx.PostByActivity(t.a.Conversation.ID, t.a.ReplyToID)
	if err != nil || !ok {
		return say(t.lang.T("error.action_repeated")), err
	}
	c, err := t.postCard(tx, post, t.hereLang())
	return showCard(c), err
}

// respond turns an answer into the response to the request, or into messages for a client that submits.
func (t *turn) respond(ans answer) (teams.Response, error) {
	if ans.card != nil && ans.lasting && t.a.ReplyToID != "" {
		out := outgoing(*ans.card)
		t.background("form update", func(ctx context.Context) error {
			return teams.Retry(ctx, replyAttempts, func(ctx context.Context) error {
				return t.Client.Update(ctx, teams.PriorityReply, t.a.Ref(), t.a.ReplyToID, out)
			})
		})
		if t.action.Submit {
			return teams.Response{}, nil
		}
	}
	if !t.action.Submit {
		if ans.card != nil {
			return teams.InvokeCard(ans.card), nil
		}
		return teams.InvokeMessage(ans.text), nil
	}
	if ans.card != nil && ans.private {
		t.sendPrivately(*ans.card)
	} else if ans.card != nil {
		t.reply(*ans.card)
	} else if ans.text != "" {
		t.reply(cards.Message{Text: ans.text}.Card(t.lang))
	}
	return teams.Response{}, nil
}

// input returns the value of an input.
func (t *turn) input(name string) string { return t.data.Inputs[name] }

// inputs returns the values of those inputs that a form has, bounded so that the form can be shown again.
func (t *turn) inputs(names []string) map[string]string {
	values := make(map[string]string, len(names))
	for _, n := range names {
		v := t.data.Inputs[n]
		if len(v) > maxInput {
			v = v[:maxInput]
		}
		values[n] = v
	}
	return values
}
