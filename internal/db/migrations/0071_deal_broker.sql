-- Technology brokers (技术经理人) and with whom they have a conflict of interest.

CREATE TABLE deal_broker (
	id           TEXT PRIMARY KEY,
	account      TEXT NOT NULL,   -- whose record it is, '' while nobody uses it
	person       TEXT NOT NULL,   -- party_person, '' for none
	name         TEXT NOT NULL,
	org          TEXT NOT NULL,   -- party_org as it was chosen, '' for none
	org_now      TEXT NOT NULL,
	org_name     TEXT NOT NULL,
	region       TEXT NOT NULL,
	grade        TEXT NOT NULL,
	certificate  TEXT NOT NULL,
	issuer       TEXT NOT NULL,
	valid_from   TEXT NOT NULL,
	valid_to     TEXT NOT NULL,
	summary      TEXT NOT NULL,
	phone        TEXT NOT NULL,   -- of the office; shown to everybody
	state        TEXT NOT NULL,
	credit       BIGINT NOT NULL, -- last computed
	created_us   BIGINT NOT NULL,
	created_by   TEXT NOT NULL,
	updated_us   BIGINT NOT NULL,
	version      BIGINT NOT NULL
);
CREATE UNIQUE INDEX deal_broker_account ON deal_broker (account) WHERE account <> '';
CREATE INDEX deal_broker_person ON deal_broker (person) WHERE person <> '';
CREATE INDEX deal_broker_name ON deal_broker (name, id);
CREATE INDEX deal_broker_state ON deal_broker (state, name, id);
CREATE INDEX deal_broker_credit ON deal_broker (credit, id);
CREATE INDEX deal_broker_created ON deal_broker (created_us, id);

CREATE TABLE deal_broker_field (
	broker  TEXT NOT NULL,
	field   TEXT NOT NULL,   -- 技术领域
	PRIMARY KEY (broker, field)
);
CREATE INDEX deal_broker_field_field ON deal_broker_field (field, broker);

-- Posts that a broker looks after.
CREATE TABLE deal_broker_post (
	broker    TEXT NOT NULL,
	post      TEXT NOT NULL,
	added_us  BIGINT NOT NULL,
	PRIMARY KEY (broker, post)
);
CREATE INDEX deal_broker_post_post ON deal_broker_post (post, broker);

CREATE TABLE deal_conflict (
	id           TEXT PRIMARY KEY,
	broker       TEXT NOT NULL,
	account      TEXT NOT NULL,   -- of the broker
	org          TEXT NOT NULL,
	org_now      TEXT NOT NULL,
	org_name     TEXT NOT NULL,
	source       TEXT NOT NULL,   -- declared, employer, member
	reason       TEXT NOT NULL,
	declared_us  BIGINT NOT NULL,
	ended_us     BIGINT NOT NULL, -- 0 = holds
	version      BIGINT NOT NULL
);
CREATE INDEX deal_conflict_broker ON deal_conflict (broker, declared_us, id);
CREATE INDEX deal_conflict_account ON deal_conflict (account, org_now);
CREATE INDEX deal_conflict_org ON deal_conflict (org);
