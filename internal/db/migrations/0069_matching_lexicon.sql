-- The words of the field that were learned from the posts everybody may read (领域词库).
CREATE TABLE matching_lexicon (
	number   BIGINT PRIMARY KEY,   -- its edition
	list     TEXT NOT NULL,        -- a word on each line with how often it was met, and how surely it is one
	words    BIGINT NOT NULL,
	posts    BIGINT NOT NULL,      -- that it was learned from
	made_us  BIGINT NOT NULL
);
