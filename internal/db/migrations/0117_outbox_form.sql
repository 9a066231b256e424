-- In which form the program makes what a consumer keeps: where it makes another one now, the projection is made anew.

ALTER TABLE outbox_cursor ADD COLUMN form TEXT NOT NULL DEFAULT '';
