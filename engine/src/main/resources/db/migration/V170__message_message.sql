-- What people are told by e-mail: until it is delivered, and for a while after. Of the person there is
-- the id alone; the address is read when it is sent.
create table message (
  -- What is put there while its person is being erased goes with them.
  subject_id uuid not null references subject on delete cascade,
  message_id uuid not null,
  template   text not null,
  language   text not null check (language in ('en', 'zh')),
  -- What fills the template, such as a code: sealed, and gone as soon as nobody sends it any more.
  sealed     bytea,
  state      text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  attempts   smallint not null default 0 check (attempts >= 0),
  -- Nobody sends it earlier. Whoever takes it puts this off, so that no other node takes it too.
  next_try   timestamptz not null,
  -- When it is of no use any more.
  useless_at timestamptz,
  -- What kept it from being sent the last time, in a word.
  failure    text,
  day        date not null,
  settled_on date,
  primary key (subject_id, message_id),
  check ((state = 'waiting') = (sealed is not null)),
  check ((state = 'waiting') = (settled_on is null))
);
create index message_due on message (useless_at, next_try) where state = 'waiting';
create index message_listed on message (day, message_id);
create index message_settled on message (settled_on) where settled_on is not null;
revoke update on message from ${application};
grant update (sealed, state, attempts, next_try, failure, settled_on) on message to ${application};
