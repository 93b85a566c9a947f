package dev.pledge.engine.anchor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Cosigner;
import dev.pledge.log.Hash;
import dev.pledge.log.InvalidSignature;
import dev.pledge.log.SignedNote;
import dev.pledge.log.UnverifiedNote;
import dev.pledge.log.VerifierKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * A witness of one log, after C2SP tlog-witness, with a state of its own. It checks proofs in
 * another way than the product makes them.
 */
public final class TestWitness implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final VerifierKey log;
  private final List<Cosigner> cosigners;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicReference<Optional<Reply>> instead = new AtomicReference<>(Optional.empty());
  private final AtomicReference<CountDownLatch> held = new AtomicReference<>(new CountDownLatch(0));

  /** What it cosigned last; guarded by this. */
  private long size;

  private Hash root = Hash.ofEmptyTree();

  /** What it answers. */
  record Reply(int status, String type, String body) {}

  private TestWitness(VerifierKey log, List<Cosigner> cosigners, int port) {
    this.log = log;
    this.cosigners = cosigners;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** A witness that trusts the log's key, and cosigns with all of these. */
  public static TestWitness of(VerifierKey log, Cosigner... cosigners) {
    return new TestWitness(log, List.of(cosigners), 0);
  }

  /** Its submission prefix. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/w";
  }

  /** An anchor of that name in a file of settings. */
  public String anchor(String name) {
    return anchor(name, cosigners.stream().map(Cosigner::verifierKey).toList());
  }

  /** The same, told to have other keys. */
  public String anchor(String name, List<VerifierKey> keys) {
    return "  %s: { kind: witness, url: %s, insecure: true, allow-private: true, keys: [%s] }%n"
        .formatted(
            name,
            url(),
            keys.stream().map(key -> '"' + key.toString() + '"').collect(Collectors.joining(", ")));
  }

  /** How often it was asked. */
  public int asked() {
    return asked.get();
  }

  /** How many entries it cosigned last. */
  public synchronized long size() {
    return size;
  }

  /** Answers so from now on, whatever it is asked. */
  public void answerInstead(int status, String type, String body) {
    instead.set(Optional.of(new Reply(status, type, body)));
  }

  /** Answers as it should again. */
  public void behave() {
    instead.set(Optional.empty());
  }

  /** Answers nothing until the latch opens. */
  public void hold(CountDownLatch until) {
    held.set(until);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.incrementAndGet();
      byte[] body = exchange.getRequestBody().readAllBytes();
      held.get().await();
      Reply reply =
          instead
              .get()
              .orElseGet(
                  () ->
                      exchange.getRequestMethod().equals("POST")
                              && exchange.getRequestURI().getPath().equals("/w/add-checkpoint")
                          ? addCheckpoint(body)
                          : plain(404));
      exchange.getResponseHeaders().set("Content-Type", reply.type());
      byte[] answer = reply.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Reply plain(int status) {
    return new Reply(status, "text/plain", "");
  }

  private synchronized Reply addCheckpoint(byte[] request) {
    String text = new String(request, UTF_8);
    int end = text.indexOf("\n\n");
    if (end < 0) {
      return plain(400);
    }
    List<String> head = List.of(text.substring(0, end).split("\n", -1));
    if (!head.getFirst().matches("old (0|[1-9][0-9]*)") || head.size() > 64) {
      return plain(400);
    }
    long old = Long.parseLong(head.getFirst().substring("old ".length()));
    Deque<Hash> proof = new ArrayDeque<>();
    for (String line : head.subList(1, head.size())) {
      proof.add(Hash.ofBase64(line));
    }
    SignedNote note = SignedNote.parse(text.substring(end + 2).getBytes(UTF_8));
    Checkpoint checkpoint = Checkpoint.parse(note.text());
    if (!checkpoint.origin().equals(log.name())) {
      return plain(404);
    }
    try {
      var _ = note.open(List.of(log));
    } catch (InvalidSignature | UnverifiedNote e) {
      return plain(403);
    }
    if (old > checkpoint.size()) {
      return plain(400);
    }
    if (old != size) {
      return new Reply(409, "text/x.tlog.size", size + "\n");
    }
    if (!isConsistent(checkpoint, proof)) {
      return plain(422);
    }
    size = checkpoint.size();
    root = checkpoint.root();
    Instant now = Instant.now();
    return new Reply(
        200,
        "text/plain; charset=utf-8",
        cosigners.stream()
            .map(cosigner -> cosigner.cosign(checkpoint, now) + "\n")
            .collect(Collectors.joining()));
  }

  private boolean isConsistent(Checkpoint next, Deque<Hash> proof) {
    if (size == 0) {
      return proof.isEmpty();
    }
    if (size == next.size()) {
      return proof.isEmpty() && root.equals(next.root());
    }
    List<Hash> roots = roots(size, next.size(), true, proof);
    return proof.isEmpty() && roots.equals(List.of(root, next.root()));
  }

  /** RFC 6962 §2.1.2, backwards: the roots of the older and of the newer tree by the proof. */
  private List<Hash> roots(long older, long newer, boolean known, Deque<Hash> proof) {
    List<Hash> both = new ArrayList<>();
    if (older == newer) {
      Hash same = known ? root : last(proof);
      both.add(same);
      both.add(same);
      return both;
    }
    long left = Long.highestOneBit(newer - 1);
    Hash other = last(proof);
    if (older <= left) {
      List<Hash> below = roots(older, left, known, proof);
      both.add(below.getFirst());
      both.add(Hash.ofNode(below.getLast(), other));
    } else {
      List<Hash> below = roots(older - left, newer - left, false, proof);
      both.add(Hash.ofNode(other, below.getFirst()));
      both.add(Hash.ofNode(other, below.getLast()));
    }
    return both;
  }

  private static Hash last(Deque<Hash> proof) {
    return proof.isEmpty()
        ? Hash.ofLeaf("none".getBytes(StandardCharsets.UTF_8))
        : proof.removeLast();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
