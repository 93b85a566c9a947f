-- When an epoch is to end, where the operator has stated a schedule. Certificates of erasure promise by it,
-- so a plan is brought forward and never put off.
create table epoch_plan (
  epoch      int primary key,
  -- When the next epoch begins.
  rotate_at  timestamptz not null,
  -- When the keys are destroyed.
  destroy_at timestamptz not null
);
revoke delete on epoch_plan from ${application};
