-- The year clock, who and where it is for, what was posted, and who did what.
--
-- Times (…_at) are UTC unix milliseconds, dates are ISO 8601 text. …_key columns hold a name as it is compared: see Key.
-- A column that holds personal data says so in a comment of the form
--     -- personal: what; why; how long
-- which is kept in the database itself (sqlite_schema), so that the list of personal data kept is read from there.

-- What the program must remember about itself.
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- A year clock: one unit's plan for one year.
CREATE TABLE clock (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL,
    year     INTEGER NOT NULL,
    UNIQUE (name_key, year)
);

-- A planned communication action, once or recurring. A removed entry stays as long as cards speak of it.
CREATE TABLE entry (
    id           TEXT PRIMARY KEY,
    clock_id     INTEGER NOT NULL REFERENCES clock (id),
    title        TEXT NOT NULL,
    title_key    TEXT NOT NULL,
    start        TEXT NOT NULL,             -- first day
    end          TEXT,                      -- last day; of a series NULL means the end of the clock's year
    repeat       TEXT NOT NULL,             -- RFC 5545 RRULE, '' for once
    campaign     TEXT NOT NULL,
    campaign_key TEXT NOT NULL,
    channels     TEXT NOT NULL,             -- media as written, comma-separated
    owner        TEXT NOT NULL,             -- personal: name or e-mail of the person who acts, when not a team's name; to remind them; as long as the entry
    leads        TEXT NOT NULL,             -- days before, comma-separated, descending
    materials    TEXT,                      -- when the materials must be ready
    approval     INTEGER NOT NULL CHECK (approval IN (0, 1)),
    goal         TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('planned', 'done', 'cancelled')),
    notes        TEXT NOT NULL,             -- unknown columns of the file it came from
    version      INTEGER NOT NULL,
    next_due     TEXT,                      -- the first day on which a reminder is still to be posted
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    removed_at   INTEGER
);
CREATE INDEX entry_next_due ON entry (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX entry_clock ON entry (clock_id, title_key);
CREATE INDEX entry_start ON entry (start);

CREATE TABLE entry_audience (
    entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL,
    PRIMARY KEY (entry_id, position)
) WITHOUT ROWID;
CREATE INDEX entry_audience_key ON entry_audience (name_key);

-- What is recorded of one occurrence of an entry: that it is done.
CREATE TABLE occurrence (
    entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    start    TEXT NOT NULL,                 -- its first day
    done_at  INTEGER NOT NULL,
    done_by  TEXT NOT NULL,                 -- personal: AAD object id of who marked it done; to show on the card; as long as the entry
    link     TEXT NOT NULL,                 -- where the realised action can be seen
    PRIMARY KEY (entry_id, start)
) WITHOUT ROWID;

-- A reminder that was posted, is waiting for its moment, or was missed. One per entry and day.
CREATE TABLE reminder (
    id         INTEGER PRIMARY KEY,
    entry_id   TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    day        TEXT NOT NULL,               -- the working day it is due on
    occurrence TEXT NOT NULL,               -- first day of the occurrence it speaks of
    ends       TEXT NOT NULL,               -- last day of that occurrence
    lead       INTEGER NOT NULL,
    materials  INTEGER NOT NULL,            -- 1: the materials must be ready
    origin     TEXT NOT NULL CHECK (origin IN ('lead', 'catch_up', 'snooze')),
    due_at     INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'posted', 'missed', 'dropped')),
    status     TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'snoozed')),
    status_by  TEXT NOT NULL DEFAULT '',    -- personal: AAD object id of who pressed Done or Later; to show on the card; as long as the entry
    status_at  INTEGER,
    until      TEXT,                        -- snoozed until this day
    UNIQUE (entry_id, day)
);
CREATE INDEX reminder_waiting ON reminder (due_at) WHERE state = 'waiting';

