package manifest_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"vuosikello/manifest"
)

var complete = manifest.Config{
	AppID:        "6F0A2C1E-9B1D-4C6E-8F53-2B7A1D0E4C55",
	PublicURL:    "https://vuosikello.paijatsote.example",
	Organisation: "Päijät-Hämeen hyvinvointialue",
	WebsiteURL:   "https://www.paijatsote.example/viestinta",
	PrivacyURL:   "https://www.paijatsote.example/tietosuoja",
	TermsURL:     "https://www.paijatsote.example/ehdot",
	Version:      "v1.4.0",
	Permissions:  manifest.PermissionsTeam,
}

func build(t *testing.T, c manifest.Config) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := manifest.Build(&buf, c); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func unzip(t *testing.T, pkg []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(pkg), int64(len(pkg)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// schema compiles one of Microsoft's schemas, changed where Go cannot read it.
func schema(t *testing.T, name string, replace ...string) *jsonschema.Schema {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.NewReplacer(replace...).Replace(string(raw))))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t *testing.T, s *jsonschema.Schema, name string, content []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

func TestPackageFollowsMicrosoftsSchemas(t *testing.T) {
	app := schema(t, "MicrosoftTeams.schema.json")
	// The localisation schema forbids the text "null" by a lookahead, which Go's regular expressions do not have; what
	// remains of the pattern still demands a text that is not blank.
	localisation := schema(t, "MicrosoftTeams.Localization.schema.json", `(?![nN][uU][lL]{2}$)`, "")

	least := manifest.Config{AppID: complete.AppID, PublicURL: complete.PublicURL}
	none := complete
	none.Permissions = manifest.PermissionsNone
	for name, c := range map[string]manifest.Config{"team": complete, "none": none, "least settings": least} {
		t.Run(name, func(t *testing.T) {
			pkg := build(t, c)
			files := unzip(t, pkg)
			validate(t, app, "manifest.json", files["manifest.json"])
			for _, l := range []string{"fi.json", "sv.json", "en.json"} {
				validate(t, localisation, l, files[l])
			}
			if errs := manifest.Check(bytes.NewReader(pkg), int64(len(pkg))); errs != nil {
				t.Errorf("Check: %v", errors.Join(errs...))
			}
		})
	}
}

// read gives the value at a path of the manifest, or nil.
func read(t *testing.T, files map[string][]byte, path ...any) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(files["manifest.json"], &v); err != nil {
		t.Fatal(err)
	}
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			l, _ := v.([]any)
			v = l[step]
		}
	}
	return v
}

func TestConsent(t *testing.T) {
	files := unzip(t, build(t, complete))
	var names []string
	perms, _ := read(t, files, "authorization", "permissions", "resourceSpecific").([]any)
	for _, p := range perms {
		p, _ := p.(map[string]any)
		names = append(names, p["name"].(string))
	}
	if want := []string{"ChannelMessage.Read.Group", "ChannelMember.Read.Group"}; !slices.Equal(names, want) {
		t.Errorf("permissions = %v, want %v", names, want)
	}
	id := "6f0a2c1e-9b1d-4c6e-8f53-2b7a1d0e4c55"
	if got, want := read(t, files, "webApplicationInfo", "resource"), "api://vuosikello.paijatsote.example/"+id; got != want {
		t.Errorf("resource = %v, want %v", got, want)
	}

	// Without consent nothing is asked for: an administrator reviews that. The tab signs people in all the same, which the
	// application's own registration allows.
	none := complete
	none.Permissions = manifest.PermissionsNone
	files = unzip(t, build(t, none))
	if got := read(t, files, "authorization"); got != nil {
		t.Errorf("authorization = %v, want it absent", got)
	}
	if got := read(t, files, "webApplicationInfo", "id"); got != id {
		t.Errorf("webApplicationInfo.id = %v", got)
	}
}

