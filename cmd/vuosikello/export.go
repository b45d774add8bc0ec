package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
	"vuosikello/store/clockfile"
)

// exportTime is how exports write an instant: ISO 8601 with the local offset, to the millisecond, so that the audit
// chain can be recomputed from what is exported.
const exportTime = "2006-01-02T15:04:05.000-07:00"

// exportCmd writes records for spreadsheets and other programs.
type exportCmd struct {
	databaseSettings
	planSettings
	Kind  string `arg:"" enum:"entries,approvals,attendance,ledger,audit" help:"entries, approvals, attendance, ledger or audit."`
	JSON  bool   `name:"json" help:"Write JSON instead of CSV."`
	Comma bool   `help:"Separate CSV fields by commas whatever the language."`
}

func (c *exportCmd) Run(env *environment) error {
	p, err := c.parse()
	if err != nil {
		return err
	}
	db, err := c.open(env)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Read(env.ctx, func(tx *store.Tx) error {
		t := exportTables[c.Kind]
		rows := &exportRows{tx: tx, plan: p, each: t.rows}
		if c.JSON {
			err = writeJSON(env.stdout, t.header, rows)
		} else {
			comma := ';'
			if c.Comma || p.language == cards.English { // where the decimal sign is a point
				comma = ','
			}
			err = clockfile.WriteCSV(env.stdout, header(t.header), rows.csv(t.header), comma)
		}
		if rows.err != nil {
			return rows.err
		}
		return err
	})
}

// column is a column of an export. Text from people is guarded against being taken for a formula.
type column struct {
	name string
	text bool
}

