package bot

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Clock is the time that the plan is kept by: the real time, or a rehearsal's. Token checks, limits and retries never
// use it. It is safe for concurrent use.
type Clock struct {
	mu    sync.Mutex
	start time.Time // the rehearsal's first instant; zero: the clock shows the real time
	base  time.Time // the real instant at which the clock showed start; zero: it stands still
	speed float64
}

// RealClock shows the real time.
func RealClock() *Clock { return &Clock{speed: 1} }

// RehearsalClock starts at that instant now, and runs speed times as fast as the real time.
func RehearsalClock(start time.Time, speed float64) *Clock {
	return &Clock{start: start, base: time.Now(), speed: speed}
}

// HeldClock stands at that instant until it is released.
func HeldClock(start time.Time) *Clock { return &Clock{start: start, speed: 1} }

// Release lets a held clock run. A clock that runs is left alone.
func (c *Clock) Release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.start.IsZero() && c.base.IsZero() {
		c.base = time.Now()
	}
}

// Set has a held clock show another instant. A clock that runs is left alone: nobody sets the time of a running bot.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.start.IsZero() && c.base.IsZero() {
		c.start = t
	}
}

// Now returns the time the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.start.IsZero():
		return time.Now()
	case c.base.IsZero():
		return c.start
	default:
		return c.start.Add(time.Duration(float64(time.Since(c.base)) * c.speed))
	}
}

// Speed returns how many times as fast as the real time the clock runs.
func (c *Clock) Speed() float64 { return c.speed }

// started returns the first instant of a rehearsal, the zero time for the real clock.
func (c *Clock) started() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.start
}

// maxSpeed lets a year pass in half a minute; faster than that, a day is shorter than a delivery.
const maxSpeed = 1e6

// ParseRehearsal reads an RFC 3339 instant, optionally followed by @ and a speed: 2026-03-02T08:29:50+02:00@3600.
func ParseRehearsal(s string) (*Clock, error) {
	instant, factor, fast := strings.Cut(s, "@")
	start, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		return nil, fmt.Errorf("%q is not an instant such as 2026-03-02T08:29:50+02:00", instant)
	}
	speed := 1.0
	if fast {
		if speed, err = strconv.ParseFloat(factor, 64); err != nil || !(speed >= 1 && speed <= maxSpeed) {
			return nil, fmt.Errorf("%q is not a speed between 1 and %d, such as 3600", factor, int(maxSpeed))
		}
	}
	return RehearsalClock(start, speed), nil
}
