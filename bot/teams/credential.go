package teams

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// Environment variables of the credential; the names are azidentity's own.
const (
	envTenant       = "AZURE_TENANT_ID"
	envClient       = "AZURE_CLIENT_ID"
	envSecret       = "AZURE_CLIENT_SECRET"
	envCertificate  = "AZURE_CLIENT_CERTIFICATE_PATH"
	envCertPassword = "AZURE_CLIENT_CERTIFICATE_PASSWORD"
	envAuthority    = "AZURE_AUTHORITY_HOST"
)

// Credential is how the bot proves to Entra ID who it is. Both the Connector's and Graph's tokens come from it.
type Credential struct {
	azcore.TokenCredential

	// Kind is "secret", "certificate" or "managed identity".
	Kind string

	// NotAfter is the end of the certificate's validity; zero for the other kinds, whose end cannot be seen from here.
	NotAfter time.Time
}

// publicAuthorities are the hosts that Microsoft's authentication library knows as its own clouds. It asks the public cloud whether
// any other host is genuine (instance discovery), which cannot succeed for a private one.
var publicAuthorities = map[string]bool{
	"login.microsoftonline.com":        true,
	"login.microsoft.com":              true,
	"login.windows.net":                true,
	"sts.windows.net":                  true,
	"login.microsoftonline.us":         true,
	"login-us.microsoftonline.com":     true,
	"login.usgovcloudapi.net":          true,
	"login.partner.microsoftonline.cn": true,
	"login.chinacloudapi.cn":           true,
	"login.microsoftonline.de":         true,
	"login.sovcloud-identity.fr":       true,
	"login.sovcloud-identity.de":       true,
	"login.sovcloud-identity.sg":       true,
}

// NewCredential chooses a credential by the environment: a secret when AZURE_CLIENT_SECRET is set, else a certificate (PEM or PFX) when
// AZURE_CLIENT_CERTIFICATE_PATH is, else a managed identity, the one of AZURE_CLIENT_ID when that is set. It does not
// touch the network. client is used for token requests; nil means azidentity's own.
func NewCredential(getenv func(string) string, client *http.Client) (*Credential, error) {
	options, discover, err := clientOptions(getenv(envAuthority), client)
	if err != nil {
		return nil, err
	}
	tenant, id := getenv(envTenant), getenv(envClient)
	switch {
	case getenv(envSecret) != "":
		if err := requireIdentity(tenant, id); err != nil {
			return nil, err
		}
		c, err := azidentity.NewClientSecretCredential(tenant, id, getenv(envSecret), &azidentity.ClientSecretCredentialOptions{
			ClientOptions: options, DisableInstanceDiscovery: !discover,
		})
		if err != nil {
			return nil, fmt.Errorf("client secret credential: %w", err)
		}
		return &Credential{TokenCredential: c, Kind: "secret"}, nil
	case getenv(envCertificate) != "":
		if err := requireIdentity(tenant, id); err != nil {
			return nil, err
		}
		certs, key, err := readCertificate(getenv(envCertificate), getenv(envCertPassword))
		if err != nil {
			return nil, err
		}
		c, err := azidentity.NewClientCertificateCredential(tenant, id, certs, key, &azidentity.ClientCertificateCredentialOptions{
			ClientOptions: options, DisableInstanceDiscovery: !discover,
		})
		if err != nil {
			return nil, fmt.Errorf("client certificate credential: %w", err)
		}
		return &Credential{TokenCredential: c, Kind: "certificate", NotAfter: leaf(certs, key).NotAfter}, nil
	}
	managed := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: options}
	if id != "" {
		managed.ID = azidentity.ClientID(id)
	}
	c, err := azidentity.NewManagedIdentityCredential(managed)
	if err != nil {
		return nil, fmt.Errorf("managed identity: %w; set %s or %s when this machine has none", err, envSecret, envCertificate)
	}
	return &Credential{TokenCredential: c, Kind: "managed identity"}, nil
}

func requireIdentity(tenant, id string) error {
	if tenant == "" {
		return fmt.Errorf("%s is not set: give the directory (tenant) id of the app registration", envTenant)
	}
	if id == "" {
		return fmt.Errorf("%s is not set: give the application (client) id of the app registration", envClient)
	}
	return nil
}

// clientOptions are azcore's options for an authority host; discover says whether the host takes part in instance discovery.
func clientOptions(authority string, client *http.Client) (options azcore.ClientOptions, discover bool, err error) {
	options.Cloud, discover = cloud.AzurePublic, true
	if authority != "" {
		u, err := url.Parse(authority)
		if err != nil || u.Scheme != "https" || u.Host == "" {
			return options, false, fmt.Errorf("%s is %q: it must be an https address such as https://login.microsoftonline.com/", envAuthority, authority)
		}
		options.Cloud = cloud.Configuration{ActiveDirectoryAuthorityHost: authority}
		discover = publicAuthorities[strings.ToLower(u.Hostname())]
	}
	if client != nil {
		options.Transport = client
	}
	return options, discover, nil
}

func readCertificate(path, password string) ([]*x509.Certificate, crypto.PrivateKey, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", envCertificate, err)
	}
	var secret []byte
	if password != "" {
		secret = []byte(password)
	}
	certs, key, err := azidentity.ParseCertificates(data, secret)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %s must hold a certificate and its private key, as PEM or PFX: %w", envCertificate, path, err)
	}
	return certs, key, nil
}

// leaf is the certificate that belongs to the key; the others of the file are its chain.
func leaf(certs []*x509.Certificate, key crypto.PrivateKey) *x509.Certificate {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return certs[0]
	}
	for _, cert := range certs {
		if public, ok := cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); ok && public.Equal(signer.Public()) {
			return cert
		}
	}
	return certs[0]
}

// entraCode is how Entra ID begins what it says about a failure, as in "AADSTS7000215: Invalid client secret provided. …".
var entraCode = regexp.MustCompile(`AADSTS\d+:[^.\r\n"]{0,200}`)

// credentialReason makes one line of azidentity's errors, which quote whole HTTP answers.
func credentialReason(err error) string {
	if code := entraCode.FindString(err.Error()); code != "" {
		return code
	}
	var failed *azidentity.AuthenticationFailedError
	if errors.As(err, &failed) && failed.RawResponse != nil {
		return "the token endpoint answered " + failed.RawResponse.Status
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}
