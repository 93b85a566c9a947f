package dev.pledge.engine.gate;

import dev.pledge.engine.consent.ChoiceLines;
import dev.pledge.engine.consent.Counting;
import dev.pledge.engine.store.Database;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jdbi.v3.core.Handle;

/** Counts how many people a revision of the policy touches. Opens no value and names nobody. */
public final class Census {
  private static final int PAGE = 5_000;
  private static final UUID FIRST = new UUID(0, 0);

  private final Database database;

  /** Over the people of a database. */
  public Census(Database database) {
    this.database = database;
  }

  /**
   * What was counted.
   *
   * @param people all there are
   * @param accepted those whose last accepted version is the one asked about
   * @param granting per purpose, those with a grant that no withdrawal took back, under whatever
   *     version: at most so many have to be asked anew
   * @param holding per field, those of whom a value is stored
   */
  public record Counted(
      long people, long accepted, Map<String, Long> granting, Map<String, Long> holding) {
    public Counted {
      granting = Map.copyOf(granting);
      holding = Map.copyOf(holding);
    }
  }

  /**
   * Counts, a page of people at a time.
   *
   * @param purposes those whose grants are counted
   * @param fields those whose values are counted
   * @param progress told, now and then, how many people have been looked at
   */
  public Counted count(
      PolicyVersion version,
      Collection<String> purposes,
      Collection<FieldId> fields,
      LongConsumer progress) {
    Map<String, Long> granting = new TreeMap<>();
    purposes.forEach(purpose -> granting.put(purpose, 0L));
    Map<String, Long> holding = new TreeMap<>();
    fields.forEach(field -> holding.put(field.toString(), 0L));
    long people = 0;
    long accepted = 0;
    UUID after = FIRST;
    while (true) {
      List<Stored> page = page(after);
      if (page.isEmpty()) {
        return new Counted(people, accepted, granting, holding);
      }
      if (!holding.isEmpty()) {
        UUID from = after;
        database.read(handle -> addHolding(handle, from, page.getLast().id, holding));
      }
      for (Stored person : page) {
        people++;
        accepted += version.toString().equals(person.accepted) ? 1 : 0;
        granted(person.choices).stream()
            .filter(granting::containsKey)
            .forEach(purpose -> granting.merge(purpose, 1L, Long::sum));
      }
      progress.accept(people);
      after = page.getLast().id;
    }
  }

  private record Stored(UUID id, String accepted, String choices) {}

  private List<Stored> page(UUID after) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select s.subject_id, coalesce(s.accepted, '') as accepted, c.choices
                    from subject s join consent_state c on c.subject_id = s.subject_id
                    where s.subject_id > :after
                    order by s.subject_id limit :limit
                    """)
                .bind("after", after)
                .bind("limit", PAGE)
                .map(
                    (row, context) ->
                        new Stored(
                            row.getObject("subject_id", UUID.class),
                            row.getString("accepted"),
                            row.getString("choices")))
                .list());
  }

  private static Set<String> granted(String choices) {
    Set<String> purposes = new HashSet<>();
    for (Choice choice : Counting.of(ChoiceLines.read(choices))) {
      if (choice.answer() == Answer.GRANTED) {
        purposes.add(choice.purpose());
      }
    }
    return purposes;
  }

  /** Adds how many people of the page hold each field; the keys of both tables serve it. */
  private static int addHolding(Handle handle, UUID after, UUID to, Map<String, Long> holding) {
    return handle
        .createQuery(
            """
            select v.name, count(*) as people
            from vocabulary v
            join subject s on s.subject_id > :after and s.subject_id <= :to
            where v.name = any(:names)
              and (exists (select from datum d
                           where d.subject_id = s.subject_id and d.field = v.code)
                or exists (select from observation o
                           where o.subject_id = s.subject_id and o.field = v.code))
            group by v.name
            """)
        .bind("after", after)
        .bind("to", to)
        .bindArray("names", String.class, holding.keySet())
        .map((row, context) -> Map.entry(row.getString("name"), row.getLong("people")))
        .list()
        .stream()
        .mapToInt(
            counted -> {
              holding.merge(counted.getKey(), counted.getValue(), Long::sum);
              return 1;
            })
        .sum();
  }
}
