-- Finding a person by their object id, name or address takes as long as there is of them, not as long as the table: what is
-- held on them is told in a chat command, and erased in one transaction that others wait for.

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

-- Personal messages are aged out by the day, in a table of all posts.
CREATE INDEX post_notice ON post (created_at) WHERE kind = 'notice';

-- Of years of entries and posts a command reads those that it is about.
CREATE INDEX entry_title ON entry (title_key) WHERE removed_at IS NULL;
CREATE INDEX entry_once ON entry (start, state, id, repeat, removed_at) WHERE removed_at IS NULL AND repeat = ''; -- counting reads nothing else
CREATE INDEX feedback_at ON feedback (at);
CREATE INDEX post_of_session ON post (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX post_audience ON post (audience) WHERE kind = 'publication';
