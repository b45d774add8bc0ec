package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"vuosikello/cards"
)

// sound are settings that a bot can run with.
var sound = map[string]string{
	"AZURE_TENANT_ID": "11111111-1111-4111-8111-111111111111", "AZURE_CLIENT_ID": "22222222-2222-4222-8222-222222222222", "VUOSIKELLO_PUBLIC_URL": "https://vuosikello.example.fi",
	"VUOSIKELLO_DATABASE": "vuosikello.db",
}

// settingNames are the names of all settings of the struct, in order.
func settingNames(of reflect.Type) (names []string) {
	for field := range of.Fields() {
		if name := field.Tag.Get("env"); name != "" {
			names = append(names, name)
		} else if field.Anonymous {
			names = append(names, settingNames(field.Type)...)
		}
	}
	return names
}

// Whatever two of the settings hold, the program starts with what it understands of all of them, or says in one line which one is wrong.
func FuzzSettings(f *testing.F) {
	names := settingNames(reflect.TypeFor[serveCmd]())
	place := func(name string) uint8 {
		for i, n := range names {
			if n == name {
				return uint8(i)
			}
		}
		f.Fatalf("there is no setting %s", name)
		return 0
	}
	for _, s := range [][4]string{
		{"VUOSIKELLO_LOCAL", "1", "VUOSIKELLO_LISTEN", "0.0.0.0:3978"}, {"VUOSIKELLO_LOCAL", "1", "VUOSIKELLO_ADMIN_LISTEN", "localhost:0"}, {"VUOSIKELLO_LOCAL", "yes", "VUOSIKELLO_LISTEN", ""},
		{"VUOSIKELLO_TIMEZONE", "Local", "VUOSIKELLO_POST_TIME", "8.30"}, {"VUOSIKELLO_TIMEZONE", "../../etc/passwd", "VUOSIKELLO_POST_TIME", "24:00"}, {"VUOSIKELLO_LANGUAGE", "sv-FI", "VUOSIKELLO_LOG_LEVEL", "debug+2"},
		{"VUOSIKELLO_REHEARSAL", "2026-03-02T08:29:50+02:00@3600", "VUOSIKELLO_SECRET_EXPIRES", "2027-05-31"}, {"VUOSIKELLO_REHEARSAL", "2026-03-02@NaN", "VUOSIKELLO_SECRET_EXPIRES", "31.5.2027"},
		{"VUOSIKELLO_ADMINS", "33333333-3333-4333-8333-333333333333; 33333333-3333-4333-8333-33333333333A", "VUOSIKELLO_SENDS_IN_FLIGHT", "0"}, {"VUOSIKELLO_RETENTION_TEXT", "1e3", "VUOSIKELLO_RETENTION_ATTENDANCE", "-1"},
		{"VUOSIKELLO_PUBLIC_URL", "https://u:p@vuosikello.example.fi/x?y#z", "VUOSIKELLO_WEBSITE_URL", "javascript:alert(1)"}, {"VUOSIKELLO_PUBLIC_URL", "https://:443", "VUOSIKELLO_PRIVACY_URL", "https://"},
		{"VUOSIKELLO_OPENID_METADATA_URL", "http://login.example/keys", "VUOSIKELLO_GRAPH_URL", "off"}, {"VUOSIKELLO_BACKUP_DIR", "/nowhere", "VUOSIKELLO_BACKUP_KEEP", "0"}, {"AZURE_CLIENT_ID", "a", "AZURE_TENANT_ID", "common"},
		{"VUOSIKELLO_DATABASE", "postgres://a", "VUOSIKELLO_ORGANISATION", "a\nb"},
	} {
		f.Add(place(s[0]), s[1], place(s[2]), s[3])
	}
	f.Fuzz(func(t *testing.T, one uint8, value string, other uint8, second string) {
		first, next := names[int(one)%len(names)], names[int(other)%len(names)]
		if strings.Contains(value+second, "\x00") {
			t.Skip() // no environment holds it
		}
		for name, v := range sound {
			t.Setenv(name, v)
		}
		t.Setenv(first, value)
		t.Setenv(next, second)
		var c struct {
			Serve serveCmd `cmd:""`
		}
		parser, err := kong.New(&c, kong.Exit(func(int) { t.Error("the program ended") }))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse([]string{"serve"}); err != nil {
			return // it names the setting, and the program says so: a number is not one
		}
		serve := &c.Serve
		s, err := serve.checked(&environment{ctx: context.Background(), stdout: &bytes.Buffer{}, stderr: &bytes.Buffer{}})
		if err == nil && !s.local {
			_, err = serve.verifier(&service{log: s.log}, http.DefaultClient)
		}
		if err != nil {
			var said bytes.Buffer
			if status := fail(&said, err); status != 2 || strings.Count(said.String(), "\n") != 1 || !strings.Contains(said.String(), first) && !strings.Contains(said.String(), next) {
				t.Errorf("%s=%q %s=%q: status %d, %q", first, value, next, second, status, said.String())
			}
			return
		}
		if _, known := cards.ParseLang(string(s.language)); !known || s.calendar.Location == nil || s.calendar.PostTime < 0 || s.calendar.PostTime > 1439 || s.clock.Speed() < 1 || s.clock.Speed() > 1e6 {
			t.Errorf("the plan %+v", s.plan)
		}
		if s.retention.Attendance < 1 || s.retention.Text < 1 {
			t.Errorf("%+v", s.retention)
		}
		for _, id := range s.admins {
			if !isGUID(id) || id != strings.ToLower(id) {
				t.Errorf("admin %q", id)
			}
		}
		for _, address := range []string{serve.Listen, serve.AdminListen} {
			if host, _, err := net.SplitHostPort(address); s.local && (err != nil || host != "localhost" && !net.ParseIP(host).IsLoopback()) {
				t.Errorf("without a check of tokens at %q", address)
			}
		}
		if _, err := serve.publicHost(); err != nil && serve.PublicURL != "" {
			t.Error(err)
		}
		if !s.ends.IsZero() && (s.ends.Year() < 1900 || s.ends.Year() > 2199) {
			t.Errorf("the secret ends %v", s.ends)
		}
	})
}
