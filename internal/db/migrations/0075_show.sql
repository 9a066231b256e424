-- Roadshows and matchmaking days (路演, 对接会).

CREATE TABLE show_event (
	id               TEXT PRIMARY KEY,
	code             TEXT NOT NULL,    -- LY-2026-003
	kind             TEXT NOT NULL,    -- roadshow, matchday
	title            TEXT NOT NULL,
	text             TEXT NOT NULL,
	place            TEXT NOT NULL,
	region           TEXT NOT NULL,
	contact          TEXT NOT NULL,    -- whom to ask, shown to all
	org              TEXT NOT NULL,    -- the organiser as it was chosen
	org_now          TEXT NOT NULL,    -- the record it lives on as
	org_name         TEXT NOT NULL,
	starts_us        BIGINT NOT NULL,
	ends_us          BIGINT NOT NULL,
	signup_until_us  BIGINT NOT NULL,
	capacity         BIGINT NOT NULL,
	talk_from_us     BIGINT NOT NULL,  -- of one-to-one talks; 0: none
	talk_minutes     BIGINT NOT NULL,
	talk_rounds      BIGINT NOT NULL,
	talk_tables      BIGINT NOT NULL,
	report           TEXT NOT NULL,
	report_days      BIGINT NOT NULL,
	state            TEXT NOT NULL,
	created_us       BIGINT NOT NULL,
	created_by       TEXT NOT NULL,
	updated_us       BIGINT NOT NULL,
	version          BIGINT NOT NULL
);
CREATE UNIQUE INDEX show_event_code ON show_event (code);
CREATE INDEX show_event_starts ON show_event (starts_us, id);
CREATE INDEX show_event_state ON show_event (state, starts_us, id);
CREATE INDEX show_event_org ON show_event (org_now, starts_us, id);

-- What happens when.
CREATE TABLE show_slot (
	id          TEXT PRIMARY KEY,
	show        TEXT NOT NULL,
	starts_us   BIGINT NOT NULL,
	ends_us     BIGINT NOT NULL,
	title       TEXT NOT NULL,
	speaker     TEXT NOT NULL,
	org         TEXT NOT NULL,
	org_name    TEXT NOT NULL,
	post        TEXT NOT NULL,    -- market_post that is pitched, '' for none
	post_title  TEXT NOT NULL,
	file        TEXT NOT NULL,    -- blob_ref of the pitch, '' for none
	file_name   TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX show_slot_show ON show_slot (show, starts_us, id);

-- Who comes. People behind the last seat wait in the order of number.
CREATE TABLE show_signup (
	id          TEXT PRIMARY KEY,
	show        TEXT NOT NULL,
	number      BIGINT NOT NULL,
	account     TEXT NOT NULL,
	name        TEXT NOT NULL,
	duty        TEXT NOT NULL,
	phone       TEXT NOT NULL,
	note        TEXT NOT NULL,
	org         TEXT NOT NULL,
	org_now     TEXT NOT NULL,
	org_name    TEXT NOT NULL,
	state       TEXT NOT NULL,    -- confirmed, waiting, cancelled
	serial      BIGINT NOT NULL,  -- of the code for check-in
	checked_us  BIGINT NOT NULL,
	checked_by  TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX show_signup_number ON show_signup (show, number);
CREATE UNIQUE INDEX show_signup_once ON show_signup (show, account, name) WHERE state <> 'cancelled';
CREATE INDEX show_signup_account ON show_signup (account, created_us, id);
CREATE INDEX show_signup_state ON show_signup (show, state, number);

-- One-to-one talks. A participant is in show_busy once for each round, a table in show_table.
CREATE TABLE show_talk (
	id          TEXT PRIMARY KEY,
	show        TEXT NOT NULL,
	round       BIGINT NOT NULL,
	asker       TEXT NOT NULL,    -- show_signup
	asked       TEXT NOT NULL,    -- show_signup
	topic       TEXT NOT NULL,
	seat        BIGINT NOT NULL,  -- number of the table, 0 until accepted
	state       TEXT NOT NULL,    -- asked, accepted, declined, cancelled
	created_us  BIGINT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX show_talk_show ON show_talk (show, round, id);
CREATE INDEX show_talk_asker ON show_talk (asker, round, id);
CREATE INDEX show_talk_asked ON show_talk (asked, round, id);

CREATE TABLE show_busy (
	show    TEXT NOT NULL,
	round   BIGINT NOT NULL,
	signup  TEXT NOT NULL,
	talk    TEXT NOT NULL,
	PRIMARY KEY (show, round, signup)
);
CREATE INDEX show_busy_talk ON show_busy (talk);

CREATE TABLE show_table (
	show   TEXT NOT NULL,
	round  BIGINT NOT NULL,
	seat   BIGINT NOT NULL,
	talk   TEXT NOT NULL,
	PRIMARY KEY (show, round, seat)
);
CREATE INDEX show_table_talk ON show_table (talk);

-- Who is interested in what was pitched, and what came of it.
CREATE TABLE show_interest (
	id          TEXT PRIMARY KEY,
	show        TEXT NOT NULL,
	slot        TEXT NOT NULL,
	signup      TEXT NOT NULL,
	outcome     TEXT NOT NULL,    -- '' while it is not known
	note        TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX show_interest_once ON show_interest (slot, signup);
CREATE INDEX show_interest_show ON show_interest (show, slot, id);

CREATE TABLE show_counter (
	scope  TEXT PRIMARY KEY,
	last   BIGINT NOT NULL
);
