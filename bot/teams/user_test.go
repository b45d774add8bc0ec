package teams_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
)

const tabHost = "vuosikello.example.fi"

// openTab is the check of people's tokens with the stand-in whose tokens it believes.
func openTab(t testing.TB) (*teamstest.Entra, *teams.UserVerifier) {
	t.Helper()
	entra := teamstest.NewEntra(tenantID, appID, "secret")
	t.Cleanup(entra.Close)
	keys, err := teams.NewKeySet(teams.KeySetConfig{MetadataURL: teams.UserMetadataURL(entra.Authority, tenantID), HTTP: entra.Client()})
	if err != nil {
		t.Fatal(err)
	}
	return entra, teams.NewUserVerifier(teams.UserVerifierConfig{AppID: appID, TenantID: tenantID, Host: tabHost, Authority: entra.Authority, Keys: keys})
}

func TestUserTokensAccepted(t *testing.T) {
	entra, v := openTab(t)
	audience := teams.UserAudience(tabHost, appID)
	for name, c := range map[string]struct {
		version int
		change  map[string]any
	}{
		"version 1":                     {1, nil},
		"version 2":                     {2, nil},
		"version 2 made out to the URI": {2, map[string]any{"aud": audience}},
		"several scopes":                {1, map[string]any{"scp": "openid access_as_user profile"}},
		"just expired, clocks differ":   {1, map[string]any{"exp": time.Now().Add(-4 * time.Minute).Unix()}},
		"an object id in upper case":    {1, map[string]any{"oid": "ABCDEF00-0000-4000-8000-000000000001"}},
	} {
		t.Run(name, func(t *testing.T) {
			claims := entra.UserClaims(c.version, audience, "abcdef00-0000-4000-8000-000000000001", time.Now())
			for k, value := range c.change {
				claims[k] = value
			}
			id, err := v.Authenticate(t.Context(), "Bearer "+entra.Sign(claims))
			if err != nil || id != "abcdef00-0000-4000-8000-000000000001" {
				t.Errorf("%q, %v", id, err)
			}
		})
	}
}

func TestUserTokensRefused(t *testing.T) {
	entra, v := openTab(t)
	other := "99999999-9999-4999-8999-999999999999"
	for name, c := range map[string]struct {
		change map[string]any
		status int
	}{
		"another tenant":             {map[string]any{"tid": other, "iss": "https://sts.windows.net/" + other + "/"}, http.StatusForbidden},
		"another tenant's issuer":    {map[string]any{"iss": "https://sts.windows.net/" + other + "/"}, http.StatusUnauthorized},
		"no tenant":                  {map[string]any{"tid": nil}, http.StatusForbidden},
		"a tenant that is a number":  {map[string]any{"tid": 7}, http.StatusForbidden},
		"the bot's issuer":           {map[string]any{"iss": teams.Issuer}, http.StatusUnauthorized},
		"another app":                {map[string]any{"aud": "api://" + tabHost + "/" + other}, http.StatusUnauthorized},
		"the app at another address": {map[string]any{"aud": "api://evil.example/" + appID}, http.StatusUnauthorized},
		"Graph":                      {map[string]any{"aud": "https://graph.microsoft.com"}, http.StatusUnauthorized},
		"no audience":                {map[string]any{"aud": nil}, http.StatusUnauthorized},
		"expired":                    {map[string]any{"exp": time.Now().Add(-6 * time.Minute).Unix()}, http.StatusUnauthorized},
		"no expiry":                  {map[string]any{"exp": nil}, http.StatusUnauthorized},
		"an expiry that is a text":   {map[string]any{"exp": "tomorrow"}, http.StatusUnauthorized},
		"not valid yet":              {map[string]any{"nbf": time.Now().Add(6 * time.Minute).Unix()}, http.StatusUnauthorized},
		"a program's own token":      {map[string]any{"scp": nil, "roles": []string{"access_as_user"}}, http.StatusUnauthorized},
		"an id token":                {map[string]any{"scp": nil}, http.StatusUnauthorized},
		"another scope":              {map[string]any{"scp": "access_as_user_not"}, http.StatusUnauthorized},
		"scopes as a list":           {map[string]any{"scp": []string{"access_as_user"}}, http.StatusUnauthorized},
		"nobody":                     {map[string]any{"oid": nil}, http.StatusUnauthorized},
		"somebody who is a number":   {map[string]any{"oid": 7}, http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			claims := entra.UserClaims(1, teams.UserAudience(tabHost, appID), "abcdef00-0000-4000-8000-000000000001", time.Now())
			for k, value := range c.change {
				if claims[k] = value; value == nil {
					delete(claims, k)
				}
			}
			wantRefused(t, v, "Bearer "+entra.Sign(claims), c.status)
		})
	}
	good := entra.UserClaims(1, teams.UserAudience(tabHost, appID), "abcdef00-0000-4000-8000-000000000001", time.Now())
	login := teamstest.NewLogin() // whose key has another id
	defer login.Close()
	for name, authorization := range map[string]string{
		"nothing":              "",
		"no bearer":            "Basic YWJj",
		"no signature":         "Bearer " + teamstest.SignWith(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, map[string]any{"kid": "entra-1"}, good),
		"the key as a secret":  "Bearer " + teamstest.SignWith(jwt.SigningMethodHS256, []byte("entra-1"), map[string]any{"kid": "entra-1"}, good),
		"an unknown key":       "Bearer " + login.Sign(good),
		"a demand (crit)":      "Bearer " + teamstest.SignWith(jwt.SigningMethodRS256, login.Key().Private, map[string]any{"kid": "entra-1", "crit": []string{"b64"}}, good),
		"an altered last byte": "Bearer " + entra.Sign(good) + "A",
	} {
		t.Run(name, func(t *testing.T) { wantRefused(t, v, authorization, http.StatusUnauthorized) })
	}
}