func TestTab(t *testing.T) {
	c := complete
	c.PublicURL = "https://apps.example.fi/vuosikello/"
	files := unzip(t, build(t, c))
	if got := read(t, files, "staticTabs", 0, "entityId"); got != "conversations" {
		t.Errorf("Teams opens %v first, not the chat", got)
	}
	for key, want := range map[string]any{"contentUrl": "https://apps.example.fi/vuosikello/tab?locale={locale}&theme={theme}", "websiteUrl": "https://apps.example.fi/vuosikello/tab", "name": "Vuosi"} {
		if got := read(t, files, "staticTabs", 1, key); got != want {
			t.Errorf("%s = %v, want %v", key, got, want)
		}
	}
	for file, name := range map[string]string{"fi.json": "Vuosi", "sv.json": "Året", "en.json": "Year"} {
		if !strings.Contains(string(files[file]), `"staticTabs[1].name": "`+name+`"`) || !strings.Contains(string(files[file]), "https://apps.example.fi/vuosikello/saavutettavuus?lang="+file[:2]) {
			t.Errorf("%s: %s", file, files[file])
		}
	}
}

func TestAddressesFallBack(t *testing.T) {
	c := complete
	c.PrivacyURL, c.TermsURL = "", ""
	files := unzip(t, build(t, c))
	if got := read(t, files, "developer", "termsOfUseUrl"); got != c.WebsiteURL {
		t.Errorf("termsOfUseUrl = %v, want the website", got)
	}
	if got := read(t, files, "developer", "privacyUrl"); got != c.PublicURL+"/tietosuoja" {
		t.Errorf("privacyUrl = %v, want the program's own notice", got)
	}
	c.WebsiteURL, c.Organisation = "", ""
	files = unzip(t, build(t, c))
	if got := read(t, files, "developer", "websiteUrl"); got != c.PublicURL {
		t.Errorf("websiteUrl = %v, want the public address", got)
	}
	if got := read(t, files, "developer", "name"); got != "Vuosikello" {
		t.Errorf("developer = %v, want the product's name", got)
	}
}

func TestCommandsSpeakThreeLanguages(t *testing.T) {
	files := unzip(t, build(t, complete))
	want := map[string]string{"fi.json": "lisää", "sv.json": "lägg till", "en.json": "add"}
	for name, title := range want {
		var texts map[string]string
		if err := json.Unmarshal(files[name], &texts); err != nil {
			t.Fatal(err)
		}
		if got := texts["bots[0].commandLists[0].commands[3].title"]; got != title {
			t.Errorf("%s: fourth command = %q, want %q", name, got, title)
		}
	}
	// Binding channels and giving roles need a channel, so a personal chat does not offer them; and Teams shows twelve.
	for list, n := range map[int]int{0: 12, 1: 12} {
		got, _ := read(t, files, "bots", 0, "commandLists", list, "commands").([]any)
		if len(got) != n {
			t.Errorf("list %d has %d commands, want %d", list, len(got), n)
		}
	}
}

func TestVersionRises(t *testing.T) {
	for version, want := range map[string]string{
		"v1.4.0":        "1.4.0",
		"1.4.0":         "1.4.0",
		"v1.5.0-rc.1":   "1.5.0",
		"v1.5.0+dirty":  "1.5.0",
		"(devel)":       "0.0.1",
		"":              "0.0.1",
		"v0.0.0-2026":   "0.0.0", // not a pseudo-version: an ordinary pre-release
		"v10.20.30":     "10.20.30",
		"v2.0.0-alpha+": "2.0.0",
		// A commit at half past midnight: a number may not begin with zeros.
		"v0.0.0-20260302003059-0123456789ab":       "0.20260302.3059",
		"v0.0.0-20261231235959-0123456789ab+dirty": "0.20261231.235959",
	} {
		c := complete
		c.Version = version
		if got := read(t, unzip(t, build(t, c)), "version"); got != want {
			t.Errorf("version %q = %v, want %s", version, got, want)
		}
	}
}

func TestSameSettingsSameBytes(t *testing.T) {
	if !bytes.Equal(build(t, complete), build(t, complete)) {
		t.Error("two builds differ")
	}
}

