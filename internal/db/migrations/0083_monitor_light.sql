-- Lights of targets (亮灯), the rules they follow, and the tasks that red ones open (督办).

CREATE TABLE monitor_rule (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	source      TEXT NOT NULL,
	mark        TEXT NOT NULL,     -- verified, design, local
	valid_from  TEXT NOT NULL,
	valid_to    TEXT NOT NULL,     -- half-open; '' = open
	active      BOOLEAN NOT NULL,
	params      TEXT NOT NULL,     -- JSON
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX monitor_rule_from ON monitor_rule (valid_from) WHERE active;

CREATE TABLE monitor_light (
	target      TEXT PRIMARY KEY,  -- plan_target
	indicator   TEXT NOT NULL,
	name        TEXT NOT NULL,     -- of the indicator
	region      TEXT NOT NULL,
	about       TEXT NOT NULL,     -- the record that its unit lives on as, '' for the place
	about_name  TEXT NOT NULL,
	lead_name   TEXT NOT NULL,     -- who answers for it
	of_measure  TEXT NOT NULL,     -- level, increase, growth, share, rank
	op          TEXT NOT NULL,
	goal        TEXT NOT NULL,
	unit        TEXT NOT NULL,
	from_day    TEXT NOT NULL,
	to_day      TEXT NOT NULL,
	colour      TEXT NOT NULL,
	base        TEXT NOT NULL,     -- before yellow periods in a row
	urgency     BIGINT NOT NULL,   -- 0 red, 1 yellow, 2 grey, 3 green, 4 blue
	reasons     TEXT NOT NULL,     -- JSON
	period      TEXT NOT NULL,     -- of the value, '' while there is none
	value       TEXT NOT NULL,     -- what is compared, in unit; '' for none
	qualifier   TEXT NOT NULL,
	as_of       TEXT NOT NULL,
	completion  TEXT NOT NULL,     -- percent, two decimals; '' for none
	progress    TEXT NOT NULL,
	planned     TEXT NOT NULL,
	behind      TEXT NOT NULL,     -- percentage points
	gap         TEXT NOT NULL,     -- in unit
	monthly     TEXT NOT NULL,
	rule        TEXT NOT NULL,
	at_us       BIGINT NOT NULL
);
CREATE INDEX monitor_light_urgency ON monitor_light (urgency, to_day, target);
CREATE INDEX monitor_light_region ON monitor_light (region, urgency, to_day, target);
CREATE INDEX monitor_light_indicator ON monitor_light (indicator, region, about, to_day);
CREATE INDEX monitor_light_about ON monitor_light (about) WHERE about <> '';
CREATE INDEX monitor_light_to ON monitor_light (to_day, target);
CREATE INDEX monitor_light_name ON monitor_light (name, target);

-- How a target went through the periods that have values.
CREATE TABLE monitor_light_cycle (
	target    TEXT NOT NULL,
	last_day  TEXT NOT NULL,
	colour    TEXT NOT NULL,
	PRIMARY KEY (target, last_day)
);

-- A task that a red light opened. live: the light is red or the task is open.
CREATE TABLE monitor_alert (
	id             TEXT PRIMARY KEY,
	target         TEXT NOT NULL,
	task           TEXT NOT NULL,    -- plan_task
	task_code      TEXT NOT NULL,
	indicator      TEXT NOT NULL,
	evidence       TEXT NOT NULL,    -- data, note: what was asked for
	reasons        TEXT NOT NULL,    -- JSON: why it was opened
	rule           TEXT NOT NULL,
	due_us         BIGINT NOT NULL,
	opened_us      BIGINT NOT NULL,
	recovered_us   BIGINT NOT NULL,  -- since when the light is not red; 0 = it is
	ended_us       BIGINT NOT NULL,  -- the task was closed; 0 = it is open
	decided_us     BIGINT NOT NULL,  -- a leader lets it be closed although it is red; 0 = none did
	decided_by     TEXT NOT NULL,
	decided_login  TEXT NOT NULL,
	decision       TEXT NOT NULL,    -- the reason
	live           BOOLEAN NOT NULL,
	version        BIGINT NOT NULL
);
CREATE UNIQUE INDEX monitor_alert_live ON monitor_alert (target) WHERE live;
CREATE UNIQUE INDEX monitor_alert_task ON monitor_alert (task);
CREATE INDEX monitor_alert_target ON monitor_alert (target, opened_us);
CREATE INDEX monitor_alert_indicator ON monitor_alert (indicator, opened_us);
