-- Valuation sheets (估值工作表) and evaluations of five values (五元价值评价).

CREATE TABLE appraise_sheet (
	id          TEXT PRIMARY KEY,
	code        TEXT NOT NULL,    -- GZ-2026-003
	title       TEXT NOT NULL,
	post        TEXT NOT NULL,    -- market_post, '' for none
	org         TEXT NOT NULL,
	org_now     TEXT NOT NULL,
	org_name    TEXT NOT NULL,
	purpose     TEXT NOT NULL,
	day         TEXT NOT NULL,    -- 估值基准日
	limits      TEXT NOT NULL,    -- limits of its use
	edition     BIGINT NOT NULL,  -- the latest of appraise_edition
	state       TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX appraise_sheet_code ON appraise_sheet (code);
CREATE INDEX appraise_sheet_created ON appraise_sheet (created_us, id);
CREATE INDEX appraise_sheet_org ON appraise_sheet (org_now, created_us, id);

-- Every saved set of inputs stays.
CREATE TABLE appraise_edition (
	sheet    TEXT NOT NULL,
	n        BIGINT NOT NULL,
	inputs   TEXT NOT NULL,    -- JSON
	note     TEXT NOT NULL,
	at_us    BIGINT NOT NULL,
	account  TEXT NOT NULL,
	login    TEXT NOT NULL,
	PRIMARY KEY (sheet, n)
);

CREATE TABLE appraise_review (
	id          TEXT PRIMARY KEY,
	code        TEXT NOT NULL,    -- PJ-2026-003
	title       TEXT NOT NULL,
	post        TEXT NOT NULL,
	org         TEXT NOT NULL,
	org_now     TEXT NOT NULL,
	org_name    TEXT NOT NULL,
	kind        TEXT NOT NULL,    -- basic, applied, industry, public
	weights     TEXT NOT NULL,    -- JSON, as they were when it began
	trimmed     BOOLEAN NOT NULL,
	basis       TEXT NOT NULL,    -- what is evaluated: material
	conclusion  TEXT NOT NULL,
	limits      TEXT NOT NULL,
	state       TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX appraise_review_code ON appraise_review (code);
CREATE INDEX appraise_review_created ON appraise_review (created_us, id);
CREATE INDEX appraise_review_org ON appraise_review (org_now, created_us, id);

-- The experts of an evaluation and their scores, '' until handed in.
CREATE TABLE appraise_expert (
	id         TEXT PRIMARY KEY,
	review     TEXT NOT NULL,
	number     BIGINT NOT NULL,
	name       TEXT NOT NULL,
	unit       TEXT NOT NULL,
	code_hash  TEXT NOT NULL,    -- of the invitation, '' once it is taken up
	account    TEXT NOT NULL,    -- '' until then
	scores     TEXT NOT NULL,    -- JSON
	comment    TEXT NOT NULL,
	scored_us  BIGINT NOT NULL,
	version    BIGINT NOT NULL
);
CREATE UNIQUE INDEX appraise_expert_number ON appraise_expert (review, number);
CREATE UNIQUE INDEX appraise_expert_once ON appraise_expert (review, account) WHERE account <> '';
CREATE INDEX appraise_expert_account ON appraise_expert (account, review);
CREATE INDEX appraise_expert_code ON appraise_expert (code_hash);

CREATE TABLE appraise_counter (
	scope  TEXT PRIMARY KEY,
	last   BIGINT NOT NULL
);
