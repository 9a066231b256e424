-- Why an edition of the rules of the market was made, and who made it.

ALTER TABLE market_rule ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE market_rule ADD COLUMN author TEXT NOT NULL DEFAULT ''; -- log-in

ALTER TABLE deal_rule ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE deal_rule ADD COLUMN author TEXT NOT NULL DEFAULT '';
