-- Nor is it altered who has a history. Where one role serves and owns, it keeps the right: a line of
-- a history locks the row of its person in the owner's name, which takes the right to alter it.
do $$
begin
  if '${application}' <> 'current_user' then
    revoke update on history from ${application};
  end if;
end
$$;
