// Package fonts holds the typeface that pictures are drawn with: Noto Sans, under the SIL Open Font License 1.1 (OFL.txt).
// The files have the characters of Latin, Greek and Cyrillic.
package fonts

import _ "embed" // the files

// The TrueType files.
var (
	//go:embed NotoSans-Regular.ttf
	Regular []byte
	//go:embed NotoSans-Bold.ttf
	Bold []byte
)
