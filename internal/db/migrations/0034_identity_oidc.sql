-- Log-in through an identity provider: who is who there, and log-ins under way.

CREATE TABLE oidc_link (
	issuer      TEXT NOT NULL,
	subject     TEXT NOT NULL,
	account     TEXT NOT NULL,
	name        TEXT NOT NULL,          -- as the provider calls the person
	created_us  BIGINT NOT NULL,
	PRIMARY KEY (issuer, subject)
);
CREATE INDEX oidc_link_account ON oidc_link (account);

CREATE TABLE oidc_flow (
	state_hash    TEXT PRIMARY KEY,
	browser_hash  TEXT NOT NULL,        -- of a cookie: the answer comes to the browser that asked
	account       TEXT NOT NULL,        -- that wants to be linked, '' = a log-in
	nonce         TEXT NOT NULL,
	verifier      TEXT NOT NULL,
	back          TEXT NOT NULL,
	ends_us       BIGINT NOT NULL
);
CREATE INDEX oidc_flow_ends ON oidc_flow (ends_us);
