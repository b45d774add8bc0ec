package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// A backup is one SQLite file that Backup has written, looked through and described in a manifest beside it. It holds
// everything that the database holds, the key of signed links and personal data included, and is kept as carefully.

// BackupManifest describes a backup, as JSON in the file that ManifestPath names. An outsider can check it: sha256 is that of
// the file, and tables are the numbers of rows that SELECT count(*) gives.
type BackupManifest struct {
	CreatedAt time.Time        `json:"created_at"`
	Schema    int              `json:"schema"` // as PRAGMA user_version
	Bytes     int64            `json:"bytes"`
	SHA256    string           `json:"sha256"`
	Tables    map[string]int64 `json:"tables"`
	Audit     string           `json:"audit"` // hash of the last record of the audit log, "" for none
}

// Rows returns how many rows the backup has in all.
func (m *BackupManifest) Rows() (n int64) {
	for _, rows := range m.Tables {
		n += rows
	}
	return n
}

// ManifestPath returns where the manifest of a backup is.
func ManifestPath(backup string) string { return backup + ".manifest.json" }

// Backup writes a consistent copy of the database, as it is at one moment, to a file that does not exist; with replace it may.
// Reading and writing go on meanwhile, in
// this program and in others, and the schema stays as it is. The copy takes its name only when it is complete and checked: a backup that fails, or
// is cut off, leaves what was there. Manifest and copy are on disk when it returns.
func Backup(ctx context.Context, database, file string, replace bool, now time.Time) (*BackupManifest, error) {
	m, err := backup(ctx, database, file, replace, now)
	if err != nil {
		return nil, fmt.Errorf("backup to %s: %w", file, explain(err))
	}
	return m, nil
}

func backup(ctx context.Context, database, file string, replace bool, now time.Time) (_ *BackupManifest, err error) {
	if same, err := sameFile(database, file); err != nil || same {
		return nil, errors.Join(err, errIf(same, "this is the database itself; name another file"))
	}
	if _, err := os.Stat(file); !replace && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(err, errors.New("the file exists; name another, or replace it with --replace"))
	}
	partial := file + ".partial"
	if err := removeDatabase(partial); err != nil { // of a backup that was cut off
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeDatabase(partial))
		}
	}()
	// The copy is the owner's alone from its first byte.
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	source, err := sql.Open("sqlite", dsn(database, "ro", "temp_store(MEMORY)"))
	if err != nil {
		return nil, err
	}
	defer source.Close()
	if _, err := source.ExecContext(ctx, `VACUUM INTO $1`, partial); err != nil {
		return nil, err
	}
	m, err := inspect(ctx, partial, false)
	if err != nil {
		return nil, err
	}
	m.CreatedAt = now
	if err := m.measure(partial); err != nil {
		return nil, err
	}
	// The manifest of the copy that is replaced does not fit the new one: until its own is there, it has none.
	if err := os.Remove(ManifestPath(file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := syncFile(partial); err != nil {
		return nil, err
	}
	if err := os.Rename(partial, file); err != nil {
		return nil, err
	}
	if err := m.write(ManifestPath(file)); err != nil {
		return nil, err
	}
	return m, syncFile(filepath.Dir(file))
}

// measure fills in what is said of the file itself.
func (m *BackupManifest) measure(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if m.Bytes, err = io.Copy(h, f); err != nil {
		return err
	}
	m.SHA256 = hex.EncodeToString(h.Sum(nil))
	return nil
}

func (m *BackupManifest) write(path string) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".partial", append(text, '\n'), 0o600); err != nil {
		return err
	}
	if err := syncFile(path + ".partial"); err != nil {
		return err
	}
	return os.Rename(path+".partial", path)
}

