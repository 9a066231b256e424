-- Runs of the matching. One that was cancelled, or whose process died, goes on where it stopped.
CREATE TABLE matching_run (
	id          TEXT PRIMARY KEY,
	since_us    BIGINT NOT NULL,  -- posts that changed after this are matched
	started_us  BIGINT NOT NULL,
	ended_us    BIGINT NOT NULL,  -- 0: not finished
	last        TEXT NOT NULL,    -- id of the last post that is done
	done        BIGINT NOT NULL,
	total       BIGINT NOT NULL,
	found       BIGINT NOT NULL,  -- matches that are new
	told        BIGINT NOT NULL,  -- accounts that got a notice
	version     BIGINT NOT NULL
);
CREATE INDEX matching_run_started ON matching_run (started_us, id);
