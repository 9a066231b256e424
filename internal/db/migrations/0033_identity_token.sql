-- Tokens by which programs act for an account, in one of its roles.

CREATE TABLE api_token (
	id          TEXT PRIMARY KEY,
	token_hash  TEXT NOT NULL UNIQUE,   -- SHA-256, hex
	account     TEXT NOT NULL,
	role_id     TEXT NOT NULL,          -- row of account_role; '' = 公众
	name        TEXT NOT NULL,
	hint        TEXT NOT NULL,          -- the first characters, to tell tokens apart
	scopes      TEXT NOT NULL,          -- actions, separated by spaces
	created_us  BIGINT NOT NULL,
	expires_us  BIGINT NOT NULL,
	used_us     BIGINT NOT NULL,        -- exact to a minute, 0 = never
	revoked_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX api_token_account ON api_token (account, created_us, id);
