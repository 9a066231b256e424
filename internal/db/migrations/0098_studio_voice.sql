-- What the voice of an expert counts among the others of a panel (票重), from a day on; never changed.

CREATE TABLE studio_voice (
	panel     TEXT NOT NULL,
	seat      TEXT NOT NULL,
	n         BIGINT NOT NULL,  -- 1, 2, … of the panel
	weight    TEXT NOT NULL,    -- exact decimal above 0; without any it is 1
	from_day  TEXT NOT NULL,    -- holds until a later one begins; of one day the later counts
	reason    TEXT NOT NULL,
	at_us     BIGINT NOT NULL,
	login     TEXT NOT NULL,
	PRIMARY KEY (panel, n)
);
