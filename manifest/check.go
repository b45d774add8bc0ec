package manifest

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxFileSize bounds what Check unpacks of any one file; ours are a few kilobytes.
const maxFileSize = 1 << 20

// Check opens an app package and returns everything in it that Teams, or this program, would stumble on; nothing when
// it is fit for upload. It is meant for packages made by Build, also when changed by hand since: keys it does not know
// are left alone.
//
// What it relies on, besides the manifest schema: all files at the root of the zip; each localisation file complete
// (otherwise menus mix languages); permissions only together with the application they are granted to.
func Check(r io.ReaderAt, size int64) []error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return []error{fmt.Errorf("not an app package: %w", err)}
	}
	p := inspection{files: map[string]*zip.File{}}
	for _, f := range z.File {
		p.files[f.Name] = f
	}
	p.inspect()
	return p.found
}

// inspection collects what is wrong with one package.
type inspection struct {
	files map[string]*zip.File
	found []error
}

// Bounds on what is said of a package, which anybody may have made.
const (
	maxFound     = 100
	maxFoundText = 300 // characters
)

// wrong notes what is wrong, as one line that can be printed: what it quotes of the package may be anything.
func (p *inspection) wrong(format string, args ...any) {
	switch {
	case len(p.found) == maxFound:
		p.found = append(p.found, errors.New("there is more; mend these first"))
		return
	case len(p.found) > maxFound:
		return
	}
	text := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, fmt.Errorf(format, args...).Error()))
	if len(text) > maxFoundText {
		text = append(text[:maxFoundText], '…')
	}
	p.found = append(p.found, errors.New(string(text)))
}

func (p *inspection) inspect() {
	raw, ok := p.read(manifestFile)
	if !ok {
		return
	}
	var m manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		p.wrong("%s: %w", manifestFile, err)
		return
	}
	p.identity(m)
	p.texts(m)
	p.bots(m)
	p.tabs(m)
	p.consent(m)
	p.icon(m.Icons.Color, colorSize, nil)
	p.icon(m.Icons.Outline, outlineSize, onlyWhite)
	p.localisation(m)
}

// read returns a file of the package by the name the manifest gives it.
func (p *inspection) read(name string) ([]byte, bool) {
	f, ok := p.files[name]
	if !ok {
		p.wrong("%s is not at the root of the package", name)
		return nil, false
	}
	rc, err := f.Open()
	if err != nil {
		p.wrong("%s: %w", name, err)
		return nil, false
	}
	content, err := io.ReadAll(io.LimitReader(rc, maxFileSize+1))
	if closed := rc.Close(); err == nil {
		err = closed
	}
	if err != nil {
		p.wrong("%s: %w", name, err)
		return nil, false
	}
	if len(content) > maxFileSize {
		p.wrong("%s is larger than %d bytes", name, maxFileSize)
		return nil, false
	}
	return content, true
}

func (p *inspection) identity(m manifest) {
	if m.ManifestVersion != schemaVersion {
		p.wrong("manifestVersion is %q, not %s", m.ManifestVersion, schemaVersion)
	}
	if m.Schema != schemaURL {
		p.wrong("$schema is %q, not %s", m.Schema, schemaURL)
	}
	if !plainVersion.MatchString(m.Version) {
		p.wrong("version %q is not three numbers with dots between", m.Version)
	}
	if !guid.MatchString(m.ID) {
		p.wrong("id %q is not a GUID", m.ID)
	}
	if m.SupportsChannelFeature != "tier1" {
		p.wrong("supportsChannelFeatures is %q, not tier1: shared and private channels would be left out", m.SupportsChannelFeature)
	}
	if !accent.MatchString(m.AccentColor) {
		p.wrong("accentColor %q is not a colour like #0d4a5e", m.AccentColor)
	}
	for _, d := range m.ValidDomains {
		if !domain.MatchString(strings.ToLower(d)) {
			p.wrong("validDomains: %q is not a full domain name without scheme, port, path and wildcard", d)
		}
	}
}

