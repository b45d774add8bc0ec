package bot

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	"vuosikello/bot/teams"
	"vuosikello/cards"
	"vuosikello/cards/page"
	"vuosikello/store"
)

// The tab is the year clock as a page. There are three ways to it:
//
//   - in Teams, /tab is an empty page whose script fetches /tab/page with the token that Teams gives for the person. Every
//     member of the own tenant sees the clock, as they do with the chat commands; reach is for the communications team
//     and approvers, names of participants for digimentors. The answer to a token is for that person alone.
//   - by a signed link, which the page and the card of the clock give, /tab is the whole page, for print. It shows what
//     everybody may see and names nobody but the entries' owners. It ends at midnight after the next day.
//   - in local mode, without any account, /tab is the whole page with everything.

// tabPath is what a signed link to the tab signs: the views are all open with it.
const tabPath = "/tab"

// reader is who looks at the tab.
type reader struct {
	page.Frame
	seesReach  bool
	seesPeople bool // who signed up for a session and came
}

// tabLink is a signed read-only address of a view, "" without a public address. It is the same for all of a day, so that
// the cards that carry it are.
func (b *Bot) tabLink(q page.Query) string {
	link := b.signedLink(tabPath, (b.Calendar.Today(b.now())+2).In(b.Calendar.Location, 0))
	if link == "" {
		return ""
	}
	return link + "&" + q.Values().Encode()
}

// serveTab answers /tab: with a whole page where the address itself or local mode lets the reader in, else with the page
// that Teams opens.
func (b *Bot) serveTab(w http.ResponseWriter, r *http.Request) {
	q := page.ParseQuery(r.URL.Query(), b.Calendar.Today(b.now()))
	to := reader{Frame: b.publicFrame(r)}
	to.Theme = q.Theme
	switch v := r.URL.Query(); {
	case v.Has("s") || v.Has("e"):
		err := b.loadLinkKey(r.Context())
		if err == nil {
			err = b.checkLink(r)
		}
		if err != nil {
			b.refuseLink(w, r, err)
			return
		}
		to.Mode, to.Proof = page.Signed, url.Values{"e": {v.Get("e")}, "s": {v.Get("s")}}.Encode()
	case b.Local:
		to.Mode, to.seesReach, to.seesPeople = page.Local, true, true
	case b.SignIn == nil:
		b.explain(w, r, to.Frame, page.NoPublicURL, true, nil)
		return
	default:
		if l, ok := cards.ParseLang(v.Get("locale")); ok && q.Lang == "" {
			to.Lang = l
		}
		b.respond(w, r, http.StatusOK, teamsHosts, func(w io.Writer) error { return page.Shell(w, to.Frame) })
		return
	}
	t, why, err := b.tab(r.Context(), q, to)
	if why != "" {
		b.explain(w, r, to.Frame, why, true, err)
		return
	}
	b.respond(w, r, http.StatusOK, "'none'", t.Page)
}

// serveFragment answers the tab's script with the main part of a page, for the person whom the token speaks for.
func (b *Bot) serveFragment(w http.ResponseWriter, r *http.Request) {
	to := reader{Frame: b.publicFrame(r)}
	to.Mode = page.Teams
	if b.SignIn == nil {
		b.explain(w, r, to.Frame, page.NoPublicURL, false, nil)
		return
	}
	locale := r.URL.Query().Get("locale")
	if l, ok := cards.ParseLang(locale); ok && r.URL.Query().Get("lang") == "" {
		to.Lang = l
	}
	id, err := b.SignIn.Authenticate(r.Context(), r.Header.Get("Authorization"))
	if err != nil {
		why := page.NotSignedIn
		var refused *teams.AuthError
		if errors.As(err, &refused) && refused.Status == http.StatusForbidden {
			why = page.OtherTenant
		}
		b.explain(w, r, to.Frame, why, false, err)
		return
	}
	if err := b.slowed(w, id); err != nil {
		b.explain(w, r, to.Frame, page.Failed, false, nil)
		return
	}
	q := page.ParseQuery(r.URL.Query(), b.Calendar.Today(b.now()))
	to.Theme = q.Theme
	if err := b.know(r.Context(), &to, id, q.Lang, locale); err != nil {
		b.explain(w, r, to.Frame, page.Failed, false, err)
		return
	}
	t, why, err := b.tab(r.Context(), q, to)
	if why != "" {
		b.explain(w, r, to.Frame, why, false, err)
		return
	}
	t.Print = b.tabLink(q)
	b.respond(w, r, http.StatusOK, "'none'", t.Fragment)
}

// know looks up what a person may see and in which language: the one chosen on the page, else with the bot, else that of
// their Teams, as it says now or said to the bot.
func (b *Bot) know(ctx context.Context, to *reader, id, chosen, locale string) error {
	return b.DB.Read(ctx, func(tx *store.Tx) error {
		p, _, err := tx.Person(id)
		if err != nil {
			return err
		}
		for _, s := range []string{chosen, p.Language, locale, p.Locale} {
			if l, ok := cards.ParseLang(s); ok {
				to.Lang = l
				break
			}
		}
		today := b.Calendar.Today(b.now())
		admin, err := b.isAdmin(tx, id, today)
		if err != nil {
			return err
		}
		to.seesReach, err = tx.HasRole(id, today, store.RoleCommunications, store.RoleApprover)
		if err != nil {
			return err
		}
		to.seesPeople, err = tx.HasRole(id, today, store.RoleDigimentor)
		to.seesReach, to.seesPeople = to.seesReach || admin, to.seesPeople || admin
		return err
	})
}
