-- Panels of experts (专家组) who compare in pairs what the groups of a scheme are made of.

CREATE TABLE studio_panel (
	id          TEXT PRIMARY KEY,
	scheme      TEXT NOT NULL,
	title       TEXT NOT NULL,
	note        TEXT NOT NULL,
	questions   TEXT NOT NULL,    -- JSON: the groups with what is below them, as they were
	edition     BIGINT NOT NULL,  -- the latest of studio_panel_edition
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX studio_panel_scheme ON studio_panel (scheme, created_us, id);
CREATE INDEX studio_panel_created ON studio_panel (created_us, id);

-- An expert of a panel with what was judged last.
CREATE TABLE studio_seat (
	id           TEXT PRIMARY KEY,
	panel        TEXT NOT NULL,
	account      TEXT NOT NULL,    -- '' for judgements that came with a table
	name         TEXT NOT NULL,
	pairs        TEXT NOT NULL,    -- JSON by group: "3,1/5,…"; '' before the first
	source       TEXT NOT NULL,    -- form, file; '' before the first
	handed_us    BIGINT NOT NULL,  -- 0 before the first
	created_us   BIGINT NOT NULL,
	version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX studio_seat_name ON studio_seat (panel, name);
CREATE UNIQUE INDEX studio_seat_account ON studio_seat (panel, account) WHERE account <> '';
CREATE INDEX studio_seat_mine ON studio_seat (account, panel) WHERE account <> '';

-- What a panel came to; never changed.
CREATE TABLE studio_panel_edition (
	panel    TEXT NOT NULL,
	n        BIGINT NOT NULL,
	pool     TEXT NOT NULL,    -- judgements, priorities
	voices   TEXT NOT NULL,    -- JSON: names and judgements that counted
	result   TEXT NOT NULL,    -- JSON by group
	note     TEXT NOT NULL,
	at_us    BIGINT NOT NULL,
	account  TEXT NOT NULL,
	login    TEXT NOT NULL,
	PRIMARY KEY (panel, n)
);
