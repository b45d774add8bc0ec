package cards

import "vuosikello/store"

// MeetingForm asks when a group meets. Its inputs have the ids first (a date), time, every (weeks) and cutoff (hours); it
// is sent with [VerbMeetingSave] and the kind of meeting.
type MeetingForm struct {
	Kind   store.BindingKind // store.WorkingGroup or store.Management
	Values map[string]string // by input, as typed, also when wrong
	Errors map[string]string // by input, sentences; "" for what concerns the form as a whole
}

// Card builds the card.
func (f MeetingForm) Card(l Lang) Card {
	return Card{Summary: l.T("common.product"), Body: header(l.T("common.product"), "")}
}

// MeetingSaved confirms when a group meets.
type MeetingSaved struct {
	Meeting store.Meeting
	Next    store.Date // the next meeting
	Today   store.Date
}

// Card builds the card.
func (m MeetingSaved) Card(l Lang) Card {
	return Card{Summary: l.T("common.product"), Body: header(l.T("common.product"), "")}
}