-- People the bot has met: members of teams it is installed in, and those who wrote to it.
CREATE TABLE person (
    id              TEXT PRIMARY KEY,       -- personal: AAD object id; to know who may do what and who did what; until erased
    teams_id        TEXT NOT NULL,          -- personal: the platform's id of the user towards this bot; to mention and write to them; until erased
    name            TEXT NOT NULL,          -- personal: display name; to address and mention them; until erased
    name_key        TEXT NOT NULL,          -- personal: display name as compared; to find an entry's owner; until erased
    email           TEXT NOT NULL,          -- personal: e-mail address or user principal name; to find an entry's owner; until erased
    tenant_id       TEXT NOT NULL,          -- personal: home organisation; to count external members apart; until erased
    guest           INTEGER NOT NULL,       -- personal: whether a guest; to count guests apart; until erased
    language        TEXT NOT NULL,          -- personal: language chosen with a command, '' for none; to answer in it; until erased
    locale          TEXT NOT NULL,          -- personal: language of the Teams client; to answer in it; until erased
    conversation_id TEXT NOT NULL,          -- personal: their chat with the bot, '' for none; to write to them; until erased or the app is removed
    service_url     TEXT NOT NULL,
    seen_at         INTEGER NOT NULL        -- personal: when the bot last heard of them; to refresh stale data; until erased
) WITHOUT ROWID;
CREATE INDEX person_teams_id ON person (teams_id);
CREATE INDEX person_name ON person (name_key);

CREATE TABLE role (
    person_id TEXT NOT NULL,                -- personal: AAD object id; to know who may do what; until the role is removed or the person erased
    role      TEXT NOT NULL CHECK (role IN ('communications', 'approver', 'digimentor', 'admin')),
    until     TEXT,                         -- last day of the role, NULL for no end
    PRIMARY KEY (person_id, role)
) WITHOUT ROWID;

CREATE TABLE team (
    id           TEXT PRIMARY KEY,
    aad_group_id TEXT NOT NULL,
    name         TEXT NOT NULL,
    service_url  TEXT NOT NULL,
    installed    INTEGER NOT NULL CHECK (installed IN (0, 1)),
    installed_at INTEGER NOT NULL,          -- of the newest event that told whether it is installed
    named_at     INTEGER NOT NULL,          -- of the newest event that told its name
    sync_at      INTEGER                    -- real time at which channels and members are to be read; NULL: not wanted
) WITHOUT ROWID;

CREATE TABLE team_member (
    team_id   TEXT NOT NULL REFERENCES team (id),
    person_id TEXT NOT NULL,                -- personal: AAD object id; to know whom a channel reaches; while a member
    PRIMARY KEY (team_id, person_id)
) WITHOUT ROWID;
CREATE INDEX team_member_person ON team_member (person_id);

-- A channel of a team, a group chat, or a personal chat that is bound like a channel.
CREATE TABLE channel (
    id          TEXT PRIMARY KEY,
    team_id     TEXT REFERENCES team (id),  -- NULL for a chat
    name        TEXT NOT NULL,
    language    TEXT NOT NULL,              -- '' when none is set
    service_url TEXT NOT NULL,
    present     INTEGER NOT NULL CHECK (present IN (0, 1)), -- 0: deleted, or the app was removed from the chat
    present_at  INTEGER NOT NULL,           -- of the newest event that told so
    named_at    INTEGER NOT NULL
) WITHOUT ROWID;

-- The channels and chats that can be posted to now.
CREATE VIEW live_channel AS
    SELECT c.*, coalesce(t.name, '') AS team_name
    FROM channel c LEFT JOIN team t ON t.id = c.team_id
    WHERE c.present = 1 AND (c.team_id IS NULL OR t.installed = 1);

-- What a channel is for: reminders (working_group), approval requests (management), or an audience's publications.
CREATE TABLE binding (
    channel_id TEXT NOT NULL REFERENCES channel (id),
    kind       TEXT NOT NULL CHECK (kind IN ('working_group', 'management', 'audience')),
    name       TEXT NOT NULL,               -- of the audience, '' for the other kinds
    name_key   TEXT NOT NULL,
    PRIMARY KEY (channel_id, kind, name_key)
) WITHOUT ROWID;
CREATE INDEX binding_name ON binding (kind, name_key);

