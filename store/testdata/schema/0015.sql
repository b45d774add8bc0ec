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
, last_day TEXT NOT NULL DEFAULT '');
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
, chat_at INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
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
, type TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
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
, content_id INTEGER, content_version INTEGER, need_id INTEGER, session_id INTEGER, digest_id INTEGER REFERENCES digest (id), audience TEXT NOT NULL DEFAULT '');
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
CREATE TABLE content_version (
    content_id   INTEGER NOT NULL REFERENCES content (id),
    version      INTEGER NOT NULL,           -- 1, 2, 3 … of the content
    sha256       TEXT NOT NULL,              -- see ContentVersion.Hash
    entry_id     TEXT REFERENCES entry (id), -- NULL: no clock entry stands behind it
    title        TEXT NOT NULL,
    body         TEXT NOT NULL,              -- personal: text of a publication, which may name people; to publish it; with the archive
    title_sv     TEXT NOT NULL,
    body_sv      TEXT NOT NULL,              -- personal: as body; to publish it; with the archive
    link         TEXT NOT NULL,
    image        TEXT NOT NULL,
    image_alt    TEXT NOT NULL,
    audiences    TEXT NOT NULL,              -- comma-separated
    publish_at   INTEGER,                    -- not before; NULL: as soon as approved
    checklist    TEXT NOT NULL,              -- checks that were made, comma-separated
    approval     INTEGER NOT NULL,           -- 0: the entry needs none
    requested_by TEXT NOT NULL,              -- personal: AAD object id of who asked; to tell them the decision; as long as the record
    requested_at INTEGER NOT NULL,
    decision     TEXT NOT NULL CHECK (decision IN ('pending', 'approved', 'returned', 'escalated', 'withdrawn', 'voided', 'expired')),
    decided_by   TEXT NOT NULL,              -- personal: AAD object id of who decided; to answer for the decision; as long as the record
    decided_at   INTEGER,
    comment      TEXT NOT NULL,              -- personal: what the decider wrote; to answer for the decision; as long as the record
    meeting_date TEXT,                       -- the management meeting that it was passed to
    published_at INTEGER,
    withdrawn_at INTEGER,                    -- the publication was taken back
    withdrawn_by TEXT NOT NULL DEFAULT '',   -- personal: AAD object id of who took it back; to answer for it; as long as the record
    handled_at   INTEGER NOT NULL,           -- what falls due by this instant has been done
    next_at      INTEGER,                    -- the next instant at which something falls due
    PRIMARY KEY (content_id, version)
) WITHOUT ROWID;
CREATE INDEX content_version_next ON content_version (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX content_version_open ON content_version (decision) WHERE decision IN ('pending', 'escalated');
CREATE INDEX content_version_published ON content_version (published_at) WHERE published_at IS NOT NULL;
CREATE INDEX content_version_entry ON content_version (entry_id);
CREATE UNIQUE INDEX post_content ON post (content_id, kind, ifnull(content_version, 0), ifnull(channel_id, ''), ifnull(person_id, '')) WHERE content_id IS NOT NULL AND kind NOT IN ('notice', 'approval_reminder');
CREATE INDEX post_of_content ON post (content_id) WHERE content_id IS NOT NULL;
CREATE INDEX post_need ON post (need_id) WHERE need_id IS NOT NULL;
CREATE TABLE acknowledgement (
    content_id INTEGER NOT NULL REFERENCES content (id),
    person_id  TEXT NOT NULL,               -- personal: AAD object id of who pressed "Kuittaa luetuksi"; to follow up with the rest; by the retention of attendance
    channel_id TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (content_id, person_id)
) WITHOUT ROWID;
CREATE TABLE follow_up (
    content_id INTEGER PRIMARY KEY REFERENCES content (id),
    at         INTEGER NOT NULL,
    by         TEXT NOT NULL                -- personal: AAD object id of who sent it; to answer for it; as long as the publication
);
CREATE TABLE meeting (
    kind   TEXT PRIMARY KEY CHECK (kind IN ('working_group', 'management')),
    first  TEXT NOT NULL,                   -- date of the first meeting
    time   INTEGER NOT NULL,                -- minutes after midnight
    every  INTEGER NOT NULL,                -- weeks
    cutoff INTEGER NOT NULL                 -- hours before, after which an item goes to the meeting after it
) WITHOUT ROWID;
CREATE TABLE need (
    id         INTEGER PRIMARY KEY,
    text       TEXT NOT NULL,               -- personal: free text, which may name people; to act on it; by the retention of text
    asked_by   TEXT NOT NULL,               -- personal: AAD object id of who asked; to tell them what became of it; by the retention of text
    asked_at   INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'done', 'postponed', 'dropped')),
    comment    TEXT NOT NULL,               -- personal: the reason given; to tell the asker; by the retention of text
    decided_by TEXT NOT NULL,               -- personal: AAD object id of who answered; to show on the card; by the retention of text
    decided_at INTEGER,
    entry_id   TEXT REFERENCES entry (id)   -- the draft entry that it became
);
CREATE INDEX need_open ON need (asked_at) WHERE state IN ('open', 'postponed');
CREATE TABLE agenda_outcome (
    kind    TEXT NOT NULL CHECK (kind IN ('working_group', 'management')),
    date    TEXT NOT NULL,                  -- of the meeting
    item    TEXT NOT NULL,                  -- need:12, entry:abc, content:5/2
    outcome TEXT NOT NULL CHECK (outcome IN ('approved', 'returned', 'done', 'postponed', 'dropped')),
    comment TEXT NOT NULL,                  -- personal: what was written down; to follow up; by the retention of text
    by      TEXT NOT NULL,                  -- personal: AAD object id of who wrote it; to answer for it; by the retention of text
    at      INTEGER NOT NULL,
    PRIMARY KEY (kind, date, item)
) WITHOUT ROWID;
CREATE TABLE session (
    id            INTEGER PRIMARY KEY,
    title         TEXT NOT NULL,
    start         INTEGER NOT NULL,
    minutes       INTEGER NOT NULL,
    audiences     TEXT NOT NULL,            -- comma-separated
    host_id       TEXT NOT NULL,            -- personal: AAD object id of the host; to make the meeting in their calendar and to show who runs it; as long as the session
    join_url      TEXT NOT NULL,            -- a meeting link of the host's own, '' for none
    links         TEXT NOT NULL,            -- guidance, one address a line
    series        TEXT NOT NULL,            -- shared by the sessions made together, '' for a single one
    topic_id      INTEGER,                  -- of the catalogue
    state         TEXT NOT NULL CHECK (state IN ('planned', 'called_off')),
    version       INTEGER NOT NULL,
    created_by    TEXT NOT NULL,            -- personal: AAD object id of who made it; to answer for it; as long as the session
    created_at    INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL,         -- when it got its time and audiences: what should have been posted by then is posted at once
    handled_at    INTEGER NOT NULL,         -- what falls due by this instant has been done
    next_at       INTEGER,                  -- the next instant at which something falls due
    meeting_state TEXT NOT NULL CHECK (meeting_state IN ('none', 'wanted', 'made', 'changed', 'unwanted', 'failed')),
    meeting_why   TEXT NOT NULL,            -- why there is none
    meeting_retry INTEGER NOT NULL,         -- real time before which Graph is not asked (again)
    meeting_tries INTEGER NOT NULL,
    meeting_host  TEXT NOT NULL,            -- personal: AAD object id of whose meeting it is, when the host was changed since; to cancel it; as long as the session
    event_id      TEXT NOT NULL,
    meeting_id    TEXT NOT NULL,
    meeting_url   TEXT NOT NULL,
    meeting_key   TEXT NOT NULL,            -- names the request for a meeting, so that one that is made again makes no second meeting
    report_state  TEXT NOT NULL CHECK (report_state IN ('none', 'wanted', 'read', 'gone')),
    report_why    TEXT NOT NULL,
    report_retry  INTEGER NOT NULL
);
CREATE INDEX session_start ON session (start);
CREATE INDEX session_next ON session (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX session_meeting ON session (meeting_retry) WHERE meeting_state IN ('wanted', 'changed', 'unwanted');
CREATE INDEX session_report ON session (report_retry) WHERE report_state = 'wanted';
CREATE TABLE attendance (
    session_id   INTEGER NOT NULL REFERENCES session (id),
    who          TEXT NOT NULL,             -- personal: AAD object id, or mail: and an e-mail address; to know who came; by the retention of attendance
    name         TEXT NOT NULL,             -- personal: name as the meeting's report has it, when nothing else is known; to show who came; by the retention of attendance
    signed_up_at INTEGER,                   -- personal: to compare with who came; by the retention of attendance
    cancelled_at INTEGER,                   -- personal: as signed_up_at; by the retention of attendance
    joined_at    INTEGER,                   -- personal: to know who came; by the retention of attendance
    minutes      INTEGER,                   -- personal: for how long; by the retention of attendance
    source       TEXT NOT NULL CHECK (source IN ('card', 'graph', 'hand')),
    PRIMARY KEY (session_id, who)
) WITHOUT ROWID;
CREATE INDEX attendance_who ON attendance (who);
CREATE TABLE attendance_report (
    session_id INTEGER NOT NULL REFERENCES session (id),
    report_id  TEXT NOT NULL,
    total      INTEGER NOT NULL,
    named      INTEGER NOT NULL,
    PRIMARY KEY (session_id, report_id)
) WITHOUT ROWID;
CREATE TABLE feedback (
    session_id INTEGER NOT NULL REFERENCES session (id),
    person_id  TEXT NOT NULL,               -- personal: AAD object id of who answered; to take one answer each and to suggest whom to invite; by the retention of attendance
    rating     INTEGER,                     -- 1–5
    need       TEXT NOT NULL,               -- personal: what they need help with; to plan the next session; by the retention of text
    topic      TEXT NOT NULL,               -- personal: what they wish for; to plan the next session; by the retention of text
    at         INTEGER NOT NULL,
    PRIMARY KEY (session_id, person_id)
) WITHOUT ROWID;
CREATE TABLE session_need (
    position INTEGER PRIMARY KEY,
    name     TEXT NOT NULL
);
CREATE TABLE topic (
    id          INTEGER PRIMARY KEY,
    type        TEXT NOT NULL CHECK (type IN ('open', 'themed', 'segmented')),
    segment     TEXT NOT NULL,
    segment_key TEXT NOT NULL,
    title       TEXT NOT NULL,
    title_key   TEXT NOT NULL,
    UNIQUE (type, segment_key, title_key)
);
CREATE UNIQUE INDEX post_session ON post (session_id, kind, ifnull(content_version, 0), ifnull(channel_id, ''), ifnull(person_id, '')) WHERE session_id IS NOT NULL AND kind <> 'notice';
CREATE TABLE acknowledged (
    content_id INTEGER NOT NULL REFERENCES content (id),
    channel_id TEXT NOT NULL,
    people     INTEGER NOT NULL,
    PRIMARY KEY (content_id, channel_id)
) WITHOUT ROWID;
CREATE TABLE attended (
    session_id INTEGER PRIMARY KEY REFERENCES session (id),
    signed_up  INTEGER NOT NULL,
    attended   INTEGER NOT NULL,
    no_show    INTEGER NOT NULL
);
CREATE TABLE feedback_audience (
    session_id INTEGER NOT NULL,
    person_id  TEXT NOT NULL,               -- of the feedback, which names nobody any more
    name       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    PRIMARY KEY (session_id, person_id, name_key),
    FOREIGN KEY (session_id, person_id) REFERENCES feedback (session_id, person_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX acknowledgement_person ON acknowledgement (person_id);
CREATE INDEX post_person ON post (person_id) WHERE person_id IS NOT NULL;
CREATE TABLE personal_data (
    table_name  TEXT NOT NULL,
    column_name TEXT NOT NULL,
    what        TEXT NOT NULL,
    why         TEXT NOT NULL,
    how_long    TEXT NOT NULL,
    PRIMARY KEY (table_name, column_name)
) WITHOUT ROWID;
CREATE TABLE digest (
    id         INTEGER PRIMARY KEY,
    entry_id   TEXT NOT NULL REFERENCES entry (id),
    occurrence TEXT NOT NULL,                   -- first day of the occurrence that it is for
    team_id    TEXT NOT NULL,                   -- the result area, '' for a digest of everything
    content_id INTEGER REFERENCES content (id), -- what was written, NULL until it is saved
    UNIQUE (entry_id, occurrence, team_id)
);
CREATE INDEX digest_content ON digest (content_id) WHERE content_id IS NOT NULL;
CREATE UNIQUE INDEX post_digest ON post (digest_id, ifnull(person_id, '')) WHERE digest_id IS NOT NULL;
CREATE TABLE calendar_feed (
    id         TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL UNIQUE,        -- personal: AAD object id of whose feed it is; to revoke it and to end it with their membership; until the link is revoked or the person erased
    member     INTEGER NOT NULL CHECK (member IN (0, 1)), -- whether they were in a team when it was made: then it works only while they are in one
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE download (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,               -- of the export
    person_id  TEXT NOT NULL,               -- personal: AAD object id of who asked for it; to check their role and to record the download; until an hour after the link ended
    expires_at INTEGER NOT NULL             -- by the plan's clock
) WITHOUT ROWID;
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
CREATE TABLE measure (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL CHECK (kind IN ('kertymä', 'tilanne')), -- fixed by the first value
    unit     TEXT NOT NULL              -- '' when none is known
);
CREATE TABLE measure_point (
    measure_id INTEGER NOT NULL REFERENCES measure (id) ON DELETE CASCADE,
    start      TEXT NOT NULL,
    end        TEXT NOT NULL,           -- the last day
    value      INTEGER,
    goal       INTEGER,
    source     TEXT NOT NULL,           -- where the numbers come from
    updated_at INTEGER NOT NULL,
    CHECK (value IS NOT NULL OR goal IS NOT NULL),
    PRIMARY KEY (measure_id, start, end)
) WITHOUT ROWID;
CREATE TABLE campaign_measure (
    campaign     TEXT NOT NULL,
    campaign_key TEXT NOT NULL,
    measure_id   INTEGER NOT NULL REFERENCES measure (id) ON DELETE CASCADE,
    goal         INTEGER,               -- the campaign's own, NULL for none
    PRIMARY KEY (campaign_key, measure_id)
) WITHOUT ROWID;
CREATE INDEX campaign_measure_measure ON campaign_measure (measure_id);
CREATE INDEX entry_last_day ON entry (last_day, start) WHERE removed_at IS NULL;
CREATE INDEX entry_audience_name ON entry_audience (name_key, name);
CREATE TABLE reach_person (
    n         INTEGER PRIMARY KEY,
    person_id TEXT UNIQUE                   -- personal: AAD object id, or the platform's id of somebody without one; to count each person once; until erased
);
CREATE TABLE reach_channel (
    n           INTEGER PRIMARY KEY,
    channel_id  TEXT NOT NULL UNIQUE REFERENCES channel (id),
    tried_on    TEXT,                       -- day of the last look, whatever came of it
    members_why TEXT NOT NULL DEFAULT '',   -- why the last look got no members from Graph, '' when it did: the problem and the permission
    signals_why TEXT NOT NULL DEFAULT ''    -- likewise of reactions and replies
);
CREATE TABLE reach_look (
    channel          INTEGER NOT NULL REFERENCES reach_channel (n),
    first            TEXT NOT NULL,         -- day
    last             TEXT NOT NULL,         -- the last day on which that was seen
    source           TEXT NOT NULL CHECK (source IN ('bot', 'rsc', 'tenant')),
    members          INTEGER NOT NULL,      -- without guests and external ones
    guests           INTEGER NOT NULL,
    external         INTEGER NOT NULL,      -- of other organisations
    members_unnamed  INTEGER NOT NULL,      -- how many of them have no id: they are counted, and never merged
    guests_unnamed   INTEGER NOT NULL,
    external_unnamed INTEGER NOT NULL,
    PRIMARY KEY (channel, first)
) WITHOUT ROWID;
CREATE TABLE reach_member (
    channel INTEGER NOT NULL REFERENCES reach_channel (n),
    person  INTEGER NOT NULL REFERENCES reach_person (n), -- personal: whom a publication could reach; to count people once across channels; by the retention of attendance
    first   TEXT NOT NULL,                  -- the first day on which they were seen there
    last    TEXT,                           -- the day before they were seen no more, NULL while they are there
    kind    INTEGER NOT NULL,               -- 0 member, 1 guest, 2 external
    PRIMARY KEY (channel, person, first)
) WITHOUT ROWID;
CREATE INDEX reach_member_person ON reach_member (person);
CREATE TABLE reach_signal (
    post_id INTEGER NOT NULL REFERENCES post (id),
    what    TEXT NOT NULL CHECK (what IN ('reaction', 'reply')),
    person  INTEGER NOT NULL,               -- personal: who reacted or replied, 0 for somebody who is not known; to count people once; by the retention of attendance
    kind    TEXT NOT NULL,                  -- personal: like, heart …, '' of a reply; to know a reaction that was changed; by the retention of attendance
    nth     INTEGER NOT NULL,               -- tells those of unknown people apart, else 0
    at      INTEGER NOT NULL,               -- real time of the newest event that told it
    gone    INTEGER NOT NULL CHECK (gone IN (0, 1)), -- 1: taken away again; kept so that an older event does not bring it back
    PRIMARY KEY (post_id, what, person, kind, nth)
) WITHOUT ROWID;
CREATE INDEX reach_signal_person ON reach_signal (person);
CREATE TABLE reach_post (
    post_id INTEGER PRIMARY KEY REFERENCES post (id),
    source  TEXT NOT NULL CHECK (source IN ('rsc', 'tenant')),
    read_on TEXT NOT NULL                   -- day
);
CREATE TABLE reach_publication (
    content_id   INTEGER PRIMARY KEY REFERENCES content (id),
    published_at INTEGER NOT NULL,          -- the first time
    packed       BLOB NOT NULL              -- see publicationPack; the numbers of people in it go when their reactions and acknowledgements do
);
CREATE INDEX reach_publication_at ON reach_publication (published_at);
CREATE TABLE reach_stale (content_id INTEGER PRIMARY KEY);
CREATE INDEX post_channel ON post (channel_id, sent_at) WHERE kind IN ('publication', 'invitation');
CREATE TABLE team_activity (
    team_id   TEXT PRIMARY KEY REFERENCES team (id),
    refreshed TEXT NOT NULL,                -- the last day that it covers
    days      INTEGER NOT NULL,             -- how many days it covers
    active    INTEGER NOT NULL              -- active people
);
CREATE TABLE team_activity_asked (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    asked_on TEXT NOT NULL,                 -- day
    why      TEXT NOT NULL                  -- why there is nothing, '' when there is: the problem and the permission, or concealed
);
CREATE TABLE plan_version (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL
);
CREATE INDEX entry_campaign ON entry (campaign_key) WHERE removed_at IS NULL;
CREATE INDEX occurrence_done_by ON occurrence (done_by);
CREATE INDEX reminder_status_by ON reminder (status_by) WHERE status_by <> '';
CREATE INDEX content_author ON content (author_id);
CREATE INDEX content_version_requested_by ON content_version (requested_by);
CREATE INDEX content_version_decided_by ON content_version (decided_by);
CREATE INDEX content_version_withdrawn_by ON content_version (withdrawn_by);
CREATE INDEX follow_up_by ON follow_up (by);
CREATE INDEX need_asked_by ON need (asked_by);
CREATE INDEX need_decided_by ON need (decided_by);
CREATE INDEX agenda_outcome_by ON agenda_outcome (by);
CREATE INDEX session_host ON session (host_id);
CREATE INDEX session_created_by ON session (created_by);
CREATE INDEX session_meeting_host ON session (meeting_host);
CREATE INDEX feedback_person ON feedback (person_id);
CREATE INDEX entry_owner ON entry (owner COLLATE NOCASE);
CREATE INDEX person_email ON person (lower(email));
CREATE INDEX post_notice ON post (created_at) WHERE kind = 'notice';
CREATE INDEX entry_title ON entry (title_key) WHERE removed_at IS NULL;
CREATE INDEX entry_once ON entry (start, state, id, repeat, removed_at) WHERE removed_at IS NULL AND repeat = '';
CREATE INDEX post_of_session ON post (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX post_audience ON post (audience) WHERE kind = 'publication';
CREATE INDEX feedback_said ON feedback (at, need, topic);
INSERT INTO setting VALUES ('audit_length', '3');
INSERT INTO clock VALUES (1, 'vuosikello', 'vuosikello', 2023);
INSERT INTO entry VALUES ('syksy', 1, 'Syksyn kampanja', 'syksyn kampanja', '2023-01-10', NULL, '', '', '', 'intra', 'Maija Meikäläinen', '7,1', NULL, 1, 'Maija Meikäläinen: 40 % enemmän käyttäjiä', 'done', 'Huomiot: kysy Maija Meikäläinen', 1, NULL, 1672567200000, 1672567200000, NULL, '');
INSERT INTO occurrence VALUES ('syksy', '2023-01-10', 1673352000000, '11111111-1111-1111-1111-111111111111', '');
INSERT INTO reminder VALUES (1, 'syksy', '2023-01-09', '2023-01-10', '2023-01-10', 1, 0, 'lead', 1673245800000, 'posted', 'done', '11111111-1111-1111-1111-111111111111', 1673352000000, NULL);
INSERT INTO person VALUES ('11111111-1111-1111-1111-111111111111', '29:maija', 'Maija Meikäläinen', 'maija meikäläinen', 'maija.meikalainen@esimerkki.fi', 'tenant', 0, 'fi', 'fi-FI', 'a:chat-maija', 'https://smba.example/', 1672567200000, 1672567200000);
INSERT INTO person VALUES ('22222222-2222-2222-2222-222222222222', '29:kalle', 'Kalle Kollega', 'kalle kollega', 'kalle.kollega@esimerkki.fi', 'tenant', 0, '', 'fi-FI', 'a:chat-kalle', 'https://smba.example/', 1672567200000, 1672567200000);
INSERT INTO role VALUES ('11111111-1111-1111-1111-111111111111', 'approver', '2099-12-31');
INSERT INTO role VALUES ('22222222-2222-2222-2222-222222222222', 'admin', NULL);
INSERT INTO team VALUES ('19:team', '', 'Keskussairaala', 'https://smba.example/', 1, 0, 0, NULL);
INSERT INTO team_member VALUES ('19:team', '11111111-1111-1111-1111-111111111111');
INSERT INTO team_member VALUES ('19:team', '22222222-2222-2222-2222-222222222222');
INSERT INTO channel VALUES ('19:hoitajat', '19:team', 'Hoitajat', '', 'https://smba.example/', 1, 0, 0, '');
INSERT INTO binding VALUES ('19:hoitajat', 'audience', 'Hoitajat', 'hoitajat');
INSERT INTO post VALUES (1, 'reminder', 'Syksyn kampanja', 'syksy', 1, '19:hoitajat', NULL, '', 'sent', '', 1, 0, 0, 3, 't1', 0, 1673245800000, 1673245800000, 0, 0, 'https://smba.example/', '19:hoitajat', 'activity-1', 1, 1, 0, 0, NULL, NULL, NULL, NULL, NULL, '');
INSERT INTO post VALUES (2, 'approval', 'Uusi ohje', 'syksy', NULL, '19:hoitajat', NULL, '', 'sent', '', 1, 0, 0, 3, 't2', 0, 1672567200000, 1672567200000, 0, 0, 'https://smba.example/', '19:hoitajat', 'activity-2', 1, 1, 0, 0, 1, 1, NULL, NULL, NULL, '');
INSERT INTO post VALUES (3, 'approval', 'Uusi ohje', 'syksy', NULL, NULL, '11111111-1111-1111-1111-111111111111', '', 'sent', '', 1, 0, 0, 3, 't3', 0, 1672567200000, 1672567200000, 0, 0, 'https://smba.example/', 'a:chat-maija', 'activity-3', 1, 1, 0, 0, 1, 1, NULL, NULL, NULL, '');
INSERT INTO post VALUES (4, 'notice', 'Potilaat kysyvät ajanvarauksesta. Terveisin Maija Meikäläinen', NULL, NULL, NULL, '11111111-1111-1111-1111-111111111111', '{"key":"notice.need.declined","args":{"text":"Potilaat kysyvät","who":"Kalle Kollega"}}', 'sent', '', 1, 0, 0, 4, 't4', 0, 1672657200000, 1672657200000, 0, 0, 'https://smba.example/', 'a:chat-maija', 'activity-4', 1, 1, 0, 0, NULL, NULL, NULL, NULL, NULL, '');
INSERT INTO post VALUES (5, 'notice', 'Julkaisu hyväksyttiin', NULL, NULL, NULL, '22222222-2222-2222-2222-222222222222', '{"key":"notice.decision.approved","args":{"title":"Uusi ohje","who":"Maija Meikäläinen"}}', 'sent', '', 1, 0, 0, 4, 't5', 0, 1672570800000, 1672570800000, 0, 0, 'https://smba.example/', 'a:chat-kalle', 'activity-5', 1, 1, 0, 0, 1, NULL, NULL, NULL, NULL, '');
INSERT INTO post VALUES (6, 'need', 'Potilaat kysyvät ajanvarauksesta. Terveisin Maija Meikäläinen', NULL, NULL, '19:hoitajat', NULL, '', 'sent', '', 1, 0, 0, 3, 't6', 0, 1672567200000, 1672567200000, 0, 0, 'https://smba.example/', '19:hoitajat', 'activity-6', 1, 1, 0, 0, NULL, NULL, 1, NULL, NULL, '');
INSERT INTO post VALUES (7, 'invitation', 'Maisa tutuksi', NULL, NULL, '19:hoitajat', NULL, '', 'sent', '', 1, 0, 0, 3, 't7', 0, 1672567200000, 1672567200000, 0, 0, 'https://smba.example/', '19:hoitajat', 'activity-7', 1, 1, 0, 0, NULL, NULL, NULL, 2, NULL, '');
INSERT INTO post VALUES (8, 'feedback', 'Chat tutuksi', NULL, NULL, NULL, '11111111-1111-1111-1111-111111111111', '', 'pending', '', 0, 0, 0, 3, 't8', 0, 1673956800000, NULL, 0, 0, '', '', '', 1, 0, 0, 0, NULL, NULL, NULL, 1, NULL, '');
INSERT INTO content VALUES (1, 'syksy', '11111111-1111-1111-1111-111111111111', '{"body":"Ohje","title":"Uusi ohje"}', 1, 1672567200000, 1672567200000);
INSERT INTO content VALUES (2, NULL, '11111111-1111-1111-1111-111111111111', '{"body":"Kysy: maija.meikalainen@esimerkki.fi <Maija Meikäläinen>","title":"Kesken"}', 1, 1672567200000, 1672567200000);
INSERT INTO seen VALUES ('a:chat-maija|123', 4086000000000);
INSERT INTO audit VALUES (1, 1672642800000, 'Kalle Kollega', '22222222-2222-2222-2222-222222222222', 'role.give', 'role:approver', 'Maija Meikäläinen', '7uxpibwvgh2nyn3lvqqgx2uzkjtnw73q', '3204e935a13a6d9f7291d04ff29b8e20796c18d16b1c1f29318b9bdb62cc8a93', '60a2b0c18a138465b43432abb34bfa92f6568ffbb60e11dfa421dd1a5b77ed72', '68184b8b42a55226b71e9f79a4549dde53c4733c951d40aa1b26d8fce9b49d78');
INSERT INTO audit VALUES (2, 1672646400000, 'Maija Meikäläinen', '11111111-1111-1111-1111-111111111111', 'approval.approved', 'content:1/1', 'sha256 f8 Hyvä', '6w44c72jr27xhrsreajrgiou2lcxgmh2', '02d21672b7d5256349e541f85aa1c6a8c385d218288112869fd5419d80d287a4', '4c06520723d82725fb98818c6b9bc5606332981fd24157cda81a5094158e0447', 'd90b8e8601754db72c7a81cf7d9d27be8a4fdd6dacc707981c9158aa89cc54e8');
INSERT INTO audit VALUES (3, 1672650000000, 'Kalle Kollega', '22222222-2222-2222-2222-222222222222', 'entry.done', 'entry:syksy', '', 'qgendxkh7wpc4rhc7x4o3kqzcqes43jp', 'db37f0ee3276361ec8ebaca8c267a3989d91d82525a8f850804017b9b9c65cf9', '13a5579286b43e8b54545264cbba417ef07eab8313d8137842aebf05328e6d16', '20fa9e513951ede7f607b5c0174c4a3d1c5ea8d0b909145e6416c5364bd432c5');
INSERT INTO content_version VALUES (1, 1, 'f8a29c3d', 'syksy', 'Uusi ohje', 'Ohje', '', 'Anvisning', '', '', '', 'Hoitajat', NULL, 'privacy', 1, '11111111-1111-1111-1111-111111111111', 1672567200000, 'approved', '11111111-1111-1111-1111-111111111111', 1672570800000, 'Hyvä. T: Maija Meikäläinen', NULL, 1672574400000, 1688200000000, '11111111-1111-1111-1111-111111111111', 1672574400000, NULL);
INSERT INTO acknowledgement VALUES (1, '11111111-1111-1111-1111-111111111111', '19:hoitajat', 1672578000000);
INSERT INTO acknowledgement VALUES (1, '22222222-2222-2222-2222-222222222222', '19:hoitajat', 1672578000000);
INSERT INTO follow_up VALUES (1, 1672660800000, '11111111-1111-1111-1111-111111111111');
INSERT INTO need VALUES (1, 'Potilaat kysyvät ajanvarauksesta. Terveisin Maija Meikäläinen', '11111111-1111-1111-1111-111111111111', 1672567200000, 'declined', 'maija.meikalainen@esimerkki.fi voi kertoa lisää', '11111111-1111-1111-1111-111111111111', 1672657200000, NULL);
INSERT INTO need VALUES (2, 'Vastausta odottaa: Maija Meikäläinen', '22222222-2222-2222-2222-222222222222', 1672567200000, 'open', '', '', NULL, NULL);
INSERT INTO agenda_outcome VALUES ('working_group', '2023-01-17', 'need:1', 'dropped', 'Maija Meikäläinen hoitaa', '11111111-1111-1111-1111-111111111111', 1673956800000);
INSERT INTO session VALUES (1, 'Chat tutuksi', 1673953200000, 15, 'Hoitajat', '11111111-1111-1111-1111-111111111111', 'https://teams.example/meet?oid=11111111-1111-1111-1111-111111111111', '', '', NULL, 'planned', 1, '11111111-1111-1111-1111-111111111111', 1672567200000, 1672567200000, 1673960000000, NULL, 'none', '', 0, 0, '', '', '', '', 'k1', 'none', '', 0);
INSERT INTO session VALUES (2, 'Maisa tutuksi', 4086000000000, 15, 'Hoitajat', '11111111-1111-1111-1111-111111111111', '', '', '', NULL, 'planned', 1, '22222222-2222-2222-2222-222222222222', 1672567200000, 1672567200000, 1673960000000, NULL, 'made', '', 0, 0, '11111111-1111-1111-1111-111111111111', 'event', 'meeting', 'https://teams.example/l/meetup-join/19%3ameeting?context=%7b%22Oid%22%3a%2211111111-1111-1111-1111-111111111111%22%7d', 'k2', 'none', '', 0);
INSERT INTO attendance VALUES (1, '11111111-1111-1111-1111-111111111111', 'Maija Meikäläinen', 1673900000000, NULL, 1673953200000, 12, 'graph');
INSERT INTO attendance VALUES (1, '22222222-2222-2222-2222-222222222222', '', 1673900000000, NULL, NULL, NULL, 'card');
INSERT INTO attendance VALUES (1, 'mail:maija.meikalainen@esimerkki.fi', 'Maija Meikäläinen', NULL, NULL, 1673953300000, 3, 'graph');
INSERT INTO attendance VALUES (2, '11111111-1111-1111-1111-111111111111', '', 1673900000000, 1673910000000, NULL, NULL, 'card');
INSERT INTO attendance VALUES (2, '22222222-2222-2222-2222-222222222222', '', 1673900000000, NULL, NULL, NULL, 'card');
INSERT INTO attendance_report VALUES (1, 'all', 5, 2);
INSERT INTO feedback VALUES (1, '11111111-1111-1111-1111-111111111111', 5, 'Chatin käyttö', 'Miten Maija Meikäläinen tekee sen', 1673956800000);
INSERT INTO feedback VALUES (1, '22222222-2222-2222-2222-222222222222', 3, 'Chatin käyttö', '', 1673956800000);
INSERT INTO session_need VALUES (1, 'Chatin käyttö');
INSERT INTO personal_data VALUES ('acknowledgement', 'at', 'when they acknowledged', 'to tell them when they press again', 'by the retention of attendance');
INSERT INTO personal_data VALUES ('content', 'form', 'a draft as typed, which may name people', 'to return to it', 'by the retention of text or with the archive');
INSERT INTO personal_data VALUES ('content_version', 'title', 'title of a publication, which may name people', 'to publish it', 'with the archive');
INSERT INTO personal_data VALUES ('entry', 'goal', 'free text, which may name people', 'to measure by', 'as long as the entry');
INSERT INTO personal_data VALUES ('entry', 'notes', 'columns of the file it came from, which may name people', 'to give them back in an export', 'as long as the entry');
INSERT INTO personal_data VALUES ('feedback', 'at', 'when they answered', 'to count what is asked for lately', 'by the retention of attendance');
INSERT INTO personal_data VALUES ('feedback', 'rating', 'how they rate the session', 'to better the sessions', 'by the retention of attendance');
INSERT INTO personal_data VALUES ('measure_point', 'source', 'where a number comes from, which may name people', 'to check the number', 'as long as the number');
INSERT INTO personal_data VALUES ('person', 'chat_at', 'when the newest event told whether they can be written to', 'to sort events that arrive out of order', 'until erased');
INSERT INTO personal_data VALUES ('post', 'conversation_id', 'the receiver''s chat with the bot, for a personal message', 'to update it', 'until erased');
INSERT INTO personal_data VALUES ('post', 'notice', 'what a personal message says, which may name people', 'to deliver it', 'by the retention of text');
INSERT INTO personal_data VALUES ('post', 'title', 'what a message is about; of a need and of a personal message the beginning of its text, which may name people', 'to show it in the ledger', 'by the retention of text or with the archive');
INSERT INTO personal_data VALUES ('role', 'role', 'what they do in communications', 'to know who may do what', 'until the role is removed or the person erased');
INSERT INTO personal_data VALUES ('role', 'until', 'last day of the role', 'to know who may do what', 'until the role is removed or the person erased');
INSERT INTO personal_data VALUES ('seen', 'activity_id', 'the conversation and number of a message that was acted upon, which may be a person''s own chat', 'to act once on what is sent twice', 'for two days');
INSERT INTO personal_data VALUES ('session', 'join_url', 'a meeting link of the host''s own', 'to lead people there', 'as long as the session');
INSERT INTO personal_data VALUES ('session', 'meeting_url', 'the link of the host''s Teams meeting, which holds their object id', 'to lead people there', 'as long as the session');
INSERT INTO personal_data VALUES ('upload', 'name', 'name of the file, which may name people', 'to tell which file it is', 'until the file is forgotten');
INSERT INTO calendar_feed VALUES ('feed', '11111111-1111-1111-1111-111111111111', 1, 1672567200000);
INSERT INTO download VALUES ('download', 'entries', '11111111-1111-1111-1111-111111111111', 4086000000000);
INSERT INTO upload VALUES ('upload', '11111111-1111-1111-1111-111111111111', 'Maija Meikäläinen.csv', X'6F7473696B6B6F3B766173747575204D61696A61204D65696BC3A46CC3A4696E656E', 'waiting', NULL, 4086000000000);
INSERT INTO measure VALUES (1, 'Maisa', 'maisa', 'kertymä', '');
INSERT INTO measure_point VALUES (1, '2023-01-01', '2023-01-31', 10000, NULL, 'Maija Meikäläinen', 1672567200000);
INSERT INTO reach_person VALUES (1, '11111111-1111-1111-1111-111111111111');
INSERT INTO reach_person VALUES (2, '22222222-2222-2222-2222-222222222222');
INSERT INTO reach_channel VALUES (1, '19:hoitajat', NULL, '', '');
INSERT INTO reach_member VALUES (1, 1, '2023-01-01', '2023-06-30', 0);
INSERT INTO reach_member VALUES (1, 2, '2023-01-01', '2023-06-30', 0);
INSERT INTO reach_signal VALUES (7, 'reaction', 1, 'like', 0, 1672567200000, 0);
INSERT INTO reach_signal VALUES (7, 'reaction', 2, 'like', 0, 1672567200000, 0);
INSERT INTO reach_stale VALUES (1);
INSERT INTO plan_version VALUES (1, 2);
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_no_change BEFORE UPDATE OF seq, at, action, subject, actor_digest, detail_digest, hash ON audit BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER reach_acknowledged AFTER INSERT ON acknowledgement BEGIN
    INSERT INTO reach_person (person_id) VALUES (new.person_id) ON CONFLICT DO NOTHING;
    INSERT INTO reach_stale VALUES (new.content_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reach_unacknowledged AFTER DELETE ON acknowledgement BEGIN
    INSERT INTO reach_stale VALUES (old.content_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reach_acknowledged_kept AFTER INSERT ON acknowledged BEGIN
    INSERT INTO reach_stale VALUES (new.content_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reach_acknowledged_more AFTER UPDATE ON acknowledged BEGIN
    INSERT INTO reach_stale VALUES (new.content_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reach_signal_new AFTER INSERT ON reach_signal BEGIN
    INSERT INTO reach_stale SELECT content_id FROM post WHERE id = new.post_id AND kind = 'publication' ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reach_signal_changed AFTER UPDATE OF gone ON reach_signal WHEN new.gone <> old.gone BEGIN
    INSERT INTO reach_stale SELECT content_id FROM post WHERE id = new.post_id AND kind = 'publication' ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reach_posted AFTER UPDATE OF state, activity_id ON post WHEN new.kind = 'publication' AND new.content_id IS NOT NULL
    AND (new.state <> old.state OR new.activity_id <> old.activity_id) BEGIN
    INSERT INTO reach_stale VALUES (new.content_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reach_published AFTER UPDATE OF published_at, withdrawn_at ON content_version WHEN new.published_at IS NOT NULL BEGIN
    INSERT INTO reach_stale VALUES (new.content_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reach_campaign AFTER UPDATE OF campaign ON entry WHEN new.campaign <> old.campaign BEGIN
    INSERT INTO reach_stale SELECT content_id FROM content_version WHERE entry_id = new.id AND published_at IS NOT NULL ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reach_channel_posted AFTER INSERT ON post WHEN new.kind IN ('publication', 'invitation') AND new.channel_id IS NOT NULL BEGIN
    INSERT INTO reach_channel (channel_id) VALUES (new.channel_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reach_channel_bound AFTER INSERT ON binding WHEN new.kind = 'audience' BEGIN
    INSERT INTO reach_channel (channel_id) VALUES (new.channel_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER plan_entry_added AFTER INSERT ON entry BEGIN
    UPDATE plan_version SET version = version + 1;
END;
CREATE TRIGGER plan_entry_deleted AFTER DELETE ON entry BEGIN
    UPDATE plan_version SET version = version + 1;
END;
CREATE TRIGGER plan_entry_changed AFTER UPDATE OF clock_id, title, start, end, last_day, repeat, campaign, owner, state, removed_at ON entry
WHEN (old.state = 'cancelled') <> (new.state = 'cancelled') OR old.title <> new.title OR old.start <> new.start OR old.end IS NOT new.end
    OR old.repeat <> new.repeat OR old.campaign <> new.campaign OR old.owner <> new.owner OR old.clock_id <> new.clock_id
    OR old.last_day <> new.last_day OR old.removed_at IS NOT new.removed_at
BEGIN
    UPDATE plan_version SET version = version + 1;
END;
PRAGMA application_id = 1447775311;
PRAGMA user_version = 15;
