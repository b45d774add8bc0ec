// Package manifest builds and checks the app package that an administrator uploads to Microsoft Teams.
//
// A package is a zip with these files at its root:
//
//	manifest.json             what the app is, in Finnish: Teams app manifest, schema version 1.29
//	fi.json sv.json en.json   the same texts in each language (Teams localisation schema)
//	color.png                 192 × 192, the full-colour icon
//	outline.png               32 × 32, white on transparent
//
// Schema 1.29 (generally available since June 2026) is the newest whose published JSON schema this package has been
// validated with; the version after it adds nothing that a bot uses. Its documentation:
// https://learn.microsoft.com/microsoft-365/extensibility/schema/root?view=m365-app-1.29
//
// The package depends on nothing else of the program, so that what is promised to Teams can be read in one place.
package manifest

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

const (
	// schemaVersion is the manifest's own version; Teams reads the rest of the file by it.
	schemaVersion = "1.29"
	schemaURL     = "https://developer.microsoft.com/json-schemas/teams/v" + schemaVersion + "/MicrosoftTeams.schema.json"

	manifestFile = "manifest.json"
	colorFile    = "color.png"
	outlineFile  = "outline.png"

	// Limits of the schema, and one of ours: Teams cuts long command titles in its menu, at different lengths per
	// client; 32 characters is safe everywhere though the schema allows 128.
	maxDeveloperName    = 32
	maxShortName        = 30
	maxFullName         = 100
	maxShortDescription = 80
	maxFullDescription  = 4000
	maxCommandTitle     = 32
	maxTabName          = 128
	maxCommands         = 12
	maxCommandLists     = 3
	maxURL              = 2048
)

// packaged is the time stamp of every file in the zip: fixed, so that the same settings give the same bytes. It is the
// earliest that the zip format can express.
var packaged = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// manifest mirrors the keys of manifest.json that the app uses, in the order the schema's documentation lists them.
type manifest struct {
	Schema                 string              `json:"$schema"`
	ManifestVersion        string              `json:"manifestVersion"`
	Version                string              `json:"version"`
	ID                     string              `json:"id"`
	LocalizationInfo       localizationInfo    `json:"localizationInfo"`
	Developer              developer           `json:"developer"`
	Name                   shortAndFull        `json:"name"`
	Description            shortAndFull        `json:"description"`
	Icons                  icons               `json:"icons"`
	AccentColor            string              `json:"accentColor"`
	StaticTabs             []staticTab         `json:"staticTabs"`
	Bots                   []bot               `json:"bots"`
	Permissions            []string            `json:"permissions"`
	ValidDomains           []string            `json:"validDomains"`
	WebApplicationInfo     *webApplicationInfo `json:"webApplicationInfo"`
	SupportsChannelFeature string              `json:"supportsChannelFeatures"`
	DefaultInstallScope    string              `json:"defaultInstallScope"`
	DefaultGroupCapability map[string]string   `json:"defaultGroupCapability"`
	Authorization          *authorization      `json:"authorization,omitempty"`
}

type localizationInfo struct {
	DefaultLanguageTag  string               `json:"defaultLanguageTag"`
	DefaultLanguageFile string               `json:"defaultLanguageFile"`
	AdditionalLanguages []additionalLanguage `json:"additionalLanguages"`
}

type additionalLanguage struct {
	LanguageTag string `json:"languageTag"`
	File        string `json:"file"`
}

type developer struct {
	Name          string `json:"name"`
	WebsiteURL    string `json:"websiteUrl"`
	PrivacyURL    string `json:"privacyUrl"`
	TermsOfUseURL string `json:"termsOfUseUrl"`
}

type shortAndFull struct {
	Short string `json:"short"`
	Full  string `json:"full"`
}

type icons struct {
	Color   string `json:"color"`
	Outline string `json:"outline"`
}

type bot struct {
	BotID              string        `json:"botId"`
	Scopes             []string      `json:"scopes"`
	IsNotificationOnly bool          `json:"isNotificationOnly"`
	SupportsFiles      bool          `json:"supportsFiles"`
	CommandLists       []commandList `json:"commandLists"`
}

type commandList struct {
	Scopes   []string         `json:"scopes"`
	Commands []commandInAList `json:"commands"`
}

type commandInAList struct {
	Title       string `json:"title"`
	Description string `json:"description"`
}

type staticTab struct {
	EntityID   string   `json:"entityId"`
	Name       string   `json:"name,omitempty"`
	ContentURL string   `json:"contentUrl,omitempty"`
	WebsiteURL string   `json:"websiteUrl,omitempty"`
	Scopes     []string `json:"scopes"`
}

type webApplicationInfo struct {
	ID       string `json:"id"`
	Resource string `json:"resource"`
}

type authorization struct {
	Permissions struct {
		ResourceSpecific []resourceSpecific `json:"resourceSpecific"`
	} `json:"permissions"`
}

