package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"vuosikello/bot"
	"vuosikello/cards"
	"vuosikello/store"
)

// Each setting is a flag and an environment variable; the flag wins. The groups below are shared by the subcommands that
// need them.

// databaseSettings name the database.
type databaseSettings struct {
	Database string `env:"VUOSIKELLO_DATABASE" default:"vuosikello.db" placeholder:"FILE" help:"SQLite database file."`
}

func (s databaseSettings) check() error {
	if s.Database == "" || strings.Contains(s.Database, "://") {
		return usagef("VUOSIKELLO_DATABASE is %q: name a file, such as vuosikello.db", s.Database)
	}
	return nil
}

func (s databaseSettings) open(env *environment) (*store.DB, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	return store.Open(env.ctx, s.Database)
}

// openExisting is open for what would say something untrue of a database that is not there: that nothing is known of a
// person, or that nothing is wrong.
func (s databaseSettings) openExisting(env *environment) (*store.DB, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(s.Database); err != nil {
		return nil, fmt.Errorf("VUOSIKELLO_DATABASE: %w; name the database that the bot uses", err)
	}
	return store.Open(env.ctx, s.Database)
}

// planSettings say by which clock and in which language the plan is kept.
type planSettings struct {
	Timezone  string `env:"VUOSIKELLO_TIMEZONE" default:"Europe/Helsinki" placeholder:"ZONE" help:"Time zone of the plan."`
	PostTime  string `env:"VUOSIKELLO_POST_TIME" default:"08:30" placeholder:"HH:MM" help:"When daily reminders go out."`
	Language  string `env:"VUOSIKELLO_LANGUAGE" default:"fi" placeholder:"fi|sv|en" help:"Language of channels that set none, and of reports."`
	Rehearsal string `env:"VUOSIKELLO_REHEARSAL" placeholder:"INSTANT" help:"Rehearse: start the plan's clock at this RFC 3339 instant, with @3600 that many times as fast."`
}

// plan is what planSettings mean.
type plan struct {
	calendar store.Calendar
	language cards.Lang
	clock    *bot.Clock
}

func (s planSettings) parse() (p plan, err error) {
	if p.calendar.Location, err = time.LoadLocation(s.Timezone); err != nil || s.Timezone == "" || s.Timezone == "Local" {
		return p, usagef("VUOSIKELLO_TIMEZONE is %q: write a time zone such as Europe/Helsinki", s.Timezone)
	}
	if p.calendar.PostTime, err = store.ParseTimeOfDay(s.PostTime); err != nil {
		return p, usagef("VUOSIKELLO_POST_TIME: %w", err)
	}
	var ok bool
	if p.language, ok = cards.ParseLang(s.Language); !ok {
		return p, usagef("VUOSIKELLO_LANGUAGE is %q: write fi, sv or en", s.Language)
	}
	p.clock = bot.RealClock()
	if s.Rehearsal != "" {
		if p.clock, err = bot.ParseRehearsal(s.Rehearsal); err != nil {
			return p, usagef("VUOSIKELLO_REHEARSAL: %w", err)
		}
	}
	return p, nil
}

func (p plan) now() time.Time { return p.clock.Now().In(p.calendar.Location) }

// retentionSettings say for how long personal data is kept that is not needed for ever.
type retentionSettings struct {
	RetentionAttendance int `env:"VUOSIKELLO_RETENTION_ATTENDANCE" default:"12" placeholder:"MONTHS" help:"How long it is kept who signed up, came and acknowledged."`
	RetentionText       int `env:"VUOSIKELLO_RETENTION_TEXT" default:"24" placeholder:"MONTHS" help:"How long it is kept what people wrote."`
}

// maxRetention is a century: more is a mistake.
const maxRetention = 1200

func (s retentionSettings) retention() (store.Retention, error) {
	for _, v := range []struct {
		name   string
		months int
	}{{"VUOSIKELLO_RETENTION_ATTENDANCE", s.RetentionAttendance}, {"VUOSIKELLO_RETENTION_TEXT", s.RetentionText}} {
		if v.months < 1 || v.months > maxRetention {
			return store.Retention{}, usagef("%s is %d: write a number of months from 1 to %d", v.name, v.months, maxRetention)
		}
	}
	return store.Retention{Attendance: s.RetentionAttendance, Text: s.RetentionText}, nil
}

