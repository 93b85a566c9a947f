-- What people objected to who are gone, by marks of the aliases they had: so that no list brings them
-- back. A mark names nobody, and is made with a key that lies in the key store. Distributed by it.
create table suppression_mark (
  mark     bytea not null check (length(mark) = 32),
  purpose  text not null,
  -- `*` stands for all, as in the choices of the living.
  product  text not null,
  channel  text not null,
  coverage text not null check (coverage in ('ordinary', 'sensitive', 'all')),
  -- Of the erasure, and no more exact than that.
  day      date not null,
  -- Of this row, under a key of the key store.
  code     bytea not null check (length(code) = 32),
  primary key (mark, purpose, product, channel, coverage)
);
create index suppression_mark_purpose on suppression_mark (purpose);
revoke update on suppression_mark from ${application};

-- How many marks there are of those that begin alike, and the sum of their codes: what tells that one
-- was taken away.
create table suppression_tally (
  bucket smallint primary key check (bucket between 0 and 63),
  marks  bigint not null check (marks >= 0),
  sum    bytea not null check (length(sum) = 32),
  code   bytea not null check (length(code) = 32)
);
revoke delete on suppression_tally from ${application};
