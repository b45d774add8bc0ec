package store

import (
	"crypto/rand"
	"encoding/base32"
	"strings"
)

// NewID returns a random identifier of 16 letters and digits (80 bits): short enough for a spreadsheet column, and
// unique across databases, so that an export of one can be imported into another.
func NewID() string {
	var b [10]byte
	rand.Read(b[:]) // never fails since Go 1.24
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}
