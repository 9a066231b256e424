-- Boundaries that an operator brought in, with the approval number (审图号) that the law asks for.

CREATE TABLE atlas_boundary (
	id          TEXT PRIMARY KEY,
	place       TEXT NOT NULL,     -- GB/T 2260 of the city whose districts it draws
	name        TEXT NOT NULL,
	approval    TEXT NOT NULL,     -- 审图号
	source      TEXT NOT NULL,
	day         TEXT NOT NULL,     -- as of
	frame       TEXT NOT NULL,     -- JSON: how degrees become units of the drawing
	points      BIGINT NOT NULL,   -- vertices that came in
	kept        BIGINT NOT NULL,   -- and those that were kept
	current     BOOLEAN NOT NULL,  -- maps are drawn with it
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	login       TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX atlas_boundary_current ON atlas_boundary (place) WHERE current;
CREATE INDEX atlas_boundary_created ON atlas_boundary (created_us, id);

CREATE TABLE atlas_shape (
	boundary  TEXT NOT NULL,
	code      TEXT NOT NULL,       -- GB/T 2260
	path      TEXT NOT NULL,       -- of SVG, in units of the drawing
	x         BIGINT NOT NULL,     -- where its name stands
	y         BIGINT NOT NULL,
	PRIMARY KEY (boundary, code)
);
