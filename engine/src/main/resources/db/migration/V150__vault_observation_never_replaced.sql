-- Observations come and go. One that could be replaced would go past a legal hold that is on it.
revoke update on observation from ${application};
