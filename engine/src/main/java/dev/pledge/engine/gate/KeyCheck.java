package dev.pledge.engine.gate;

import dev.pledge.engine.gate.Symptoms.Problem;
import dev.pledge.engine.keys.Journal;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.engine.keys.WrappedKeys;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.engine.vault.Vault.SetAside;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Wrapped keys that are not the journal's, and keys and values that do not open where they lie:
 * altered, or moved there from elsewhere. Compares all keys, and opens those of a sample of people,
 * or of all.
 */
final class KeyCheck implements Check {
  private static final int TOGETHER = 500;
  private static final int SAMPLE = 1_000;

  /** How often those are looked at again whose key is not the journal's. */
  private static final int LOOKS = 3;

  private static final UUID FIRST = new UUID(0, 0);
  private static final UUID LAST = new UUID(-1, -1);
  private static final String RESTORE =
      "somebody wrote to the database: find out who; restore a backup with `pledge restore`";

  private static final Problem NOT_IN_JOURNAL =
      Problem.bad(
          "person-without-journal-key",
          "a person who would be lost by a restore: the key journal does not know their key",
          "restore the key store's newest copy; if this is it, `pledge keys rotate` puts every living"
              + " key into the journal; copy it more often");
  private static final Problem NOT_THE_JOURNALS =
      Problem.bad(
          "key-is-not-the-journals",
          "a wrapped key that is not the one in the key journal",
          "let a server run for some minutes, which settles what a crash has left; what stays so,"
              + " `pledge restore` mends: it puts the journal's in its place");
  private static final Problem ONLY_IN_JOURNAL =
      new Problem(
          "journal-key-without-person",
          true,
          "a key in the journal that opens nothing: of a registration that failed, or one made after"
              + " the copy that these data were restored from",
          "nothing is to be done");
  private static final Problem KEY_DOES_NOT_OPEN =
      Problem.bad("key-does-not-open", "a wrapped key that was altered or moved", RESTORE);
  private static final Problem RECORD_DOES_NOT_OPEN =
      Problem.bad(
          "record-does-not-open",
          "what tells of a birth, evidence or a reference that was altered or moved",
          RESTORE);
  private static final Problem SET_ASIDE_DOES_NOT_OPEN =
      Problem.bad(
          "set-aside-does-not-open",
          "a value set aside for a legal hold that was altered or moved",
          RESTORE);
  private static final Problem VALUE_DOES_NOT_OPEN =
      Problem.bad("value-does-not-open", "a value that was altered or moved", RESTORE);

  /** A row of keys, as it lies there. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Row(SubjectId subject, int generation, int epoch, byte[] wrapped) {
    String place() {
      return "subject_key " + subject.value();
    }
  }

  @Override
  public void run(Ward ward, Symptoms found) {
    new Run(ward, found).run();
  }

  /** One look at all of them. */
  private static final class Run {
    private final Ward ward;
    private final Symptoms found;
    private final UUID sample;
    private int seen;
    private int opened;

    Run(Ward ward, Symptoms found) {
      this.ward = ward;
      this.found = found;
      this.sample =
          ward.deep()
              ? FIRST
              : ward.database()
                  .read(h -> h.createQuery("select gen_random_uuid()").mapTo(UUID.class).one());
    }

    void run() {
      ward.keyStore().journal().forEachShare(this::compare);
    }

    // As the database orders ids, which is not how UUID compares them.
    private boolean isReached(UUID id) {
      return Long.compareUnsigned(sample.getMostSignificantBits(), id.getMostSignificantBits())
          <= 0;
    }

    private void compare(Journal.Share share) {
      Map<SubjectId, WrappedKey> journal = share.keys();
      Set<SubjectId> differing = new HashSet<>();
      for (UUID after = share.after(); ; ) {
        UUID from = after;
        List<Row> rows = ward.database().read(handle -> rows(handle, from, share.to()));
        if (rows.isEmpty()) {
          break;
        }
        Map<SubjectId, WrappedKey> sound = new HashMap<>();
        for (Row row : rows) {
          KeyCheck.compare(row, journal.remove(row.subject()), ward, found, sound, differing);
        }
        seen += rows.size();
        after = rows.getLast().subject().value();
        boolean last = rows.size() < TOGETHER && share.to().equals(LAST);
        if (ward.deep() || (opened < SAMPLE && (last || isReached(after)))) {
          open(sound, ward, found);
          opened += sound.size();
        }
        ward.looked().accept(seen);
      }
      lookAgain(differing, ward)
          .forEach((subject, problem) -> found.add(problem, "subject_key " + subject.value()));
      journal.keySet().stream()
          .filter(subject -> !ward.keyStore().ledger().isErased(subject))
          .forEach(subject -> found.add(ONLY_IN_JOURNAL, "journal " + subject.value()));
    }
  }

  private static List<Row> rows(Handle handle, UUID after, UUID to) {
    return handle
        .createQuery(
            """
            select subject_id, generation, epoch, wrapped from subject_key
            where subject_id > :after and subject_id <= :to order by subject_id limit :limit
            """)
        .bind("after", after)
        .bind("to", to)
        .bind("limit", TOGETHER)
        .map(
            (row, context) ->
                new Row(
                    new SubjectId(row.getObject("subject_id", UUID.class)),
                    row.getInt("generation"),
                    row.getInt("epoch"),
                    row.getBytes("wrapped")))
        .list();
  }

