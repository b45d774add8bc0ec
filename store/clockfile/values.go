package clockfile

import (
	"slices"
	"strconv"
	"strings"

	"vuosikello/store"
)

// parseList splits names at commas, semicolons and line ends. "ja" and slashes are parts of names ("sosiaali- ja
// terveyspalvelut"). Names hold no commas, so those within parentheses, "some (FB, IG)", become slashes.
func parseList(s string) []string {
	var out []string
	depth, last := 0, strings.LastIndexByte(s, ')')
	var name strings.Builder
	flush := func() {
		n := strings.TrimSpace(name.String())
		for _, bullet := range []string{"•", "·", "▪", "- ", "– ", "* "} {
			n = strings.TrimSpace(strings.TrimPrefix(n, bullet))
		}
		if n != "" && !isDash(n) {
			out = append(out, n)
		}
		name.Reset()
		depth = 0
	}
	for i, r := range s {
		switch {
		case r == '(' && i < last:
			depth++
		case r == ')' && depth > 0:
			depth--
		case (r == ',' || r == ';') && depth > 0:
			name.WriteString(" /")
			continue
		case r == ',' || r == ';' || r == '\n':
			flush()
			continue
		}
		name.WriteRune(r)
	}
	flush()
	return out
}

// parseLeads reads reminders such as "14,3,0", "14 pv, 3 pv", "7 ja 1". A dash or "ei" is none.
func parseLeads(c cell) ([]int, *mistake) {
	s := c.String()
	if isDash(s) || noReminders[headerKey(s)] {
		return []int{}, nil
	}
	if c.kind == cellNumber {
		// A Finnish spreadsheet takes "7,1" for a decimal number, and keeps showing 7,1.
		s = strings.Replace(s, ".", ",", 1)
	}
	bad := wrong("leads", "value", shorten(s), "max", store.MaxLead)
	if c.kind == cellDate || c.kind == cellBool {
		return nil, bad
	}
	leads := []int{}
	for _, field := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(",;/&+ \t\n\u00a0", r) }) {
		if and := field == "ja" || field == "och" || field == "and" || dayWords[field]; and && len(leads) > 0 {
			continue
		}
		digits := strings.TrimRight(field, "abcdefghijklmnopqrstuvwxyzåäö:.")
		n, err := strconv.Atoi(digits)
		if unit := field[len(digits):]; err != nil || n < 0 || n > store.MaxLead || digits[0] == '+' || unit != "" && !dayWords[strings.TrimSuffix(unit, ".")] {
			return nil, bad
		}
		leads = append(leads, n)
	}
	slices.Sort(leads)
	leads = slices.Compact(leads)
	slices.Reverse(leads)
	switch {
	case len(leads) == 0:
		return nil, bad
	case len(leads) > store.MaxLeads:
		return nil, &mistake{"invalid.too_many", []any{"max", store.MaxLeads}}
	}
	return leads, nil
}

func parseBool(c cell) (bool, *mistake) {
	if c.kind == cellBool {
		return c.num != 0, nil
	}
	key := strings.Trim(strings.ToLower(c.String()), " .!")
	switch {
	case yesWords[key]:
		return true, nil
	case noWords[key]:
		return false, nil
	}
	return false, wrong("yes_no", "value", shorten(c.String()))
}

func parseState(c cell) (store.EntryState, *mistake) {
	s := c.String()
	if isDash(s) {
		return store.Planned, nil
	}
	if state, ok := stateWords[headerKey(s)]; ok {
		return store.EntryState(state), nil
	}
	return "", wrong("state", "value", shorten(s))
}

func parseRepeat(c cell) (string, *mistake) {
	s := c.String()
	if isDash(s) || notRepeated[headerKey(s)] {
		return "", nil
	}
	rule, err := store.ParseRecurrence(s)
	if err != nil {
		return "", mistakeOf(err)
	}
	return rule, nil
}

// isID reports whether s can be an entry's own id. Lists made by hand often number their rows in a column "ID"; those
// numbers are the same in every such list, and would make one list's rows overwrite another's.
func isID(s string) bool {
	return len(s) <= 64 && strings.Trim(s, "0123456789.,#- ") != "" && !strings.ContainsAny(s, " \n\t")
}
