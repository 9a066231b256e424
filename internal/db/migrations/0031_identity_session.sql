-- Who is logged in, from which devices people usually come, and how often log-ins failed.

CREATE TABLE session (
	id          TEXT PRIMARY KEY,
	token_hash  TEXT NOT NULL UNIQUE,   -- SHA-256 of the token, hex
	account     TEXT NOT NULL,
	role_id     TEXT NOT NULL,          -- the row of account_role acted in, '' = none
	stage       TEXT NOT NULL CHECK (stage IN ('code', 'full')),
	tries       BIGINT NOT NULL,        -- wrong codes so far
	method      TEXT NOT NULL,
	address     TEXT NOT NULL,
	agent       TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	seen_us     BIGINT NOT NULL,        -- exact to a minute
	ends_us     BIGINT NOT NULL,        -- at the latest
	ended_us    BIGINT NOT NULL,        -- 0 = open
	ended_why   TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account, ended_us, created_us);
CREATE INDEX session_ends ON session (ends_us);

CREATE TABLE known_device (
	token_hash  TEXT NOT NULL,
	account     TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	used_us     BIGINT NOT NULL,
	version     BIGINT NOT NULL,
	PRIMARY KEY (token_hash, account)
);
CREATE INDEX known_device_account ON known_device (account, used_us);

-- One row for each counter: a login name seen from a network, a network, a known device, an account
-- confirming its own password.
CREATE TABLE login_throttle (
	counter   TEXT PRIMARY KEY,
	failures  BIGINT NOT NULL,
	last_us   BIGINT NOT NULL,
	until_us  BIGINT NOT NULL,          -- no try before
	version   BIGINT NOT NULL
);
CREATE INDEX login_throttle_last ON login_throttle (last_us);

-- Failed log-ins by hour and class until they are written into the audit trail.
CREATE TABLE login_failure (
	hour_us  BIGINT NOT NULL,
	class    TEXT NOT NULL,
	n        BIGINT NOT NULL,
	PRIMARY KEY (hour_us, class)
);
