package bot_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
)

// lines are the log's lines whose trace begins with the given one, as "message field=value …".
func (j *journal) lines(tb testing.TB, trace string, fields ...string) (found []string) {
	tb.Helper()
	for line := range strings.SplitSeq(strings.TrimSpace(j.String()), "\n") {
		var fact map[string]any
		if err := json.Unmarshal([]byte(line), &fact); err != nil {
			tb.Fatalf("%s: %v", line, err)
		}
		if got, _ := fact["trace"].(string); got == "" || !strings.HasPrefix(got, trace) {
			continue
		}
		text, _ := fact["msg"].(string)
		for _, f := range fields {
			if v, ok := fact[f].(string); ok {
				text += " " + f + "=" + v
			}
		}
		found = append(found, text)
	}
	return found
}

// One search finds what an activity did, the posts that came of it, and what the Connector answered for each of them.
func TestTrace(t *testing.T) {
	t.Parallel()
	w := MustWorld(t)
	w.faults(teamstest.Fault{Status: 503})
	contains(t, w.say(w.pro, mia, "tarve Ajanvarauksen ohje puuttuu").text(), "Työryhmä")
	s := w.posted(w.wg.ConversationID, 1)
	w.post(w.Message(w.pro, mia, "Hei kaikki, tarve mainittiin")) // which leaves no line
	w.logs.await(t, "post sent")
	w.click(w.wg, mia, s, cards.VerbNeedAccept, map[string]any{"comment": ""})
	w.stop()

	traces := map[string]string{}
	for line := range strings.SplitSeq(w.logs.String(), "\n") {
		var fact struct{ Msg, What, Trace string }
		if json.Unmarshal([]byte(line), &fact) == nil && fact.Msg == "activity handled" {
			traces[fact.What] = fact.Trace
		}
	}
	equal(t, "handled", slices.Sorted(maps.Keys(traces)), "command need", cards.VerbNeedAccept)
	life := w.logs.lines(t, traces["command need"], "kind", "what", "reason")
	slices.Sort(life) // the request is over when the first attempt may be, too
	equal(t, "the life of the post", life, "activity handled what=command need", "post created kind=need", "post retry kind=need reason=HTTP 503 Service Unavailable", "post sent kind=need")

	// The card that people see carries it too, for finding the message again.
	sent := w.conn.AwaitMatch(t, 1, func(r teamstest.Request) bool {
		return r.Op == "create" && r.Posted() && teams.BaseConversationID(r.ConversationID) == w.wg.ConversationID
	})
	contains(t, string(sent.Content), traces["command need"]+"-")
}
