-- The messages that say that the platform is being read, each with the callback data of the button
-- that shows the result: also those of all courses together, which had a table of their own.
CREATE TABLE loading_screens (
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;

INSERT INTO loading_screens (chat_id, message_id, data)
SELECT chat_id, message_id, 'v1:can:' || account_id || ':0' FROM batch_readings;

DROP TABLE batch_readings;
