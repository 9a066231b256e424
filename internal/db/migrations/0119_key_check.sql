-- What tells the master key of the data from every other: a value made from it, from which it cannot be found.

CREATE TABLE key_check (
	id    BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
	value TEXT NOT NULL
);
