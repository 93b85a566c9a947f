package dev.pledge.engine.keys;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What a key store consists of: whose it is, under which root key, which epochs live, and the
 * digest of each sealed file; of the seeds of the log's signing keys the newest comes first, and of
 * the public keys of those that sign no more. Its version only grows. Lines of {@code name value},
 * the last of them a code over the others under a key that the root key seals.
 */
record Manifest(
    long version,
    UUID deployment,
    String rootKey,
    String sealedStoreKey,
    List<SealedFile> logSigningSeeds,
    List<RetiredLogKey> retiredLogKeys,
    int currentEpoch,
    NavigableMap<Integer, Epoch> epochs) {
  private static final String TITLE = "pledge-key-store 1";
  private static final String SEED = "log-signing-seed";
  private static final String RETIRED = "retired-log-key";

  /** A file that the root key seals, and the SHA-256 of its bytes in hexadecimal. */
  record SealedFile(String name, String digest) {}

  /** An epoch that lives: its keys can still open something. */
  record Epoch(int number, Instant began, SealedFile bundle) {}

  /** A manifest as read, and the code it claims. */
  record Claimed(Manifest manifest, String code) {}

  Manifest {
    logSigningSeeds = List.copyOf(logSigningSeeds);
    retiredLogKeys = List.copyOf(retiredLogKeys);
    epochs = new TreeMap<>(epochs);
  }

  /** The text that the code is over. */
  byte[] body() {
    StringBuilder text = new StringBuilder();
    text.append(TITLE).append('\n');
    line(text, "version", Long.toString(version));
    line(text, "deployment", deployment.toString());
    line(text, "root-key", rootKey);
    line(text, "store-key", sealedStoreKey);
    for (SealedFile seed : logSigningSeeds) {
      line(text, SEED, seed.name(), seed.digest());
    }
    for (RetiredLogKey key : retiredLogKeys) {
      line(text, RETIRED, key.publicKey(), key.until().toString());
    }
    line(text, "current-epoch", Integer.toString(currentEpoch));
    for (Epoch epoch : epochs.values()) {
      SealedFile bundle = epoch.bundle();
      line(
          text,
          "epoch",
          Integer.toString(epoch.number()),
          epoch.began().toString(),
          bundle.name(),
          bundle.digest());
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  byte[] text(String code) {
    StringBuilder text = new StringBuilder(new String(body(), StandardCharsets.UTF_8));
    line(text, "code", code);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads a manifest; nothing in it may be believed before its code is checked.
   *
   * @throws IllegalArgumentException if it is not one, or not written exactly as {@link #text} does
   */
  static Claimed read(byte[] text) {
    try {
      Iterator<String> lines = new String(text, StandardCharsets.UTF_8).lines().iterator();
      if (!lines.next().equals(TITLE)) {
        throw new IllegalArgumentException("not a manifest of this version");
      }
      long version = Long.parseLong(words(lines, "version", 1).getFirst());
      UUID deployment = UUID.fromString(words(lines, "deployment", 1).getFirst());
      String rootKey = words(lines, "root-key", 1).getFirst();
      String storeKey = words(lines, "store-key", 1).getFirst();
      List<SealedFile> seeds = new ArrayList<>();
      String line = lines.next();
      for (; line.startsWith(SEED + " "); line = lines.next()) {
        seeds.add(sealedFile(words(line, SEED, 2)));
      }
      List<RetiredLogKey> retired = new ArrayList<>();
      for (; line.startsWith(RETIRED + " "); line = lines.next()) {
        List<String> words = words(line, RETIRED, 2);
        retired.add(new RetiredLogKey(words.getFirst(), Instant.parse(words.getLast())));
      }
      int current = Integer.parseInt(words(line, "current-epoch", 1).getFirst());
      NavigableMap<Integer, Epoch> epochs = new TreeMap<>();
      line = lines.next();
      for (; line.startsWith("epoch "); line = lines.next()) {
        Epoch epoch = epoch(words(line, "epoch", 4));
        epochs.put(epoch.number(), epoch);
      }
      String code = words(line, "code", 1).getFirst();
      Manifest manifest =
          new Manifest(version, deployment, rootKey, storeKey, seeds, retired, current, epochs);
      if (seeds.isEmpty()
          || !Arrays.equals(text, manifest.text(code))
          || !epochs.containsKey(current)) {
        throw new IllegalArgumentException("malformed manifest");
      }
      return new Claimed(manifest, code);
    } catch (NoSuchElementException | DateTimeException e) {
      throw new IllegalArgumentException("malformed manifest", e);
    }
  }

  byte[] storeKey() {
    return Base64.getDecoder().decode(sealedStoreKey);
  }

  /** The next version, with {@code epoch} added or in place of the one of its number. */
  Manifest with(Epoch epoch) {
    NavigableMap<Integer, Epoch> grown = new TreeMap<>(epochs);
    grown.put(epoch.number(), epoch);
    return new Manifest(
        Math.addExact(version, 1),
        deployment,
        rootKey,
        sealedStoreKey,
        logSigningSeeds,
        retiredLogKeys,
        currentEpoch,
        grown);
  }

  /** The next version, with a new epoch that is the current one from then on. */
  Manifest begun(Epoch epoch) {
    Manifest with = with(epoch);
    return new Manifest(
        with.version,
        deployment,
        rootKey,
        sealedStoreKey,
        logSigningSeeds,
        retiredLogKeys,
        epoch.number(),
        with.epochs);
  }

  /** The next version, without that epoch, which is not the current one. */
  Manifest without(int epoch) {
    NavigableMap<Integer, Epoch> fewer = new TreeMap<>(epochs);
    fewer.remove(epoch);
    return new Manifest(
        Math.addExact(version, 1),
        deployment,
        rootKey,
        sealedStoreKey,
        logSigningSeeds,
        retiredLogKeys,
        currentEpoch,
        fewer);
  }

  /** The next version, with these seeds and retired keys of the log, the newest first. */
  Manifest with(List<SealedFile> seeds, List<RetiredLogKey> retired) {
    return new Manifest(
        Math.addExact(version, 1),
        deployment,
        rootKey,
        sealedStoreKey,
        seeds,
        retired,
        currentEpoch,
        epochs);
  }

  private static void line(StringBuilder text, String... words) {
    text.append(String.join(" ", words)).append('\n');
  }

  private static Epoch epoch(List<String> words) {
    return new Epoch(
        Integer.parseInt(words.get(0)),
        Instant.parse(words.get(1)),
        sealedFile(words.subList(2, 4)));
  }

  // A name is never a path: the files lie beside the manifest.
  private static SealedFile sealedFile(List<String> words) {
    if (!words.get(0).matches("[a-z0-9.-]+") || words.get(0).startsWith(".")) {
      throw new IllegalArgumentException("malformed manifest");
    }
    return new SealedFile(words.get(0), words.get(1));
  }

  private static List<String> words(Iterator<String> lines, String name, int count) {
    return words(lines.next(), name, count);
  }

  private static List<String> words(String line, String name, int count) {
    List<String> words = List.of(line.split(" ", -1));
    if (!words.getFirst().equals(name) || words.size() != count + 1) {
      throw new IllegalArgumentException("malformed manifest");
    }
    return words.subList(1, words.size());
  }
}
