-- How far the erasure ledger had got when this data last saw it. A key store whose ledger has not got
-- there is an older copy, which would bring erased people back. 0 asks for nothing.
alter table deployment
  add column ledger_writes bigint not null default 0,
  add column ledger_code text not null default '';
