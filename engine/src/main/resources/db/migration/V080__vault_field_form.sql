-- Under which type and kind each field's values are stored, so that no later policy reads them as
-- another. A reference table: small, on every node, never naming a person.
create table field_form (
  field smallint primary key,
  type  text not null,
  kind  text not null
);

revoke delete on field_form from ${application};
