package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vuosikello/bot"
	"vuosikello/store"
)

// nightlySettings say where the nightly backups go.
type nightlySettings struct {
	BackupDir  string `env:"VUOSIKELLO_BACKUP_DIR" placeholder:"FOLDER" help:"Back the database up to this folder every night."`
	BackupKeep int    `env:"VUOSIKELLO_BACKUP_KEEP" default:"14" placeholder:"N" help:"How many nightly backups are kept."`
}

const (
	// backupHour and backupMinute are when the nightly backup is made, by the plan's time zone and the real clock: nothing
	// is posted then.
	backupHour, backupMinute = 2, 30
	// backupLook is how often it is looked whether a backup is due, and backupAgain how long a failed one rests.
	backupLook, backupAgain = time.Minute, time.Hour

	backupPrefix, backupSuffix = "vuosikello-", ".db"
	backupStamp                = "20060102T150405Z" // UTC: names sort as they were made, also when clocks are turned back
)

// nightly makes the backups of a running bot.
type nightly struct {
	nightlySettings
	database string
	zone     *time.Location
	log      *slog.Logger
	failed   func(context.Context) error // tells a human
	made     func(context.Context) error
	last     prometheus.Gauge
	failures prometheus.Counter
}

func (c nightlySettings) backups() error {
	if c.BackupDir != "" && c.BackupKeep < 1 {
		return usagef("VUOSIKELLO_BACKUP_KEEP is %d: write how many backups are kept, at least 1", c.BackupKeep)
	}
	return nil
}

// newNightly tries the folder; it returns nil when there are to be no backups.
func newNightly(c nightlySettings, database string, b *bot.Bot) (*nightly, error) {
	if c.BackupDir == "" {
		return nil, nil
	}
	if err := os.MkdirAll(c.BackupDir, 0o700); err != nil {
		return nil, fmt.Errorf("VUOSIKELLO_BACKUP_DIR: %w; name a folder that can be written", err)
	}
	n := &nightly{nightlySettings: c, database: database, zone: b.Calendar.Location, log: b.Logger, failed: b.BackupFailed, made: b.BackupMade,
		last:     prometheus.NewGauge(prometheus.GaugeOpts{Name: "vuosikello_backup_last_timestamp_seconds", Help: "When the newest nightly backup was made, Unix time; 0 when there is none."}),
		failures: prometheus.NewCounter(prometheus.CounterOpts{Name: "vuosikello_backup_failures_total", Help: "Nightly backups that could not be made; each is tried again an hour later."})}
	b.Metrics.Registry.MustRegister(n.last, n.failures)
	return n, nil
}

// run makes a backup every night until ctx ends, and at once when the last night's is missing.
func (n *nightly) run(ctx context.Context) {
	rest := time.Time{}
	timer := time.NewTicker(backupLook)
	defer timer.Stop()
	for {
		if now := time.Now(); !now.Before(rest) {
			if err := n.look(ctx, now); err != nil && ctx.Err() == nil {
				n.failures.Inc()
				n.log.Error("nightly backup not made; trying again in an hour", "error", err)
				rest = now.Add(backupAgain)
				if err := n.failed(ctx); err != nil && ctx.Err() == nil {
					n.log.Error("admins not told of the backup", "error", err)
				}
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
	}
}

// look makes the backup that is due at the instant, if one is, and then removes those that are too many.
func (n *nightly) look(ctx context.Context, now time.Time) error {
	made, err := nightlyBackups(n.BackupDir, now)
	if err != nil {
		return err
	}
	if len(made) > 0 {
		newest := made[len(made)-1]
		n.last.Set(float64(newest.Unix()))
		if !newest.Before(lastNight(now.In(n.zone))) {
			return nil
		}
	}
	file := n.file(now)
	m, err := store.Backup(ctx, n.database, file, false, now)
	if err != nil {
		return err
	}
	n.last.Set(float64(now.Unix()))
	n.log.Info("nightly backup made", "file", file, "bytes", m.Bytes, "rows", m.Rows())
	if err := n.made(ctx); err != nil {
		return err
	}
	for _, at := range made[:max(0, len(made)+1-n.BackupKeep)] {
		old := n.file(at)
		for _, f := range []string{old, store.ManifestPath(old)} {
			if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("old backup: %w", err)
			}
		}
	}
	return nil
}

func (n *nightly) file(at time.Time) string {
	return filepath.Join(n.BackupDir, backupPrefix+at.UTC().Format(backupStamp)+backupSuffix)
}

// lastNight returns the newest instant up to now at which a backup was due.
func lastNight(now time.Time) time.Time {
	due := time.Date(now.Year(), now.Month(), now.Day(), backupHour, backupMinute, 0, 0, now.Location())
	if due.After(now) {
		due = time.Date(now.Year(), now.Month(), now.Day()-1, backupHour, backupMinute, 0, 0, now.Location())
	}
	return due
}

// nightlyBackups returns when the complete nightly backups in the folder were made, oldest first. Other files are left
// alone, and so are those of the time to come: a clock that was ahead made them, and none would be made until then.
func nightlyBackups(dir string, now time.Time) ([]time.Time, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var made []time.Time
	for _, f := range files {
		stamp, ours := strings.CutPrefix(f.Name(), backupPrefix)
		stamp, whole := strings.CutSuffix(stamp, backupSuffix)
		if at, err := time.Parse(backupStamp, stamp); ours && whole && err == nil && !at.After(now) {
			made = append(made, at)
		}
	}
	slices.SortFunc(made, time.Time.Compare)
	return made, nil
}
