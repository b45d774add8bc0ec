// Package bot is what vuosikello does in Teams: it answers commands and card actions, posts what the year clock says is
// due, and keeps what it knows of teams, channels and people up to date.
//
// The way in:
//
//	activity ─► Handle ─► commands[word] | verbs[verb] | lifecycle ─► one transaction ─► answer
//
// and the way out:
//
//	clock ─► scheduler ─► outbox rows ─► dispatcher ─► connector ─► outbox rows settled
//
// Two tables are the index of the product: commands (commands.go) and verbs (verbs.go). A handler sits with its noun,
// runs in one short transaction and never touches the network; what it wants sent goes out after the commit.
//
// Answers to commands are sent at once and are not recorded. Posts are rows of the outbox from the moment they are
// decided to their named end, and a card that should change is a row whose wanted revision is ahead of the shown one: a
// crash at any point loses nothing. The Connector has no idempotency key, so a send whose answer is missing leaves the
// post perhaps sent. Where Graph can tell, the channel is looked at first; otherwise it is sent once more, because a reminder
// twice is better than none, and keeps that mark.
//
// # Who can send what to whom
//
// The protocol's own part, tokens and service URLs, is in the documentation of package teams.
//
//   - The Connector, with a token of the Bot Framework for this bot and its tenant, sends what people write and press. Every
//     handler treats it as a stranger's: the sender is who the signed activity says, roles are looked up for each act in the
//     transaction that acts, cards carry ids and versions and never facts, decisions are compare-and-set, and what
//     people write is shown as text and never as markup.
//     A click that names a publication shows it only where it was posted.
//   - A person of the tenant can do what their roles allow, as often as a Pace lets them: beyond it they are told once and then not
//     acted upon, and nobody else notices. The bot never reads or logs messages that do not address it.
//   - The tab opens with a token that Teams gets for the person, checked for signature, audience, tenant, issuer and scope.
//   - A signed link proves itself by an HMAC-SHA256 of its path and end with a key that only the database has, compared in
//     constant time. Exports end after ten minutes or with the asker's role; a feed until it is revoked or
//     its owner is in no team any more. Whoever gets hold of a link has what it shows until then: none shows a
//     meeting link, and that of the tab names nobody but the entries' owners. Without its key (setting link_secret) the
//     program makes a new one when it starts, and every link there was is void.
//   - Files come from Microsoft's hosts only, over https, at most 5 MiB; redirects stay on their host, and names that lead
//     to addresses that are not public are not dialled. A spreadsheet is read within bounds, shown as a dry run, and written
//     only by pressing a button. In what is exported, formulas in text are neutralised.
//   - Graph's answers are read within bounds; the bot's token is sent to the configured host alone, and a report's link is
//     followed, without the token, only to Microsoft's hosts.
//   - The admin address is for the operator's own network: figures and states, no names. It asks for no password, so it
//     must not be published; its default is this machine only.
//   - Whoever can read the database file or a backup has everything in it, the key of signed links included. The program
//     keeps it to its own user.
//
// Answers that are no pages forbid browsers to run, frame or keep anything (WithSecurityHeaders). Slow senders
// lose their connection after seconds. No log line, figure or panic holds names, texts or tokens: every test of this
// package looks for them in its log.
package bot
