package dev.pledge.engine.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.FullDisk;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Caller;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Merkle;
import dev.pledge.log.Outcome;
import dev.pledge.log.Quorum;
import dev.pledge.log.SignedNote;
import dev.pledge.policy.names.Clause;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The database has no more room on its disk: nothing is given or signed, and nothing lost. */
class DiskFullTest {
  private static final String LOG = "log";

  private final IntakeSeal seal = TestSeals.intake(1);
  private final LogSigner signer = TestSeals.signer(LOG);
  private final MemoryAnchor anchor = new MemoryAnchor();

  @Test
  @Clause("IV.2")
  void whatDoesNotFitOnTheDiskIsRefusedAndGoesOnWhenThereIsRoom() throws Exception {
    try (TestDatabase database = TestDatabase.onPrivateServer();
        Audit audit =
            new Audit(
                LOG,
                database.database(),
                seal,
                signer,
                Gauge.OPEN,
                InstantSource.system(),
                new SecureRandom(),
                Limits.DEFAULT)) {
      Sequencer sequencer = sequencer(database);
      try (var _ = new FullDisk(database, "intake")) {
        FullDisk.await(() -> audit.record(draft()));
      }
      List<Receipt> receipts = new ArrayList<>();
      Await.until(() -> FullDisk.isDone(() -> receipts.add(audit.record(draft()))));
      assertThat(count(database, "intake")).isEqualTo(1);
      receipts.add(audit.record(draft()));
      try (var _ = new FullDisk(database, "tile")) {
        FullDisk.await(sequencer::work);
      }
      Await.until(() -> FullDisk.isDone(() -> count(database, "checkpoint")));
      assertThat(count(database, "intake where leaf_index is not null")).isZero();
      assertThat(anchor.last()).isEmpty();
      try (var _ = new FullDisk(database, "checkpoint")) {
        FullDisk.await(sequencer::work);
      }
      Await.until(() -> FullDisk.isDone(sequencer::work));
      requireWhole(new PublicLog(LOG, database.database(), signer, Quorum.NONE), receipts);
    }
  }

  private Sequencer sequencer(TestDatabase database) {
    return new Sequencer(
        LOG, database.database(), seal, signer, anchor, UUID.randomUUID(), step -> {});
  }

  private static Draft draft() {
    return Draft.aboutNobody(
        Facts.of(
                Kind.LOOKUP,
                Instant.parse("2026-04-23T10:15:30Z"),
                Outcome.PERMITTED,
                Caller.of(Caller.SERVICE, "mailer"))
            .build());
  }

  private void requireWhole(PublicLog log, List<Receipt> receipts) {
    byte[] note = log.checkpoint().orElseThrow();
    Checkpoint newest = Checkpoint.parse(SignedNote.open(note, signer.verifierKeys()).text());
    assertThat(newest.size()).isEqualTo(receipts.size());
    for (Receipt receipt : receipts) {
      PublicLog.Included in = log.inclusion(receipt.entry()).orElseThrow();
      assertThat(
              Merkle.isIncluded(
                  receipt.leaf(), in.position(), in.size(), newest.root(), in.proof()))
          .isTrue();
    }
  }

  private static long count(TestDatabase database, String rows) {
    return database
        .database()
        .read(handle -> handle.createQuery("select count(*) from " + rows).mapTo(Long.class).one());
  }
}
