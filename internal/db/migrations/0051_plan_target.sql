-- Indicators as they are defined, and targets set for them (指标与目标).

CREATE TABLE plan_indicator (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	name_key    TEXT NOT NULL,
	unit        TEXT NOT NULL,
	direction   TEXT NOT NULL,     -- up, down: which way is better
	additive    BOOLEAN NOT NULL,  -- the parts of a whole add up to it
	definition  TEXT NOT NULL,
	retired     BOOLEAN NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX plan_indicator_name ON plan_indicator (name_key) WHERE NOT retired;
CREATE INDEX plan_indicator_order ON plan_indicator (name, id);

CREATE TABLE plan_indicator_alias (
	indicator  TEXT NOT NULL,
	name       TEXT NOT NULL,
	name_key   TEXT NOT NULL,
	PRIMARY KEY (indicator, name_key)
);
CREATE INDEX plan_indicator_alias_key ON plan_indicator_alias (name_key);

CREATE TABLE plan_target (
	id            TEXT PRIMARY KEY,
	indicator     TEXT NOT NULL,
	parent        TEXT NOT NULL,    -- the target it is a part of, '' for a whole
	level         BIGINT NOT NULL,
	region        TEXT NOT NULL,
	org           TEXT NOT NULL,    -- the unit that answers for it, '' for the region as a whole
	org_now       TEXT NOT NULL,    -- the record that org lives on as
	org_name      TEXT NOT NULL,
	measure       TEXT NOT NULL,
	op            TEXT NOT NULL,
	value         TEXT NOT NULL,    -- exact decimal
	unit          TEXT NOT NULL,
	from_day      TEXT NOT NULL,
	to_day        TEXT NOT NULL,
	baseline      TEXT NOT NULL,    -- exact decimal, '' when not known
	baseline_day  TEXT NOT NULL,
	note          TEXT NOT NULL,
	dropped       BOOLEAN NOT NULL,
	created_us    BIGINT NOT NULL,
	created_by    TEXT NOT NULL,
	updated_us    BIGINT NOT NULL,
	version       BIGINT NOT NULL
);
CREATE INDEX plan_target_parent ON plan_target (parent) WHERE parent <> '';
CREATE INDEX plan_target_indicator ON plan_target (indicator, to_day, id);
CREATE INDEX plan_target_region ON plan_target (region, to_day, id);
CREATE INDEX plan_target_org ON plan_target (org_now) WHERE org_now <> '';
CREATE INDEX plan_target_to ON plan_target (to_day, id);
CREATE INDEX plan_target_updated ON plan_target (updated_us, id);

-- Which words of which document a target or a task came from.
CREATE TABLE plan_source (
	kind        TEXT NOT NULL,  -- target, task
	object      TEXT NOT NULL,
	statement   TEXT NOT NULL,
	document    TEXT NOT NULL,
	start_rune  BIGINT NOT NULL,
	end_rune    BIGINT NOT NULL,
	quote       TEXT NOT NULL,
	at_us       BIGINT NOT NULL,
	account     TEXT NOT NULL,
	PRIMARY KEY (kind, object, statement)
);
CREATE INDEX plan_source_statement ON plan_source (statement);
CREATE INDEX plan_source_document ON plan_source (document, kind, object);
