-- What stays when it is no longer kept who people are: numbers. And what the comments on columns leave out.

-- How many people acknowledged a publication whose acknowledgements are no longer kept.
CREATE TABLE acknowledged (
    content_id INTEGER NOT NULL REFERENCES content (id),
    channel_id TEXT NOT NULL,
    people     INTEGER NOT NULL,
    PRIMARY KEY (content_id, channel_id)
) WITHOUT ROWID;

-- How many people signed up for and came to a session whose attendance is no longer kept: see Turnout.
CREATE TABLE attended (
    session_id INTEGER PRIMARY KEY REFERENCES session (id),
    signed_up  INTEGER NOT NULL,
    attended   INTEGER NOT NULL,
    no_show    INTEGER NOT NULL
);

-- The audiences of somebody who gave feedback, from before it was forgotten who that was.
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

-- Columns that hold personal data and whose table does not say so: SQLite keeps a comment of ALTER TABLE only where
-- PersonalData tells, and a table that exists cannot be given another.
CREATE TABLE personal_data (
    table_name  TEXT NOT NULL,
    column_name TEXT NOT NULL,
    what        TEXT NOT NULL,
    why         TEXT NOT NULL,
    how_long    TEXT NOT NULL,
    PRIMARY KEY (table_name, column_name)
) WITHOUT ROWID;
INSERT INTO personal_data (table_name, column_name, what, why, how_long) VALUES
    ('entry', 'goal', 'free text, which may name people', 'to measure by', 'as long as the entry'),
    ('entry', 'notes', 'columns of the file it came from, which may name people', 'to give them back in an export', 'as long as the entry'),
    ('person', 'chat_at', 'when the newest event told whether they can be written to', 'to sort events that arrive out of order', 'until erased'),
    ('role', 'role', 'what they do in communications', 'to know who may do what', 'until the role is removed or the person erased'),
    ('role', 'until', 'last day of the role', 'to know who may do what', 'until the role is removed or the person erased'),
    ('post', 'notice', 'what a personal message says, which may name people', 'to deliver it', 'by the retention of text'),
    ('post', 'conversation_id', 'the receiver''s chat with the bot, for a personal message', 'to update it', 'until erased'),
    ('content', 'form', 'a draft as typed, which may name people', 'to return to it', 'by the retention of text or with the archive'),
    ('acknowledgement', 'at', 'when they acknowledged', 'to tell them when they press again', 'by the retention of attendance'),
    ('session', 'join_url', 'a meeting link of the host''s own', 'to lead people there', 'as long as the session'),
    ('session', 'meeting_url', 'the link of the host''s Teams meeting, which holds their object id', 'to lead people there', 'as long as the session'),
    ('feedback', 'rating', 'how they rate the session', 'to better the sessions', 'by the retention of attendance'),
    ('feedback', 'at', 'when they answered', 'to count what is asked for lately', 'by the retention of attendance');
