-- Who answers for a claim that is late: a person, or else a role. It is kept with the claim, so
-- that every process hands it up to the same one.

ALTER TABLE claim ADD COLUMN chief_account TEXT NOT NULL DEFAULT '';
ALTER TABLE claim ADD COLUMN chief_role TEXT NOT NULL DEFAULT '';
