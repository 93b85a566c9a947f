-- Rights requests (V.1 to V.5): what somebody asked for, until when it is answered, and what came of it.
-- What they and we wrote is sealed under the person's key, in a part of its own for each request.
create table rights_request (
  subject_id      uuid not null,
  request_id      uuid not null,
  -- What people say on the phone. Drawn at random; not a secret.
  number          text not null,
  kind            text not null check (kind in ('access', 'correction', 'deletion', 'restriction',
                    'objection', 'closing', 'complaint', 'appeal')),
  state           text not null check (state in ('received', 'confirmed', 'identity-wanted', 'in-work',
                    'carrying-out', 'decided', 'done', 'withdrawn')),
  product         text,
  -- Whose staff may see it: the product, or all that the person used when they asked.
  products        text[] not null,
  policy          text not null,
  -- Of an appeal: the request it is about.
  appeals         uuid,
  received_at     timestamptz not null,
  confirmed_at    timestamptz,
  confirm_by      timestamptz,
  answer_by       timestamptz,
  extended_at     timestamptz,
  -- What is owed next; 9999-12-31 where nothing is.
  due             timestamptz not null,
  handler         text,
  identity_needed boolean not null,
  identity_how    text,
  identity_by     text,
  identity_at     timestamptz,
  ruling          text check (ruling in ('granted', 'partly', 'refused')),
  decided_at      timestamptz,
  decided_by      text,
  clause          text,
  asked           bytea not null,
  decision        bytea,
  attempts        int not null default 0,
  -- When carrying out is tried next by itself; null where somebody has to see to it.
  next_try        timestamptz,
  failure         text,
  ended_at        timestamptz,
  primary key (subject_id, request_id),
  foreign key (subject_id, appeals) references rights_request (subject_id, request_id),
  check ((ruling is null) = (decided_at is null) and (ruling is null) = (decided_by is null)
    and (ruling is null) = (decision is null)),
  check ((identity_how is null) = (identity_by is null) and (identity_how is null) = (identity_at is null))
);
create index rights_request_found on rights_request (request_id);
create index rights_request_number on rights_request (number);
create index rights_request_due on rights_request (due, request_id);
create index rights_request_open on rights_request (state, due) where state in ('received',
  'confirmed', 'identity-wanted', 'in-work', 'carrying-out');
create index rights_request_next on rights_request (next_try) where next_try is not null;
-- What was asked, when, and under which policy stays as it came.
revoke update on rights_request from ${application};
grant update (state, confirmed_at, answer_by, extended_at, due, handler, identity_how, identity_by,
  identity_at, ruling, decided_at, decided_by, clause, decision, attempts, next_try, failure, ended_at)
  on rights_request to ${application};

-- Messages on a request, both ways; author is null where the person wrote it.
create table request_message (
  subject_id uuid not null,
  message_id uuid not null,
  request_id uuid not null,
  at         timestamptz not null,
  author     text,
  sealed     bytea not null,
  primary key (subject_id, message_id),
  foreign key (subject_id, request_id) references rights_request (subject_id, request_id)
);
create index request_message_of on request_message (subject_id, request_id, at);
revoke update on request_message from ${application};

-- Documents that somebody handed in with a request; they go with the decision.
create table request_document (
  subject_id  uuid not null,
  document_id uuid not null,
  request_id  uuid not null,
  at          timestamptz not null,
  type        text not null check (type in ('pdf', 'png', 'jpeg')),
  size        int not null,
  sealed      bytea not null,
  primary key (subject_id, document_id),
  foreign key (subject_id, request_id) references rights_request (subject_id, request_id)
);
alter table request_document alter column sealed set storage external;
create index request_document_of on request_document (subject_id, request_id, at);
revoke update on request_document from ${application};

-- What people are to be told of their requests, until there is something that tells them.
create table request_told (
  subject_id uuid not null,
  told_id    uuid not null,
  template   text not null,
  number     text not null,
  at         timestamptz not null,
  primary key (subject_id, told_id)
);
revoke update on request_told from ${application};
