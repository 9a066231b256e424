-- Sites that values are of (点位): sections of rivers (断面), points of lakes, stations of the air. An observation
-- of one has its region and, as what it is about, its id.

CREATE TABLE indicator_station (
	id          TEXT PRIMARY KEY,
	code        TEXT NOT NULL,    -- as the monitoring network calls it
	name        TEXT NOT NULL,
	kind        TEXT NOT NULL,    -- river, lake, air
	grade       TEXT NOT NULL,    -- national, provincial, city
	waters      TEXT NOT NULL,    -- the river or lake, '' for none
	region      TEXT NOT NULL,
	goals       TEXT NOT NULL,    -- class to be reached by year: 2026=3 2027=3
	from_day    TEXT NOT NULL,    -- in force for periods that end in [from_day, to_day)
	to_day      TEXT NOT NULL,    -- '' = open
	source      TEXT NOT NULL,    -- who named it, and in which document
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX indicator_station_code ON indicator_station (code);
CREATE INDEX indicator_station_order ON indicator_station (region, code, id);
