-- Needs and achievements (技术需求, 科技成果).

CREATE TABLE market_post (
	id            TEXT PRIMARY KEY,
	kind          TEXT NOT NULL,    -- need, achievement
	code          TEXT NOT NULL,    -- XQ-2026-00012, CG-2026-00034
	title         TEXT NOT NULL,
	text          TEXT NOT NULL,
	org           TEXT NOT NULL,    -- party_org as it was chosen
	org_now       TEXT NOT NULL,    -- the record it lives on as
	org_name      TEXT NOT NULL,
	region        TEXT NOT NULL,
	field         TEXT NOT NULL,    -- 技术领域
	chain         TEXT NOT NULL,    -- 产业链环节
	six_new       TEXT NOT NULL,
	sort          TEXT NOT NULL,    -- need: 需求类型; achievement: 成果类别
	price_lo_fen  BIGINT NOT NULL,
	price_hi_fen  BIGINT NOT NULL,  -- both 0: 面议
	trl           BIGINT NOT NULL,
	deadline      TEXT NOT NULL,
	visibility    TEXT NOT NULL,    -- open, request, named
	broker        TEXT NOT NULL,    -- party_person, '' for none
	detail        TEXT NOT NULL,    -- JSON: the rest of PostData
	state         TEXT NOT NULL,
	published_us  BIGINT NOT NULL,
	confirmed_us  BIGINT NOT NULL,
	fresh_us      BIGINT NOT NULL,  -- until when it counts as fresh
	source        TEXT NOT NULL,    -- form, paste, sheet, demo
	created_us    BIGINT NOT NULL,
	created_by    TEXT NOT NULL,
	updated_us    BIGINT NOT NULL,
	version       BIGINT NOT NULL
);
CREATE UNIQUE INDEX market_post_code ON market_post (code);
CREATE INDEX market_post_created ON market_post (created_us, id);
CREATE INDEX market_post_published ON market_post (published_us, id);
CREATE INDEX market_post_state ON market_post (state, published_us, id);
CREATE INDEX market_post_kind ON market_post (kind, published_us, id);
CREATE INDEX market_post_org ON market_post (org_now, created_us, id);
CREATE INDEX market_post_fresh ON market_post (fresh_us, id);

-- Organisations that may know of a post of the level "named".
CREATE TABLE market_named (
	post     TEXT NOT NULL,
	org      TEXT NOT NULL,
	org_now  TEXT NOT NULL,
	PRIMARY KEY (post, org)
);
CREATE INDEX market_named_org ON market_named (org_now, post);

CREATE TABLE market_counter (
	scope  TEXT PRIMARY KEY,
	last   BIGINT NOT NULL
);
