-- When the entries of a tile of level 0 were decided, so that those of a period are found also
-- where a clock was set back and places are in another order than times.
alter table tile add column period tstzrange;

-- Of before: an entry is decided shortly before it is entered, or in the minute of its id. Of what
-- is not known it stays null, and is looked through for every period.
update tile
set period = known.period
from (
  select log, index,
    tstzrange(lower(period) - interval '1 minute', upper(period) + interval '1 minute', '[]')
      as period
  from archive
  union all
  select log, leaf_index / 256,
    tstzrange(min(entered_at) - interval '1 minute', max(entered_at) + interval '1 minute', '[]')
  from intake where leaf_index is not null
  group by log, leaf_index / 256) as known
where tile.log = known.log and tile.index = known.index and tile.level = 0;