// readManifest returns the manifest of a backup, nil when it has none.
func readManifest(file string) (*BackupManifest, error) {
	text, err := os.ReadFile(ManifestPath(file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var m BackupManifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("%s cannot be read (%w); without it the backup is checked by itself: move it away", ManifestPath(file), err)
	}
	return &m, nil
}

// inspect looks through a database file that nobody else uses: whether it is ours, of a schema that is known, sound, and how
// much is in it. Thoroughly also compares every index with its table, and follows the audit log's chain.
func inspect(ctx context.Context, file string, thoroughly bool) (*BackupManifest, error) {
	db, err := sql.Open("sqlite", dsn(file, "rw"))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	c, err := connect(ctx, db)
	if err != nil {
		return nil, err
	}
	defer c.close()
	known, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	m := &BackupManifest{Tables: map[string]int64{}}
	if m.Schema, err = schemaVersion(ctx, c.Conn, len(known)); err != nil {
		return nil, err
	}
	if m.Schema == 0 {
		return nil, errors.New("there is no vuosikello database in this file; name a backup")
	}
	tx := &Tx{ctx: ctx, conn: c}
	check := `PRAGMA quick_check(1)`
	if thoroughly {
		check = `PRAGMA integrity_check(1)`
	}
	var said string
	if _, err := tx.scan(check, nil, &said); err != nil {
		return nil, err
	}
	if said != "ok" {
		return nil, fmt.Errorf("the file is damaged (%s); take an earlier backup", said)
	}
	if thoroughly {
		loose, err := collect(tx, func(rows *sql.Rows) (string, error) {
			var table, parent string
			var row, key sql.NullInt64
			err := rows.Scan(&table, &row, &parent, &key)
			return table, err
		}, `PRAGMA foreign_key_check`)
		if err != nil {
			return nil, err
		}
		if len(loose) > 0 {
			return nil, fmt.Errorf("%d rows, the first in table %s, refer to something that is not there; take an earlier backup", len(loose), loose[0])
		}
		if _, _, err := tx.VerifyAudit(); err != nil {
			return nil, err
		}
	}
	tables, err := collect(tx, scanString, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		var n int64
		if _, err := tx.scan(`SELECT count(*) FROM `+quoteName(t), nil, &n); err != nil {
			return nil, err
		}
		m.Tables[t] = n
	}
	if _, err = tx.scan(`SELECT hash FROM audit ORDER BY seq DESC LIMIT 1`, nil, &m.Audit); err != nil {
		return nil, err
	}
	// What a copied -wal file held goes into the file itself.
	var busy, inLog, moved int
	if _, err := tx.scan(`PRAGMA wal_checkpoint(TRUNCATE)`, nil, &busy, &inLog, &moved); err != nil {
		return nil, err
	}
	return m, errIf(busy != 0, "another program has the file open; end it and try again")
}

// Restored says what Restore did.
type Restored struct {
	Manifest *BackupManifest // of what is the database now; Bytes and SHA256 only when the backup has a manifest
	Kept     string          // where the database that was replaced is, "" when there was none
}

// Restore makes the backup the database. It is checked whole before anything is replaced: its manifest when it has one, that
// it is sound, of this program and not newer, and its audit log's chain. A plain copy of a database, with its -wal file beside
// it if it had one, serves as well. A database that exists is left alone, unless replace says otherwise; then it is kept under
// another name beside it. The caller makes sure that nobody has the database open.
func Restore(ctx context.Context, backup, database string, replace bool, now time.Time) (*Restored, error) {
	r, err := restore(ctx, backup, database, replace, now)
	if err != nil {
		return nil, fmt.Errorf("restore %s: %w", backup, explain(err))
	}
	return r, nil
}

func restore(ctx context.Context, backup, database string, replace bool, now time.Time) (_ *Restored, err error) {
	if same, err := sameFile(backup, database); err != nil || same {
		return nil, errors.Join(err, errIf(same, "this is the database itself; name a backup of it"))
	}
	_, err = os.Stat(database)
	exists := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if exists && !replace {
		return nil, fmt.Errorf("the database %s exists; with --replace it is kept beside it under another name", database)
	}
	said, err := readManifest(backup)
	if err != nil {
		return nil, err
	}
	if said != nil {
		var found BackupManifest
		if err := found.measure(backup); err != nil {
			return nil, err
		}
		if found.SHA256 != said.SHA256 {
			return nil, fmt.Errorf("the file is not the one that its manifest describes (%d bytes instead of %d, or others); take an earlier backup", found.Bytes, said.Bytes)
		}
	}
	// It is looked through where it will be, so that what is checked is what is used.
	partial := database + ".restoring"
	if err := removeDatabase(partial); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeDatabase(partial))
		}
	}()
	if err := copyFile(backup, partial); err != nil {
		return nil, err
	}
	if err := copyFile(backup+"-wal", partial+"-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	m, err := inspect(ctx, partial, true)
	if err != nil {
		return nil, err
	}
	if said != nil {
		for table, n := range said.Tables {
			if m.Tables[table] != n {
				return nil, fmt.Errorf("table %s has %d rows and its manifest says %d; take an earlier backup", table, m.Tables[table], n)
			}
		}
		m = said
	}
	out := &Restored{Manifest: m}
	if err := syncFile(partial); err != nil {
		return nil, err
	}
	kept, err := freeName(database + ".replaced-" + now.UTC().Format("20060102T150405Z"))
	if err != nil {
		return nil, err
	}
	if exists {
		out.Kept = kept
		if err := os.Link(database, kept); err != nil {
			return nil, err
		}
	}
	// Also where the database is gone, its -wal file may have been left: SQLite would play it into the restored one.
	if err := keepSides(database, kept); err != nil {
		return nil, err
	}
	if err := os.Rename(partial, database); err != nil {
		return nil, err
	}
	return out, errors.Join(removeSides(partial), syncFile(filepath.Dir(database)))
}

// freeName returns the name for a database, with a number behind it when there is one of that name: of a restore in the same
// second that was cut off.
func freeName(name string) (string, error) {
	free := name
	for n := 2; ; n++ {
		taken := false
		for _, side := range []string{"", "-wal", "-shm", "-journal"} {
			_, err := os.Lstat(free + side)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
			taken = taken || err == nil
		}
		if !taken {
			return free, nil
		}
		free = name + "-" + strconv.Itoa(n)
	}
}

// keepSides takes from a database's name what SQLite keeps beside it and belongs to its content only, and gives it to the
// name under which the content is kept. Whenever a restore is cut off, the content is whole under that name.
func keepSides(database, kept string) error {
	for _, side := range []string{"-wal", "-shm", "-journal"} {
		if err := os.Rename(database+side, kept+side); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// removeDatabase removes a database file, if there is one, and what SQLite keeps beside it.
func removeDatabase(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return removeSides(file)
}

func removeSides(file string) error {
	for _, side := range []string{"-wal", "-shm", "-journal"} {
		if err := os.Remove(file + side); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func sameFile(a, b string) (bool, error) {
	x, err := os.Stat(a)
	if err != nil {
		return false, err
	}
	y, err := os.Stat(b)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(x, y), err
}

func errIf(wrong bool, text string) error {
	if wrong {
		return errors.New(text)
	}
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// syncFile brings a file, or the names in a folder, onto the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// quoteName writes a table's name into SQL.
func quoteName(s string) string { return `"` + s + `"` }
