-- Digests: what is drafted for an occurrence of an entry, for all or for one result area.

-- One for each occurrence, and of a result-area digest one for each team. It names nobody.
CREATE TABLE digest (
    id         INTEGER PRIMARY KEY,
    entry_id   TEXT NOT NULL REFERENCES entry (id),
    occurrence TEXT NOT NULL,                   -- first day of the occurrence that it is for
    team_id    TEXT NOT NULL,                   -- the result area, '' for a digest of everything
    content_id INTEGER REFERENCES content (id), -- what was written, NULL until it is saved
    UNIQUE (entry_id, occurrence, team_id)
);
CREATE INDEX digest_content ON digest (content_id) WHERE content_id IS NOT NULL;

ALTER TABLE post ADD COLUMN digest_id INTEGER REFERENCES digest (id);
CREATE UNIQUE INDEX post_digest ON post (digest_id, ifnull(person_id, '')) WHERE digest_id IS NOT NULL;
