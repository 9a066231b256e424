-- Documents of the city and what was read in them (文件与条目).

CREATE TABLE plan_document (
	id             TEXT PRIMARY KEY,
	title          TEXT NOT NULL,
	kind           TEXT NOT NULL,
	number         TEXT NOT NULL,    -- 文号, '' when it has none
	issuer         TEXT NOT NULL,    -- 发文机关, as the document says
	region         TEXT NOT NULL,
	day            TEXT NOT NULL,    -- 成文日期
	source         TEXT NOT NULL,    -- where it was found: an address, a meeting
	file           TEXT NOT NULL,    -- blob_ref of the original, '' for pasted text
	series         TEXT NOT NULL,    -- id of the first edition
	edition        BIGINT NOT NULL,  -- 1, 2, 3 …
	superseded_by  TEXT NOT NULL,    -- id of the next edition, '' for the latest
	chars          BIGINT NOT NULL,  -- characters of the text
	reading        TEXT NOT NULL,    -- waiting, done, failed
	reading_note   TEXT NOT NULL,    -- JSON: why it failed
	job            TEXT NOT NULL,    -- id of the job that reads it, '' when none did
	state          TEXT NOT NULL,
	created_us     BIGINT NOT NULL,
	created_by     TEXT NOT NULL,
	updated_us     BIGINT NOT NULL,
	version        BIGINT NOT NULL
);
CREATE UNIQUE INDEX plan_document_series ON plan_document (series, edition);
CREATE INDEX plan_document_created ON plan_document (created_us, id);
CREATE INDEX plan_document_day ON plan_document (day, id);
CREATE INDEX plan_document_updated ON plan_document (updated_us, id);
CREATE INDEX plan_document_region ON plan_document (region, created_us, id);
CREATE INDEX plan_document_number ON plan_document (number) WHERE number <> '';

-- The text apart from the record: lists do not carry it.
CREATE TABLE plan_text (
	document  TEXT PRIMARY KEY,
	text      TEXT NOT NULL
);

-- A statement (条目) is a stretch of a document that says something countable or obliges somebody.
CREATE TABLE plan_statement (
	id          TEXT PRIMARY KEY,
	document    TEXT NOT NULL,
	kind        TEXT NOT NULL,      -- fact, target, task
	subject     TEXT NOT NULL,
	indicator   TEXT NOT NULL,      -- the phrase as the text has it
	measure     TEXT NOT NULL,
	verb        TEXT NOT NULL,
	owner       TEXT NOT NULL,      -- who is to do it, as the text says
	op          TEXT NOT NULL,
	value       TEXT NOT NULL,      -- exact decimal, '' without a number
	unit        TEXT NOT NULL,
	from_day    TEXT NOT NULL,
	to_day      TEXT NOT NULL,
	of_whole    TEXT NOT NULL,
	verdict     TEXT NOT NULL,      -- of the arithmetic of the text: ok, doubt, '' without any
	found       TEXT NOT NULL,      -- JSON: the rules and words behind it and its verdict
	start_rune  BIGINT NOT NULL,
	end_rune    BIGINT NOT NULL,
	quote       TEXT NOT NULL,
	origin      TEXT NOT NULL,      -- read, hand
	as_read     TEXT NOT NULL,      -- JSON: what was read, once somebody corrected it
	definition  TEXT NOT NULL,      -- plan_indicator, '' while not linked
	state       TEXT NOT NULL,      -- pending, accepted, corrected, rejected
	note        TEXT NOT NULL,
	decided_us  BIGINT NOT NULL,
	decided_by  TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX plan_statement_place ON plan_statement (document, start_rune, end_rune, id);
CREATE INDEX plan_statement_definition ON plan_statement (definition) WHERE definition <> '';

-- Pairs of neighbouring characters of names, for searching and for likeness.
CREATE TABLE plan_gram (
	kind    TEXT NOT NULL,  -- document, indicator, task
	gram    TEXT NOT NULL,
	object  TEXT NOT NULL,
	PRIMARY KEY (kind, gram, object)
);
CREATE INDEX plan_gram_object ON plan_gram (object, gram);
