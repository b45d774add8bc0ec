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
		parts := make([][]byte, 0, len(asked.Requests))
		for _, a := range asked.Requests {
			request, err := http.NewRequestWithContext(r.Context(), a.Method, version+a.URL, bytes.NewReader(a.Body))
			if err != nil || a.ID == "" {
				refuse(w, http.StatusBadRequest, "BadRequest", "Invalid batch payload format.")
				return
			}
			answer := httptest.NewRecorder()
			if !s.serve(answer, request, routes, a.Body, number) {
				panic(http.ErrAbortHandler) // where a part is cut off, there is no more of the batch
			}
			part, err := partJSON(a.ID, answer)
			if err != nil {
				refuse(w, http.StatusInternalServerError, "InternalServerError", "A part could not be written.")
				return
			}
			parts = append(parts, part)
		}
		slices.Reverse(parts)
		w.Header().Set("Content-Type", "application/json")
		// The errors are those of a client gone away.
		_, _ = io.WriteString(w, `{"responses":[`)
		_, _ = w.Write(bytes.Join(parts, []byte{','}))
		_, _ = io.WriteString(w, `]}`)
	})
}

// partJSON is a part's answer as a batch holds it. Its body goes in as it is: the large ones need not be read for that.
func partJSON(id string, answer *httptest.ResponseRecorder) ([]byte, error) {
	headers := make(map[string]string)
	for name := range answer.Header() {
		headers[name] = answer.Header().Get(name)
	}
	part, err := json.Marshal(struct {
		ID      string            `json:"id"`
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
	}{id, answer.Code, headers})
	if err != nil {
		return nil, err
	}
	body := bytes.TrimSpace(answer.Body.Bytes())
	switch {
	case len(body) == 0:
		return part, nil
	case body[0] != '{' || body[len(body)-1] != '}': // a web page, or half of something
		if body, err = json.Marshal(string(body)); err != nil {
			return nil, err
		}
	}
	return slices.Concat(part[:len(part)-1], []byte(`,"body":`), body, []byte{'}'}), nil
}
