-- The oldest values of a person's series, for sweeping what is no longer kept.
create index observation_due on observation (subject_id, field, collected_at);
