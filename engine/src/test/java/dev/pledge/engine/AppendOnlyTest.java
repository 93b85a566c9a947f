package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.names.Clause;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the application's role may not do, whatever the application does. */
class AppendOnlyTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.fresh();

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  @ParameterizedTest
  @Clause({"V.2", "0.1", "IV.2"})
  @ValueSource(
      strings = {
        "update consent_event set answer = 'granted'",
        "update acceptance set version = 'emeet@2020-04-23'",
        "update history set subject_id = subject_id",
        "update history_line set place = place",
        "update intake set epoch = epoch",
        "delete from intake",
        "delete from archive",
        "update archive set sealed = sealed",
        "insert into archive select * from archive",
        "update vocabulary set name = name",
        "delete from vocabulary",
        "delete from alarm",
        "update cosignature set line = line",
        "delete from cosignature",
        "delete from candidate",
        "delete from anchor",
        "update suppression_mark set day = day",
        "delete from suppression_tally",
        "update outbox set recipient = recipient",
        "update message set subject_id = subject_id",
        "update message set template = template"
      })
  void whatIsAppendedIsNeverAltered(String sql) {
    assertThatExceptionOfType(DatabaseFailed.class)
        .isThrownBy(() -> DATABASE.database().read(handle -> handle.execute(sql)))
        .satisfies(failure -> assertThat(failure.sqlState()).isEqualTo(INSUFFICIENT_PRIVILEGE));
  }
}
