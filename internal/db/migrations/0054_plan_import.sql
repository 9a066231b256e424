-- Imports of a ledger that are too large to be done while somebody waits: the file is a blob, what
-- was found in it stands here.

CREATE TABLE plan_import (
	id          TEXT PRIMARY KEY,
	ledger      TEXT NOT NULL,
	begun       BOOLEAN NOT NULL, -- the tasks are under way already
	file_name   TEXT NOT NULL,
	file_hash   TEXT NOT NULL,
	state       TEXT NOT NULL, -- checking, ready, faulty, running, done, failed, cancelled
	rows        BIGINT NOT NULL,
	adds        BIGINT NOT NULL,
	skips       BIGINT NOT NULL,
	problems    BIGINT NOT NULL,
	outcome     TEXT NOT NULL, -- hash of what the run would store
	found       TEXT NOT NULL, -- JSON: problems, new indicators, unknown units, notices
	message     TEXT NOT NULL, -- JSON: why it failed
	job         TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX plan_import_by ON plan_import (created_by, created_us, id);
