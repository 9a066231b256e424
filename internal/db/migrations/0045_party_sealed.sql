-- Phones and mail of people are encrypted like identity numbers. phone_mark is a keyed hash of the
-- number, to find the people who have it. Rows from before are encrypted by a job, which has the key.

ALTER TABLE person ADD COLUMN phone_mark TEXT NOT NULL DEFAULT '';
CREATE INDEX person_phone_mark ON person (phone_mark) WHERE phone_mark <> '';
