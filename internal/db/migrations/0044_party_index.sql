-- The index of the registry: for each term (two neighbouring characters of a name, a kind, a region
-- …) the organisations that have it, as sets of their numbers. See docs/adr/0013.

ALTER TABLE org ADD COLUMN num BIGINT NOT NULL DEFAULT 0;
UPDATE org SET num = x.n
	FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY created_us, id) AS n FROM org) AS x
	WHERE x.id = org.id;
-- A mark that no other change has: a number may be given again when PostgreSQL crashes.
ALTER TABLE org_change ADD COLUMN mark TEXT NOT NULL DEFAULT '';
-- The last number given, and the version of the index: an empty registry has it already, another
-- gets it from party.Service.Prepare.
INSERT INTO org_change (name, n) SELECT 'number', COUNT(*) FROM org;
INSERT INTO org_change (name, n) SELECT 'index', 1 WHERE NOT EXISTS (SELECT 1 FROM org);
CREATE UNIQUE INDEX org_num ON org (num);

CREATE TABLE org_term (
	term   TEXT NOT NULL,
	block  BIGINT NOT NULL,  -- of 4,096 numbers
	nums   TEXT NOT NULL,    -- which of them: see numbers.block
	PRIMARY KEY (term, block)
);

-- The terms under which an organisation stands in org_term, one a line, and org_change.n of the last
-- change of the organisation.
CREATE TABLE org_terms (
	org    TEXT PRIMARY KEY,
	num    BIGINT NOT NULL,
	at     BIGINT NOT NULL,
	terms  TEXT NOT NULL
);
CREATE INDEX org_terms_at ON org_terms (at, num);

-- The numbers are read along each order.
DROP INDEX org_name;
DROP INDEX org_updated;
DROP INDEX org_created;
DROP INDEX org_region;
CREATE INDEX org_name ON org (name_sort, id, num);
CREATE INDEX org_updated ON org (updated_us, id, num);
CREATE INDEX org_created ON org (created_us, id, num);
CREATE INDEX org_region ON org (region, name_sort, id, num);

-- What is asked of the index now needs no own one.
DROP INDEX org_kind;
DROP INDEX org_state;
DROP INDEX org_industry;
DROP INDEX org_region_updated;
DROP TABLE org_gram;
