-- What posts are found by, who was let in to one of the level "request", and how long posts stay
-- fresh.

CREATE TABLE market_gram (
	gram  TEXT NOT NULL,
	post  TEXT NOT NULL,
	PRIMARY KEY (gram, post)
);
CREATE INDEX market_gram_post ON market_gram (post);

-- Organisations that may read all of a post of the level "request": its owner consented.
CREATE TABLE market_reader (
	post      TEXT NOT NULL,
	org       TEXT NOT NULL,
	org_now   TEXT NOT NULL,
	given_us  BIGINT NOT NULL,
	PRIMARY KEY (post, org)
);
CREATE INDEX market_reader_org ON market_reader (org_now, post);
