-- An alarm is about entries of all logs together: each of its ends says of which log it is.
alter table alarm rename column log to first_log;
alter table alarm add column last_log text;
update alarm set last_log = first_log;
alter table alarm alter column last_log set not null;
alter table alarm drop constraint alarm_check1;
alter table alarm add constraint alarm_ends
  check (first_log <> last_log or first_position <= last_position);
