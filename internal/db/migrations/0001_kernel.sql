-- The record of every change: one chain of entries, one feed of events, one head for both.

CREATE TABLE audit_head (
	name    TEXT PRIMARY KEY,
	seq     BIGINT NOT NULL,  -- number of the last entry, and
	hash    TEXT NOT NULL     -- its hash, '' before the first
);
INSERT INTO audit_head (name, seq, hash) VALUES ('main', 0, '');

CREATE TABLE audit_entry (
	seq        BIGINT PRIMARY KEY,
	at_us      BIGINT NOT NULL,
	account    TEXT NOT NULL,
	login      TEXT NOT NULL,
	role       TEXT NOT NULL,
	via        TEXT NOT NULL,
	request    TEXT NOT NULL,
	use_case   TEXT NOT NULL,
	kind       TEXT NOT NULL,
	object     TEXT NOT NULL,
	what       TEXT NOT NULL,
	reason     TEXT NOT NULL,
	detail     TEXT NOT NULL,
	algo       TEXT NOT NULL,
	hash       TEXT NOT NULL
);
CREATE INDEX audit_entry_object ON audit_entry (kind, object, seq);
CREATE INDEX audit_entry_account ON audit_entry (account, seq);

CREATE TABLE outbox (
	seq     BIGINT NOT NULL,
	n       BIGINT NOT NULL,
	at_us   BIGINT NOT NULL,
	kind    TEXT NOT NULL,
	object  TEXT NOT NULL,
	data    TEXT NOT NULL,
	PRIMARY KEY (seq, n)
);

CREATE TABLE idempotency (
	account     TEXT NOT NULL,
	idem_key    TEXT NOT NULL,
	use_case    TEXT NOT NULL,
	input_hash  TEXT NOT NULL,
	result      TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	PRIMARY KEY (account, idem_key)
);
CREATE INDEX idempotency_created ON idempotency (created_us);
