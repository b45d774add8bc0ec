//go:build e2e

package main_test

import "testing"

// TestE2EWheel asks for the clock as a visitor does and looks at its card.
func TestE2EWheel(t *testing.T) {
	w := openWindow(t, startDemo(t), pictureFolder(t))
	w.waitFor(patience, "a reminder in the personal chat", cardsWith(doneButton)+".length > 0")
	w.write("kello")
	clock := allCards + `.findLast(c => c.querySelector("img"))`
	w.waitFor(patience, "the wheel", clock+` !== undefined`)
	w.waitFor(patience, "the picture", clock+`.querySelector("img").naturalWidth === 720`)
	w.photographWhole("wheel", clock)
}
