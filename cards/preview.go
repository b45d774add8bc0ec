package cards

import (
	"time"

	"vuosikello/store"
)

// ContentPreview shows content exactly as it will be posted: one version for each language that some channel gets. Its
// actions carry [VerbContentEdit] and [VerbContentSubmit] with the draft's id and version.
type ContentPreview struct {
	Content   string
	Version   int
	Versions  []PreviewVersion
	Outside   []string  // audiences that no channel is bound to: nothing is posted for them
	PublishAt time.Time // not before, in the organisation's time zone; zero: as soon as approved
	Bytes     int       // of the largest post, as it is sent, of [MaxBytes]
	Approval  bool      // it is sent for approval; false: it is published
	NoEntry   bool      // no clock entry stands behind it
	Today     store.Date
}

// PreviewVersion is what some channels get.
type PreviewVersion struct {
	Lang        Lang     // of the card's own words
	Channels    []string // their names
	Publication Publication
}

// Card builds the card.
func (p ContentPreview) Card(l Lang) Card {
	return Card{Summary: l.T("common.product"), Body: header(l.T("common.product"), "")}
}
