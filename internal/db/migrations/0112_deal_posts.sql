-- Staff of a place see the introductions whose posts they may know of, so that their counts look at the
-- posts, too. They stay within the index.

DROP INDEX deal_seen;
CREATE INDEX deal_seen ON deal (state, class, region, demand_now, supply_now, broker, end_us, due_us,
	chase_us, created_us, demand_post, supply_post, id);
