-- The person's key, sealed under an epoch key that is not in the database. Deleting the row forgets.
create table subject_key (
  subject_id uuid primary key,
  generation int not null,
  epoch      int not null,
  wrapped    bytea not null
);
