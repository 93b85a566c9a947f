-- Answers of changes by the caller's key, so that a retry changes nothing again. No personal values.
-- The name is a keyed hash of that key, and the answer is sealed under a key that only the same
-- request of the same actor leads to; answers of before are let go. Written with every change, unlike
-- the other tables of actors: on a cluster it is distributed by actor, and a change that keeps its
-- answer may touch two nodes.
drop table reply;
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
