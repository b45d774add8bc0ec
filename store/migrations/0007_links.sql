-- Links that people open outside Teams, and files that they sent. No secret is kept here: a link is signed with the
-- database's key (setting link_secret).

-- A person's own calendar feed. Removing the row revokes the link; the next one has another id.
CREATE TABLE calendar_feed (
    id         TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL UNIQUE,        -- personal: AAD object id of whose feed it is; to revoke it and to end it with their membership; until the link is revoked or the person erased
    member     INTEGER NOT NULL CHECK (member IN (0, 1)), -- whether they were in a team when it was made: then it works only while they are in one
    created_at INTEGER NOT NULL
) WITHOUT ROWID;

-- A link to an export.
CREATE TABLE download (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,               -- of the export
    person_id  TEXT NOT NULL,               -- personal: AAD object id of who asked for it; to check their role and to record the download; until an hour after the link ended
    expires_at INTEGER NOT NULL             -- by the plan's clock
) WITHOUT ROWID;

-- A file sent to the bot, until it is imported, cancelled or forgotten.
CREATE TABLE upload (
    id         TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL,               -- personal: AAD object id of who sent it; only they can import it; until the file is forgotten
    name       TEXT NOT NULL,               -- of the file
    data       BLOB,                        -- personal: the file, which may name people, NULL once it is imported or cancelled; to import it; until the file is forgotten
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'imported', 'cancelled')),
    decided_at INTEGER,
    expires_at INTEGER NOT NULL             -- real time: the file is forgotten then
) WITHOUT ROWID;
CREATE INDEX upload_expires ON upload (expires_at);
