package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// busyTimeout is how long a write waits for another process (an import beside the running bot) to finish.
	busyTimeout = 5 * time.Second
	// openTimeout is how long Open waits for another process that is making the database or bringing it up to date: that is
	// more than any write.
	openTimeout = time.Minute
	// connectAgain is how long connectFirst pauses between two attempts.
	connectAgain = 5 * time.Millisecond
	// readers is the number of connections for reading; WAL lets them work beside the writer.
	readers = 4
	// maxShared bounds how many transactions share one commit, and so how long the first of them waits.
	maxShared = 64
	// cacheKiB bounds each connection's page cache.
	cacheKiB = 2048
)

// DB is the database: one SQLite file with a single writer and several readers. Its methods are safe for concurrent use.
//
// What undoes a failed transaction without touching its neighbours is kept in memory (temp_store): SQLite would move it to a
// file once it is some pages long, and the transactions of a whole commit together are.
//
// What is deleted or replaced is overwritten in the file (secure_delete): erased people are not to be found there.
//
// Concurrent calls of Write share a commit where they can: each runs in a savepoint of its own, so that one that fails
// undoes its own changes only, and all return after the commit they share is on disk (synchronous=FULL).
type DB struct {
	path    string
	writer  *sql.DB
	reader  *sql.DB
	writing *conn // the writer's one connection
	jobs    chan *job
	idle    chan *conn // reading connections not in use
	closed  chan struct{}
	done    sync.WaitGroup
	once    sync.Once
	onPost  atomic.Pointer[func(NewPost)]
}

type job struct {
	ctx context.Context
	fn  func(*Tx) error
	err error

	posted []NewPost
	end    chan error
}

// conn is one connection with its prepared statements.
type conn struct {
	*sql.Conn
	reads bool // and never writes
	stmts map[string]*sql.Stmt
	audit auditEnd // the writer's, in the transaction that is open
}

// Tx is a transaction, for reading or for writing. It must not be used after the function it was given to returns, nor
// by several goroutines.
type Tx struct {
	ctx    context.Context
	conn   *conn
	posted *[]NewPost // where AddPost notes what it wrote; nil: nowhere
}

// ErrNewer is returned by Open for a database that a newer version of the program has written.
var ErrNewer = errors.New("the database was written by a newer version of vuosikello: install that version or newer, or restore a backup")

// Open opens the database file, creating it when it does not exist, and brings its schema up to date.
func Open(ctx context.Context, path string) (*DB, error) {
	db := &DB{path: path, jobs: make(chan *job), idle: make(chan *conn, readers), closed: make(chan struct{})}
	if err := db.open(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("open database %s: %w", path, explain(err))
	}
	return db, nil
}

func (db *DB) open(ctx context.Context) error {
	var err error
	if db.writer, err = sql.Open("sqlite", dsn(db.path, "rwc", "journal_mode(WAL)", "synchronous(FULL)", "temp_store(MEMORY)", "foreign_keys(1)", "secure_delete(1)")+"&_txlock=immediate"); err != nil {
		return err
	}
	db.writer.SetMaxOpenConns(1)
	w, err := connectFirst(ctx, db.writer)
	if err != nil {
		return err
	}
	err = w.waitUpTo(ctx, openTimeout)
	if err == nil {
		err = migrate(ctx, w.Conn)
	}
	if err == nil {
		err = w.waitUpTo(ctx, busyTimeout)
	}
	if err != nil {
		return errors.Join(err, w.close())
	}
	db.writing = w
	db.done.Go(func() { db.write(w) })
	if db.reader, err = sql.Open("sqlite", dsn(db.path, "ro", "query_only(1)")); err != nil {
		return err
	}
	db.reader.SetMaxOpenConns(readers)
	for range readers {
		r, err := connect(ctx, db.reader)
		if err != nil {
			return err
		}
		r.reads = true
		db.idle <- r
	}
	return nil
}

func dsn(path, mode string, pragmas ...string) string {
	u := url.URL{Scheme: "file", Opaque: url.PathEscape(path)}
	q := url.Values{"mode": {mode}}
	// The timeout comes first: the other pragmas may have to wait for a lock already.
	q.Add("_pragma", "busy_timeout("+strconv.FormatInt(busyTimeout.Milliseconds(), 10)+")")
	q.Add("_pragma", "cache_size(-"+strconv.Itoa(cacheKiB)+")")
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func connect(ctx context.Context, db *sql.DB) (*conn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c, stmts: map[string]*sql.Stmt{}}, nil
}

// connectFirst is connect for the connection that makes the file use a -wal file. SQLite does not wait (busy_timeout) while
// another process is doing the same, or is migrating before it has: it waits only for what it holds no lock of itself, and
// here it is already reading the file. So this waits in its stead.
func connectFirst(ctx context.Context, db *sql.DB) (*conn, error) {
	wait, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	for {
		c, err := connect(ctx, db)
		var busy *sqlite.Error
		if err == nil || !errors.As(err, &busy) || busy.Code()&0xff != sqlite3.SQLITE_BUSY {
			return c, err
		}
		select {
		case <-wait.Done():
			return nil, err
		case <-time.After(connectAgain):
		}
	}
}

