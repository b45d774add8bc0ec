package graphtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
)

// maxParts is the most requests that Graph takes in a batch.
const maxParts = 20

// batch answers "POST /$batch" ("Combine multiple HTTP requests using JSON batching"): every part by itself, and not in the order of the
// requests.
func (s *Server) batch(routes http.Handler) http.Handler {
	type part struct {
		ID      string            `json:"id"`
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
		Body    any               `json:"body,omitempty"`
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Requests []struct {
				ID, Method, URL string
				Body            json.RawMessage
			}
		}
		content, err := io.ReadAll(r.Body)
		if err != nil || json.Unmarshal(content, &asked) != nil || len(asked.Requests) == 0 || len(asked.Requests) > maxParts {
			refuse(w, http.StatusBadRequest, "BadRequest", "Invalid batch payload format.")
			return
		}
		s.batches++
		number := s.batches
		parts := make([]part, 0, len(asked.Requests))
		for _, a := range asked.Requests {
			request, err := http.NewRequestWithContext(r.Context(), a.Method, version+a.URL, bytes.NewReader(a.Body))
			if err != nil || a.ID == "" {
				refuse(w, http.StatusBadRequest, "BadRequest", "Invalid batch payload format.")
				return
			}
			answer := httptest.NewRecorder()
			s.serve(answer, request, routes, a.Body, number)
			p := part{ID: a.ID, Status: answer.Code, Headers: make(map[string]string)}
			for name := range answer.Header() {
				p.Headers[name] = answer.Header().Get(name)
			}
			switch body := answer.Body.Bytes(); {
			case len(body) == 0:
			case json.Valid(body):
				p.Body = json.RawMessage(body)
			default:
				p.Body = answer.Body.String()
			}
			parts = append(parts, p)
		}
		slices.Reverse(parts)
		respond(w, http.StatusOK, map[string]any{"responses": parts})
	})
}
