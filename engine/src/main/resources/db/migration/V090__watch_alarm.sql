-- Unusual access that somebody should look at (IV.2). Names an actor and positions of the log,
-- never a person whose data it was.
create table alarm (
  -- The log's entry of raising it.
  alarm_id        uuid primary key,
  log             text not null,
  rule            text not null,
  actor_id        text,
  purpose         text,
  first_position  bigint not null,
  last_position   bigint not null,
  signs           bigint not null check (signs > 0),
  raised_at       timestamptz not null,
  last_at         timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  finding         text check (finding in ('false-alarm', 'justified', 'unjustified')),
  check ((acknowledged_at is null) = (finding is null)
     and (acknowledged_at is null) = (acknowledged_by is null)),
  check (first_position <= last_position)
);
create index alarm_listed on alarm ((acknowledged_at is not null), alarm_id desc);
create index alarm_open on alarm (rule, actor_id) where acknowledged_at is null;

revoke delete on alarm from ${application};

-- How far each log has been watched, by which node, and from where on the rules have to be told
-- again what they knew.
create table watch (
  log        text primary key,
  position   bigint not null,
  back       bigint not null,
  last_at    timestamptz,
  node       uuid not null,
  held_until timestamptz not null
);

-- Since when each actor uses data for each purpose.
create table first_use (
  actor_id text not null,
  purpose  text not null,
  used_at  timestamptz not null,
  primary key (actor_id, purpose)
);
