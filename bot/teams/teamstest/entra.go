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
)

// Entra is a stand-in for Entra ID's token endpoint, good enough for azidentity's client secret and certificate credentials with
// instance discovery off. It speaks TLS with a certificate of its own; see Client and WriteCertificate.
type Entra struct {
	// Authority is the value for AZURE_AUTHORITY_HOST.
	Authority string

	tenant, client, secret string
	server                 *httptest.Server

	mu     sync.Mutex
	down   bool
	issued map[string]string // token to scope
}

// NewEntra starts an Entra that knows one app registration; Close stops it.
func NewEntra(tenantID, clientID, secret string) *Entra {
	e := &Entra{tenant: tenantID, client: clientID, secret: secret, issued: make(map[string]string)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", e.configuration)
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", e.token)
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
	base := e.server.URL + "/" + r.PathValue("tenant")
	respond(w, http.StatusOK, map[string]string{
		"issuer":                 base + "/v2.0",
		"authorization_endpoint": base + "/oauth2/v2.0/authorize",
		"token_endpoint":         base + "/oauth2/v2.0/token",
	})
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
