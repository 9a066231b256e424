-- A table of posts changes those that it names by their code.
ALTER TABLE market_import ADD COLUMN changes BIGINT NOT NULL DEFAULT 0; -- rows that changed a post
ALTER TABLE market_import ADD COLUMN same BIGINT NOT NULL DEFAULT 0;    -- rows that named a post and changed nothing
