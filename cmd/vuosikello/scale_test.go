package main_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vuosikello/bot/teams/teamstest"
	"vuosikello/store"
	"vuosikello/store/storetest"
)

// commandsAtScale are the chat commands that are timed with the database of a large county. Those that write are among them.
var commandsAtScale = []string{
	"apua", "kello", "kello 2026", "kello Kampanja 7", "tulossa", "tulossa 90", "lisää", "uusi julkaisu", "hyväksynnät", "digivartit", "digivartti", "osallistujat", "tarve Ohje etälääkäriin",
	"esityslista", "kanava", "rooli", "kieli fi", "keloo",
}

// BenchmarkYears is three years of a large county (storetest.Large: 50,000 entries, 400,000 acknowledgements, 200,000 attendance
// rows) under the real program:
//
//	go test -run xxx -bench Years -benchtime 1x -timeout 30m ./cmd/vuosikello
//
// It prints the size of the file, how long the program needs until it is ready, a backup takes, and each chat command takes
// until the Connector has its answer (99th percentile of 100 by one person in turn, the slowest command), and the memory that
// the serving program has had at most.
func BenchmarkYears(b *testing.B) {
	const rounds = 100
	for b.Loop() {
		f := openBench(b, 1, &teamstest.ConnectorConfig{Discard: true})
		c := storetest.Large(f.connector.ServiceURL, tenantID, benchCalendar(b), mustTime(b, benchNow))
		began := time.Now()
		if err := c.Fill(b.Context(), f.database); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s/generate")
		f.write(b, func(tx *store.Tx) error {
			for _, r := range []store.Role{store.RoleAdmin, store.RoleDigimentor, store.RoleApprover} {
				if err := tx.GiveRole(aino.AADObjectID, r, 0); err != nil {
					return err
				}
			}
			return nil
		})
		info, err := os.Stat(f.database)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/(1<<20), "MiB/file")

		began = time.Now()
		p := f.start(b, "--unlimited-sending")
		b.ReportMetric(time.Since(began).Seconds(), "s/ready")

		began = time.Now()
		MustRun(b, f.settings, "backup", filepath.Join(b.TempDir(), "copy.db"))
		b.ReportMetric(time.Since(began).Seconds(), "s/backup")

		slowest := 0.0
		for _, command := range commandsAtScale {
			var took []time.Duration
			for range rounds {
				request := f.request(b, p, f.scene.Mention(f.channel(channelID(0)), aino, command))
				before, began := f.connector.Posted(), time.Now()
				f.send(b, p, [][]byte{request}, func([]byte) bool { return true })
				p.await(b, "reply to "+command, func() bool { return f.connector.Posted() > before })
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			p99 := took[rounds*99/100].Seconds() * 1000
			slowest = max(slowest, p99)
			b.ReportMetric(p99, "ms/"+strings.ReplaceAll(command, " ", "_"))
		}
		b.ReportMetric(slowest, "ms/p99")
		b.ReportMetric(p.memory(b, "VmHWM"), "MiB/peak")
		p.stop(b)
	}
}
