-- Searches that people keep, and what they were told about.

CREATE TABLE matching_saved (
	id          TEXT PRIMARY KEY,
	account     TEXT NOT NULL,
	role        TEXT NOT NULL,    -- in which it searches
	org         TEXT NOT NULL,
	name        TEXT NOT NULL,
	query       TEXT NOT NULL,
	filter      TEXT NOT NULL,    -- JSON: market.PostFilter
	notice      TEXT NOT NULL CHECK (notice IN ('none', 'daily', 'weekly')),
	looked_us   BIGINT NOT NULL,  -- when it last looked
	created_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX matching_saved_name ON matching_saved (account, name);

CREATE TABLE matching_saved_post (
	saved  TEXT NOT NULL,
	post   TEXT NOT NULL,
	PRIMARY KEY (saved, post)
);
