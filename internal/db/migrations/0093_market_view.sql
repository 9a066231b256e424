-- How often a post was opened, by day. Nothing of who opened it is kept.

CREATE TABLE market_view (
	post  TEXT NOT NULL,
	day   TEXT NOT NULL,
	n     BIGINT NOT NULL,
	PRIMARY KEY (post, day)
);
