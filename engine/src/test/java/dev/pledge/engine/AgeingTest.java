package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Ageing;
import dev.pledge.engine.audit.HistoryFilter;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.store.Await;
import dev.pledge.log.Entry;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Pledge that archives its own log while it serves. */
@Clause({"IV.2", "V.1"})
class AgeingTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private static final Ageing AT_ONCE = new Ageing(Period.ZERO, Optional.empty());
  private static final int READS = 300;

  private final Caller backend = PLEDGE.caller("backend", Asker.Kind.SERVICE, "product-backend");
  private final Caller agent = PLEDGE.caller("agent", Asker.Kind.STAFF, "support-agent");

  private long rows(String table) {
    return PLEDGE
        .database()
        .database()
        .read(h -> h.createQuery("select count(*) from " + table).mapTo(Long.class).one());
  }

  private long covered() {
    return PLEDGE.pledge().log().size();
  }

  private List<Entry> history(SubjectId person) {
    List<Entry> entries = new ArrayList<>();
    var _ =
        PLEDGE
            .pledge()
            .exportHistory(
                backend, person, HistoryFilter.NONE, line -> entries.add(line.recorded().entry()));
    return entries;
  }

  @Test
  void aPersonsHistoryIsToldFromTheArchiveAndForgottenWithThePerson() throws InterruptedException {
    SubjectId person = PLEDGE.adult(backend, Map.of("email", "old@example.com"));
    SubjectId other = PLEDGE.adult(backend, Map.of("email", "other@example.com"));
    ReadRequest read =
        ReadRequest.of(agent, "customer-service", "meeting", List.of("contact.email"));
    for (int i = 0; i < READS; i++) {
      assertThat(PLEDGE.pledge().read(read, i % 2 == 0 ? person : other))
          .isInstanceOf(ReadAnswer.Answer.class);
    }
    List<Entry> before = history(person);
    assertThat(before).hasSizeGreaterThan(READS / 2);
    Await.until(() -> covered() >= 256);
    PLEDGE.restart(AT_ONCE);
    Await.until(() -> rows("archive") == 1);
    assertThat(rows("intake")).isLessThan(READS);

    List<Entry> after = history(person);
    assertThat(after).endsWith(before.toArray(Entry[]::new));
    PLEDGE.pledge().checkReady();

    PLEDGE.change(backend, changes -> changes.erase(person));
    assertThat(rows("history_line")).isGreaterThan(0);
    assertThat(history(person)).isEmpty();
    assertThat(rows("archive")).as("entries stay, and lead to nobody").isEqualTo(1);
    assertThat(history(other)).isNotEmpty();
  }
}
