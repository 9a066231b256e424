-- What a target asked for when its light opened the task: nobody closes the task by asking for less.
-- Tasks that were opened before this was kept have nothing here and are judged by their number alone.

ALTER TABLE monitor_alert ADD COLUMN asked TEXT NOT NULL DEFAULT '';
