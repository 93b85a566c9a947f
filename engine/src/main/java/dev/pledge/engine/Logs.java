package dev.pledge.engine;

import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.audit.Anchoring;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.LogReader;
import dev.pledge.engine.audit.LogSigner;
import dev.pledge.engine.audit.OwnEntries;
import dev.pledge.engine.audit.PublicLog;
import dev.pledge.engine.audit.Sequencer;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TimeOrderedIds;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

/**
 * The logs of a deployment at work, each by itself: with a tree and a thread that lets it grow,
 * with checkpoints under a name of its own, and with anchors that are told of them. What is wrong
 * with one keeps no other from growing.
 *
 * <p>Safe for use by many threads. Source: IV.2, V.1.
 */
final class Logs implements AutoCloseable {
  private final Resources open = new Resources();
  private final List<OneLog> all;

  /**
   * One of them.
   *
   * @param shown what anybody may know of it
   * @param reader of its entries
   * @param ownEntries of persons, with proofs
   */
  record OneLog(
      PublicLog shown,
      LogReader reader,
      OwnEntries ownEntries,
      LogSigner signer,
      Anchoring anchoring,
      Sequencer sequencer) {
    String name() {
      return shown.name();
    }

    Audit.To entrance() {
      return new Audit.To(name(), signer, sequencer);
    }
  }

  /**
   * Starts every log that was ever begun, and begins others so that there are as many as asked for.
   *
   * @param database for what is shown and for anchors
   * @param forTheLogs for what lets them grow, with a connection for each
   * @throws dev.pledge.engine.anchor.AnchorsRefused if an anchor that is required could not be
   *     asked
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  Logs(
      List<LogName> names,
      Database database,
      Database forTheLogs,
      KeyRing keys,
      AnchorSettings anchors,
      TimeOrderedIds ids,
      InstantSource clock) {
    try {
      List<LogSigner> signers = names.stream().map(keys::logSigner).toList();
      List<Anchoring> anchorings =
          IntStream.range(0, names.size())
              .mapToObj(i -> anchoring(names.get(i), database, signers.get(i), anchors, ids))
              .toList();
      ask(anchorings);
      this.all =
          IntStream.range(0, names.size())
              .mapToObj(
                  i -> {
                    LogName name = names.get(i);
                    LogSigner signer = signers.get(i);
                    return new OneLog(
                        new PublicLog(name.toString(), database, signer, anchors.quorum()),
                        new LogReader(name.toString(), database, keys.store().intakeSeal()),
                        new OwnEntries(
                            name.toString(),
                            database,
                            keys.store().intakeSeal(),
                            signer,
                            anchors.quorum(),
                            clock),
                        signer,
                        anchorings.get(i),
                        open.add(
                            Sequencer.start(
                                name.toString(),
                                forTheLogs,
                                keys.store().intakeSeal(),
                                signer,
                                keys.logAnchor(name),
                                ids.next())));
                  })
              .toList();
      anchorings.forEach(Anchoring::start);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private Anchoring anchoring(
      LogName name,
      Database database,
      LogSigner signer,
      AnchorSettings anchors,
      TimeOrderedIds ids) {
    AnchorSettings its = name.equals(LogName.FIRST) ? anchors : anchors.ofLog(name.toString());
    return open.add(new Anchoring(name.toString(), database, signer, its, ids.next()));
  }

  /** At the same time, since each may have to wait for those who do not answer. */
  private static void ask(List<Anchoring> anchorings) {
    List<CompletableFuture<Void>> asked =
        anchorings.stream()
            .map(each -> CompletableFuture.runAsync(each::ask, Thread.ofVirtual()::start))
            .toList();
    try {
      CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  /** All of them, in the order of their numbers. */
  List<OneLog> all() {
    return all;
  }

  /** The log that every deployment has. */
  OneLog first() {
    return all.getFirst();
  }

  /** The log of that name, if there is one. */
  Optional<OneLog> named(String name) {
    return all.stream().filter(log -> log.name().equals(name)).findFirst();
  }

  /** What keeps any of them from growing, and which; empty if nothing does. */
  Optional<String> trouble() {
    List<String> troubles =
        all.stream()
            .flatMap(
                log ->
                    log.sequencer().trouble().stream()
                        .map(trouble -> "log `" + log.name() + "` does not grow: " + trouble))
            .toList();
    return troubles.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", troubles));
  }

  @Override
  public void close() {
    open.close();
  }
}
