-- Imports of organisations and people: the file is a blob, what was found in it stands here.

CREATE TABLE party_import (
	id          TEXT PRIMARY KEY,
	kind        TEXT NOT NULL, -- org, person
	mode        TEXT NOT NULL, -- skip, update: what to do with records that are there already
	source      TEXT NOT NULL,
	file_name   TEXT NOT NULL,
	file_hash   TEXT NOT NULL,
	state       TEXT NOT NULL, -- checking, ready, faulty, running, done, failed, cancelled
	rows        BIGINT NOT NULL,
	adds        BIGINT NOT NULL,
	changes     BIGINT NOT NULL,
	skips       BIGINT NOT NULL,
	problems    BIGINT NOT NULL,
	warnings    BIGINT NOT NULL,
	outcome     TEXT NOT NULL, -- hash of what the run would do to which record
	found       TEXT NOT NULL, -- JSON: problems, warnings, notices
	message     TEXT NOT NULL, -- JSON: why it failed
	job         TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX party_import_by ON party_import (created_by, created_us, id);
