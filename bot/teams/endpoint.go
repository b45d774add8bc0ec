package teams

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// MaxBody is the largest activity accepted, in bytes.
const MaxBody = 256 << 10

const (
	// A client that is in the middle of sending something large hears of a refusal only if somebody goes on listening for a while.
	drainTime = 3 * time.Second
	drainMost = 64 << 20
	// traceLength letters and digits are 50 bits: they differ among all requests whose logs anybody keeps.
	traceLength = 10
)

// Response is the answer to an activity. Body is marshalled as JSON; nil sends none. Status 0 means 200.
type Response struct {
	Status int
	Body   any
}

// EndpointConfig configures an Endpoint.
type EndpointConfig struct {
	// Verifier checks each request. nil turns the check off: local mode, on a loopback listener only.
	Verifier *Verifier

	// Handle acts on an activity. An error is answered with 500; Handle should answer what it can itself.
	Handle func(ctx context.Context, a *Activity) (Response, error)

	Logger *slog.Logger

	// Observe is told of each request: the HTTP status and how long it took. It may be nil.
	Observe func(status int, took time.Duration)
}

// Endpoint is the HTTP handler of /api/messages: 405 for other methods, 401 and 403 for who may not, 413 over MaxBody, 400 for what is not an
// activity, each with an empty body, else what Handle answers.
type Endpoint struct {
	cfg EndpointConfig
}

// NewEndpoint returns an Endpoint for cfg.
func NewEndpoint(cfg EndpointConfig) *Endpoint {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Endpoint{cfg: cfg}
}

type traceKey struct{}

// Trace returns the id of the request that ctx belongs to, "" outside of one: some letters and digits by chance, which join
// the log lines of everything that comes of the request.
func Trace(ctx context.Context) string {
	trace, _ := ctx.Value(traceKey{}).(string)
	return trace
}

// log is the logger for lines about a request.
func (e *Endpoint) log(ctx context.Context) *slog.Logger {
	return e.cfg.Logger.With("trace", Trace(ctx))
}

func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	status := e.serve(w, r.WithContext(context.WithValue(r.Context(), traceKey{}, strings.ToLower(rand.Text()[:traceLength]))))
	if e.cfg.Observe != nil {
		e.cfg.Observe(status, time.Since(started))
	}
}

func (e *Endpoint) serve(w http.ResponseWriter, r *http.Request) int {
	ctx := r.Context()
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return refuse(w, r, http.StatusMethodNotAllowed)
	}
	var caller *Caller
	if e.cfg.Verifier != nil {
		// Before the body is looked at: a stranger gets nothing decoded.
		var err error
		if caller, err = e.cfg.Verifier.Authenticate(ctx, authorization(r)); err != nil {
			return refuse(w, r, e.unauthorized(ctx, w, err))
		}
	}
	body, err := ReadBody(r)
	if err != nil {
		status := http.StatusBadRequest
		var refused *BodyError
		if errors.As(err, &refused) {
			status = refused.Status
		}
		e.log(ctx).InfoContext(ctx, "request refused", "status", status, "reason", err)
		return refuse(w, r, status)
	}
	a, err := DecodeActivity(body)
	if err != nil {
		e.log(ctx).InfoContext(ctx, "request refused", "status", http.StatusBadRequest, "reason", err)
		return finish(w, http.StatusBadRequest)
	}
	if e.cfg.Verifier != nil {
		if err := e.cfg.Verifier.Authorize(ctx, caller, a); err != nil {
			return finish(w, e.unauthorized(ctx, w, err))
		}
	}
	return e.answer(ctx, w, e.handle(ctx, a))
}

// authorization is the one Authorization header; two contradict each other and count as none.
func authorization(r *http.Request) string {
	if values := r.Header.Values("Authorization"); len(values) == 1 {
		return values[0]
	}
	return ""
}

// unauthorized logs a failed check and returns the status that tells the caller.
func (e *Endpoint) unauthorized(ctx context.Context, w http.ResponseWriter, err error) int {
	status := http.StatusUnauthorized
	var refused *AuthError
	if errors.As(err, &refused) {
		status = refused.Status
	}
	e.log(ctx).WarnContext(ctx, "request refused", "status", status, "reason", err)
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	return status
}

