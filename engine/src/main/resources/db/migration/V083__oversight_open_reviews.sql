-- The open reviews, the earliest due first, without a walk over those completed.
create index review_open_due on review (due, review_id) where reviewed_at is null;
