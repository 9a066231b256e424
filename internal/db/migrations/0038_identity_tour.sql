-- How far people are with the first-run tour of each of their roles.

CREATE TABLE account_tour (
	account     TEXT NOT NULL,
	role        TEXT NOT NULL,
	step        BIGINT NOT NULL CHECK (step >= 0),
	closed      BOOLEAN NOT NULL,
	updated_us  BIGINT NOT NULL,
	PRIMARY KEY (account, role)
);
