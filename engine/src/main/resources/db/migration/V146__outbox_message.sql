-- What recipients are to be told: that something they may hold is erased, deleted, corrected, or its
-- purpose withdrawn. A message names neither a person nor an entry of the log. Its name is a code over
-- its cause and the recipient, so that one cause gives a recipient one message. Distributed by it.
create table outbox (
  message   bytea primary key check (length(message) = 32),
  recipient text not null,
  state     text not null default 'waiting' check (state in ('waiting')),
  -- No more exact than the day: the second would lead to an entry.
  day       date not null,
  sealed    bytea not null
);
create index outbox_listed on outbox (day, message);
revoke update on outbox from ${application};
