package teams

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Issuer of the Bot Framework's tokens in the public cloud.
const Issuer = "https://api.botframework.com"

const (
	clockSkew = 5 * time.Minute // "Authentication with the Bot Connector API": industry-standard clock skew

	// maxToken bounds what is hashed and parsed for a stranger. Live tokens are about 1 KB; net/http allows 1 MB of headers.
	maxToken = 8 << 10

	// maxVerified bounds the memory of tokens already checked, about 300 bytes each. The Connector uses one token for
	// about an hour, so a handful are alive at a time.
	maxVerified = 4096
)

// AuthError says why a request was refused. Status is 401 for a token that is missing or not valid, 403 for a valid token that does not
// fit the activity. Reason is for the log: it holds nothing of the token or the activity.
type AuthError struct {
	Status int
	Reason string
}

func (e *AuthError) Error() string { return e.Reason }

func unauthorized(reason string) error { return &AuthError{http.StatusUnauthorized, reason} }
func forbidden(reason string) error    { return &AuthError{http.StatusForbidden, reason} }

// Key is one signing key of the Bot Framework. Endorsements are the channel ids it may sign for.
type Key struct {
	Public       *rsa.PublicKey
	Endorsements []string
}

// Keys finds a signing key by its id. It is asked for every request and must be fast for keys it knows. ErrUnknownKey means that there is no such
// key.
type Keys interface {
	Key(ctx context.Context, kid string) (Key, error)
}

// ErrUnknownKey is returned by Keys for a key id that is not in the set.
var ErrUnknownKey = errors.New("unknown signing key")

// VerifierConfig says whom to believe. Without AppID, TenantID or Keys every request is refused.
type VerifierConfig struct {
	AppID    string // the bot's app id: the audience
	TenantID string // the bot's own tenant
	Keys     Keys

	// Issuer is the expected issuer; empty means Issuer, the public cloud's.
	Issuer string

	// AllowSTSIssuer also accepts https://sts.windows.net/{TenantID}/, which one report gives for single-tenant bots.
	AllowSTSIssuer bool

	Now func() time.Time // nil means time.Now
}

// Verifier checks the tokens of incoming requests. It is safe for concurrent use.
type Verifier struct {
	cfg     VerifierConfig
	issuers []string
	parser  *jwt.Parser

	mu       sync.Mutex
	verified map[[sha256.Size]byte]*Caller
}

// Caller is what a valid token says. It is meaningful only together with the activity it came with; see Verifier.Authorize.
type Caller struct {
	kid         string
	key         *rsa.PublicKey
	serviceURLs []string
	notBefore   time.Time
	expires     time.Time
}

// NewVerifier returns a Verifier for cfg.
func NewVerifier(cfg VerifierConfig) *Verifier {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Issuer == "" {
		cfg.Issuer = Issuer
	}
	v := &Verifier{cfg: cfg, issuers: []string{cfg.Issuer}, verified: make(map[[sha256.Size]byte]*Caller)}
	if cfg.AllowSTSIssuer && cfg.TenantID != "" {
		v.issuers = append(v.issuers, "https://sts.windows.net/"+cfg.TenantID+"/")
	}
	v.parser = newParser()
	return v
}

// Verify checks the value of an Authorization header and that it fits the activity. The error is always an *AuthError.
func (v *Verifier) Verify(ctx context.Context, authorization string, a *Activity) error {
	c, err := v.Authenticate(ctx, authorization)
	if err != nil {
		return err
	}
	return v.Authorize(ctx, c, a)
}

// Authenticate checks the token alone: signature, algorithm, issuer, audience and times. It needs no body. A token that was seen
// before is not checked again while it is valid and its key is still in the key set. The error is always an *AuthError
// with status 401.
func (v *Verifier) Authenticate(ctx context.Context, authorization string) (*Caller, error) {
	if v.cfg.AppID == "" || v.cfg.TenantID == "" || v.cfg.Keys == nil {
		return nil, unauthorized("no app id, tenant or key set is configured, so nobody can be authenticated")
	}
	token, err := bearer(authorization)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(token))
	if c := v.recall(sum); c != nil {
		key, err := v.cfg.Keys.Key(ctx, c.kid)
		if err == nil && key.Public != nil && key.Public.Equal(c.key) {
			return c, nil
		}
		v.forget(sum)
	}
	c, err := v.parse(ctx, token)
	if err != nil {
		return nil, err
	}
	v.remember(sum, c)
	return c, nil
}

// bearer takes the token out of the header. The scheme's name has no case (RFC 9110, 11.1).
func bearer(authorization string) (string, error) {
	if authorization == "" {
		return "", unauthorized("no Authorization header")
	}
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", unauthorized("the Authorization scheme is not Bearer")
	}
	if token = strings.Trim(token, " "); token == "" {
		return "", unauthorized("empty bearer token")
	}
	if len(token) > maxToken {
		return "", unauthorized("bearer token too long")
	}
	return token, nil
}

func (v *Verifier) parse(ctx context.Context, token string) (*Caller, error) {
	claims, kid, key, err := signedClaims(ctx, v.parser, v.cfg.Keys, token)
	if err != nil {
		return nil, err
	}
	c := &Caller{kid: kid, key: key}
	if err := v.checkClaims(claims, c); err != nil {
		return nil, err
	}
	return c, nil
}

// newParser reads tokens that are signed with RS256, and nothing else. The claims are checked by their users, which have
// several issuers and no tolerance for wrong types.
func newParser() *jwt.Parser {
	return jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithoutClaimsValidation())
}

