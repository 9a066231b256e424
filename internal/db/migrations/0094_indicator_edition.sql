-- Editions of sets of indicators (指标体系的各版): a draft is edited, an edition in force holds for [from_day, to_day).

CREATE TABLE indicator_set_edition (
	id               TEXT PRIMARY KEY,
	in_set           TEXT NOT NULL,
	n                BIGINT NOT NULL,    -- 1, 2, … of the set
	state            TEXT NOT NULL,      -- draft, published, discarded
	content          TEXT NOT NULL,      -- JSON of the set file; '' = what the rows below say
	from_day         TEXT NOT NULL,      -- '' = since always; of a draft it says nothing
	to_day           TEXT NOT NULL,      -- '' = until the next one
	note             TEXT NOT NULL,      -- why it was made
	created_us       BIGINT NOT NULL,
	created_by       TEXT NOT NULL,
	created_login    TEXT NOT NULL,
	published_us     BIGINT NOT NULL,    -- 0 = not yet
	published_by     TEXT NOT NULL,
	published_login  TEXT NOT NULL,
	updated_us       BIGINT NOT NULL,
	version          BIGINT NOT NULL
);
CREATE UNIQUE INDEX indicator_set_edition_n ON indicator_set_edition (in_set, n);
CREATE UNIQUE INDEX indicator_set_edition_draft ON indicator_set_edition (in_set) WHERE state = 'draft';
CREATE UNIQUE INDEX indicator_set_edition_open ON indicator_set_edition (in_set)
	WHERE state = 'published' AND to_day = '';
CREATE UNIQUE INDEX indicator_set_edition_from ON indicator_set_edition (in_set, from_day)
	WHERE state = 'published';
CREATE INDEX indicator_set_edition_order ON indicator_set_edition (created_us, id);

-- What was there becomes the first edition of its set.
INSERT INTO indicator_set_edition (id, in_set, n, state, content, from_day, to_day, note, created_us, created_by,
	created_login, published_us, published_by, published_login, updated_us, version)
SELECT s.id, s.id, 1, 'published', '', '', '', '', s.created_us, s.created_by, '', s.created_us, s.created_by, '',
	s.updated_us, 1
FROM indicator_set AS s;

CREATE TABLE indicator_edition_group (
	edition  TEXT NOT NULL,
	n        BIGINT NOT NULL,
	name     TEXT NOT NULL,
	weight   TEXT NOT NULL,    -- exact decimal, '' when not known
	mark     TEXT NOT NULL,    -- verified, shaky, design, gap
	source   TEXT NOT NULL,
	PRIMARY KEY (edition, n)
);

CREATE TABLE indicator_edition_item (
	edition    TEXT NOT NULL,
	n          BIGINT NOT NULL,
	in_set     TEXT NOT NULL,    -- of the edition
	in_group   BIGINT NOT NULL,
	indicator  TEXT NOT NULL,
	title      TEXT NOT NULL,    -- as the set calls it
	weight     TEXT NOT NULL,    -- within its group, exact decimal, '' when not known
	direction  TEXT NOT NULL,    -- up, down
	mark       TEXT NOT NULL,
	note       TEXT NOT NULL,
	PRIMARY KEY (edition, n)
);
CREATE UNIQUE INDEX indicator_edition_item_once ON indicator_edition_item (edition, indicator);
CREATE INDEX indicator_edition_item_indicator ON indicator_edition_item (indicator, in_set);
CREATE INDEX indicator_edition_item_set ON indicator_edition_item (in_set, indicator);

INSERT INTO indicator_edition_group (edition, n, name, weight, mark, source)
SELECT g.in_set, g.n, g.name, g.weight, g.mark, g.source FROM indicator_set_group AS g;
INSERT INTO indicator_edition_item (edition, n, in_set, in_group, indicator, title, weight, direction, mark, note)
SELECT i.in_set, i.n, i.in_set, i.in_group, i.indicator, i.title, i.weight, i.direction, i.mark, i.note
FROM indicator_set_item AS i;

DROP TABLE indicator_set_item;
DROP TABLE indicator_set_group;
