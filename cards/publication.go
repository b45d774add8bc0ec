package cards

import (
	"time"

	"vuosikello/store"
)

// Publication is a published text as its channels show it. The caller passes the languages that the channel gets:
// Finnish, Swedish or both. Its action carries [VerbAck] with the content and its version.
type Publication struct {
	Content         string
	Version         int
	Title, Body     string    // Finnish, "" when the channel does not get it
	TitleSv, BodySv string    // Swedish, likewise
	Link            string    // a web address, or ""
	Image, ImageAlt string    // an https address and what the picture shows, or ""
	Acks            int       // how many people acknowledged it
	At              time.Time // when it was published; this and the other times are in the organisation's time zone
	Late            bool      // it was published after its time
	Corrected       time.Time // when it was last corrected, zero for never
	Withdrawn       time.Time // when it was taken back, zero for never; the card then has nothing of the text
	By              string    // who took it back, "" to leave it out
	Today           store.Date
}

// Card builds the card.
func (p Publication) Card(l Lang) Card {
	return Card{Summary: l.T("common.product"), Body: header(l.T("common.product"), p.Title)}
}
