-- The registry of organisations (主体库). Children of a merged organisation stay where they are:
-- reading follows merged_into, so a split undoes a merge exactly.

CREATE TABLE org (
	id              TEXT PRIMARY KEY,
	name            TEXT NOT NULL,
	name_en         TEXT NOT NULL,
	name_key        TEXT NOT NULL,
	name_sort       TEXT NOT NULL,
	uscc            TEXT NOT NULL,
	kind            TEXT NOT NULL,
	region          TEXT NOT NULL,
	industry        TEXT NOT NULL,
	standing        TEXT NOT NULL,
	founded         TEXT NOT NULL,
	legal_person    TEXT NOT NULL,
	capital_fen     BIGINT NOT NULL,
	website         TEXT NOT NULL,
	summary         TEXT NOT NULL,
	state           TEXT NOT NULL,
	merged_into     TEXT NOT NULL,
	state_before    TEXT NOT NULL,
	created_us      BIGINT NOT NULL,
	created_by      TEXT NOT NULL,
	updated_us      BIGINT NOT NULL,
	version         BIGINT NOT NULL
);
-- Two living records must not share a credit code; a merged one keeps its own.
CREATE UNIQUE INDEX org_uscc ON org (uscc) WHERE uscc <> '' AND merged_into = '';
CREATE INDEX org_uscc_merged ON org (uscc) WHERE uscc <> '' AND merged_into <> '';
CREATE INDEX org_name ON org (name_sort, id);
CREATE INDEX org_updated ON org (updated_us, id);
CREATE INDEX org_created ON org (created_us, id);
CREATE INDEX org_region ON org (region, name_sort, id);
CREATE INDEX org_kind ON org (kind, name_sort, id);
CREATE INDEX org_industry ON org (industry, name_sort, id);
CREATE INDEX org_state ON org (state, name_sort, id);
CREATE INDEX org_key ON org (name_key);
CREATE INDEX org_merged ON org (merged_into) WHERE merged_into <> '';
CREATE INDEX org_region_updated ON org (region, updated_us, id);
-- Counting reads this index alone.
CREATE INDEX org_facet ON org (merged_into, region, kind, state, industry, standing, created_by, id);

-- Where the value of a field came from and of which day it is.
CREATE TABLE org_source (
	org      TEXT NOT NULL,
	field    TEXT NOT NULL,
	source   TEXT NOT NULL,
	as_of    TEXT NOT NULL,
	at_us    BIGINT NOT NULL,
	account  TEXT NOT NULL,
	PRIMARY KEY (org, field)
);

CREATE TABLE org_alias (
	id          TEXT PRIMARY KEY,
	org         TEXT NOT NULL,
	name        TEXT NOT NULL,
	name_key    TEXT NOT NULL,
	kind        TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	UNIQUE (org, name)
);
CREATE INDEX org_alias_key ON org_alias (name_key);

CREATE TABLE org_address (
	org        TEXT NOT NULL,
	n          BIGINT NOT NULL,
	kind       TEXT NOT NULL,
	region     TEXT NOT NULL,
	line       TEXT NOT NULL,
	lon_e7     BIGINT NOT NULL,
	lat_e7     BIGINT NOT NULL,
	given      TEXT NOT NULL,
	given_lon_e7 BIGINT NOT NULL,
	given_lat_e7 BIGINT NOT NULL,
	PRIMARY KEY (org, n)
);

CREATE TABLE org_contact (
	org     TEXT NOT NULL,
	n       BIGINT NOT NULL,
	name    TEXT NOT NULL,
	duty    TEXT NOT NULL,
	phone   TEXT NOT NULL,
	email   TEXT NOT NULL,
	PRIMARY KEY (org, n)
);

-- One row for each pair of neighbouring characters of the names of an organisation, and one for the
-- last character of each name, so that a single character is found as the beginning of a row.
CREATE TABLE org_gram (
	gram  TEXT NOT NULL,
	org   TEXT NOT NULL,
	PRIMARY KEY (gram, org)
);
CREATE INDEX org_gram_org ON org_gram (org, gram);

-- A merge, with all that a split needs to undo it.
CREATE TABLE org_merge (
	id         TEXT PRIMARY KEY,
	keep       TEXT NOT NULL,
	n          BIGINT NOT NULL, -- counts the merges into one record
	dropped    TEXT NOT NULL,
	reason     TEXT NOT NULL,
	before     TEXT NOT NULL,
	after      TEXT NOT NULL,
	at_us      BIGINT NOT NULL,
	account    TEXT NOT NULL,
	undone_us  BIGINT NOT NULL,
	version    BIGINT NOT NULL
);
CREATE UNIQUE INDEX org_merge_keep ON org_merge (keep, n);
CREATE INDEX org_merge_dropped ON org_merge (dropped);