// signedClaims returns the claims of a token, unchecked, once its signature has been found good, and the key that made it.
// The error is always an *AuthError with status 401.
func signedClaims(ctx context.Context, parser *jwt.Parser, keys Keys, token string) (claims jwt.MapClaims, kid string, key *rsa.PublicKey, err error) {
	claims = jwt.MapClaims{}
	_, err = parser.ParseWithClaims(token, claims, func(t *jwt.Token) (any, error) {
		if _, found := t.Header["crit"]; found {
			return nil, unauthorized("the token demands extensions (crit) that are not understood")
		}
		var ok bool
		if kid, ok = t.Header["kid"].(string); !ok || kid == "" {
			return nil, unauthorized("no key id in the token")
		}
		k, err := keys.Key(ctx, kid)
		if err != nil {
			if errors.Is(err, ErrUnknownKey) {
				return nil, unauthorized("the token's key is not in the key set")
			}
			return nil, unauthorized(fmt.Sprintf("signing keys are not available: %v", err))
		}
		if k.Public == nil {
			return nil, unauthorized("the token's key has no public part")
		}
		key = k.Public
		return key, nil
	})
	if err != nil {
		return nil, "", nil, parseError(err)
	}
	return claims, kid, key, nil
}

// parseError turns the parser's errors, which may quote the token, into reasons that do not.
func parseError(err error) error {
	var own *AuthError
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, jwt.ErrTokenMalformed):
		return unauthorized("malformed token")
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return unauthorized("bad signature or algorithm")
	}
	return unauthorized("the token cannot be verified")
}

func (v *Verifier) checkClaims(claims jwt.MapClaims, c *Caller) error {
	issuer, err := claims.GetIssuer()
	if err != nil || !slices.Contains(v.issuers, issuer) {
		return unauthorized("wrong issuer")
	}
	audience, err := claims.GetAudience()
	if err != nil || !slices.ContainsFunc(audience, func(s string) bool { return strings.EqualFold(s, v.cfg.AppID) }) {
		return unauthorized("wrong audience")
	}
	if c.expires, err = instant(claims, "exp"); err != nil || c.expires.IsZero() {
		return unauthorized("no usable expiry in the token")
	}
	if c.notBefore, err = instant(claims, "nbf"); err != nil {
		return unauthorized("unreadable not-before time in the token")
	}
	for name, value := range claims {
		if !strings.EqualFold(name, "serviceurl") {
			continue
		}
		url, ok := value.(string)
		if !ok {
			return unauthorized("the token's service URL is not a text")
		}
		c.serviceURLs = append(c.serviceURLs, url)
	}
	return v.checkTimes(c)
}

// instant reads a NumericDate. Zero means that the claim is absent. Values beyond the year 9999 are refused: converting
// them would wrap around.
func instant(claims jwt.MapClaims, name string) (time.Time, error) {
	value, found := claims[name]
	if !found {
		return time.Time{}, nil
	}
	seconds, ok := value.(float64)
	if !ok || seconds < 1 || seconds > 253402300799 {
		return time.Time{}, errors.New("not a date")
	}
	return time.Unix(int64(seconds), 0), nil
}

func (v *Verifier) checkTimes(c *Caller) error { return validAt(v.cfg.Now(), c.notBefore, c.expires) }

func validAt(now, notBefore, expires time.Time) error {
	if !now.Before(expires.Add(clockSkew)) {
		return unauthorized("expired token")
	}
	if now.Before(notBefore.Add(-clockSkew)) {
		return unauthorized("token not valid yet")
	}
	return nil
}

// Authorize checks that the token fits the activity: the same service URL, a key endorsed for the activity's channel, and the bot's own
// tenant. The error is always an *AuthError with status 403.
func (v *Verifier) Authorize(ctx context.Context, c *Caller, a *Activity) error {
	want := strings.TrimSuffix(a.ServiceURL, "/")
	if want == "" {
		return forbidden("the activity has no service URL")
	}
	if len(c.serviceURLs) == 0 {
		return forbidden("no service URL in the token")
	}
	for _, url := range c.serviceURLs {
		if strings.TrimSuffix(url, "/") != want {
			return forbidden("the token is for another service URL")
		}
	}
	key, err := v.cfg.Keys.Key(ctx, c.kid)
	if err != nil || a.ChannelID == "" || !slices.Contains(key.Endorsements, a.ChannelID) {
		return forbidden("the token's key is not endorsed for the activity's channel")
	}
	inData, inConversation := a.TeamsData().Tenant.ID, a.Conversation.TenantID
	if inData == "" && inConversation == "" {
		return forbidden("the activity names no tenant")
	}
	for _, tenant := range []string{inData, inConversation} {
		if tenant != "" && !strings.EqualFold(tenant, v.cfg.TenantID) {
			return forbidden("the activity comes from another tenant")
		}
	}
	return nil
}

func (v *Verifier) recall(sum [sha256.Size]byte) *Caller {
	v.mu.Lock()
	defer v.mu.Unlock()
	c := v.verified[sum]
	if c != nil && v.checkTimes(c) != nil {
		delete(v.verified, sum)
		return nil
	}
	return c
}

func (v *Verifier) forget(sum [sha256.Size]byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.verified, sum)
}

// remember keeps a token whose signature was good. When full, expired tokens go first, else any one: the price is one more
// signature check.
func (v *Verifier) remember(sum [sha256.Size]byte, c *Caller) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.verified) >= maxVerified {
		for old, known := range v.verified {
			if v.checkTimes(known) != nil {
				delete(v.verified, old)
			}
		}
	}
	if len(v.verified) >= maxVerified {
		for old := range v.verified {
			delete(v.verified, old)
			break
		}
	}
	v.verified[sum] = c
}
