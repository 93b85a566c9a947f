-- Old entries, a whole tile of them a row; where they are, they are not in `intake`. A tile goes
-- there once, and from there only when it is no longer kept: its hashes stay in `tile`, so the root
-- is proved without it.
create table archive (
  log text not null,
  index bigint not null,
  -- Of the entries, in the order of their places, and when the first and the last id was made.
  ids uuid[] not null,
  period tstzrange not null,
  -- The key that opens `sealed`, itself sealed under the intake key of the epoch.
  epoch integer not null,
  wrapped bytea not null,
  sealed bytea not null,
  primary key (log, index)
);
alter table archive alter column sealed set storage external;
create index archive_period on archive using gist (period);
revoke insert, update, delete on archive from ${application};

-- The place of the first entry that is still kept.
alter table tree add column first bigint not null default 0;

-- Until when those before it were made: a person's history may still lead to them.
alter table tree add column kept_from timestamptz not null default '-infinity';

-- The application takes no entry away but by these two, and never one that was not signed, or that
-- the law demands. A table of the same name that somebody made for a session is looked for last.
do $migration$
declare
  body text;
begin
  body := $function$
create function archive_tile(of_log text, tile bigint, entry_ids uuid[], made tstzrange,
    of_epoch integer, wrapped_key bytea, sealed_entries bytea)
returns boolean language plpgsql security definer set search_path = %1$I, pg_temp as $$
declare
  first_place constant bigint := tile * 256;
  moved integer;
begin
  if not exists (select from checkpoint where log = of_log and size >= first_place + 256) then
    raise exception 'no checkpoint covers tile %% of log %%', tile, of_log;
  end if;
  insert into archive (log, index, ids, period, epoch, wrapped, sealed)
  values (of_log, tile, entry_ids, made, of_epoch, wrapped_key, sealed_entries)
  on conflict do nothing;
  if not found then
    return false;
  end if;
  delete from intake
  where log = of_log and leaf_index >= first_place and leaf_index < first_place + 256
    and id = entry_ids[leaf_index - first_place + 1];
  get diagnostics moved = row_count;
  if moved <> 256 then
    raise exception 'tile %% of log %% has %% entries of those ids', tile, of_log, moved;
  end if;
  -- Checkpoints that nobody else signed, and newer ones take the place of.
  delete from checkpoint
  where log = of_log and size > first_place and size <= first_place + 256
    and size < (select max(size) from checkpoint where log = of_log)
    and not exists (select from cosignature
      where cosignature.log = of_log and cosignature.size = checkpoint.size);
  return true;
end
$$
$function$;
  execute format(body, current_schema());

  body := $function$
create function prune_archive(of_log text, before_tile bigint)
returns bigint language plpgsql security definer set search_path = %1$I, pg_temp as $$
declare
  gone integer;
begin
  if exists (select from archive where log = of_log and index < before_tile
      and upper(period) > clock_timestamp() - interval '3 years') then
    raise exception 'entries of log %% are younger than the law asks', of_log;
  end if;
  update tree set kept_from = greatest(kept_from,
    (select max(upper(period)) from archive where log = of_log and index < before_tile))
  where log = of_log;
  delete from archive where log = of_log and index < before_tile;
  get diagnostics gone = row_count;
  update tree set first = before_tile * 256
  where log = of_log and first = (before_tile - gone) * 256;
  if not found then
    raise exception 'log %% is not kept from where tile %% says', of_log, before_tile - gone;
  end if;
  return gone;
end
$$
$function$;
  execute format(body, current_schema());
end
$migration$;

revoke execute on function archive_tile, prune_archive from public;
grant execute on function archive_tile, prune_archive to ${application};
