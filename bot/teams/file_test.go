package teams_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vuosikello/bot/teams"
)

func TestFetchFile(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("another host's")) }))
	defer elsewhere.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("/file", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("otsikko;alkaa\n")) })
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write([]byte("<!DOCTYPE html>"))
	})
	mux.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	mux.HandleFunc("/busy", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	mux.HandleFunc("/here", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/file", http.StatusFound) })
	mux.HandleFunc("/there", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) })
	mux.HandleFunc("/circle", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/circle", http.StatusFound) })
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) { // no length is announced
		for chunk := bytes.Repeat([]byte("x"), 64<<10); r.Context().Err() == nil; {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "99999999")
		w.WriteHeader(http.StatusOK)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	f := teams.NewFileFetcher(true)
	other := errors.New("any other")
	for path, want := range map[string]error{
		"/file": nil, "/here": nil, "/page": teams.ErrFileGone, "/gone": teams.ErrFileGone, "/there": teams.ErrFileGone, "/circle": teams.ErrFileGone,
		"/endless": teams.ErrFileTooLarge, "/large": teams.ErrFileTooLarge, "/busy": other,
	} {
		data, err := f.Fetch(t.Context(), teams.File{DownloadURL: server.URL + path + "?tempauth=secret"})
		switch {
		case want == nil && (err != nil || string(data) != "otsikko;alkaa\n"):
			t.Errorf("%s: %q, %v", path, data, err)
		case errors.Is(want, other) && (err == nil || errors.Is(err, teams.ErrFileGone)):
			t.Errorf("%s: %v", path, err)
		case want != nil && !errors.Is(want, other) && !errors.Is(err, want):
			t.Errorf("%s: %v, want %v", path, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error has the address: %v", path, err)
		}
	}
	server.Close()
	if _, err := f.Fetch(t.Context(), teams.File{DownloadURL: server.URL + "/file?tempauth=secret"}); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a host that is down: %v", err)
	}
}

// The sender writes the address. None but Microsoft's is asked, and this machine only in local mode.
func TestFetchFileElsewhere(t *testing.T) {
	t.Parallel()
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	f := teams.NewFileFetcher(false)
	for _, address := range []string{
		server.URL, "", "%", "file:///etc/passwd", "https://evil.example/a.csv", "https://sharepoint.com.evil.example/a.csv", "https://evilsharepoint.com/a.csv",
		"https://.sharepoint.com/", "http://contoso.sharepoint.com/a.csv", "https://contoso.sharepoint.com:8443/a.csv", "https://a@contoso.sharepoint.com/a.csv",
		"https://contoso.sharepoint.com@evil.example/a.csv", "https://169.254.169.254/metadata", "https://[::1]/", "https://contoso.sharepoint.com.:443/a.csv", "https://localhost/a.csv",
	} {
		if _, err := f.Fetch(t.Context(), teams.File{DownloadURL: address}); !errors.Is(err, teams.ErrFileHost) {
			t.Errorf("%s: %v", address, err)
		}
	}
	if asked {
		t.Error("this machine was asked")
	}
}

// A name of Microsoft's that leads to an address within the network is not dialled.
func TestFetchFileFromWithin(t *testing.T) {
	t.Parallel()
	public, local := teams.NewFileFetcher(false), teams.NewFileFetcher(true)
	for address, want := range map[string]bool{
		"13.107.136.10:443": true, "[2620:1ec:8f8::10]:443": true, "10.0.0.1:443": false, "192.168.1.1:443": false, "169.254.169.254:443": false, "100.64.1.1:443": false,
		"127.0.0.1:443": false, "[::1]:443": false, "[::ffff:10.0.0.1]:443": false, "[fd00::1]:443": false, "[fe80::1]:443": false, "0.0.0.0:443": false, "?": false,
	} {
		if got := teams.Dialable(public, address) == nil; got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if teams.Dialable(local, "127.0.0.1:80") != nil || teams.Dialable(local, "10.0.0.1:80") == nil {
		t.Error("in local mode, this machine and no other is allowed besides")
	}
}
