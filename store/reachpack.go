package store

import (
	"slices"
	"time"
)

// kinds of people who can see a channel, as reach_member stores them. A person who is several of them is the first.
const (
	kindMember = iota
	kindGuest
	kindExternal
	memberKinds
)

// headcount is how many people of each kind; unnamed are those of them who have no id.
type headcount struct{ all, unnamed [memberKinds]int }

// publicationPack is what is known of a publication, as it is packed in reach_publication.
type publicationPack struct {
	content     int64
	publishedAt time.Time
	title       string
	entryID     string
	campaign    string
	withdrawn   bool
	sealed      bool // who reacted and replied is forgotten, how many did is final
	elsewhere   []int64
	posts       []postPack

	// Of the whole publication, each person once. members is zero where no channel's members are known.
	members                               headcount
	reacted, replied, acknowledged, acted int
}

// postPack is what is known of a publication in one channel.
type postPack struct {
	post     int64
	channel  int64 // of reach_channel
	audience string
	on       Date // of the members, zero: they were never read
	source   ReachSource
	members  headcount

	signals    ReachSource // SourceBot: the bot knows the reactions it was told of, and no replies
	signalsOn  Date        // when Graph told them, zero for SourceBot
	reacted    crowd
	replied    crowd
	acks       []int64
	ackedCount int
	acted      int // different people who reacted, replied or acknowledged
}

// crowd is people who are known, and how many are not.
type crowd struct {
	known   []int64
	unknown int
	count   int
}

const packVersion = 1

var packedSources = []ReachSource{"", SourceBot, SourceRSC, SourceTenant}

func (p *packer) source(s ReachSource) { p.number(int64(slices.Index(packedSources, s))) }

func (u *unpacker) source() ReachSource {
	n := u.number()
	if n < 0 || n >= int64(len(packedSources)) {
		u.failed = true
		return ""
	}
	return packedSources[n]
}

func (p *packer) heads(h headcount) {
	for i := range memberKinds {
		p.number(int64(h.all[i]))
		p.number(int64(h.unnamed[i]))
	}
}

func (u *unpacker) heads() (h headcount) {
	for i := range memberKinds {
		h.all[i], h.unnamed[i] = int(u.number()), int(u.number())
	}
	return h
}

func (p *packer) crowd(c crowd) {
	p.people(c.known)
	p.number(int64(c.unknown))
	p.number(int64(c.count))
}

func (u *unpacker) crowd(c *crowd) {
	c.known = u.people(c.known)
	c.unknown, c.count = int(u.number()), int(u.number())
}

func (c *publicationPack) pack() []byte {
	p := packer{packVersion}
	p.text(c.title)
	p.text(c.entryID)
	p.text(c.campaign)
	flags := int64(0)
	if c.withdrawn {
		flags |= 1
	}
	if c.sealed {
		flags |= 2
	}
	p.number(flags)
	p.people(c.elsewhere)
	p.heads(c.members)
	for _, n := range []int{c.reacted, c.replied, c.acknowledged, c.acted, len(c.posts)} {
		p.number(int64(n))
	}
	for i := range c.posts {
		o := &c.posts[i]
		p.number(o.post)
		p.number(o.channel)
		p.text(o.audience)
		p.number(int64(o.on))
		p.source(o.source)
		p.heads(o.members)
		p.source(o.signals)
		p.number(int64(o.signalsOn))
		p.crowd(o.reacted)
		p.crowd(o.replied)
		p.people(o.acks)
		p.number(int64(o.ackedCount))
		p.number(int64(o.acted))
	}
	return p
}

// unpack reads what pack wrote. It may be called again and again on the same value, whose lists it reuses.
func (c *publicationPack) unpack(packed string) error {
	if packed == "" || packed[0] != packVersion {
		return errPacked
	}
	u := unpacker{b: packed[1:]}
	c.title, c.entryID, c.campaign = u.text(), u.text(), u.text()
	flags := u.number()
	c.withdrawn, c.sealed = flags&1 != 0, flags&2 != 0
	c.elsewhere = u.people(c.elsewhere)
	c.members = u.heads()
	c.reacted, c.replied, c.acknowledged, c.acted = int(u.number()), int(u.number()), int(u.number()), int(u.number())
	n := u.number()
	if n < 0 || n > int64(len(u.b)) {
		return errPacked
	}
	if int(n) > cap(c.posts) {
		c.posts = append(c.posts[:cap(c.posts)], make([]postPack, int(n)-cap(c.posts))...)
	}
	c.posts = c.posts[:n]
	for i := range c.posts {
		o := &c.posts[i]
		o.post, o.channel, o.audience = u.number(), u.number(), u.text()
		o.on, o.source, o.members = Date(u.number()), u.source(), u.heads()
		o.signals, o.signalsOn = u.source(), Date(u.number())
		u.crowd(&o.reacted)
		u.crowd(&o.replied)
		o.acks = u.people(o.acks)
		o.ackedCount, o.acted = int(u.number()), int(u.number())
	}
	if u.failed || u.b != "" {
		return errPacked
	}
	return nil
}

// seal forgets who reacted and replied, and keeps how many did.
func (c *publicationPack) seal() {
	c.sealed = true
	for i := range c.posts {
		c.posts[i].reacted.known, c.posts[i].replied.known = nil, nil
	}
}
