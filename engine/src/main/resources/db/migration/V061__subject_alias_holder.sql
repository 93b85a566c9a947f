-- Whose alias it is: the holder of the datum it is of, 0 for the account as a whole, else the product
-- (each product has its own number for a person). Numbers of before, which one product took from
-- another, belong to nobody in particular and are collected anew.
alter table alias add column holder smallint not null default 0;
alter table alias alter column holder drop default;
drop index alias_subject;
create index alias_subject on alias (subject_id, field, holder);
