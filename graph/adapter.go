package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
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
	client *Client
	op     *operation
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
func (a *adapter) exchange(ctx context.Context, info *abstractions.RequestInformation) ([]byte, error) {
	c, lane := a.client, a.client.lanes[a.op.lane]
	if err := lane.wait(ctx); err != nil {
		return nil, fmt.Errorf("waiting for the limit of requests: %w", err)
	}
	// Looked at after the wait: the service may have asked for silence meanwhile.
	if left := lane.silence(c.now()); left > 0 {
		return nil, &store.GraphError{
			Problem: store.GraphUnavailable, RetryAfter: left,
			Err: fmt.Errorf("%s: not sent, since Graph asked for no requests for a while", a.op.name),
		}
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	req, err := a.request(ctx, info)
	if err != nil {
		return nil, err
	}
	token, err := c.credential.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{c.scope}})
	if err != nil {
		return nil, tokenProblem(err)
	}
	req.Header.Set("Authorization", "Bearer "+token.Token)

	began := c.now()
	resp, err := c.http.Do(req)
	if err != nil {
		c.observe(a.op.name, 0, c.now().Sub(began))
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		// The status says enough when the body is cut off.
		body, _ := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
		c.observe(a.op.name, resp.StatusCode, c.now().Sub(began))
		r := newRefusal(a.op, resp.StatusCode, resp.Header, body, c.now())
		lane.silenceUntil(c.now().Add(r.retryAfter))
		return nil, r
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	c.observe(a.op.name, resp.StatusCode, c.now().Sub(began))
	if err != nil {
		return nil, fmt.Errorf("the answer was cut off: %w", err)
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("the answer is larger than %d MiB", maxAnswer>>20)
	}
	return body, nil
}

// request makes a request of the SDK's description of it. It refuses to leave Graph's host, to where the links to further pages might lead.
func (a *adapter) request(ctx context.Context, info *abstractions.RequestInformation) (*http.Request, error) {
	base := a.client.base
	info.PathParameters["baseurl"] = base.String()
	u, err := info.GetUri()
	if err != nil {
		return nil, errors.New("the address of the request cannot be read")
	}
	if u.Scheme != base.Scheme || u.Host != base.Host {
		return nil, errors.New("the link to the next page leads away from Graph and is not followed")
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
