package teams

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Outcome is what is known about a request that did not succeed.
type Outcome int

const (
	// Retryable means that the Connector certainly did not act on the request: it can be sent again. Requests that may be
	// repeated safely (reads, updates, deletions) are Retryable also when no answer came.
	Retryable Outcome = iota + 1
	// Final means that the same request will fail again.
	Final
	// Unknown means that the request was sent and the answer is missing or unreadable: the message may or may not be posted.
	Unknown
)

func (o Outcome) String() string {
	switch o {
	case Retryable:
		return "retryable"
	case Final:
		return "final"
	case Unknown:
		return "unknown"
	}
	return "Outcome(" + strconv.Itoa(int(o)) + ")"
}

// Connector error codes that end a conversation for the bot ("Rate limiting for bots" and "Send proactive messages").
const (
	CodeMessageWritesBlocked    = "MessageWritesBlocked"
	CodeBotNotInRoster          = "BotNotInConversationRoster"
	CodeBotDisabledByAdmin      = "BotDisabledByAdmin"
	CodeConversationNotFound    = "ConversationNotFound"
	CodeForbiddenOperation      = "ForbiddenOperationException"
	CodeMessageSizeTooBig       = "MessageSizeTooBig"
	CodeMemberNotFound          = "MemberNotFoundInConversation"
	CodeActivityNotFoundInReply = "ActivityNotFoundInConversation"
)

var codeReasons = map[string]string{
	CodeMessageWritesBlocked:    "the person has blocked the bot or writing is not allowed there",
	CodeBotNotInRoster:          "the bot is not installed there",
	CodeBotDisabledByAdmin:      "an administrator has disabled the bot",
	CodeConversationNotFound:    "the conversation no longer exists",
	CodeForbiddenOperation:      "the bot may not do this there",
	CodeMessageSizeTooBig:       "the message is too large",
	CodeMemberNotFound:          "the person is not a member of the conversation",
	CodeActivityNotFoundInReply: "the message no longer exists",
}

// SendError is the error of every Client call that was not refused by its arguments.
type SendError struct {
	Op         string        // "create", "send", "reply", "update", "delete", "members", "channels", "team", "personal"
	Outcome    Outcome       //
	Status     int           // HTTP status, 0 when there was no answer
	Code       string        // the Connector's error.code with anything but letters, digits and ._- removed, or ""
	RetryAfter time.Duration // what the Connector asked for, 0 when it did not
	Err        error         // cause, nil when the answer says it all
}

func (e *SendError) Error() string {
	text := e.Op + ": " + e.Reason()
	if e.Err != nil && e.Err.Error() != e.Reason() {
		text += " (" + e.Err.Error() + ")"
	}
	return text
}

func (e *SendError) Unwrap() error { return e.Err }

// Reason is a short sentence for a ledger: the Connector's code and what it means. It holds nothing of the message and no address.
func (e *SendError) Reason() string {
	switch {
	case codeReasons[e.Code] != "":
		return e.Code + ": " + codeReasons[e.Code]
	case e.Code != "":
		return fmt.Sprintf("HTTP %d %s", e.Status, e.Code)
	case e.Status >= 200 && e.Status < 300:
		return fmt.Sprintf("HTTP %d with an answer that was cut off or cannot be read", e.Status)
	case e.Status != 0:
		return fmt.Sprintf("HTTP %d %s", e.Status, http.StatusText(e.Status))
	case errors.Is(e.Err, errToken):
		return errToken.Error()
	case errors.Is(e.Err, context.DeadlineExceeded) && e.Outcome == Unknown:
		return "no answer in time"
	case e.Outcome == Unknown:
		return "the connection was cut before the answer"
	case errors.Is(e.Err, context.Canceled):
		return "cancelled before it was sent"
	case errors.Is(e.Err, context.DeadlineExceeded):
		return "timed out before it was sent"
	case e.Outcome == Final && e.Err != nil:
		return e.Err.Error()
	}
	return "the Connector could not be reached"
}

// cleanCode makes a code safe to store and log: it comes from the network.
func cleanCode(code string) string {
	code = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return -1
	}, code)
	return code[:min(len(code), 64)]
}

// outcomeOf sorts an answer that is not 2xx. 412 and 429 are throttling ("Rate limiting for bots": retry 412, 429, 502, 503, 504).
func outcomeOf(status int) Outcome {
	switch status {
	case http.StatusRequestTimeout, http.StatusPreconditionFailed, http.StatusTooManyRequests:
		return Retryable
	}
	if status >= 500 {
		return Retryable
	}
	return Final
}

const maxRetryAfter = time.Hour

// parseRetryAfter reads seconds or an HTTP date (RFC 9110, 10.2.3). What cannot be read is 0; more than an hour is an hour.
func parseRetryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0
	}
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		switch {
		case !(seconds > 0):
			return 0
		case seconds > maxRetryAfter.Seconds():
			return maxRetryAfter
		}
		return time.Duration(seconds * float64(time.Second))
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), maxRetryAfter)
	}
	return 0
}

const (
	backoffFirst = 500 * time.Millisecond
	backoffMost  = 5 * time.Minute
)

// Backoff is how long to wait after the attempt-th failure, counted from 1: a random half to whole of 0.5 s, 1 s, 2 s … 5 min. It is never
// shorter than retryAfter, beyond which it spreads by up to a tenth so that waiters do not return all at once.
// rnd gives numbers in [0,1); nil means math/rand.
func Backoff(attempt int, retryAfter time.Duration, rnd func() float64) time.Duration {
	if rnd == nil {
		rnd = rand.Float64
	}
	full := backoffMost
	if attempt < 1 {
		attempt = 1
	}
	if attempt < 16 { // beyond, the shift alone exceeds backoffMost
		full = min(backoffFirst<<(attempt-1), backoffMost)
	}
	wait := full/2 + time.Duration(rnd()*float64(full/2))
	if retryAfter > wait {
		wait = retryAfter + time.Duration(rnd()*float64(retryAfter/10))
	}
	return wait
}

// Retry calls fn until it succeeds, at most attempts times, waiting by Backoff between. It gives up at once on errors that are not
// Retryable (an Unknown outcome must not be repeated blindly), and when the wait would outlast ctx. The error is fn's last.
func Retry(ctx context.Context, attempts int, fn func(context.Context) error) error {
	for attempt := 1; ; attempt++ {
		err := fn(ctx)
		var failed *SendError
		if err == nil || attempt >= attempts || !errors.As(err, &failed) || failed.Outcome != Retryable {
			return err
		}
		wait := Backoff(attempt, failed.RetryAfter, nil)
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
	}
}
