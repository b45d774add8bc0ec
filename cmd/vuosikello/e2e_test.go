//go:build e2e

package main_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The end-to-end test is behind a build tag because it needs what a plain checkout does not: Chromium, Node.js, and the
// npm registry when the Playground has not been fetched before.
//
//	VUOSIKELLO_SCREENSHOTS=/tmp/pictures go test -tags e2e -run E2E ./cmd/vuosikello
//
// The pictures (…-desktop.png at 1280 × 900, …-phone.png at twice 390 × 844) are thrown away when no folder is named.
const (
	// demoStart covers a first fetch of the Playground over a slow line.
	demoStart = 4 * time.Minute

	screenWidth, screenHeight = 1280, 900
	// longScreen shows the longest form whole.
	longScreen = 1900

	doneButton = "Merkitse tehdyksi"
)

// TestE2EReminderIsMarkedDone is the demo's first minute as a visitor has it: the page opens, a reminder comes to the
// personal chat and to a channel, the button is pressed and the card says so. On the way it takes pictures, and holds
// the cards against a phone's width.
func TestE2EReminderIsMarkedDone(t *testing.T) {
	w := openWindow(t, startDemo(t), pictureFolder(t))

	start := time.Now()
	w.waitFor(patience, "a reminder in the personal chat", cardsWith(doneButton)+".length > 0")
	t.Logf("the first reminder came %v after the page had opened", time.Since(start).Round(100*time.Millisecond))
	w.photograph("personal")

	channel := w.channelWithReminder()
	t.Logf("a reminder is in %s", channel)
	w.photograph("channel")

	before := evaluate[int](w, cardsWith(doneButton)+".length")
	title := evaluate[string](w, titleOf(cardsWith(doneButton)+"[0]"))
	w.press(doneButton)
	w.waitFor(patience, "the card to change", fmt.Sprintf("%s.length === %d && %s.some(c => c.innerText.includes(%q) && /tehty/i.test(c.innerText))",
		cardsWith(doneButton), before-1, allCards, title))
	w.photograph("done")

	// The change is the post's own and not only an answer to the one who pressed: it is there after looking elsewhere.
	w.visit("Personal Chat")
	w.visit(channel)
	w.waitFor(patience, "the changed card to stay", fmt.Sprintf("%s.some(c => c.innerText.includes(%q) && /tehty/i.test(c.innerText))", allCards, title))
}

// pictureFolder is where the pictures go.
func pictureFolder(t *testing.T) string {
	t.Helper()
	pictures := os.Getenv("VUOSIKELLO_SCREENSHOTS")
	if pictures == "" {
		return t.TempDir()
	}
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		t.Fatal(err)
	}
	return pictures
}

// startDemo builds the program, runs its demo until the test ends and returns the address of the Teams window.
func startDemo(t *testing.T, args ...string) (address string) {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "vuosikello")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}

	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, append([]string{"demo"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "VUOSIKELLO_LISTEN="+freeAddress(t), "VUOSIKELLO_ADMIN_LISTEN="+freeAddress(t))
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = patience
	output, input := io.Pipe()
	cmd.Stdout, cmd.Stderr = input, input
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}

	found := make(chan string, 1)
	read := make(chan struct{})
	var said strings.Builder
	go func() {
		defer close(read)
		lines := bufio.NewScanner(output)
		for lines.Scan() {
			said.WriteString(lines.Text() + "\n")
			for _, candidate := range localAddress.FindAllString(lines.Text(), -1) {
				if isPlayground(candidate) {
					select {
					case found <- candidate:
					default:
					}
				}
			}
		}
	}()
	ended := make(chan error, 1)
	go func() {
		ended <- cmd.Wait()
		input.Close()
	}()
	t.Cleanup(func() {
		cancel()
		// A program that stops well when asked is reported as cancelled and nothing else.
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the demo did not end well: %v", err)
		}
		<-read
		if address != "" && isPlayground(address) {
			t.Errorf("the demo left the Playground running at %s", address)
		}
		if t.Failed() {
			t.Logf("the demo said:\n%s", said.String())
		}
	})

	select {
	case address = <-found:
		return address
	case err := <-ended:
		ended <- err
		t.Fatalf("the demo ended before its page could be opened: %v", err)
	case <-time.After(demoStart):
		t.Fatal("the demo did not print the Playground's address")
	}
	return ""
}

