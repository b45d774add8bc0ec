package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is the program's version. It rises with every release; Teams installs an app package only over an older one.
const version = "0.1.0"

// versionCmd prints the version.
type versionCmd struct{}

func (versionCmd) Run(env *environment) error {
	_, err := fmt.Fprintf(env.stdout, "vuosikello %s commit %s %s\n", version, commit(), runtime.Version())
	return err
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
