-- What the operator says about the site: its name, and the lines a government site owes.

CREATE TABLE site_setting (
	name        TEXT PRIMARY KEY,
	value       TEXT NOT NULL,
	version     BIGINT NOT NULL,
	updated_us  BIGINT NOT NULL,
	updated_by  TEXT NOT NULL
);
