CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE clock (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL,
    year     INTEGER NOT NULL,
    UNIQUE (name_key, year)
);
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
CREATE TABLE occurrence (
    entry_id TEXT NOT NULL REFERENCES entry (id) ON DELETE CASCADE,
    start    TEXT NOT NULL,                 -- its first day
    done_at  INTEGER NOT NULL,
    done_by  TEXT NOT NULL,                 -- personal: AAD object id of who marked it done; to show on the card; as long as the entry
    link     TEXT NOT NULL,                 -- where the realised action can be seen
    PRIMARY KEY (entry_id, start)
) WITHOUT ROWID;
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
CREATE VIEW live_channel AS
    SELECT c.*, coalesce(t.name, '') AS team_name
    FROM channel c LEFT JOIN team t ON t.id = c.team_id
    WHERE c.present = 1 AND (c.team_id IS NULL OR t.installed = 1);
CREATE TABLE binding (
    channel_id TEXT NOT NULL REFERENCES channel (id),
    kind       TEXT NOT NULL CHECK (kind IN ('working_group', 'management', 'audience')),
    name       TEXT NOT NULL,               -- of the audience, '' for the other kinds
    name_key   TEXT NOT NULL,
    PRIMARY KEY (channel_id, kind, name_key)
) WITHOUT ROWID;
CREATE INDEX binding_name ON binding (kind, name_key);
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
CREATE TABLE seen (
    activity_id TEXT PRIMARY KEY,
    at          INTEGER NOT NULL            -- real time
) WITHOUT ROWID;
CREATE INDEX seen_at ON seen (at);
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
INSERT INTO setting VALUES ('audit_length', '3');
INSERT INTO clock VALUES (1, 'vuosikello', 'vuosikello', 2023);
INSERT INTO entry VALUES ('syksy', 1, 'Syksyn kampanja', 'syksyn kampanja', '2023-01-10', NULL, '', '', '', 'intra', 'Maija Meikäläinen', '7,1', NULL, 1, 'Maija Meikäläinen: 40 % enemmän käyttäjiä', 'done', 'Huomiot: kysy Maija Meikäläinen', 1, NULL, 1672567200000, 1672567200000, NULL);
INSERT INTO occurrence VALUES ('syksy', '2023-01-10', 1673352000000, '11111111-1111-1111-1111-111111111111', '');
INSERT INTO reminder VALUES (1, 'syksy', '2023-01-09', '2023-01-10', '2023-01-10', 1, 0, 'lead', 1673245800000, 'posted', 'done', '11111111-1111-1111-1111-111111111111', 1673352000000, NULL);
INSERT INTO person VALUES ('11111111-1111-1111-1111-111111111111', '29:maija', 'Maija Meikäläinen', 'maija meikäläinen', 'maija.meikalainen@esimerkki.fi', 'tenant', 0, 'fi', 'fi-FI', 'a:chat-maija', 'https://smba.example/', 1672567200000);
INSERT INTO person VALUES ('22222222-2222-2222-2222-222222222222', '29:kalle', 'Kalle Kollega', 'kalle kollega', 'kalle.kollega@esimerkki.fi', 'tenant', 0, '', 'fi-FI', 'a:chat-kalle', 'https://smba.example/', 1672567200000);
INSERT INTO role VALUES ('11111111-1111-1111-1111-111111111111', 'approver', '2099-12-31');
INSERT INTO role VALUES ('22222222-2222-2222-2222-222222222222', 'admin', NULL);
INSERT INTO team VALUES ('19:team', '', 'Keskussairaala', 'https://smba.example/', 1, 0, 0, NULL);
INSERT INTO team_member VALUES ('19:team', '11111111-1111-1111-1111-111111111111');
INSERT INTO team_member VALUES ('19:team', '22222222-2222-2222-2222-222222222222');
INSERT INTO channel VALUES ('19:hoitajat', '19:team', 'Hoitajat', '', 'https://smba.example/', 1, 0, 0);
INSERT INTO binding VALUES ('19:hoitajat', 'audience', 'Hoitajat', 'hoitajat');
INSERT INTO post VALUES (1, 'reminder', 'Syksyn kampanja', 'syksy', 1, '19:hoitajat', NULL, '', 'sent', '', 1, 0, 0, 3, 't1', 0, 1673245800000, 1673245800000, 0, 0, 'https://smba.example/', '19:hoitajat', 'activity-1', 1, 1, 0, 0);
INSERT INTO post VALUES (2, 'approval', 'Uusi ohje', 'syksy', NULL, '19:hoitajat', NULL, '', 'sent', '', 1, 0, 0, 3, 't2', 0, 1672567200000, 1672567200000, 0, 0, 'https://smba.example/', '19:hoitajat', 'activity-2', 1, 1, 0, 0);
INSERT INTO post VALUES (3, 'approval', 'Uusi ohje', 'syksy', NULL, NULL, '11111111-1111-1111-1111-111111111111', '', 'sent', '', 1, 0, 0, 3, 't3', 0, 1672567200000, 1672567200000, 0, 0, 'https://smba.example/', 'a:chat-maija', 'activity-3', 1, 1, 0, 0);
INSERT INTO post VALUES (4, 'notice', 'Potilaat kysyvät ajanvarauksesta. Terveisin Maija Meikäläinen', NULL, NULL, NULL, '11111111-1111-1111-1111-111111111111', '{"key":"notice.need.declined","args":{"text":"Potilaat kysyvät","who":"Kalle Kollega"}}', 'sent', '', 1, 0, 0, 4, 't4', 0, 1672657200000, 1672657200000, 0, 0, 'https://smba.example/', 'a:chat-maija', 'activity-4', 1, 1, 0, 0);
INSERT INTO post VALUES (5, 'notice', 'Julkaisu hyväksyttiin', NULL, NULL, NULL, '22222222-2222-2222-2222-222222222222', '{"key":"notice.decision.approved","args":{"title":"Uusi ohje","who":"Maija Meikäläinen"}}', 'sent', '', 1, 0, 0, 4, 't5', 0, 1672570800000, 1672570800000, 0, 0, 'https://smba.example/', 'a:chat-kalle', 'activity-5', 1, 1, 0, 0);
INSERT INTO post VALUES (6, 'need', 'Potilaat kysyvät ajanvarauksesta. Terveisin Maija Meikäläinen', NULL, NULL, '19:hoitajat', NULL, '', 'sent', '', 1, 0, 0, 3, 't6', 0, 1672567200000, 1672567200000, 0, 0, 'https://smba.example/', '19:hoitajat', 'activity-6', 1, 1, 0, 0);
INSERT INTO post VALUES (7, 'invitation', 'Maisa tutuksi', NULL, NULL, '19:hoitajat', NULL, '', 'sent', '', 1, 0, 0, 3, 't7', 0, 1672567200000, 1672567200000, 0, 0, 'https://smba.example/', '19:hoitajat', 'activity-7', 1, 1, 0, 0);
INSERT INTO post VALUES (8, 'feedback', 'Chat tutuksi', NULL, NULL, NULL, '11111111-1111-1111-1111-111111111111', '', 'pending', '', 0, 0, 0, 3, 't8', 0, 1673956800000, NULL, 0, 0, '', '', '', 1, 0, 0, 0);
INSERT INTO content VALUES (1, 'syksy', '11111111-1111-1111-1111-111111111111', '{"body":"Ohje","title":"Uusi ohje"}', 1, 1672567200000, 1672567200000);
INSERT INTO content VALUES (2, NULL, '11111111-1111-1111-1111-111111111111', '{"body":"Kysy: maija.meikalainen@esimerkki.fi <Maija Meikäläinen>","title":"Kesken"}', 1, 1672567200000, 1672567200000);
INSERT INTO seen VALUES ('a:chat-maija|123', 4086000000000);
INSERT INTO audit VALUES (1, 1672642800000, 'Kalle Kollega', '22222222-2222-2222-2222-222222222222', 'role.give', 'role:approver', 'Maija Meikäläinen', 'uvmym5k7mwuitdhbrvsi5cv3gqist5wx', '0e581b62188aab76a83e09ba34e3d2dcaff531c252e6f8e00f4d181980ee5d93', '17f73ab1721526baccf6e46b95c7d322fd445d382547d0fcb99ae58139027bcf', 'ba32036d3f288e19a6b97fedf8370c223e9b61f754f759a660dbe60314544a60');
INSERT INTO audit VALUES (2, 1672646400000, 'Maija Meikäläinen', '11111111-1111-1111-1111-111111111111', 'approval.approved', 'content:1/1', 'sha256 f8 Hyvä', 'jx4mbkxwlf6bybw34hvhowcvj6sylgp4', 'fbf0b08eb98d0e95cd0125222d7f133aab8158145b56dc9bbc78c9a5d89f2849', '651bae449c4b8aba13111b58d7c7d7940d6962e230757210e479574150c671f6', '0183aabf7602c2ee4781214f5b42059e2f2fbca7eb7be5cbd023ebb86246ced9');
INSERT INTO audit VALUES (3, 1672650000000, 'Kalle Kollega', '22222222-2222-2222-2222-222222222222', 'entry.done', 'entry:syksy', '', 'h7lqxqxc2pxl5hnbehodekfrfyqsv7f6', 'a49031dde58d2984d9fc35e866ade7da2aa71cb773a3f71aea2e5374ca40567a', '91b0fea46001620ddb62d5d0af69054e8763855cbdab08274f06c0adec1e7ba4', '3cd21e3c3866397e5fc21c587c0de36fe22ea26824d661e02c20c414cef2bf35');
PRAGMA application_id = 1447775311;
PRAGMA user_version = 1;
