-- Changes of epochs: asked for, at work, and done. What there is to do is told by the rows that are
-- still of the older epoch; here stands what these do not tell.
create table rotation (
  from_epoch   int primary key,
  -- So many keys a second at most.
  rate         int not null check (rate > 0),
  requested_at timestamptz not null default statement_timestamp(),
  -- When the keys of the older epoch are to be destroyed, if nothing is left under it then.
  destroy_at   timestamptz not null,
  -- Since when nothing needs them, and a trial has shown it.
  ready_at     timestamptz,
  destroyed_at timestamptz,
  -- What keeps it from going on, in words, if something does.
  trouble      text
);
revoke delete on rotation from ${application};
