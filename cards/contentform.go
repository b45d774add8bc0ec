package cards

import "time"

// Limits on a content form's texts, in characters. Two bodies of this length, with all the rest, stay under [MaxBytes].
const (
	MaxContentTitle = 300
	MaxContentBody  = 6000
	MaxContentLink  = 1000
)

// ContentForm is the form of a publication's content. Its inputs have the ids title, body, titleSv, bodySv, audience,
// publishDate, publishTime, entry, link, image, imageAlt, checkCopyright, checkPrivacy, checkLanguage and
// checkAccessibility; it is sent with [VerbContentSave] and the draft's id and version.
type ContentForm struct {
	Content   string            // id of the draft, "" for a new one
	Version   int               // of the draft
	Values    map[string]string // by input, as typed, also when wrong
	Errors    map[string]string // by input, sentences; "" for what concerns the form as a whole
	Audiences []string          // that are known
	Entries   []Choice          // the entries it can belong to: title and id
	SavedAt   time.Time         // the draft was saved just now; zero when it was not; in the organisation's time zone
}

// Card builds the card.
func (f ContentForm) Card(l Lang) Card { return Card{} }
