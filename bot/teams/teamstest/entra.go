package teamstest

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Entra is a stand-in for Entra ID: its token endpoint, good enough for azidentity's client secret and certificate credentials with
// instance discovery off, and its signing keys with the tokens of people who are signed in. It speaks TLS with a certificate of its
// own; see Client and WriteCertificate.
type Entra struct {
	// Authority is the value for AZURE_AUTHORITY_HOST.
	Authority string

	tenant, client, secret string
	server                 *httptest.Server

	mu      sync.Mutex
	down    bool
	issued  map[string]string // token to scope
	key     SigningKey
	exposed map[string]bool // application id URIs, nil: any
}

// NewEntra starts an Entra that knows one app registration; Close stops it.
func NewEntra(tenantID, clientID, secret string) *Entra {
	e := &Entra{tenant: tenantID, client: clientID, secret: secret, issued: make(map[string]string), key: SigningKey{Kid: "entra-1", Private: firstKey()}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", e.configuration)
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", e.token)
	mux.HandleFunc("GET /{tenant}/discovery/v2.0/keys", e.keys)
	e.server = httptest.NewTLSServer(mux)
	e.Authority = e.server.URL + "/"
	return e
}

// Close stops the server.
func (e *Entra) Close() { e.server.Close() }

// Client is an HTTP client that trusts the server's certificate.
func (e *Entra) Client() *http.Client { return e.server.Client() }

// Certificate is the server's certificate.
func (e *Entra) Certificate() *x509.Certificate { return e.server.Certificate() }

// WriteCertificate writes the server's certificate to a PEM file, for another process's SSL_CERT_FILE.
func (e *Entra) WriteCertificate(path string) error {
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: e.server.Certificate().Raw})
	if err := os.WriteFile(path, block, 0o600); err != nil {
		return fmt.Errorf("stand-in's certificate: %w", err)
	}
	return nil
}

// SetDown makes the server answer 503, or serve again.
func (e *Entra) SetDown(down bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.down = down
}

// Issued is the number of tokens given out so far.
func (e *Entra) Issued() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.issued)
}

// Authorized says whether an Authorization header holds a token given out for the scope.
func (e *Entra) Authorized(scope string) func(header string) bool {
	return func(header string) bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		token, ok := strings.CutPrefix(header, "Bearer ")
		return ok && e.issued[token] == scope
	}
}

func (e *Entra) configuration(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("tenant") != e.tenant {
		refuse(w, http.StatusBadRequest, "invalid_tenant", "AADSTS90002: Tenant not found. Check the tenant id.")
		return
	}
	base := e.server.URL + "/" + e.tenant
	respond(w, http.StatusOK, map[string]string{
		"issuer":                 base + "/v2.0",
		"authorization_endpoint": base + "/oauth2/v2.0/authorize",
		"token_endpoint":         base + "/oauth2/v2.0/token",
		"jwks_uri":               base + "/discovery/v2.0/keys",
	})
}

func (e *Entra) keys(w http.ResponseWriter, _ *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	respond(w, http.StatusOK, map[string]any{"keys": []any{e.key.public()}})
}

// Expose makes these application id URIs the only ones that the app registration has, beside those of Microsoft.
func (e *Entra) Expose(audiences ...string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.exposed = map[string]bool{}
	for _, a := range audiences {
		e.exposed[a] = true
	}
}

// UserClaims are those of a token that Teams gets for a person's tab, of the version that the app registration asks for: 1
// or 2. audience is the application id URI; a token of version 2 has the app id in its place.
func (e *Entra) UserClaims(version int, audience, objectID string, now time.Time) map[string]any {
	c := map[string]any{
		"aud": audience, "iss": "https://sts.windows.net/" + e.tenant + "/", "ver": "1.0", "appid": "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
		"tid": e.tenant, "oid": objectID, "scp": "access_as_user", "name": "Testi Henkilö",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(),
	}
	if version == 2 {
		c["aud"], c["iss"], c["ver"] = e.client, e.server.URL+"/"+e.tenant+"/v2.0", "2.0"
		c["azp"] = c["appid"]
		delete(c, "appid")
	}
	return c
}

// Sign signs claims with the key that is published.
func (e *Entra) Sign(claims map[string]any) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return SignWith(jwt.SigningMethodRS256, e.key.Private, map[string]any{"kid": e.key.Kid}, claims)
}

func (e *Entra) token(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	proof := r.PostFormValue("client_secret") == e.secret || r.PostFormValue("client_assertion") != ""
	switch {
	case e.down:
		w.WriteHeader(http.StatusServiceUnavailable)
	case r.PathValue("tenant") != e.tenant:
		refuse(w, http.StatusBadRequest, "invalid_request", "AADSTS90002: Tenant not found. Check the tenant id.")
	case r.PostFormValue("client_id") != e.client:
		refuse(w, http.StatusUnauthorized, "unauthorized_client", "AADSTS700016: Application not found in the directory.")
	case !proof:
		refuse(w, http.StatusUnauthorized, "invalid_client", "AADSTS7000215: Invalid client secret provided. Ensure it is the value and not the id.")
	case r.PostFormValue("grant_type") != "client_credentials":
		refuse(w, http.StatusBadRequest, "unsupported_grant_type", "AADSTS70003: The grant type is not supported.")
	default:
		// MSAL adds the OpenID scopes to the one asked for.
		scope := ""
		for s := range strings.FieldsSeq(r.PostFormValue("scope")) {
			if strings.HasSuffix(s, "/.default") {
				scope = s
			}
		}
		if resource := strings.TrimSuffix(scope, "/.default"); strings.HasPrefix(resource, "api://") && e.exposed != nil && !e.exposed[resource] {
			refuse(w, http.StatusBadRequest, "invalid_resource", "AADSTS500011: The resource principal named "+resource+" was not found in the tenant.")
			return
		}
		token := fmt.Sprintf("stand-in-token-%d", len(e.issued)+1)
		e.issued[token] = scope
		respond(w, http.StatusOK, map[string]any{
			"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": token,
		})
	}
}

func refuse(w http.ResponseWriter, status int, code, description string) {
	respond(w, status, map[string]string{"error": code, "error_description": description})
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The error is that of a client gone away.
	_ = json.NewEncoder(w).Encode(body)
}
