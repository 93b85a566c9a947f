-- Names from checked policies, kept once and written as two bytes in wide tables.
-- A reference table: small, on every node, never naming a person.
create table vocabulary (
  code smallint primary key check (code between 1 and 30000),
  name text not null unique check (char_length(name) between 1 and 128)
);

revoke update, delete on vocabulary from ${application};