func (p *inspection) texts(m manifest) {
	p.length("developer.name", m.Developer.Name, maxDeveloperName)
	p.nameAndDescription(manifestFile, m.Name, m.Description)
	for _, u := range []struct{ key, value string }{
		{"developer.websiteUrl", m.Developer.WebsiteURL},
		{"developer.privacyUrl", m.Developer.PrivacyURL},
		{"developer.termsOfUseUrl", m.Developer.TermsOfUseURL},
	} {
		if _, err := httpsURL(u.key, u.value); err != nil {
			p.found = append(p.found, err)
		}
	}
}

func (p *inspection) nameAndDescription(in string, name, description shortAndFull) {
	p.length(in+": name.short", name.Short, maxShortName)
	p.length(in+": name.full", name.Full, maxFullName)
	p.length(in+": description.short", description.Short, maxShortDescription)
	p.length(in+": description.full", description.Full, maxFullDescription)
}

// length reports a text that is missing or has more than most characters.
func (p *inspection) length(what, text string, most int) {
	switch n := utf8.RuneCountInString(text); {
	case strings.TrimSpace(text) == "":
		p.wrong("%s is missing", what)
	case n > most:
		p.wrong("%s has %d characters, at most %d fit", what, n, most)
	}
}

func (p *inspection) bots(m manifest) {
	if len(m.Bots) != 1 {
		p.wrong("bots has %d members, not one", len(m.Bots))
		return
	}
	b := m.Bots[0]
	if !guid.MatchString(b.BotID) {
		p.wrong("bots[0].botId %q is not a GUID", b.BotID)
	}
	for _, scope := range []string{"team", "personal", "groupChat"} {
		if !slices.Contains(b.Scopes, scope) {
			p.wrong("bots[0].scopes lacks %s", scope)
		}
	}
	if n := len(b.CommandLists); n > maxCommandLists {
		p.wrong("bots[0].commandLists has %d lists, at most %d fit", n, maxCommandLists)
	}
	for i, list := range b.CommandLists {
		if n := len(list.Commands); n > maxCommands {
			p.wrong("bots[0].commandLists[%d] has %d commands, at most %d fit", i, n, maxCommands)
		}
		for j, c := range list.Commands {
			p.length(commandPath(i, j)+"title", c.Title, maxCommandTitle)
		}
	}
}

// tabs checks that Teams can open each tab, and sign people in to it.
func (p *inspection) tabs(m manifest) {
	own := false
	for i, t := range m.StaticTabs {
		own = own || t.EntityID == tabEntity
		if t.EntityID == conversations || t.EntityID == "about" {
			continue // Teams' own
		}
		what := fmt.Sprintf("staticTabs[%d].", i)
		p.length(what+"name", t.Name, maxTabName)
		for name, address := range map[string]string{"contentUrl": t.ContentURL, "websiteUrl": t.WebsiteURL} {
			u, err := httpsURL(what+name, address)
			switch {
			case err != nil:
				p.found = append(p.found, err)
			case !slices.ContainsFunc(m.ValidDomains, func(d string) bool { return strings.EqualFold(d, u.Hostname()) }):
				p.wrong("%s%s is at %s, which is not among validDomains: Teams would not open it", what, name, u.Hostname())
			}
		}
		if !slices.Equal(t.Scopes, []string{"personal"}) {
			p.wrong("%sscopes are %q, and static tabs are for the personal scope", what, t.Scopes)
		}
	}
	if !own {
		p.wrong("staticTabs lacks %s, the tab of the year clock", tabEntity)
	}
}