var localAddress = regexp.MustCompile(`http://(?:localhost|127\.0\.0\.1):[0-9]+`)

func isPlayground(address string) bool {
	client := http.Client{Timeout: patience}
	res, err := client.Get(address + "/_debug/ping")
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// window is the Playground's page in a headless browser.
type window struct {
	t        *testing.T
	ctx      context.Context
	pictures string
}

func openWindow(t *testing.T, address, pictures string, more ...chromedp.ExecAllocatorOption) *window {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("Chromium is not installed: apt-get install chromium fonts-noto-core")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], // with a fresh profile, headless and without background traffic
		chromedp.ExecPath(chromium),
		chromedp.NoSandbox, // Chromium refuses its sandbox to root, which CI often is
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	options = append(options, more...)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeWindow := chromedp.NewContext(allocator)
	t.Cleanup(closeWindow)
	w := &window{t: t, ctx: ctx, pictures: pictures}
	// The first run starts the browser, which lives as long as its context: no time limit here.
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(screenWidth, screenHeight)); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	w.do(demoStart, chromedp.Navigate(address))
	return w
}

// What the page is made of, in JavaScript. A card inside another is the content of its ShowCard.
const allCards = `[...document.querySelectorAll(".ac-adaptiveCard")].filter(c => !c.parentElement.closest(".ac-adaptiveCard"))`

// cardsWith are those that have a button of that label.
func cardsWith(label string) string {
	return fmt.Sprintf("%s.filter(c => c.querySelector('button[aria-label=%q]'))", allCards, label)
}

// titleOf is a card's largest text.
func titleOf(card string) string {
	return fmt.Sprintf(`((c) => {
		const size = e => parseFloat(getComputedStyle(e.querySelector("p") ?? e).fontSize);
		return [...c.querySelectorAll(".ac-textBlock")].reduce((a, b) => size(b) > size(a) ? b : a).innerText;
	})(%s)`, card)
}

func (w *window) do(limit time.Duration, steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, limit)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.fail(err.Error())
	}
}

func evaluate[T any](w *window, expression string) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		w.fail(fmt.Sprintf("%s: %v", expression, err))
	}
	return value
}

// seen tells whether a condition comes true in time. It asks anew each time, so that no predicate of ours
// lives in a page that replaces its own parts. While a part of which it asks is not there, it is not true.
func (w *window) seen(limit time.Duration, condition string) bool {
	w.t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if evaluate[bool](w, "(() => { try { return "+condition+" } catch { return false } })()") {
			return true
		}
	}
	return false
}

func (w *window) waitFor(limit time.Duration, what, condition string) {
	w.t.Helper()
	if !w.seen(limit, condition) {
		w.fail(fmt.Sprintf("waited %v for %s", limit, what))
	}
}

// fail ends the test with a picture of what was there instead.
func (w *window) fail(why string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()); err == nil {
		w.save("failure", picture)
	}
	w.t.Fatal(why)
}

// visit opens another conversation by its name in the list on the left, and waits until the cards of the one before are
// gone.
func (w *window) visit(conversation string) {
	w.t.Helper()
	evaluate[bool](w, allCards+`.every(c => c.dataset.before = "true")`)
	w.click(fmt.Sprintf("document.querySelector('button[role=treeitem][aria-label=%q]')", conversation))
	w.waitFor(patience, conversation+" to open", allCards+`.every(c => !c.dataset.before)`)
}

// channelWithReminder looks through the team's channels for one that has a reminder, and stays there.
func (w *window) channelWithReminder() string {
	w.t.Helper()
	const channels = `[...document.querySelectorAll('[aria-labelledby="conversation-window-teams-channel"] [role="treeitem"]')].map(b => b.ariaLabel)`
	for end := time.Now().Add(patience); time.Now().Before(end); {
		for _, name := range evaluate[[]string](w, channels) {
			w.visit(name)
			if w.seen(5*time.Second, cardsWith(doneButton)+".length > 0") {
				return name
			}
		}
	}
	w.fail("no channel has a reminder")
	return ""
}

// press clicks a button of the first card that has it. One that only unfolds an input (a ShowCard) is followed by the
// first button of what it unfolds.
func (w *window) press(label string) {
	w.t.Helper()
	button := fmt.Sprintf("%s[0]?.querySelector('button[aria-label=%q]')", cardsWith(label), label)
	unfolds := evaluate[bool](w, button+".ariaExpanded !== null")
	w.click(button)
	if unfolds {
		inner := fmt.Sprintf("%s[0]?.querySelector(':scope .ac-adaptiveCard button')", cardsWith(label))
		w.click(inner)
	}
}

