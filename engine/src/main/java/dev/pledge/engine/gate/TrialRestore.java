package dev.pledge.engine.gate;

import dev.pledge.engine.audit.IntakeSeal;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.policy.names.SubjectId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Tries whether data opens with a key store as it lies on its disk: of people's keys, that the
 * journal has the same as the database and both open; of the log, that entries do. A sample: so
 * many of each, at random.
 */
public final class TrialRestore {
  private static final int PEOPLE = 10_000;
  private static final int ENTRIES = 1_000;

  private final KeyStore keys;

  /** With that key store, opened for the trial. */
  public TrialRestore(KeyStore keys) {
    this.keys = keys;
  }

  /** What does not open; empty if everything of the sample does. */
  public Optional<String> failure(Handle handle) {
    Map<SubjectId, WrappedKey> people = people(handle);
    Map<SubjectId, WrappedKey> noted = keys.journal().of(people.keySet());
    long closed =
        people.entrySet().stream()
            .filter(person -> !opens(person.getKey(), person.getValue(), noted))
            .count();
    if (closed > 0) {
      return Optional.of(
          "in a trial restore, the keys of "
              + closed
              + " of "
              + people.size()
              + " people did not open");
    }
    long entries = closedEntries(handle);
    return entries > 0
        ? Optional.of("in a trial restore, " + entries + " entries of the log did not open")
        : Optional.empty();
  }

  private boolean opens(SubjectId subject, WrappedKey stored, Map<SubjectId, WrappedKey> noted) {
    @Nullable WrappedKey journalled = noted.get(subject);
    if (journalled == null || !stored.equals(journalled)) {
      return false;
    }
    try {
      keys.subjectKeys().unwrap(subject, stored).close();
      return true;
    } catch (UnsealException closed) {
      return false;
    }
  }

  private static Map<SubjectId, WrappedKey> people(Handle handle) {
    Map<SubjectId, WrappedKey> people = new LinkedHashMap<>();
    UUID from = handle.createQuery("select gen_random_uuid()").mapTo(UUID.class).one();
    for (String side : List.of(">=", "<")) {
      handle
          .createQuery(
              "select subject_id, epoch, generation, wrapped from subject_key where subject_id "
                  + side
                  + " :from order by subject_id limit :most")
          .bind("from", from)
          .bind("most", PEOPLE / 2)
          .map(
              (row, context) ->
                  people.put(
                      new SubjectId(row.getObject("subject_id", UUID.class)),
                      new WrappedKey(
                          row.getInt("epoch"), row.getInt("generation"), row.getBytes("wrapped"))))
          .list();
    }
    return people;
  }

  private long closedEntries(Handle handle) {
    IntakeSeal seal = keys.intakeSeal();
    return handle
        .createQuery("select id, epoch, sealed from intake order by id desc limit :most")
        .bind("most", ENTRIES)
        .map(
            (row, context) ->
                opens(
                    seal,
                    row.getObject("id", UUID.class),
                    new IntakeSeal.Sealed(row.getInt("epoch"), row.getBytes("sealed"))))
        .list()
        .stream()
        .filter(opens -> !opens)
        .count();
  }

  private static boolean opens(IntakeSeal seal, UUID entry, IntakeSeal.Sealed sealed) {
    try {
      var _ = seal.open(entry, sealed);
      return true;
    } catch (UnsealException closed) {
      return false;
    }
  }
}
