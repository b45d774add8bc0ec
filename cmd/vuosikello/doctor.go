package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/store"
)

// doctorCmd checks the installation by trying what the bot needs.
type doctorCmd struct {
	serveCmd
	Privacy bool `help:"Only list the personal data that the database holds, why and how long."`
}

// checkTimeout bounds each check.
const checkTimeout = 20 * time.Second

// remedy is what a failed check says: what is wrong, what to do and who can do it.
type remedy struct {
	err error
	who string
}

func (c *doctorCmd) Run(env *environment) error {
	if c.Privacy {
		return c.privacy(env)
	}
	failed := 0
	for _, check := range []struct {
		name string
		run  func(context.Context, *environment) (string, *remedy)
	}{
		{"settings", c.settings},
		{"database", c.database},
		{"credential", c.credential},
		{"signing keys", c.signingKeys},
		{"tab", c.tab},
		{"bot", c.running},
		{"people and channels", c.plan},
	} {
		ctx, cancel := context.WithTimeout(env.ctx, checkTimeout)
		said, problem := check.run(ctx, env)
		cancel()
		if problem == nil {
			fmt.Fprintf(env.stdout, "ok       %s: %s\n", check.name, said)
			continue
		}
		failed++
		fmt.Fprintf(env.stdout, "PROBLEM  %s: %v (who can mend it: %s)\n", check.name, problem.err, problem.who)
	}
	if !c.graph(env) {
		failed++
	}
	if failed > 0 {
		return fmt.Errorf("%d checks failed; see above", failed)
	}
	return nil
}

const (
	whoRunsIt = "whoever runs the program"
	whoEntra  = "an application administrator in Entra ID"
)

func (c *doctorCmd) settings(_ context.Context, env *environment) (string, *remedy) {
	p, err := c.checked(env)
	if err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	if p.local {
		return "local mode, no account needed", nil
	}
	for _, v := range []struct{ name, value string }{{"AZURE_CLIENT_ID", c.ClientID}, {"AZURE_TENANT_ID", c.TenantID}} {
		if !isGUID(v.value) {
			return "", &remedy{fmt.Errorf("%s is %q: set it to the GUID of the bot's app registration", v.name, v.value), whoRunsIt}
		}
	}
	return "complete", nil
}

func (c *doctorCmd) database(ctx context.Context, env *environment) (string, *remedy) {
	if _, err := os.Stat(c.Database); errors.Is(err, os.ErrNotExist) {
		return c.Database + " does not exist yet; it is made when the bot starts", nil
	}
	db, err := c.open(env)
	if err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	defer db.Close()
	if err := db.Check(ctx); err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	if err := db.Ping(ctx); err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	size, err := db.Size()
	if err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	return fmt.Sprintf("%s is sound and can be written, %d KiB", c.Database, size/1024), nil
}

func (c *doctorCmd) credential(ctx context.Context, env *environment) (string, *remedy) {
	if local, err := c.local(); local && err == nil {
		return "not needed in local mode", nil
	}
	credential, err := teams.NewCredential(env.getenv, &http.Client{Timeout: checkTimeout})
	if err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	if _, err := teams.NewTokenSource(credential, teams.Scope).Token(ctx); err != nil {
		return "", &remedy{fmt.Errorf("%s: no token for the Bot Connector: %w", credential.Kind, err), whoEntra}
	}
	said := credential.Kind + " gives tokens for the Bot Connector"
	if !credential.NotAfter.IsZero() {
		said += ", the certificate ends " + credential.NotAfter.Format(time.DateOnly)
	}
	return said, nil
}

func (c *doctorCmd) signingKeys(ctx context.Context, env *environment) (string, *remedy) {
	if local, err := c.local(); local && err == nil {
		return "not needed in local mode", nil
	}
	log, err := c.logger(env.stderr)
	if err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	keys, err := teams.NewKeySet(teams.KeySetConfig{MetadataURL: c.OpenIDMetadataURL, HTTP: &http.Client{Timeout: checkTimeout}, Logger: log})
	if err == nil {
		err = keys.Refresh(ctx)
	}
	if err != nil {
		return "", &remedy{fmt.Errorf("%w; check VUOSIKELLO_OPENID_METADATA_URL, HTTPS_PROXY and the firewall", err), whoRunsIt}
	}
	return "loaded from the platform", nil
}

func (c *doctorCmd) running(ctx context.Context, _ *environment) (string, *remedy) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.AdminListen+"/readyz", nil)
	if err != nil {
		return "", &remedy{fmt.Errorf("VUOSIKELLO_ADMIN_LISTEN: %w", err), whoRunsIt}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "not running on this machine at " + c.AdminListen, nil
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", &remedy{fmt.Errorf("it is running but not ready; see http://%s/readyz", c.AdminListen), whoRunsIt}
	}
	return "running and ready at " + c.AdminListen, nil
}

func (c *doctorCmd) plan(ctx context.Context, env *environment) (string, *remedy) {
	if _, err := os.Stat(c.Database); err != nil {
		return "nothing yet", nil
	}
	p, err := c.parse()
	if err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	db, err := c.open(env)
	if err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	defer db.Close()
	var problem *remedy
	said := ""
	err = db.Read(ctx, func(tx *store.Tx) error {
		installed, _, err := tx.InstalledTeams()
		if err != nil {
			return err
		}
		groups, err := tx.BoundChannels(store.WorkingGroup, "")
		if err != nil {
			return err
		}
		holders, err := tx.RoleHolders(store.DateOf(p.now()))
		if err != nil {
			return err
		}
		count := map[store.Role]int{}
		for _, h := range holders {
			count[h.Role]++
		}
		said = fmt.Sprintf("%d teams, %d working-group channels, %d admins by role, %d in communications", installed, len(groups), count[store.RoleAdmin], count[store.RoleCommunications])
		switch {
		case installed == 0:
			problem = &remedy{errors.New("the app is not installed in any team: upload the app package and add it to a team"), "a Teams administrator, then a team owner"}
		case count[store.RoleAdmin] == 0 && c.Admins == "":
			problem = &remedy{errors.New("nobody is admin: set VUOSIKELLO_ADMINS"), whoRunsIt}
		case len(groups) == 0:
			problem = &remedy{errors.New("no channel is bound to the working group, so reminders have nowhere to go: write in a channel '@Vuosikello kanava työryhmä'"), "an admin of vuosikello"}
		case count[store.RoleCommunications] == 0:
			problem = &remedy{errors.New("nobody has the communications role: write '@Vuosikello rooli viestintä @nimi'"), "an admin of vuosikello"}
		}
		return nil
	})
	if err != nil {
		return "", &remedy{err, whoRunsIt}
	}
	return said, problem
}