// click clicks what a JavaScript expression gives, as a mouse does. A page that is just moving its parts lets a mouse miss:
// then it clicks again.
func (w *window) click(element string) {
	w.t.Helper()
	w.waitFor(patience, element, element+" != null")
	evaluate[bool](w, fmt.Sprintf(`window.hit = false, window.watch?.abort(), window.watch = new AbortController(),
		document.addEventListener("click", e => { if (%s?.contains(e.target)) window.hit = true }, {capture: true, signal: window.watch.signal}), true`, element))
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(w.ctx, patience)
		err = chromedp.Do(ctx, chromedp.Click(chromedp.JSPath(element), chromedp.NodeReady))
		cancel()
		if evaluate[bool](w, "window.hit") {
			return
		}
	}
	w.fail(fmt.Sprintf("%s was never hit: %v", element, err))
}

// photograph takes the page as a desktop shows it and its cards as a phone would, or only those named, and complains of
// what a phone would cut.
func (w *window) photograph(name string, cards ...string) {
	w.t.Helper()
	if len(cards) == 0 {
		w.photographCards(name, allCards)
		return
	}
	w.photographCards(name, "["+strings.Join(cards, ", ")+"]")
}

// photographWhole takes the same of one card that is longer than a screen.
func (w *window) photographWhole(name, card string) {
	w.t.Helper()
	w.do(patience, chromedp.EmulateViewport(screenWidth, longScreen))
	w.photographCards(name, "["+card+"]")
	w.do(patience, chromedp.EmulateViewport(screenWidth, screenHeight))
}

func (w *window) photographCards(name, cards string) {
	w.t.Helper()
	w.save(name+"-desktop", shoot(w, chromedp.CaptureScreenshot()))
	evaluate[bool](w, fmt.Sprintf(showPhone, cards))
	w.save(name+"-phone", shoot(w, chromedp.ScreenshotScale(chromedp.ID("phone"), 2)))
	for _, text := range evaluate[[]string](w, cutOff) {
		w.t.Errorf("%s: wider than a phone: %q", name, text)
	}
	evaluate[bool](w, hidePhone)
}

const (
	// The Playground's page itself is made for wide windows, so a phone's screen (390 × 844) is laid over it, holding
	// copies of the cards at the width that Teams gives them there.
	showPhone = `(() => {
		const phone = document.createElement("div");
		phone.id = "phone";
		phone.style.cssText = "position: fixed; left: 0; top: 0; width: 390px; height: max(844px, 100vh - 56px); overflow: hidden; z-index: 1000000;" +
			"box-sizing: border-box; padding: 16px; background: #f0f0f0; display: flex; flex-direction: column; gap: 16px";
		for (const card of %s) {
			const frame = document.createElement("div");
			frame.style.cssText = "flex: none; background: white; border: 1px solid #d8d8d8; border-radius: 4px; overflow: hidden";
			frame.append(card.cloneNode(true));
			const typed = card.querySelectorAll("input, textarea"); // which copies do not have
			frame.querySelectorAll("input, textarea").forEach((e, i) => { e.value = typed[i].value; e.checked = typed[i].checked; });
			phone.append(frame);
		}
		document.querySelector(".ui-provider").append(phone);
		return true;
	})()`
	hidePhone = `(() => { document.getElementById("phone").remove(); return true; })()`
	// cutOff are the texts and controls that stick out of the phone's cards or do not show all of themselves.
	cutOff = `[...document.querySelectorAll("#phone .ac-adaptiveCard")].flatMap(card => {
		const edge = card.parentElement.getBoundingClientRect().right;
		return [...card.querySelectorAll("p, button, button div, input, textarea, img")]
			.filter(e => e.getBoundingClientRect().right > edge || e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1)
			.map(e => e.innerText || e.tagName);
	})`
)

// shoot takes a picture.
func shoot(w *window, picture chromedp.Action[[]byte]) []byte {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	content, err := chromedp.Run(ctx, picture)
	if err != nil {
		w.t.Fatalf("take a picture: %v", err)
	}
	return content
}

func (w *window) save(name string, picture []byte) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.pictures, name+".png"), picture, 0o644); err != nil {
		w.t.Fatal(err)
	}
}
