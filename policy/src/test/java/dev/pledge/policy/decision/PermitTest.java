package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.policy.names.ProductId;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A permit: made by a decision, used once, and no wider than what was decided. */
final class PermitTest {
  private static final Question QUESTION =
      read(backend(), "settings", "device.language", "device.id", "device.colour");

  @Test
  void aPermitIsUsedOnce() {
    Permit permit = permit();
    permit.use();
    assertThatThrownBy(permit::use)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("used before");
  }

  @Test
  void ofManyWhoUseAPermitAtOnceOneSucceeds() throws InterruptedException {
    Permit permit = permit();
    var used = new AtomicInteger();
    var together = new CyclicBarrier(8);
    List<Thread> threads =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              try {
                                together.await();
                                permit.use();
                                used.incrementAndGet();
                              } catch (IllegalStateException
                                  | InterruptedException
                                  | BrokenBarrierException e) {
                                // used by another
                              }
                            }))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(used).hasValue(1);
  }

  @Test
  void aPermitIsAboutOnePersonAndNamesWhatDecided() {
    Permit permit = permit();
    assertThat(permit.subject()).isEqualTo(Person.member().state().subject());
    assertThat(permit.policy()).hasToString("house@1");
    assertThat(permit.purpose(0)).hasToString("settings");
    assertThat(permit.purpose(1)).isNull();
    assertThat(permit.field(0)).hasToString("device.language");
    assertThat(permit.field(2)).isNull();
  }

  @Test
  void aRefusedFieldAdmitsNoValue() {
    Permit permit = permit();
    ProductId meeting = new ProductId("meeting");
    assertThat(permit.admits(0, meeting, Person.NOW)).isNull();
    assertThat(permit.admits(1, meeting, Person.NOW)).isEqualTo(Reason.NOT_LISTED);
    assertThat(permit.admits(2, meeting, Person.NOW)).isEqualTo(Reason.UNKNOWN_FIELD);
  }

  @Test
  void whatOpensNothingIsNoPermit() {
    assertThat(policies().decide(read(backend(), "settings", "device.id"), Person.member().state()))
        .isInstanceOf(Refusal.class);
    assertThat(policies().decide(read(backend(), "settings"), Person.member().state()))
        .isInstanceOf(Refusal.class);
  }

  private static Permit permit() {
    return (Permit) policies().decide(QUESTION, Person.member().state());
  }
}
