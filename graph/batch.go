package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	abstractions "github.com/microsoft/kiota-abstractions-go"
)

const (
	// batchSize is the most requests that Graph takes in one ("Combine multiple HTTP requests using JSON batching").
	batchSize = 20

	// maxBatch bounds what is read of an answer to a batch. It is read part by part, and never held whole.
	maxBatch = 256 << 20
)

// relative is a request's address as a batch names it: below the version.
func (c *Client) relative(info *abstractions.RequestInformation) (string, error) {
	u, err := c.address(info)
	if err != nil {
		return "", err
	}
	return strings.TrimPrefix(u.RequestURI(), c.base.EscapedPath()), nil
}

// part is one answer of a batch.
type part struct {
	ID      string          `json:"id"`
	Status  int             `json:"status"`
	Headers map[string]any  `json:"headers"` // the values are strings, or whatever a broken server writes
	Body    json.RawMessage `json:"body"`
}

func (p *part) header() http.Header {
	header := make(http.Header)
	for name, value := range p.Headers {
		header.Set(name, fmt.Sprint(value))
	}
	return header
}

// errUnanswered is for parts that an answer to a batch did not hold.
var errUnanswered = errors.New("the answer to the batch was cut off or did not hold this part")

// batch sends GET requests, by their relative addresses, as one; tells when they were answered, and gives each part to take as it is read,
// with the place of its request. An error means that the rest of the parts did not come.
func (c *Client) batch(ctx context.Context, addresses []string, answered func(), take func(i int, p *part)) error {
	type request struct {
		ID     string `json:"id"`
		Method string `json:"method"`
		URL    string `json:"url"`
	}
	body := struct {
		Requests []request `json:"requests"`
	}{make([]request, len(addresses))}
	for i, address := range addresses {
		body.Requests[i] = request{strconv.Itoa(i), http.MethodGet, address}
	}
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base.String()+"/$batch", bytes.NewReader(content))
	if err != nil {
		return withoutAddress(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	return c.do(ctx, &sendBatch, req, answered, func(resp *http.Response) error {
		return readBatch(resp.Body, len(addresses), take)
	})
}

// readBatch reads the answer to a batch of n requests, part by part. Parts that nobody asked for, or that come again, are passed over.
func readBatch(from io.Reader, n int, take func(i int, p *part)) error {
	dec := json.NewDecoder(io.LimitReader(from, maxBatch))
	if token, err := dec.Token(); err != nil || token != json.Delim('{') {
		return errUnanswered
	}
	seen := make([]bool, n)
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return errUnanswered
		}
		if name != "responses" {
			var other json.RawMessage
			if dec.Decode(&other) != nil {
				return errUnanswered
			}
			continue
		}
		if token, err := dec.Token(); err != nil || token != json.Delim('[') {
			return errUnanswered
		}
		for dec.More() {
			var p part
			if err := dec.Decode(&p); err != nil {
				var form *json.UnmarshalTypeError
				if errors.As(err, &form) {
					continue // one part of an odd form does not spoil the others
				}
				return errUnanswered
			}
			if i, err := strconv.Atoi(p.ID); err == nil && i >= 0 && i < n && !seen[i] {
				seen[i] = true
				take(i, &p)
			}
		}
		if _, err := dec.Token(); err != nil {
			return errUnanswered
		}
	}
	for _, s := range seen {
		if !s {
			return errUnanswered
		}
	}
	return nil
}
