package main_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestDemoTellsItsStoryAsText plays the demo of a machine without Node.js to its end: what the visitor does, and what a
// colleague answers by himself.
func TestDemoTellsItsStoryAsText(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), program(t), "demo", "--text")
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	story := string(out)
	for _, want := range []string{
		"Allergiakausi",                // the reminder …
		"✓ Tehty: Leena Salonen",       // … which the visitor marks as done
		"In the group chat Johtoryhmä", // the request for approval
	} {
		_, after, found := strings.Cut(story, want)
		if !found {
			t.Fatalf("the story does not go on to %q after:\n%s", want, out[:len(out)-len(story)])
		}
		story = after
	}
	// The card of the decision and the publication come in either order.
	for _, want := range []string{
		"In the group chat Johtoryhmä, the card changes",
		"✓ Hyväksytty.\n│ Mikko Virtanen",      // the colleague approves …
		"In the channel Ammattilaisten kanava", // … and it is published
		"[Kuittaa luetuksi]",
		"That was the story.",
	} {
		if !strings.Contains(story, want) {
			t.Errorf("%q is missing in the end of the story:\n%s", want, story)
		}
	}
}
