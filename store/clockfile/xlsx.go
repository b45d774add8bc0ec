package clockfile

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"vuosikello/store"
)

// An XLSX is read here, and not with excelize: whether a number is a date, and whether it shows its day, is in the
// cell's style, which excelize's streaming rows do not give, and its whole-sheet model takes ten times the memory.
// What is read is ISO/IEC 29500-1: the workbook (18.2), shared strings (18.4), number formats (18.8.30, 18.8.31) and
// sheet data (18.3.1), by local names, so that the strict form is read too.

// workbook is an open XLSX.
type workbook struct {
	name    string // the file's, for errors
	parts   map[string]*zip.File
	left    int64 // bytes that may still be unzipped
	epoch   store.Date
	strings []string
	dates   []dateFormat // by style
	cells   int          // so far
	rows    int          // so far
}

// errUnzip is what reading past the limit gives, whatever size the archive claims.
var errUnzip = errors.New("unzips to more than the limit")

// errToken is what no spreadsheet writes.
var errToken = errors.New("an element is larger or nested deeper than the limit")

func readXLSX(name string, data []byte) ([]sheet, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, damaged(name, err)
	}
	w := &workbook{name: name, parts: map[string]*zip.File{}, left: maxUnzip}
	for _, f := range archive.File {
		w.parts[partName(f.Name)] = f
	}
	if f := w.parts["mimetype"]; f != nil {
		return nil, fileError(name, "import.file.ods")
	}
	if w.parts["xl/workbook.bin"] != nil {
		return nil, fileError(name, "import.file.xls")
	}
	sheets, err := w.read()
	switch {
	case err == nil:
		return sheets, nil
	case errors.Is(err, errUnzip):
		return nil, fileError(name, "import.file.unzip", "max", maxUnzip>>20)
	case store.IsKind(err, store.KindInvalid):
		return nil, err
	}
	return nil, damaged(name, err)
}

func damaged(name string, cause error) error {
	e := fileError(name, "import.file.damaged")
	e.Err = cause
	return e
}

