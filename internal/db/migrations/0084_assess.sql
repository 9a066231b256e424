-- The yearly assessment (考核): schemes of scores, rounds, the units in them, what was typed in, appeals.

CREATE TABLE assess_scheme (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	edition     BIGINT NOT NULL,
	source      TEXT NOT NULL,
	mark        TEXT NOT NULL,   -- how sure it is
	valid_from  TEXT NOT NULL,
	params      TEXT NOT NULL,   -- JSON
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX assess_scheme_edition ON assess_scheme (name, edition);
CREATE INDEX assess_scheme_from ON assess_scheme (valid_from, id);

CREATE TABLE assess_round (
	id           TEXT PRIMARY KEY,
	code         TEXT NOT NULL,    -- KH-2026-001
	title        TEXT NOT NULL,
	year         BIGINT NOT NULL,
	region       TEXT NOT NULL,
	scheme       TEXT NOT NULL,
	scheme_name  TEXT NOT NULL,
	edition      BIGINT NOT NULL,
	params       TEXT NOT NULL,    -- JSON, the copy that counts
	note         TEXT NOT NULL,
	computed_us  BIGINT NOT NULL,  -- 0 = not yet
	marked_us    BIGINT NOT NULL,  -- of the last number typed in or unit added
	state        TEXT NOT NULL,
	created_us   BIGINT NOT NULL,
	created_by   TEXT NOT NULL,
	updated_us   BIGINT NOT NULL,
	version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX assess_round_code ON assess_round (code);
CREATE INDEX assess_round_year ON assess_round (year, id);

CREATE TABLE assess_entry (
	id        TEXT PRIMARY KEY,
	round     TEXT NOT NULL,
	org       TEXT NOT NULL,
	org_now   TEXT NOT NULL,
	org_name  TEXT NOT NULL,
	region    TEXT NOT NULL,
	grouping  TEXT NOT NULL,   -- department, district, other
	facts     TEXT NOT NULL,   -- JSON, as they were found
	found_us  BIGINT NOT NULL,
	result    TEXT NOT NULL,   -- JSON, '' before the first count
	place     BIGINT NOT NULL, -- rank in its group, 0 = not ranked
	grade     TEXT NOT NULL
);
CREATE UNIQUE INDEX assess_entry_org ON assess_entry (round, org_now);
CREATE INDEX assess_entry_order ON assess_entry (round, grouping, place, org_name, id);
CREATE INDEX assess_entry_unit ON assess_entry (org_now, id);

-- What people typed in. Nothing is changed; the latest of a key counts.
CREATE TABLE assess_mark (
	id       TEXT PRIMARY KEY,
	entry    TEXT NOT NULL,
	key      TEXT NOT NULL,
	value    TEXT NOT NULL,  -- '' takes the earlier ones back
	reason   TEXT NOT NULL,
	at_us    BIGINT NOT NULL,
	account  TEXT NOT NULL,
	login    TEXT NOT NULL
);
CREATE INDEX assess_mark_entry ON assess_mark (entry, id);

CREATE TABLE assess_appeal (
	id           TEXT PRIMARY KEY,
	entry        TEXT NOT NULL,
	key          TEXT NOT NULL,   -- the part of the score it is about
	text         TEXT NOT NULL,
	answer_days  BIGINT NOT NULL,
	state        TEXT NOT NULL,
	created_us   BIGINT NOT NULL,
	created_by   TEXT NOT NULL,
	login        TEXT NOT NULL,
	updated_us   BIGINT NOT NULL,
	version      BIGINT NOT NULL
);
CREATE INDEX assess_appeal_entry ON assess_appeal (entry, id);
CREATE INDEX assess_appeal_created ON assess_appeal (created_us, id);

CREATE TABLE assess_counter (
	scope  TEXT PRIMARY KEY,
	last   BIGINT NOT NULL
);
