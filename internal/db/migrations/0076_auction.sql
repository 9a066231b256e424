-- Listings and auctions (挂牌, 拍卖) of achievements.

CREATE TABLE auction_item (
	id              TEXT PRIMARY KEY,
	code            TEXT NOT NULL,    -- PM-2026-003
	post            TEXT NOT NULL,    -- market_post
	post_title      TEXT NOT NULL,
	org             TEXT NOT NULL,    -- owner of the post
	org_now         TEXT NOT NULL,
	org_name        TEXT NOT NULL,
	mode            TEXT NOT NULL,    -- listing, english, first, second
	text            TEXT NOT NULL,
	start_fen       BIGINT NOT NULL,
	reserve_fen     BIGINT NOT NULL,  -- told to nobody before the end
	increment_fen   BIGINT NOT NULL,
	deposit_fen     BIGINT NOT NULL,
	opens_us        BIGINT NOT NULL,
	ends_us         BIGINT NOT NULL,  -- as announced
	within_us       BIGINT NOT NULL,  -- a bid in the last so many extends
	extend_us       BIGINT NOT NULL,  -- to so many after it
	notice_days     BIGINT NOT NULL,
	publicity_days  BIGINT NOT NULL,
	noticed_us      BIGINT NOT NULL,
	publicised_us   BIGINT NOT NULL,
	-- What the log comes to so far.
	begun           BOOLEAN NOT NULL,
	closed          BOOLEAN NOT NULL,
	closes_us       BIGINT NOT NULL,
	price_fen       BIGINT NOT NULL,
	second_fen      BIGINT NOT NULL,
	leader          TEXT NOT NULL,
	bids            BIGINT NOT NULL,
	winner          TEXT NOT NULL,
	pay_fen         BIGINT NOT NULL,
	state           TEXT NOT NULL,
	created_us      BIGINT NOT NULL,
	created_by      TEXT NOT NULL,
	updated_us      BIGINT NOT NULL,
	version         BIGINT NOT NULL
);
CREATE UNIQUE INDEX auction_item_code ON auction_item (code);
CREATE UNIQUE INDEX auction_item_live ON auction_item (post)
	WHERE state NOT IN ('draft', 'failed', 'cancelled', 'signed');
CREATE INDEX auction_item_created ON auction_item (created_us, id);
CREATE INDEX auction_item_closes ON auction_item (closes_us, id);
CREATE INDEX auction_item_state ON auction_item (state, closes_us, id);

-- Who wants to take part, with the deposit.
CREATE TABLE auction_applicant (
	id             TEXT PRIMARY KEY,
	auction        TEXT NOT NULL,
	number         BIGINT NOT NULL,  -- by which the others know it
	account        TEXT NOT NULL,
	org            TEXT NOT NULL,
	org_now        TEXT NOT NULL,
	org_name       TEXT NOT NULL,
	contact        TEXT NOT NULL,
	note           TEXT NOT NULL,
	state          TEXT NOT NULL,    -- applied, admitted, refused
	reason         TEXT NOT NULL,
	deposit_fen    BIGINT NOT NULL,
	deposit_state  TEXT NOT NULL,    -- none, paid, returned, forfeited
	deposit_us     BIGINT NOT NULL,
	created_us     BIGINT NOT NULL,
	version        BIGINT NOT NULL
);
CREATE UNIQUE INDEX auction_applicant_once ON auction_applicant (auction, org);
CREATE UNIQUE INDEX auction_applicant_number ON auction_applicant (auction, number);
CREATE INDEX auction_applicant_org ON auction_applicant (org_now, auction);

-- The course of an auction. Rows are only ever added.
CREATE TABLE auction_log (
	auction  TEXT NOT NULL,
	seq      BIGINT NOT NULL,
	at_us    BIGINT NOT NULL,
	kind     TEXT NOT NULL,
	who      TEXT NOT NULL,    -- auction_applicant
	fen      BIGINT NOT NULL,
	rules    TEXT NOT NULL,    -- JSON
	PRIMARY KEY (auction, seq)
);

-- Sealed bids until they are opened, encrypted.
CREATE TABLE auction_sealed (
	auction    TEXT NOT NULL,
	applicant  TEXT NOT NULL,
	n          BIGINT NOT NULL,
	cipher     TEXT NOT NULL,
	at_us      BIGINT NOT NULL,
	PRIMARY KEY (auction, applicant)
);

CREATE TABLE auction_counter (
	scope  TEXT PRIMARY KEY,
	last   BIGINT NOT NULL
);
