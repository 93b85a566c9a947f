-- That somebody else approved an exceptional use of a person's data (II.I.7). The reference of the
-- order behind it is sealed under the person's key.
create table approval (
  subject_id  uuid not null,
  approval_id uuid not null,
  purpose     text not null,
  product     text not null,
  asker       text not null,
  approver    text not null,
  fields      text[] not null,
  reference   bytea not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  revoked_at  timestamptz,
  primary key (subject_id, approval_id)
);

-- The table of before knew no person, so nobody could complete a review; what was open there is let
-- go, since nobody can say whom it was about.
drop table review;

-- An emergency use and its review (II.I.7). Once the person is erased subject_id is the review_id,
-- which names nobody: the review is still to be done.
create table review (
  subject_id  uuid not null,
  review_id   uuid not null,
  actor_id    text not null,
  purpose     text not null,
  product     text not null,
  used_at     timestamptz not null,
  due         timestamptz not null,
  reviewed_at timestamptz,
  reviewed_by text,
  finding     text check (finding in ('justified', 'unjustified')),
  primary key (subject_id, review_id),
  check ((reviewed_at is null) = (finding is null) and (reviewed_at is null) = (reviewed_by is null))
);
create index review_open on review (actor_id, due) where reviewed_at is null;
create index review_due on review (due, review_id);
