package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.watch.Acknowledged;
import dev.pledge.engine.watch.Alarm;
import dev.pledge.engine.watch.AlarmPage;
import dev.pledge.engine.watch.Alarms;
import dev.pledge.engine.watch.RuleName;
import dev.pledge.engine.watch.WatchSettings;
import dev.pledge.engine.watch.Watched;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Pledge that watches its own log. */
@Clause({"IV.2", "IV.3"})
class WatchingTest {
  @RegisterExtension
  static final TestPledge PLEDGE = TestPledge.watching(WatchSettings.usual(ZoneOffset.UTC));

  private final Caller agent = PLEDGE.caller("agent", Asker.Kind.STAFF, "support-agent");
  private final Caller guard = PLEDGE.caller("guard", Asker.Kind.STAFF, "security-officer");

  private AlarmPage alarms() {
    return PLEDGE.pledge().alarms(guard, Alarms.Which.ALL, null, 10);
  }

  /** Until all that is on the log by now has its place and has been watched. */
  private void awaitWatched() throws InterruptedException {
    long entries =
        PLEDGE
            .database()
            .database()
            .read(h -> h.createQuery("select count(*) from intake").mapTo(Long.class).one());
    Await.until(() -> alarms().watched().stream().mapToLong(Watched::entries).sum() >= entries);
  }

  @Test
  void whoTriesIdsIsSeenAndAnswered() throws InterruptedException {
    ReadRequest read =
        ReadRequest.of(agent, "customer-service", "meeting", List.of("contact.phone"));
    for (int i = 0; i < 15; i++) {
      assertThat(PLEDGE.pledge().read(read, new SubjectId(UUID.randomUUID())))
          .isInstanceOf(ReadAnswer.Unknown.class);
    }
    awaitWatched();
    Alarm alarm = alarms().alarms().getFirst();
    assertThat(alarm.rule()).isEqualTo(RuleName.ENUMERATION);
    assertThat(alarm.actor()).contains("agent");
    assertThat(alarm.count()).isEqualTo(15);

    assertThat(
            PLEDGE.<Acknowledged>change(
                guard, changes -> changes.acknowledge(alarm.id(), Alarm.Finding.UNJUSTIFIED)))
        .isInstanceOf(Acknowledged.Done.class);
    PLEDGE.restart();
    awaitWatched();
    assertThat(alarms().alarms())
        .as("neither the alarm nor looking at it is unusual")
        .singleElement()
        .satisfies(only -> assertThat(only.done()).isPresent());
  }
}
