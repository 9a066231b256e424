-- What counts of the market read: each number is counted in an index.
CREATE INDEX market_post_seen ON market_post (state, visibility, kind, field, region, id);
