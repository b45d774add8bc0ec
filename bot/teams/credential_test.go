package teams_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vuosikello/bot/teams"
	"vuosikello/bot/teams/teamstest"
)

func environment(pairs ...string) func(string) string {
	env := make(map[string]string)
	for i := 0; i < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return env[name] }
}

// writeCertificate makes a self-signed certificate and its key as one PEM file.
func writeCertificate(tb testing.TB, notAfter time.Time) string {
	tb.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bot"},
		NotBefore: notAfter.Add(-24 * time.Hour), NotAfter: notAfter,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		tb.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	content := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
	path := filepath.Join(tb.TempDir(), "bot.pem")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// The whole way: azidentity fetches a token from a private cloud, and the Connector accepts a post with it.
func TestCredentialsOpenTheConnector(t *testing.T) {
	entra := teamstest.NewEntra(tenantID, appID, "correct horse")
	defer entra.Close()
	connector := openConnector(t, teamstest.ConnectorConfig{Authorized: entra.Authorized(teams.Scope)})
	ends := time.Now().Add(40 * 24 * time.Hour).Truncate(time.Second)
	common := []string{"AZURE_TENANT_ID", tenantID, "AZURE_CLIENT_ID", appID, "AZURE_AUTHORITY_HOST", entra.Authority}
	cases := map[string][]string{
		"secret":      {"AZURE_CLIENT_SECRET", "correct horse"},
		"certificate": {"AZURE_CLIENT_CERTIFICATE_PATH", writeCertificate(t, ends)},
	}
	for kind, extra := range cases {
		t.Run(kind, func(t *testing.T) {
			credential, err := teams.NewCredential(environment(append(extra, common...)...), entra.Client())
			if err != nil {
				t.Fatal(err)
			}
			if credential.Kind != kind || kind == "certificate" && !credential.NotAfter.Equal(ends) {
				t.Errorf("%s until %v", credential.Kind, credential.NotAfter)
			}
			client := newClient(func(c *teams.ClientConfig) { c.Tokens = teams.NewTokenSource(credential, teams.Scope) })
			before := entra.Issued()
			for range 3 {
				if _, err := client.CreateThread(t.Context(), teams.PriorityPost, connector.ServiceURL, channelID, card); err != nil {
					t.Fatal(err)
				}
			}
			if n := entra.Issued() - before; n != 1 {
				t.Errorf("%d tokens for three posts", n)
			}
		})
	}
	t.Run("wrong secret", func(t *testing.T) {
		credential, err := teams.NewCredential(environment(append(common, "AZURE_CLIENT_SECRET", "wrong")...), entra.Client())
		if err != nil {
			t.Fatal(err)
		}
		client := newClient(func(c *teams.ClientConfig) { c.Tokens = teams.NewTokenSource(credential, teams.Scope) })
		_, err = client.CreateThread(t.Context(), teams.PriorityPost, connector.ServiceURL, channelID, card)
		failed := sendError(t, err)
		if failed.Outcome != teams.Retryable || !strings.Contains(err.Error(), "AADSTS7000215: Invalid client secret provided") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: %v", failed.Outcome, err)
		}
	})
}

func TestCredentialSettingsRefused(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.pem")
	if err := os.WriteFile(broken, []byte("not a certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		env  []string
		says string
	}{
		"a secret without a tenant":     {[]string{"AZURE_CLIENT_SECRET", "s", "AZURE_CLIENT_ID", appID}, "AZURE_TENANT_ID is not set"},
		"a secret without a client":     {[]string{"AZURE_CLIENT_SECRET", "s", "AZURE_TENANT_ID", tenantID}, "AZURE_CLIENT_ID is not set"},
		"a certificate that is missing": {[]string{"AZURE_CLIENT_CERTIFICATE_PATH", broken + "x", "AZURE_TENANT_ID", tenantID, "AZURE_CLIENT_ID", appID}, "AZURE_CLIENT_CERTIFICATE_PATH"},
		"a certificate that is none":    {[]string{"AZURE_CLIENT_CERTIFICATE_PATH", broken, "AZURE_TENANT_ID", tenantID, "AZURE_CLIENT_ID", appID}, "must hold a certificate and its private key"},
		"an authority in clear text":    {[]string{"AZURE_AUTHORITY_HOST", "http://login.example/"}, "must be an https address"},
		"a tenant that cannot be one":   {[]string{"AZURE_CLIENT_SECRET", "s", "AZURE_TENANT_ID", "a/b", "AZURE_CLIENT_ID", appID}, "tenant"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := teams.NewCredential(environment(c.env...), nil)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
		})
	}
	managed, err := teams.NewCredential(environment("AZURE_CLIENT_ID", appID), nil)
	if err != nil || managed.Kind != "managed identity" || !managed.NotAfter.IsZero() {
		t.Errorf("without secret and certificate: %+v, %v", managed, err)
	}
}