func wantRefused(t *testing.T, v *teams.UserVerifier, authorization string, status int) {
	t.Helper()
	id, err := v.Authenticate(t.Context(), authorization)
	var refused *teams.AuthError
	if !errors.As(err, &refused) || refused.Status != status || id != "" {
		t.Errorf("%q, %v; want status %d", id, err, status)
	}
}

// Nobody gets in where nothing says who may.
func TestUserVerifierUnconfigured(t *testing.T) {
	entra, _ := openTab(t)
	v := teams.NewUserVerifier(teams.UserVerifierConfig{})
	claims := entra.UserClaims(1, teams.UserAudience("", ""), "abcdef00-0000-4000-8000-000000000001", time.Now())
	claims["tid"], claims["iss"] = "", "https://sts.windows.net//"
	wantRefused(t, v, "Bearer "+entra.Sign(claims), http.StatusUnauthorized)
}

// Nothing but a token that the tenant's sign-in made lets anybody into the tab, whatever the header holds.
func FuzzUserAuthorization(f *testing.F) {
	entra, v := openTab(f)
	good := "Bearer " + entra.Sign(entra.UserClaims(2, teams.UserAudience(tabHost, appID), "abcdef00-0000-4000-8000-000000000001", time.Now()))
	f.Add(good)
	for _, change := range []map[string]any{{"aud": []any{1, nil}}, {"exp": "x"}, {"scp": 7}, {"oid": []string{}}, {"tid": nil}, {"iss": map[string]any{}}} {
		claims := entra.UserClaims(2, teams.UserAudience(tabHost, appID), "abcdef00-0000-4000-8000-000000000001", time.Now())
		for k, value := range change {
			claims[k] = value
		}
		f.Add("Bearer " + entra.Sign(claims))
	}
	f.Add("Bearer ..")
	f.Add("bearer eyJhbGciOiJub25lIn0.e30.")
	f.Fuzz(func(t *testing.T, header string) {
		id, err := v.Authenticate(t.Context(), header)
		var refused *teams.AuthError
		if err == nil && (id == "" || strings.Trim(header[7:], " ") != good[7:]) {
			t.Errorf("%q is let in by %q", id, header)
		}
		if err != nil && (!errors.As(err, &refused) || id != "") {
			t.Errorf("%q, %v", id, err)
		}
	})
}
