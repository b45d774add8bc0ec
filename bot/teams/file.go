package teams

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// typeFile is the content type of a file that somebody sent to the bot in their personal chat (Teams documentation, "Send
// and receive files using a bot"). In channels a bot gets no files.
const typeFile = "application/vnd.microsoft.teams.file.download.info"

// File is a file that came with a message. Its DownloadURL works for some minutes, for whoever has it.
type File struct {
	Name        string
	DownloadURL string
}

// Files returns the files that came with a message in a personal chat. Other attachments, such as the message's own text
// as HTML, are none.
func (a *Activity) Files() (files []File) {
	if a.Type != TypeMessage || a.Conversation.ConversationType != ConversationPersonal {
		return nil
	}
	for _, att := range a.Attachments {
		if att.ContentType != typeFile {
			continue
		}
		var content struct {
			DownloadURL string `json:"downloadUrl"`
		}
		// It was JSON a moment ago; what is not as documented has no address, and is refused by Fetch.
		if raw, err := json.Marshal(att.Content); err == nil {
			_ = json.Unmarshal(raw, &content)
		}
		files = append(files, File{Name: att.Name, DownloadURL: content.DownloadURL})
	}
	return files
}

// MaxFile bounds a file that is fetched, in bytes.
const MaxFile = 5 << 20

const (
	fileTimeout   = 10 * time.Second // for a whole file
	fileRedirects = 3
)

// Why a file is not fetched. Other errors of Fetch are of the network: trying again may help.
var (
	ErrFileHost     = errors.New("the file is not on a host of Microsoft's")
	ErrFileTooLarge = fmt.Errorf("the file is larger than %d MiB", MaxFile>>20)
	ErrFileGone     = errors.New("the link to the file gives no file: it has ended, or leads to a page")
)

// fileHosts are where Teams keeps the files that people send: OneDrive and SharePoint, of all of Microsoft's clouds.
var fileHosts = []string{".sharepoint.com", ".sharepoint.us", ".sharepoint-mil.us", ".sharepoint.cn", ".sharepoint.de", ".1drv.com"}

// FileFetcher fetches the files that people send. An activity's sender writes the address, so only https addresses of
// Microsoft's hosts are asked, redirects stay on their host, and names that lead to addresses that are not public are not
// dialled. It is safe for concurrent use.
type FileFetcher struct {
	loopback        bool
	direct, proxied *http.Client
}

// NewFileFetcher returns a fetcher. loopback lets it ask this machine too, by http as well: local mode.
func NewFileFetcher(loopback bool) *FileFetcher {
	f := &FileFetcher{loopback: loopback}
	guard := func(_, address string, _ syscall.RawConn) error { return f.dialable(address) }
	// Behind a proxy it is the proxy that looks names up, and its own address may well be a private one.
	f.direct = f.client(nil, &net.Dialer{Timeout: fileTimeout, Control: guard})
	f.proxied = f.client(http.ProxyFromEnvironment, &net.Dialer{Timeout: fileTimeout})
	return f
}

// dialable fails with ErrFileHost for an address and port that are not public: what a name leads to is not for its owner
// to choose.
func (f *FileFetcher) dialable(address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return ErrFileHost
	}
	ip := at.Addr().Unmap()
	if ip.IsLoopback() && f.loopback || ip.IsGlobalUnicast() && !ip.IsPrivate() && !sharedAddresses.Contains(ip) {
		return nil
	}
	return ErrFileHost
}

// sharedAddresses are of carriers' own networks (RFC 6598).
var sharedAddresses = netip.MustParsePrefix("100.64.0.0/10")

func (f *FileFetcher) client(proxy func(*http.Request) (*url.URL, error), dialer *net.Dialer) *http.Client {
	return &http.Client{
		Transport: &http.Transport{Proxy: proxy, DialContext: dialer.DialContext, ForceAttemptHTTP2: true, IdleConnTimeout: idleTimeout, MaxIdleConnsPerHost: 1},
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			if len(via) > fileRedirects || next.URL.Host != via[0].URL.Host || next.URL.Scheme != via[0].URL.Scheme {
				return ErrFileGone // a page to sign in at, as a rule
			}
			return nil
		},
	}
}

// allowed reports whether the address may be asked.
func (f *FileFetcher) allowed(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	if ip, err := netip.ParseAddr(host); f.loopback && (host == "localhost" || err == nil && ip.IsLoopback()) {
		return u.Scheme == "http" || u.Scheme == "https"
	}
	if u.Scheme != "https" || u.User != nil || u.Port() != "" && u.Port() != "443" {
		return false
	}
	for _, suffix := range fileHosts {
		if strings.HasSuffix(host, suffix) && len(host) > len(suffix) {
			return true
		}
	}
	return false
}

// Fetch returns the bytes of a file, within ten seconds.
func (f *FileFetcher) Fetch(ctx context.Context, file File) ([]byte, error) {
	u, err := url.Parse(file.DownloadURL)
	if err != nil || !f.allowed(u) {
		return nil, ErrFileHost
	}
	ctx, cancel := context.WithTimeout(ctx, fileTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, ErrFileHost
	}
	client := f.direct
	if proxy, err := http.ProxyFromEnvironment(req); err == nil && proxy != nil {
		client = f.proxied
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, fileError(err)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
		return nil, fmt.Errorf("the file's host answered with %d", res.StatusCode)
	case res.StatusCode != http.StatusOK, strings.HasPrefix(res.Header.Get("Content-Type"), "text/html"):
		return nil, ErrFileGone // phones have sent links to a page instead
	case res.ContentLength > MaxFile:
		return nil, ErrFileTooLarge
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, MaxFile+1))
	if err != nil {
		return nil, fileError(err)
	}
	if len(data) > MaxFile {
		return nil, ErrFileTooLarge
	}
	return data, nil
}

// fileError leaves the address out of an error: it lets whoever reads the log have the file.
func fileError(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return fmt.Errorf("fetch a file: %w", err)
}
