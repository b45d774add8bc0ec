package store

import "context"

// NewPost is what is told of a post that was written to the outbox.
type NewPost struct {
	ID    int64
	Kind  string
	Trace string
	State PostState // Pending, or the end of one that is not sent at all
}

// OnPost has fn called for each post that was written to the outbox, after it is on disk, by the goroutine that wrote it.
func (db *DB) OnPost(fn func(NewPost)) { db.onPost.Store(&fn) }

// tell reports the posts that a transaction wrote.
func (db *DB) tell(posts []NewPost) {
	if fn := db.onPost.Load(); fn != nil {
		for _, p := range posts {
			(*fn)(p)
		}
	}
}

type traceKey struct{}

// WithTrace returns a context for Write whose posts have traces that begin with that of the activity which asked for them:
// one search of the logs finds the activity, what came of it, and where it went.
func WithTrace(ctx context.Context, trace string) context.Context {
	return context.WithValue(ctx, traceKey{}, trace)
}

// newTrace is the trace of a new post. It stays unique: by it a post is also found again in its channel.
func (tx *Tx) newTrace() string {
	if activity, _ := tx.ctx.Value(traceKey{}).(string); activity != "" {
		return activity + "-" + NewID()
	}
	return NewID()
}
