-- The studio of indices (指数工作室): datasets with their editions, schemes with theirs.

CREATE TABLE studio_dataset (
	id           TEXT PRIMARY KEY,
	code         TEXT NOT NULL,    -- ZS-2026-003
	title        TEXT NOT NULL,
	standing     TEXT NOT NULL,    -- reference (参照体系), own (本地体系), official (官方体系)
	kind         TEXT NOT NULL,    -- of its units: city, district, park, other
	source       TEXT NOT NULL,
	data_year    BIGINT NOT NULL,
	report_year  BIGINT NOT NULL,
	note         TEXT NOT NULL,
	edition      BIGINT NOT NULL,  -- the latest of studio_dataset_edition
	created_us   BIGINT NOT NULL,
	created_by   TEXT NOT NULL,
	updated_us   BIGINT NOT NULL,
	version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX studio_dataset_code ON studio_dataset (code);
CREATE INDEX studio_dataset_created ON studio_dataset (created_us, id);

-- An edition is never changed: a correction is the next one.
CREATE TABLE studio_dataset_edition (
	dataset     TEXT NOT NULL,
	n           BIGINT NOT NULL,
	content     TEXT NOT NULL,    -- JSON: tree, units, values
	hash        TEXT NOT NULL,    -- SHA-256 of content
	units       BIGINT NOT NULL,
	indicators  BIGINT NOT NULL,
	missing     BIGINT NOT NULL,  -- cells
	origin      TEXT NOT NULL,    -- file, typed, live
	reason      TEXT NOT NULL,
	at_us       BIGINT NOT NULL,
	account     TEXT NOT NULL,
	login       TEXT NOT NULL,
	PRIMARY KEY (dataset, n)
);

CREATE TABLE studio_scheme (
	id          TEXT PRIMARY KEY,
	code        TEXT NOT NULL,    -- FA-2026-003
	title       TEXT NOT NULL,
	purpose     TEXT NOT NULL,
	dataset     TEXT NOT NULL,
	edition     BIGINT NOT NULL,  -- the latest of studio_scheme_edition
	state       TEXT NOT NULL,    -- draft, final, archived
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX studio_scheme_code ON studio_scheme (code);
CREATE INDEX studio_scheme_created ON studio_scheme (created_us, id);
CREATE INDEX studio_scheme_state ON studio_scheme (state, created_us, id);
CREATE INDEX studio_scheme_dataset ON studio_scheme (dataset, state);

-- Every saved edition of a scheme stays, with its result and the log it is made again from.
CREATE TABLE studio_scheme_edition (
	scheme    TEXT NOT NULL,
	n         BIGINT NOT NULL,
	data_n    BIGINT NOT NULL,  -- edition of the dataset
	choices   TEXT NOT NULL,    -- JSON
	spec      TEXT NOT NULL,    -- JSON, of the engine
	result    TEXT NOT NULL,    -- JSON
	note      TEXT NOT NULL,
	at_us     BIGINT NOT NULL,
	account   TEXT NOT NULL,
	login     TEXT NOT NULL,
	PRIMARY KEY (scheme, n)
);

-- Analyses of what the ranks depend on (敏感性分析), by jobs.
CREATE TABLE studio_study (
	id           TEXT PRIMARY KEY,
	scheme       TEXT NOT NULL,
	n            BIGINT NOT NULL,  -- edition of the scheme
	points       BIGINT NOT NULL,
	variants     BIGINT NOT NULL,
	state        TEXT NOT NULL,    -- waiting, done, failed, cancelled
	job          TEXT NOT NULL,
	result       TEXT NOT NULL,    -- JSON
	at_us        BIGINT NOT NULL,
	finished_us  BIGINT NOT NULL,
	account      TEXT NOT NULL,
	login        TEXT NOT NULL,
	version      BIGINT NOT NULL
);
CREATE INDEX studio_study_scheme ON studio_study (scheme, at_us, id);

CREATE TABLE studio_counter (
	scope  TEXT PRIMARY KEY,
	last   BIGINT NOT NULL
);
