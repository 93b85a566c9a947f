-- Entries of the log, in the order of nothing: durable here, placed in the tree later.
-- Distributed by intake_key, which belongs to a node and never to a person: after an erasure
-- nothing here says which entries were about the same person.
create table intake (
  intake_key uuid not null,
  id uuid not null,
  -- The database's clock: since when the entry waits for its place in the tree.
  entered_at timestamptz not null default statement_timestamp(),
  -- The log the entry was promised to.
  log text not null,
  -- The epoch whose intake key sealed the payload.
  epoch integer not null,
  sealed bytea not null,
  -- The entry's place in its log; null until it has one.
  leaf_index bigint,
  primary key (intake_key, id)
);

-- Ciphertext does not compress.
alter table intake alter column sealed set storage external;

revoke update, delete on intake from ${application};

-- The persons who have a history; whoever is missing here is unknown or erased.
create table history (
  subject_id uuid primary key
);

-- The lines of a person's history: which entries are about the person. The only thing that leads
-- from a person to entries, and gone with the person: the foreign key keeps a read that is being
-- logged while its person is erased from leaving a line behind.
create table access (
  subject_id uuid not null references history (subject_id) on delete cascade,
  id uuid not null,
  intake_key uuid not null,
  primary key (subject_id, id)
);

revoke update on access from ${application};
