package cards

import (
	"time"

	"vuosikello/store"
)

// ReminderStatus is what has become of a posted reminder.
type ReminderStatus int

// The statuses of a reminder. Only an open one has buttons.
const (
	ReminderOpen      ReminderStatus = iota
	ReminderDone                     // By marked it done At, with Link when one was given
	ReminderSnoozed                  // By postponed it At, Until that day
	ReminderMoved                    // the entry was moved to NewStart–NewEnd; new reminders will come
	ReminderRemoved                  // the entry was removed from the clock
	ReminderCancelled                // the entry was cancelled
	ReminderOver                     // the occurrence is past
)

// Reminder is the card that tells those who must act that an entry is coming. Its actions carry the verbs
// [VerbEntryDone] (input "link" when it is given), [VerbEntrySnooze] (input "days") and [VerbEntryContent], with the
// reminder and the entry's version.
type Reminder struct {
	ID         int64
	Entry      store.Entry
	Occurrence store.Occurrence
	Lead       int  // days before the occurrence
	Materials  bool // the materials must be ready by now
	Late       bool
	Snoozed    bool       // this card is a postponed one
	Today      store.Date // the day on which the card is posted or updated
	Owners     []Person   // whom the entry's owner resolves to; nobody: the owner is shown as written
	HasContent bool
	Outside    []string // the entry's audiences that no channel is bound to

	Status           ReminderStatus
	By               string
	At               time.Time  // in the organisation's time zone
	Link             string     // where the action can be seen, an https address, or ""
	Until            store.Date // when it is reminded of again
	NewStart, NewEnd store.Date // where it was moved
}

// Card builds the card.
func (r Reminder) Card(l Lang) Card { return Card{} }
