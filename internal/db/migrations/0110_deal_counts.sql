-- Introductions are counted from deal_seen alone, whoever asks: it has all that the policy and the counts
-- look at. Those that go on are few among all that ever were.

CREATE INDEX deal_seen ON deal (state, class, region, demand_now, supply_now, broker, end_us, due_us,
	chase_us, created_us, id);
CREATE INDEX deal_open ON deal (due_us, id) WHERE end_us = 0;
