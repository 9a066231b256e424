-- An auction that follows a listing with several takers, and the listing that it ended.

ALTER TABLE auction_item ADD COLUMN listing TEXT NOT NULL DEFAULT '';
DROP INDEX auction_item_live;
CREATE UNIQUE INDEX auction_item_live ON auction_item (post)
	WHERE state NOT IN ('draft', 'failed', 'cancelled', 'signed', 'contested');
CREATE INDEX auction_item_listing ON auction_item (listing) WHERE listing <> '';
