package main

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"text/tabwriter"
)

// version is the program's version. It rises with every release; Teams installs an app package only over an older one.
const version = "0.1.0"

//go:embed licences.txt
var licenceList string

// versionCmd prints the version.
type versionCmd struct {
	Deps bool `help:"Also list what the program is built of, with licences."`
}

func (c *versionCmd) Run(env *environment) error {
	if _, err := fmt.Fprintf(env.stdout, "vuosikello %s commit %s %s\n", version, commit(), runtime.Version()); err != nil || !c.Deps {
		return err
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return errors.New("this program was built without module information; build it with 'go build ./cmd/vuosikello'")
	}
	known := licences()
	table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "Go standard library\t%s\tBSD-3-Clause\n", strings.TrimPrefix(runtime.Version(), "go"))
	for _, d := range info.Deps {
		if d.Replace != nil {
			d = d.Replace
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", d.Path, d.Version, cmp.Or(known[d.Path], "unknown"))
	}
	return table.Flush()
}

// licences returns the licence of each module.
func licences() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(licenceList) {
		if module, licence, ok := strings.Cut(strings.TrimSpace(line), " "); ok && !strings.HasPrefix(line, "#") {
			out[module] = licence
		}
	}
	return out
}

// commit returns the commit that the program was built from, as Go's build information has it.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	revision, modified := "unknown", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "+changes"
		}
	}
	return revision + modified
}
