-- What the weekly matching found, for whom, and what people said about it.

CREATE TABLE matching_match (
	id        TEXT PRIMARY KEY,
	org       TEXT NOT NULL,    -- for those who act for this organisation, '' for a person
	person    TEXT NOT NULL,    -- for this person, who looks after the post, '' for an organisation
	post      TEXT NOT NULL,    -- the reader's own
	other     TEXT NOT NULL,    -- what may fit it
	need      TEXT NOT NULL,    -- which of the two is the need …
	offer     TEXT NOT NULL,    -- … and which the achievement
	score     BIGINT NOT NULL,  -- in millionths, as the reader may see both
	run       TEXT NOT NULL,    -- that found it first
	made_us   BIGINT NOT NULL,
	version   BIGINT NOT NULL
);
CREATE UNIQUE INDEX matching_match_once ON matching_match (post, other, org, person);
CREATE INDEX matching_match_org ON matching_match (org, made_us, id);
CREATE INDEX matching_match_person ON matching_match (person, made_us, id);
CREATE INDEX matching_match_run ON matching_match (run, org, person);
CREATE INDEX matching_match_other ON matching_match (other);

-- "Not relevant, because": the match is not shown to this account again.
CREATE TABLE matching_reject (
	account  TEXT NOT NULL,
	post     TEXT NOT NULL,
	other    TEXT NOT NULL,
	class    TEXT NOT NULL,
	text     TEXT NOT NULL,
	at_us    BIGINT NOT NULL,
	version  BIGINT NOT NULL,
	PRIMARY KEY (account, post, other)
);

-- From which score on an account is told, and up to when it has seen what was found.
CREATE TABLE matching_line (
	account  TEXT PRIMARY KEY,
	line     BIGINT NOT NULL,  -- in hundredths, 0: the usual
	seen_us  BIGINT NOT NULL,
	version  BIGINT NOT NULL
);
