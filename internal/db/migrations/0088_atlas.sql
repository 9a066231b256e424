-- The ecosystem map (创新生态云图): nodes and edges made from the feed, the rules that sort them, what
-- people said about them, saved views and the addresses under which others show them.

CREATE TABLE atlas_node (
	id          TEXT PRIMARY KEY, -- of the record in its own room
	class       TEXT NOT NULL CHECK (class IN ('org', 'post', 'deal', 'person')),
	kind        TEXT NOT NULL,    -- enterprise, university … need, achievement, deal, contract, person
	code        TEXT NOT NULL,    -- XQ-2026-00012, '' for none
	title       TEXT NOT NULL,
	words       TEXT NOT NULL,    -- title and code, folded, for words that are asked for
	region      TEXT NOT NULL,    -- GB/T 2260, '' = no place
	field       TEXT NOT NULL,    -- 技术领域, '' = none
	field_by    TEXT NOT NULL,    -- who said so: owner, rule, person; '' = nobody
	six         TEXT NOT NULL,    -- 六新, '' = none
	six_by      TEXT NOT NULL,
	lon_e7      BIGINT NOT NULL,  -- WGS-84; both 0 = no point
	lat_e7      BIGINT NOT NULL,
	state       TEXT NOT NULL,
	since_us    BIGINT NOT NULL,  -- when it came up
	as_of_us    BIGINT NOT NULL,  -- when somebody last said that it is so
	updated_us  BIGINT NOT NULL
);
CREATE INDEX atlas_node_since ON atlas_node (since_us, id);
CREATE INDEX atlas_node_updated ON atlas_node (updated_us, id);
CREATE INDEX atlas_node_title ON atlas_node (title, id);
CREATE INDEX atlas_node_region ON atlas_node (region, title, id);
CREATE INDEX atlas_node_class ON atlas_node (class, kind, region, field, six);

-- Who works with whom. evidence is the record that says so: an introduction, an achievement, a person.
CREATE TABLE atlas_edge (
	id        TEXT PRIMARY KEY,
	kind      TEXT NOT NULL,     -- contract, talk, joint, member
	class     TEXT NOT NULL,     -- of the evidence: deal, post, person
	evidence  TEXT NOT NULL,
	a         TEXT NOT NULL,     -- node, the record that lives now
	b         TEXT NOT NULL,     -- node, '' where nobody of that name is in the registry
	a_was     TEXT NOT NULL,     -- as it was chosen
	b_was     TEXT NOT NULL,
	b_name    TEXT NOT NULL,     -- as it was written, where only a name is known
	since_us  BIGINT NOT NULL
);
CREATE INDEX atlas_edge_a ON atlas_edge (a);
CREATE INDEX atlas_edge_b ON atlas_edge (b);
CREATE INDEX atlas_edge_was ON atlas_edge (a_was);
CREATE INDEX atlas_edge_bwas ON atlas_edge (b_was);
CREATE INDEX atlas_edge_name ON atlas_edge (b_name) WHERE b_name <> '';
CREATE INDEX atlas_edge_evidence ON atlas_edge (evidence);

-- How words and industries lead to classes, from a day on.
CREATE TABLE atlas_rule (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	source      TEXT NOT NULL,   -- who said so
	mark        TEXT NOT NULL,   -- how sure it is: verified, design, local
	valid_from  TEXT NOT NULL,
	params      TEXT NOT NULL,   -- JSON
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX atlas_rule_from ON atlas_rule (valid_from);

-- What a person said in the place of a rule.
CREATE TABLE atlas_mark (
	node     TEXT NOT NULL,
	what     TEXT NOT NULL CHECK (what IN ('six', 'field')),
	value    TEXT NOT NULL,      -- '' = none of the classes
	reason   TEXT NOT NULL,
	at_us    BIGINT NOT NULL,
	account  TEXT NOT NULL,
	login    TEXT NOT NULL,
	PRIMARY KEY (node, what)
);

-- 纠错: somebody says that something on the map is wrong.
CREATE TABLE atlas_correction (
	id           TEXT PRIMARY KEY,
	code         TEXT NOT NULL,     -- JC-2026-00012
	node         TEXT NOT NULL,     -- the record it is about, '' for a place or a page
	class        TEXT NOT NULL,     -- of the node
	title        TEXT NOT NULL,     -- what it is about, as it was called then
	region       TEXT NOT NULL,
	page         TEXT NOT NULL,     -- address of the page it was said on
	what         TEXT NOT NULL,     -- place, name, class, double, gone, number, other
	text         TEXT NOT NULL,
	answer       TEXT NOT NULL,
	handler      TEXT NOT NULL,     -- account, '' until somebody took it on
	receipt      TEXT NOT NULL,     -- hash of the receipt of somebody without an account, '' for others
	state        TEXT NOT NULL,
	created_us   BIGINT NOT NULL,
	created_by   TEXT NOT NULL,     -- account, '' for visitors
	login        TEXT NOT NULL,
	updated_us   BIGINT NOT NULL,
	version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX atlas_correction_code ON atlas_correction (code);
CREATE INDEX atlas_correction_created ON atlas_correction (created_us, id);
CREATE INDEX atlas_correction_state ON atlas_correction (state, created_us, id);
CREATE INDEX atlas_correction_node ON atlas_correction (node, created_us, id);
CREATE INDEX atlas_correction_by ON atlas_correction (created_by, created_us, id);
CREATE INDEX atlas_correction_receipt ON atlas_correction (receipt) WHERE receipt <> '';

CREATE TABLE atlas_counter (
	scope  TEXT PRIMARY KEY,
	last   BIGINT NOT NULL
);

-- Saved views; one with a cluster is a sub-system (战略性新兴产业集群创新生态子系统).
CREATE TABLE atlas_view (
	id          TEXT PRIMARY KEY,
	name        TEXT NOT NULL,
	cluster     TEXT NOT NULL,     -- 战略性新兴产业集群, '' for none
	lead        TEXT NOT NULL,     -- what it shows, in words
	query       TEXT NOT NULL,
	public      BOOLEAN NOT NULL,  -- everybody finds it
	dropped_us  BIGINT NOT NULL,   -- 0 = there
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX atlas_view_name ON atlas_view (name, id);
CREATE INDEX atlas_view_by ON atlas_view (created_by, name, id);

-- Addresses with a token, under which a view or the big screen is shown to everybody who has it.
CREATE TABLE atlas_share (
	id          TEXT PRIMARY KEY,
	kind        TEXT NOT NULL CHECK (kind IN ('embed', 'screen')),
	view        TEXT NOT NULL,     -- atlas_view, '' for the whole map
	note        TEXT NOT NULL,     -- who it is for
	hash        TEXT NOT NULL,     -- SHA-256 of the token, which is kept nowhere
	hosts       TEXT NOT NULL,     -- JSON: sites that may frame it
	ended_us    BIGINT NOT NULL,   -- 0 = it opens
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,
	login       TEXT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX atlas_share_hash ON atlas_share (hash);
CREATE INDEX atlas_share_created ON atlas_share (created_us, id);