// waitUpTo sets how long statements wait for another process.
func (c *conn) waitUpTo(ctx context.Context, d time.Duration) error {
	_, err := c.ExecContext(ctx, "PRAGMA busy_timeout = "+strconv.FormatInt(d.Milliseconds(), 10))
	return err
}

// close closes the connection with its statements. One that is left open keeps SQLite from closing the file, and what was
// written stays in the -wal file beside it.
func (c *conn) close() error {
	var err error
	for _, s := range c.stmts {
		err = errors.Join(err, s.Close())
	}
	return errors.Join(err, c.Conn.Close())
}

// Path returns the database file.
func (db *DB) Path() string { return db.path }

// Close waits for what is being written and closes the database.
func (db *DB) Close() error {
	var err error
	db.once.Do(func() {
		close(db.closed)
		db.done.Wait()
		if db.reader != nil {
			for len(db.idle) > 0 {
				err = errors.Join(err, (<-db.idle).close())
			}
			err = errors.Join(err, db.reader.Close())
		}
		if db.writing != nil {
			err = errors.Join(err, db.writing.close())
		}
		if db.writer != nil {
			err = errors.Join(err, db.writer.Close())
		}
	})
	return err
}

// Write runs fn in a transaction and returns after its changes are on disk. An error of fn undoes its changes and is
// returned as it is. fn must be quick and must not wait for anything but the database: all writes wait for it.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	j := &job{ctx: ctx, fn: fn, end: make(chan error, 1)}
	select {
	case db.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-db.closed:
		return Unavailable(errors.New("the database is closed"))
	}
	// From here the change may be committed whatever happens to ctx, so the outcome is waited for.
	err := <-j.end
	if err == nil {
		db.tell(j.posted)
	}
	return err
}

// Read runs fn in a transaction that sees one state of the database. ctx bounds the wait for a connection; fn is quick
// and runs to its end, since interrupting a statement would take a goroutine for each.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) (err error) {
	var c *conn
	select {
	case c = <-db.idle:
	case <-ctx.Done():
		return ctx.Err()
	case <-db.closed:
		return Unavailable(errors.New("the database is closed"))
	}
	defer func() { db.idle <- c }()
	tx := &Tx{ctx: context.WithoutCancel(ctx), conn: c}
	if _, err := tx.exec("BEGIN"); err != nil {
		return classify(err)
	}
	defer func() {
		if _, rollback := tx.exec("ROLLBACK"); rollback != nil && err == nil {
			err = classify(rollback)
		}
	}()
	return classify(run(tx, fn))
}

// write is the only goroutine that writes.
func (db *DB) write(c *conn) {
	batch := make([]*job, 0, maxShared)
	for {
		select {
		case j := <-db.jobs:
			batch = db.commit(c, append(batch[:0], j))
		case <-db.closed:
			return
		}
		for _, j := range batch {
			j.end <- j.err
		}
	}
}

// commit runs the first job of the batch, and those that are waiting meanwhile, in one transaction.
func (db *DB) commit(c *conn, batch []*job) []*job {
	tx := &Tx{ctx: context.Background(), conn: c}
	if _, err := tx.exec("BEGIN IMMEDIATE"); err != nil {
		// Those who waited meanwhile would wait as long again, one after the other: they are told the same.
		for next, ok := db.waiting(); ok; next, ok = db.waiting() {
			batch = append(batch, next)
		}
		for _, j := range batch {
			j.err = classify(err)
		}
		return batch
	}
	c.audit = auditEnd{}
	changed := false
	for i := 0; ; i++ {
		j := batch[i]
		j.err = db.savepoint(c, j)
		changed = changed || j.err == nil
		if len(batch) == maxShared {
			break
		}
		next, ok := db.waiting()
		if !ok {
			break
		}
		batch = append(batch, next)
	}
	var err error
	if changed {
		if err = tx.endAudit(); err == nil {
			_, err = tx.exec("COMMIT")
		}
	} else {
		_, err = tx.exec("ROLLBACK")
	}
	if err != nil {
		// Nothing of the batch is on disk. A failed COMMIT can leave the transaction open.
		_, rollback := tx.exec("ROLLBACK")
		err = classify(errors.Join(err, ignoreNoTx(rollback)))
		for _, j := range batch {
			if j.err == nil {
				j.err = err
			}
		}
	}
	return batch
}

// waiting returns a job that is waiting to be written. Those who are about to hand one over get the processor once first:
// on a single core they could not have done so while the writer was running.
func (db *DB) waiting() (*job, bool) {
	for range 2 {
		select {
		case j := <-db.jobs:
			return j, true
		default:
			runtime.Gosched()
		}
	}
	return nil, false
}

