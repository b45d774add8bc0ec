// Package teams speaks the Bot Framework protocol as Microsoft Teams uses it, and knows nothing of what the bot is for.
//
// The way in:
//
//	POST ─► Endpoint ─ method ─ token (Verifier, KeySet) ─ size ─ DecodeActivity ─ token fits activity ─► Handle ─► Response
//
// The way out:
//
//	Client.Send … ─ URL and host checked ─ TokenSource ─ Limiter ─ one HTTP attempt ─► Sent or *SendError
//
// # Who can send what to whom
//
// Anyone on the internet can reach the endpoint. A request is acted upon only when its token was signed by a key of the
// Bot Framework's own key set (RS256 and nothing else), was issued for this bot's app id, has not expired, names the service
// URL of the activity, was signed by a key endorsed for the activity's channel, and when the activity belongs to the bot's
// own tenant. The token is checked before the body is read, so that a stranger can neither make the program decode anything
// nor learn from the answer whether a body was well formed. Refusals have an empty body.
//
// The bot's own token leaves only over https, except to a loopback host. Service URLs must come from activities that
// passed the check; redirects are not followed, so a token never travels to a host that was not asked for.
//
// The rules come from Microsoft's "Authentication with the Bot Connector API" and "Rate limiting for bots".
package teams
