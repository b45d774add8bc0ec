package cards

import (
	"vuosikello/store"
)

// Other is the choice "something else, I type it" of the form's lists of audiences and repetitions. When a submitted
// value is Other, or a list that holds it, answer with the same form: it then has a text input in that place.
const Other = "+"

// EntryForm is the form of an entry, empty or filled. Its inputs have the ids clock, title, start, end, repeat,
// campaign, audience, channels, owner, reminders, materials, approval and goal; it is sent with [VerbEntrySave] and, when
// it edits an entry, that entry's id and version.
type EntryForm struct {
	Entry     string            // id of the entry that is edited, "" for a new one
	Version   int               // of that entry
	Values    map[string]string // by input, as typed, also when wrong; see NewEntryValues and EntryValues
	Errors    map[string]string // by input, sentences; "" for what concerns the form as a whole
	Audiences []string          // that are known
	Clocks    []string          // names of the clocks that are known
}

// NewEntryValues returns the values of an empty form: the next working day, reminders 7 and 1 days before, approval.
// audience is the channel's own, or "".
func NewEntryValues(today store.Date, clock, audience string) map[string]string { return nil }

// EntryValues returns the values of a form that edits e.
func EntryValues(e *store.Entry) map[string]string { return nil }

// EntrySaved confirms that an entry was stored, and shows it.
type EntrySaved struct {
	Entry       store.Entry
	New         bool
	Unchanged   bool               // what was sent is what the clock holds already
	Occurrences []store.Occurrence // those ahead, the nearest first
	Reminders   []store.Date       // days on which reminders go out, the nearest first
	Warnings    []string           // sentences
	Today       store.Date
	CanEdit     bool
}

// EntryRemoved confirms that an entry was removed from the clock.
type EntryRemoved struct {
	Title string
	By    string
}

// Card builds the card.
func (f EntryForm) Card(l Lang) Card { return Card{} }

// Card builds the card.
func (s EntrySaved) Card(l Lang) Card { return Card{} }

// Card builds the card.
func (r EntryRemoved) Card(l Lang) Card { return Card{} }
