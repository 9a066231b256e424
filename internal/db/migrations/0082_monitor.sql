-- What is known of indicators (数据点), and what measures of the program gave for them (度量读数).

CREATE TABLE monitor_point (
	indicator   TEXT NOT NULL,     -- plan_indicator
	region      TEXT NOT NULL,
	about       TEXT NOT NULL,     -- the unit that the value is of, '' for the region as a whole
	last_day    TEXT NOT NULL,     -- of the period
	period      TEXT NOT NULL,     -- code: 2026, 2026H1, 2026Q3, 2026-09
	about_name  TEXT NOT NULL,
	value       TEXT NOT NULL,     -- exact decimal
	qualifier   TEXT NOT NULL,
	unit        TEXT NOT NULL,
	as_of       TEXT NOT NULL,
	definition  TEXT NOT NULL,     -- indicator_definition
	era         BIGINT NOT NULL,   -- how many definitions up to its own broke the series
	cumulative  BOOLEAN NOT NULL,
	origin      TEXT NOT NULL,     -- observation, measure, formula
	source      TEXT NOT NULL,     -- of an observation: form, import, document, external
	evidence    TEXT NOT NULL,     -- JSON
	revision    BIGINT NOT NULL,
	at_us       BIGINT NOT NULL,   -- when it came to be known
	PRIMARY KEY (indicator, region, about, last_day, period)
);
CREATE INDEX monitor_point_region ON monitor_point (region, about, last_day);

CREATE TABLE monitor_reading (
	indicator    TEXT NOT NULL,
	region       TEXT NOT NULL,
	period       TEXT NOT NULL,
	definition   TEXT NOT NULL,
	measure      TEXT NOT NULL,
	of_version   BIGINT NOT NULL,  -- version of the measure's definition
	dims         TEXT NOT NULL,    -- JSON
	factor       TEXT NOT NULL,
	figure       BIGINT NOT NULL,  -- what the measure gave
	value        TEXT NOT NULL,    -- figure × factor, exact decimal
	unit         TEXT NOT NULL,
	as_of        TEXT NOT NULL,
	revision     BIGINT NOT NULL,  -- how often the figure was another one, and 1
	measured_us  BIGINT NOT NULL,
	PRIMARY KEY (indicator, region, period)
);
