package dev.pledge.engine.consent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.decision.SubjectState.Choice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What the migration makes of choices that did not say when they were made. */
class ChoiceTimesTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Test
  void choicesOfBeforeLearnTheirTimeFromTheEvents() {
    String lines =
        """
        promotion meeting email ordinary granted self emeet@1 2 00000000-0000-0007-0000-000000000002
        pooling * * all withdrawn guardian emeet@1 10 00000000-0000-0007-0000-00000000000a
        maps * * all withdrawn self emeet@1 11 00000000-0000-0007-0000-00000000000b\
        """;
    List<Choice> read;
    try (Database owner = Database.over(DATABASE.owner())) {
      event(owner, 1, "2026-01-01T00:00:00Z");
      event(owner, 2, "2026-01-02T08:30:00.000001Z");
      event(owner, 10, "2026-10-10T10:10:10Z");
      owner.read(
          handle ->
              handle
                  .createUpdate(
                      """
                      insert into consent_state (subject_id, last_order, choices, suppressed)
                      values ('00000000-0000-0000-0000-000000000001', 10, :lines, '{}'),
                             ('00000000-0000-0000-0000-000000000002', 0, '', '{}')
                      """)
                  .bind("lines", lines)
                  .execute());
      owner.read(handle -> handle.createScript(migration()).execute());
      read =
          owner.read(
              handle ->
                  handle
                      .createQuery("select choices from consent_state order by subject_id")
                      .mapTo(String.class)
                      .list()
                      .stream()
                      .flatMap(text -> ChoiceLines.read(text).stream())
                      .toList());
    }
    assertThat(read).extracting(Choice::order).containsExactly(2L, 10L, 11L);
    assertThat(read)
        .extracting(Choice::at)
        .startsWith(
            Instant.parse("2026-01-02T08:30:00.000001Z"), Instant.parse("2026-10-10T10:10:10Z"));
  }

  private static void event(Database owner, long ordinal, String at) {
    owner.read(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into consent_event (subject_id, entry, ordinal, purpose, coverage, answer,
                                               given_by, policy, at, evidence)
                    values ('00000000-0000-0000-0000-000000000001', gen_random_uuid(), :ordinal,
                            'promotion', 'ordinary', 'granted', 'self', 'emeet@1',
                            :at::timestamptz, '')
                    """)
                .bind("ordinal", ordinal)
                .bind("at", at)
                .execute());
  }

  private static String migration() {
    try (InputStream in =
        Objects.requireNonNull(
            ChoiceTimesTest.class.getResourceAsStream(
                "/db/migration/V085__consent_choice_times.sql"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
