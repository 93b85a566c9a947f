package dev.pledge.engine.anchor;

import dev.pledge.log.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that holds the newest checkpoint, replaced as a whole and durably. What is in it is read
 * before it is written: a checkpoint that does not fit the log is left where it is, and so is
 * whatever is none.
 *
 * <p>It is worth as much as it is out of reach of whoever can rewrite the database: on another
 * machine, or copied from there, best where nothing is ever deleted.
 */
final class FileAnchor implements OutsideAnchor {
  private static final int MAX_SIZE = 1 << 20;

  private final Terms terms;
  private final Path path;

  FileAnchor(Terms terms, Path path) {
    this.terms = terms;
    this.path = path;
  }

  Path path() {
    return path;
  }

  @Override
  public Terms terms() {
    return terms;
  }

  @Override
  public Kind kind() {
    return Kind.FILE;
  }

  @Override
  public OutsideAnchor ofLog(String log) {
    return new FileAnchor(terms, path.resolveSibling(path.getFileName() + "." + log));
  }

  @Override
  public void compare(LogView log) {
    var _ = fitting(log);
  }

  @Override
  public Kept tell(News news, LogView log) {
    Optional<Checkpoint> known = fitting(log);
    if (known.isPresent() && known.get().size() >= news.size()) {
      return Kept.of(known.get().size());
    }
    write(news.note());
    return Kept.of(news.size());
  }

  private Optional<Checkpoint> fitting(LogView log) {
    Optional<Checkpoint> known = known(log);
    known.ifPresent(checkpoint -> AnchorDisagrees.unlessFits(terms.name(), checkpoint, log));
    return known;
  }

  private Optional<Checkpoint> known(LogView log) {
    byte[] note;
    try {
      if (Files.size(path) > MAX_SIZE) {
        throw strange();
      }
      note = Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new AnchorFailed("could not read `" + path + "`; see to its file system and rights");
    }
    return switch (log.opened(note)) {
      case LogView.Signed.ByTheLog(Checkpoint checkpoint) -> Optional.of(checkpoint);
      case LogView.Signed.ByAnotherKey(long size) ->
          throw AnchorDisagrees.anotherKey(terms.name(), size);
      case LogView.Signed.ByNobody() -> throw strange();
    };
  }

  private AnchorFailed strange() {
    return new AnchorFailed(
        "`"
            + path
            + "` is no checkpoint that this log signed, or was altered; find out why, and move it"
            + " away");
  }

  private void write(byte[] note) {
    Path whole = path.resolveSibling(path.getFileName() + ".new");
    try {
      try (FileChannel file =
          FileChannel.open(
              whole,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(note);
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        file.force(true);
      }
      // A crash here leaves the older checkpoint, and beside it a file that is written over.
      Files.move(whole, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel directory =
          FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new AnchorFailed(
          "could not write `" + path + "`; see to its directory, rights and space");
    }
  }
}
