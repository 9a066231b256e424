-- Who wrote a value as it stands: nobody approves what they wrote or handed in themselves.

ALTER TABLE indicator_observation ADD COLUMN written_by TEXT NOT NULL DEFAULT ''; -- account
UPDATE indicator_observation SET written_by = created_by;
