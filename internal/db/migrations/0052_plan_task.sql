-- Ledgers of tasks (台账), who does them, how far they are, and the rules of their lights.

CREATE TABLE plan_ledger (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	region      TEXT NOT NULL,
	closed      BOOLEAN NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX plan_ledger_name ON plan_ledger (region, name);

-- The last number that was given out: of a ledger in a year, of the parts of a task.
CREATE TABLE plan_counter (
	scope  TEXT PRIMARY KEY,
	last   BIGINT NOT NULL
);

CREATE TABLE plan_task (
	id            TEXT PRIMARY KEY,
	ledger        TEXT NOT NULL,
	code          TEXT NOT NULL,    -- 2026-012, 2026-012.1
	code_sort     TEXT NOT NULL,
	parent        TEXT NOT NULL,
	level         BIGINT NOT NULL CHECK (level BETWEEN 1 AND 3),
	title         TEXT NOT NULL,
	content       TEXT NOT NULL,
	region        TEXT NOT NULL,
	leader        TEXT NOT NULL,    -- 牵头市领导
	person        TEXT NOT NULL,    -- 责任人
	contact       TEXT NOT NULL,    -- 联系人
	phone         TEXT NOT NULL,
	start_day     TEXT NOT NULL,
	due_us        BIGINT NOT NULL,  -- 0 while there is no deadline
	cadence       TEXT NOT NULL,    -- week, tenday, month, quarter
	supervisor    TEXT NOT NULL,    -- account that answers once the task is late
	sign_days     BIGINT NOT NULL,  -- working days to sign for it, as the rule said when it was made
	answer_days   BIGINT NOT NULL,  -- working days to answer an application
	progress_bp   BIGINT NOT NULL CHECK (progress_bp BETWEEN 0 AND 10000),
	reported_us   BIGINT NOT NULL,  -- of the last report, 0 = none
	asked_due_us  BIGINT NOT NULL,  -- the deadline asked for, 0 = none
	applied_by    TEXT NOT NULL,    -- who applied last
	state_before  TEXT NOT NULL,    -- of a suspended task
	done_us       BIGINT NOT NULL,
	state         TEXT NOT NULL,
	created_us    BIGINT NOT NULL,
	created_by    TEXT NOT NULL,
	updated_us    BIGINT NOT NULL,
	version       BIGINT NOT NULL
);
CREATE UNIQUE INDEX plan_task_code ON plan_task (ledger, code);
CREATE INDEX plan_task_order ON plan_task (code_sort, id);
CREATE INDEX plan_task_parent ON plan_task (parent) WHERE parent <> '';
CREATE INDEX plan_task_due ON plan_task (due_us, id);
CREATE INDEX plan_task_updated ON plan_task (updated_us, id);
CREATE INDEX plan_task_state ON plan_task (state, code_sort, id);
CREATE INDEX plan_task_region ON plan_task (region, code_sort, id);

-- The units of a task: one leads, others answer for a part or help.
CREATE TABLE plan_task_org (
	task     TEXT NOT NULL,
	org      TEXT NOT NULL,
	org_now  TEXT NOT NULL,  -- the record that org lives on as
	name     TEXT NOT NULL,
	part     TEXT NOT NULL CHECK (part IN ('lead', 'duty', 'assist')),
	role     TEXT NOT NULL,  -- in which its people act
	n        BIGINT NOT NULL,
	PRIMARY KEY (task, org)
);
CREATE UNIQUE INDEX plan_task_org_lead ON plan_task_org (task) WHERE part = 'lead';
CREATE INDEX plan_task_org_now ON plan_task_org (org_now, task);

CREATE TABLE plan_milestone (
	task         TEXT NOT NULL,
	n            BIGINT NOT NULL,
	name         TEXT NOT NULL,
	day          TEXT NOT NULL,
	deliverable  TEXT NOT NULL,
	weight_bp    BIGINT NOT NULL,  -- of 10000
	reached_day  TEXT NOT NULL,    -- '' while it is not
	PRIMARY KEY (task, n)
);

CREATE TABLE plan_task_target (
	task    TEXT NOT NULL,
	target  TEXT NOT NULL,
	PRIMARY KEY (task, target)
);
CREATE INDEX plan_task_target_target ON plan_task_target (target);

CREATE TABLE plan_report (
	id           TEXT PRIMARY KEY,
	task         TEXT NOT NULL,
	n            BIGINT NOT NULL,
	progress_bp  BIGINT NOT NULL,
	situation    TEXT NOT NULL,
	problem      TEXT NOT NULL,
	next_step    TEXT NOT NULL,
	org          TEXT NOT NULL,
	org_name     TEXT NOT NULL,
	at_us        BIGINT NOT NULL,
	account      TEXT NOT NULL,
	login        TEXT NOT NULL
);
CREATE UNIQUE INDEX plan_report_task ON plan_report (task, n);

-- What a leader wrote on a task (批示).
CREATE TABLE plan_instruction (
	id       TEXT PRIMARY KEY,
	task     TEXT NOT NULL,
	text     TEXT NOT NULL,
	at_us    BIGINT NOT NULL,
	account  TEXT NOT NULL,
	login    TEXT NOT NULL
);
CREATE INDEX plan_instruction_task ON plan_instruction (task, at_us, id);

-- The light of a task as it was last computed. It follows from the task, the rule and the day.
CREATE TABLE plan_light (
	task     TEXT PRIMARY KEY,
	colour   TEXT NOT NULL,   -- green, yellow, red, grey, blue
	base     TEXT NOT NULL,   -- before yellow cycles turned it red
	reasons  TEXT NOT NULL,   -- JSON
	planned  TEXT NOT NULL,   -- percent, one decimal
	gap      TEXT NOT NULL,   -- percentage points, one decimal
	rule     TEXT NOT NULL,
	at_us    BIGINT NOT NULL
);
CREATE INDEX plan_light_colour ON plan_light (colour, task);

-- The colour in which a task went through a cycle of reporting, before cycles turned it red.
CREATE TABLE plan_light_cycle (
	task    TEXT NOT NULL,
	first   TEXT NOT NULL,   -- first day of the cycle
	colour  TEXT NOT NULL,
	PRIMARY KEY (task, first)
);

CREATE TABLE plan_light_rule (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	source      TEXT NOT NULL,
	mark        TEXT NOT NULL,    -- how sure it is: verified, design …
	valid_from  TEXT NOT NULL,
	valid_to    TEXT NOT NULL,    -- first day it no longer holds, '' for ever
	active      BOOLEAN NOT NULL, -- an example is kept but not used
	params      TEXT NOT NULL,    -- JSON: bands, cycles, limits
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX plan_light_rule_from ON plan_light_rule (valid_from) WHERE active;
