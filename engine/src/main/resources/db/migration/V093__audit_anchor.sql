-- What places outside know of a log's checkpoints. What is lost of these tables when a database is
-- put back, the places tell.
create table anchor (
  log text not null,
  name text not null,
  -- How many entries the checkpoint covers that is known to be there.
  size bigint,
  confirmed_at timestamptz,
  tried_at timestamptz,
  failures integer not null default 0,
  error text,
  -- Why the log must not be signed on, if what is known there is not what the database has.
  trouble text,
  next_at timestamptz not null default '-infinity',
  -- Who tells it now, and until when nobody else does.
  held_by uuid not null,
  held_until timestamptz not null,
  primary key (log, name)
);
revoke delete on anchor from ${application};

-- The checkpoint that witnesses are asked to cosign: the same of all, so that there can be enough.
create table candidate (
  log text primary key,
  size bigint not null,
  chosen_at timestamptz not null
);
revoke delete on candidate from ${application};

-- Lines that witnesses signed, verified before they were kept.
create table cosignature (
  log text not null,
  size bigint not null,
  witness text not null,
  key_id text not null,
  line text not null,
  received_at timestamptz not null default statement_timestamp(),
  primary key (log, size, witness, key_id)
);
revoke update, delete on cosignature from ${application};
