-- So are acceptances of the policy.
revoke update on acceptance from ${application};
