-- Accounts and the roles they hold. Neither is ever deleted: the audit trail names them.

CREATE TABLE account (
	id           TEXT PRIMARY KEY,
	login        TEXT NOT NULL UNIQUE,   -- in lower case
	name         TEXT NOT NULL,
	phone        TEXT NOT NULL,
	email        TEXT NOT NULL,
	person       TEXT NOT NULL,
	status       TEXT NOT NULL CHECK (status IN ('active', 'locked', 'closed')),
	password     TEXT NOT NULL,          -- argon2id in PHC form, '' = no log-in by password
	password_us  BIGINT NOT NULL,        -- since when it is in use
	must_change  BOOLEAN NOT NULL,       -- the next log-in asks for another password
	second_us    BIGINT NOT NULL,        -- since when a second factor is asked for, 0 = it is not
	notice_us    BIGINT NOT NULL,        -- when the person took note of the privacy notice
	origin       TEXT NOT NULL CHECK (origin IN ('setup', 'admin', 'self', 'oidc')),
	created_us   BIGINT NOT NULL,
	created_by   TEXT NOT NULL,
	updated_us   BIGINT NOT NULL,
	version      BIGINT NOT NULL
);
CREATE INDEX account_created ON account (created_us, id);

CREATE TABLE password_history (
	account  TEXT NOT NULL,
	at_us    BIGINT NOT NULL,
	hash     TEXT NOT NULL,
	PRIMARY KEY (account, hash)
);

-- The organisation is kept as it was granted. Where it lives now, and under which name, is a
-- projection that follows merges, splits and renames.
CREATE TABLE account_role (
	id          TEXT PRIMARY KEY,
	account     TEXT NOT NULL,
	role        TEXT NOT NULL,
	org         TEXT NOT NULL,
	org_now     TEXT NOT NULL,
	org_name    TEXT NOT NULL,
	region      TEXT NOT NULL,
	from_us     BIGINT NOT NULL,
	until_us    BIGINT NOT NULL,        -- the first instant it no longer holds, 0 = open end
	basis       TEXT NOT NULL,          -- why: a document, a claim
	granted_us  BIGINT NOT NULL,
	granted_by  TEXT NOT NULL,
	revoked_us  BIGINT NOT NULL,        -- 0 = not revoked
	revoked_by  TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_role_once ON account_role (account, role, org, region)
	WHERE revoked_us = 0;
CREATE INDEX account_role_account ON account_role (account, granted_us);
CREATE INDEX account_role_granted ON account_role (granted_us, id);
CREATE INDEX account_role_org ON account_role (org) WHERE org <> '';
CREATE INDEX account_role_org_now ON account_role (org_now) WHERE org_now <> '';
