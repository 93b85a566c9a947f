-- Which key store this data belongs to, and the newest version of it that was seen: an older copy of
-- the key store, or another one, is refused.
create table deployment (
  singleton        boolean primary key default true check (singleton),
  deployment       uuid not null,
  manifest_version bigint not null
);
