-- Who is sealed, since they may take their erasure back, is in the erasure ledger. Here stands whether
-- the log has it too: a seal whose transaction did not come through is entered again.
alter table subject add column sealed boolean not null default false;
create index subject_sealed on subject (subject_id) where sealed;
