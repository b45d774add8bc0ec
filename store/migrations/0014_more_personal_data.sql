-- Columns in which people may be named and that were not told of.
INSERT INTO personal_data (table_name, column_name, what, why, how_long) VALUES
    ('post', 'title', 'what a message is about; of a need and of a personal message the beginning of its text, which may name people', 'to show it in the ledger', 'by the retention of text or with the archive'),
    ('content_version', 'title', 'title of a publication, which may name people', 'to publish it', 'with the archive'),
    ('seen', 'activity_id', 'the conversation and number of a message that was acted upon, which may be a person''s own chat', 'to act once on what is sent twice', 'for two days'),
    ('upload', 'name', 'name of the file, which may name people', 'to tell which file it is', 'until the file is forgotten'),
    ('measure_point', 'source', 'where a number comes from, which may name people', 'to check the number', 'as long as the number');
