package store

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// Amount is a measure's number in ten-thousandths: 12.5 is 125000. Sums of amounts are exact.
type Amount int64

const (
	amountUnit     = 10_000
	amountDecimals = 4
	// maxAmount keeps sums of thousands of amounts within an int64.
	maxAmount = 100_000_000_000 * amountUnit
)

// String writes the number with a decimal point and no more decimals than it has: 147166, 12.5, -0.25.
func (a Amount) String() string {
	u, sign := uint64(a), ""
	if a < 0 {
		u, sign = -u, "-"
	}
	s := sign + strconv.FormatUint(u/amountUnit, 10)
	if rest := u % amountUnit; rest != 0 {
		s += strings.TrimRight("."+strconv.FormatUint(amountUnit+rest, 10)[1:], "0")
	}
	return s
}

// Float returns the number for what cannot hold decimals exactly: a chart, a percentage.
func (a Amount) Float() float64 { return float64(a) / amountUnit }

// MarshalJSON writes a number.
func (a Amount) MarshalJSON() ([]byte, error) { return []byte(a.String()), nil }

// plus adds, and stays at the end of the range where the sum would leave it.
func (a Amount) plus(b Amount) Amount {
	switch s := a + b; {
	case a > 0 && b > 0 && s < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && s >= 0:
		return math.MinInt64
	default:
		return s
	}
}

// AmountOf returns a spreadsheet's number, rounded to four decimals. It reports false for one that no measure has.
func AmountOf(f float64) (Amount, bool) {
	r := math.Round(f * amountUnit)
	if math.IsNaN(r) || math.Abs(r) > maxAmount {
		return 0, false
	}
	return Amount(r), true
}

// scales are words that would make a number another one.
var scales = map[string]bool{"k": true, "t": true, "m": true, "mn": true, "milj": true, "mio": true, "mrd": true, "tuhatta": true, "tuhat": true, "miljoonaa": true, "miljoona": true,
	"tusen": true, "miljon": true, "miljoner": true, "thousand": true, "million": true, "millions": true}

// ParseAmount reads a number as people write it, and the unit after it, if any: 12400, 12 400, "12 400,5 kpl", 1.234,5,
// -0,5, 45 %. Thousands are parted by spaces (no-break and narrow ones too), apostrophes, points or commas; the decimal sign
// is a comma or a point. More than four decimals are rounded. The error is of kind Invalid.
//
// What can be read in two ways is not guessed: 12,400 and 12.400 may be twelve thousand or twelve and a bit, and a scale
// (1,2 milj.) is no unit.
func ParseAmount(s string) (a Amount, unit string, err error) {
	bad := Invalid("value", "invalid.amount", "value", cut(s))
	text := strings.TrimSpace(s)
	negative := false
	for _, sign := range []string{"-", "\u2212", "–", "+"} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			text, negative = strings.TrimLeftFunc(rest, unicode.IsSpace), sign != "+"
			break
		}
	}
	digits, rest := cutNumber(text)
	if unit = strings.Join(strings.Fields(rest), " "); noUnit.MatchString(unit) {
		return 0, "", bad
	}
	if scales[strings.TrimRight(Key(firstWord(unit)), ".")] {
		return 0, "", Invalid("value", "invalid.amount_scale", "value", cut(s))
	}
	whole, decimals, ok := readNumber(digits)
	if !ok {
		return 0, "", bad
	}
	if sep := strings.IndexAny(digits, ".,"); sep >= 0 && len(decimals) == 3 && sep == len(digits)-4 && len(whole) <= 3 && whole != "0" && !strings.ContainsAny(digits, groupSpaces) {
		thousands, _ := strconv.ParseInt(whole+decimals, 10, 64) // six digits
		return 0, "", Invalid("value", "invalid.amount_ambiguous", "value", cut(s), "whole", int(thousands), "decimal", whole+","+decimals+"0")
	}
	f := decimals + strings.Repeat("0", amountDecimals+1)
	n, err := strconv.ParseInt(whole+f[:amountDecimals], 10, 64)
	if err != nil || n > maxAmount {
		return 0, "", Invalid("value", "invalid.amount_large", "value", cut(s))
	}
	if f[amountDecimals] >= '5' && n < maxAmount {
		n++
	}
	if negative {
		n = -n
	}
	return Amount(n), unit, nil
}

// noUnit is what follows a number that is not one: 1e6, 12:30, 1/2, 5 -3.
var noUnit = regexp.MustCompile(`^(?:[eE][+-]?[0-9]|[-+.,:;/'’0-9])`)

// groupSpaces part thousands besides points and commas.
const groupSpaces = " \u00a0\u202f\u2009\u2007\u2008'’"

// cutNumber takes the digits of a number, with the signs among them, off the beginning of a text. A space belongs to the
// number only when a digit follows it.
func cutNumber(text string) (number, rest string) {
	end := 0
	for i, r := range text {
		switch {
		case r >= '0' && r <= '9':
			end = i + 1
		case r == '.' || r == ',' || strings.ContainsRune(groupSpaces, r):
		default:
			return text[:end], text[end:]
		}
	}
	return text[:end], text[end:]
}

// readNumber returns a number's whole part and decimals as digits.
func readNumber(s string) (whole, decimals string, ok bool) {
	// The last point or comma is the decimal sign, unless it stands there more than once.
	decimal := -1
	if last := strings.LastIndexAny(s, ".,"); last >= 0 && strings.Count(s, s[last:last+1]) == 1 {
		decimal = last
	}
	groups := s
	if decimal >= 0 {
		groups, decimals = s[:decimal], s[decimal+1:]
		if decimals == "" || strings.Trim(decimals, "0123456789") != "" {
			return "", "", false
		}
	}
	var used rune
	part := 0 // digits since the last sign
	parted := false
	for _, r := range groups {
		if r >= '0' && r <= '9' {
			part++
			whole += string(r)
			continue
		}
		switch {
		case strings.ContainsRune(" \u00a0\u202f\u2009\u2007\u2008", r):
			r = ' ' // one space or another is the same
		case r == '’':
			r = '\''
		}
		if part == 0 || part > 3 || parted && (part != 3 || r != used) {
			return "", "", false
		}
		parted, used, part = true, r, 0
	}
	if whole == "" || len(whole) > 30 || parted && part != 3 {
		return "", "", false
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	return whole, decimals, true
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}
