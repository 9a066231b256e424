-- Letters of supervision (督办函) and what their units answered.

CREATE TABLE dispatch_letter (
	id            TEXT PRIMARY KEY,
	number        TEXT NOT NULL,    -- 并督函〔2026〕3号, '' until it is signed
	title         TEXT NOT NULL,
	text          TEXT NOT NULL,
	reasons       TEXT NOT NULL,    -- JSON: why, in words
	rule          TEXT NOT NULL,    -- dispatch_rule that proposed it, '' for none
	task          TEXT NOT NULL,    -- plan_task it is about, '' for none
	decision      TEXT NOT NULL,    -- dispatch_decision it is about, '' for none
	region        TEXT NOT NULL,
	org           TEXT NOT NULL,    -- to whom
	org_now       TEXT NOT NULL,
	org_name      TEXT NOT NULL,
	org_role      TEXT NOT NULL,
	org_region    TEXT NOT NULL,
	supervisor    TEXT NOT NULL,    -- account that answers once the reply is late
	reply_days    BIGINT NOT NULL,  -- working days
	reply_until   BIGINT NOT NULL,  -- minute of the last day
	answer_days   BIGINT NOT NULL,  -- working days in which the bureau looks at the reply
	due_us        BIGINT NOT NULL,  -- deadline of the reply, 0 until it is signed
	signed_us     BIGINT NOT NULL,
	signer        TEXT NOT NULL,
	delivered_us  BIGINT NOT NULL,
	reply         TEXT NOT NULL,
	replied_us    BIGINT NOT NULL,
	replier       TEXT NOT NULL,
	closed_us     BIGINT NOT NULL,
	state         TEXT NOT NULL,
	created_us    BIGINT NOT NULL,
	created_by    TEXT NOT NULL,
	updated_us    BIGINT NOT NULL,
	version       BIGINT NOT NULL
);
CREATE UNIQUE INDEX dispatch_letter_number ON dispatch_letter (number) WHERE number <> '';
CREATE INDEX dispatch_letter_created ON dispatch_letter (created_us, id);
CREATE INDEX dispatch_letter_due ON dispatch_letter (due_us, id);
CREATE INDEX dispatch_letter_state ON dispatch_letter (state, created_us, id);
CREATE INDEX dispatch_letter_task ON dispatch_letter (task) WHERE task <> '';
CREATE INDEX dispatch_letter_org ON dispatch_letter (org_now, created_us, id);
