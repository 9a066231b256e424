-- What technology brokers show of themselves: past cases, and certificates that the bureau confirms.

CREATE TABLE deal_broker_case (
	id          TEXT PRIMARY KEY,
	broker      TEXT NOT NULL,
	title       TEXT NOT NULL,
	day         TEXT NOT NULL,    -- of the contract or of the end
	field       TEXT NOT NULL,    -- 技术领域
	work        TEXT NOT NULL,    -- what the broker did
	text        TEXT NOT NULL,
	deal        TEXT NOT NULL,    -- the introduction it was, '' for one outside the platform
	source      TEXT NOT NULL,    -- where it can be read of, of one outside
	url         TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL     -- log-in
);
CREATE INDEX deal_broker_case_broker ON deal_broker_case (broker, day, id);
CREATE UNIQUE INDEX deal_broker_case_deal ON deal_broker_case (broker, deal) WHERE deal <> '';

CREATE TABLE deal_broker_certificate (
	id          TEXT PRIMARY KEY,
	broker      TEXT NOT NULL,
	title       TEXT NOT NULL,
	grade       TEXT NOT NULL,    -- '' for one without
	number      TEXT NOT NULL,
	issuer      TEXT NOT NULL,
	valid_from  TEXT NOT NULL,
	valid_to    TEXT NOT NULL,    -- last day, '' for one without an end
	state       TEXT NOT NULL,    -- claimed, confirmed, refused
	answer      TEXT NOT NULL,    -- of the bureau
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,    -- log-in
	decided_us  BIGINT NOT NULL,
	decided_by  TEXT NOT NULL,    -- log-in
	version     BIGINT NOT NULL
);
CREATE INDEX deal_broker_certificate_broker ON deal_broker_certificate (broker, created_us, id);
CREATE INDEX deal_broker_certificate_state ON deal_broker_certificate (state, created_us, id);
