-- One current value per person, field and holder (the product, or 0 for the account as a whole).
-- Names are codes of the vocabulary; the value is sealed under the person's key, bound to this row.
create table datum (
  subject_id   uuid not null,
  field        smallint not null,
  holder       smallint not null,
  product      smallint not null,
  source       smallint not null,
  policy       smallint not null,
  version      int not null,
  generation   int not null,
  collected_at timestamptz not null,
  sealed       bytea not null,
  primary key (subject_id, field, holder)
);
alter table datum alter column sealed set storage external;

-- Values of event series: many per person and field, each with its own time.
create table observation (
  subject_id   uuid not null,
  field        smallint not null,
  observed_at  timestamptz not null,
  datum        uuid not null,
  product      smallint not null,
  source       smallint not null,
  policy       smallint not null,
  generation   int not null,
  collected_at timestamptz not null,
  sealed       bytea not null,
  primary key (subject_id, field, observed_at, datum)
);
alter table observation alter column sealed set storage external;
