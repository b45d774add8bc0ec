package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"vuosikello/store"
)

// refusal is an answer of Graph that is not a success. What Graph says in words is not kept: it quotes ids and addresses.
type refusal struct {
	operation  string
	status     int
	code       string // Graph's error.code
	requestID  string // by which Microsoft's support finds the request
	policy     bool   // Graph says that the application access policy is what is missing
	retryAfter time.Duration
}

func (r *refusal) Error() string {
	s := r.operation + ": HTTP " + strconv.Itoa(r.status)
	if r.code != "" {
		s += " " + r.code
	}
	if r.requestID != "" {
		s += " (request " + r.requestID + ")"
	}
	return s
}

func newRefusal(op *operation, status int, header http.Header, body []byte, now time.Time) *refusal {
	var answer struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	// Proxies answer with pages of HTML: the status has to do then.
	if json.Unmarshal(body, &answer) != nil {
		answer.Error.Code = ""
	}
	return &refusal{
		operation:  op.name,
		status:     status,
		code:       clean(answer.Error.Code),
		requestID:  clean(header.Get("Request-Id")),
		policy:     strings.Contains(strings.ToLower(answer.Error.Message), "application access policy"),
		retryAfter: retryAfter(header.Get("Retry-After"), now),
	}
}

// clean makes a word from the network safe to log.
func clean(word string) string {
	word = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return -1
	}, word)
	return word[:min(len(word), 64)]
}

// retryAfter reads the header's two forms (RFC 9110, 10.2.3), seconds and a date.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		if !(seconds > 0) { // not a number is not greater either
			return 0
		}
		return time.Duration(min(seconds, maxSilence.Seconds()) * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(0, at.Sub(now)), maxSilence)
	}
	return 0
}

// problem classes what kept an operation from succeeding. An error that is a problem already stays as it is.
func (op *operation) problem(err error) *store.GraphError {
	var known *store.GraphError
	if errors.As(err, &known) {
		return known
	}
	var rejected tokenRejected
	if errors.As(err, &rejected) {
		return &store.GraphError{Problem: store.GraphCredential, Err: fmt.Errorf("%s: %w", op.name, err)}
	}
	var r *refusal
	if !errors.As(err, &r) {
		return &store.GraphError{Problem: store.GraphUnavailable, Err: fmt.Errorf("%s: %w", op.name, withoutAddress(err))}
	}
	switch r.status {
	case http.StatusForbidden:
		e := &store.GraphError{Problem: store.GraphForbidden, Err: r}
		e.Permission, e.Who = op.needs()
		if r.policy {
			e.Permission, e.Who = accessPolicy, policyGrantor
		}
		return e
	case http.StatusUnauthorized:
		// What is asked for is not at fault: it will do when an operator has mended the credential, or the token is new.
		return &store.GraphError{Problem: store.GraphCredential, Err: r}
	case http.StatusNotFound, http.StatusGone:
		return &store.GraphError{Problem: store.GraphNotFound, Err: r}
	case http.StatusRequestTimeout, http.StatusLocked, http.StatusTooEarly, http.StatusTooManyRequests:
		// Asking again helps.
	default:
		if r.status >= 400 && r.status < 500 {
			return &store.GraphError{Problem: store.GraphRefused, Err: r}
		}
	}
	return &store.GraphError{Problem: store.GraphUnavailable, RetryAfter: r.retryAfter, Err: r}
}

// silenced is a GraphUnavailable for what is not sent because Graph asked for no requests.
func (op *operation) silenced(left time.Duration) *store.GraphError {
	return &store.GraphError{
		Problem: store.GraphUnavailable, RetryAfter: left,
		Err: fmt.Errorf("%s: not sent, since Graph asked for no requests for a while", op.name),
	}
}

// outcome is nil or the problem of err.
func (op *operation) outcome(err error) error {
	if err == nil {
		return nil
	}
	return op.problem(err)
}

// missing is a GraphNotFound that shows without asking Graph.
func (op *operation) missing(what string) *store.GraphError {
	return &store.GraphError{Problem: store.GraphNotFound, Err: fmt.Errorf("%s: %s", op.name, what)}
}

// unusable is a GraphUnavailable for an answer that does not hold what it must.
func (op *operation) unusable(what string) *store.GraphError {
	return &store.GraphError{Problem: store.GraphUnavailable, Err: fmt.Errorf("%s: %s", op.name, what)}
}

// withoutAddress takes away what net/http puts before an error: the address, which names people's ids and meetings.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// entraCode is how Entra ID begins what it says about a failure, as in "AADSTS7000215: Invalid client secret provided. …".
var entraCode = regexp.MustCompile(`AADSTS\d+:[^.\r\n"]{0,200}`)

// errToken marks failures to get an access token.
var errToken = errors.New("no access token for Graph; check the app registration's secret or certificate")

// tokenRejected is what Entra ID says of a credential that it does not accept.
type tokenRejected string

func (t tokenRejected) Error() string { return string(t) }

// tokenProblem makes one line of azidentity's errors, which quote whole HTTP answers.
func tokenProblem(err error) error {
	if code := entraCode.FindString(err.Error()); code != "" {
		return fmt.Errorf("%w: %w", errToken, tokenRejected(code))
	}
	return fmt.Errorf("%w: %w", errToken, quiet{err})
}

// quiet is an error that can be looked into, and whose text is its first line.
type quiet struct{ err error }

func (q quiet) Error() string {
	first, _, _ := strings.Cut(q.err.Error(), "\n")
	return first[:min(len(first), 200)]
}

func (q quiet) Unwrap() error { return q.err }
