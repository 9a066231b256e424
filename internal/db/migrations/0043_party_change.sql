-- Counts the transactions that changed organisations, so that a number that was counted once can be
-- shown again for as long as nothing has changed.

CREATE TABLE org_change (
	name  TEXT PRIMARY KEY,
	n     BIGINT NOT NULL
);
INSERT INTO org_change (name, n) VALUES ('org', 0);
