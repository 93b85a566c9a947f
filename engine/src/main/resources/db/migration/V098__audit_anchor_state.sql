-- What was only ever written: why an anchor could not be told is on the server's log.
alter table anchor drop column error, drop column tried_at;