  private static void compare(
      Row row,
      @Nullable WrappedKey noted,
      Ward ward,
      Symptoms found,
      Map<SubjectId, WrappedKey> sound,
      Set<SubjectId> differing) {
    WrappedKey here;
    try {
      here = new WrappedKey(row.epoch(), row.generation(), row.wrapped());
    } catch (IllegalArgumentException e) {
      found.add(KEY_DOES_NOT_OPEN, row.place());
      return;
    }
    sound.put(row.subject(), here);
    if (!Objects.equals(noted, here) && !ward.keyStore().ledger().isErased(row.subject())) {
      differing.add(row.subject());
    }
  }

  /**
   * What is still so of those whose key was not the journal's: while people are served, a key may
   * have changed between the looks at the one and at the other.
   */
  private static Map<SubjectId, Problem> lookAgain(Set<SubjectId> differing, Ward ward) {
    Set<SubjectId> suspects = differing;
    Map<SubjectId, Problem> still = Map.of();
    for (int look = 0; look < LOOKS && !suspects.isEmpty(); look++) {
      still = lookOnce(suspects, ward);
      suspects = still.keySet();
    }
    return still;
  }

  private static Map<SubjectId, Problem> lookOnce(Set<SubjectId> suspects, Ward ward) {
    Map<SubjectId, WrappedKey> rows =
        ward.database().read(handle -> new WrappedKeys().find(handle, suspects));
    Map<SubjectId, Problem> still = new LinkedHashMap<>();
    try (KeyStore store = ward.again().get()) {
      Map<SubjectId, WrappedKey> journal = store.journal().of(suspects);
      rows.forEach(
          (subject, here) -> {
            WrappedKey noted = journal.get(subject);
            if (!Objects.equals(noted, here) && !store.ledger().isErased(subject)) {
              still.put(subject, noted == null ? NOT_IN_JOURNAL : NOT_THE_JOURNALS);
            }
          });
    }
    return still;
  }

  private static void open(Map<SubjectId, WrappedKey> keys, Ward ward, Symptoms found) {
    Map<SubjectId, List<Sealed>> values = new HashMap<>();
    UUID[] subjects = keys.keySet().stream().map(SubjectId::value).toArray(UUID[]::new);
    ward.database()
        .read(handle -> values(handle, subjects, ward))
        .forEach(each -> values.computeIfAbsent(each.subject(), s -> new ArrayList<>()).add(each));
    SealedRecords records = ward.database().read(handle -> SealedRecords.of(handle, subjects));
    keys.forEach(
        (subject, wrapped) -> {
          try (SubjectKey key = ward.keyStore().subjectKeys().unwrap(subject, wrapped)) {
            for (Sealed value : values.getOrDefault(subject, List.of())) {
              if (value.generation() <= wrapped.generation() && !ward.vault().opens(key, value)) {
                found.add(VALUE_DOES_NOT_OPEN, placeOf(value));
              }
            }
            records.closed(key).forEach(place -> found.add(RECORD_DOES_NOT_OPEN, place));
            openSetAside(key, ward, found);
          } catch (UnsealException e) {
            found.add(KEY_DOES_NOT_OPEN, "subject_key " + subject.value());
          }
        });
  }

  /** What a hold has set aside lies under the hold's key; under a person's lies nothing. */
  private static void openSetAside(SubjectKey key, Ward ward, Symptoms found) {
    HeldCursor after = HeldCursor.FIRST;
    while (true) {
      HeldCursor from = after;
      List<SetAside> page =
          ward.database()
              .read(
                  handle ->
                      ward.vault()
                          .setAside(
                              handle, key.subject(), from.collected(), from.item(), TOGETHER));
      for (SetAside one : page) {
        if (!ward.vault().opens(key, one.value())) {
          found.add(
              SET_ASIDE_DOES_NOT_OPEN,
              "set_aside " + key.subject().value() + " " + one.value().field() + " " + one.item());
        }
      }
      if (page.size() < TOGETHER) {
        return;
      }
      after = HeldCursor.after(page.getLast());
    }
  }

  private static String placeOf(Sealed value) {
    String row = value.subject().value() + " " + value.field();
    if (value.datum() != null) {
      return "observation " + row + " " + value.datum();
    }
    ProductId holder = value.holder();
    return "datum " + row + (holder == null ? "" : " " + holder.value());
  }

  private static List<Sealed> values(Handle handle, UUID[] subjects, Ward ward) {
    return handle
        .createQuery(
            """
            select subject_id, field, holder, version, generation, product, source, collected_at,
                   null::uuid as datum, null::timestamptz as observed_at, sealed
            from datum where subject_id = any(:subjects)
            union all
            select subject_id, field, 0::smallint, 0, generation, product, source, collected_at,
                   datum, observed_at, sealed
            from observation where subject_id = any(:subjects)
            """)
        .bind("subjects", subjects)
        .map(
            (row, context) ->
                ward.vault().sealed(row, new SubjectId(row.getObject("subject_id", UUID.class))))
        .list();
  }
}
