-- Claims: a person says to act for an organisation, the bureau or a member confirms.

CREATE TABLE claim (
	id          TEXT PRIMARY KEY,
	account     TEXT NOT NULL,
	person      TEXT NOT NULL,
	uscc        TEXT NOT NULL,
	org         TEXT NOT NULL,          -- '' while the registry does not know the code
	org_name    TEXT NOT NULL,
	kind        TEXT NOT NULL,
	region      TEXT NOT NULL,
	duty        TEXT NOT NULL,
	statement   TEXT NOT NULL,
	limit_days  BIGINT NOT NULL,        -- working days to decide, as promised when it was handed in
	state       TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
-- One open claim of a person for an organisation.
CREATE UNIQUE INDEX claim_open ON claim (account, uscc) WHERE state IN ('submitted', 'returned');
CREATE INDEX claim_account ON claim (account, created_us, id);
CREATE INDEX claim_created ON claim (created_us, id);
CREATE INDEX claim_updated ON claim (updated_us, id);
CREATE INDEX claim_state ON claim (state, created_us, id);
CREATE INDEX claim_uscc ON claim (uscc);
CREATE INDEX claim_org ON claim (org) WHERE org <> '';
