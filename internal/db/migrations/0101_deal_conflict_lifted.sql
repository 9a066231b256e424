-- A broker asks for a conflict of interest to be lifted, and an officer lifts it.
ALTER TABLE deal_conflict ADD COLUMN asked_us BIGINT NOT NULL DEFAULT 0; -- 0 = the broker never asked
ALTER TABLE deal_conflict ADD COLUMN asked TEXT NOT NULL DEFAULT '';     -- why
ALTER TABLE deal_conflict ADD COLUMN ended_by TEXT NOT NULL DEFAULT '';  -- log-in of the officer
ALTER TABLE deal_conflict ADD COLUMN ended TEXT NOT NULL DEFAULT '';     -- why
