package cards

import (
	"strings"
	"time"

	"vuosikello/store"
)

// Approval is the request to decide on content: the post in the management's channel, an approver's personal copy, and
// the requester's own copy. Its actions carry [VerbApprove], [VerbReturn] (input "comment"), [VerbEscalate] (input
// [InputMeetingComment]); the requester's own copy carries [VerbContentEdit] and [VerbWithdrawRequest]. All have the
// content and its version. A decided request has no actions, except that from the requester's own copy what is approved
// and not yet published can still be edited or taken back, and what was returned, withdrawn or not decided in time edited.
type Approval struct {
	Content         string
	Version         int
	Title, Body     string // Finnish
	TitleSv, BodySv string // Swedish, "" when there is no such version
	Link            string
	Image, ImageAlt string
	Requester       Person
	Entry           string // title of the clock entry
	Campaign        string
	NoEntry         bool // no clock entry stands behind it, which is pointed out
	Audiences       []AudienceCount
	PublishAt       time.Time // not before; zero: as soon as approved; this and the other times are in the organisation's time zone
	Checklist       []string  // of store.Checks, those that were made
	Deadline        time.Time // by when a decision is needed, zero for none
	Overdue         bool      // the publication time has come, and the content waits for the decision
	Rounds          []Round   // earlier versions and what was decided on them, the oldest first
	Approvers       []Person  // who are asked, by a mention; nobody in a personal copy
	Decision        store.Decision
	DecidedBy       string
	DecidedAt       time.Time
	Comment         string
	MeetingDate     store.Date // where it was passed to, zero for nowhere
	NextMeeting     store.Date // where passing it on would take it, zero: no meetings are known and it cannot be passed on
	// MeetingAfterPublication means that NextMeeting is after PublishAt: the content would wait for the meeting.
	MeetingAfterPublication bool
	Own                     bool // the requester's own copy
	Nudge                   bool // a reminder of an open request
	Today                   store.Date
}

// AudienceCount is an audience and how many people it is.
type AudienceCount struct {
	Name    string
	People  int
	Known   bool // People is known
	Outside bool // no channel is bound to it: it is reached outside Teams
}

// Round is an earlier version and what was decided on it.
type Round struct {
	Version  int
	Decision store.Decision
	By       string
	At       time.Time
	Comment  string
}

// InputMeetingComment is the id of the comment with which a request is passed to the meeting. It is not "comment", the
// id of the one with which it is returned: the two stand on one card, and phones refuse a card in which two elements
// have the same id, also when they are in different ShowCards (AdaptiveCards, ParseContext::PopElement).
const InputMeetingComment = "meetingComment"

// Card builds the card.
func (a Approval) Card(l Lang) Card {
	texts := versions(a.Title, a.Body, a.TitleSv, a.BodySv)
	title := clip(texts[0].title, showTitle)
	c := Card{Summary: upperFirst(l.T(a.kindKey())) + ": " + Clean(title), Body: header(a.kind(l), title)}
	if !a.Decision.Open() {
		c.Summary = l.T("approval.kind") + " · " + l.decision(a.Decision) + ": " + Clean(title)
		c.Body = append(c.Body, decided{a.Decision, a.DecidedBy, a.DecidedAt, a.Comment, a.Today}.elements(l)...)
	} else {
		c.Body = append(c.Body, a.ask(l, &c))
		c.Body = append(c.Body, a.warnings(l)...)
	}
	c.Body = append(c.Body, FactSet{Facts: a.facts(l), Spacing: spacingMedium})
	c.Body = append(c.Body, a.content(l, texts)...)
	c.Body = append(c.Body, a.rounds(l)...)
	c.Actions = a.buttons(l)
	return c
}

func (a Approval) kindKey() string {
	if a.Nudge && a.Decision.Open() {
		return "approval.kind_nudge"
	}
	return "approval.kind"
}

