-- Filters that people gave a name. The slot bounds how many somebody has.

CREATE TABLE saved_view (
	account     TEXT NOT NULL,
	slot        BIGINT NOT NULL CHECK (slot BETWEEN 1 AND 50),
	id          TEXT NOT NULL UNIQUE,
	page        TEXT NOT NULL,
	name        TEXT NOT NULL,
	query       TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL,
	PRIMARY KEY (account, slot),
	UNIQUE (account, page, name)
);
