-- What a lock closed (锁定), and the values that had been computed and measured of its periods by then: whatever
-- formulas and rows say later, a locked period says what it said. They are sources, not a projection.

CREATE TABLE monitor_lock (
	in_lock    TEXT NOT NULL,     -- indicator_lock
	indicator  TEXT NOT NULL,
	first_day  TEXT NOT NULL,
	last_day   TEXT NOT NULL,
	PRIMARY KEY (in_lock, indicator)
);
CREATE INDEX monitor_lock_indicator ON monitor_lock (indicator);

CREATE TABLE monitor_kept (
	in_lock     TEXT NOT NULL,
	indicator   TEXT NOT NULL,     -- and so on as in monitor_point
	region      TEXT NOT NULL,
	about       TEXT NOT NULL,
	last_day    TEXT NOT NULL,
	period      TEXT NOT NULL,
	about_name  TEXT NOT NULL,
	value       TEXT NOT NULL,
	qualifier   TEXT NOT NULL,
	unit        TEXT NOT NULL,
	as_of       TEXT NOT NULL,
	definition  TEXT NOT NULL,
	era         BIGINT NOT NULL,
	cumulative  BOOLEAN NOT NULL,
	origin      TEXT NOT NULL,
	source      TEXT NOT NULL,
	evidence    TEXT NOT NULL,
	revision    BIGINT NOT NULL,
	at_us       BIGINT NOT NULL,
	PRIMARY KEY (in_lock, indicator, region, about, last_day, period)
);
CREATE INDEX monitor_kept_indicator ON monitor_kept (indicator);

-- What is locked already is kept as it is known today.
INSERT INTO monitor_lock (in_lock, indicator, first_day, last_day)
	SELECT l.id, l.object, l.first_day, l.last_day FROM indicator_lock AS l
		WHERE l.unlocked_us = 0 AND l.kind = 'indicator'
	UNION SELECT l.id, i.indicator, l.first_day, l.last_day FROM indicator_lock AS l
		JOIN indicator_edition_item AS i ON i.in_set = l.object
		JOIN indicator_set_edition AS e ON e.id = i.edition
		WHERE l.unlocked_us = 0 AND l.kind = 'set' AND e.state = 'published'
			AND (e.to_day = '' OR l.last_day < e.to_day) AND (e.from_day <= l.last_day
				OR NOT EXISTS (SELECT 1 FROM indicator_set_edition AS b WHERE b.in_set = e.in_set
					AND b.state = 'published' AND b.from_day < e.from_day));
INSERT INTO monitor_kept (in_lock, indicator, region, about, last_day, period, about_name, value, qualifier, unit,
		as_of, definition, era, cumulative, origin, source, evidence, revision, at_us)
	SELECT l.in_lock, p.indicator, p.region, p.about, p.last_day, p.period, p.about_name, p.value, p.qualifier,
		p.unit, p.as_of, p.definition, p.era, p.cumulative, p.origin, p.source, p.evidence, p.revision, p.at_us
	FROM monitor_lock AS l JOIN monitor_point AS p ON p.indicator = l.indicator
	WHERE p.origin <> 'observation' AND p.last_day <= l.last_day AND l.first_day <=
		CASE WHEN LENGTH(p.period) = 4 OR SUBSTR(p.period, 5) IN ('H1', 'Q1') THEN SUBSTR(p.period, 1, 4) || '-01-01'
			WHEN SUBSTR(p.period, 5) = 'Q2' THEN SUBSTR(p.period, 1, 4) || '-04-01'
			WHEN SUBSTR(p.period, 5) IN ('H2', 'Q3') THEN SUBSTR(p.period, 1, 4) || '-07-01'
			WHEN SUBSTR(p.period, 5) = 'Q4' THEN SUBSTR(p.period, 1, 4) || '-10-01'
			ELSE p.period || '-01' END;
