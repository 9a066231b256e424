-- Notices (消息): what an account is told, and how it wants to be told.

CREATE TABLE notify_notice (
	id          TEXT PRIMARY KEY,
	account     TEXT NOT NULL,
	kind        TEXT NOT NULL,    -- of the kinds that rooms declare
	uniq        TEXT NOT NULL,    -- the same thing is told an account once; '' for any number
	title       TEXT NOT NULL,    -- JSON: key of the text and its arguments
	detail      TEXT NOT NULL,    -- the same, '' for none
	href        TEXT NOT NULL,    -- page of the site it leads to, '' for none
	created_us  BIGINT NOT NULL,
	read_us     BIGINT NOT NULL,  -- 0: not read yet
	mail_us     BIGINT NOT NULL,  -- 0: waits for a digest; -1: goes into none; else when it went
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX notify_notice_once ON notify_notice (account, uniq) WHERE uniq <> '';
CREATE INDEX notify_notice_account ON notify_notice (account, created_us, id);
CREATE INDEX notify_notice_unread ON notify_notice (account, id) WHERE read_us = 0;
CREATE INDEX notify_notice_mail ON notify_notice (account, created_us) WHERE mail_us = 0;
CREATE INDEX notify_notice_created ON notify_notice (created_us);

-- What an account said about mail. Without a row the site's usual applies.
CREATE TABLE notify_setting (
	account     TEXT PRIMARY KEY,
	digest      TEXT NOT NULL CHECK (digest IN ('none', 'daily', 'weekly')),
	lang        TEXT NOT NULL,    -- of its mails
	token       TEXT NOT NULL UNIQUE, -- opens the page that ends the mails
	digest_us   BIGINT NOT NULL,  -- when the last digest was made
	updated_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);

-- Kinds an account does not want in the inbox or in mails.
CREATE TABLE notify_quiet (
	account  TEXT NOT NULL,
	kind     TEXT NOT NULL,
	inbox    BOOLEAN NOT NULL,    -- not in the inbox either
	PRIMARY KEY (account, kind)
);

-- Mails to send, each once. The address is read when it is sent.
CREATE TABLE notify_mail (
	id          TEXT PRIMARY KEY,
	account     TEXT NOT NULL,
	subject     TEXT NOT NULL,
	body        TEXT NOT NULL,
	state       TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
	error       TEXT NOT NULL,    -- of the last try, without addresses
	created_us  BIGINT NOT NULL,
	sent_us     BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX notify_mail_created ON notify_mail (created_us, id);
