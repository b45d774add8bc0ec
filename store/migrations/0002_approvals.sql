-- Content as it was sent for approval, what was decided on it, what was published of it, and the meetings that decide.

-- One version of content, exactly as it was sent for approval. It never changes; what is decided on it does.
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

ALTER TABLE post ADD COLUMN content_id INTEGER;
ALTER TABLE post ADD COLUMN content_version INTEGER; -- of an approval request: the version it asks about
ALTER TABLE post ADD COLUMN need_id INTEGER;
CREATE UNIQUE INDEX post_content ON post (content_id, kind, ifnull(content_version, 0), ifnull(channel_id, ''), ifnull(person_id, '')) WHERE content_id IS NOT NULL AND kind NOT IN ('notice', 'approval_reminder');
CREATE INDEX post_of_content ON post (content_id) WHERE content_id IS NOT NULL;
CREATE INDEX post_need ON post (need_id) WHERE need_id IS NOT NULL;

-- Who acknowledged a publication, once each.
CREATE TABLE acknowledgement (
    content_id INTEGER NOT NULL REFERENCES content (id),
    person_id  TEXT NOT NULL,               -- personal: AAD object id of who pressed "Kuittaa luetuksi"; to follow up with the rest; by the retention of attendance
    channel_id TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (content_id, person_id)
) WITHOUT ROWID;

-- The one personal follow-up of a publication to those who had not acknowledged it.
CREATE TABLE follow_up (
    content_id INTEGER PRIMARY KEY REFERENCES content (id),
    at         INTEGER NOT NULL,
    by         TEXT NOT NULL                -- personal: AAD object id of who sent it; to answer for it; as long as the publication
);

-- When a group meets.
CREATE TABLE meeting (
    kind   TEXT PRIMARY KEY CHECK (kind IN ('working_group', 'management')),
    first  TEXT NOT NULL,                   -- date of the first meeting
    time   INTEGER NOT NULL,                -- minutes after midnight
    every  INTEGER NOT NULL,                -- weeks
    cutoff INTEGER NOT NULL                 -- hours before, after which an item goes to the meeting after it
) WITHOUT ROWID;

-- What the field asks to be communicated.
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

-- What a meeting made of an item of its agenda.
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
