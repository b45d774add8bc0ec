-- What is made of a whole year of the clock is kept until the plan changes: one row that counts the changes.

CREATE TABLE plan_version (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL
);
INSERT INTO plan_version VALUES (1, 1);

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

-- The entries of one campaign are found without looking through all years.
CREATE INDEX entry_campaign ON entry (campaign_key) WHERE removed_at IS NULL;
