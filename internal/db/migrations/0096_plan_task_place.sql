-- Where a unit of a task is: the staff of a district sees what its offices lead or take part in.

ALTER TABLE plan_task_org ADD COLUMN region TEXT NOT NULL DEFAULT '';
UPDATE plan_task_org SET region = COALESCE((SELECT o.region FROM org AS o
	WHERE o.id = plan_task_org.org_now), '');
CREATE INDEX plan_task_org_place ON plan_task_org (region, task) WHERE role = 'district';
