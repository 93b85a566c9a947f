-- Who is signed in to the Privacy Centre, and what is to sign somebody in. Of what opens them there
-- are hashes alone. A device is named by a word from a short list, never by an address.
create table session (
  subject_id    uuid not null,
  session_id    uuid not null,
  secret_hash   bytea not null check (length(secret_hash) = 32),
  product       text not null,
  device        text not null check (length(device) <= 64),
  created_at    timestamptz not null,
  used_at       timestamptz not null,
  stepped_up_at timestamptz,
  ends_at       timestamptz not null,
  primary key (subject_id, session_id)
);
create unique index session_secret on session (subject_id, secret_hash);

create table hand_over (
  subject_id  uuid not null,
  secret_hash bytea not null check (length(secret_hash) = 32),
  product     text not null,
  place       text not null,
  stepped_up  boolean not null,
  expires_at  timestamptz not null,
  primary key (subject_id, secret_hash)
);
revoke update on hand_over from ${application};
