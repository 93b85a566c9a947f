package dev.pledge.engine.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A copy of a directory without directories in it, its owner's alone, that takes the place of the
 * copy before: there is the old one or the new one, whole, wherever it is cut off.
 */
public final class PrivateCopy {
  private static final int ATTEMPTS = 3;

  private PrivateCopy() {}

  /**
   * Checks that a backup would not lie in what it is of, or the other way round.
   *
   * @throws StartRefused if it would
   */
  public static void requireApart(Path target, Path other, String what) {
    try {
      Path copy = real(target);
      Path original = real(other);
      if (copy.startsWith(original) || original.startsWith(copy)) {
        throw new StartRefused(
            "`"
                + copy
                + "` and "
                + what
                + " `"
                + original
                + "` lie in one another; keep the backup apart, best on another machine");
      }
    } catch (IOException e) {
      throw new StartRefused("could not look up `" + target + "`", e);
    }
  }

  /** A mistyped place must not become a backup that nobody finds. */
  static void requireParent(Path target) {
    Path parent = target.toAbsolutePath().normalize().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new StartRefused(
          "`" + parent + "` is no directory; make it first, or name another place");
    }
  }

  private static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path there = absolute;
    while (!Files.exists(there)) {
      Path parent = there.getParent();
      if (parent == null) {
        return absolute;
      }
      there = parent;
    }
    return there.toRealPath().resolve(there.relativize(absolute)).normalize();
  }

  /**
   * Copies the files of {@code from}, which may change meanwhile, into a directory of that name in
   * {@code target}.
   *
   * @param check refuses a copy that is not one, by throwing; then it is copied again, some times
   * @throws StartRefused if it could not be written, or {@code target} holds something else
   */
  public static void replace(Path from, Path target, Consumer<Path> check) {
    requireParent(target);
    Path name = from.getFileName();
    Path fresh = target.resolveSibling(target.getFileName() + ".unfinished");
    Path old = target.resolveSibling(target.getFileName() + ".replaced");
    try (FileChannel _ = locked(target)) {
      if (Files.exists(old) && !Files.exists(target)) {
        // Cut off between the two renames below: the old copy is the one there is.
        Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
      }
      requireReplaceable(target, name);
      copyUntilSound(from, fresh, name, check);
      DataDirectory.deleteTree(old);
      if (Files.exists(target)) {
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      Path parent = target.toAbsolutePath().getParent();
      if (parent != null) {
        DataDirectory.sync(parent);
      }
      DataDirectory.deleteTree(old);
    } catch (IOException e) {
      throw new StartRefused(
          "could not copy `"
              + from
              + "` to `"
              + target
              + "`; see to the space and rights there, and try again",
          e);
    }
  }

  /** Held as long as the channel is open: two copies at once would take each other's files. */
  private static FileChannel locked(Path target) throws IOException {
    Path file = target.resolveSibling(target.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            DataDirectory.privateFile());
    boolean held = false;
    try {
      held = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Of this process.
    } finally {
      if (!held) {
        channel.close();
      }
    }
    if (!held) {
      throw new StartRefused("another backup to `" + target + "` is at work; let it end");
    }
    return channel;
  }

  private static void requireReplaceable(Path target, Path name) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> held = List.of();
    if (Files.isDirectory(target)) {
      try (Stream<Path> entries = Files.list(target)) {
        held = entries.map(Path::getFileName).toList();
      }
    }
    if (!held.equals(List.of(name))) {
      throw new StartRefused(
          "`"
              + target
              + "` is there and is no earlier copy, which alone is replaced; name another"
              + " directory");
    }
  }

  private static void copyUntilSound(Path from, Path fresh, Path name, Consumer<Path> check)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      DataDirectory.deleteTree(fresh);
      CopiedFiles.makeDirectory(fresh);
      try {
        copy(from, fresh.resolve(name));
        check.accept(fresh);
        return;
      } catch (NoSuchFileException e) {
        // One was replaced meanwhile.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      } catch (RuntimeException e) {
        if (attempt == ATTEMPTS) {
          DataDirectory.deleteTree(fresh);
          throw e;
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    CopiedFiles.makeDirectory(to);
    CopiedFiles files = new CopiedFiles();
    List<Path> all;
    try (Stream<Path> entries = Files.list(from)) {
      all = entries.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path each : all) {
      String name = each.getFileName().toString();
      // What is being written has not counted yet.
      if (!name.endsWith(".new")) {
        var _ = files.copy(each, to.resolve(name), name);
      }
    }
    files.sync();
    DataDirectory.sync(to);
    Path parent = to.getParent();
    if (parent != null) {
      DataDirectory.sync(parent);
    }
  }
}
