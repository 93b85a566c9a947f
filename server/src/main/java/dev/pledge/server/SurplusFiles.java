package dev.pledge.server;

import dev.pledge.log.TilePath;
import dev.pledge.log.Verifier.Finding;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What lies among the tiles of a copy and is none of a log of its size: nothing verifies it, and
 * who reads the copy otherwise might take it for part of the log.
 *
 * @param findings the first of them
 * @param more how many there are besides
 */
record SurplusFiles(List<Finding> findings, long more) {
  static final SurplusFiles NONE = new SurplusFiles(List.of(), 0);

  private static final int MOST_LISTED = 20;
  private static final String TILE = "tile";

  /** A tile's path, of seven parts at most, with the width of one that is not full. */
  private static final int DEEPEST = 8;

  /** Copies the list. */
  SurplusFiles {
    findings = List.copyOf(findings);
  }

  /**
   * Looks through a copy, in memory that does not grow with it. Links are not followed.
   *
   * @throws CommandRefused if it cannot be read
   */
  static SurplusFiles in(Path copy, long size) {
    Path tiles = copy.resolve(TILE);
    if (!Files.exists(tiles, LinkOption.NOFOLLOW_LINKS)) {
      return NONE;
    }
    Walk walk = new Walk(tiles, size);
    try {
      Files.walkFileTree(tiles, Set.of(), DEEPEST, walk);
    } catch (IOException e) {
      throw new CommandRefused("cannot read all of `" + tiles + "`");
    }
    return new SurplusFiles(walk.findings, walk.more);
  }

  private static final class Walk extends SimpleFileVisitor<Path> {
    private final Path tiles;
    private final long size;
    private final List<Finding> findings = new ArrayList<>();
    private long more;

    Walk(Path tiles, long size) {
      this.tiles = tiles;
      this.size = size;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      Path path = tiles.relativize(file);
      if (attributes.isDirectory() || !isOfTheLog(path.toString())) {
        add(Path.of(TILE).resolve(path).toString());
      }
      return FileVisitResult.CONTINUE;
    }

    private boolean isOfTheLog(String path) {
      try {
        return TilePath.of(path).isOf(size);
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    private void add(String file) {
      if (findings.size() < MOST_LISTED) {
        findings.add(new Finding(file, "is no part of a log of " + size + " entries; remove it"));
      } else {
        more++;
      }
    }
  }
}
