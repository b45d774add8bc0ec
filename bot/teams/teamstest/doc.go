// Package teamstest holds stand-ins for what a Teams bot talks to: the Bot Connector, the Bot Framework's login (signing keys and tokens), and Entra ID's
// token endpoint; and it builds the activities Teams sends. They are real HTTP servers speaking the real protocol on loopback, so that a
// program under test needs no seams for them.
package teamstest
