package store

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ErasedPerson stands for the AAD object id of a person who was erased: alone, or followed by ":" and something that
// keeps two rows apart. See IsErased.
const ErasedPerson = "erased"

// ErasedName is the name that Person and PersonName give to somebody who was erased. It is for cards and exports to say in
// their language.
const ErasedName = "[erased]"

// IsErased reports whether the id is that of a person who was erased.
func IsErased(personID string) bool {
	return personID == ErasedPerson || strings.HasPrefix(personID, ErasedPerson+":")
}

// Traces is where a person is found in the database, and by what they are known.
type Traces struct {
	ID            string // AAD object id
	Name          string // the name last known, "" for none
	Names         []string
	Emails        []string
	TeamsID       string
	Conversations []string
	Namesake      bool     // somebody else has one of the names: texts that have it may mean them
	Rows          Tally    // by table, where their id stands
	Admin         bool     // has the admin role by the database
	LastAdmin     bool     // and nobody else has it without an end
	Hosts         int      // planned sessions that they host
	needles       []string // what names them in a text, in lower case
	pattern       *regexp.Regexp
	texts         []textRef
	audits        []int64 // records of others that name them
	auditEnd      int64   // the last record that was looked at
}

// textRef is a free text that names the person.
type textRef struct {
	column int // of freeTexts
	key    []any
}

// Erasure is what was erased.
type Erasure struct {
	Traces
	Removed   Tally // rows that are gone; of acknowledgements and attendance the numbers stay
	Anonymous Tally // rows that stay without the person
}

// collectNames gathers what names the person in texts.
func (t *Traces) collectNames() {
	for _, list := range []*[]string{&t.Names, &t.Emails, &t.Conversations} {
		slices.Sort(*list)
		*list = slices.DeleteFunc(slices.Compact(*list), func(s string) bool { return s == "" })
	}
	t.needles = []string{strings.ToLower(t.ID)}
	for _, s := range append(slices.Concat(t.Emails, t.Conversations), t.TeamsID) {
		if utf8.RuneCountInString(s) > 3 {
			t.needles = append(t.needles, strings.ToLower(s))
		}
	}
	for _, name := range t.Names {
		// A single word may be anybody's name, or no name at all; and a name that others have may mean them.
		if strings.Contains(strings.TrimSpace(name), " ") && !t.Namesake {
			t.needles = append(t.needles, strings.ToLower(name))
		}
	}
	// The longest first: one may hold another.
	slices.SortFunc(t.needles, func(a, b string) int { return len(b) - len(a) })
	quoted := make([]string, len(t.needles))
	for i, n := range t.needles {
		quoted[i] = regexp.QuoteMeta(n)
	}
	t.pattern = regexp.MustCompile("(?i)" + strings.Join(quoted, "|"))
}

// names reports whether the text names the person.
func (t *Traces) names(text string) bool {
	lower := strings.ToLower(text)
	if !slices.ContainsFunc(t.needles, func(n string) bool { return strings.Contains(lower, n) }) {
		return false
	}
	_, found := t.redact(text, "")
	return found
}

// redact replaces what names the person in the text by the mark. Names count only as whole words.
func (t *Traces) redact(text, mark string) (string, bool) {
	var b strings.Builder
	kept := 0
	for _, m := range t.pattern.FindAllStringIndex(text, -1) {
		before, _ := utf8.DecodeLastRuneInString(text[:m[0]])
		after, _ := utf8.DecodeRuneInString(text[m[1]:])
		if isWordRune(before) || isWordRune(after) {
			continue
		}
		b.WriteString(text[kept:m[0]] + mark)
		kept = m[1]
	}
	if kept == 0 {
		return text, false
	}
	return b.String() + text[kept:], true
}

// redactJSON is redact for the texts of a JSON value.
func (t *Traces) redactJSON(text, mark string) (string, bool) {
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return t.redact(text, mark)
	}
	found := false
	var walk func(any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case string:
			s, ok := t.redact(v, mark)
			found = found || ok
			return s
		case map[string]any:
			for k, e := range v {
				v[k] = walk(e)
			}
		case []any:
			for i, e := range v {
				v[i] = walk(e)
			}
		}
		return v
	}
	v = walk(v)
	out, err := json.Marshal(v)
	if err != nil || !found {
		return text, found
	}
	return string(out), true
}

// Erase removes a person from the database: what only tells of them is gone; decisions and other records of the
// organisation stay without them; their acknowledgements and attendance stay as numbers; texts that name them get the mark
// instead; and the records of the audit log about them are emptied, after which its chain still verifies. Cards that show
// their name are updated. Titles, and the texts that were sent for approval, are the organisation's own and stay: their
// hash is what was decided on. Sessions that they were to host stay without a host and a link.
//
// traces are those of FindTraces, from shortly before. actor is who has it done; of a person who erases themself nothing is
// recorded but that it was done. It changes nothing and returns an empty Erasure when nothing is known of the person any
// more.
func (tx *Tx) Erase(traces *Traces, mark string, actor Actor, now time.Time) (*Erasure, error) {
	if actor.ID == traces.ID {
		actor = System
	}
	e := &eraser{Tx: tx, mark: mark, now: now, Erasure: &Erasure{Traces: *traces, Removed: Tally{}, Anonymous: Tally{}}}
	for _, step := range []func() error{e.audit, e.cards, e.texts, e.attendance, e.feedback, e.sessions, e.posts, e.reach, e.rows} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("erase a person: %w", err)
		}
	}
	if e.Removed.Total()+e.Anonymous.Total() == 0 {
		return e.Erasure, nil
	}
	return e.Erasure, tx.Audit(now, actor, "person.erase", "person", "removed "+e.Removed.String()+"; made anonymous "+e.Anonymous.String())
}
