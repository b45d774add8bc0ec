package store

import (
	"errors"
	"fmt"
)

// Kind classes what went wrong; the edge of the program maps it to an answer once.
type Kind int

// The kinds of error that reach a person.
const (
	KindInvalid     Kind = iota + 1 // the input is wrong; nothing was changed
	KindNotFound                    // what it names is not there (any more)
	KindConflict                    // someone else changed it meanwhile
	KindForbidden                   // the person may not
	KindUnavailable                 // the database cannot answer now; try again
)

// Error is an error that is meant for a person. Key names the sentence in the text catalogue and Args fill it; Field is
// the input or column that it is about, if any; Err is the cause, for the log only.
type Error struct {
	Kind  Kind
	Field string
	Key   string
	Args  map[string]any
	Err   error
}

// Error returns the English form for logs.
func (e *Error) Error() string {
	s := e.Key
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Invalid returns an error about one input. args are name, value pairs for the sentence.
func Invalid(field, key string, args ...any) *Error {
	return &Error{Kind: KindInvalid, Field: field, Key: key, Args: pairs(args)}
}

// NotFound returns an error about something that is not there.
func NotFound(key string, args ...any) *Error {
	return &Error{Kind: KindNotFound, Key: key, Args: pairs(args)}
}

// Conflict returns an error about something that has changed meanwhile.
func Conflict(key string, args ...any) *Error {
	return &Error{Kind: KindConflict, Key: key, Args: pairs(args)}
}

// Forbidden returns an error about something the person may not do.
func Forbidden(key string, args ...any) *Error {
	return &Error{Kind: KindForbidden, Key: key, Args: pairs(args)}
}

// IsKind reports whether err is, or wraps, an Error of that kind.
func IsKind(err error, kind Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == kind
}

func pairs(args []any) map[string]any {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[fmt.Sprint(args[i])] = args[i+1]
	}
	return m
}
