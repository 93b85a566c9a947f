-- The lines of a person's history: which entries are about the person, sealed under the person's
-- key. What is left of them after an erasure, in dead rows, in the write-ahead log or in a backup,
-- leads nobody to an entry. They take the place of `access`, whose rows go when they are sealed.
create table history_line (
  subject_id uuid not null references history (subject_id) on delete cascade,
  -- In the order in which the entries were made, by an amount apart from the time that the key says.
  place bigint not null,
  sealed bytea not null,
  primary key (subject_id, place)
);
alter table history_line alter column sealed set storage plain;
revoke update on history_line from ${application};

-- What is entered together must not be tied by when it came.
alter table intake alter column entered_at
  set default date_trunc('second', statement_timestamp());

-- An entry gets its place once, from the application too: one that lost it would get another.
create function keep_place() returns trigger language plpgsql as $$
begin
  raise exception 'an entry has its place for good' using errcode = '42501';
end
$$;
create trigger keep_place before update of leaf_index on intake for each row
  when (old.leaf_index is not null and current_user = '${application}')
  execute function keep_place();
