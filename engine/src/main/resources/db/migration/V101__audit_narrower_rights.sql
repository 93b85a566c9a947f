-- How old entries are that go to the archive was the application's word, and until when they are
-- kept hangs on it: it is what their ids say, which are theirs since they were entered.
do $migration$
declare
  body text;
begin
  body := $function$
create or replace function archive_tile(of_log text, tile bigint, entry_ids uuid[], made tstzrange,
    of_epoch integer, wrapped_key bytea, sealed_entries bytea)
returns boolean language plpgsql security definer set search_path = %1$I, pg_temp as $$
declare
  first_place constant bigint := tile * 256;
  moved integer;
begin
  if not exists (select from checkpoint where log = of_log and size >= first_place + 256) then
    raise exception 'no checkpoint covers tile %% of log %%', tile, of_log;
  end if;
  if made is distinct from (
      select tstzrange(min(at), max(at), '[]') from (
        select timestamptz 'epoch' + interval '1 millisecond'
          * ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint as at
        from unnest(entry_ids) as entry (id)) as made_at) then
    raise exception 'tile %% of log %% was made at another time', tile, of_log;
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
end
$migration$;

-- From where and until when entries are kept is for the function that lets them go, and the lines of
-- a history go with the person alone. Where one role serves and owns, it keeps the rights.
do $$
begin
  if '${application}' <> 'current_user' then
    revoke update on tree from ${application};
    grant update (size, root, held_by, held_until) on tree to ${application};
    revoke delete on history_line from ${application};
  end if;
end
$$;