func TestBadSettingsAreNamed(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*manifest.Config)
		want   []string // parts of the message
	}{
		"no app id":          {func(c *manifest.Config) { c.AppID = "" }, []string{"AZURE_CLIENT_ID is missing", "app registration"}},
		"app id not a guid":  {func(c *manifest.Config) { c.AppID = "vuosikello" }, []string{`AZURE_CLIENT_ID "vuosikello"`, "00000000-"}},
		"app id in braces":   {func(c *manifest.Config) { c.AppID = "{" + c.AppID + "}" }, []string{"AZURE_CLIENT_ID"}},
		"no public url":      {func(c *manifest.Config) { c.PublicURL = "" }, []string{"VUOSIKELLO_PUBLIC_URL is missing"}},
		"plain http":         {func(c *manifest.Config) { c.PublicURL = "http://a.example/x" }, []string{"VUOSIKELLO_PUBLIC_URL must be https", "https://a.example/x"}},
		"no scheme":          {func(c *manifest.Config) { c.PublicURL = "vuosikello.example" }, []string{"VUOSIKELLO_PUBLIC_URL", "not an address"}},
		"local name":         {func(c *manifest.Config) { c.PublicURL = "https://localhost" }, []string{"VUOSIKELLO_PUBLIC_URL", `"localhost"`}},
		"numeric address":    {func(c *manifest.Config) { c.PublicURL = "https://192.0.2.7" }, []string{"VUOSIKELLO_PUBLIC_URL", "full domain name"}},
		"letters beyond a–z": {func(c *manifest.Config) { c.PublicURL = "https://päijät.example" }, []string{"VUOSIKELLO_PUBLIC_URL", "xn--"}},
		"website over http":  {func(c *manifest.Config) { c.WebsiteURL = "http://a.example" }, []string{"VUOSIKELLO_WEBSITE_URL must be https"}},
		"privacy is a word":  {func(c *manifest.Config) { c.PrivacyURL = "tietosuoja" }, []string{"VUOSIKELLO_PRIVACY_URL"}},
		"terms with a space": {func(c *manifest.Config) { c.TermsURL = "https://a.example/ehdot ja muut" }, []string{"VUOSIKELLO_TERMS_URL"}},
		"long organisation":  {func(c *manifest.Config) { c.Organisation = "Pohjois-Pohjanmaan hyvinvointialue" }, []string{"VUOSIKELLO_ORGANISATION has 34", "32", "short name"}},
		"not a version":      {func(c *manifest.Config) { c.Version = "uusin" }, []string{`version "uusin"`, "v1.4.0"}},
		"unknown permission": {func(c *manifest.Config) { c.Permissions = "all" }, []string{`permissions "all"`, "none", "team"}},
		"several at once":    {func(c *manifest.Config) { c.AppID, c.PublicURL = "", "" }, []string{"AZURE_CLIENT_ID", "VUOSIKELLO_PUBLIC_URL"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := complete
			tc.change(&c)
			var buf bytes.Buffer
			err := manifest.Build(&buf, c)
			if err == nil {
				t.Fatal("built")
			}
			for _, part := range tc.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
			if buf.Len() > 0 {
				t.Errorf("%d bytes were written all the same", buf.Len())
			}
		})
	}

	c := complete
	c.WebsiteURL = "https://maija:salasana@a.example/"
	if err := manifest.Build(io.Discard, c); err == nil || strings.Contains(err.Error(), "salasana") {
		t.Errorf("error %q, want one that keeps the password to itself", err)
	}
}

