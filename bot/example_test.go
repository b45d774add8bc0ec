package bot_test

import (
	"fmt"
	"time"

	"vuosikello/bot"
)

// A rehearsal may run fast: here an hour of the plan passes in a second.
func ExampleParseRehearsal() {
	clock, err := bot.ParseRehearsal("2026-03-02T08:29:50+02:00@3600")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(clock.Now().Format("2.1.2006"), clock.Speed())

	_, err = bot.ParseRehearsal("2.3.2026")
	fmt.Println(err)
	_, err = bot.ParseRehearsal("2026-03-02T08:29:50+02:00@0.5")
	fmt.Println(err)
	// Output:
	// 2.3.2026 3600
	// "2.3.2026" is not an instant such as 2026-03-02T08:29:50+02:00
	// "0.5" is not a speed between 1 and 1000000, such as 3600
}

// A held clock waits for its moment, such as the first visitor of a demo.
func ExampleHeldClock() {
	clock := bot.HeldClock(time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC))
	clock.Set(clock.Now().Add(29 * time.Minute))
	fmt.Println(clock.Now().Format(time.TimeOnly))
	clock.Release()
	clock.Set(time.Time{}) // it runs now, and nobody sets it
	fmt.Println(clock.Now().Format("15:04"))
	// Output:
	// 08:29:00
	// 08:29
}