// kind is the small first line: "Hyväksyntäpyyntö · odottaa · viim. to 12.3. klo 9.00".
func (a Approval) kind(l Lang) string {
	kind := l.T(a.kindKey()) + " · " + l.decision(a.Decision)
	if a.Decision == store.DecisionPending && !a.Deadline.IsZero() {
		kind += " · " + l.T("approval.deadline", "when", l.DateTime(a.Deadline, a.Today))
	}
	return kind
}

// decision names a decision: "odottaa", "hyväksytty".
func (l Lang) decision(d store.Decision) string { return l.T("decision." + string(d)) }

// ask is the one sentence that says what is asked and of whom.
func (a Approval) ask(l Lang, c *Card) Element {
	var text string
	switch {
	case a.Decision == store.DecisionEscalated && a.MeetingDate != 0:
		text = l.T("approval.ask_meeting", "date", l.DateIn(a.MeetingDate, a.Today))
	case a.Own:
		text = l.T("approval.ask_own")
	default:
		text = l.T("approval.ask")
	}
	who := c.mention(a.Approvers, l)
	if who == "" {
		return paragraph(text)
	}
	before, after, _ := strings.Cut(l.T("approval.approvers", "who", whoPlace), whoPlace)
	return TextBlock{Text: Text(text) + " " + Text(before) + who + Text(after), Spacing: spacingSmall}
}

func (a Approval) warnings(l Lang) []Element {
	var out []Element
	if a.Overdue {
		out = append(out, TextBlock{Text: Text("△ " + l.T("approval.overdue")), Color: colorWarning, Spacing: spacingSmall})
	}
	if a.NoEntry {
		out = append(out, noEntryWarning(l))
	}
	if a.Decision == store.DecisionEscalated && a.DecidedBy != "" && !a.DecidedAt.IsZero() {
		out = append(out, note(l.T("approval.escalated_by", "who", l.name(a.DecidedBy, showName), "when", l.DateTime(a.DecidedAt, a.Today))))
		out = append(out, quote(l, a.Comment)...)
	}
	return out
}

func (a Approval) facts(l Lang) []Fact {
	var f facts
	when := l.T("approval.at_once")
	if !a.PublishAt.IsZero() {
		when = l.DateTime(a.PublishAt, a.Today)
		if a.Decision.Open() {
			when += " (" + l.Relative(store.DateOf(a.PublishAt), a.Today) + ")"
		}
	}
	f.add(l.T("fact.publish"), when)
	f.add(l.T("fact.entry"), clip(a.Entry, 2*showName))
	f.add(l.T("fact.campaign"), clip(a.Campaign, showName))
	f.add(l.T("fact.audience"), a.audiences(l))
	f.add(l.T("fact.requester"), l.name(a.Requester.Name, showName))
	f.add(l.T("fact.checked"), a.checklist(l))
	return f
}

// audiences names them with how many people they are: "Ammattilaiset (1 240 henkilöä), Asukkaat (muualla kuin Teamsissa)".
func (a Approval) audiences(l Lang) string {
	names := make([]string, 0, min(len(a.Audiences), showNames))
	for _, n := range a.Audiences[:min(len(a.Audiences), showNames)] {
		name := clip(n.Name, showName)
		switch {
		case n.Outside:
			name += " (" + l.T("approval.outside") + ")"
		case n.Known:
			name += " (" + l.T("approval.people", "n", n.People) + ")"
		}
		names = append(names, name)
	}
	text := strings.Join(names, ", ")
	if rest := len(a.Audiences) - len(names); rest > 0 {
		text += " " + l.T("common.others", "n", rest)
	}
	return text
}

func (a Approval) checklist(l Lang) string {
	var names []string
	for _, check := range store.Checks() {
		for _, made := range a.Checklist {
			if made == check {
				names = append(names, l.T("checked."+check))
				break
			}
		}
	}
	return strings.Join(names, ", ")
}

