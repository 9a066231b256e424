-- Second factors: a shared secret, encrypted, and codes for the day the phone is lost.

CREATE TABLE totp (
	account       TEXT PRIMARY KEY,
	secret        TEXT NOT NULL,
	confirmed_us  BIGINT NOT NULL,      -- 0 = shown, not yet proved to be in use
	last_step     BIGINT NOT NULL,      -- the 30 seconds of the last code taken: none may come twice
	created_us    BIGINT NOT NULL,
	version       BIGINT NOT NULL
);

CREATE TABLE recovery_code (
	account    TEXT NOT NULL,
	code_hash  TEXT NOT NULL,
	used_us    BIGINT NOT NULL,         -- 0 = not used
	PRIMARY KEY (account, code_hash)
);
