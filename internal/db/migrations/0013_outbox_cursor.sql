-- How far each consumer of the feed has come. The row of a consumer that a later version no longer
-- has must be deleted by a migration of that version: it holds back the pruning of the feed.

CREATE TABLE outbox_cursor (
	name            TEXT PRIMARY KEY,
	seq             BIGINT NOT NULL,  -- place of the last event handled, 0 before the first
	n               BIGINT NOT NULL,
	moved_us        BIGINT NOT NULL,  -- when it last moved
	lease_owner     TEXT NOT NULL,    -- process that handles it now
	lease_until_us  BIGINT NOT NULL,
	failures        BIGINT NOT NULL,  -- in a row, of the event after the place
	failed_us       BIGINT NOT NULL,  -- when the first of them was
	retry_us        BIGINT NOT NULL,  -- not before then
	error           TEXT NOT NULL,    -- of the last one; for operators
	version         BIGINT NOT NULL
);

-- Events up to this number were removed from the feed; the one row is also the lock between
-- pruning and rebuilding.
CREATE TABLE outbox_floor (
	name     TEXT PRIMARY KEY,
	seq      BIGINT NOT NULL,
	version  BIGINT NOT NULL
);
INSERT INTO outbox_floor (name, seq, version) VALUES ('main', 0, 1);
