-- Which series a light was computed from: that of a unit, or '' for that of the place.

ALTER TABLE monitor_light ADD COLUMN read_about TEXT NOT NULL DEFAULT '';
ALTER TABLE monitor_light ADD COLUMN lead TEXT NOT NULL DEFAULT '';
ALTER TABLE monitor_light ADD COLUMN owner TEXT NOT NULL DEFAULT '';
UPDATE monitor_light SET read_about = about, lead = about;
CREATE INDEX monitor_light_lead ON monitor_light (lead) WHERE lead <> '';
CREATE INDEX monitor_light_owner ON monitor_light (owner) WHERE owner <> '';
