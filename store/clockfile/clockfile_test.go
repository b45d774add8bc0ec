package clockfile_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"vuosikello/store"
	"vuosikello/store/clockfile"
)

func MustRead(tb testing.TB, name string, data []byte, opt clockfile.Options) *clockfile.File {
	tb.Helper()
	f, err := clockfile.Read(name, data, opt)
	if err != nil {
		tb.Fatalf("Read: %v", err)
	}
	return f
}

func TestSample(t *testing.T) {
	data, err := os.ReadFile("testdata/vuosikello-2026.csv")
	if err != nil {
		t.Fatal(err)
	}
	f := MustRead(t, "vuosikello-2026.csv", data, clockfile.Options{})
	if len(f.Problems) > 0 || len(f.Rows) != 15 || f.Kind != clockfile.YearClock {
		t.Fatalf("rows %d, problems %v", len(f.Rows), f.Problems)
	}
	for _, r := range f.Rows {
		if os.Getenv("SHOW") != "" {
			fmt.Printf("%d %+v\n", r.Line, r.Entry)
		}
	}
	_ = store.Date(0)
	_ = strings.ToLower
}