func TestCheckFindsWhatWasChanged(t *testing.T) {
	picture := func(w, h int, c color.Color) []byte {
		img := image.NewNRGBA(image.Rect(0, 0, w, h))
		img.Set(0, 0, c)
		var buf bytes.Buffer
		if err := png.Encode(&buf, img); err != nil {
			t.Fatal(err)
		}
		return buf.Bytes()
	}
	replace := func(name, old, with string) func(map[string][]byte) {
		return func(files map[string][]byte) {
			if !bytes.Contains(files[name], []byte(old)) {
				t.Fatalf("%s does not contain %q", name, old)
			}
			files[name] = bytes.ReplaceAll(files[name], []byte(old), []byte(with))
		}
	}
	for name, tc := range map[string]struct {
		change func(map[string][]byte)
		want   string
	}{
		"manifest gone":     {func(f map[string][]byte) { delete(f, "manifest.json") }, "manifest.json is not at the root"},
		"not json":          {func(f map[string][]byte) { f["manifest.json"] = []byte("{") }, "manifest.json: "},
		"other schema":      {replace("manifest.json", `"manifestVersion": "1.29"`, `"manifestVersion": "1.5"`), `manifestVersion is "1.5"`},
		"id":                {replace("manifest.json", `"id": "6f0a2c1e`, `"id": "xx`), "id \"xx"},
		"version":           {replace("manifest.json", `"1.4.0"`, `"1.4"`), `version "1.4"`},
		"domain wildcard":   {replace("manifest.json", `"vuosikello.paijatsote.example"`, `"*.example"`), `"*.example"`},
		"http privacy page": {replace("manifest.json", "https://www.paijatsote.example/tietosuoja", "http://a.example"), "developer.privacyUrl must be https"},
		"empty name":        {replace("manifest.json", `"short": "Vuosikello"`, `"short": " "`), "name.short is missing"},
		"long name":         {replace("sv.json", `"name.short": "Vuosikello"`, `"name.short": "`+strings.Repeat("å", 31)+`"`), "sv.json: name.short has 31"},
		"long command":      {replace("manifest.json", `"title": "tulossa"`, `"title": "`+strings.Repeat("t", 33)+`"`), "commands[2].title has 33"},
		"channel features":  {replace("manifest.json", `"tier1"`, `"tier2"`), "supportsChannelFeatures"},
		"consent for whom":  {replace("manifest.json", `"webApplicationInfo"`, `"other"`), "webApplicationInfo is missing"},
		"sign-in elsewhere": {replace("manifest.json", `"api://vuosikello.paijatsote.example/`, `"api://other.example/`), "webApplicationInfo.resource is"},
		"tab elsewhere":     {replace("manifest.json", `"contentUrl": "https://vuosikello.paijatsote.example`, `"contentUrl": "https://other.example`), "staticTabs[1].contentUrl is at other.example"},
		"no tab of ours":    {replace("manifest.json", `"entityId": "vuosikello"`, `"entityId": "other"`), "staticTabs lacks vuosikello"},
		"tab without name":  {replace("sv.json", `"staticTabs[1].name"`, `"staticTabs[0].name"`), "sv.json: staticTabs[1].name is missing"},
		"delegated":         {replace("manifest.json", `"type": "Application"`, `"type": "Delegated"`), "ChannelMessage.Read.Group"},
		"language gone":     {func(f map[string][]byte) { delete(f, "sv.json") }, "sv.json is not at the root"},
		"untranslated":      {replace("en.json", `commands[6].title`, `commands[7].title`), "en.json: bots[0].commandLists[0].commands[6].title is missing"},
		"stray text":        {replace("en.json", `commands[6].title`, `commands[77].title`), "commands[77].title is not a text of the manifest"},
		"icon size":         {func(f map[string][]byte) { f["color.png"] = picture(96, 96, color.Black) }, "color.png is 96 × 96"},
		"outline in colour": {func(f map[string][]byte) { f["outline.png"] = picture(32, 32, color.Black) }, "only white and transparent"},
		"outline not png":   {func(f map[string][]byte) { f["outline.png"] = []byte("GIF89a") }, "outline.png: "},
		"enormous file":     {func(f map[string][]byte) { f["fi.json"] = bytes.Repeat([]byte(" "), 2<<20) }, "fi.json is larger"},
	} {
		t.Run(name, func(t *testing.T) {
			files := unzip(t, build(t, complete))
			tc.change(files)
			var buf bytes.Buffer
			z := zip.NewWriter(&buf)
			for name, content := range files {
				w, err := z.Create(name)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := w.Write(content); err != nil {
					t.Fatal(err)
				}
			}
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
			err := errors.Join(manifest.Check(bytes.NewReader(buf.Bytes()), int64(buf.Len()))...)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("Check = %v, want %q", err, tc.want)
			}
		})
	}
	if errs := manifest.Check(strings.NewReader("text"), 4); len(errs) != 1 {
		t.Errorf("Check of a text file = %v, want one error", errs)
	}
}

func FuzzCheck(f *testing.F) {
	var buf bytes.Buffer
	if err := manifest.Build(&buf, complete); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18))) // an empty zip
	f.Fuzz(func(t *testing.T, pkg []byte) {
		// Whatever is uploaded, the answer is a list of what is wrong, each in a line that can be printed.
		errs := manifest.Check(bytes.NewReader(pkg), int64(len(pkg)))
		for _, err := range errs {
			if text := err.Error(); text == "" || utf8.RuneCountInString(text) > 301 || strings.ContainsFunc(text, unicode.IsControl) {
				t.Errorf("%q", text)
			}
		}
		if len(errs) > 101 {
			t.Errorf("%d errors", len(errs))
		}
	})
}
