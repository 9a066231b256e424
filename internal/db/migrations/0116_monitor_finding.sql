-- What an honest series rarely shows (数据疑点): a projection of what was reported, made anew as a whole.

CREATE TABLE monitor_finding (
	indicator   TEXT NOT NULL,
	region      TEXT NOT NULL,
	about       TEXT NOT NULL,    -- the unit or station, '' for the region as a whole
	code        TEXT NOT NULL,    -- late, jump, gap, locked
	last_day    TEXT NOT NULL,    -- of the last of its periods
	n           BIGINT NOT NULL,  -- among those of its kind that end on that day
	name        TEXT NOT NULL,    -- of the indicator
	about_name  TEXT NOT NULL,
	periods     TEXT NOT NULL,    -- codes with spaces between
	zh          TEXT NOT NULL,
	en          TEXT NOT NULL,
	PRIMARY KEY (indicator, region, about, code, last_day, n)
);
CREATE INDEX monitor_finding_order ON monitor_finding (last_day, indicator, region, about, code, n);
