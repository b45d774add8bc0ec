package teams

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"
)

// Mention is one @mention of an activity. Text is how it stands in the activity's text, usually "<at>Name</at>".
type Mention struct {
	ID          string
	AADObjectID string
	Name        string
	Text        string
}

// Mentions lists the activity's mention entities in their order; unreadable ones are left out.
func (a *Activity) Mentions() []Mention {
	var list []Mention
	for _, raw := range a.Entities {
		var e struct {
			Type      string  `json:"type"`
			Text      string  `json:"text"`
			Mentioned Account `json:"mentioned"`
		}
		if json.Unmarshal(raw, &e) != nil || !strings.EqualFold(e.Type, "mention") || e.Mentioned.ID == "" {
			continue
		}
		list = append(list, Mention{
			ID: e.Mentioned.ID, AADObjectID: e.Mentioned.AADObjectID, Name: e.Mentioned.Name, Text: e.Text,
		})
	}
	return list
}

// MentionsBot says whether an entity mentions the recipient, which is the bot. The text alone does not count: anyone can type it.
func (a *Activity) MentionsBot() bool {
	if a.Recipient.ID == "" {
		return false
	}
	for _, m := range a.Mentions() {
		if m.ID == a.Recipient.ID {
			return true
		}
	}
	return false
}

var (
	atTag = regexp.MustCompile(`(?i)</?at(\s[^>]*)?>`)
	blank = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\t", " ", "\r\n", "\n", "\r", "\n",
		"\u200b", "", "\u200e", "", "\u200f", "", "\ufeff", "")
	spaces = regexp.MustCompile(` {2,}`)
)

// CommandText is the message as a person meant it: without the mention of the bot, other mentions as plain names, HTML
// entities decoded, non-breaking and repeated spaces as one space, line breaks as \n, trimmed.
//
// Each mention entity stands for one place in the text, so a colleague who has the bot's name is not lost with it.
func (a *Activity) CommandText() string {
	text := a.Text
	for _, m := range a.Mentions() {
		if m.Text == "" {
			continue
		}
		before, after, found := strings.Cut(text, m.Text)
		if !found {
			continue
		}
		name := ""
		if m.ID != a.Recipient.ID {
			if name = m.Name; name == "" {
				name = atTag.ReplaceAllString(m.Text, "")
			}
		}
		text = before + " " + name + " " + after
	}
	text = atTag.ReplaceAllString(text, "")
	text = blank.Replace(html.UnescapeString(text))
	text = spaces.ReplaceAllString(text, " ")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
