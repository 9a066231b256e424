-- Life cycles: where each object stands, how it came there, and its time limits.

-- One row per object. Every step takes it, so the history of an object has no gap and no fork, and
-- a state that was changed past the process is found.
CREATE TABLE process_head (
	process    TEXT NOT NULL,
	object_id  TEXT NOT NULL,
	state      TEXT NOT NULL,
	version    BIGINT NOT NULL,  -- number of the last history row
	PRIMARY KEY (process, object_id)
);

CREATE TABLE process_history (
	process         TEXT NOT NULL,
	object_id       TEXT NOT NULL,
	seq             BIGINT NOT NULL,
	kind            TEXT NOT NULL CHECK (kind IN ('start', 'adopt', 'step', 'overdue')),
	name            TEXT NOT NULL,  -- of the step or the clock
	from_state      TEXT NOT NULL,
	to_state        TEXT NOT NULL,
	object_version  BIGINT NOT NULL,
	at_us           BIGINT NOT NULL,
	account         TEXT NOT NULL,
	login           TEXT NOT NULL,
	org             TEXT NOT NULL,
	role            TEXT NOT NULL,
	via             TEXT NOT NULL,
	reason          TEXT NOT NULL,
	files           TEXT NOT NULL,
	input_hash      TEXT NOT NULL,
	detail          TEXT NOT NULL,
	PRIMARY KEY (process, object_id, seq)
);

CREATE TABLE process_clock (
	process        TEXT NOT NULL,
	object_id      TEXT NOT NULL,
	name           TEXT NOT NULL,
	run            BIGINT NOT NULL,   -- seq of the history row that started it
	unit           TEXT NOT NULL,
	limit_n        BIGINT NOT NULL,   -- days, or microseconds for hours
	closes_minute  BIGINT NOT NULL,
	started_us     BIGINT NOT NULL,
	since_us       BIGINT NOT NULL,   -- start of the present stretch
	used_n         BIGINT NOT NULL,   -- used up before it
	due_us         BIGINT NOT NULL,
	exact          BOOLEAN NOT NULL,  -- false while a year it reaches into is not published
	paused_us      BIGINT NOT NULL,
	ended_us       BIGINT NOT NULL,
	late           BOOLEAN NOT NULL,  -- it was overdue when it ended
	owner_account  TEXT NOT NULL,
	owner_role     TEXT NOT NULL,
	owner_org      TEXT NOT NULL,
	owner_region   TEXT NOT NULL,
	escalated_us   BIGINT NOT NULL,
	version        BIGINT NOT NULL,
	PRIMARY KEY (process, object_id, name, run),
	CHECK (owner_account <> '' OR owner_role <> '')
);
CREATE UNIQUE INDEX process_clock_open ON process_clock (process, object_id, name)
	WHERE ended_us = 0;
CREATE INDEX process_clock_due ON process_clock (due_us, process, object_id, name)
	WHERE ended_us = 0 AND paused_us = 0;
