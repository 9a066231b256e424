-- What a city sets itself about introductions and brokers: limits, reasons, grades, credit.

CREATE TABLE deal_rule (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	source      TEXT NOT NULL,
	mark        TEXT NOT NULL,   -- verified, design, local
	valid_from  TEXT NOT NULL,
	valid_to    TEXT NOT NULL,   -- the first day it no longer holds, '' = open end
	body        TEXT NOT NULL,   -- JSON
	created_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX deal_rule_from ON deal_rule (valid_from);
