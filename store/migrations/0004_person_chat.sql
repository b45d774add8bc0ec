-- Events of a person's chat with the bot come in any order, as a team's do.
ALTER TABLE person ADD COLUMN chat_at INTEGER NOT NULL DEFAULT 0; -- personal: when the newest event told whether they can be written to; to sort events that arrive out of order; until erased
