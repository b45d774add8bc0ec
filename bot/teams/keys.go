package teams

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// PublicMetadataURL is the OpenID metadata of the public cloud's Bot Framework.
const PublicMetadataURL = "https://login.botframework.com/v1/.well-known/openidconfiguration"

const (
	keysEvery        = 24 * time.Hour   // "Authentication with the Bot Connector API": refresh at least daily
	keysTimeout      = 10 * time.Second // one refresh: two small documents
	keysRetryFirst   = time.Second
	keysRetryMost    = 5 * time.Minute
	maxMetadata      = 64 << 10
	maxKeyDocument   = 1 << 20 // the live one is about 30 KB
	minKeyBits       = 2048
	maxKeyBits       = 8192 // a larger key would only make each check slow
	unknownKidEvery  = time.Minute
	unknownKidBursts = 3
)

// KeySetConfig says where the signing keys are.
type KeySetConfig struct {
	MetadataURL string // OpenID metadata; empty means PublicMetadataURL. https, or http on a loopback host
	HTTP        *http.Client
	Now         func() time.Time
	Logger      *slog.Logger
}

// KeySet is the Bot Framework's set of signing keys. The last good set serves while its host is down. It is safe for concurrent use.
type KeySet struct {
	metadata *url.URL
	http     *http.Client
	now      func() time.Time
	log      *slog.Logger
	unknown  *rate.Limiter // refreshes caused by unknown key ids, which strangers can invent

	mu      sync.RWMutex
	keys    map[string]Key
	pending *refresh
}

// refresh is one fetch in flight, shared by all who wait for it.
type refresh struct {
	done chan struct{}
	err  error
}

// NewKeySet returns an empty key set; Run or Refresh fills it.
func NewKeySet(cfg KeySetConfig) (*KeySet, error) {
	if cfg.MetadataURL == "" {
		cfg.MetadataURL = PublicMetadataURL
	}
	metadata, err := url.Parse(cfg.MetadataURL)
	if err != nil || metadata.Host == "" {
		return nil, fmt.Errorf("OpenID metadata URL %q is not a URL: give the address of the cloud's openidconfiguration", cfg.MetadataURL)
	}
	if !secureURL(metadata) {
		return nil, fmt.Errorf("OpenID metadata URL %q is not https: keys fetched in clear text cannot be trusted", cfg.MetadataURL)
	}
	if cfg.HTTP == nil {
		cfg.HTTP = http.DefaultClient
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	client := *cfg.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &KeySet{
		metadata: metadata,
		http:     &client,
		now:      cfg.Now,
		log:      cfg.Logger,
		unknown:  rate.NewLimiter(rate.Every(unknownKidEvery), unknownKidBursts),
	}, nil
}

// secureURL says whether a secret or a key may travel to or from u: https, or any scheme on this machine.
func secureURL(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Loaded says whether any keys have been fetched.
func (s *KeySet) Loaded() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.keys) > 0
}

// Key finds a key. An unknown id fetches the set anew, at most once a minute with bursts of three; callers that arrive during a
// fetch share it.
func (s *KeySet) Key(ctx context.Context, kid string) (Key, error) {
	if key, ok := s.lookup(kid); ok {
		return key, nil
	}
	wait, started := s.join(false)
	if wait == nil {
		return Key{}, s.missing(nil)
	}
	if started {
		go s.run(wait)
	}
	select {
	case <-wait.done:
	case <-ctx.Done():
		return Key{}, ctx.Err()
	}
	if key, ok := s.lookup(kid); ok {
		return key, nil
	}
	return Key{}, s.missing(wait.err)
}

func (s *KeySet) lookup(kid string) (Key, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	key, ok := s.keys[kid]
	return key, ok
}

func (s *KeySet) missing(cause error) error {
	if s.Loaded() {
		return ErrUnknownKey
	}
	if cause != nil {
		return fmt.Errorf("no signing keys yet: %w", cause)
	}
	return errors.New("no signing keys yet: the OpenID metadata host has not answered")
}

