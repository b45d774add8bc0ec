package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	backing "github.com/microsoft/kiota-abstractions-go/store"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"

	"vuosikello/store"
)

const (
	// attemptTimeout is for one request, from the token to the last byte of the answer.
	attemptTimeout = 30 * time.Second

	// maxAnswer is far above what a page of anything takes, and far below what would hurt.
	maxAnswer = 16 << 20

	// maxRefusal is enough for an error's code.
	maxRefusal = 64 << 10
)

// adapter sends what the SDK's request builders make, as one operation.
//
// It stands in for the SDK's own adapter, which sleeps and repeats requests by itself, follows redirections, loses the status of an error whose
// body is not JSON, and trusts the form of the server's WWW-Authenticate header.
type adapter struct {
	client  *Client
	op      *operation
	channel store.ChannelRef // what the operation is about, zero when it is no channel
}

var _ abstractions.RequestAdapter = (*adapter)(nil)

// errKind is for the kinds of answers that none of the operations has.
var errKind = errors.New("this kind of answer is not among the operations")

// Send exchanges a request for an object.
func (a *adapter) Send(ctx context.Context, info *abstractions.RequestInformation, factory serialization.ParsableFactory, _ abstractions.ErrorMappings) (serialization.Parsable, error) {
	body, err := a.exchange(ctx, info)
	if err != nil {
		return nil, a.op.problem(err)
	}
	object, err := decode(body, factory)
	if err != nil {
		return nil, a.op.problem(err)
	}
	return object, nil
}

// SendNoContent exchanges a request whose answer does not matter.
func (a *adapter) SendNoContent(ctx context.Context, info *abstractions.RequestInformation, _ abstractions.ErrorMappings) error {
	if _, err := a.exchange(ctx, info); err != nil {
		return a.op.problem(err)
	}
	return nil
}

// decode reads an object of the SDK's. What it cannot read is told without quoting it.
func decode(body []byte, factory serialization.ParsableFactory) (serialization.Parsable, error) {
	node, err := jsonserialization.NewJsonParseNode(body)
	if err != nil {
		return nil, errors.New("the answer was cut off or is not JSON")
	}
	object, err := node.GetObjectValue(factory)
	if err != nil || object == nil {
		return nil, errors.New("the answer has another form than Graph's reference says")
	}
	return object, nil
}

// exchange sends a request, once, and returns the answer's body. Any status but a success is a *refusal.
func (a *adapter) exchange(ctx context.Context, info *abstractions.RequestInformation) (body []byte, err error) {
	err = a.converse(ctx, info, func(resp *http.Response) error {
		body, err = readAll(resp.Body)
		return err
	})
	return body, err
}

// converse sends a request, once, within the limits, and has the answer read when it is a success or a redirection.
func (a *adapter) converse(ctx context.Context, info *abstractions.RequestInformation, read func(*http.Response) error) error {
	c, here := a.client, place{a.op.lane, a.channel}
	if err := c.gates.take(ctx, here); err != nil {
		return fmt.Errorf("waiting for the limit of requests: %w", err)
	}
	answered := sync.OnceFunc(func() { c.gates.leave(here) })
	defer answered()
	// Looked at after the wait: the service may have asked for silence meanwhile.
	if left := c.gates.silence(here, c.now()); left > 0 {
		return a.op.silenced(left)
	}
	req, err := a.request(ctx, info)
	if err != nil {
		return err
	}
	err = c.do(ctx, a.op, req, answered, read)
	var r *refusal
	if errors.As(err, &r) {
		c.gates.hushLane(here.lane, c.now().Add(r.retryAfter))
	}
	return err
}

// do sends a request with a token, tells when it was answered, and has the answer read when it is a success or a redirection. Any other
// status is a *refusal.
func (c *Client) do(ctx context.Context, op *operation, req *http.Request, answered func(), read func(*http.Response) error) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	token, err := c.token(ctx)
	if err != nil {
		return err
	}
	req = req.WithContext(ctx)
	req.Header.Set("Authorization", "Bearer "+token)

	began := c.now()
	resp, err := c.http.Do(req)
	answered()
	if err != nil {
		c.observe(op.name, 0, c.now().Sub(began))
		return err
	}
	defer resp.Body.Close()
	// A redirection is taken for an answer by nobody but who asks for it.
	if resp.StatusCode < 200 || resp.StatusCode > 299 && (resp.StatusCode != http.StatusFound || op != &readActivity) {
		// The status says enough when the body is cut off.
		body, _ := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
		c.observe(op.name, resp.StatusCode, c.now().Sub(began))
		return newRefusal(op, resp.StatusCode, resp.Header, body, c.now())
	}
	err = read(resp)
	c.observe(op.name, resp.StatusCode, c.now().Sub(began))
	return err
}

