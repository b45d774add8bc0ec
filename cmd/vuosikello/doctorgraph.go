package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/graph"
	"vuosikello/store"
)

// graphTimeout bounds the trial of all permissions: each team is asked twice.
const graphTimeout = 2 * time.Minute

// permissionGives is what each permission is for, in the order in which doctor tells of them.
var permissionGives = map[string]string{
	"ChannelMember.Read.Group":       "who can see a channel",
	"ChannelMessage.Read.Group":      "reactions and replies to posts",
	"Reports.Read.All":               "the activity of teams",
	"Calendars.ReadWrite":            "Teams meetings in the host's calendar",
	"OnlineMeetings.ReadWrite.All":   "Teams meetings without a calendar",
	"OnlineMeetings.Read.All":        "finding the meetings whose attendance is read",
	"OnlineMeetingArtifact.Read.All": "attendance reports",
}

// graph tries the permissions to Microsoft Graph and prints, tier by tier, what works, what is missing and who can grant it. What is missing
// is no fault: the bot works without. It reports false when Graph could not be asked.
func (c *doctorCmd) graph(env *environment) bool {
	say := func(state, format string, args ...any) {
		fmt.Fprintf(env.stdout, "%-8s graph"+format+"\n", append([]any{state}, args...)...)
	}
	if c.GraphURL == "off" {
		say("ok", ": switched off by VUOSIKELLO_GRAPH_URL=off; reach comes from what the bot itself is told, and meetings are made by hand")
		return true
	}
	if local, err := c.local(); local && err == nil {
		say("ok", ": not used in local mode")
		return true
	}
	ctx, cancel := context.WithTimeout(env.ctx, graphTimeout)
	defer cancel()
	client, err := c.graphClient(env)
	if err != nil {
		say("PROBLEM", ": %v (who can mend it: %s)", err, whoRunsIt)
		return false
	}
	installed, host, err := c.whomToTryWith(ctx, env)
	if err != nil {
		say("PROBLEM", ": %v (who can mend it: %s)", err, whoRunsIt)
		return false
	}
	var channels []store.ChannelRef
	names := make(map[store.ChannelRef]string)
	for _, t := range installed {
		if t.AADGroupID == "" {
			say("unknown", ", per team: the team %q has not told its group id yet; let the bot run a while", t.Name)
			continue
		}
		ref := store.ChannelRef{GroupID: t.AADGroupID, ChannelID: t.ID} // a team's id is that of its General channel
		channels, names[ref] = append(channels, ref), t.Name
	}
	trials, err := client.Probe(ctx, channels, host)
	if err != nil {
		say("PROBLEM", ": %v (who can mend it: %s)", err, whoEntra)
		return false
	}
	say("ok", ", no consent: reminders, approvals, publications and acknowledgements need none")
	if len(channels) == 0 {
		say("unknown", ", per team: the app is in no team yet whose permissions could be tried")
	}
	asked := sayTeams(say, trials, names)
	if host == "" {
		say("unknown", ", tenant: meetings cannot be tried before somebody has a role, whose meetings they would be")
	}
	return sayTenant(say, trials) && asked
}

func (c *doctorCmd) graphClient(env *environment) (*graph.Client, error) {
	web := &http.Client{Timeout: checkTimeout}
	credential, err := teams.NewCredential(env.getenv, web)
	if err != nil {
		return nil, err
	}
	client, err := graph.New(graph.Config{Credential: credential, BaseURL: c.GraphURL, HTTP: web, Now: time.Now})
	if err != nil {
		return nil, fmt.Errorf("VUOSIKELLO_GRAPH_URL: %w", err)
	}
	return client, nil
}

// whomToTryWith are the teams that the app is in, and somebody who might hold a digi-quarter: a digimentor, or whoever has another role; ""
// when nobody has.
func (c *doctorCmd) whomToTryWith(ctx context.Context, env *environment) (installed []store.Team, host string, err error) {
	admins, err := guids(c.Admins)
	if err != nil {
		return nil, "", fmt.Errorf("VUOSIKELLO_ADMINS: %w", err)
	}
	if len(admins) > 0 {
		host = admins[0]
	}
	if _, err := os.Stat(c.Database); err != nil {
		return nil, host, nil
	}
	p, err := c.parse()
	if err != nil {
		return nil, "", err
	}
	db, err := c.open(env)
	if err != nil {
		return nil, "", err
	}
	defer db.Close()
	err = db.Read(ctx, func(tx *store.Tx) error {
		if installed, err = tx.Teams(""); err != nil {
			return err
		}
		holders, err := tx.RoleHolders(store.DateOf(p.now()))
		if err != nil {
			return err
		}
		for i, h := range holders {
			if i == 0 || h.Role == store.RoleDigimentor {
				host = h.Person.ID
			}
		}
		return nil
	})
	return installed, host, err
}

// sayTeams prints a line for each permission of teams and each way it went. It reports false when Graph could not be asked about one.
func sayTeams(say func(string, string, ...any), trials []graph.Trial, names map[store.ChannelRef]string) bool {
	asked := true
	for _, permission := range []string{"ChannelMember.Read.Group", "ChannelMessage.Read.Group"} {
		var works, byTenant int
		var missing []string
		who := ""
		for _, t := range trials {
			if t.Source != store.SourceRSC || t.Permission != permission {
				continue
			}
			switch {
			case t.Err == nil && t.ByTenant:
				byTenant++
			case t.Err == nil:
				works++
			case t.Err.Problem == store.GraphForbidden:
				missing, who = append(missing, names[t.Channel]), t.Who
			default:
				asked = sayUntold(say, "per team", permission+" in "+names[t.Channel], t.Err) && asked
			}
		}
		gives := permission + " (" + permissionGives[permission] + ")"
		if works > 0 {
			say("ok", ", per team: %s in %d of %d teams", gives, works, len(names))
		}
		if byTenant > 0 {
			say("ok", ", per team: %s in %d of %d teams by the administrator's consent for all", gives, byTenant, len(names))
		}
		if len(missing) > 0 {
			say("missing", ", per team: %s in %s (who can grant it: %s)", gives, strings.Join(missing, ", "), who)
		}
	}
	return asked
}

// sayTenant prints a line for each permission of the tenant, and one for the access policy when it is what is missing.
func sayTenant(say func(string, string, ...any), trials []graph.Trial) bool {
	asked, policy := true, ""
	for _, t := range trials {
		gives := t.Permission + " (" + permissionGives[t.Permission] + ")"
		switch {
		case t.Source != store.SourceTenant:
		case t.Err == nil:
			say("ok", ", tenant: %s", gives)
		case t.Err.Problem != store.GraphForbidden:
			asked = sayUntold(say, "tenant", t.Permission, t.Err) && asked
		case t.PolicyOnly:
			say("ok", ", tenant: %s, but see the application access policy", gives)
			policy = t.Err.Who
		default:
			say("missing", ", tenant: %s (who can grant it: %s)", gives, t.Who)
		}
	}
	if policy != "" {
		say("missing", ", tenant: an application access policy, without which the OnlineMeetings… permissions do nothing (who can grant it: %s)", policy)
	}
	return asked
}

// sayUntold prints that a permission could not be told. It reports true when that is nobody's fault.
func sayUntold(say func(string, string, ...any), tier, what string, err *store.GraphError) bool {
	if err.Problem != store.GraphNotFound {
		say("PROBLEM", ", %s: %s could not be tried: %v (who can mend it: %s)", tier, what, err, whoRunsIt)
		return false
	}
	say("unknown", ", %s: %s could not be tried: %v", tier, what, err)
	return true
}
