-- Values that went while a hold was on them, sealed under the hold's key. Nothing but what is done for
-- the hold reads them.
create table set_aside (
  hold_id      uuid not null,
  item         uuid not null,
  field        smallint not null,
  holder       smallint not null,
  product      smallint not null,
  source       smallint not null,
  version      int not null,
  collected_at timestamptz not null,
  observed_at  timestamptz,
  datum        uuid,
  sealed       bytea not null,
  primary key (hold_id, item)
);
alter table set_aside alter column sealed set storage external;
revoke update on set_aside from ${application};

-- Whatever lets a value go, by whichever way, a hold on it has it set aside before, or it stays. The
-- gate sees to it; this is for what goes past the gate.
do $migration$
declare
  body text;
begin
  body := $function$
create function require_set_aside() returns trigger
language plpgsql security definer set search_path = %1$I, pg_temp as $$
begin
  if exists (
      select from gone
      join legal_hold h on h.subject_id = gone.subject_id and h.until > statement_timestamp()
      join vocabulary v on v.code = gone.field and v.name = any(h.fields)
      where not exists (
        select from set_aside a
        where a.hold_id = h.hold_id and a.field = gone.field
          and a.product = gone.product and a.collected_at = gone.collected_at
          -- Only one of the two tables has either.
          and a.holder = coalesce((to_jsonb(gone) ->> 'holder')::smallint, 0)
          and a.datum is not distinct from (to_jsonb(gone) ->> 'datum')::uuid)) then
    raise exception 'a legal hold keeps a value that was to go' using errcode = '42501';
  end if;
  return null;
end
$$
$function$;
  execute format(body, current_schema());
end
$migration$;

create trigger require_set_aside_deleted after delete on datum
  referencing old table as gone for each statement execute function require_set_aside();
create trigger require_set_aside_replaced after update on datum
  referencing old table as gone for each statement execute function require_set_aside();
create trigger require_set_aside_deleted after delete on observation
  referencing old table as gone for each statement execute function require_set_aside();
