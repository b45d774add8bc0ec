package teams

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// UserScope is the permission that a person's token for the tab must carry. Teams asks for it when the app registration
// exposes it ("Enable SSO for tab apps").
const UserScope = "access_as_user"

// publicAuthority signs people in, in the public cloud.
const publicAuthority = "https://login.microsoftonline.com"

// ClientApps are the application ids of Teams itself, which the app registration authorises to ask for UserScope, so
// that nobody is asked for consent.
func ClientApps() []string {
	return []string{
		"1fec8e78-bce4-4aaf-ab1b-5451cc387264", // desktop and mobile
		"5e3ce6c0-2b1f-4285-8d4b-75ee78787346", // web
	}
}

// UserAudience is the application id URI that tokens for the tab are made out to: api://{host}/{app id}. host is that of the
// public address, without a port.
func UserAudience(host, appID string) string {
	return "api://" + strings.ToLower(host) + "/" + strings.ToLower(appID)
}

// UserMetadataURL is the OpenID metadata of a tenant's sign-in. authority is AZURE_AUTHORITY_HOST, empty for the public cloud.
func UserMetadataURL(authority, tenantID string) string {
	return authorityOr(authority) + "/" + url.PathEscape(tenantID) + "/v2.0/.well-known/openid-configuration"
}

func authorityOr(authority string) string {
	if authority == "" {
		return publicAuthority
	}
	return strings.TrimSuffix(authority, "/")
}

// UserVerifierConfig says whose sign-ins to believe. Without AppID, TenantID or Keys every token is refused.
type UserVerifierConfig struct {
	AppID     string // the app registration, of the bot and the tab
	TenantID  string // the own tenant: nobody of another one gets in
	Host      string // of the public address; see UserAudience
	Authority string // as for UserMetadataURL
	Keys      Keys   // of the tenant's sign-in
	Now       func() time.Time
}

// UserVerifier checks the tokens that Teams gets for a person who opens the tab (single sign-on). It is safe for
// concurrent use.
type UserVerifier struct {
	cfg       UserVerifierConfig
	issuers   []string
	audiences []string
	parser    *jwt.Parser
}

// NewUserVerifier returns a UserVerifier for cfg.
func NewUserVerifier(cfg UserVerifierConfig) *UserVerifier {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	// Which of the two an app registration gives depends on its requestedAccessTokenVersion. China's cloud has a
	// token service of its own.
	first := "https://sts.windows.net/"
	authority := authorityOr(cfg.Authority)
	if strings.HasSuffix(authority, ".chinacloudapi.cn") || strings.HasSuffix(authority, ".partner.microsoftonline.cn") {
		first = "https://sts.chinacloudapi.cn/"
	}
	return &UserVerifier{
		cfg:       cfg,
		issuers:   []string{authority + "/" + cfg.TenantID + "/v2.0", first + cfg.TenantID + "/"},
		audiences: []string{UserAudience(cfg.Host, cfg.AppID), strings.ToLower(cfg.AppID)},
		parser:    newParser(),
	}
}

// Authenticate checks the value of an Authorization header and returns the AAD object id, in lower case, of the person
// whom it speaks for: a person of the own tenant, guests included, who was signed in for this app. The error is always an
// *AuthError: 401, or 403 for a sound token of another tenant.
func (v *UserVerifier) Authenticate(ctx context.Context, authorization string) (objectID string, err error) {
	if v.cfg.AppID == "" || v.cfg.TenantID == "" || v.cfg.Keys == nil {
		return "", unauthorized("no app id, tenant or key set is configured, so nobody can be signed in")
	}
	token, err := bearer(authorization)
	if err != nil {
		return "", err
	}
	claims, _, _, err := signedClaims(ctx, v.parser, v.cfg.Keys, token)
	if err != nil {
		return "", err
	}
	expires, err := instant(claims, "exp")
	if err != nil || expires.IsZero() {
		return "", unauthorized("no usable expiry in the token")
	}
	notBefore, err := instant(claims, "nbf")
	if err != nil {
		return "", unauthorized("unreadable not-before time in the token")
	}
	if err := validAt(v.cfg.Now(), notBefore, expires); err != nil {
		return "", err
	}
	audience, err := claims.GetAudience()
	if err != nil || !slices.ContainsFunc(audience, func(s string) bool { return slices.Contains(v.audiences, strings.ToLower(s)) }) {
		return "", unauthorized("wrong audience")
	}
	if tenant, _ := claims["tid"].(string); !strings.EqualFold(tenant, v.cfg.TenantID) {
		return "", forbidden("the token is of another tenant")
	}
	if issuer, err := claims.GetIssuer(); err != nil || !slices.Contains(v.issuers, issuer) {
		return "", unauthorized("wrong issuer")
	}
	// A program's own token has roles instead of scopes, and an id token has neither.
	scopes, _ := claims["scp"].(string)
	if !slices.Contains(strings.Fields(scopes), UserScope) {
		return "", unauthorized("the token does not carry " + UserScope)
	}
	id, _ := claims["oid"].(string)
	if id == "" {
		return "", unauthorized("the token names nobody")
	}
	return strings.ToLower(id), nil
}