// Refresh fetches the set now, or waits for the fetch in flight. The keys stay as they were when it fails.
func (s *KeySet) Refresh(ctx context.Context) error {
	wait, started := s.join(true)
	if started {
		go s.run(wait)
	}
	select {
	case <-wait.done:
		return wait.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// join returns the fetch in flight, or a new one that the caller must run. Without force it returns nil when unknown key ids
// have used up their share.
func (s *KeySet) join(force bool) (wait *refresh, started bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending != nil {
		return s.pending, false
	}
	if !force && !s.unknown.AllowN(s.now(), 1) {
		return nil, false
	}
	s.pending = &refresh{done: make(chan struct{})}
	return s.pending, true
}

// run is detached from the caller that started it: others wait for the same answer.
func (s *KeySet) run(r *refresh) {
	ctx, cancel := context.WithTimeout(context.Background(), keysTimeout)
	defer cancel()
	keys, err := s.fetch(ctx)
	s.mu.Lock()
	if err == nil {
		s.keys = keys
	}
	s.pending = nil
	s.mu.Unlock()
	r.err = err
	close(r.done)
}

// Run keeps the set fresh until ctx is done: at once, daily, and sooner again after a failure.
func (s *KeySet) Run(ctx context.Context) {
	retry := keysRetryFirst
	for {
		wait := keysEvery
		if err := s.Refresh(ctx); err == nil {
			retry = keysRetryFirst
		} else if ctx.Err() == nil {
			s.log.WarnContext(ctx, "signing keys could not be fetched; the last good ones stay in use",
				"error", err, "loaded", s.Loaded(), "retry_in", retry)
			wait, retry = retry, min(2*retry, keysRetryMost)
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

func (s *KeySet) fetch(ctx context.Context) (map[string]Key, error) {
	var metadata struct {
		JWKSURI string `json:"jwks_uri"`
	}
	if err := s.get(ctx, s.metadata, maxMetadata, &metadata); err != nil {
		return nil, fmt.Errorf("OpenID metadata: %w", err)
	}
	address, err := url.Parse(metadata.JWKSURI)
	if err != nil || address.Host == "" {
		return nil, errors.New("OpenID metadata: jwks_uri is missing or not a URL")
	}
	if address.Scheme != "https" && !(secureURL(address) && loopback(s.metadata.Hostname())) {
		return nil, errors.New("OpenID metadata: jwks_uri is not https")
	}
	var document struct {
		Keys []jwk `json:"keys"`
	}
	if err := s.get(ctx, address, maxKeyDocument, &document); err != nil {
		return nil, fmt.Errorf("signing keys: %w", err)
	}
	keys := make(map[string]Key, len(document.Keys))
	for _, k := range document.Keys {
		if key, ok := k.key(); ok {
			keys[k.Kid] = key
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("signing keys: no usable RSA key in the document")
	}
	return keys, nil
}

func (s *KeySet) get(ctx context.Context, address *url.URL, limit int64, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return err
	}
	res, err := s.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %d", address.Host, res.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return err
	}
	if int64(len(body)) > limit {
		return fmt.Errorf("%s sent more than %d bytes", address.Host, limit)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s did not send the expected JSON", address.Host)
	}
	return nil
}

// jwk is one key of a JWKS document (RFC 7517) with the Bot Framework's endorsements.
type jwk struct {
	Kty          string   `json:"kty"`
	Use          string   `json:"use"`
	Kid          string   `json:"kid"`
	N            string   `json:"n"`
	E            string   `json:"e"`
	Endorsements []string `json:"endorsements"`
}

func (k jwk) key() (Key, bool) {
	if k.Kty != "RSA" || k.Kid == "" || k.Use != "" && k.Use != "sig" {
		return Key{}, false
	}
	n, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(k.N, "="))
	if err != nil {
		return Key{}, false
	}
	e, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(k.E, "="))
	if err != nil || len(e) == 0 || len(e) > 4 {
		return Key{}, false
	}
	modulus := new(big.Int).SetBytes(n)
	exponent := new(big.Int).SetBytes(e).Int64()
	if bits := modulus.BitLen(); bits < minKeyBits || bits > maxKeyBits {
		return Key{}, false
	}
	if exponent < 3 || exponent > 1<<31-1 || exponent%2 == 0 {
		return Key{}, false
	}
	return Key{Public: &rsa.PublicKey{N: modulus, E: int(exponent)}, Endorsements: k.Endorsements}, true
}
