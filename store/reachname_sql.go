package store

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// PublicationsTitled returns the publications whose title is text, else those whose title has it in it, the newest first,
// at most limit.
func (tx *Tx) PublicationsTitled(text string, limit int) ([]PublicationReach, error) {
	key := Key(text)
	latest := map[int64]PublicationReach{}
	rows, err := tx.query(`SELECT content_id, title, published_at, entry_id IS NOT NULL FROM content_version WHERE published_at IS NOT NULL ORDER BY content_id, version`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var p PublicationReach
		var at int64
		if err := rows.Scan(&p.ContentID, &p.Title, &at, &p.Planned); err != nil {
			return nil, err
		}
		p.PublishedAt = time.UnixMilli(at)
		if first, ok := latest[p.ContentID]; ok {
			p.PublishedAt = first.PublishedAt
		}
		latest[p.ContentID] = p
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var same, within []PublicationReach
	for _, p := range latest {
		switch title := Key(p.Title); {
		case title == key:
			same = append(same, p)
		case strings.Contains(title, key):
			within = append(within, p)
		}
	}
	if len(same) == 0 {
		same = within
	}
	slices.SortFunc(same, func(a, b PublicationReach) int {
		return cmp.Or(b.PublishedAt.Compare(a.PublishedAt), cmp.Compare(b.ContentID, a.ContentID))
	})
	return same[:min(len(same), limit)], nil
}

// CampaignDays returns the first and the last day of a campaign's entries, zero for a campaign without any.
func (tx *Tx) CampaignDays(campaign string) (first, last Date, err error) {
	entries, err := tx.Entries(EntryFilter{Campaign: campaign})
	for _, e := range entries {
		occurrences := e.Occurrences()
		if len(occurrences) == 0 {
			continue
		}
		if from := occurrences[0].Start; first == 0 || from < first {
			first = from
		}
		last = max(last, occurrences[len(occurrences)-1].End)
	}
	return first, last, err
}

// ReachAudience returns an audience as it is spelt where it is bound to a channel, or where a publication went to it, and
// reports whether there is one.
func (tx *Tx) ReachAudience(name string) (string, bool, error) {
	var found string
	ok, err := tx.scan(`SELECT name FROM binding WHERE kind = 'audience' AND name_key = $1 LIMIT 1`, []any{Key(name)}, &found)
	if ok || err != nil {
		return found, ok, err
	}
	lists, err := collect(tx, scanString, `SELECT DISTINCT audience FROM post WHERE kind = 'publication' AND audience <> ''`)
	if err != nil {
		return "", false, err
	}
	all := map[string]string{}
	for _, list := range lists {
		for _, n := range splitNames(list) {
			all[Key(n)] = n
		}
	}
	found, ok = all[Key(name)]
	return found, ok, nil
}

// ReachNames returns what can be asked about: the campaigns and the audiences.
func (tx *Tx) ReachNames() ([]string, error) {
	// Each key that entries have, by its index.
	names, err := collect(tx, scanString, `WITH RECURSIVE k(key) AS (SELECT min(campaign_key) FROM entry WHERE campaign_key > '' AND removed_at IS NULL
			UNION ALL SELECT (SELECT min(e.campaign_key) FROM entry e WHERE e.campaign_key > k.key AND e.removed_at IS NULL) FROM k WHERE k.key IS NOT NULL)
		SELECT (SELECT campaign FROM entry e WHERE e.campaign_key = k.key AND e.removed_at IS NULL LIMIT 1) FROM k WHERE k.key IS NOT NULL
		UNION SELECT name FROM binding WHERE kind = 'audience'`)
	seen := map[string]string{}
	for _, n := range names {
		seen[Key(n)] = n
	}
	return slices.Sorted(maps.Values(seen)), err
}
