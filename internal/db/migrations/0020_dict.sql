-- Code lists in the editions that were published, and the calendar of working days.

-- One row per edition of a list. Editions never change; the one in force on a day is the latest
-- that took effect by then.
CREATE TABLE code_list (
	list            TEXT NOT NULL,    -- gbt2260, gbt4754 …
	edition         TEXT NOT NULL,
	title           TEXT NOT NULL,
	source          TEXT NOT NULL,    -- who published it, in which document
	effective_from  TEXT NOT NULL,    -- day, 2023-06-30
	items           BIGINT NOT NULL,  -- number of rows in code_item
	loaded_us       BIGINT NOT NULL,
	loaded_by       TEXT NOT NULL,
	PRIMARY KEY (list, edition),
	UNIQUE (list, effective_from)
);

CREATE TABLE code_item (
	list     TEXT NOT NULL,
	edition  TEXT NOT NULL,
	code     TEXT NOT NULL,
	parent   TEXT NOT NULL,  -- '' at the top
	name     TEXT NOT NULL,
	kind     TEXT NOT NULL CHECK (kind IN ('', 'statistical', 'group')),
	sort     BIGINT NOT NULL,
	PRIMARY KEY (list, edition, code),
	FOREIGN KEY (list, edition) REFERENCES code_list (list, edition)
);

-- The arrangement of holidays of one year (部分节假日安排的通知).
CREATE TABLE holiday_year (
	year        BIGINT PRIMARY KEY,
	version     BIGINT NOT NULL,
	updated_us  BIGINT NOT NULL,
	updated_by  TEXT NOT NULL
);

CREATE TABLE holiday (
	year    BIGINT NOT NULL REFERENCES holiday_year (year),  -- of the arrangement, not of the day
	day     TEXT NOT NULL,
	is_off  BOOLEAN NOT NULL,  -- otherwise a weekend day that is worked
	name    TEXT NOT NULL,
	source  TEXT NOT NULL,     -- number of the document
	PRIMARY KEY (year, day)
);
