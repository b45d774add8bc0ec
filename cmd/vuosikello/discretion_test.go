package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
	"vuosikello/cards"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

// TestDiscretion plays a day with the real program at its most talkative, and then looks for everything that went in
// (names, addresses, ids, what people wrote, tokens, secrets, what other services said when they failed) in all that comes
// out for operators: its output, the figures, /readyz, and what doctor and version say.
func TestDiscretion(t *testing.T) {
	t.Parallel()
	const clientSecret = "Zq8Q~client-secret-of-the-app"
	rauha := teamstest.Person{ID: "29:1rauhanTunnus", AADObjectID: "77777777-aaaa-4777-8777-777777777777", Name: "Rauha Salainen", Email: "rauha.salainen@luottamus.example"}
	told := secrets{}
	told.add("name", rauha.Name, "Rauha", "Salainen", aino.Name, "Aalto", "Kerttu Kuiskaus", "Kuiskaus")
	told.add("address", rauha.Email, aino.Email)
	told.add("id", rauha.ID, rauha.AADObjectID, aino.ID, aino.AADObjectID)
	told.add("secret", clientSecret)

	cloud := openCloudOf(t, clientSecret)
	var tokens sync.Map
	authorized := cloud.entra.Authorized(teams.Scope)
	o := openOrganisation(t, 3, teamstest.ConnectorConfig{Authorized: func(header string) bool {
		tokens.Store(strings.TrimPrefix(header, "Bearer "), true)
		return authorized(header)
	}})
	o.team.Members = append(o.team.Members, rauha.Member(tenantID))
	o.connector.AddTeam(o.team)
	o.write(t, func(tx *store.Tx) error { return tx.GiveRole(aino.AADObjectID, store.RoleDigimentor, 0) })
	const quoted = "cannot serve Rauha Salainen: vapaa purkaus kahvihuoneesta"
	cloud.online.Disturb(graphtest.Fault{Status: http.StatusForbidden, Body: `{"error":{"code":"Forbidden","message":"` + quoted + `"}}`})
	s := cloud.settings(o.database).with(settings{"AZURE_CLIENT_SECRET": clientSecret, "VUOSIKELLO_ADMINS": aino.AADObjectID, "VUOSIKELLO_LOG_LEVEL": "debug", "VUOSIKELLO_REHEARSAL": benchNow,
		"VUOSIKELLO_PUBLIC_URL": "https://vuosikello.example", "VUOSIKELLO_SECRET_EXPIRES": "2026-03-20"})

	var stdout bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program(t), "serve")
	cmd.Env, cmd.Dir, cmd.Stdout = s.environ(), t.TempDir(), &stdout
	p := startCommand(t, cmd)
	p.awaitReady(t)

	bearer := cloud.login.Token(appID, o.connector.ServiceURL)
	told.add("token", bearer)
	post := func(a *teams.Activity, want int) []byte {
		t.Helper()
		status, body := teamstest.Post(t, p.messages(), "Bearer "+bearer, a)
		if status != want {
			t.Fatalf("%s %s was answered with %d: %s", a.Type, a.Name, status, body)
		}
		return body
	}
	group, management, readers := o.team.Channel(channelID(0)), o.team.Channel(channelID(1)), o.team.Channel(channelID(2))
	say := func(at teamstest.Place, who teamstest.Person, text string, others ...teamstest.Person) {
		t.Helper()
		before := o.connector.Posted()
		post(o.scene.Mention(at, who, text, others...), http.StatusOK)
		p.await(t, "answer to "+text, func() bool { return o.connector.Posted() > before })
	}
	// card waits for a message with that action, and returns where it is and the action's data.
	card := func(verb string, words ...string) (at teamstest.Place, id string, data map[string]any) {
		t.Helper()
		p.await(t, "card with "+verb, func() bool {
			for _, r := range o.connector.Requests() {
				if data = actionData(r.Content, verb); data == nil || r.ActivityID == "" || !r.Posted() {
					continue
				}
				at, id = group, r.ActivityID
				at.ConversationID = r.ConversationID
				for _, w := range words {
					if !bytes.Contains(r.Content, []byte(w)) {
						data = nil
					}
				}
				if data != nil {
					return true
				}
			}
			return false
		})
		return at, id, data
	}
	click := func(who teamstest.Person, verb string, at teamstest.Place, id string, data map[string]any, inputs map[string]any) {
		t.Helper()
		data = maps.Clone(data)
		maps.Copy(data, inputs)
		data["verb"] = verb
		post(o.scene.Click(at, who, id, verb, data), http.StatusOK)
	}

	// Installed, and set up.
	post(o.scene.Install(group, rauha), http.StatusOK)
	told.add("text", "Kuiskaajien kanava", "vapaa purkaus kahvihuoneesta", "potilas Kerttu Kuiskaus jonotti", "Salattu hanke Halko", "perustelu jota kukaan ei lue", "Digivartti hiljaisuudesta", "sanoin tämän luottamuksella", "hiljainen toive")
	say(group, aino, "kanava työryhmä")
	say(management, aino, "kanava johtoryhmä")
	say(readers, aino, "kanava Kuiskaajien kanava")
	say(group, aino, "rooli hyväksyjä @"+rauha.Name, rauha)
	say(group, aino, "kerro vapaa purkaus kahvihuoneesta")
	say(group, rauha, "tarve potilas Kerttu Kuiskaus jonotti")
	post(o.scene.Reaction(group, rauha, "1600000000001", "like"), http.StatusOK)
	post(o.scene.Message(group, rauha, "vapaa purkaus kahvihuoneesta, ei botille"), http.StatusOK)

	// A form with a mistake, then sent; and the approver returns it with a comment.
	say(teamstest.Personal(aino), aino, "uusi julkaisu")
	at, id, data := card(cards.VerbContentSubmit)
	text := map[string]any{"title": "Salattu hanke Halko", "body": "potilas Kerttu Kuiskaus jonotti", "audience": "Kuiskaajien kanava", "publishDate": "perustelu jota kukaan ei lue", "publishTime": "09:00", "entry": "none",
		"checkCopyright": "true", "checkPrivacy": "true", "checkLanguage": "true", "checkAccessibility": "true"}
	click(aino, cards.VerbContentSubmit, at, id, data, text)
	text["publishDate"] = "2026-03-16"
	click(aino, cards.VerbContentSubmit, at, id, data, text)
	at, id, data = card(cards.VerbReturn, "Halko")
	click(rauha, cards.VerbReturn, at, id, data, map[string]any{"comment": "perustelu jota kukaan ei lue"})

	// A session that somebody signs up for, comes to and comments on.
	say(readers, aino, "digivartti 2.3.2026 8.40 Digivartti hiljaisuudesta")
	at, id, data = card(cards.VerbSignUp)
	for _, verb := range []string{cards.VerbSignUp, cards.VerbJoin, cards.VerbFeedback} {
		click(rauha, verb, at, id, data, map[string]any{"rating": "2", "need": "sanoin tämän luottamuksella", "topic": "hiljainen toive"})
	}
	say(group, aino, "osallistujat")

	// Links: a good one, one that was tampered with, and the tab with a person's token.
	say(teamstest.Personal(aino), aino, "kalenteri")
	var link string
	p.await(t, "link to the calendar", func() bool {
		for _, r := range o.connector.Requests() {
			if _, rest, ok := strings.Cut(string(r.Content), "https://vuosikello.example/kello/"); ok {
				link = "/kello/" + strings.FieldsFunc(rest, func(c rune) bool { return c == '"' || c == '\\' })[0]
			}
		}
		return link != ""
	})
	path, query, _ := strings.Cut(link, "?")
	told.add("link", strings.TrimSuffix(filepath.Base(path), ".ics"))
	if _, signature, ok := strings.Cut(query, "="); ok {
		told.add("link", signature)
	}
	for _, url := range []string{link, link + "x", "/kello/vuosi/Salainen?nimi=Kuiskaus", "/tab?nimi=Kuiskaus"} {
		get(t, "http://"+p.public+url)
	}
	claims := cloud.entra.UserClaims(2, appID, rauha.AADObjectID, time.Now())
	claims["name"], claims["preferred_username"] = rauha.Name, rauha.Email
	user := cloud.entra.Sign(claims)
	told.add("token", user)
	request(t, http.MethodGet, "http://"+p.public+"/tab/page?view=year", user, "")

	// Strangers: tokens and bodies that are no good, with what must not be repeated in them.
	bad := "eyJhbGciOiJub25lIn0.eyJuYW1lIjoiUmF1aGEgU2FsYWluZW4ifQ.cGVydXN0ZWx1"
	told.add("token", bad, "eyJuYW1lIjoiUmF1aGEgU2FsYWluZW4ifQ")
	for _, authorization := range []string{"", "Bearer " + bad, "Bearer " + bearer[:len(bearer)-4] + "AAAA", "Basic UmF1aGE6U2FsYWluZW4="} {
		if status, _ := teamstest.Post(t, p.messages(), authorization, o.scene.Mention(group, rauha, "vapaa purkaus kahvihuoneesta")); status != http.StatusUnauthorized {
			t.Errorf("%.12s…: %d", authorization, status)
		}
	}
	for _, body := range []string{`{"type":"message","from":{"name":"Rauha Salainen"},"text":"vapaa purkaus`, `["Rauha Salainen"]`, `{"type":{"Rauha Salainen":1}}`} {
		if status := request(t, http.MethodPost, p.messages(), bearer, body); status != http.StatusBadRequest {
			t.Errorf("%s: %d", body, status)
		}
	}
	post(o.scene.Click(group, rauha, "1600000000001", "Rauha Salainen", map[string]any{"verb": "Rauha Salainen", "entry": []string{"Kuiskaus"}}), http.StatusOK)

	// A Connector that fails and quotes what it was given, as Graph does all the time.
	told.add("text", quoted)
	for _, fault := range []teamstest.Fault{{Status: 403, Code: teams.CodeBotNotInRoster, Message: quoted}, {Status: 400, Code: "BadArgument", Message: quoted}, {Status: 500, Code: "ServiceError", Message: quoted}, {Cut: teamstest.CutAnswer}} {
		o.connector.SetFault(func(*http.Request) teamstest.Fault { return fault })
		before := len(o.connector.Requests())
		post(o.scene.Mention(readers, rauha, "tarve potilas Kerttu Kuiskaus jonotti"), http.StatusOK)
		p.await(t, "refusal", func() bool { return len(o.connector.Requests()) > before })
	}
	o.connector.SetFault(nil)

	var output strings.Builder
	for _, page := range []string{"/metrics", "/readyz", "/healthz"} {
		_, body := get(t, "http://"+p.admin+page)
		output.WriteString(body)
	}
	run := func(args ...string) {
		out, errs, _ := once(t, s, args...) // doctor finds what is broken here, and says so by its status
		output.WriteString(out + errs)
	}
	plan := filepath.Join(t.TempDir(), "suunnitelma.csv")
	if err := os.WriteFile(plan, []byte("otsikko;alkaa;vastuu\nSalattu hanke Halko;ensi keväänä;Kerttu Kuiskaus\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs, status := once(t, s, "import", plan) // what is in the file it says to whoever has the file
	if status == 0 {
		t.Error("a file without a date was imported")
	}
	output.WriteString(errs)
	run("doctor")
	run("doctor", "--privacy")
	run("version", "--deps")
	run("audit", "--verify")
	if status := p.stop(t); status != 0 {
		t.Errorf("status %d", status)
	}
	log := p.log.String()
	if strings.Count(log, "\n") < 30 || !strings.Contains(log, "level=DEBUG") {
		t.Errorf("the log is not a talkative one: %s", log)
	}
	output.WriteString(log)
	output.Write(stdout.Bytes())
	tokens.Range(func(token, _ any) bool {
		if token != "" {
			told.add("token", fmt.Sprint(token))
		}
		return true
	})
	told.search(t, output.String())
}

// secrets are what must not be told, by what kind of thing it is.
type secrets map[string]string

func (s secrets) add(kind string, texts ...string) {
	for _, text := range texts {
		s[strings.ToLower(text)] = kind
	}
}

// search reports every secret that is in the output, with the line it is in.
func (s secrets) search(t *testing.T, output string) {
	t.Helper()
	for line := range strings.Lines(output) {
		lower := strings.ToLower(line)
		for text, kind := range s {
			if strings.Contains(lower, text) {
				t.Errorf("%s %q was told: %s", kind, text, line)
			}
		}
	}
}

// actionData is the data of the action of that verb in a posted card, nil when there is none.
func actionData(content []byte, verb string) (found map[string]any) {
	var card any
	if json.Unmarshal(content, &card) != nil {
		return nil
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if data, ok := v["data"].(map[string]any); ok && data["verb"] == verb {
				found = data
			}
			for _, e := range v {
				walk(e)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(card)
	return found
}

// request sends a request with a bearer token and returns the status of its answer.
func request(t *testing.T, method, url, token, body string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}
