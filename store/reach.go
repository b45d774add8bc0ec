package store

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Reach is what is known of how far publications went: how many people could see them (their audience), and how many
// reacted, replied or acknowledged. Nobody can tell who saw or read a post, and nothing here says so.
//
// People are counted once: somebody in three channels, or in the audiences of five publications, is one person. Guests and
// external people (whose home is another organisation) are counted apart; somebody who is a member somewhere counts as a
// member. Members without an id are counted in each channel, since they cannot be told apart.
//
// Who can see a channel is looked up once a day, and a publication is reckoned by the day it was posted: by the last look
// until then, or, when there was none yet, by the first look after it.

// Headcount is how many different people.
type Headcount struct {
	Members  int // without guests and external ones
	Guests   int
	External int
	Unnamed  int // how many of all these have no id, and may be counted several times
}

// All returns everybody.
func (h Headcount) All() int { return h.Members + h.Guests + h.External }

func (h headcount) public() Headcount {
	return Headcount{Members: h.all[kindMember], Guests: h.all[kindGuest], External: h.all[kindExternal], Unnamed: h.unnamed[0] + h.unnamed[1] + h.unnamed[2]}
}

// Responses are how many different people did what. Replies is false where the replies to some posts are not known: then
// Replied is a lower bound.
type Responses struct {
	Reacted, Replied, Acknowledged int
	Acted                          int // any of these
	Replies                        bool
}

// ReachRow is a publication in one channel.
type ReachRow struct {
	ContentID   int64
	Title       string
	Campaign    string
	PublishedAt time.Time
	Planned     bool // a clock entry stands behind it
	Withdrawn   bool
	Channel     Channel // only names and ids; without an ID when no channel is known
	Audience    string  // names of the audiences that it went there for, joined by ", "
	MembersOn   Date    // the day of the members, zero: they were never read
	Source      ReachSource
	Headcount
	Responses
	SignalsSource ReachSource // SourceBot: reactions that the bot was told of
	SignalsOn     Date        // when Graph told them, zero for SourceBot
	MembersWhy    string      // why the last look got no members from Graph, "" when it did; see ReachTried
	SignalsWhy    string
}

// ReachGroup is the reach of some publications together: all, or those of a channel, an audience or a campaign.
type ReachGroup struct {
	Name         string // "" for all
	Publications int
	Headcount
	Responses

	// Exposed adds up everybody who could see each publication in each channel, and Responded those of them who did
	// something: their quotient is the share that Share returns.
	Exposed, Responded int
}

// Share returns how large a part of those who could see a publication did something with it, on average. It reports false
// when nobody could see any.
func (g *ReachGroup) Share() (float64, bool) {
	return float64(g.Responded) / float64(max(g.Exposed, 1)), g.Exposed > 0
}

// PublicationReach is a publication as a whole.
type PublicationReach struct {
	ContentID   int64
	Title       string
	PublishedAt time.Time
	Planned     bool // a clock entry stands behind it
	Withdrawn   bool
	Channels    int
	Headcount
	Responses
}

// ReachSourceUse is from where the members of how many channels are known.
type ReachSourceUse struct {
	Source   ReachSource
	Channels int
}

// ReachGap is something that is missing, and in how many channels.
type ReachGap struct {
	Why      string // as Tx.ReachTried recorded it
	Signals  bool   // reactions and replies; else members
	Channels int
}

// ReachReport is what is known of the publications that a filter selects.
type ReachReport struct {
	Total        ReachGroup
	Channels     []ReachGroup // by number of people, the largest first
	Audiences    []ReachGroup
	Campaigns    []ReachGroup
	Publications []PublicationReach // the newest first
	Unplanned    int                // publications without a clock entry
	Unreached    int                // publications that are in no channel
	Sealed       int                // publications whose people are forgotten: they are in no count of different people
	Unread       int                // channels whose members were never read
	Sources      []ReachSourceUse
	Gaps         []ReachGap
	Teams        []ActiveTeam // activity in the teams of these channels, the most active first; those that are known
	TeamsWhy     string       // why the organisation's report told nothing of teams the last time; "" when it did or was not asked for
	OldestLook   Date         // the oldest day among the last looks at these channels, zero when there is none
	OldChannels  int          // channels whose last look gave nothing new: their numbers are of an earlier day
}

// A channel stands out when its people responded at least half as often again, or at most half as often, as those of all
// the channels together, and that is more than twice what chance would make of it (the square root of the expected number).
// At least standOutChannels channels must be compared, and at least standOutExpected responses expected, or there is
// nothing to stand out from.
const (
	standOutRatio    = 1.5
	standOutChance   = 2
	standOutChannels = 3
	standOutExpected = 5
)

// StandingOut returns the channels that stand out, the most extreme first.
func (r *ReachReport) StandingOut() (high, low []ReachGroup) {
	if len(r.Channels) < standOutChannels {
		return nil, nil
	}
	var exposed, responded int
	for i := range r.Channels {
		exposed, responded = exposed+r.Channels[i].Exposed, responded+r.Channels[i].Responded
	}
	if responded == 0 {
		return nil, nil
	}
	for _, c := range r.Channels {
		expected := float64(c.Exposed) * float64(responded) / float64(exposed)
		if expected < standOutExpected || math.Abs(float64(c.Responded)-expected) <= standOutChance*math.Sqrt(expected) {
			continue
		}
		switch got := float64(c.Responded); {
		case got >= standOutRatio*expected:
			high = append(high, c)
		case got <= expected/2:
			low = append(low, c)
		}
	}
	share := func(g ReachGroup) float64 { s, _ := g.Share(); return s }
	slices.SortStableFunc(high, func(a, b ReachGroup) int { return cmp.Compare(share(b), share(a)) })
	slices.SortStableFunc(low, func(a, b ReachGroup) int { return cmp.Compare(share(a), share(b)) })
	return high, low
}

// reactionNames are the emoji that Graph writes for the reactions which the platform tells the bot by name.
var reactionNames = map[string]string{"👍": "like", "❤": "heart", "❤️": "heart", "😆": "laugh", "😮": "surprised", "😢": "sad", "😡": "angry"}

// reactionKind is the one name of a reaction.
func reactionKind(s string) string {
	if name, ok := reactionNames[s]; ok {
		return name
	}
	return s
}

// SessionReach is a session, how many different people its invitations could reach, and what came of them.
type SessionReach struct {
	ID    int64
	Title string
	Start time.Time
	Headcount
	Reacted int
	Turnout
}

// SessionsReach is the sessions of some days together.
type SessionsReach struct {
	Sessions  []SessionReach // the newest first
	SignedUp  int            // different people who signed up and did not cancel
	Attended  int            // different named people who came
	Anonymous int            // who came without being named, added up
}
