package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.gate.LogQuery;
import dev.pledge.engine.gate.SearchAnswer;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Facts;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What commands do beside a Pledge, over a database that is not its own. */
@Clause({"IV.2", "IV.3"})
class DeskTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private final Caller auditor = PLEDGE.caller("auditor", Asker.Kind.AUDITOR);

  private static Configuration beside() {
    TestDatabase database = PLEDGE.database();
    return new Configuration(
        TestPledge.policy(),
        PLEDGE.keys().resolveSibling("no-data"),
        PLEDGE.keys(),
        Optional.of(database.connections()),
        InstantSource.system());
  }

  private List<String> openings() throws InterruptedException {
    Await.until(
        () ->
            PLEDGE
                    .database()
                    .database()
                    .read(
                        handle ->
                            handle
                                .createQuery("select count(*) from intake where leaf_index is null")
                                .mapTo(Long.class)
                                .one())
                == 0);
    LogQuery query =
        new LogQuery(
            null, null, "epoch-unwrapped", null, null, null, null, null, null, null, null, null);
    SearchAnswer.Page page =
        (SearchAnswer.Page) PLEDGE.pledge().search(auditor, "pledge", query, null, 10);
    return page.entries().reversed().stream().map(DeskTest::shown).toList();
  }

  private static String shown(Recorded recorded) {
    Facts facts = recorded.entry().facts();
    return facts.caller().id().orElseThrow()
        + " "
        + facts.reason().orElseThrow().rule()
        + facts.reason().orElseThrow().reason().map(which -> " " + which).orElse("")
        + " "
        + facts.epoch().orElseThrow();
  }

  /** Nobody opens the keys without a trace. */
  @Test
  void whoeverOpensTheKeysIsOnTheLogWithEachEpochAndWhy() throws InterruptedException {
    assertThat(openings()).startsWith("server start 1");
    int before = openings().size();
    TokenDesk.open(beside()).close();
    LogDesk.open(beside()).close();
    PLEDGE.restart();
    assertThat(openings().subList(before, before + 3))
        .containsExactlyInAnyOrder(
            "command-line command token 1", "command-line command audit 1", "server start 1");
  }

  @Test
  void theKeyOfTheLogIsNotChangedWhereNobodyCanSeeWhetherAServerRuns() {
    try (LogDesk desk = LogDesk.open(beside())) {
      assertThatThrownBy(desk::beginKeyChange)
          .isInstanceOf(LogDesk.KeyChangeRefused.class)
          .hasMessageContaining("a database that is not Pledge's own");
      assertThat(desk.verifierKeys()).hasSize(1);
    }
  }
}
