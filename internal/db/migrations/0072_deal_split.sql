-- Commissions of brokers (佣金) as agreed in an introduction, and complaints about brokers.

CREATE TABLE deal_split (
	id          TEXT PRIMARY KEY,
	deal        TEXT NOT NULL,
	n           BIGINT NOT NULL,  -- 1, 2, 3 …
	rate_bp     BIGINT NOT NULL,  -- of the price of the contract, hundredths of a percent
	note        TEXT NOT NULL,
	parts       TEXT NOT NULL,    -- JSON: who gets how much; 10,000 together
	demand_us   BIGINT NOT NULL,  -- confirmed, 0 = not
	demand_by   TEXT NOT NULL,
	supply_us   BIGINT NOT NULL,
	supply_by   TEXT NOT NULL,
	broker_us   BIGINT NOT NULL,
	broker_by   TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,    -- log-in
	version     BIGINT NOT NULL
);
CREATE UNIQUE INDEX deal_split_n ON deal_split (deal, n);

CREATE TABLE deal_complaint (
	id          TEXT PRIMARY KEY,
	deal        TEXT NOT NULL,
	broker      TEXT NOT NULL,
	side        TEXT NOT NULL,    -- demand, supply
	text        TEXT NOT NULL,
	state       TEXT NOT NULL,    -- open, upheld, dismissed
	answer      TEXT NOT NULL,
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,    -- log-in
	decided_us  BIGINT NOT NULL,
	version     BIGINT NOT NULL
);
CREATE INDEX deal_complaint_broker ON deal_complaint (broker, created_us, id);
CREATE INDEX deal_complaint_state ON deal_complaint (state, created_us, id);
