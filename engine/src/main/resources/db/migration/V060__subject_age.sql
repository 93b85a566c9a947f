-- From which age people counted as adults when the class was stored: a policy that asks for more has
-- it computed anew (VI.1). Zero for accounts of before: computed anew whenever there is a birth date.
alter table subject add column adult_at smallint not null default 0;
