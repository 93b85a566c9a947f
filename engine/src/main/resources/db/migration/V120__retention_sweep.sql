-- Which round of sweeping is at work: in each, every person is looked at once. Small, and on every
-- node whole.
create table sweep (
  one      boolean primary key default true check (one),
  round    bigint not null,
  begun_at timestamptz not null,
  -- Null while the round is at work, or was cut off: the next wake goes on with it.
  ended_at timestamptz
);
insert into sweep (round, begun_at, ended_at) values (0, '-infinity', '-infinity');
revoke insert, delete on sweep from ${application};

-- A share of all people, by the first six bits of their ids; whoever works on it says so in the row,
-- which nobody else takes before the time is up.
create table sweep_range (
  number     smallint primary key check (number between 0 and 63),
  -- The last round that looked at all of it.
  round      bigint not null,
  -- How far the round after that looked: the first half of somebody's id, and nobody's.
  reached    uuid,
  node       uuid,
  held_until timestamptz not null
);
insert into sweep_range (number, round, held_until)
select number, 0, '-infinity' from generate_series(0, 63) as number;
revoke insert, delete on sweep_range from ${application};

-- How many values of a category were deleted on a day, UTC, in the transactions that deleted them.
create table expired (
  day      date not null,
  category text not null,
  -- So that no two nodes count in the same row.
  range    smallint not null,
  count    bigint not null check (count > 0),
  primary key (day, category, range)
);
revoke delete on expired from ${application};
