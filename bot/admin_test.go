package bot_test

import (
	"io"
	"net/http"
	"testing"
)

// get asks the admin listener.
func (w *world) get(url string) (status int, body string) {
	w.Helper()
	res, err := http.Get(url)
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func TestAdminHandler(t *testing.T) {
	t.Parallel()
	w, _, _ := reminded(t)
	w.bot.CollectQueue()
	url := w.serve(w.bot.AdminHandler(nil))
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, "/": 404, "/api/messages": 404} {
		if status, body := w.get(url + path); status != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	w.stop()
	_, metrics := w.get(url + "/metrics")
	contains(t, metrics, `vuosikello_post_attempts_total{outcome="sent"} 1`, "vuosikello_outbox_posts 0", "vuosikello_posts_scheduled_total 1", "vuosikello_command_seconds_count")
	unready := w.serve(w.bot.AdminHandler(func() bool { return false }))
	status, body := w.get(unready + "/readyz")
	if status != http.StatusServiceUnavailable {
		t.Errorf("ready without keys: %d", status)
	}
	contains(t, body, "VUOSIKELLO_OPENID_METADATA_URL")
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	if status, _ := w.get(url + "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("ready with a closed database: %d", status)
	}
	if status, _ := w.get(url + "/healthz"); status != http.StatusOK {
		t.Errorf("the process lives, and says %d", status)
	}
}
