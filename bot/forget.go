package bot

import (
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// forgetFor is how long the button works that erases a person's data.
const forgetFor = time.Hour

// forgetCode is what the button carries besides its command: it is for that person alone, and until that instant.
func (b *Bot) forgetCode(personID string, until time.Time) string {
	expires := strconv.FormatInt(until.Unix(), 10)
	return expires + "-" + hex.EncodeToString(b.linkMAC("forget/"+personID, expires))
}

// forgetConfirmed reports whether args are the code of the person's own button. said is false for other words, which
// confirm nothing and are no button's.
func (b *Bot) forgetConfirmed(personID, args string, now time.Time) (confirmed, said bool) {
	expires, _, ok := strings.Cut(args, "-")
	seconds, err := strconv.ParseInt(expires, 10, 64)
	if !ok || err != nil {
		return false, false
	}
	until := time.Unix(seconds, 0)
	return now.Before(until) && hmac.Equal([]byte(args), []byte(b.forgetCode(personID, until))), true
}

// findTraces looks for the sender in the whole database when they have confirmed that they are to be forgotten. It takes a
// moment in a large database, so it is done before the transaction that writes.
func (t *turn) findTraces(args string) error {
	if t.linkKey.Load() == nil {
		return nil // forget says so
	}
	if confirmed, _ := t.forgetConfirmed(t.person.ID, args, t.at); !confirmed || t.person.ID == "" {
		return nil
	}
	err := t.DB.Read(t.ctx, func(tx *store.Tx) (err error) {
		t.traces, err = tx.FindTraces(t.person.ID, t.today)
		return err
	})
	if store.IsKind(err, store.KindNotFound) {
		return nil // forget says so
	}
	return err
}

// forget tells the sender what is known of them, what of it goes and what stays; confirmed by the button, it erases them.
func (t *turn) forget(tx *store.Tx, args string) (answer, error) {
	if t.person.ID == "" {
		return answer{}, store.Forbidden("error.unknown_sender")
	}
	if t.linkKey.Load() == nil {
		return answer{}, store.Unavailable(errors.New("the key of signed links has not been read"))
	}
	confirmed, said := t.forgetConfirmed(t.person.ID, args, t.at)
	if said && !confirmed {
		return say(t.lang.T("forget.stale", "command", t.lang.Word("command.forget"))), nil
	}
	traces, err := tx.FindRecords(t.person.ID, t.today)
	if store.IsKind(err, store.KindNotFound) {
		return say(t.lang.T("forget.nothing")), nil
	}
	if err != nil {
		return answer{}, err
	}
	if traces.LastAdmin && len(t.Admins) == 0 {
		return answer{}, store.Invalid("", "error.forget_last_admin")
	}
	if confirmed && t.traces != nil {
		done, err := tx.Erase(t.traces, t.Language.T("person.erased"), t.actor(), t.at)
		if err != nil {
			return answer{}, err
		}
		t.later = append(t.later, t.scrub)
		return replace(cards.Forgotten{Namesake: done.Namesake}.Card(t.lang)), nil
	}
	view := cards.Forget{Code: t.forgetCode(t.person.ID, t.at.Add(forgetFor)), Acknowledged: traces.Rows["acknowledgement"], Attended: traces.Rows["attendance"], Feedback: traces.Rows["feedback"],
		Messages: traces.Rows["post"], Teams: traces.Rows["team_member"], CalendarLink: traces.Rows["calendar_feed"] > 0, Decisions: traces.Rows["content_version"],
		Records: traces.Rows["occurrence"] + traces.Rows["reminder"] + traces.Rows["need"] + traces.Rows["agenda_outcome"] + traces.Rows["content"] + traces.Rows["session"], Hosts: traces.Hosts}
	roles, err := tx.RolesOf(t.person.ID, t.today)
	if err != nil {
		return answer{}, err
	}
	view.Roles = roleNames(t.lang, roles)
	for _, id := range t.Admins {
		view.ConfiguredAdmin = view.ConfiguredAdmin || id == t.person.ID
	}
	return t.ownAnswer(view.Card(t.lang)), nil
}

// scrub overwrites what the database file still holds of what was erased.
func (t *turn) scrub() {
	t.handled.begin()
	go func() {
		defer t.handled.end()
		if err := t.DB.Scrub(t.flight); err != nil {
			t.Logger.Error("the file of changes not emptied after erasing a person; it is written over in the course of time", "error", err)
		}
	}()
}
