package teams

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// call is one request to the Connector.
type call struct {
	op, method string
	priority   Priority
	kind       Kind
	limitBy    string // the conversation whose limit it counts towards
	serviceURL string
	path       []string
	query      url.Values
	need       []string // ids that must not be empty
	idempotent bool     // repeating it does no harm, so a missing answer is no doubt
	body       any
}

const (
	maxAnswer = 8 << 20  // a page of 500 members is about 200 KB
	maxError  = 64 << 10 // enough for the code
)

// compact writes v as JSON without the escapes that only web pages need: they make a text full of angle brackets six times
// as long, and a message may have 80 KB.
func compact(v any) (content, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	body := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	if m, ok := v.(interface{ prepared() []Prepared }); ok && err == nil && m.prepared() != nil {
		return splice(body, m.prepared()), nil
	}
	return content{body}, err
}

// do makes one attempt and decodes the answer into answer unless that is nil.
func (c *Client) do(ctx context.Context, k call, answer any) error {
	address, err := c.endpoint(k)
	if err != nil {
		return &SendError{Op: k.op, Outcome: Final, Err: err}
	}
	var body content
	if k.body != nil {
		if body, err = compact(k.body); err != nil {
			return &SendError{Op: k.op, Outcome: Final, Err: fmt.Errorf("the message cannot be written as JSON: %w", err)}
		}
	}
	token := ""
	if c.cfg.Tokens != nil {
		if token, err = c.cfg.Tokens.Token(ctx); err != nil {
			return &SendError{Op: k.op, Outcome: Retryable, Err: fmt.Errorf("%w: %w", errToken, err)}
		}
	}
	permit, err := c.cfg.Limiter.Acquire(ctx, k.priority, k.kind, k.limitBy)
	if err != nil {
		return &SendError{Op: k.op, Outcome: Retryable, Err: err}
	}
	defer permit.Unsent() // without effect once Sent was called

	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	var left atomic.Bool // the request may have reached the Connector as a whole
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// Called before the last bytes are flushed. WroteRequest comes after them, and can come later than the news that the
		// connection broke: it would be too late to raise a doubt, but an incomplete request settles it.
		WroteHeaders: func() { left.Store(true) },
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err != nil {
				left.Store(false)
				return
			}
			permit.Sent()
		},
	})
	req, err := http.NewRequestWithContext(ctx, k.method, address.String(), nil)
	if err != nil {
		return &SendError{Op: k.op, Outcome: Final, Err: errors.New("the request cannot be built")}
	}
	if body != nil {
		req.Body, req.ContentLength = body.reader(), body.size()
		req.GetBody = func() (io.ReadCloser, error) { return body.reader(), nil }
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	req.Header.Set("Accept", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}

	started := time.Now()
	status, err := c.exchange(req, k, answer, &left)
	if status != 0 || left.Load() {
		permit.Sent()
	}
	if c.cfg.Observe != nil {
		c.cfg.Observe(k.op, status, time.Since(started))
	}
	return err
}

// exchange sends the request and reads the answer. It returns the HTTP status, 0 when there was none, and a *SendError or nil.
func (c *Client) exchange(req *http.Request, k call, answer any, left *atomic.Bool) (int, error) {
	doubt := Unknown
	if k.idempotent || k.method == http.MethodGet {
		doubt = Retryable
	}
	res, err := c.http.Do(req)
	if err != nil {
		outcome := Retryable
		if left.Load() {
			outcome = doubt
		}
		return 0, &SendError{Op: k.op, Outcome: outcome, Err: bare(err)}
	}
	defer res.Body.Close()
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return res.StatusCode, c.refused(k, res)
	}
	content, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
	case len(content) > maxAnswer:
		err = fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	case answer == nil || len(bytes.TrimSpace(content)) == 0 && k.method == http.MethodPost:
		// Accepted without a word.
	default:
		if json.Unmarshal(content, answer) != nil {
			err = errors.New("the answer is not the expected JSON")
		}
	}
	if err != nil {
		return res.StatusCode, &SendError{Op: k.op, Outcome: doubt, Status: res.StatusCode, Err: err}
	}
	return res.StatusCode, nil
}

// refused reads an answer that is not 2xx, and holds the conversation back when the Connector throttles.
func (c *Client) refused(k call, res *http.Response) *SendError {
	var problem struct {
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	// The code is a help for people; an answer without a readable one is judged by its status.
	if content, err := io.ReadAll(io.LimitReader(res.Body, maxError)); err == nil {
		_ = json.Unmarshal(content, &problem)
	}
	failed := &SendError{
		Op:         k.op,
		Outcome:    outcomeOf(res.StatusCode),
		Status:     res.StatusCode,
		Code:       cleanCode(problem.Error.Code),
		RetryAfter: parseRetryAfter(res.Header.Get("Retry-After"), time.Now()),
	}
	if res.StatusCode == http.StatusTooManyRequests || failed.RetryAfter > 0 && failed.Outcome == Retryable {
		c.cfg.Limiter.Hold(k.limitBy, max(failed.RetryAfter, time.Second))
	}
	return failed
}

// bare takes the address, which names a conversation, out of an error of net/http.
func bare(err error) error {
	var withURL *url.Error
	if errors.As(err, &withURL) {
		return withURL.Err
	}
	return err
}
