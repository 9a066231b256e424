-- When an account wants no mails (免打扰时段). Without a word of its own the site's usual applies.

ALTER TABLE notify_setting ADD COLUMN quiet TEXT NOT NULL DEFAULT ''
	CHECK (quiet IN ('', 'none', 'own')); -- '' = as the site says
ALTER TABLE notify_setting ADD COLUMN quiet_from TEXT NOT NULL DEFAULT ''; -- 22:00, of 'own'
ALTER TABLE notify_setting ADD COLUMN quiet_to TEXT NOT NULL DEFAULT '';
ALTER TABLE notify_setting ADD COLUMN mail_days TEXT NOT NULL DEFAULT ''
	CHECK (mail_days IN ('', 'every', 'working')); -- '' = as the site says
