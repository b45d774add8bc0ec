package manifest

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Permissions says what consent the package asks for.
type Permissions string

const (
	// PermissionsTeam asks the owner of each team for consent to that team's data (teamPermissions).
	PermissionsTeam Permissions = "team"
	// PermissionsNone asks for nothing: the bot then knows only what Teams tells any bot.
	PermissionsNone Permissions = "none"
)

// Config is what an app package is made of. Addresses are absolute https URLs.
type Config struct {
	AppID        string      // application (client) id of the app registration, a GUID; AZURE_CLIENT_ID
	PublicURL    string      // where Teams reaches the program; VUOSIKELLO_PUBLIC_URL
	Organisation string      // shown as the app's developer, at most 32 characters; empty: the product's name; VUOSIKELLO_ORGANISATION
	WebsiteURL   string      // support page; empty: PublicURL; VUOSIKELLO_WEBSITE_URL
	PrivacyURL   string      // privacy notice; empty: the program's own, below PublicURL; VUOSIKELLO_PRIVACY_URL
	TermsURL     string      // terms of use; empty: the website; VUOSIKELLO_TERMS_URL
	Version      string      // the program's version as Go's build information gives it, with or without the leading v
	Permissions  Permissions // empty: PermissionsTeam
}

// settled is a Config whose values Teams accepts.
type settled struct {
	appID, host, public, organisation, website, privacy, terms, version string
	permissions                                                         Permissions
}

func (c Config) settle() (settled, error) {
	var errs []error
	wrong := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	s := settled{appID: strings.ToLower(c.AppID), organisation: c.Organisation, permissions: c.Permissions}

	switch {
	case c.AppID == "":
		wrong(errors.New("AZURE_CLIENT_ID is missing: write the application (client) id of the app registration"))
	case !guid.MatchString(c.AppID):
		wrong(fmt.Errorf("AZURE_CLIENT_ID %q is not a GUID: write the application (client) id of the app registration, like 00000000-0000-0000-0000-000000000000", c.AppID))
	}

	public, err := httpsURL("VUOSIKELLO_PUBLIC_URL", c.PublicURL)
	wrong(err)
	if err == nil {
		s.host, s.public = strings.ToLower(public.Hostname()), strings.TrimSuffix(c.PublicURL, "/")
		if !domain.MatchString(s.host) {
			wrong(fmt.Errorf("VUOSIKELLO_PUBLIC_URL has the host %q, which Teams does not accept: write a full domain name in ASCII (xn-- for other letters), not an address in numbers or a local name", s.host))
		}
	}

	if s.organisation == "" {
		s.organisation = languages[0].name.Short
	}
	if n := utf8.RuneCountInString(s.organisation); n > maxDeveloperName {
		wrong(fmt.Errorf("VUOSIKELLO_ORGANISATION has %d characters and Teams shows at most %d: write the organisation's short name", n, maxDeveloperName))
	}

	s.website, err = orElse("VUOSIKELLO_WEBSITE_URL", c.WebsiteURL, c.PublicURL)
	wrong(err)
	s.privacy, err = orElse("VUOSIKELLO_PRIVACY_URL", c.PrivacyURL, s.public+"/tietosuoja")
	wrong(err)
	s.terms, err = orElse("VUOSIKELLO_TERMS_URL", c.TermsURL, s.website)
	wrong(err)

	s.version, err = packageVersion(c.Version)
	wrong(err)

	switch s.permissions {
	case "":
		s.permissions = PermissionsTeam
	case PermissionsTeam, PermissionsNone:
	default:
		wrong(fmt.Errorf("permissions %q are not known: write %s or %s", s.permissions, PermissionsNone, PermissionsTeam))
	}
	return s, errors.Join(errs...)
}

// orElse returns a setting's https address, or the fallback (checked already) when the setting is empty.
func orElse(setting, value, fallback string) (string, error) {
	if value == "" {
		return fallback, nil
	}
	_, err := httpsURL(setting, value)
	return value, err
}

// httpsURL parses a setting's address. Teams opens nothing but https.
func httpsURL(setting, value string) (*url.URL, error) {
	if value == "" {
		return nil, fmt.Errorf("%s is missing: write the https address, like https://vuosikello.example.fi", setting)
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || strings.ContainsAny(value, " \t\r\n"):
		return nil, fmt.Errorf("%s %q is not an address: write one like https://vuosikello.example.fi", setting, value)
	case u.Scheme != "https":
		return nil, fmt.Errorf("%s must be https, not %s: write https://%s", setting, u.Scheme, u.Host+u.Path)
	case u.User != nil:
		// Not repeated in the message: it may hold a password.
		return nil, fmt.Errorf("%s holds a user name: write the address without it", setting)
	case len(value) > maxURL:
		return nil, fmt.Errorf("%s has %d characters: write an address of at most %d", setting, len(value), maxURL)
	}
	return u, nil
}

var (
	guid     = regexp.MustCompile(`^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
	domain   = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$`)
	release  = regexp.MustCompile(`^v?(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?:[-+].*)?$`)
	untagged = regexp.MustCompile(`^v0\.0\.0-([0-9]{8})([0-9]{6})-[0-9a-f]{12}(?:\+.*)?$`)
)

// packageVersion turns the program's version into one of three plain numbers, which is all a manifest may have. Teams
// takes an update only when they rise, so builds between releases must not all have the same:
//
//	v1.4.0                               1.4.0
//	v1.5.0-rc.1                          1.5.0
//	v0.0.0-20260302082950-0123456789ab   0.20260302.82950   (a commit without a release: its time, UTC)
//	(devel) or empty                     0.0.1              (built without version control)
func packageVersion(v string) (string, error) {
	if v == "" || v == "(devel)" {
		return "0.0.1", nil
	}
	if m := untagged.FindStringSubmatch(v); m != nil {
		clock, err := strconv.Atoi(m[2]) // drops the leading zeros that a version may not have
		if err != nil {
			return "", fmt.Errorf("version %q: %w", v, err)
		}
		return fmt.Sprintf("0.%s.%d", m[1], clock), nil
	}
	m := release.FindStringSubmatch(v)
	if m == nil {
		return "", fmt.Errorf("version %q is not a version: build from a tag like v1.4.0", v)
	}
	return strings.Join(m[1:4], "."), nil
}
