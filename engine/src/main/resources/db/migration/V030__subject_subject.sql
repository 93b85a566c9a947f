-- A data subject's account. Nothing here names a person: the birth date is sealed under their key.
create table subject (
  subject_id    uuid primary key,
  state_version bigint not null,
  status        text not null check (status in ('active', 'restricted', 'dormant', 'deceased')),
  age           text not null check (age in ('adult', 'minor', 'sensitive-minor', 'unknown')),
  birth_sealed  bytea,
  jurisdiction  text,
  accepted      text,
  products      text[] not null,
  closed_at     timestamptz[] not null,
  created_at    timestamptz not null
);

-- Each acceptance of a policy version, with its evidence sealed under the person's key (0.1).
create table acceptance (
  subject_id    uuid not null,
  acceptance_id uuid not null,
  version       text not null,
  accepted_at   timestamptz not null,
  evidence      bytea not null,
  primary key (subject_id, acceptance_id)
);

-- Finds a person by a keyed hash of an alias; distributed by that hash, which makes it unique.
-- The holder is the one of the datum it is of: 0 for the account as a whole, else the product.
create table alias (
  blind_index bytea not null check (length(blind_index) = 32),
  subject_id  uuid not null,
  field       smallint not null,
  holder      smallint not null,
  epoch       int not null,
  primary key (blind_index)
);
create index alias_subject on alias (subject_id, field, holder);
