-- Definitions of indicators (口径), sets (指标体系), observations (观测值) and external rankings (外部排名).

CREATE TABLE indicator_definition (
	id          TEXT PRIMARY KEY,
	indicator   TEXT NOT NULL,     -- plan_indicator
	n           BIGINT NOT NULL,   -- 1, 2, … of the indicator
	kind        TEXT NOT NULL,     -- observed, measure, formula, external
	body        TEXT NOT NULL,     -- what is counted, in words
	unit        TEXT NOT NULL,
	places      BIGINT NOT NULL,   -- digits behind the point
	frequency   TEXT NOT NULL,     -- year, half, quarter, month
	cumulative  BOOLEAN NOT NULL,  -- from the start of the year
	formula     TEXT NOT NULL,
	measure     TEXT NOT NULL,
	dims        TEXT NOT NULL,     -- JSON: fixed dimensions of the measure
	factor      TEXT NOT NULL,     -- exact ratio by which the measure is multiplied, '' for 1
	org         TEXT NOT NULL,     -- the unit that answers for it (责任单位), '' for none
	org_now     TEXT NOT NULL,
	org_name    TEXT NOT NULL,
	due_days    BIGINT NOT NULL,   -- working days after the end of a period
	due_time    TEXT NOT NULL,     -- 17:30
	floor       TEXT NOT NULL,     -- exact decimal, '' for none
	ceiling     TEXT NOT NULL,
	jump        TEXT NOT NULL,     -- percent, exact decimal, '' for none
	from_day    TEXT NOT NULL,     -- half-open: [from_day, to_day)
	to_day      TEXT NOT NULL,     -- '' = open
	breaks      BOOLEAN NOT NULL,  -- its values do not continue the ones before
	break_note  TEXT NOT NULL,
	source      TEXT NOT NULL,     -- in words: document, number, date
	document    TEXT NOT NULL,     -- plan_document, '' for none
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX indicator_definition_n ON indicator_definition (indicator, n);
CREATE UNIQUE INDEX indicator_definition_from ON indicator_definition (indicator, from_day);
CREATE UNIQUE INDEX indicator_definition_open ON indicator_definition (indicator) WHERE to_day = '';
CREATE INDEX indicator_definition_updated ON indicator_definition (updated_us, id);
CREATE INDEX indicator_definition_org ON indicator_definition (org_now) WHERE org_now <> '';

CREATE TABLE indicator_set (
	id          TEXT PRIMARY KEY,
	code        TEXT NOT NULL,
	name        TEXT NOT NULL,
	year        BIGINT NOT NULL,
	label       TEXT NOT NULL,    -- 参照体系（非官方）
	source      TEXT NOT NULL,
	note        TEXT NOT NULL,    -- what is verified and what is a gap
	retired     BOOLEAN NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX indicator_set_code ON indicator_set (code);
CREATE INDEX indicator_set_order ON indicator_set (year, code);

CREATE TABLE indicator_set_group (
	in_set  TEXT NOT NULL,
	n       BIGINT NOT NULL,
	name    TEXT NOT NULL,
	weight  TEXT NOT NULL,    -- exact decimal, '' when not known
	mark    TEXT NOT NULL,    -- verified, shaky, design, gap
	source  TEXT NOT NULL,
	PRIMARY KEY (in_set, n)
);

CREATE TABLE indicator_set_item (
	in_set     TEXT NOT NULL,
	n          BIGINT NOT NULL,
	in_group   BIGINT NOT NULL,
	indicator  TEXT NOT NULL,
	title      TEXT NOT NULL,    -- as the set calls it
	weight     TEXT NOT NULL,    -- within its group, exact decimal, '' when not known
	direction  TEXT NOT NULL,    -- up, down
	mark       TEXT NOT NULL,
	note       TEXT NOT NULL,
	PRIMARY KEY (in_set, n)
);
CREATE UNIQUE INDEX indicator_set_item_once ON indicator_set_item (in_set, indicator);
CREATE INDEX indicator_set_item_indicator ON indicator_set_item (indicator, in_set);

-- Which unit reports an indicator for which region (填报责任).
CREATE TABLE indicator_duty (
	id          TEXT PRIMARY KEY,
	indicator   TEXT NOT NULL,
	region      TEXT NOT NULL,
	about       TEXT NOT NULL,    -- the unit that the value is of, '' for the region as a whole
	about_name  TEXT NOT NULL,
	org         TEXT NOT NULL,    -- who reports
	org_now     TEXT NOT NULL,
	org_name    TEXT NOT NULL,
	from_day    TEXT NOT NULL,    -- periods that end on it or later
	to_day      TEXT NOT NULL,    -- and before it; '' = open
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX indicator_duty_once ON indicator_duty (indicator, region, about) WHERE to_day = '';
CREATE INDEX indicator_duty_org ON indicator_duty (org_now, indicator, region, id);
CREATE INDEX indicator_duty_created ON indicator_duty (created_us, id);

CREATE TABLE indicator_observation (
	id             TEXT PRIMARY KEY,
	indicator      TEXT NOT NULL,
	definition     TEXT NOT NULL,
	region         TEXT NOT NULL,
	about          TEXT NOT NULL,    -- the unit that the value is of, '' for the region as a whole
	about_name     TEXT NOT NULL,
	period         TEXT NOT NULL,    -- code: 2026, 2026H1, 2026Q3, 2026-09
	first_day      TEXT NOT NULL,
	last_day       TEXT NOT NULL,
	value          TEXT NOT NULL,    -- exact decimal
	qualifier      TEXT NOT NULL,    -- =, >=, >, <=, <, ~, +
	unit           TEXT NOT NULL,
	as_of          TEXT NOT NULL,
	source         TEXT NOT NULL,    -- form, import, document, external
	statement      TEXT NOT NULL,    -- plan_statement, '' for none
	document       TEXT NOT NULL,
	quote          TEXT NOT NULL,
	origin         TEXT NOT NULL,    -- in words: where the value was published
	note           TEXT NOT NULL,
	jump_note      TEXT NOT NULL,    -- why it jumps or falls
	reporter       TEXT NOT NULL,
	reporter_now   TEXT NOT NULL,
	reporter_name  TEXT NOT NULL,
	due_us         BIGINT NOT NULL,
	revision       BIGINT NOT NULL,  -- 1, 2, … of the cell
	corrects       TEXT NOT NULL,    -- the observation before, '' for the first
	reason         TEXT NOT NULL,    -- of the correction
	submitted_us   BIGINT NOT NULL,  -- the first time, 0 before
	submitted_by   TEXT NOT NULL,
	submitted_login TEXT NOT NULL,
	approved_us    BIGINT NOT NULL,
	approved_by    TEXT NOT NULL,
	approved_login TEXT NOT NULL,
	state          TEXT NOT NULL,
	created_us     BIGINT NOT NULL,
	created_by     TEXT NOT NULL,
	updated_us     BIGINT NOT NULL,
	version        BIGINT NOT NULL
);
CREATE UNIQUE INDEX indicator_observation_revision
	ON indicator_observation (indicator, region, about, period, revision);
CREATE UNIQUE INDEX indicator_observation_open ON indicator_observation (indicator, region, about, period)
	WHERE state IN ('draft', 'submitted', 'returned');
CREATE UNIQUE INDEX indicator_observation_valid ON indicator_observation (indicator, region, about, period)
	WHERE state = 'approved';
CREATE INDEX indicator_observation_series
	ON indicator_observation (indicator, region, about, last_day, id);
CREATE INDEX indicator_observation_reporter ON indicator_observation (reporter_now, updated_us, id);
CREATE INDEX indicator_observation_updated ON indicator_observation (updated_us, id);
CREATE INDEX indicator_observation_period ON indicator_observation (last_day, id);
CREATE INDEX indicator_observation_state ON indicator_observation (state, submitted_us, id);
CREATE INDEX indicator_observation_definition ON indicator_observation (definition);
CREATE INDEX indicator_observation_statement ON indicator_observation (statement) WHERE statement <> '';

-- A set or an indicator is closed for the periods within [first_day, last_day] until it is unlocked (锁定).
CREATE TABLE indicator_lock (
	id              TEXT PRIMARY KEY,
	kind            TEXT NOT NULL,    -- set, indicator
	object          TEXT NOT NULL,
	period          TEXT NOT NULL,
	first_day       TEXT NOT NULL,
	last_day        TEXT NOT NULL,
	reason          TEXT NOT NULL,
	locked_us       BIGINT NOT NULL,
	locked_by       TEXT NOT NULL,
	locked_login    TEXT NOT NULL,
	unlocked_us     BIGINT NOT NULL,  -- 0 = locked
	unlocked_by     TEXT NOT NULL,
	unlocked_login  TEXT NOT NULL,
	unlock_reason   TEXT NOT NULL,
	version         BIGINT NOT NULL
);
CREATE UNIQUE INDEX indicator_lock_once ON indicator_lock (kind, object, period) WHERE unlocked_us = 0;
CREATE INDEX indicator_lock_order ON indicator_lock (locked_us, id);

-- Rankings that others publish: stored, never computed.
CREATE TABLE indicator_ranking (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	publisher   TEXT NOT NULL,    -- '' when not found
	year        BIGINT NOT NULL,  -- of the edition
	data_year   BIGINT NOT NULL,  -- of the data in it, 0 when not said
	region      TEXT NOT NULL,
	place       BIGINT NOT NULL,  -- 0 when only a band is known
	of_total    BIGINT NOT NULL,  -- 0 when not said
	band        TEXT NOT NULL,    -- as published: 百强, 前5
	score       TEXT NOT NULL,    -- exact decimal, '' for none
	source      TEXT NOT NULL,    -- where it was read
	url         TEXT NOT NULL,
	day         TEXT NOT NULL,    -- published on, '' when not known
	mark        TEXT NOT NULL,    -- verified, shaky
	note        TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX indicator_ranking_once ON indicator_ranking (name, year, region);
CREATE INDEX indicator_ranking_year ON indicator_ranking (year, name, id);