func header(columns []column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

// exportTable is one kind of export. rows yields each row's values in the order of the header: text, bool, int64,
// time.Time or []string.
type exportTable struct {
	header []column
	rows   func(tx *store.Tx, p plan, yield func([]any) error) error
}

var exportTables = map[string]exportTable{
	"entries": {entryColumns(), func(tx *store.Tx, _ plan, yield func([]any) error) error {
		entries, err := tx.Entries(store.EntryFilter{})
		if err != nil {
			return err
		}
		columns := entryColumns()
		for _, e := range entries {
			row := make([]any, len(columns))
			for i, v := range clockfile.EntryRecord(e) {
				row[i] = v
				switch {
				case columns[i].text:
					row[i] = clockfile.Denaturalize(v) // guarded again where it is written as CSV
				case columns[i].name == "approval":
					row[i] = e.Approval
				case columns[i].name == "year":
					row[i] = int64(e.Clock.Year)
				}
			}
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	}},
	"approvals": {[]column{{"id", false}, {"title", true}, {"version", false}, {"sha256", false}, {"requested_by", true}, {"requested_by_id", false}, {"requested_at", false},
		{"publish_at", false}, {"audience", true}, {"decision", false}, {"decided_by", true}, {"decided_by_id", false}, {"decided_at", false}, {"comment", true}, {"meeting_date", false},
		{"published_at", false}, {"entry_id", false}, {"body", true}, {"title_sv", true}, {"body_sv", true}, {"link", true}, {"image", true}, {"image_alt", true}, {"checklist", false},
		{"withdrawn_at", false}, {"needed_approval", false}}, approvalRows},
	"attendance": {[]column{{"session_id", false}, {"title", true}, {"start", false}, {"person", true}, {"person_id", false}, {"signed_up_at", false}, {"cancelled_at", false},
		{"joined_at", false}, {"minutes", false}, {"source", false}, {"count", false}}, attendanceRows},
	"ledger": {[]column{{"id", false}, {"kind", false}, {"title", true}, {"channel", true}, {"conversation_id", false}, {"activity_id", false}, {"state", false},
		{"reason", true}, {"attempts", false}, {"late", false}, {"created_at", false}, {"sent_at", false}}, func(tx *store.Tx, _ plan, yield func([]any) error) error {
		return tx.Ledger(func(r *store.LedgerRow) error {
			return yield([]any{r.ID, r.Kind, r.Title, r.Channel, r.ConversationID, r.ActivityID, string(r.State), r.Reason, int64(r.Attempts), r.Late, r.CreatedAt, r.SentAt})
		})
	}},
	"audit": {[]column{{"seq", false}, {"at", false}, {"actor", true}, {"actor_id", false}, {"action", false}, {"subject", true}, {"detail", true}, {"hash", false},
		{"salt", false}, {"actor_digest", false}, {"detail_digest", false}}, func(tx *store.Tx, _ plan, yield func([]any) error) error {
		return tx.AuditRecords(func(r *store.AuditRecord) error {
			return yield([]any{r.Seq, r.At, r.Actor, r.ActorID, r.Action, r.Subject, r.Detail, r.Hash, r.Salt, r.ActorDigest, r.DetailDigest})
		})
	}},
}

// attendanceRows yields a row for each person and session, and one for each session's anonymous participants.
func attendanceRows(tx *store.Tx, _ plan, yield func([]any) error) error {
	return tx.Attendances(func(s *store.Session, p store.Participation) error {
		minutes, id := any(""), p.Who
		if p.HasMinutes {
			minutes = int64(p.Minutes)
		}
		if strings.HasPrefix(id, "mail:") {
			id = ""
		}
		count := any("")
		if p.Who == "" {
			count = int64(p.Anonymous)
		}
		return yield([]any{s.ID, s.Title, s.Start, p.Name, id, p.SignedUpAt, p.CancelledAt, p.JoinedAt, minutes, p.Source, count})
	})
}

// approvalRows yields every version that was sent for approval.
func approvalRows(tx *store.Tx, _ plan, yield func([]any) error) error {
	names := map[string]string{"": ""}
	name := func(id string) (string, error) {
		if n, ok := names[id]; ok {
			return n, nil
		}
		p, _, err := tx.Person(id)
		names[id] = p.Name
		return p.Name, err
	}
	return tx.Approvals(func(v *store.ContentVersion) error {
		requester, err := name(v.RequestedBy)
		if err != nil {
			return err
		}
		decider, err := name(v.DecidedBy)
		if err != nil {
			return err
		}
		return yield([]any{strconv.FormatInt(v.ContentID, 10), v.Title, int64(v.Version), v.SHA256, requester, v.RequestedBy, v.RequestedAt, v.PublishAt, strings.Join(v.Audiences, ", "),
			string(v.Decision), decider, v.DecidedBy, v.DecidedAt, v.Comment, v.MeetingDate.String(), v.PublishedAt, v.EntryID, v.Body, v.TitleSv, v.BodySv, v.Link, v.Image, v.ImageAlt,
			strings.Join(v.Checklist, ", "), v.WithdrawnAt, v.Approval})
	})
}

// entryColumns are those that clockfile.EntryRecord writes.
func entryColumns() []column {
	fixed := map[string]bool{"id": true, "start": true, "end": true, "repeat": true, "reminders": true, "materials": true, "approval": true, "state": true, "year": true}
	var out []column
	for _, name := range clockfile.EntryHeader() {
		out = append(out, column{name, !fixed[name]})
	}
	return out
}

// exportRows yields the rows of an export and keeps the error that ended it.
type exportRows struct {
	tx   *store.Tx
	plan plan
	each func(*store.Tx, plan, func([]any) error) error
	err  error
}

// errStop ends the rows when the reader wants no more.
type errStop struct{}

func (errStop) Error() string { return "no more rows wanted" }

func (r *exportRows) all(yield func([]any) bool) {
	err := r.each(r.tx, r.plan, func(row []any) error {
		if !yield(row) {
			return errStop{}
		}
		return nil
	})
	if err != nil && !errors.Is(err, errStop{}) {
		r.err = err
	}
}

func (r *exportRows) csv(columns []column) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		record := make([]string, len(columns))
		r.all(func(row []any) bool {
			for i, v := range row {
				s := r.text(v)
				if columns[i].text {
					s = clockfile.Neutralize(s)
				}
				record[i] = s
			}
			return yield(record)
		})
	}
}

// text writes a value as the exports do.
func (r *exportRows) text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.In(r.plan.calendar.Location).Format(exportTime)
	}
	return ""
}

// writeJSON writes a list of objects with the header's names. Nothing is guarded there.
func writeJSON(w io.Writer, columns []column, rows *exportRows) error {
	out := bufio.NewWriter(w) // keeps the first error for Flush
	out.WriteString("[")
	separator := "\n"
	var failed error
	rows.all(func(row []any) bool {
		out.WriteString(separator + "{")
		separator = ",\n"
		for i, v := range row {
			if t, ok := v.(time.Time); ok {
				v = rows.text(t)
			}
			var value []byte
			if value, failed = marshal(v); failed != nil {
				return false
			}
			if i > 0 {
				out.WriteString(", ")
			}
			out.WriteString(strconv.Quote(columns[i].name) + ": ")
			out.Write(value)
		}
		out.WriteString("}")
		return true
	})
	if failed != nil {
		return failed
	}
	out.WriteString("\n]\n")
	return out.Flush()
}

// marshal is json.Marshal without the escapes that only web pages need.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}
