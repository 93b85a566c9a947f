-- A review had the id of the entry it is about, and times by which entries are found: after an
-- erasure they tied two entries of one person to each other. It gets an id of its own, which stands
-- in the sealed detail of both entries and nowhere else.
update review
set review_id = gen_random_uuid(),
  used_at = date_trunc('second', used_at), due = date_trunc('second', due),
  reviewed_at = date_trunc('second', reviewed_at)
where subject_id <> review_id;

with old as (
  delete from review where subject_id = review_id returning *),
fresh as (select gen_random_uuid() as id, old.* from old)
insert into review (subject_id, review_id, actor_id, purpose, product, used_at, due, reviewed_at,
                    reviewed_by, finding)
select id, id, actor_id, purpose, product, date_trunc('day', used_at, 'UTC'),
       date_trunc('hour', due, 'UTC'), date_trunc('day', reviewed_at, 'UTC'), reviewed_by, finding
from fresh;
