-- Each line of what a person's choices amount to says when the choice was made, before its order: a
-- retention may begin with the end of a purpose (IV.1). The events know; no choice is
-- lost where one is missing.
update consent_state s
set choices = (
  select string_agg(
           regexp_replace(
             m.line,
             ' ([0-9]+) ([^ ]+)$',
             ' ' || to_char(coalesce(e.at, now()) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' \1 \2'),
           E'\n' order by m.n)
  from unnest(string_to_array(s.choices, E'\n')) with ordinality as m(line, n)
  left join consent_event e
    on e.subject_id = s.subject_id and e.ordinal = split_part(m.line, ' ', 8)::bigint)
where s.choices <> '';