// content is what the decision is about, in both languages: the beginning, all of it behind a button, and the other
// language behind another.
func (a Approval) content(l Lang, texts []text) []Element {
	out := []Element{subheading(l.T("approval.content"))}
	out = append(out, picture(a.Image, a.ImageAlt)...)
	full := Body(bounded(texts[0].body))
	if begin, cut := excerpt(bounded(texts[0].body)); cut {
		out = append(out,
			Container{ID: "short", Items: []Element{TextBlock{Text: Body(begin), Spacing: spacingSmall}}},
			Container{ID: "full", Hidden: true, Items: []Element{TextBlock{Text: full, Spacing: spacingSmall}}})
		out = append(out, switches(l, l.T("common.show_text"))...)
	} else if full != "" {
		out = append(out, TextBlock{Text: full, Spacing: spacingSmall})
	}
	if len(texts) > 1 {
		sv := Container{ID: "swedish", Hidden: true, Items: []Element{
			TextBlock{Text: Text(clip(texts[1].title, showTitle)), Weight: weightBolder, Heading: true},
			TextBlock{Text: Body(bounded(texts[1].body)), Spacing: spacingSmall},
		}}
		out = append(out, ActionSet{Actions: []Action{ToggleVisibility{Title: l.T("approval.swedish"), Targets: []string{"swedish"}}}}, sv)
	}
	if isWebAddress(a.Link) {
		out = append(out, note(l.T("approval.link", "link", clip(a.Link, MaxContentLink))))
	}
	return out
}

// maxRounds is how many earlier versions a request shows, the newest ones; more help nobody to decide.
const maxRounds = 3

func (a Approval) rounds(l Lang) []Element {
	if len(a.Rounds) == 0 {
		return nil
	}
	out := []Element{subheading(l.T("approval.rounds"))}
	rounds := a.Rounds
	if rest := len(rounds) - maxRounds; rest > 0 {
		rounds = rounds[rest:]
	}
	for _, r := range rounds {
		text := l.T("approval.round", "version", r.Version, "decision", l.decision(r.Decision))
		if by := l.name(r.By, showName); by != "" {
			text += ", " + by
		}
		if !r.At.IsZero() {
			text += ", " + l.DateTime(r.At, a.Today)
		}
		out = append(out, paragraph(text))
		out = append(out, quote(l, clip(r.Comment, showText/2))...)
	}
	return out
}

func (a Approval) buttons(l Lang) []Action {
	data := func(verb string) Data { return Data{Verb: verb, Content: a.Content, Version: a.Version} }
	edit := Execute{Title: l.T("common.edit"), Data: data(VerbContentEdit), Alone: true}
	switch {
	case a.Own && (a.Decision.Open() || a.Decision == store.DecisionApproved):
		return []Action{edit, confirm(l.T("approval.withdraw_button"), l.T("approval.withdraw_ask"), l.T("approval.withdraw_yes"), data(VerbWithdrawRequest))}
	case a.Own && (a.Decision == store.DecisionReturned || a.Decision == store.DecisionWithdrawn || a.Decision == store.DecisionExpired):
		return []Action{edit}
	case a.Own || !a.Decision.Open():
		return nil
	}
	buttons := []Action{
		Execute{Title: l.T("approval.approve_button"), Style: stylePositive, Data: data(VerbApprove), Alone: true},
		refuse(l.T("approval.return_button"), l.T("field.comment_return"), l.T("error.comment_missing"), data(VerbReturn)),
	}
	if a.Decision == store.DecisionEscalated || a.NextMeeting == 0 {
		return buttons
	}
	body := []Element{paragraph(l.T("approval.escalate_text", "date", l.DateIn(a.NextMeeting, a.Today)))}
	if a.MeetingAfterPublication {
		body = append(body, TextBlock{Text: Text("△ " + l.T("approval.escalate_late")), Color: colorWarning, Spacing: spacingSmall})
	}
	body = append(body, inputText{field: field{id: InputMeetingComment, label: l.T("field.comment")}, multiline: true, max: maxComment})
	return append(buttons, ShowCard{
		Title:   l.T("approval.escalate_button"),
		Body:    body,
		Actions: []Action{Execute{Title: l.T("approval.escalate_yes"), Data: data(VerbEscalate)}},
	})
}