func (p *inspection) consent(m manifest) {
	if m.WebApplicationInfo == nil {
		p.wrong("webApplicationInfo is missing: the tab could sign nobody in, and permissions would be granted to no application")
	} else {
		info := m.WebApplicationInfo
		if !guid.MatchString(info.ID) {
			p.wrong("webApplicationInfo.id %q is not a GUID", info.ID)
		}
		host, id, found := strings.Cut(strings.TrimPrefix(info.Resource, "api://"), "/")
		if !strings.HasPrefix(info.Resource, "api://") || !found || !strings.EqualFold(id, info.ID) || !slices.ContainsFunc(m.ValidDomains, func(d string) bool { return strings.EqualFold(d, host) }) {
			p.wrong("webApplicationInfo.resource is %q, not api://{a valid domain}/{the application id}: Teams would sign nobody in", info.Resource)
		}
	}
	if m.Authorization == nil {
		return
	}
	for _, perm := range m.Authorization.Permissions.ResourceSpecific {
		if !permissionName.MatchString(perm.Name) || perm.Type != "Application" {
			p.wrong("authorization: %q (%s) is not an application permission of one team", perm.Name, perm.Type)
		}
	}
}

var (
	plainVersion   = regexp.MustCompile(`^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$`)
	accent         = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	permissionName = regexp.MustCompile(`^[A-Za-z]+(\.[A-Za-z]+)+\.Group$`)
)

// icon checks a picture's size in pixels and, where Teams limits it, each pixel.
func (p *inspection) icon(name string, size int, allowed func(color.NRGBA) bool) {
	if name == "" {
		p.wrong("icons: one of color and outline is missing")
		return
	}
	content, ok := p.read(name)
	if !ok {
		return
	}
	// The size before the picture: a small file can announce an enormous one.
	head, err := png.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		p.wrong("%s: %w", name, err)
		return
	}
	if head.Width != size || head.Height != size {
		p.wrong("%s is %d × %d pixels, not %d × %d", name, head.Width, head.Height, size, size)
		return
	}
	img, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		p.wrong("%s: %w", name, err)
		return
	}
	if allowed != nil && !every(img, allowed) {
		p.wrong("%s may hold only white and transparent", name)
	}
}

func onlyWhite(c color.NRGBA) bool { return c.A == 0 || c.R == 0xff && c.G == 0xff && c.B == 0xff }

func every(img image.Image, allowed func(color.NRGBA) bool) bool {
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if c, _ := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA); !allowed(c) {
				return false
			}
		}
	}
	return true
}

// localisation checks that each language file has every text that the manifest has, and none that it has not.
func (p *inspection) localisation(m manifest) {
	if m.LocalizationInfo.DefaultLanguageTag == "" {
		p.wrong("localizationInfo.defaultLanguageTag is missing")
	}
	want := map[string]int{
		"name.short": maxShortName, "name.full": maxFullName,
		"description.short": maxShortDescription, "description.full": maxFullDescription,
	}
	for i, t := range m.StaticTabs {
		if t.Name != "" {
			want[fmt.Sprintf("staticTabs[%d].name", i)] = maxTabName
		}
	}
	for _, b := range m.Bots {
		for i, list := range b.CommandLists {
			for j := range list.Commands {
				want[commandPath(i, j)+"title"] = maxCommandTitle
				want[commandPath(i, j)+"description"] = maxFullDescription
			}
		}
	}
	var names []string
	if name := m.LocalizationInfo.DefaultLanguageFile; name != "" {
		names = append(names, name)
	}
	for _, l := range m.LocalizationInfo.AdditionalLanguages {
		names = append(names, l.File)
	}
	for _, name := range names {
		content, ok := p.read(name)
		if !ok {
			continue
		}
		var texts map[string]string
		if err := json.Unmarshal(content, &texts); err != nil {
			p.wrong("%s: %w", name, err)
			continue
		}
		delete(texts, "$schema")
		for _, key := range slices.Sorted(maps.Keys(want)) {
			p.length(name+": "+key, texts[key], want[key])
		}
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			if _, ok := want[key]; !ok {
				p.wrong("%s: %s is not a text of the manifest", name, key)
			}
		}
	}
}
