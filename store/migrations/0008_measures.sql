-- Measures: numbers followed over time, typed in or imported.

CREATE TABLE measure (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL CHECK (kind IN ('kertymä', 'tilanne')), -- fixed by the first value
    unit     TEXT NOT NULL              -- '' when none is known
);

-- What is known of a measure for one period: a value, a goal, or both. Numbers are in ten-thousandths.
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

-- Measures that a campaign is followed by, besides those that its entries' goals name.
CREATE TABLE campaign_measure (
    campaign     TEXT NOT NULL,
    campaign_key TEXT NOT NULL,
    measure_id   INTEGER NOT NULL REFERENCES measure (id) ON DELETE CASCADE,
    goal         INTEGER,               -- the campaign's own, NULL for none
    PRIMARY KEY (campaign_key, measure_id)
) WITHOUT ROWID;
CREATE INDEX campaign_measure_measure ON campaign_measure (measure_id);
