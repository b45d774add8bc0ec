package teamstest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"vuosikello/bot/teams"
)

// Login is a stand-in for the Bot Framework's login: it publishes signing keys and signs the tokens the Connector sends.
type Login struct {
	// MetadataURL is the OpenID metadata's address.
	MetadataURL string

	server *httptest.Server

	mu      sync.Mutex
	keys    []SigningKey
	down    bool
	fetches int
	serial  int
}

// SigningKey is a key of a Login.
type SigningKey struct {
	Kid          string
	Private      *rsa.PrivateKey
	Endorsements []string // nil publishes the key without a list
}

// firstKey is shared by all Logins of a process: making RSA keys takes longer than most tests.
var firstKey = sync.OnceValue(newRSA)

func newRSA() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// NewLogin starts a Login with one key endorsed for Teams; Close stops it.
func NewLogin() *Login {
	l := &Login{}
	l.add(firstKey(), []string{"msteams", "skype"})
	mux := http.NewServeMux()
	l.server = httptest.NewServer(mux)
	l.MetadataURL = l.server.URL + "/v1/.well-known/openidconfiguration"
	mux.HandleFunc("GET /v1/.well-known/openidconfiguration", l.serve(true, func() any {
		return map[string]any{
			"issuer":                                teams.Issuer,
			"jwks_uri":                              l.server.URL + "/v1/.well-known/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		}
	}))
	mux.HandleFunc("GET /v1/.well-known/keys", l.serve(false, func() any {
		published := []map[string]any{}
		for _, k := range l.keys {
			published = append(published, k.public())
		}
		return map[string]any{"keys": published}
	}))
	return l
}

// Close stops the server.
func (l *Login) Close() { l.server.Close() }

func (l *Login) serve(count bool, document func() any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		l.mu.Lock()
		defer l.mu.Unlock()
		if count {
			l.fetches++
		}
		if l.down {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		// The error is that of a client gone away.
		_ = json.NewEncoder(w).Encode(document())
	}
}

func (k SigningKey) public() map[string]any {
	e := big.NewInt(int64(k.Private.E)).Bytes()
	m := map[string]any{
		"kty": "RSA", "use": "sig", "kid": k.Kid, "x5t": k.Kid,
		"n": base64.RawURLEncoding.EncodeToString(k.Private.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(e),
	}
	if k.Endorsements != nil {
		m["endorsements"] = k.Endorsements
	}
	return m
}

func (l *Login) add(private *rsa.PrivateKey, endorsements []string) SigningKey {
	l.serial++
	key := SigningKey{Kid: fmt.Sprintf("key-%d", l.serial), Private: private, Endorsements: endorsements}
	l.keys = append(l.keys, key)
	return key
}

// AddKey publishes a new key with these endorsements beside the others and returns it. Tokens are signed with the newest.
func (l *Login) AddKey(endorsements []string) SigningKey {
	private := newRSA()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.add(private, endorsements)
}

// Rotate publishes a new key instead of all earlier ones and returns it.
func (l *Login) Rotate() SigningKey {
	private := newRSA()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keys = nil
	return l.add(private, []string{"msteams"})
}

// Replace publishes another key under the newest one's id.
func (l *Login) Replace() SigningKey {
	private := newRSA()
	l.mu.Lock()
	defer l.mu.Unlock()
	last := &l.keys[len(l.keys)-1]
	last.Private = private
	return *last
}

// Key is the newest key.
func (l *Login) Key() SigningKey {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.keys[len(l.keys)-1]
}

// SetDown makes the server answer 503, or serve again.
func (l *Login) SetDown(down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = down
}

// Fetches is how often the metadata was asked for.
func (l *Login) Fetches() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fetches
}

// Claims are those of a good token for this bot and service URL, valid from now for an hour.
func Claims(appID, serviceURL string, now time.Time) map[string]any {
	return map[string]any{
		"iss":        teams.Issuer,
		"aud":        appID,
		"serviceurl": serviceURL,
		"nbf":        now.Unix(),
		"exp":        now.Add(time.Hour).Unix(),
	}
}

// Token is a good token for this bot and service URL.
func (l *Login) Token(appID, serviceURL string) string {
	return l.Sign(Claims(appID, serviceURL, time.Now()))
}

// Sign signs claims with the newest key.
func (l *Login) Sign(claims map[string]any) string {
	key := l.Key()
	return SignWith(jwt.SigningMethodRS256, key.Private, map[string]any{"kid": key.Kid}, claims)
}

// SignWith signs claims with any method and key, and adds to the token's header, for tokens no login would give.
func SignWith(method jwt.SigningMethod, key any, header, claims map[string]any) string {
	t := jwt.NewWithClaims(method, jwt.MapClaims(claims))
	maps.Copy(t.Header, header)
	signed, err := t.SignedString(key)
	if err != nil {
		panic(fmt.Sprintf("teamstest: token cannot be signed: %v", err))
	}
	return signed
}
