-- Legal holds: what has to be kept about a person, for which legal exception, until when. Few, and looked
-- for with every change of a person, so they are on every node. A hold may outlast its person: then it
-- does not say any more whose data it is.
create table legal_hold (
  hold_id    uuid primary key,
  legal_case uuid not null,
  subject_id uuid,
  purpose    text not null,
  product    text not null,
  fields     text[] not null,
  officer    text not null,
  placed_at  timestamptz not null,
  until      timestamptz not null,
  -- Of the order, sealed under the hold's own key, which lies among those of people.
  reference  bytea not null
);
create index legal_hold_subject on legal_hold (subject_id) where subject_id is not null;
create index legal_hold_case on legal_hold (legal_case);
create index legal_hold_until on legal_hold (until);

-- From a hold nothing is taken but whose it is.
revoke update on legal_hold from ${application};
grant update (subject_id) on legal_hold to ${application};
