// # Who can send what to whom
//
// The protocol's own part, tokens and service URLs, is in the documentation of package teams.
//
//   - The Connector, with a token of the Bot Framework for this bot and its tenant, sends what people write and press. Every
//     handler treats it as a stranger's: the sender is who the signed activity says, roles are looked up for each act in the
//     transaction that acts, cards carry ids and versions and never facts, decisions are compare-and-set, and what
//     people write is shown as text and never as markup.
//   - A person of the tenant can do what their roles allow, as often as a Pace lets them: beyond it they are told once and then not
//     acted upon, and nobody else notices. The bot never reads or logs messages that do not address it.
//   - The tab opens with a token that Teams gets for the person, checked for signature, audience, tenant, issuer and scope.
//   - A signed link proves itself by an HMAC-SHA256 of its path and end with a key that only the database has, compared in
//     constant time. Exports end after ten minutes or with the asker's role; a feed until it is revoked or
//     its owner is in no team any more. Whoever gets hold of a link has what it shows until then: none shows a
//     meeting link, and that of the tab names nobody but the entries' owners.
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
