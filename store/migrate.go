package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

// applicationID marks a SQLite file as ours: "VKLO".
const applicationID = 0x564b4c4f

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date in one transaction. user_version counts the steps taken.
func migrate(ctx context.Context, c *sql.Conn) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	// One transaction, also for the look alone: the commit of another process between two questions would make the answers
	// disagree, as if the file were another program's.
	current := false
	if err := inTransaction(ctx, c, "BEGIN", func() error {
		version, err := schemaVersion(ctx, c, len(files))
		current = version == len(files)
		return err
	}); err != nil || current {
		return err
	}
	// Another process may be doing the same: look again with the write lock held.
	return inTransaction(ctx, c, "BEGIN IMMEDIATE", func() error { return migrateLocked(ctx, c, files) })
}

func inTransaction(ctx context.Context, c *sql.Conn, begin string, fn func() error) error {
	if _, err := c.ExecContext(ctx, begin); err != nil {
		return err
	}
	if err := fn(); err != nil {
		_, rollback := c.ExecContext(ctx, "ROLLBACK")
		return errors.Join(err, ignoreNoTx(rollback))
	}
	_, err := c.ExecContext(ctx, "COMMIT")
	return err
}

func migrateLocked(ctx context.Context, c *sql.Conn, files []string) error {
	version, err := schemaVersion(ctx, c, len(files))
	if err != nil {
		return err
	}
	for i := version; i < len(files); i++ {
		script, err := migrations.ReadFile(files[i])
		if err != nil {
			return err
		}
		if _, err := c.ExecContext(ctx, string(script)); err != nil {
			return fmt.Errorf("migration %s: %w", files[i], err)
		}
	}
	_, err = c.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(files)))
	return err
}

// schemaVersion returns how many of the known steps the database has taken, and refuses one that is not ours or newer.
func schemaVersion(ctx context.Context, c *sql.Conn, known int) (version int, err error) {
	var id, tables int
	for _, q := range []struct {
		sql  string
		dest *int
	}{
		{"PRAGMA application_id", &id},
		{"PRAGMA user_version", &version},
		{"SELECT count(*) FROM sqlite_schema", &tables},
	} {
		if err := c.QueryRowContext(ctx, q.sql).Scan(q.dest); err != nil {
			return 0, err
		}
	}
	switch {
	case id != applicationID && tables > 0:
		return 0, errors.New("this is another program's database; name another file")
	case version > known:
		return 0, fmt.Errorf("schema %d, this program knows %d: %w", version, known, ErrNewer)
	}
	return version, nil
}
