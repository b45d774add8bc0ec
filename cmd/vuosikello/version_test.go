package main_test

import (
	"debug/buildinfo"
	"os"
	"strings"
	"testing"
)

// Every module that is linked in is listed with its licence, and the list has no others.
func TestDependencies(t *testing.T) {
	t.Parallel()
	info, err := buildinfo.ReadFile(program(t))
	if err != nil {
		t.Fatal(err)
	}
	out := MustRun(t, nil, "version", "--deps")
	linked := map[string]bool{}
	for _, d := range info.Deps {
		linked[d.Path] = true
		if !strings.Contains(out, d.Path+" ") || !strings.Contains(out, " "+d.Version+" ") {
			t.Errorf("%s %s is not listed", d.Path, d.Version)
		}
	}
	if strings.Contains(out, "unknown\n") {
		t.Errorf("a licence is missing in licences.txt:\n%s", out)
	}
	list, err := os.ReadFile("licences.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(list)) {
		if module, _, _ := strings.Cut(line, " "); module != "#" && !linked[module] {
			t.Errorf("%s is in licences.txt and not in the program", module)
		}
	}
	if len(linked) < 20 {
		t.Errorf("only %d modules", len(linked))
	}
}
