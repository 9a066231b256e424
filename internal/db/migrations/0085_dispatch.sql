-- Dispatch meetings (调度会): their series, agendas and what was decided.

CREATE TABLE dispatch_series (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	cadence     TEXT NOT NULL,    -- week, tenday, month, quarter
	ledger      TEXT NOT NULL,    -- plan_ledger it looks at, '' for all
	region      TEXT NOT NULL,    -- it looks at what lies in it
	chair       TEXT NOT NULL,    -- 主持人
	host        TEXT NOT NULL,    -- 召集单位 as it was chosen
	host_now    TEXT NOT NULL,    -- the record it lives on as
	host_name   TEXT NOT NULL,
	place       TEXT NOT NULL,
	closed      BOOLEAN NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX dispatch_series_name ON dispatch_series (region, name);
CREATE INDEX dispatch_series_created ON dispatch_series (created_us, id);

-- The units of a series, and those of a meeting, which begin as those of its series.
CREATE TABLE dispatch_member (
	holder   TEXT NOT NULL,    -- dispatch_series or dispatch_meeting
	org      TEXT NOT NULL,
	org_now  TEXT NOT NULL,
	name     TEXT NOT NULL,
	role     TEXT NOT NULL,    -- in which its people act
	region   TEXT NOT NULL,
	n        BIGINT NOT NULL,
	PRIMARY KEY (holder, org)
);
CREATE INDEX dispatch_member_now ON dispatch_member (org_now, holder);
CREATE INDEX dispatch_member_place ON dispatch_member (role, region, holder);

CREATE TABLE dispatch_meeting (
	id            TEXT PRIMARY KEY,
	code          TEXT NOT NULL,    -- DD-2026-003
	series        TEXT NOT NULL,
	number        BIGINT NOT NULL,  -- in its series
	title         TEXT NOT NULL,
	previous      TEXT NOT NULL,    -- the meeting whose decisions it looks at, '' for none
	ledger        TEXT NOT NULL,    -- as its series had them when it was made
	region        TEXT NOT NULL,
	chair         TEXT NOT NULL,
	host          TEXT NOT NULL,
	host_now      TEXT NOT NULL,
	host_name     TEXT NOT NULL,
	place         TEXT NOT NULL,
	starts_us     BIGINT NOT NULL,
	ends_us       BIGINT NOT NULL,
	note          TEXT NOT NULL,    -- to its members
	attendance    TEXT NOT NULL,    -- 出席情况
	minutes       TEXT NOT NULL,    -- the opening of the minutes
	minutes_no    TEXT NOT NULL,    -- '' until they are issued
	minutes_days  BIGINT NOT NULL,  -- working days to issue them, as the rule said when it was made
	notified_us   BIGINT NOT NULL,  -- 0 while its members do not know of it
	held_us       BIGINT NOT NULL,
	issued_us     BIGINT NOT NULL,
	signer        TEXT NOT NULL,    -- log-in of who signed the minutes
	state         TEXT NOT NULL,
	created_us    BIGINT NOT NULL,
	created_by    TEXT NOT NULL,
	updated_us    BIGINT NOT NULL,
	version       BIGINT NOT NULL
);
CREATE UNIQUE INDEX dispatch_meeting_code ON dispatch_meeting (code);
CREATE INDEX dispatch_meeting_starts ON dispatch_meeting (starts_us, id);
CREATE INDEX dispatch_meeting_series ON dispatch_meeting (series, starts_us, id);
CREATE INDEX dispatch_meeting_state ON dispatch_meeting (state, starts_us, id);

CREATE TABLE dispatch_item (
	id           TEXT PRIMARY KEY,
	meeting      TEXT NOT NULL,
	n            BIGINT NOT NULL,  -- its place in the agenda
	source_key   TEXT NOT NULL,    -- what it is about: plan.task:…; '' when somebody wrote it
	origin       TEXT NOT NULL,    -- why it was proposed
	title        TEXT NOT NULL,
	text         TEXT NOT NULL,
	reasons      TEXT NOT NULL,    -- JSON
	href         TEXT NOT NULL,
	org          TEXT NOT NULL,    -- who reports
	org_now      TEXT NOT NULL,
	org_name     TEXT NOT NULL,
	speaker      TEXT NOT NULL,
	minutes      BIGINT NOT NULL,  -- allotted to it
	colour       TEXT NOT NULL,    -- of the light, '' for none
	seen_us      BIGINT NOT NULL,  -- when reasons and colour were so
	dropped      BOOLEAN NOT NULL,
	drop_reason  TEXT NOT NULL,
	created_us   BIGINT NOT NULL,
	version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX dispatch_item_key ON dispatch_item (meeting, source_key) WHERE source_key <> '';
CREATE INDEX dispatch_item_order ON dispatch_item (meeting, n, id);
CREATE INDEX dispatch_item_org ON dispatch_item (org) WHERE org <> '';

CREATE TABLE dispatch_decision (
	id            TEXT PRIMARY KEY,
	meeting       TEXT NOT NULL,
	item          TEXT NOT NULL,
	n             BIGINT NOT NULL,  -- in the meeting
	kind          TEXT NOT NULL,    -- task, deadline, instruction, note
	text          TEXT NOT NULL,
	org           TEXT NOT NULL,    -- who answers for it
	org_now       TEXT NOT NULL,
	org_name      TEXT NOT NULL,
	due_us        BIGINT NOT NULL,  -- 0 for none
	task          TEXT NOT NULL,    -- plan_task that it made or changed
	settled_us    BIGINT NOT NULL,  -- 0 while it is open
	settled_note  TEXT NOT NULL,
	created_us    BIGINT NOT NULL,
	created_by    TEXT NOT NULL,
	version       BIGINT NOT NULL
);
CREATE UNIQUE INDEX dispatch_decision_order ON dispatch_decision (meeting, n);
CREATE INDEX dispatch_decision_created ON dispatch_decision (created_us, id);
CREATE INDEX dispatch_decision_task ON dispatch_decision (task) WHERE task <> '';
CREATE INDEX dispatch_decision_org ON dispatch_decision (org) WHERE org <> '';

-- The last number that was given out: of meetings and minutes in a year, of letters in a year.
CREATE TABLE dispatch_counter (
	scope  TEXT PRIMARY KEY,
	last   BIGINT NOT NULL
);

-- Rules of supervision (督办规则) from a day on.
CREATE TABLE dispatch_rule (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	source      TEXT NOT NULL,
	mark        TEXT NOT NULL,    -- how sure it is: verified, design, local
	valid_from  TEXT NOT NULL,
	valid_to    TEXT NOT NULL,    -- first day it no longer holds, '' for ever
	active      BOOLEAN NOT NULL, -- an example is kept but not used
	params      TEXT NOT NULL,    -- JSON
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX dispatch_rule_from ON dispatch_rule (valid_from) WHERE active;
