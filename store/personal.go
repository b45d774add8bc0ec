package store

import (
	"cmp"
	"database/sql"
	"fmt"
	"strings"
)

// PersonalColumn is a column of the database that holds personal data, and what the schema says of it: what, why, and how
// long it is kept. The texts are English, in lower case and without a full stop; cards.Lang.PersonalColumn says the same in
// each language.
type PersonalColumn struct {
	Table, Column      string
	What, Why, HowLong string
}

// Name returns "table.column".
func (c PersonalColumn) Name() string { return c.Table + "." + c.Column }

// Retention is for how many months what is not needed for ever is kept.
type Retention struct {
	Attendance int // who signed up, came, and acknowledged
	Text       int // what people wrote
}

// DefaultRetention is what holds where nothing is configured.
var DefaultRetention = Retention{Attendance: 12, Text: 24}

// What HowLong says of the columns that [Retention] is about.
const (
	ByAttendanceRetention = "by the retention of attendance"
	ByTextRetention       = "by the retention of text"
)

// personalMark begins a comment on a column that holds personal data: "personal: what; why; how long". One of two parts
// leaves out what, which then is the column's name.
const personalMark = "personal:"

// PersonalData returns every column that holds personal data, as the database itself tells it, in the order of the tables
// and their columns: from the comments of its schema, and from the table personal_data, which wins.
//
// SQLite keeps a column's comment with the text of the table. Of a column that is added to a table later it keeps what
// stands before the semicolon only, and a comment must not be the last thing there:
//
//	ALTER TABLE post ADD COLUMN x TEXT -- personal: what; why; how long
//	    NOT NULL DEFAULT '';
func (tx *Tx) PersonalData() ([]PersonalColumn, error) {
	told, err := collect(tx, func(rows *sql.Rows) (c PersonalColumn, err error) {
		err = rows.Scan(&c.Table, &c.Column, &c.What, &c.Why, &c.HowLong)
		return c, err
	}, `SELECT table_name, column_name, what, why, how_long FROM personal_data`)
	if err != nil {
		return nil, err
	}
	said := map[string]PersonalColumn{}
	for _, c := range told {
		said[c.Name()] = c
	}
	type table struct{ name, sql string }
	tables, err := collect(tx, func(rows *sql.Rows) (t table, err error) {
		err = rows.Scan(&t.name, &t.sql)
		return t, err
	}, `SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL ORDER BY rowid`)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		for _, c := range columnComments(t.sql) {
			text, ok := strings.CutPrefix(strings.TrimSpace(c.comment), personalMark)
			if _, known := said[t.name+"."+c.column]; !ok || known {
				continue
			}
			parts := strings.Split(text, ";")
			for i := range parts {
				parts[i] = strings.TrimSpace(parts[i])
			}
			if len(parts) == 2 {
				parts = append([]string{strings.ReplaceAll(c.column, "_", " ")}, parts...)
			}
			if c.column == "" || len(parts) != 3 {
				return nil, fmt.Errorf("table %s: the comment %q does not say of a column what, why and how long", t.name, c.comment)
			}
			said[t.name+"."+c.column] = PersonalColumn{t.name, c.column, parts[0], parts[1], parts[2]}
		}
	}
	var out []PersonalColumn
	for _, t := range tables {
		names, err := collect(tx, scanString, `SELECT name FROM pragma_table_info($1) ORDER BY cid`, t.name)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if c, ok := said[t.name+"."+name]; ok {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

type columnComment struct{ column, comment string }

// columnComments returns the comments of a CREATE TABLE statement with the column that each is about: the last one that
// began before it.
func columnComments(create string) []columnComment {
	var out []columnComment
	var column string
	depth, begins := 0, false // begins: the next word is a column's name
	for i := 0; i < len(create); {
		rest := create[i:]
		switch c := rest[0]; {
		case strings.HasPrefix(rest, "--"):
			text, _, _ := strings.Cut(rest[2:], "\n")
			out = append(out, columnComment{column, text})
			i += 2 + len(text)
		case strings.HasPrefix(rest, "/*"):
			text, _, _ := strings.Cut(rest[2:], "*/")
			out = append(out, columnComment{column, text})
			i += 4 + len(text)
		case c == '\'' || c == '"' || c == '`' || c == '[':
			end := 1 + strings.IndexByte(rest[1:], cmp.Or(map[byte]byte{'[': ']'}[c], c))
			if end == 0 {
				return out
			}
			if begins {
				column, begins = rest[1:end], false
			}
			i += end + 1
		case c == '(':
			depth++
			begins = depth == 1
			i++
		case c == ')':
			depth--
			i++
		case c == ',':
			begins = depth == 1
			i++
		case isNameByte(c):
			n := 1
			for n < len(rest) && isNameByte(rest[n]) {
				n++
			}
			if begins {
				column, begins = rest[:n], false
			}
			i += n
		default:
			i++
		}
	}
	return out
}

func isNameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
