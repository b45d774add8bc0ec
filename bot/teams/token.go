package teams

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// Scope of the token the Connector wants, in the public cloud.
const Scope = "https://api.botframework.com/.default"

const (
	tokenEarly   = 5 * time.Minute  // renew this long before expiry
	tokenTimeout = 20 * time.Second // one renewal, retries of the credential included
	tokenRetry   = 30 * time.Second // between renewals that fail while the old token is still good
)

// errToken marks failures to get the bot's own token.
var errToken = errors.New("the bot's own access token could not be fetched; check the app registration's secret or certificate")

// TokenSource gives the bot's access token. It is called for every request and must be fast while a token is valid.
type TokenSource interface {
	Token(ctx context.Context) (string, error)
}

// NewTokenSource makes a TokenSource of an azidentity credential. It keeps the token until five minutes before it
// expires, and uses it to the end when it cannot be renewed.
func NewTokenSource(credential azcore.TokenCredential, scope string) TokenSource {
	return &tokenCache{credential: credential, scope: scope, renewing: make(chan struct{}, 1)}
}

type tokenCache struct {
	credential azcore.TokenCredential
	scope      string
	renewing   chan struct{} // holds one item while a renewal runs

	mu      sync.RWMutex
	current azcore.AccessToken
	retryAt time.Time
}

func (c *tokenCache) Token(ctx context.Context) (string, error) {
	if token := c.usable(); token != "" {
		return token, nil
	}
	select {
	case c.renewing <- struct{}{}:
		defer func() { <-c.renewing }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if token := c.usable(); token != "" {
		return token, nil // renewed by the one before us
	}
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	fresh, err := c.credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{c.scope}})
	if err != nil {
		c.mu.Lock()
		c.retryAt = time.Now().Add(tokenRetry)
		c.mu.Unlock()
		if token := c.usable(); token != "" {
			return token, nil
		}
		return "", fmt.Errorf("access token for %s: %s", c.scope, credentialReason(err))
	}
	c.mu.Lock()
	c.current, c.retryAt = fresh, time.Time{}
	c.mu.Unlock()
	return fresh.Token, nil
}

// usable is the current token, unless it has expired or ought to be renewed first; "" then.

func (c *tokenCache) usable() string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	now := time.Now()
	left := c.current.ExpiresOn.Sub(now)
	if c.current.Token != "" && (left > tokenEarly || left > 0 && now.Before(c.retryAt)) {
		return c.current.Token
	}
	return ""
}
