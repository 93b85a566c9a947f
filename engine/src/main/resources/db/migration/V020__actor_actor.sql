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

-- Answers of changes by the caller's key, so that a retry changes nothing again. No personal values.
create table reply (
  actor_id   text not null,
  key        text not null,
  body_hash  bytea not null,
  status     int not null,
  location   text,
  body       bytea not null,
  created_at timestamptz not null,
  primary key (actor_id, key)
);
create index reply_age on reply (created_at);
