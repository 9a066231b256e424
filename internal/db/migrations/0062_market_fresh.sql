-- How long posts stay fresh, what their owners were reminded of, and how far posts have come.

CREATE TABLE market_rule (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	source      TEXT NOT NULL,   -- who said so
	mark        TEXT NOT NULL,   -- how sure it is: verified, design, local
	valid_from  TEXT NOT NULL,
	valid_to    TEXT NOT NULL,   -- the first day it no longer holds, '' for none
	params      TEXT NOT NULL,   -- JSON
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX market_rule_from ON market_rule (valid_from);

CREATE TABLE market_reminder (
	post      TEXT NOT NULL,
	fresh_us  BIGINT NOT NULL,   -- the end of freshness it was about
	days      BIGINT NOT NULL,   -- days before it
	at_us     BIGINT NOT NULL,
	PRIMARY KEY (post, fresh_us, days)
);

-- The furthest a post has come: introduced, signed, registered.
CREATE TABLE market_mark (
	post   TEXT NOT NULL,
	what   TEXT NOT NULL,
	at_us  BIGINT NOT NULL,      -- the first time
	PRIMARY KEY (post, what)
);
CREATE INDEX market_mark_what ON market_mark (what, post);
