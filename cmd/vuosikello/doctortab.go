package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"vuosikello/bot/teams"
)

// noSuchResource is what Entra ID says when no application of the tenant has that application id URI.
const noSuchResource = "AADSTS500011"

// tab checks what signs people in to the tab, as far as it can be seen without them: where its keys are, and that the app
// registration has the application id URI. The scope and the authorised clients it can only tell.
func (c *doctorCmd) tab(ctx context.Context, env *environment) (string, *remedy) {
	if local, err := c.local(); local && err == nil {
		return "opens without signing in, at http://" + c.Listen + "/tab", nil
	}
	if c.PublicURL == "" {
		return "not in use: VUOSIKELLO_PUBLIC_URL is not set", nil
	}
	log, err := c.logger(env.stderr)
	if err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	web := &http.Client{Timeout: checkTimeout}
	s := &service{log: log}
	if _, err := c.signIn(s, env, web); err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	if err := s.people.Refresh(ctx); err != nil {
		return "", &remedy{fmt.Errorf("keys of the tenant's sign-in: %w; check AZURE_TENANT_ID, AZURE_AUTHORITY_HOST, HTTPS_PROXY and the firewall", err), whoRunsIt}
	}
	credential, err := teams.NewCredential(env.getenv, web)
	if err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	host, err := c.publicHost()
	if err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	audience := teams.UserAudience(host, c.ClientID)
	rest := fmt.Sprintf("it must expose the scope %s and authorise the clients %s for it (Expose an API), which cannot be seen from here", teams.UserScope, strings.Join(teams.ClientApps(), " and "))
	switch _, err := teams.NewTokenSource(credential, audience+"/.default").Token(ctx); {
	case err == nil:
		return "the app registration has the application id URI " + audience + "; " + rest, nil
	case strings.Contains(err.Error(), noSuchResource):
		return "", &remedy{fmt.Errorf("no app registration has the application id URI %s: set it under Expose an API; %s", audience, rest), whoEntra}
	default:
		return fmt.Sprintf("whether the app registration has the application id URI %s could not be tried (%v); %s", audience, err, rest), nil
	}
}
