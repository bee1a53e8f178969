-- Messages that hold a cookie, from the moment they are seen until they are deleted: a restart in
-- between deletes them. `shown_in` is the message that says that the cookie is being checked.

CREATE TABLE pasted_messages (
    chat_id INTEGER NOT NULL REFERENCES chats ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    shown_in INTEGER NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) STRICT, WITHOUT ROWID;
