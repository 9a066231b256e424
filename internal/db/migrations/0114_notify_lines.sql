-- What a notice names one by one, each with its own page: the best of the matches it tells of.

ALTER TABLE notify_notice ADD COLUMN lines TEXT NOT NULL DEFAULT ''; -- JSON, '' for none