func (db *DB) savepoint(c *conn, j *job) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	tx := &Tx{ctx: context.WithoutCancel(j.ctx), conn: c, posted: &j.posted}
	if _, err := tx.exec("SAVEPOINT job"); err != nil {
		return classify(err)
	}
	audit := c.audit
	if err := run(tx, j.fn); err != nil {
		c.audit = audit
		// A full disk makes SQLite roll back the whole transaction by itself; then there is no savepoint to return to,
		// and COMMIT will report it to the neighbours.
		_, undo := tx.exec("ROLLBACK TO job")
		_, release := tx.exec("RELEASE job")
		return classify(errors.Join(err, ignoreNoTx(undo), ignoreNoTx(release)))
	}
	_, err := tx.exec("RELEASE job")
	return classify(err)
}

// run calls fn; one bad transaction must not take the writer down.
func run(tx *Tx, fn func(*Tx) error) error {
	return Contain("a transaction", func() error { return fn(tx) })
}

// Contain calls fn and turns a panic into an error that names where it came from. What was panicked with may quote what
// people wrote, and the error is logged: of it, only what the runtime itself says is told.
func Contain(where string, fn func() error) (err error) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		what := fmt.Sprintf("%T", r)
		if known, ok := r.(runtime.Error); ok {
			what = known.Error()
		}
		err = fmt.Errorf("panic in %s: %s at %s", where, what, strings.Join(panicSites(), ", "))
	}()
	return fn()
}

// panicSites names the functions and lines that a panic came through, innermost first, without any values.
func panicSites() (sites []string) {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
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

func (c *conn) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := c.stmts[query]; ok {
		return s, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err == nil {
		c.stmts[query] = s
	}
	return s, err
}

// exec, query and queryRow prepare each distinct SQL text once per connection. The texts are constants of this package.
func (tx *Tx) exec(query string, args ...any) (sql.Result, error) {
	s, err := tx.conn.prepare(tx.ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(tx.ctx, args...)
}

func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	s, err := tx.conn.prepare(tx.ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(tx.ctx, args...)
}

// scan reads the one row of the query; it reports false when there is none.
func (tx *Tx) scan(query string, args []any, dest ...any) (bool, error) {
	s, err := tx.conn.prepare(tx.ctx, query)
	if err != nil {
		return false, err
	}
	err = s.QueryRowContext(tx.ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// collect reads every row of the query with scan.
func collect[T any](tx *Tx, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// affected reports how many rows the statement changed.
func affected(res sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Unavailable wraps the cause of a database that cannot answer now.
func Unavailable(cause error) *Error {
	return &Error{Kind: KindUnavailable, Key: "error.database_unavailable", Err: cause}
}

// classify turns what the database says of itself into an Error of kind Unavailable; other errors stay as they are.
func classify(err error) error {
	var known *Error
	var db *sqlite.Error
	if err == nil || errors.As(err, &known) || !errors.As(err, &db) {
		return err
	}
	return Unavailable(explain(err))
}

// explain adds what an operator can do.
func explain(err error) error {
	var db *sqlite.Error
	if !errors.As(err, &db) {
		return err
	}
	switch db.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("locked by another program for over %v; end it and try again: %w", busyTimeout, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("the disk is full; free some space, nothing else is needed: %w", err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("the file or its folder cannot be written; check that the folder exists and its permissions: %w", err)
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("not a sound SQLite database; name another file or restore a backup: %w", err)
	}
	return err
}

func ignoreNoTx(err error) error {
	var db *sqlite.Error
	if errors.As(err, &db) && db.Code() == sqlite3.SQLITE_ERROR {
		return nil // "no such savepoint", "no transaction is active"
	}
	return err
}

// Ping reports whether the database can be written now.
func (db *DB) Ping(ctx context.Context) error {
	return db.Write(ctx, func(tx *Tx) error {
		return tx.SetSetting("written", NewID())
	})
}

// scrubTimeout is how long Scrub waits for those who are reading.
const scrubTimeout = time.Second

// Scrub empties the file of changes (-wal) into the database file, in which what was erased is overwritten: until then its
// old pages still hold it. When others are busy just now, the file is emptied and written over in the course of time.
func (db *DB) Scrub(ctx context.Context) error {
	c, err := sql.Open("sqlite", dsn(db.path, "rw", "busy_timeout("+strconv.FormatInt(scrubTimeout.Milliseconds(), 10)+")"))
	if err != nil {
		return err
	}
	_, err = c.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return explain(errors.Join(err, c.Close()))
}

// Size returns the size of the database file in bytes.
func (db *DB) Size() (int64, error) {
	info, err := os.Stat(db.path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Check looks through the whole database for damage.
func (db *DB) Check(ctx context.Context) error {
	return db.Read(ctx, func(tx *Tx) error {
		var said string
		if _, err := tx.scan(`PRAGMA quick_check(1)`, nil, &said); err != nil {
			return err
		}
		if said != "ok" {
			return fmt.Errorf("the database is damaged (%s); restore a backup", said)
		}
		return nil
	})
}
