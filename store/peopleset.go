package store

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// peopleSet is a set of the numbers that reach_person gives to people, for counting each of them once.
type peopleSet []uint64

func (s *peopleSet) add(n int64) {
	i := int(n >> 6)
	if i >= len(*s) {
		*s = append(*s, make([]uint64, i+1-len(*s))...)
	}
	(*s)[i] |= 1 << (n & 63)
}

func (s *peopleSet) addAll(o peopleSet) {
	if len(o) > len(*s) {
		*s = append(*s, make([]uint64, len(o)-len(*s))...)
	}
	for i, w := range o {
		(*s)[i] |= w
	}
}

// remove takes out those who are in o.
func (s peopleSet) remove(o peopleSet) {
	for i := range min(len(s), len(o)) {
		s[i] &^= o[i]
	}
}

func (s peopleSet) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// packer writes the parts of a packed record, and unpacker reads them. Numbers are varints, texts and lists carry their
// length, and a list of people is sorted and stored as differences.
type packer []byte

func (p *packer) number(n int64) { *p = binary.AppendVarint(*p, n) }

func (p *packer) text(s string) {
	*p = binary.AppendUvarint(*p, uint64(len(s)))
	*p = append(*p, s...)
}

func (p *packer) people(list []int64) {
	*p = binary.AppendUvarint(*p, uint64(len(list)))
	last := int64(0)
	for _, n := range list {
		*p = binary.AppendUvarint(*p, uint64(n-last))
		last = n
	}
}

// errPacked is the error of a packed record that was not written by this version of the program.
var errPacked = errors.New("a packed record of reach is damaged")

// maxPerson bounds the numbers of people: what is larger was not written by a packer, and would take much memory.
const maxPerson = 1 << 26

type unpacker struct {
	b      string
	failed bool
}

func (u *unpacker) uvarint() (n uint64) {
	for shift := 0; shift < 64; shift += 7 {
		if len(u.b) == 0 {
			break
		}
		c := u.b[0]
		u.b = u.b[1:]
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return n
		}
	}
	u.failed, u.b = true, ""
	return 0
}

func (u *unpacker) number() int64 {
	n := u.uvarint()
	return int64(n>>1) ^ -int64(n&1)
}

func (u *unpacker) text() string {
	n := u.uvarint()
	if n > uint64(len(u.b)) {
		u.failed, u.b = true, ""
		return ""
	}
	s := u.b[:n]
	u.b = u.b[n:]
	return s
}

// people reads a list into one that may be reused.
func (u *unpacker) people(into []int64) []int64 {
	n := u.uvarint()
	if n > uint64(len(u.b)) {
		u.failed, u.b = true, ""
		return into[:0]
	}
	into = slices.Grow(into[:0], int(n))
	last := int64(0)
	for range n {
		d := u.uvarint()
		if last += int64(d); d > maxPerson || last > maxPerson {
			u.failed, u.b = true, ""
			return into[:0]
		}
		into = append(into, last)
	}
	return into
}
