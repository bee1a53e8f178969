-- The names by which a student's and a chat's courses can be told apart.
ALTER TABLE courses ADD COLUMN full_name TEXT NOT NULL DEFAULT '';
ALTER TABLE courses ADD COLUMN chat_name TEXT NOT NULL DEFAULT '';
UPDATE courses SET full_name = name, chat_name = name;
