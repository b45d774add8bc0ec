-- Reach: who could see the channels that the bot posts to, day by day, and what people did with its posts. See reach.go.

-- People as small numbers, so that the tables below stay small. Erasing a person empties person_id: what was counted stays
-- counted, and nobody can tell whom it was.
CREATE TABLE reach_person (
    n         INTEGER PRIMARY KEY,
    person_id TEXT UNIQUE                   -- personal: AAD object id, or the platform's id of somebody without one; to count each person once; until erased
);

-- The channels that are looked at, and how the last look went.
CREATE TABLE reach_channel (
    n           INTEGER PRIMARY KEY,
    channel_id  TEXT NOT NULL UNIQUE REFERENCES channel (id),
    tried_on    TEXT,                       -- day of the last look, whatever came of it
    members_why TEXT NOT NULL DEFAULT '',   -- why the last look got no members from Graph, '' when it did: the problem and the permission
    signals_why TEXT NOT NULL DEFAULT ''    -- likewise of reactions and replies
);

-- How many people could see a channel, for each stretch of days with the same numbers.
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

-- Who could see a channel, and on which days.
CREATE TABLE reach_member (
    channel INTEGER NOT NULL REFERENCES reach_channel (n),
    person  INTEGER NOT NULL REFERENCES reach_person (n), -- personal: whom a publication could reach; to count people once across channels; by the retention of attendance
    first   TEXT NOT NULL,                  -- the first day on which they were seen there
    last    TEXT,                           -- the day before they were seen no more, NULL while they are there
    kind    INTEGER NOT NULL,               -- 0 member, 1 guest, 2 external
    PRIMARY KEY (channel, person, first)
) WITHOUT ROWID;
CREATE INDEX reach_member_person ON reach_member (person);

-- Reactions and replies to the bot's posts, as they are now.
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

-- The posts whose reactions and replies Graph has told; of the others the bot knows the reactions it was told of.
CREATE TABLE reach_post (
    post_id INTEGER PRIMARY KEY REFERENCES post (id),
    source  TEXT NOT NULL CHECK (source IN ('rsc', 'tenant')),
    read_on TEXT NOT NULL                   -- day
);

-- What is known of each publication, put together from the tables above so that a year of them is read at once. It can be
-- made anew at any time: a publication named in reach_stale is, see Tx.RefreshReach.
CREATE TABLE reach_publication (
    content_id   INTEGER PRIMARY KEY REFERENCES content (id),
    published_at INTEGER NOT NULL,          -- the first time
    packed       BLOB NOT NULL              -- see publicationPack; the numbers of people in it go when their reactions and acknowledgements do
);
CREATE INDEX reach_publication_at ON reach_publication (published_at);
CREATE TABLE reach_stale (content_id INTEGER PRIMARY KEY);
INSERT INTO reach_stale SELECT DISTINCT content_id FROM content_version WHERE published_at IS NOT NULL;

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

-- Every channel that is for an audience or has been posted to has its number, and everybody who acknowledged something.
INSERT INTO reach_channel (channel_id) SELECT DISTINCT channel_id FROM post WHERE kind IN ('publication', 'invitation') AND channel_id IS NOT NULL
    UNION SELECT channel_id FROM binding WHERE kind = 'audience';
INSERT INTO reach_person (person_id) SELECT DISTINCT person_id FROM acknowledgement;
CREATE TRIGGER reach_channel_posted AFTER INSERT ON post WHEN new.kind IN ('publication', 'invitation') AND new.channel_id IS NOT NULL BEGIN
    INSERT INTO reach_channel (channel_id) VALUES (new.channel_id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER reach_channel_bound AFTER INSERT ON binding WHEN new.kind = 'audience' BEGIN
    INSERT INTO reach_channel (channel_id) VALUES (new.channel_id) ON CONFLICT DO NOTHING;
END;

-- Who is in a private or shared channel is not told by its team's roster.
ALTER TABLE channel ADD COLUMN type TEXT NOT NULL DEFAULT ''; -- standard, private or shared, '' when it is not known

-- For which audiences a publication went to its channel: bindings change.
ALTER TABLE post ADD COLUMN audience TEXT NOT NULL DEFAULT '';
UPDATE post SET audience = coalesce((SELECT v.audiences FROM content_version v WHERE v.content_id = post.content_id AND v.published_at IS NOT NULL
    ORDER BY v.version DESC LIMIT 1), '') WHERE kind = 'publication';
CREATE INDEX post_channel ON post (channel_id, sent_at) WHERE kind IN ('publication', 'invitation');
