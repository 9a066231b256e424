-- Files by content. A row here promises that the file is in the data directory.

CREATE TABLE blob (
	hash        TEXT PRIMARY KEY CHECK (length(hash) = 64),  -- SHA-256, lower-case hex
	size        BIGINT NOT NULL CHECK (size > 0),            -- bytes
	media_type  TEXT NOT NULL,                               -- decided by content
	created_us  BIGINT NOT NULL,
	created_by  TEXT NOT NULL,                               -- account
	version     BIGINT NOT NULL                              -- grows with each new reference
);

-- Which object a file belongs to. Who may read the object may read the file under this name.
CREATE TABLE blob_ref (
	id           TEXT PRIMARY KEY,
	hash         TEXT NOT NULL REFERENCES blob (hash),
	kind         TEXT NOT NULL,    -- kind of attachment: "party.licence"
	object_kind  TEXT NOT NULL,
	object_id    TEXT NOT NULL,
	name         TEXT NOT NULL,    -- cleaned, for people; never a path
	size         BIGINT NOT NULL,  -- of the file, so that an owner's sum needs one index
	owner        TEXT NOT NULL,    -- organisation or account whose quota it counts against
	created_us   BIGINT NOT NULL,
	created_by   TEXT NOT NULL,    -- account
	version      BIGINT NOT NULL
);
CREATE INDEX blob_ref_object ON blob_ref (object_kind, object_id, id);
CREATE INDEX blob_ref_owner ON blob_ref (owner, size);
CREATE INDEX blob_ref_hash ON blob_ref (hash);
