-- Years of entries are looked through for a month of them, and for the names of audiences.

ALTER TABLE entry ADD COLUMN last_day TEXT NOT NULL DEFAULT ''; -- on which it may still take place: end, or of a series without one the end of its clock's year
UPDATE entry SET last_day = coalesce(end, (SELECT max(c.year, CAST(substr(entry.start, 1, 4) AS INTEGER)) || '-12-31' FROM clock c WHERE c.id = entry.clock_id));
CREATE INDEX entry_last_day ON entry (last_day, start) WHERE removed_at IS NULL;

DROP INDEX entry_audience_key;
CREATE INDEX entry_audience_name ON entry_audience (name_key, name);
