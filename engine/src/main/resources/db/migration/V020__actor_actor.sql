-- Who may ask. Small reference tables: on a cluster every node holds them whole.
create table actor (
  actor_id    text primary key,
  kind        text not null check (kind in ('service', 'staff', 'partner', 'auditor')),
  roles       text[] not null,
  products    text[] not null,
  created_at  timestamptz not null,
  disabled_at timestamptz
);

-- A confidentiality undertaking counts from its signing until it runs out (IV.3).
create table undertaking (
  actor_id    text not null references actor,
  undertaking text not null,
  signed_at   timestamptz not null,
  until       timestamptz not null,
  primary key (actor_id, undertaking)
);

-- The secret itself is shown once and never stored.
create table token (
  hash       bytea primary key check (length(hash) = 32),
  actor_id   text not null references actor,
  scopes     text[] not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index token_actor on token (actor_id);

-- An emergency use and its review (II.I.7).
create table review (
  review_id   uuid primary key,
  actor_id    text not null references actor,
  purpose     text not null,
  entry       uuid not null,
  due         timestamptz not null,
  reviewed_at timestamptz,
  reviewed_by text references actor
);
create index review_open on review (actor_id, due) where reviewed_at is null;

-- Answers of changes by the caller's key, so that a retry changes nothing again. No personal values.
-- The name is a keyed hash of that key, and the answer is sealed under a key that only the same
-- request of the same actor leads to. Written with every change, unlike the tables above: on a
-- cluster it is distributed by actor, and a change that keeps its answer may touch two nodes.
create table reply (
  actor_id   text not null,
  name       bytea not null check (length(name) = 32),
  -- The epoch whose keys made name and seal; once it is gone the row is found by nobody.
  epoch      int not null,
  sealed     bytea not null,
  created_at timestamptz not null,
  primary key (actor_id, name)
);
-- Ciphertext does not compress.
alter table reply alter column sealed set storage external;
create index reply_age on reply (created_at);
