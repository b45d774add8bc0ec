package bot

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	collectTimeout = 2 * time.Second
	readyTimeout   = 8 * time.Second // a database that waits for a lock answers after five seconds
)

func contextWithTimeout(d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), d)
}

// Ready reports why the bot cannot do its work now: the database cannot be written, the signing keys have not been
// loaded, or nothing is being sent. keysLoaded is nil when tokens are not checked.
func (b *Bot) Ready(ctx context.Context, keysLoaded func() bool) error {
	var problems []error
	if err := b.DB.Ping(ctx); err != nil {
		problems = append(problems, err)
	}
	if keysLoaded != nil && !keysLoaded() {
		problems = append(problems, errors.New("the platform's signing keys have not been loaded: check the network and VUOSIKELLO_OPENID_METADATA_URL"))
	}
	if !b.beat.alive() {
		problems = append(problems, errors.New("the dispatcher is not running"))
	}
	return errors.Join(problems...)
}

// AdminHandler serves /healthz (the process lives), /readyz (see Ready) and /metrics (Prometheus), for the operator's
// own network only.
func (b *Bot) AdminHandler(keysLoaded func() bool) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := b.Ready(ctx, keysLoaded); err != nil {
			plain(w, http.StatusServiceUnavailable, err.Error())
			return
		}
		plain(w, http.StatusOK, "ok")
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(b.Metrics.Registry, promhttp.HandlerOpts{Registry: b.Metrics.Registry}))
	return WithSecurityHeaders(mux)
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n")) // the client may have gone
}
