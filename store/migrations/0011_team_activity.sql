-- What Microsoft 365's own report tells of the teams: how many were active in each. Whole numbers of teams, of nobody in particular.
CREATE TABLE team_activity (
    team_id   TEXT PRIMARY KEY REFERENCES team (id),
    refreshed TEXT NOT NULL,                -- the last day that it covers
    days      INTEGER NOT NULL,             -- how many days it covers
    active    INTEGER NOT NULL              -- active people
);

-- How the last asking for the report went; at most one row.
CREATE TABLE team_activity_asked (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    asked_on TEXT NOT NULL,                 -- day
    why      TEXT NOT NULL                  -- why there is nothing, '' when there is: the problem and the permission, or concealed
);
