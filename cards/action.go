package cards

import "strconv"

// The verbs of the cards' own actions.
const (
	VerbEntrySave    = "entry.save"
	VerbEntryEdit    = "entry.edit"
	VerbEntryRemove  = "entry.remove"
	VerbEntryDone    = "entry.done"
	VerbEntrySnooze  = "entry.snooze"
	VerbEntryContent = "entry.content"
	VerbContentSave  = "content.save"
	VerbCommand      = "command"

	VerbContentPreview      = "content.preview"
	VerbContentSubmit       = "content.submit"
	VerbContentEdit         = "content.edit"
	VerbApprove             = "approval.approve"
	VerbReturn              = "approval.return"
	VerbEscalate            = "approval.escalate"
	VerbWithdrawRequest     = "approval.withdraw"
	VerbAck                 = "publication.ack"
	VerbCorrect             = "publication.correct"
	VerbWithdrawPublication = "publication.withdraw"
	VerbRemindPublication   = "publication.remind"
	VerbMeetingSave         = "meeting.save"
	VerbMeetingOutcome      = "meeting.outcome"
	VerbNeedAccept          = "need.accept"
	VerbNeedDecline         = "need.decline"

	VerbSessionSave       = "session.save"
	VerbSessionEdit       = "session.edit"
	VerbSessionCallOff    = "session.callOff"
	VerbSignUp            = "session.signup"
	VerbSignOff           = "session.cancel"
	VerbJoin              = "session.join"
	VerbFeedback          = "session.feedback"
	VerbSessionNeeds      = "session.needs"
	VerbAttendanceCorrect = "attendance.correct"

	VerbImportApply  = "import.apply"
	VerbImportCancel = "import.cancel"

	VerbDigestSave = "digest.save"
	VerbDigestSend = "digest.send"
)

// Data is what an action of ours carries besides its inputs: what it is about and which version of it the card showed,
// never facts. What does not apply is left out of the JSON.
type Data struct {
	Verb     string `json:"verb"`
	Reminder int64  `json:"reminder,omitempty"`
	Entry    string `json:"entry,omitempty"`
	Content  string `json:"content,omitempty"`
	Version  int    `json:"version,omitempty"`
	Need     int64  `json:"need,omitempty"`
	Meeting  string `json:"meeting,omitempty"` // "working_group" or "management"
	Date     string `json:"date,omitempty"`    // of the meeting
	Item     string `json:"item,omitempty"`    // of [VerbMeetingOutcome] where the card has no such input: it is about one item
	Outcome  string `json:"outcome,omitempty"` // likewise
	Session  int64  `json:"session,omitempty"`
	Upload   string `json:"upload,omitempty"` // the file that was sent
	Digest   int64  `json:"digest,omitempty"`
	Topic    int64  `json:"topicId,omitempty"` // of the catalogue; "topic" is an input of the feedback form
	// Following has [VerbSessionSave] and [VerbSessionCallOff] mean those after it in its series too.
	Following bool   `json:"following,omitempty"`
	Text      string `json:"text,omitempty"` // of [VerbCommand]: the chat command that the button stands for
}

func (d Data) write(w *writer) {
	w.raw(`,"data":{"verb":`)
	w.quote(d.Verb)
	w.id("reminder", d.Reminder)
	w.str("entry", d.Entry)
	w.str("content", d.Content)
	w.num("version", d.Version)
	w.id("need", d.Need)
	w.str("meeting", d.Meeting)
	w.str("date", d.Date)
	w.str("item", d.Item)
	w.str("outcome", d.Outcome)
	w.id("session", d.Session)
	w.id("digest", d.Digest)
	w.id("topicId", d.Topic)
	w.yes("following", d.Following)
	w.str("upload", d.Upload)
	w.str("text", d.Text)
	w.close()
}

func (w *writer) id(name string, value int64) {
	if value != 0 {
		w.key(name)
		w.b = strconv.AppendInt(w.b, value, 10)
	}
}

// The styles of a button.
const (
	stylePositive    = "positive"
	styleDestructive = "destructive"
)

// Execute sends the card's inputs and its data to the bot. Clients without Action.Execute use the same as Action.Submit,
// where the verb stands in the data.
type Execute struct {
	Title string
	Style string
	Data  Data
	Alone bool // sends no inputs, and does not ask for those that are missing
}

func (e Execute) writeAction(w *writer) {
	w.open("Action.Execute")
	w.str("verb", e.Data.Verb)
	e.writeRest(w)
	w.raw(`,"fallback":`)
	w.open("Action.Submit")
	e.writeRest(w)
	w.close()
	w.close()
}

func (e Execute) writeRest(w *writer) {
	w.str("title", e.Title)
	w.str("style", e.Style)
	if e.Alone {
		w.str("associatedInputs", "none")
	}
	e.Data.write(w)
}

// ShowCard opens a part of the card that is seldom needed.
type ShowCard struct {
	Title   string
	Style   string
	Body    []Element
	Actions []Action
}

func (s ShowCard) writeAction(w *writer) {
	w.open("Action.ShowCard")
	w.str("title", s.Title)
	w.str("style", s.Style)
	w.raw(`,"card":`)
	w.open("AdaptiveCard")
	Card{Body: s.Body, Actions: s.Actions}.writeContent(w)
	w.close()
	w.close()
}

// OpenURL opens a web page.
type OpenURL struct {
	Title string
	URL   string
}

func (o OpenURL) writeAction(w *writer) {
	w.open("Action.OpenUrl")
	w.str("title", o.Title)
	w.key("url")
	w.quote(o.URL)
	w.close()
}

// ToggleVisibility shows what is hidden and hides what is shown.
type ToggleVisibility struct {
	Title   string
	Targets []string // ids of elements
}

func (t ToggleVisibility) writeAction(w *writer) {
	w.open("Action.ToggleVisibility")
	w.str("title", t.Title)
	w.raw(`,"targetElements":[`)
	for i, id := range t.Targets {
		w.comma(i)
		w.quote(id)
	}
	w.raw("]")
	w.close()
}
