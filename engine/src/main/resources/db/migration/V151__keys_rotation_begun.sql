-- Since when the log has that the next epoch began: a crash may come between the two.
alter table rotation add column begun_at timestamptz;
update rotation set begun_at = requested_at;
