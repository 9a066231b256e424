-- Introductions (对接) between a need and an achievement, or a post and an organisation.

CREATE TABLE deal (
	id                 TEXT PRIMARY KEY,
	code               TEXT NOT NULL,     -- DJ-2026-00012
	title              TEXT NOT NULL,     -- of the post it is about
	demand_post        TEXT NOT NULL,     -- market_post, '' for none
	demand_org         TEXT NOT NULL,     -- party_org as it was chosen
	demand_now         TEXT NOT NULL,     -- the record it lives on as
	demand_name        TEXT NOT NULL,
	demand_role        TEXT NOT NULL,     -- in which its people act
	demand_nda_us      BIGINT NOT NULL,   -- accepted the agreement, 0 = not
	demand_nda_by      TEXT NOT NULL,     -- log-in
	demand_consent_us  BIGINT NOT NULL,
	demand_consent_by  TEXT NOT NULL,
	supply_post        TEXT NOT NULL,
	supply_org         TEXT NOT NULL,
	supply_now         TEXT NOT NULL,
	supply_name        TEXT NOT NULL,
	supply_role        TEXT NOT NULL,     -- in which its people act
	supply_nda_us      BIGINT NOT NULL,
	supply_nda_by      TEXT NOT NULL,
	supply_consent_us  BIGINT NOT NULL,
	supply_consent_by  TEXT NOT NULL,
	asked_by           TEXT NOT NULL,     -- demand, supply, broker, bureau
	source             TEXT NOT NULL,     -- match, search, post, demo
	message            TEXT NOT NULL,
	nda                TEXT NOT NULL,     -- text of the agreement, '' for none
	field              TEXT NOT NULL,
	region             TEXT NOT NULL,
	broker             TEXT NOT NULL,     -- deal_broker, '' for none
	mode               TEXT NOT NULL,     -- 合作方式 agreed on
	amount_fen         BIGINT NOT NULL,   -- 意向金额
	contract_fen       BIGINT NOT NULL,   -- 合同成交额
	contract_no        TEXT NOT NULL,     -- 合同登记编号, 16 or 14 digits
	signed_on          TEXT NOT NULL,
	registered_on      TEXT NOT NULL,
	class              TEXT NOT NULL,     -- why it ended without a contract
	next_step          TEXT NOT NULL,
	due_us             BIGINT NOT NULL,   -- until when the next move is due
	chase_us           BIGINT NOT NULL,   -- and until when the broker is to have moved it
	answer_us          BIGINT NOT NULL,   -- first answer of who was asked, 0 = none yet
	end_us             BIGINT NOT NULL,   -- 0 = goes on
	state              TEXT NOT NULL,
	created_us         BIGINT NOT NULL,
	created_by         TEXT NOT NULL,
	updated_us         BIGINT NOT NULL,
	version            BIGINT NOT NULL
);
CREATE UNIQUE INDEX deal_code ON deal (code);
CREATE INDEX deal_created ON deal (created_us, id);
CREATE INDEX deal_updated ON deal (updated_us, id);
CREATE INDEX deal_due ON deal (due_us, id);
CREATE INDEX deal_state ON deal (state, updated_us, id);
CREATE INDEX deal_demand ON deal (demand_now, updated_us, id);
CREATE INDEX deal_supply ON deal (supply_now, updated_us, id);
CREATE INDEX deal_demand_post ON deal (demand_post) WHERE demand_post <> '';
CREATE INDEX deal_supply_post ON deal (supply_post) WHERE supply_post <> '';
CREATE INDEX deal_broker_of ON deal (broker, updated_us, id) WHERE broker <> '';

-- Whom to turn to, of each side. It is kept apart so that nothing that shows an introduction reads
-- it by accident.
CREATE TABLE deal_contact (
	deal   TEXT NOT NULL,
	side   TEXT NOT NULL,  -- demand, supply
	name   TEXT NOT NULL,
	phone  TEXT NOT NULL,
	mail   TEXT NOT NULL,
	PRIMARY KEY (deal, side)
);

-- The timeline. Each line says who may see it.
CREATE TABLE deal_entry (
	id      TEXT PRIMARY KEY,
	deal    TEXT NOT NULL,
	kind    TEXT NOT NULL,  -- step, meeting, note, work, contact, overdue, split
	step    TEXT NOT NULL,
	at_us   BIGINT NOT NULL,
	side    TEXT NOT NULL,  -- of who did it: demand, supply, broker, bureau, system
	login   TEXT NOT NULL,
	broker  TEXT NOT NULL,  -- deal_broker, when one did it
	seen    TEXT NOT NULL,  -- all, demand, supply, demand_staff, supply_staff, staff
	text    TEXT NOT NULL,
	data    TEXT NOT NULL   -- JSON
);
CREATE INDEX deal_entry_deal ON deal_entry (deal, at_us, id);
CREATE INDEX deal_entry_broker ON deal_entry (broker, at_us, id) WHERE broker <> '';

-- Pairs of characters of titles and names, for the search boxes.
CREATE TABLE deal_gram (
	kind    TEXT NOT NULL,  -- deal, broker
	gram    TEXT NOT NULL,
	object  TEXT NOT NULL,
	PRIMARY KEY (kind, gram, object)
);
CREATE INDEX deal_gram_object ON deal_gram (kind, object);

CREATE TABLE deal_counter (
	scope  TEXT PRIMARY KEY,
	last   BIGINT NOT NULL
);
