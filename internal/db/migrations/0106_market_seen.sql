-- Counts of the market are made from this index alone, whoever asks: it has all that the policy of posts
-- and the counts look at. Members' counts read every post before.

DROP INDEX market_post_seen;
CREATE INDEX market_post_seen ON market_post (state, visibility, kind, field, region, org_now, created_by,
	broker, id);
