-- What people asked for in a time is read from an index alone.
DROP INDEX feedback_at;
CREATE INDEX feedback_said ON feedback (at, need, topic);
