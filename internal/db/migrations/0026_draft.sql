-- What somebody has typed into a form and not sent yet. It is nobody else's and no record: it has
-- no audit entry and goes away when the form is sent.
CREATE TABLE draft (
	account     TEXT NOT NULL,
	form        TEXT NOT NULL,
	fields      TEXT NOT NULL,
	updated_us  BIGINT NOT NULL,
	PRIMARY KEY (account, form)
);
CREATE INDEX draft_updated ON draft (updated_us);