// organisationSettings say who keeps the service, for the app package and the pages.
type organisationSettings struct {
	Organisation string `env:"VUOSIKELLO_ORGANISATION" placeholder:"NAME" help:"The organisation: the app's developer, and who the statutory pages name."`
	WebsiteURL   string `name:"website-url" env:"VUOSIKELLO_WEBSITE_URL" placeholder:"URL" help:"Its website, where people can give feedback."`
	PrivacyURL   string `name:"privacy-url" env:"VUOSIKELLO_PRIVACY_URL" placeholder:"URL" help:"Its own privacy notice, which the program's adds to."`
}

// addresses checks that the pages can link to what is set.
func (s organisationSettings) addresses() error {
	for _, v := range []struct{ name, value string }{{"VUOSIKELLO_WEBSITE_URL", s.WebsiteURL}, {"VUOSIKELLO_PRIVACY_URL", s.PrivacyURL}} {
		if u, err := url.Parse(v.value); v.value != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
			return usagef("%s is %q: write an address such as https://www.example.fi/", v.name, v.value)
		}
	}
	return nil
}

// logSettings say how much is logged, and where it goes.
type logSettings struct {
	LogLevel string `env:"VUOSIKELLO_LOG_LEVEL" default:"info" placeholder:"LEVEL" help:"debug, info, warn or error."`
}

func (s logSettings) logger(w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return nil, usagef("VUOSIKELLO_LOG_LEVEL is %q: write debug, info, warn or error", s.LogLevel)
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level})), nil
}

// identitySettings say which bot this is. The names are azidentity's own.
type identitySettings struct {
	TenantID string `name:"tenant-id" env:"AZURE_TENANT_ID" placeholder:"GUID" help:"The organisation's tenant."`
	ClientID string `name:"client-id" env:"AZURE_CLIENT_ID" placeholder:"GUID" help:"The bot's app id. Its secret, certificate or managed identity comes from azidentity's environment variables."`
}

// listenSettings say where the bot is reached.
type listenSettings struct {
	Listen      string `env:"VUOSIKELLO_LISTEN" default:"127.0.0.1:3978" placeholder:"ADDRESS" help:"Public address: /api/messages."`
	AdminListen string `env:"VUOSIKELLO_ADMIN_LISTEN" default:"127.0.0.1:9978" placeholder:"ADDRESS" help:"Operator's address: /healthz, /readyz, /metrics."`
	Local       string `env:"VUOSIKELLO_LOCAL" placeholder:"1" help:"1: check no tokens; every address must be this machine's own."`
}

// local reports whether tokens are left unchecked, which only a loopback address may have.
func (s listenSettings) local() (bool, error) {
	switch s.Local {
	case "", "0", "false":
		return false, nil
	case "1", "true":
	default:
		return false, usagef("VUOSIKELLO_LOCAL is %q: write 1, or leave it out", s.Local)
	}
	for _, a := range []struct{ name, address string }{{"VUOSIKELLO_LISTEN", s.Listen}, {"VUOSIKELLO_ADMIN_LISTEN", s.AdminListen}} {
		host, _, err := net.SplitHostPort(a.address)
		if err != nil {
			return false, usagef("%s is %q: write an address such as 127.0.0.1:3978", a.name, a.address)
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return false, usagef("VUOSIKELLO_LOCAL=1 checks no tokens, so %s must be a loopback address such as 127.0.0.1:3978, not %q", a.name, a.address)
		}
	}
	return true, nil
}

// guids reads a list of AAD object ids.
func guids(s string) ([]string, error) {
	var out []string
	for id := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		id = strings.ToLower(id)
		if !isGUID(id) {
			return nil, fmt.Errorf("%q is not an AAD object id such as 00000000-0000-0000-0000-000000000000", id)
		}
		out = append(out, id)
	}
	return out, nil
}

func isGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, r := range s {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if r != '-' {
				return false
			}
		} else if !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return false
		}
	}
	return true
}
