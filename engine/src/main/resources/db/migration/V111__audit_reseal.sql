-- What of the log is sealed under an epoch's keys is sealed anew under the next, and nothing else of it
-- changes. The application may do no more: a row that is of another epoch by now stays as it is.
do $migration$
declare
  body text;
begin
  body := $function$
create function reseal_intake(entry_ids uuid[], before integer, after integer, anew bytea[])
returns bigint language sql security definer set search_path = %1$I, pg_temp as $$
  with resealed as (
    update intake i set epoch = after, sealed = n.sealed
    from unnest(entry_ids, anew) as n (id, sealed)
    where i.id = n.id and i.epoch = before and after > before
    returning 1)
  select count(*) from resealed
$$
$function$;
  execute format(body, current_schema());

  body := $function$
create function rewrap_tile(of_log text, tile bigint, before integer, after integer, anew bytea)
returns boolean language sql security definer set search_path = %1$I, pg_temp as $$
  with rewrapped as (
    update archive set epoch = after, wrapped = anew
    where log = of_log and index = tile and epoch = before and after > before
    returning 1)
  select exists (select from rewrapped)
$$
$function$;
  execute format(body, current_schema());
end
$migration$;

revoke execute on function reseal_intake, rewrap_tile from public;
grant execute on function reseal_intake, rewrap_tile to ${application};