// partName is how parts are looked up: without case and a leading slash.
func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, `\`, "/"), "/"))
}

func (w *workbook) read() ([]sheet, error) {
	main, err := w.mainPart()
	if err != nil {
		return nil, err
	}
	book, err := w.workbookPart(main)
	if err != nil {
		return nil, err
	}
	targets, err := w.relationships(main)
	if err != nil {
		return nil, err
	}
	for _, t := range targets {
		switch path.Base(t.kind) {
		case "sharedStrings":
			err = w.sharedStrings(t.target)
		case "styles":
			err = w.styles(t.target)
		}
		if err != nil {
			return nil, err
		}
	}
	var sheets []sheet
	for _, s := range book {
		t, ok := targets[s.rel]
		if !ok || path.Base(t.kind) != "worksheet" {
			continue // a chart or a dialogue
		}
		sh := sheet{name: s.name, hidden: s.hidden}
		if !s.hidden {
			if sh.lines, err = w.worksheet(t.target); err != nil {
				return nil, err
			}
		}
		sheets = append(sheets, sh)
	}
	return sheets, nil
}

// each calls f for the start tags of a part; f reads the element with d if it wants to. A part that is not there is
// empty.
func (w *workbook) each(part string, f func(d *partReader, e xml.StartElement) error) error {
	file := w.parts[partName(part)]
	if file == nil {
		return nil
	}
	in, err := file.Open()
	if err != nil {
		return err
	}
	defer in.Close() // read only
	d := &partReader{in: in, left: &w.left}
	d.xml = xml.NewDecoder(d)
	for {
		t, err := d.token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := f(d, e); err != nil {
				return err
			}
		}
	}
}

// partReader reads the XML of a part within limits: on what is unzipped from all parts together, on the size of one
// tag or text, and on how deep elements are nested. The XML decoder itself would keep all of it in memory.
type partReader struct {
	xml   *xml.Decoder
	in    io.Reader
	left  *int64
	size  int // bytes read since the last token
	depth int
}

const (
	maxToken = 1 << 20 // a cell holds 32,767 characters at most
	maxDepth = 64
)

// Read is for the decoder.
func (r *partReader) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	*r.left -= int64(n)
	r.size += n
	switch {
	case *r.left < 0:
		return 0, errUnzip
	case r.size > maxToken:
		return 0, errToken
	}
	return n, err
}

func (r *partReader) token() (xml.Token, error) {
	r.size = 0
	t, err := r.xml.Token()
	switch t.(type) {
	case xml.StartElement:
		if r.depth++; r.depth > maxDepth {
			return nil, errToken
		}
	case xml.EndElement:
		r.depth--
	}
	return t, err
}

func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

func truth(s string) bool { return s == "1" || s == "true" }

// mainPart finds the workbook by the package's relationships.
func (w *workbook) mainPart() (string, error) {
	main := ""
	err := w.each("_rels/.rels", func(_ *partReader, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && path.Base(attr(e, "Type")) == "officeDocument" {
			main = partName(attr(e, "Target"))
		}
		return nil
	})
	if err == nil && (main == "" || w.parts[main] == nil) {
		err = fileError(w.name, "import.file.not_table")
	}
	return main, err
}

type sheetRef struct {
	name, rel string
	hidden    bool
}

func (w *workbook) workbookPart(main string) ([]sheetRef, error) {
	w.epoch = store.NewDate(1899, 12, 30)
	var refs []sheetRef
	err := w.each(main, func(_ *partReader, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			if truth(attr(e, "date1904")) {
				w.epoch = store.NewDate(1904, 1, 1)
			}
		case "sheet":
			refs = append(refs, sheetRef{name: clean(norm.NFC.String(attr(e, "name"))), rel: attr(e, "id"), hidden: attr(e, "state") != "" && attr(e, "state") != "visible"})
		case "workbook", "sheets":
		}
		return nil
	})
	if err == nil && len(refs) == 0 {
		err = fileError(w.name, "import.file.not_table") // a Word document, say
	}
	return refs, err
}

type target struct{ kind, target string }

func (w *workbook) relationships(main string) (map[string]target, error) {
	out := map[string]target{}
	rels := path.Join(path.Dir(main), "_rels", path.Base(main)+".rels")
	err := w.each(rels, func(_ *partReader, e xml.StartElement) error {
		if e.Name.Local == "Relationship" {
			t := attr(e, "Target")
			if !strings.HasPrefix(t, "/") {
				t = path.Join(path.Dir(main), t)
			}
			out[attr(e, "Id")] = target{attr(e, "Type"), t}
		}
		return nil
	})
	return out, err
}

// sharedStrings reads the table that text cells point to. Rich text runs are joined; phonetic hints are left out.
func (w *workbook) sharedStrings(part string) error {
	return w.each(part, func(d *partReader, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		s, err := richText(d, "si")
		if err != nil {
			return err
		}
		w.strings = append(w.strings, tidy(s))
		if len(w.strings) > maxCells {
			return fileError(w.name, "import.file.too_many_rows", "max", MaxRows)
		}
		return nil
	})
}

// tidy makes a text from an XML part what the same text from a CSV would be.
func tidy(s string) string { return clean(norm.NFC.String(unescape(s))) }

// richText reads to the end of the element and returns the text of its t elements.
func richText(d *partReader, end string) (string, error) {
	var text strings.Builder
	within, phonetic := false, 0
	for {
		t, err := d.token()
		if err != nil {
			return "", unexpected(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				within = true
			case "rPh":
				phonetic++
			}
		case xml.EndElement:
			switch t.Name.Local {
			case end:
				return text.String(), nil
			case "t":
				within = false
			case "rPh":
				phonetic--
			}
		case xml.CharData:
			if within && phonetic == 0 {
				if text.Len() > maxToken {
					return "", errToken
				}
				text.Write(t)
			}
		}
	}
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// unescape undoes the _x000D_ form in which XLSX keeps characters that XML cannot.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && i+6 < len(s) && s[i+1] == 'x' && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 16); err == nil {
				b.WriteRune(rune(n))
				i += 6
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