-- The outbox and the delivery ledger: one row per post, from the moment it is decided to its named end.
CREATE TABLE post (
    id              INTEGER PRIMARY KEY,
    kind            TEXT NOT NULL,
    title           TEXT NOT NULL,
    entry_id        TEXT REFERENCES entry (id),
    reminder_id     INTEGER REFERENCES reminder (id),
    channel_id      TEXT REFERENCES channel (id),
    person_id       TEXT,                   -- personal: AAD object id of the receiver of a personal message; to deliver it; until erased
    notice          TEXT NOT NULL,          -- of a notice: JSON of its text key and arguments
    state           TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'perhaps_sent', 'failed', 'missed', 'withdrawn')),
    reason          TEXT NOT NULL,
    attempts        INTEGER NOT NULL,
    doubts          INTEGER NOT NULL,       -- attempts whose outcome the connector left open
    late            INTEGER NOT NULL CHECK (late IN (0, 1)),
    priority        INTEGER NOT NULL,
    trace           TEXT NOT NULL,          -- joins log lines about this post
    due_at          INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    sent_at         INTEGER,
    queued_at       INTEGER NOT NULL,       -- real time; the clock above may be a rehearsal's
    retry_at        INTEGER NOT NULL,       -- real time before which it is not tried (again)
    service_url     TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    activity_id     TEXT NOT NULL,
    wanted          INTEGER NOT NULL,       -- revision of the card that should be showing
    shown           INTEGER NOT NULL,       -- revision that is showing
    update_at       INTEGER NOT NULL,       -- real time before which the card is not updated (again)
    update_attempts INTEGER NOT NULL
);
CREATE INDEX post_open ON post (priority, due_at, id) WHERE state IN ('pending', 'sending', 'perhaps_sent') AND sent_at IS NULL;
CREATE INDEX post_stale ON post (update_at) WHERE wanted > shown AND activity_id <> '';
CREATE INDEX post_activity ON post (activity_id) WHERE activity_id <> '';
CREATE INDEX post_entry ON post (entry_id);
CREATE UNIQUE INDEX post_reminder ON post (reminder_id, ifnull(channel_id, '')) WHERE reminder_id IS NOT NULL;

-- Content being written for an entry, or for none.
CREATE TABLE content (
    id         INTEGER PRIMARY KEY,
    entry_id   TEXT REFERENCES entry (id),
    author_id  TEXT NOT NULL,               -- personal: AAD object id of the writer; to return to their draft; until erased
    form       TEXT NOT NULL,               -- JSON of the form's inputs as typed
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX content_entry ON content (entry_id);

-- Incoming activities that have acted, so that one which the platform sends again does not act twice.
CREATE TABLE seen (
    activity_id TEXT PRIMARY KEY,
    at          INTEGER NOT NULL            -- real time
) WITHOUT ROWID;
CREATE INDEX seen_at ON seen (at);

-- Who did what. Rows are never changed, except that erasing a person empties actor, actor_id, detail and salt.
CREATE TABLE audit (
    seq           INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,
    actor         TEXT NOT NULL,            -- personal: name of who acted; to answer for decisions; as long as the record
    actor_id      TEXT NOT NULL,            -- personal: AAD object id of who acted; to answer for decisions; as long as the record
    action        TEXT NOT NULL,
    subject       TEXT NOT NULL,
    detail        TEXT NOT NULL,            -- personal: what was said or changed, which may name people; to answer for decisions; as long as the record
    salt          TEXT NOT NULL,            -- personal: makes the digests unguessable; to erase without breaking the chain; until erased
    actor_digest  TEXT NOT NULL,
    detail_digest TEXT NOT NULL,
    hash          TEXT NOT NULL
);
CREATE INDEX audit_actor ON audit (actor_id);
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_no_change BEFORE UPDATE OF seq, at, action, subject, actor_digest, detail_digest, hash ON audit BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
