-- Work that is done later or takes long, one row each.

CREATE TABLE job (
	id              TEXT PRIMARY KEY,
	kind            TEXT NOT NULL,    -- which handler does it: "party.import"
	args            TEXT NOT NULL,    -- JSON, input of the handler
	state           TEXT NOT NULL CHECK (state IN
		('available', 'running', 'retryable', 'done', 'discarded', 'cancelled')),
	unique_key      TEXT NOT NULL,    -- '' or: one unfinished job of this key
	attempt         BIGINT NOT NULL,  -- times it was begun
	max_attempts    BIGINT NOT NULL CHECK (max_attempts > 0),
	run_at_us       BIGINT NOT NULL,  -- not before
	lease_owner     TEXT NOT NULL,    -- process that runs it, '' for none
	lease_until_us  BIGINT NOT NULL,
	progress        BIGINT NOT NULL CHECK (progress BETWEEN 0 AND 100),
	progress_text   TEXT NOT NULL,    -- JSON, a text in both languages, or ''
	result          TEXT NOT NULL,    -- JSON, or ''
	error_class     TEXT NOT NULL,    -- kind of the last failure, or ''
	error           TEXT NOT NULL,    -- JSON, what the owner may read about it, or ''
	error_detail    TEXT NOT NULL,    -- what operators may read
	owner_account   TEXT NOT NULL,    -- '' for jobs of the house
	created_us      BIGINT NOT NULL,
	started_us      BIGINT NOT NULL,  -- last begin, 0 before the first
	finished_us     BIGINT NOT NULL,  -- 0 until done, discarded or cancelled
	version         BIGINT NOT NULL
);
CREATE UNIQUE INDEX job_unique ON job (unique_key)
	WHERE unique_key <> '' AND state IN ('available', 'running', 'retryable');
CREATE INDEX job_due ON job (run_at_us, id) WHERE state IN ('available', 'retryable');
CREATE INDEX job_leased ON job (lease_until_us) WHERE state = 'running';
CREATE INDEX job_finished ON job (finished_us) WHERE finished_us > 0;
CREATE INDEX job_owner ON job (owner_account, id);

-- When each periodic job was last due, so that several processes start it once.
CREATE TABLE job_schedule (
	name     TEXT PRIMARY KEY,
	slot_us  BIGINT NOT NULL,
	version  BIGINT NOT NULL
);
