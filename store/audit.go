package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// AuditRecord is one line of the audit log: who did what to what, when.
//
// The log is a chain. With SHA-256 over UTF-8 text, written as lower-case hexadecimal, and "\n" between the parts:
//
//	actor_digest  = SHA-256(salt \n actor_id \n actor)
//	detail_digest = SHA-256(salt \n detail)
//	hash          = SHA-256(hash of the record before, or 64 zeros \n seq \n at as Unix milliseconds \n
//	                        action \n subject \n actor_digest \n detail_digest)
//
// Anybody can recompute it from `export audit`, whose columns have these names (at is written with the local offset
// there, to the millisecond; the CSV's leading ' before a formula is not part of a value, so use --json). The hash covers
// digests of the personal fields and never the fields: erasing a person empties actor, actor_id, detail and salt of
// their records, after which the digests say nothing about the person and the chain still verifies. A record with an
// empty salt is an erased one; its digests cannot be recomputed and are taken as they stand.
type AuditRecord struct {
	Seq          int64     // 1, 2, 3 … without gaps
	At           time.Time // to the millisecond
	Actor        string    // display name; "vuosikello" for the program itself
	ActorID      string    // AAD object id, "" for the program itself
	Action       string    // such as entry.done
	Subject      string    // such as "entry:abc"; never personal data
	Detail       string
	Salt         string
	ActorDigest  string
	DetailDigest string
	Hash         string
}

// Actor is who does something.
type Actor struct {
	ID   string // AAD object id, "" for the program itself
	Name string
}

// System is the program acting by itself.
var System = Actor{Name: "vuosikello"}

// Erased reports whether the personal fields of the record have been erased.
func (r *AuditRecord) Erased() bool { return r.Salt == "" }

const noHash = "0000000000000000000000000000000000000000000000000000000000000000"

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:])
}

func (r *AuditRecord) chain(previous string) string {
	return digest(previous, strconv.FormatInt(r.Seq, 10), strconv.FormatInt(r.At.UnixMilli(), 10), r.Action, r.Subject, r.ActorDigest, r.DetailDigest)
}

func (r *AuditRecord) seal(previous string) {
	r.ActorDigest = digest(r.Salt, r.ActorID, r.Actor)
	r.DetailDigest = digest(r.Salt, r.Detail)
	r.Hash = r.chain(previous)
}

// check verifies the record against the one before it.
func (r *AuditRecord) check(previousSeq int64, previousHash string) error {
	switch {
	case r.Seq != previousSeq+1:
		return fmt.Errorf("audit record %d is missing", previousSeq+1)
	case !r.Erased() && r.ActorDigest != digest(r.Salt, r.ActorID, r.Actor):
		return fmt.Errorf("audit record %d: the actor has been changed", r.Seq)
	case !r.Erased() && r.DetailDigest != digest(r.Salt, r.Detail):
		return fmt.Errorf("audit record %d: the detail has been changed", r.Seq)
	case r.Erased() && (r.Actor != "" || r.ActorID != "" || r.Detail != ""):
		return fmt.Errorf("audit record %d: it is marked erased but holds data", r.Seq)
	case r.Hash != r.chain(previousHash):
		return fmt.Errorf("audit record %d: the record, or one before it, has been changed", r.Seq)
	}
	return nil
}
