-- Digi-quarters: sessions, who signed up and who came, what they thought and need, and topics to choose from.

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

-- Who signed up for a session and who came.
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

-- What people can say that they need help with.
CREATE TABLE session_need (
    position INTEGER PRIMARY KEY,
    name     TEXT NOT NULL
);

-- The catalogue of topics that a session can be held on.
CREATE TABLE topic (
    id          INTEGER PRIMARY KEY,
    type        TEXT NOT NULL CHECK (type IN ('open', 'themed', 'segmented')),
    segment     TEXT NOT NULL,
    segment_key TEXT NOT NULL,
    title       TEXT NOT NULL,
    title_key   TEXT NOT NULL,
    UNIQUE (type, segment_key, title_key)
);

ALTER TABLE post ADD COLUMN session_id INTEGER;
CREATE UNIQUE INDEX post_session ON post (session_id, kind, ifnull(content_version, 0), ifnull(channel_id, ''), ifnull(person_id, '')) WHERE session_id IS NOT NULL AND kind <> 'notice';
