-- What a person's choices amount to: one line per choice that still counts, in the order of the server.
create table consent_state (
  subject_id uuid primary key,
  last_order bigint not null,
  choices    text not null,
  suppressed text[] not null
);

-- Every choice ever made, append-only, with its evidence sealed under the person's key (II.II.6, V.2).
create table consent_event (
  subject_id uuid not null,
  entry      uuid not null,
  ordinal    bigint not null,
  purpose    text not null,
  product    text,
  channel    text,
  coverage   text not null,
  answer     text not null,
  given_by   text not null,
  policy     text not null,
  at         timestamptz not null,
  evidence   bytea not null,
  primary key (subject_id, ordinal)
);
