-- Choices are appended and, with their person, deleted; never altered.
revoke update on consent_event from ${application};
