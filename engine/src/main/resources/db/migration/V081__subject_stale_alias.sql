-- Aliases that no value stands behind: numbers that V061 took from their product, and that could be
-- neither found nor given to anybody since. They are collected anew.
delete from alias a
where a.holder = 0
  and not exists (
    select from datum d
    where d.subject_id = a.subject_id and d.field = a.field and d.holder = 0);
