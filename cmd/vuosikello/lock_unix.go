//go:build unix

package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lockDatabase makes sure that one program at most posts what is in a database: two would post everything twice. The
// lock ends with the process, however it ends.
func lockDatabase(database string) (release func(), err error) {
	f, err := os.OpenFile(database+".serving", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the database: %w; check that the folder exists and its permissions", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("another vuosikello is serving %s already; stop it first", database)
		}
		return nil, fmt.Errorf("lock the database: %w", err)
	}
	return func() { f.Close() }, nil
}
