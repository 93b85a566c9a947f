-- The tree over the entries of a log, and what was signed of it. A log grows in one place: these
-- tables are spread by the log.

-- By the id first, by which a receipt names an entry; it grows at one end, since ids follow time.
alter table intake drop constraint intake_pkey;
alter table intake add primary key (id, intake_key);

-- An entry gets its place once. Whoever gives it holds the log's row in `tree`, so that no two
-- entries have the same place; over many machines no index could promise that.
create index intake_place on intake (log, leaf_index) where leaf_index is not null;
create index intake_waiting on intake (log, entered_at) where leaf_index is null;
grant update (leaf_index) on intake to ${application};

-- Every row is written twice, so half of the space is free soon: find it soon.
alter table intake set (
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_insert_scale_factor = 0.05
);

create table tree (
  log text primary key,
  size bigint not null,
  root bytea not null,
  -- Who lets the log grow, and until when nobody else need try. It keeps two from working side by
  -- side for nothing; what keeps them from harm is that this row changes from the size and root
  -- they began with, or not at all.
  held_by uuid not null,
  held_until timestamptz not null
);
revoke delete on tree from ${application};

-- The hashes, as C2SP tlog-tiles cuts the tree: 256 a tile, fewer on the right edge.
create table tile (
  log text not null,
  level smallint not null,
  index bigint not null,
  hashes bytea not null,
  primary key (log, level, index)
);
alter table tile alter column hashes set storage external;
revoke delete on tile from ${application};

-- What was signed: a note for each size that was published.
create table checkpoint (
  log text not null,
  size bigint not null,
  signed_at timestamptz not null default statement_timestamp(),
  note bytea not null,
  primary key (log, size)
);
revoke update, delete on checkpoint from ${application};
