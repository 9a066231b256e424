-- What is known about pairs, and the weights that were fitted to it.

CREATE TABLE matching_judgement (
	need     TEXT NOT NULL,
	offer    TEXT NOT NULL,
	source   TEXT NOT NULL,    -- reject, outcome
	account  TEXT NOT NULL,    -- who said so, '' for what came of an introduction
	grade    BIGINT NOT NULL,  -- 0 not relevant … 3 signed
	at_us    BIGINT NOT NULL,
	version  BIGINT NOT NULL,
	PRIMARY KEY (need, offer, source, account)
);

CREATE TABLE matching_weights (
	id        TEXT PRIMARY KEY,
	number    BIGINT NOT NULL UNIQUE, -- version of the weights
	share     BIGINT NOT NULL,        -- in millionths, as all that follow
	cover     BIGINT NOT NULL,
	near      BIGINT NOT NULL,
	beside    BIGINT NOT NULL,
	pairs     BIGINT NOT NULL,        -- judged pairs it was fitted to
	needs     BIGINT NOT NULL,
	before    BIGINT NOT NULL,        -- nDCG@10 of the weights in use then, on pairs held out …
	after     BIGINT NOT NULL,        -- … and of these
	state     TEXT NOT NULL CHECK (state IN ('candidate', 'active', 'retired')),
	made_us   BIGINT NOT NULL,
	made_by   TEXT NOT NULL,
	used_us   BIGINT NOT NULL,        -- when it was last switched on, 0 never
	version   BIGINT NOT NULL
);
CREATE UNIQUE INDEX matching_weights_active ON matching_weights (state) WHERE state = 'active';
