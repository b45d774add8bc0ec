// Package clockfile reads year clocks from the files that people keep them in, CSV and XLSX, and writes the program's
// CSV exports. Reading, planning and writing are pure functions over bytes and values: no network, no time of day, and no
// database. Only [Existing] and [Apply], which carry a plan out, touch the store's transaction.
//
// # What is read
//
// A file has one or more sheets (a CSV has one). In each the header row is looked for among the first rows: it is the
// one with the most known column names, and it has at least a title and a time. What stands above it is a title, which
// may name the year. Column names are known in Finnish, Swedish and English, whatever their case, spaces and
// punctuation; see header.go. An unknown column is kept in the entry's notes.
//
// A merged cell counts for every row that it covers, in its first column; a cell merged over several columns with
// nothing else on its row is a heading and is passed over, as are rows that hold only a month, a week or a state, a header
// that is repeated further down, and empty rows. Hidden rows and columns are read, because a filter hides them without
// anyone meaning to take them from the plan; hidden sheets are not, because they hold lists and last year's plans.
//
// # Measures and workshop topics
//
// A file whose header has a measure, a period and a value or a goal is one of measures (mittari, laji, jakso, arvo, yksikkö,
// tavoite, lähde), and one with a type, a segment and a title is one of workshop topics. What is said above of headers,
// merged cells and hidden sheets holds for them too; a file holds one kind of thing, and a year clock goes before the
// others. Periods and numbers are read as [store.ParsePeriod] and [store.ParseAmount] say, a date in a cell is a day (or its
// month, where the cell shows no day), and an empty kind, unit or source is the measure's own.
//
// # What is not guessed
//
// A cell that can be read in two ways, or in none, is a [Problem] with its place and with what to write instead. That
// includes "kevät", "jatkuva", "Q1", 6/2026 outside a month or week column, 8/1/2026, a day that does not exist, a
// weekday that is not the date's, a range over the turn of the year without years, and a bare number where a date
// belongs. A row with a problem is no [Row]; all problems of a file are reported at once. A time of day after a date is
// understood, and kept in the notes, since entries have none.
//
// # Size
//
// A file of 10,000 rows takes about 0.15 s as CSV and 0.4 s as XLSX on one core (go test -bench . ./store/clockfile).
package clockfile

import (
	"bytes"
	"path/filepath"
	"strings"

	"vuosikello/store"
)

// Limits on files. A year clock has some hundred rows; the limits keep a hostile or mistaken file from taking the
// server's memory.
const (
	MaxFile    = 20 << 20  // bytes
	MaxRows    = 50_000    // rows with content, in all sheets
	MaxColumns = 200       // the last column with content
	maxCells   = 2_000_000 // cells up to the last one with content on each row, in all sheets
	maxUnzip   = 64 << 20  // bytes of the parts of an XLSX that are read
	maxListed  = 5_000     // problems; the rest are counted in one
	maxNotes   = 2 * store.MaxText
)

// Options say what the file's user said about it.
type Options struct {
	Year  int    // the clock's year, 0 when not given; it goes before any year that the file names
	Clock string // the clock's name, "" when not given; it goes before the file's clock column
}

// Kind tells what a file holds.
type Kind int

// The kinds of file, recognised by their header.
const (
	YearClock Kind = iota + 1
	Measures       // mittari, jakso, arvo …: see File.Measures
	Workshops      // tyyppi, segmentti, otsikko: see File.Topics
)

// File is what was read.
type File struct {
	Name     string
	Kind     Kind
	Rows     []Row         // in the file's order; none with a problem
	Bad      []Row         // rows with a problem, as far as they were understood, so that [Plan] does not take their entries for missing
	Problems []Problem     // in the file's order
	Notes    []Problem     // what was passed over and nobody needs to correct: sheets without a header, remarks
	Clocks   []store.Clock // the clocks that Rows belong to, each once
	Topics   []store.Topic // of Workshops, each once
	Measures []MeasureRow  // of Measures, each measure and period once
}

// Row is one entry of the file.
type Row struct {
	Entry store.Entry // normalised; ID is empty unless HasID
	HasID bool
	Has   Fields // what the file says about the entry; the rest of Entry is defaults
	Sheet string // "" in a CSV
	Line  int    // as the spreadsheet numbers its rows, from 1
}

// Problem is something in the file that a person must correct, or (in File.Notes) may want to know. Key names a sentence
// in the text catalogue and Args fill it; numbers that are not amounts (rows, years)
// are strings in it.
type Problem struct {
	File   string
	Sheet  string // "" in a CSV
	Row    int    // as the spreadsheet numbers its rows, from 1; 0: the sheet as a whole
	Column string // letter and header, such as "D (alkaa)"; "" when about the row
	Cell   string // such as "D12"; "" when about the row
	Key    string
	Args   map[string]any
}

// Fields is a set of an entry's fields.
type Fields uint32

// The fields, named as the columns of the export.
const (
	FieldClock Fields = 1 << iota
	FieldYear
	FieldTitle
	FieldStart
	FieldEnd
	FieldRepeat
	FieldCampaign
	FieldAudience
	FieldChannels
	FieldOwner
	FieldReminders
	FieldMaterials
	FieldApproval
	FieldGoal
	FieldState
	FieldNotes
)

// Has reports whether all fields of g are in f.
func (f Fields) Has(g Fields) bool { return f&g == g }

// Read reads a file. name is the file's own name: it may give the year, and it stands in problems. The error is a
// *store.Error of kind Invalid about the file as a whole: it is no CSV or XLSX, too large, encrypted, has no header row,
// or there is no year anywhere.
func Read(name string, data []byte, opt Options) (*File, error) {
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	if len(data) > MaxFile {
		return nil, fileError(name, "import.file.too_large", "max", MaxFile>>20)
	}
	var sheets []sheet
	var best *header
	var err error
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		sheets, err = readXLSX(name, data)
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")): // the old binary container
		if bytes.Contains(data, utf16le("EncryptedPackage")) {
			return nil, fileError(name, "import.file.encrypted")
		}
		return nil, fileError(name, "import.file.xls")
	default:
		var sh sheet
		sh, best, err = readCSV(name, data)
		sheets = []sheet{sh}
	}
	if err != nil {
		return nil, err
	}
	r := &reader{file: &File{Name: name}, opt: opt, seen: map[string]place{}, clocks: map[store.Clock]bool{}}
	if err := r.read(sheets, best); err != nil {
		return nil, err
	}
	return r.file, nil
}

// Empty reports whether the file has a header and nothing to read under it.
func (f *File) Empty() bool {
	return len(f.Rows)+len(f.Bad)+len(f.Problems)+len(f.Topics)+len(f.Measures) == 0
}

func fileError(name, key string, args ...any) *store.Error {
	return store.Invalid("file", key, append([]any{"file", name}, args...)...)
}

// utf16le returns an ASCII text as UTF-16.
func utf16le(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}
