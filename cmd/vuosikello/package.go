package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"vuosikello/manifest"
)

// packageCmd writes the Teams app package, or checks one.
type packageCmd struct {
	identitySettings
	organisationSettings
	Output      string `short:"o" placeholder:"FILE.zip" required:"" help:"The package to write, or to check."`
	Permissions string `enum:"none,team" default:"team" help:"none, or team: ask a team's owner for consent to that team's data."`
	Check       bool   `help:"Check the package instead of writing it."`
	PublicURL   string `name:"public-url" env:"VUOSIKELLO_PUBLIC_URL" placeholder:"URL" help:"The https address that Teams users reach."`
	TermsURL    string `name:"terms-url" env:"VUOSIKELLO_TERMS_URL" placeholder:"URL" help:"Its terms of use."`
}

func (c *packageCmd) Run(env *environment) error {
	if c.Check {
		return c.check(env)
	}
	var zip bytes.Buffer
	if err := manifest.Build(&zip, manifest.Config{
		AppID: c.ClientID, PublicURL: c.PublicURL, Organisation: c.Organisation, WebsiteURL: c.WebsiteURL, PrivacyURL: c.PrivacyURL, TermsURL: c.TermsURL,
		Version: version, Permissions: manifest.Permissions(c.Permissions),
	}); err != nil {
		return usageError{err}
	}
	if err := os.WriteFile(c.Output, zip.Bytes(), 0o644); err != nil {
		return fmt.Errorf("%w; choose another place with -o", err)
	}
	_, err := fmt.Fprintf(env.stdout, "%s: app package, version %s; upload it in the Teams admin center\n", c.Output, version)
	return err
}

func (c *packageCmd) check(env *environment) error {
	f, err := os.Open(c.Output)
	if err != nil {
		return fmt.Errorf("%w; write the package first: vuosikello package -o %s", err, c.Output)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	problems := manifest.Check(f, info.Size())
	for _, p := range problems {
		fmt.Fprintln(env.stdout, p)
	}
	if len(problems) > 0 {
		return errors.New("the package is not fit for Teams; mend the settings and write it again")
	}
	_, err = fmt.Fprintln(env.stdout, c.Output+": fit for Teams")
	return err
}
