package bot

import (
	"encoding/json"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// notice is what a post of store.KindNotice says: a text key and its arguments. Its words are chosen when it is sent, in
// the receiver's language.
type notice struct {
	Key  string            `json:"key"`
	Args map[string]string `json:"args,omitempty"`
}

func (n notice) card(l cards.Lang) cards.Card {
	args := n.args()
	tone := cards.ToneWarning
	if goodNews[n.Key] {
		tone = cards.ToneGood
	}
	return cards.Message{Title: l.T(n.Key+".title", args...), Text: l.T(n.Key+".text", args...), Tone: tone}.Card(l)
}

// args are the arguments as a text takes them.
func (n notice) args() (args []any) {
	for k, v := range n.Args {
		if d, err := store.ParseDate(v); k == "date" && err == nil {
			args = append(args, k, d)
		} else {
			args = append(args, k, v)
		}
	}
	return args
}

// goodNews are the notices that nobody has to act on.
var goodNews = map[string]bool{"notice.decision.approved": true, "notice.published": true, "notice.need.accepted": true, "notice.need.done": true}

// toldNoWorkingGroup is the setting that admins have been told that reminders have nowhere to go.
const toldNoWorkingGroup = "told.no_working_group"

// tellNoWorkingGroup tells every admin, once until a working-group channel is bound, that reminders have nowhere to go.
func (b *Bot) tellNoWorkingGroup(tx *store.Tx, now time.Time) error {
	told, err := tx.Setting(toldNoWorkingGroup)
	if err != nil || told != "" {
		return err
	}
	if err := tx.SetSetting(toldNoWorkingGroup, now.Format(time.RFC3339)); err != nil {
		return err
	}
	b.Logger.Warn("a reminder was due and no channel is bound to the working group; an admin can write to the bot in a channel: kanava työryhmä")
	return b.tellAdmins(tx, now, notice{Key: "notice.no_working_group"})
}

// notify writes a notice to the person of the post, about what else the post names.
func (b *Bot) notify(tx *store.Tx, p store.Post, now time.Time, key string, args ...string) error {
	n := notice{Key: key, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		n.Args[args[i]] = args[i+1]
	}
	body, err := json.Marshal(n)
	if err != nil {
		return err
	}
	p.Kind, p.Notice, p.Priority, p.DueAt = store.KindNotice, string(body), store.PriorityNotice, now
	return tx.AddPost(&p, now)
}

// tellAdmins writes to every admin personally.
func (b *Bot) tellAdmins(tx *store.Tx, now time.Time, n notice) error {
	admins := map[string]bool{}
	for _, id := range b.Admins {
		admins[id] = true
	}
	holders, err := tx.RoleHolders(store.DateOf(now))
	if err != nil {
		return err
	}
	for _, h := range holders {
		if h.Role == store.RoleAdmin {
			admins[h.Person.ID] = true
		}
	}
	body, err := json.Marshal(n)
	if err != nil {
		return err
	}
	for id := range admins {
		p := store.Post{Kind: store.KindNotice, Title: b.Language.T(n.Key+".title", n.args()...), PersonID: id, Notice: string(body), Priority: store.PriorityNotice, DueAt: now}
		if err := tx.AddPost(&p, now); err != nil {
			return err
		}
	}
	return nil
}
