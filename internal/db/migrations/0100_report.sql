-- Reports (通报与新闻口径): texts about a place whose every number has a source.

CREATE TABLE report_report (
	id           TEXT PRIMARY KEY,
	code         TEXT NOT NULL,    -- TB-2026-003
	form         TEXT NOT NULL,    -- bulletin (通报), press (新闻口径)
	title        TEXT NOT NULL,
	region       TEXT NOT NULL,
	day          TEXT NOT NULL,    -- the day its figures were taken
	ask          TEXT NOT NULL,    -- JSON: what it was made of
	text         TEXT NOT NULL,    -- without title and date
	untold       TEXT NOT NULL,    -- JSON: what could not be said so that it reads back
	places       TEXT NOT NULL,    -- JSON: the table of districts
	public       BIGINT NOT NULL,  -- 1 = visitors may read it once it is published
	state        TEXT NOT NULL,    -- draft, reviewed, published, withdrawn
	reviewed_us  BIGINT NOT NULL,
	reviewed_by  TEXT NOT NULL,    -- login
	published_us BIGINT NOT NULL,
	published_by TEXT NOT NULL,    -- login
	document     TEXT NOT NULL,    -- id of the document it was filed as, '' for none
	created_us   BIGINT NOT NULL,
	created_by   TEXT NOT NULL,    -- account
	creator      TEXT NOT NULL,    -- login
	updated_us   BIGINT NOT NULL,
	version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX report_report_code ON report_report (code);
CREATE INDEX report_report_created ON report_report (created_us, id);
CREATE INDEX report_report_state ON report_report (state, public, created_us, id);

-- The numbers of a text with where each comes from. Those of a published report never change.
CREATE TABLE report_figure (
	report  TEXT NOT NULL,
	n       BIGINT NOT NULL,
	data    TEXT NOT NULL,    -- JSON
	PRIMARY KEY (report, n)
);

CREATE TABLE report_counter (
	scope TEXT PRIMARY KEY,
	last  BIGINT NOT NULL
);
