package export

import (
	"strings"

	"vuosikello/store"
)

// reachColumns, one row for each publication and channel. What they mean, for whoever builds a report on them:
//
//	date            day of the publication, the first time that it went out
//	publication_id  stays the same through corrections; the same number as in approvals (id)
//	title           of the newest published version
//	campaign        of the entry behind it, as the year clock has it now; empty without one
//	channel         "Team / Channel"; empty for a publication that is in no Teams channel
//	audience        the publication's audiences that this channel was bound to when it went out, joined by ", "
//	members         people who could see the channel, without guests and external ones; empty: never read
//	guests          guests among those who could see it
//	external        people of other organisations (shared channels)
//	reacted         different people with a reaction on the post now
//	replied         different people who replied in its thread; empty: not known, since only Graph tells
//	acknowledged    different people who pressed the card's button in this channel
//	source          where members, guests and external came from: bot, rsc (team's consent) or tenant (organisation's consent)
//	members_on      the day of members, guests and external: that of the publication, or the nearest look to it
//	unnamed         how many of members, guests and external have no id
//	acted           different people who reacted, replied or acknowledged
//	signals_source  where reacted and replied came from; bot: the reactions that the bot was told of
//	signals_on      the day when Graph told them; empty for bot
//	missing         permissions that the last look at the channel lacked, joined by ", "
//	grant           who can grant them: team owner, administrator
//	planned         false: no entry of the year clock stands behind the publication
//	withdrawn       true: it was taken back
//
// Rows must not be added up to numbers of people: somebody who is in two channels is in two rows. The command
// tavoittavuus counts each person once.
var reachColumns = []column{{"date", false}, {"publication_id", false}, {"title", true}, {"campaign", true}, {"channel", true}, {"audience", true},
	{"members", false}, {"guests", false}, {"external", false}, {"reacted", false}, {"replied", false}, {"acknowledged", false}, {"source", false},
	{"members_on", false}, {"unnamed", false}, {"acted", false}, {"signals_source", false}, {"signals_on", false}, {"missing", false}, {"grant", false},
	{"planned", false}, {"withdrawn", false}}

// reachRows yields every publication in each of its channels.
func reachRows(tx *store.Tx, yield func([]any) error) error {
	return tx.ReachRows(func(r *store.ReachRow) error {
		row := []any{date(r.PublishedAt), r.ContentID, r.Title, r.Campaign, r.Channel.FullName(), r.Audience, "", "", "", "", "", "", "", r.MembersOn.String(), "", "", "", r.SignalsOn.String(),
			"", "", r.Planned, r.Withdrawn}
		if r.MembersOn != 0 {
			row[6], row[7], row[8], row[12], row[14] = int64(r.Members), int64(r.Guests), int64(r.External), string(r.Source), int64(r.Unnamed)
		}
		if r.Channel.ID != "" {
			row[9], row[11], row[15], row[16] = int64(r.Reacted), int64(r.Acknowledged), int64(r.Acted), string(r.SignalsSource)
			if r.Replies {
				row[10] = int64(r.Replied)
			}
			row[18], row[19] = missing(r.MembersWhy, r.SignalsWhy)
		}
		return yield(row)
	})
}

// missing returns the permissions that are missing, and who can grant them.
func missing(whys ...string) (permissions, who string) {
	var names, grants []string
	seen := map[string]bool{}
	for _, why := range whys {
		problem, permission, _ := strings.Cut(why, " ")
		if problem != string(store.GraphForbidden) || seen[permission] {
			continue
		}
		seen[permission] = true
		names = append(names, permission)
		grant := "administrator"
		if strings.HasSuffix(permission, ".Group") {
			grant = "team owner"
		}
		if !seen[grant] {
			seen[grant] = true
			grants = append(grants, grant)
		}
	}
	return strings.Join(names, ", "), strings.Join(grants, ", ")
}