func (c *Client) token(ctx context.Context) (string, error) {
	token, err := c.credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{c.scope}})
	if err != nil {
		return "", tokenProblem(err)
	}
	return token.Token, nil
}

// readAll reads an answer's body, unless it is too large or cut off.
func readAll(from io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(from, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("the answer was cut off: %w", err)
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20)
	}
	return body, nil
}

// address is where a request goes. It is Graph's host and version, to which the links to further pages have to lead, too.
func (c *Client) address(info *abstractions.RequestInformation) (*url.URL, error) {
	info.PathParameters["baseurl"] = c.base.String()
	u, err := info.GetUri()
	if err != nil {
		return nil, errors.New("the address of the request cannot be read")
	}
	if u.Scheme != c.base.Scheme || u.Host != c.base.Host || u.User != nil || !strings.HasPrefix(u.Path, c.base.Path+"/") {
		return nil, errors.New("the link to the next page leads away from Graph and is not followed")
	}
	return u, nil
}

// request makes a request of the SDK's description of it.
func (a *adapter) request(ctx context.Context, info *abstractions.RequestInformation) (*http.Request, error) {
	u, err := a.client.address(info)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, info.Method.String(), u.String(), bytes.NewReader(info.Content))
	if err != nil {
		return nil, withoutAddress(err)
	}
	for _, key := range info.Headers.ListKeys() {
		for _, value := range info.Headers.Get(key) {
			req.Header.Add(key, value)
		}
	}
	return req, nil
}

// GetSerializationWriterFactory gives the writer of request bodies.
func (a *adapter) GetSerializationWriterFactory() serialization.SerializationWriterFactory {
	return jsonserialization.NewJsonSerializationWriterFactory()
}

// GetBaseUrl is the address up to the version.
//
//nolint:revive,staticcheck // the SDK's interface names it so
func (a *adapter) GetBaseUrl() string { return a.client.base.String() }

// SetBaseUrl does nothing: the address is Config's, and the SDK's root client, which would set it, is not used.
//
//nolint:revive,staticcheck // the SDK's interface names it so
func (a *adapter) SetBaseUrl(string) {}

// EnableBackingStore does nothing: objects are written whole.
func (a *adapter) EnableBackingStore(backing.BackingStoreFactory) {}

// ConvertToNativeRequest makes the *http.Request, without a token.
func (a *adapter) ConvertToNativeRequest(ctx context.Context, info *abstractions.RequestInformation) (any, error) {
	return a.request(ctx, info)
}

// SendEnum is not needed.
func (a *adapter) SendEnum(context.Context, *abstractions.RequestInformation, serialization.EnumFactory, abstractions.ErrorMappings) (any, error) {
	return nil, errKind
}

// SendCollection is not needed.
func (a *adapter) SendCollection(context.Context, *abstractions.RequestInformation, serialization.ParsableFactory, abstractions.ErrorMappings) ([]serialization.Parsable, error) {
	return nil, errKind
}

// SendEnumCollection is not needed.
func (a *adapter) SendEnumCollection(context.Context, *abstractions.RequestInformation, serialization.EnumFactory, abstractions.ErrorMappings) ([]any, error) {
	return nil, errKind
}

// SendPrimitive is not needed.
func (a *adapter) SendPrimitive(context.Context, *abstractions.RequestInformation, string, abstractions.ErrorMappings) (any, error) {
	return nil, errKind
}

// SendPrimitiveCollection is not needed.
func (a *adapter) SendPrimitiveCollection(context.Context, *abstractions.RequestInformation, string, abstractions.ErrorMappings) ([]any, error) {
	return nil, errKind
}