type resourceSpecific struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// teamPermissions are what a team's owner is asked to consent to for that team alone (resource-specific consent) when
// the app is installed there. Each is the least that the Graph call it serves accepts:
//
//   - ChannelMessage.Read.Group: GET /teams/{t}/channels/{c}/messages/{m} and its replies, for reactions and replies to
//     the bot's own posts, and to see whether a post whose answer was lost had arrived. It also makes Teams send every
//     message of the team's standard channels to the bot, which ignores those that do not mention it.
//   - ChannelMember.Read.Group: GET /teams/{t}/channels/{c}/allMembers, for how many people a channel reaches.
//
// The team's own member list is not among them: the bot's roster gives it without any consent.
var teamPermissions = []resourceSpecific{
	{Name: "ChannelMessage.Read.Group", Type: "Application"},
	{Name: "ChannelMember.Read.Group", Type: "Application"},
}

// Build writes the app package for c. The same c gives the same bytes.
//
// When a setting is missing or Teams would refuse it, nothing is written and the error has one line per setting: its
// environment variable, what is wrong and what to write. Any other error is w's own.
func Build(w io.Writer, c Config) error {
	s, err := c.settle()
	if err != nil {
		return err
	}
	files := []file{{manifestFile, marshal(s.manifest())}}
	for _, l := range languages {
		files = append(files, file{l.file(), marshal(l.strings(s.public))})
	}
	for _, icon := range []struct {
		name string
		size int
		draw func(*canvas)
	}{{colorFile, colorSize, drawColor}, {outlineFile, outlineSize, drawOutline}} {
		img, err := render(icon.size, icon.draw)
		if err != nil {
			return fmt.Errorf("draw %s: %w", icon.name, err)
		}
		files = append(files, file{icon.name, img})
	}
	// Assembled in memory (about 15 kB), so that a failure leaves no half package behind.
	var buf bytes.Buffer
	if err := writeZip(&buf, files); err != nil {
		return fmt.Errorf("assemble app package: %w", err)
	}
	if _, err := w.Write(buf.Bytes()); err != nil {
		return fmt.Errorf("write app package: %w", err)
	}
	return nil
}

const (
	conversations = "conversations" // Teams' own name of the chat with the bot
	tabEntity     = "vuosikello"
)

// tab is the address of the tab. A path in front of the public address's host is the proxy's affair and stays.
func (s settled) tab() string { return s.public + "/tab" }

func (s settled) manifest() manifest {
	m := manifest{
		Schema:          schemaURL,
		ManifestVersion: schemaVersion,
		Version:         s.version,
		ID:              s.appID,
		LocalizationInfo: localizationInfo{
			DefaultLanguageTag:  languages[0].tag,
			DefaultLanguageFile: languages[0].file(),
		},
		Developer: developer{
			Name:          s.organisation,
			WebsiteURL:    s.website,
			PrivacyURL:    s.privacy,
			TermsOfUseURL: s.terms,
		},
		Name:        languages[0].name,
		Description: languages[0].about(s.public),
		Icons:       icons{Color: colorFile, Outline: outlineFile},
		AccentColor: hex(petrol),
		// The schema says of static tabs that they are for the personal scope. The first entry is the chat with the bot:
		// without it Teams would open the tab first.
		StaticTabs: []staticTab{
			{EntityID: conversations, Scopes: []string{"personal"}},
			{EntityID: tabEntity, Name: languages[0].tab, Scopes: []string{"personal"},
				ContentURL: s.tab() + "?locale={locale}&theme={theme}", // Teams fills in the person's
				WebsiteURL: s.tab()},
		},
		Bots: []bot{{
			BotID:         s.appID,
			Scopes:        []string{"team", "personal", "groupChat"},
			SupportsFiles: true, // year clocks are sent to it in a personal chat
			CommandLists:  languages[0].commandLists(),
		}},
		// identity: who presses a button. messageTeamMembers: personal messages to members of the team, so that an
		// entry's owner hears of a reminder even when the channel is muted.
		Permissions:  []string{"identity", "messageTeamMembers"},
		ValidDomains: []string{s.host},
		// The tab signs people in as this Entra application, and resource-specific consent is granted to it. The resource is
		// the application ID URI, in the form that single sign-on expects.
		WebApplicationInfo: &webApplicationInfo{ID: s.appID, Resource: "api://" + s.host + "/" + s.appID},
		// Without tier1 Teams leaves the app out of shared and private channels.
		SupportsChannelFeature: "tier1",
		// A team first: reminders need a channel. The personal chat opens by itself when the bot first writes.
		DefaultInstallScope:    "team",
		DefaultGroupCapability: map[string]string{"team": "bot", "groupchat": "bot"},
	}
	for _, l := range languages[1:] {
		m.LocalizationInfo.AdditionalLanguages = append(m.LocalizationInfo.AdditionalLanguages,
			additionalLanguage{LanguageTag: l.tag, File: l.file()})
	}
	if s.permissions == PermissionsTeam {
		m.Authorization = &authorization{}
		m.Authorization.Permissions.ResourceSpecific = teamPermissions
	}
	return m
}

type file struct {
	name    string
	content []byte
}

func writeZip(w io.Writer, files []file) error {
	z := zip.NewWriter(w)
	for _, f := range files {
		entry, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: packaged})
		if err != nil {
			return err
		}
		if _, err := entry.Write(f.content); err != nil {
			return err
		}
	}
	return z.Close()
}

// marshal writes v as people read it: indented, and with < > & as themselves.
func marshal(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		// Only strings, booleans and containers of them are ever passed: encoding them cannot fail.
		panic(err)
	}
	return buf.Bytes()
}