// handle runs Handle; a panic in it costs this request only. What was panicked with may quote the activity and is not logged.
func (e *Endpoint) handle(ctx context.Context, a *Activity) (res Response) {
	defer func() {
		if p := recover(); p != nil {
			e.log(ctx).ErrorContext(ctx, "panic while handling an activity", "type", typeName(a), "at", panicSites())
			res = Response{Status: http.StatusInternalServerError}
		}
	}()
	res, err := e.cfg.Handle(ctx, a)
	if err != nil {
		e.log(ctx).ErrorContext(ctx, "activity could not be handled", "type", typeName(a), "error", err)
		return Response{Status: http.StatusInternalServerError}
	}
	return res
}

// typeName is the activity's type for the log, when it is one of the known ones: it is a stranger's text otherwise.
func typeName(a *Activity) string {
	switch a.Type {
	case TypeMessage, TypeInvoke, TypeConversationUpdate, TypeInstallationUpdate, TypeMessageReaction:
		return string(a.Type)
	}
	return "other"
}

// panicSites names the functions and lines a panic came through, innermost first, without any values.
func panicSites() []string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	var sites []string
	for {
		frame, more := frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") {
			sites = append(sites, frame.Function+":"+strconv.Itoa(frame.Line))
		}
		if !more || len(sites) == 8 {
			return sites
		}
	}
}

func (e *Endpoint) answer(ctx context.Context, w http.ResponseWriter, res Response) int {
	if res.Status == 0 {
		res.Status = http.StatusOK
	}
	if res.Body == nil {
		return finish(w, res.Status)
	}
	body, err := compact(res.Body)
	if err != nil {
		e.log(ctx).ErrorContext(ctx, "answer cannot be written as JSON", "error", err)
		return finish(w, http.StatusInternalServerError)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.FormatInt(body.size(), 10))
	w.WriteHeader(res.Status)
	if _, err := io.Copy(w, body.reader()); err != nil {
		e.log(ctx).InfoContext(ctx, "the answer did not reach the caller", "error", err)
	}
	return res.Status
}

// refuse answers with a status and no body, at once, while the client may still be sending. It lets the rest of that run into the void for a
// short while: a connection closed in the middle of a request would take the answer with it.
func refuse(w http.ResponseWriter, r *http.Request, status int) int {
	w.Header().Set("Content-Length", "0")
	if r.Body == nil || r.Body == http.NoBody || r.Header.Get("Expect") != "" {
		w.WriteHeader(status)
		return status
	}
	w.Header().Set("Connection", "close")
	control := http.NewResponseController(w)
	// Without full duplex the answer would wait for the body. HTTP/2 and recorders have no such mode and need none.
	duplex := control.EnableFullDuplex() == nil
	w.WriteHeader(status)
	if duplex {
		_ = control.Flush()
		_ = control.SetReadDeadline(time.Now().Add(drainTime))
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, drainMost))
	}
	return status
}

// finish answers with a status and no body after the request's body was read.
func finish(w http.ResponseWriter, status int) int {
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(status)
	return status
}

// BodyError says why ReadBody refused a body, with the HTTP status that tells the client.
type BodyError struct {
	Status int
	Reason string
}

func (e *BodyError) Error() string { return e.Reason }

// ReadBody reads a JSON body of at most MaxBody bytes. It refuses other content types, which keeps web pages from posting to a
// local bot without asking, and encodings other than UTF-8. The error is a *BodyError with status 413, 408 or 400.
func ReadBody(r *http.Request) ([]byte, error) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" && !strings.HasSuffix(media, "+json") {
		return nil, &BodyError{http.StatusBadRequest, "the content type is not JSON"}
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return nil, &BodyError{http.StatusBadRequest, "the character set is not UTF-8"}
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return nil, &BodyError{http.StatusBadRequest, "the body is compressed"}
	}
	if r.ContentLength > MaxBody {
		return nil, &BodyError{http.StatusRequestEntityTooLarge, "the body is larger than 256 KiB"}
	}
	var body bytes.Buffer
	if r.ContentLength > 0 {
		body.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	switch _, err := body.ReadFrom(io.LimitReader(r.Body, MaxBody+1)); {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &BodyError{http.StatusRequestTimeout, "the body did not arrive in time"}
	case err != nil:
		return nil, &BodyError{http.StatusBadRequest, "the body could not be read to its end"}
	case body.Len() > MaxBody:
		return nil, &BodyError{http.StatusRequestEntityTooLarge, "the body is larger than 256 KiB"}
	}
	return body.Bytes(), nil
}
