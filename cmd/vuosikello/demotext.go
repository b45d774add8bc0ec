package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// textWindow plays the demo in a terminal: it is the Connector that the bot posts to, prints what it gets, and lets the
// visitor's part be played by itself.
type textWindow struct {
	out      io.Writer
	org      playgroundConfig
	listener net.Listener
	server   *http.Server
	mu       sync.Mutex
	next     int
	arrived  chan textMessage
}

// textMessage is a message that the bot posted or changed.
type textMessage struct {
	conversation string
	id           string
	changed      bool
	card         map[string]any
}

func newTextWindow(out io.Writer, org playgroundConfig) (*textWindow, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &textWindow{out: out, org: org, listener: l, next: 1741500000000, arrived: make(chan textMessage, 100)}
	w.server = &http.Server{Handler: w, ReadHeaderTimeout: readHeaderTimeout}
	go func() { _ = w.server.Serve(l) }() // ends with close
	return w, nil
}

// close ends it. The bot stops before: until then it posts.
func (w *textWindow) close() { _ = w.server.Close() }

func (w *textWindow) serviceURL() string { return "http://" + w.listener.Addr().String() }

// ServeHTTP is the part of the Bot Connector's protocol that the story needs.
func (w *textWindow) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	var body struct {
		Attachments []struct {
			Content map[string]any `json:"content"`
		} `json:"attachments"`
		Activity struct {
			Attachments []struct {
				Content map[string]any `json:"content"`
			} `json:"attachments"`
		} `json:"activity"`
		ChannelData struct {
			Channel struct {
				ID string `json:"id"`
			} `json:"channel"`
		} `json:"channelData"`
		Members []playgroundPlace `json:"members"`
	}
	if r.Method != http.MethodGet && json.NewDecoder(r.Body).Decode(&body) != nil {
		rw.WriteHeader(http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	w.next++
	id := strconv.Itoa(w.next)
	w.mu.Unlock()
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	m := textMessage{id: id, changed: r.Method == http.MethodPut}
	answer := map[string]any{"id": id}
	switch {
	case r.Method == http.MethodPost && len(parts) == 2 && len(body.Activity.Attachments) > 0: // v3/conversations: a new thread
		m.conversation, m.card = body.ChannelData.Channel.ID, body.Activity.Attachments[0].Content
		answer = map[string]any{"id": m.conversation + ";messageid=" + id, "activityId": id}
	case r.Method == http.MethodPost && len(parts) == 2 && len(body.Members) > 0: // likewise: a person's own chat
		answer = map[string]any{"id": w.chatWith(body.Members[0].ID)}
	case r.Method != http.MethodGet && len(parts) >= 4 && len(body.Attachments) > 0: // v3/conversations/{id}/activities[/{activity}]
		m.conversation, m.card = parts[2], body.Attachments[0].Content
		if len(parts) == 5 && m.changed {
			m.id = parts[4]
			answer["id"] = m.id
		}
	case strings.HasSuffix(r.URL.Path, "/pagedmembers"):
		var members []map[string]any
		for _, u := range append([]playgroundUser{w.org.Visitor}, w.org.Colleagues[:]...) {
			members = append(members, map[string]any{"id": u.ID, "name": u.Name, "aadObjectId": u.AADObjectID, "email": u.Mail, "tenantId": w.org.TenantID})
		}
		answer = map[string]any{"members": members}
	case len(parts) == 4 && parts[1] == "teams":
		answer = map[string]any{"conversations": []any{w.org.Team, w.org.Channel}}
	default:
		answer = map[string]any{"id": w.org.Team.ID, "name": w.org.Team.Name, "aadGroupId": w.org.TeamGroupID}
	}
	rw.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(rw).Encode(answer); err != nil || m.card == nil {
		return
	}
	select {
	case w.arrived <- m:
	case <-r.Context().Done():
	}
}

// chatWith is the id of a member's chat with the bot.
func (w *textWindow) chatWith(user string) string {
	if user == w.org.Visitor.ID {
		return w.org.PersonalChat
	}
	return "a:" + user
}

// show plays the story: the visitor opens the chat, the reminder comes, the visitor asks what is ahead and marks the
// action done, and the cards change for everybody; then content is sent for approval, decided and published.
func (w *textWindow) show(ctx context.Context, _ *environment) error {
	w.say("It is Monday 9 March 2026, 8.29. %s opens the chat with the bot.", w.org.Visitor.Name)
	if _, err := w.post(ctx, w.org.Visitor, w.org.PersonalChat, map[string]any{"type": "installationUpdate", "action": "add"}); err != nil {
		return err
	}
	var reminder textMessage
	for reminder.card == nil {
		m, err := w.await(ctx)
		if err != nil {
			return err
		}
		if m.conversation == w.org.PersonalChat && cardVerb(m.card, "entry.done") != nil && strings.Contains(fmt.Sprint(m.card), "Allergiakausi") {
			reminder = m
		}
	}
	w.say("%s writes: tulossa 14", w.org.Visitor.Name)
	if _, err := w.post(ctx, w.org.Visitor, w.org.PersonalChat, map[string]any{"type": "message", "text": "tulossa 14"}); err != nil {
		return err
	}
	for {
		m, err := w.await(ctx)
		if err != nil {
			return err
		}
		if m.conversation == w.org.PersonalChat && cardVerb(m.card, "entry.done") == nil {
			break
		}
	}
	w.say("%s presses the first button of the reminder.", w.org.Visitor.Name)
	done, _ := cardVerb(reminder.card, "entry.done").(map[string]any)
	if _, err := w.Invoke(ctx, w.org.Visitor, w.org.PersonalChat, reminder.id, "entry.done", done); err != nil {
		return err
	}
	w.say("The card changes at once for the one who pressed, and a moment later for everybody:")
	for changed := 0; changed < 2; {
		m, err := w.await(ctx)
		if err != nil {
			return err
		}
		if m.changed {
			changed++
		}
	}
	approver := w.org.Colleagues[1]
	w.say("%s sends content for approval. %s of the management team decides, and it is published.", w.org.Visitor.Name, approver.Name)
	content := map[string]any{"verb": "content.submit", "title": "Sähköinen ajanvaraus on auki kaikille", "audience": "Ammattilaiset",
		"body": "Asukas varaa ajan nyt itse:\n- sovelluksessa\n- verkossa", "entry": "none",
		"checkCopyright": "true", "checkPrivacy": "true", "checkLanguage": "true", "checkAccessibility": "true"}
	if _, err := w.Invoke(ctx, w.org.Visitor, w.org.PersonalChat, "", "content.submit", content); err != nil {
		return err
	}
	// The decided card and the publication may come in either order.
	for decided, published := false, false; !decided || !published; {
		m, err := w.await(ctx)
		if err != nil {
			return err
		}
		published = published || m.conversation == w.org.Channel.ID && cardVerb(m.card, "publication.ack") != nil
		decided = decided || m.changed && m.conversation == w.org.GroupChat.ID
	}
	w.say("That was the story. With Node.js installed, the same demo opens in a browser, and every button works.")
	return nil
}

func (w *textWindow) say(format string, args ...any) {
	fmt.Fprintf(w.out, "\n— "+format+"\n", args...)
}

// demoPatience is how long the story waits for the bot.
const demoPatience = time.Minute

// await prints the next message and returns it.
func (w *textWindow) await(ctx context.Context) (textMessage, error) {
	select {
	case m := <-w.arrived:
		w.print(m)
		return m, nil
	case <-ctx.Done():
		return textMessage{}, ctx.Err()
	case <-time.After(demoPatience):
		return textMessage{}, fmt.Errorf("the bot posted nothing for %v", demoPatience)
	}
}

// Invoke presses a card's button as any member.
func (w *textWindow) Invoke(ctx context.Context, from playgroundUser, conversation, replyTo, verb string, data map[string]any) (json.RawMessage, error) {
	activity := map[string]any{"type": "invoke", "name": "adaptiveCard/action",
		"value": map[string]any{"action": map[string]any{"type": "Action.Execute", "verb": verb, "data": data}, "trigger": "manual"}}
	if replyTo != "" {
		activity["replyToId"] = replyTo
	}
	return w.post(ctx, from, conversation, activity)
}

// post sends an activity of a conversation to the bot, and returns the answer.
func (w *textWindow) post(ctx context.Context, from playgroundUser, conversation string, activity map[string]any) ([]byte, error) {
	place := map[string]any{"id": conversation, "tenantId": w.org.TenantID, "conversationType": "personal"}
	channelData := map[string]any{"tenant": map[string]any{"id": w.org.TenantID}}
	switch channel, _, _ := strings.Cut(conversation, ";"); channel { // in a channel, its id is followed by the thread's
	case w.org.GroupChat.ID:
		place["conversationType"], place["isGroup"] = "groupChat", true
	case w.org.Team.ID, w.org.Channel.ID:
		place["conversationType"], place["isGroup"] = "channel", true
		channelData["team"], channelData["channel"] = map[string]any{"id": w.org.Team.ID}, map[string]any{"id": channel}
	}
	w.mu.Lock()
	w.next++
	id := "f:" + strconv.Itoa(w.next)
	w.mu.Unlock()
	for k, v := range map[string]any{
		"id": id, "timestamp": time.Now().UTC().Format(time.RFC3339Nano), "channelId": "msteams", "serviceUrl": w.serviceURL(), "locale": w.org.Locale,
		"from":         map[string]any{"id": from.ID, "name": from.Name, "aadObjectId": from.AADObjectID},
		"recipient":    w.org.Bot,
		"conversation": place,
		"channelData":  channelData,
	} {
		activity[k] = v
	}
	body, err := json.Marshal(activity)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.org.Endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := demoClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 300 {
		err = fmt.Errorf("the bot answered %s", resp.Status)
	}
	return answer, err
}

// print shows a card as text.
func (w *textWindow) print(m textMessage) {
	where := map[string]string{
		w.org.PersonalChat: "the chat", w.org.GroupChat.ID: "the group chat " + w.org.GroupChat.Name,
		w.org.Team.ID: "the channel " + generalName, w.org.Channel.ID: "the channel " + w.org.Channel.Name,
		w.chatWith(w.org.Colleagues[1].ID): "the chat of " + w.org.Colleagues[1].Name,
	}[strings.Split(m.conversation, ";")[0]]
	what := "In " + where
	if m.changed {
		what += ", the card changes"
	}
	fmt.Fprintf(w.out, "\n┌ %s\n", what)
	var lines []string
	cardLines(m.card["body"], &lines)
	var buttons []string
	if actions, ok := m.card["actions"].([]any); ok {
		for _, a := range actions {
			if a, ok := a.(map[string]any); ok {
				buttons = append(buttons, fmt.Sprintf("[%v]", a["title"]))
			}
		}
	}
	if len(buttons) > 0 {
		lines = append(lines, strings.Join(buttons, " "))
	}
	for _, l := range lines {
		fmt.Fprintln(w.out, "│ "+l)
	}
	fmt.Fprintln(w.out, "└")
}

// cardLines collects the texts and facts of a card's elements.
func cardLines(elements any, lines *[]string) {
	list, _ := elements.([]any)
	for _, e := range list {
		e, ok := e.(map[string]any)
		if !ok || e["isVisible"] == false {
			continue
		}
		if text, ok := e["text"].(string); ok {
			for line := range strings.Lines(plainMention.Replace(text)) {
				if line = strings.TrimSpace(line); line != "" {
					*lines = append(*lines, line)
				}
			}
		}
		if facts, ok := e["facts"].([]any); ok {
			for _, f := range facts {
				if f, ok := f.(map[string]any); ok {
					*lines = append(*lines, fmt.Sprintf("%v: %v", f["title"], f["value"]))
				}
			}
		}
		cardLines(e["items"], lines)
		cardLines(e["columns"], lines)
	}
}

// plainMention leaves the name of a mention alone.
var plainMention = strings.NewReplacer("<at>", "", "</at>", "")

// cardVerb returns the data of the card's own button with that verb, nil when it has none.
func cardVerb(card map[string]any, verb string) any {
	actions, _ := card["actions"].([]any)
	for _, a := range actions {
		if a, ok := a.(map[string]any); ok && a["verb"] == verb {
			return a["data"]
		}
	}
	return nil
}
