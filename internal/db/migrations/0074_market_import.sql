-- Imports of posts that are too large to be done while somebody waits: the file is a blob, and a job
-- checks it and stores all of it or nothing.
CREATE TABLE market_import (
	id          TEXT PRIMARY KEY,
	kind        TEXT NOT NULL,    -- need, achievement
	submit      BOOLEAN NOT NULL, -- the posts are handed in at once
	file_name   TEXT NOT NULL,
	file_hash   TEXT NOT NULL,
	state       TEXT NOT NULL,    -- working, done, faulty
	rows        BIGINT NOT NULL,
	adds        BIGINT NOT NULL,
	skips       BIGINT NOT NULL,
	problems    BIGINT NOT NULL,
	found       TEXT NOT NULL,    -- JSON: the first problems
	job         TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	version     BIGINT NOT NULL
);
