// Command vuosikello is a Microsoft Teams bot that keeps the communications year clock of an organisation and makes it
// happen: see the README.
//
// Each subcommand has a file of its own, with its flags as a struct; settings.go has the flags and environment variables
// that several share. Exit status: 0 done, 1 failed, 2 wrong usage. Errors are one line on stderr that says what to do.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // the machine may have no time zones

	"github.com/alecthomas/kong"

	"vuosikello/cards"
	"vuosikello/store"
	"vuosikello/store/export"
)

// cli is the command line.
type cli struct {
	Serve     serveCmd     `cmd:"" help:"Run the bot until it is told to stop."`
	Demo      demoCmd      `cmd:"" help:"Show everything on this machine, without an account."`
	Import    importCmd    `cmd:"" help:"Read year clocks from CSV and XLSX files."`
	Preview   previewCmd   `cmd:"" help:"Show what the bot would post and when."`
	Picture   pictureCmd   `cmd:"" help:"Draw a year as a wheel, as SVG or PNG."`
	Rollover  rolloverCmd  `cmd:"" help:"Propose a year's clock from the year before."`
	Export    exportCmd    `cmd:"" help:"Write records as CSV or JSON."`
	Audit     auditCmd     `cmd:"" help:"Verify the audit log."`
	Package   packageCmd   `cmd:"" help:"Write or check the Teams app package."`
	Backup    backupCmd    `cmd:"" help:"Copy the database, also while the bot is serving."`
	Restore   restoreCmd   `cmd:"" help:"Make a backup the database, after verifying it."`
	Erase     eraseCmd     `cmd:"" help:"Remove a person's data, also while the bot is serving."`
	Retention retentionCmd `cmd:"" help:"Age personal data out, also while the bot is serving."`
	Doctor    doctorCmd    `cmd:"" help:"Check the configuration and say what is missing, and who can mend it."`
	Version   versionCmd   `cmd:"" help:"Print the version."`
	Help      helpCmd      `cmd:"" help:"List the subcommands, or explain one."`
}

// environment is what a subcommand works in.
type environment struct {
	ctx    context.Context
	stdout io.Writer
	stderr io.Writer
	getenv func(string) string
}

// usageError is a mistake in how the program was called or configured.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run carries out one command line and returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	exited := -1
	parser, err := kong.New(&c, kong.Name("vuosikello"), kong.Description("A Microsoft Teams bot that makes the communications year clock happen."),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { exited = code }), kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Vars{"exports": strings.Join(append(export.Kinds(), exportPerson), ",")})
	if err != nil {
		return fail(stderr, err)
	}
	if len(args) == 0 {
		args = []string{"help"}
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited // --help was printed
	}
	if err != nil {
		var p *kong.ParseError
		hint := "vuosikello help"
		if errors.As(err, &p) && p.Context != nil && p.Context.Selected() != nil {
			hint = "vuosikello " + p.Context.Selected().Name + " --help"
		}
		return fail(stderr, usagef("%w; see '%s'", err, hint))
	}
	err = parsed.Run(&environment{ctx: ctx, stdout: stdout, stderr: stderr, getenv: os.Getenv}, parser)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		return fail(stderr, err)
	}
	return 0
}

// fail prints an error in one line and returns the exit status.
func fail(stderr io.Writer, err error) int {
	text := err.Error()
	var known *store.Error
	if errors.As(err, &known) {
		text = cards.English.Error(known)
		if known.Err != nil {
			text += " (" + known.Err.Error() + ")"
		}
	}
	fmt.Fprintln(stderr, "vuosikello:", strings.Join(strings.Fields(strings.ReplaceAll(strings.TrimSpace(text), "\n", "; ")), " "))
	var usage usageError
	if errors.As(err, &usage) {
		return 2
	}
	return 1
}

// helpCmd prints the same as --help.
type helpCmd struct {
	Command []string `arg:"" optional:"" help:"The subcommand to explain."`
}

func (h *helpCmd) Run(_ *environment, parser *kong.Kong) error {
	if _, err := parser.Parse(append(h.Command, "--help")); err != nil {
		return usagef("%w; see 'vuosikello help'", err)
	}
	return nil
}
