-- Facts that documents state differently (说法不一).

-- Which fact a statement is about, '' when it is not compared, '?' while nobody has computed it; and
-- its amount in the base unit.
ALTER TABLE plan_statement ADD COLUMN fact_key TEXT NOT NULL DEFAULT '?';
ALTER TABLE plan_statement ADD COLUMN fact_amount TEXT NOT NULL DEFAULT '';
CREATE INDEX plan_statement_fact ON plan_statement (fact_key, fact_amount, document);
CREATE INDEX plan_statement_unkeyed ON plan_statement (id) WHERE fact_key = '?';

-- A fact that was found with several amounts, and what was decided about it.
CREATE TABLE plan_conflict (
	id          TEXT PRIMARY KEY,
	fact_key    TEXT NOT NULL,
	live        BOOLEAN NOT NULL,  -- documents in force still differ
	state       TEXT NOT NULL,     -- open, explained, settled
	holds       TEXT NOT NULL,     -- the statement that holds, '' unless settled
	reason      TEXT NOT NULL,
	amounts     TEXT NOT NULL,     -- JSON: the amounts that the decision was about
	found_us    BIGINT NOT NULL,
	decided_us  BIGINT NOT NULL,
	decided_by  TEXT NOT NULL,     -- login
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX plan_conflict_fact ON plan_conflict (fact_key);
CREATE INDEX plan_conflict_found ON plan_conflict (found_us, id);
