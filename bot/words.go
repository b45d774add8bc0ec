package bot

import (
	"strings"
	"unicode/utf8"

	"vuosikello/cards"
	"vuosikello/store"
)

// wordIndex maps every word of some texts, in all languages, to what it stands for. The words work whatever the language
// setting.
func wordIndex[T any](keys map[string]T) map[string]T {
	index := map[string]T{}
	for key, value := range keys {
		for _, l := range cards.Langs() {
			for _, w := range l.Words(key) {
				index[store.Key(w)] = value
			}
		}
	}
	return index
}

var (
	roleWords = wordIndex(map[string]store.Role{
		"role.communications": store.RoleCommunications, "role.approver": store.RoleApprover,
		"role.digimentor": store.RoleDigimentor, "role.admin": store.RoleAdmin,
	})
	// ownerWords are the teams that an entry's owner may name instead of a person.
	ownerWords = wordIndex(map[string]store.Role{
		"owner.communications": store.RoleCommunications, "owner.approver": store.RoleApprover,
		"owner.digimentor": store.RoleDigimentor, "owner.admin": store.RoleAdmin,
	})
	bindingWords = wordIndex(map[string]store.BindingKind{"binding.working_group": store.WorkingGroup, "binding.management": store.Management})
	removeWords  = wordIndex(map[string]bool{"word.remove": true})
	untilWords   = wordIndex(map[string]bool{"word.until": true})
)

// cutRemove takes a word for removing off the beginning of a command's arguments; it may be several words (ta bort).
func cutRemove(args string) (rest string, ok bool) {
	words := strings.Fields(args)
	for n := min(len(words), 2); n > 0; n-- {
		if removeWords[store.Key(strings.Join(words[:n], " "))] {
			return strings.Join(words[n:], " "), true
		}
	}
	return args, false
}

// roleWord returns the role that a word or a team's name stands for.
func roleWord(s string) (store.Role, bool) {
	if r, ok := roleWords[store.Key(s)]; ok {
		return r, true
	}
	r, ok := ownerWords[store.Key(s)]
	return r, ok
}

// binding returns what a name in the kanava command stands for.
func binding(name string) store.Binding {
	if kind, ok := bindingWords[store.Key(name)]; ok {
		return store.Binding{Kind: kind}
	}
	return store.Binding{Kind: store.ForAudience, Name: name}
}

// audienceChannels returns the channels that reach an audience. One named like a binding word is reached in that
// binding's channels.
func audienceChannels(tx *store.Tx, name string) ([]store.Channel, error) {
	channels, err := tx.BoundChannels(store.ForAudience, name)
	if kind, ok := bindingWords[store.Key(name)]; ok && err == nil && len(channels) == 0 {
		return tx.BoundChannels(kind, "")
	}
	return channels, err
}

// outside returns those of the audiences that are reached outside Teams: no channel is bound to them.
func (b *Bot) outside(tx *store.Tx, audiences []string) (names []string, err error) {
	for _, a := range audiences {
		channels, err := audienceChannels(tx, a)
		if err != nil {
			return nil, err
		}
		if len(channels) == 0 {
			names = append(names, a)
		}
	}
	return names, nil
}

// nearest returns those of the candidates that s is most likely a slip of the pen for, the nearest first, at most three.
func nearest(s string, candidates []string) []string {
	s = store.Key(s)
	var near [3][]string // by distance 0–2
	limit := 1
	if utf8.RuneCountInString(s) > 4 {
		limit = 2
	}
	for _, c := range candidates {
		key := store.Key(c)
		d := distance(s, key)
		if d > limit && utf8.RuneCountInString(s) >= 3 && strings.HasPrefix(key, s) {
			d = limit
		}
		if d <= limit {
			near[d] = append(near[d], c)
		}
	}
	out := append(append(near[0], near[1]...), near[2]...)
	return out[:min(len(out), 3)]
}

// distance is the Damerau–Levenshtein distance (optimal string alignment) of two texts, in runes. Texts of very
// different or of great length are simply far.
func distance(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	if abs(len(ra)-len(rb)) > 3 || len(ra) > 100 {
		return 100
	}
	var before, last []int
	row := make([]int, len(rb)+1)
	for j := range row {
		row[j] = j
	}
	for i, ca := range ra {
		before, last, row = last, row, make([]int, len(rb)+1)
		row[0] = i + 1
		for j, cb := range rb {
			cost := 1
			if ca == cb {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && ca == rb[j-1] && ra[i-1] == cb {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(rb)]
}

func abs(n int) int { return max(n, -n) }
