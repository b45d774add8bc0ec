package graph_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"strings"
	"testing"
	"time"

	"vuosikello/bot/teams"           //nolint:depguard // the credential that cmd gives to the client, tried with it
	"vuosikello/bot/teams/teamstest" //nolint:depguard // the one stand-in for Entra ID
	"vuosikello/graph"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

// The way of the real program: azidentity's client secret credential, tokens from Entra ID and Graph, all over TLS.
func TestTokensFromEntra(t *testing.T) {
	const tenant, app, secret = "77777777-0000-4000-8000-000000000000", "88888888-0000-4000-8000-000000000000", "stand-in-secret"
	entra := teamstest.NewEntra(tenant, app, secret)
	t.Cleanup(entra.Close)
	server := graphtest.NewTLS()
	t.Cleanup(server.Close)
	server.SetAuthorized(entra.Authorized(server.Scope()))

	roots := x509.NewCertPool()
	roots.AddCert(entra.Certificate())
	roots.AddCert(server.Certificate())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	web := &http.Client{Transport: transport, Timeout: time.Minute}

	newClient := func(secret string) *graph.Client {
		environment := map[string]string{
			"AZURE_TENANT_ID": tenant, "AZURE_CLIENT_ID": app, "AZURE_CLIENT_SECRET": secret, "AZURE_AUTHORITY_HOST": entra.Authority,
		}
		credential, err := teams.NewCredential(func(name string) string { return environment[name] }, web)
		if err != nil {
			t.Fatal(err)
		}
		client, err := graph.New(graph.Config{Credential: credential, BaseURL: server.URL, HTTP: web, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		return client
	}

	client := newClient(secret)
	server.SetPageSize(2)
	m := mustHold(t, server, client, crowd("r1", 5))
	if got, err := client.Attendance(t.Context(), &m); err != nil || len(got) != 1 || len(got[0].Records) != 5 {
		t.Fatalf("%v, %v", got, err)
	}
	if err := client.CancelMeeting(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if entra.Issued() != 1 {
		t.Errorf("%d tokens were fetched, want one for all requests", entra.Issued())
	}

	sent := len(server.Requests())
	_, err := newClient("another secret").CreateMeeting(t.Context(), request())
	wantProblem(t, err, store.GraphCredential)
	if s := err.Error(); !strings.Contains(s, "AADSTS7000215") || strings.Contains(s, "\n") || strings.Contains(s, "another secret") {
		t.Errorf("the error says %q, want Entra's reason in a line", s)
	}
	if len(server.Requests()) != sent {
		t.Error("Graph was asked without a token")
	}
}
