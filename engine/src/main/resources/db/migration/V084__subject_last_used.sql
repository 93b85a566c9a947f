-- The last day, UTC, on which the person used each product, in the order of `products`; nothing but
-- their own use moves it (II.II.3). Nobody wrote it down before: accounts of before count as used
-- today, so that nobody is dormant too early.
alter table subject add column last_used date[];
update subject
set last_used = array_fill((now() at time zone 'UTC')::date, array[cardinality(products)]);
alter table subject alter column last_used set not null;

-- Who is dormant follows from that day and the policy, and is no status.
update subject set status = 'active' where status = 'dormant';
alter table subject drop constraint subject_status_check;
alter table subject add check (status in ('active', 'restricted', 'deceased'));
