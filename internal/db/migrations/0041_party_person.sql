-- People (人员) and where they work. Identity numbers are encrypted; id_mark is a keyed hash of the
-- number, to find the same one again.

CREATE TABLE person (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	name_en     TEXT NOT NULL,
	name_key    TEXT NOT NULL,
	name_sort   TEXT NOT NULL,
	gender      TEXT NOT NULL,
	id_sealed   TEXT NOT NULL,
	id_mark     TEXT NOT NULL,
	title       TEXT NOT NULL,
	degree      TEXT NOT NULL,
	phone       TEXT NOT NULL,
	email       TEXT NOT NULL,
	orcid       TEXT NOT NULL,
	summary     TEXT NOT NULL,
	public      BOOLEAN NOT NULL,
	archived    BOOLEAN NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX person_id_mark ON person (id_mark) WHERE id_mark <> '';
CREATE INDEX person_name ON person (name_sort, id);
CREATE INDEX person_key ON person (name_key);
CREATE INDEX person_updated ON person (updated_us, id);
CREATE INDEX person_created ON person (created_us, id);
CREATE INDEX person_title ON person (title, name_sort, id);

CREATE TABLE person_field (
	person  TEXT NOT NULL,
	n       BIGINT NOT NULL,
	field   TEXT NOT NULL,
	PRIMARY KEY (person, n)
);
CREATE INDEX person_field_field ON person_field (field, person);

CREATE TABLE person_gram (
	gram    TEXT NOT NULL,
	person  TEXT NOT NULL,
	PRIMARY KEY (gram, person)
);
CREATE INDEX person_gram_person ON person_gram (person, gram);

-- Where a person works or worked. org is the record that was named; org_now is where that leads
-- now, kept by merges and splits. One of the memberships without an end is the main one.
CREATE TABLE membership (
	id          TEXT PRIMARY KEY,
	person      TEXT NOT NULL,
	org         TEXT NOT NULL,
	org_now     TEXT NOT NULL,
	duty        TEXT NOT NULL,
	from_day    TEXT NOT NULL,
	to_day      TEXT NOT NULL, -- '' = goes on
	main        BOOLEAN NOT NULL,
	created_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX membership_person ON membership (person, created_us, id);
CREATE INDEX membership_org ON membership (org_now, to_day, person);
CREATE INDEX membership_named ON membership (org);
CREATE UNIQUE INDEX membership_main ON membership (person) WHERE main;
