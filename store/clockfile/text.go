package clockfile

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// decode returns a text file as UTF-8 in composed form: UTF-8 and UTF-16 with or without a byte order mark, else
// Windows-1252, which is what Excel writes as plain "CSV" in Finland. macOS writes ä as a and a mark; composing makes
// it the same letter.
func decode(name string, data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xEF\xBB\xBF")):
		data = data[3:]
	case bytes.HasPrefix(data, []byte("\xFF\xFE")), bytes.HasPrefix(data, []byte("\xFE\xFF")):
		return decodeUTF16(name, data, unicode.LittleEndian)
	default:
		if order, ok := looksUTF16(data); ok {
			return decodeUTF16(name, data, order)
		}
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return "", fileError(name, "import.file.not_table")
	}
	if !utf8.Valid(data) {
		if line, mixed := mixedUTF8(data); mixed {
			return "", fileError(name, "import.file.encoding", "line", strconv.Itoa(line))
		}
		out, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return "", fileError(name, "import.file.not_table")
		}
		data = out
	}
	text := string(norm.NFC.Bytes(data))
	// UTF-8 once read as Windows-1252 and saved again: the letters are lost to whoever reads the cards.
	for _, broken := range []string{"Ã¤", "Ã¶", "Ã¥", "\uFFFD"} {
		if i := strings.Index(text, broken); i >= 0 {
			return "", fileError(name, "import.file.encoding", "line", strconv.Itoa(1+strings.Count(text[:i], "\n")))
		}
	}
	return text, nil
}

func decodeUTF16(name string, data []byte, order unicode.Endianness) (string, error) {
	out, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data)
	if err != nil || bytes.IndexByte(out, 0) >= 0 {
		return "", fileError(name, "import.file.not_table")
	}
	return string(norm.NFC.Bytes(out)), nil
}

// looksUTF16 reports whether nearly every other byte is zero, as in UTF-16 text of European languages.
func looksUTF16(data []byte) (unicode.Endianness, bool) {
	head := data[:min(len(data), 2000)&^1]
	if len(head) < 4 {
		return unicode.LittleEndian, false
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i&1]++
		}
	}
	half := len(head) / 2
	switch {
	case zeros[1] > half*4/5 && zeros[0] == 0:
		return unicode.LittleEndian, true
	case zeros[0] > half*4/5 && zeros[1] == 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// mixedUTF8 reports whether invalid UTF-8 is UTF-8 all the same, damaged in places (a file cut off, or pasted together
// from two), and the line of the first damage. In Windows-1252 text, letters that by chance form valid UTF-8 are rare.
func mixedUTF8(data []byte) (line int, mixed bool) {
	valid, invalid := 0, 0
	for at := 0; at < len(data); {
		r, n := utf8.DecodeRune(data[at:])
		switch {
		case r == utf8.RuneError && n == 1:
			if invalid == 0 {
				line = 1 + bytes.Count(data[:at], []byte("\n"))
			}
			invalid++
		case n > 1:
			valid++
		}
		at += n
	}
	return line, valid > invalid
}
