package dev.pledge.log;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a path below a log's asks for, in the layout of C2SP tlog-tiles: hashes of a level, or
 * entries. There is one path for each.
 *
 * @param level of the hashes; empty for entries
 * @param index the tile's place, from 0
 * @param width how many hashes or entries, 1 to {@value Tile#WIDTH}
 */
public record TilePath(Optional<Integer> level, long index, int width) {
  private static final Pattern PATH =
      Pattern.compile(
          "(?<level>entries|[0-7])/(?<index>(x[0-9]{3}/){0,5}[0-9]{3})(\\.p/(?<width>[1-9][0-9]{0,2}))?");

  /**
   * Reads a path without its {@code tile/}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static TilePath of(String path) {
    Matcher parts = PATH.matcher(path);
    if (!parts.matches()) {
      throw malformed();
    }
    String digits = parts.group("index").replaceAll("[x/]", "");
    if (digits.length() > 3 && digits.startsWith("000")) {
      throw malformed();
    }
    String width = parts.group("width");
    TilePath read =
        new TilePath(
            parts.group("level").equals("entries")
                ? Optional.empty()
                : Optional.of(Integer.valueOf(parts.group("level"))),
            Long.parseLong(digits),
            width == null ? Tile.WIDTH : Integer.parseInt(width));
    if (width != null && read.width >= Tile.WIDTH) {
      throw malformed();
    }
    return read;
  }

  /** Whether a log of that size has it, and so wide. */
  public boolean isOf(long size) {
    long all = size >> (Tile.HEIGHT * level.orElse(0));
    long full = all / Tile.WIDTH;
    return index < full
        ? width == Tile.WIDTH
        : index == full && width == Math.floorMod(all, Tile.WIDTH);
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "no path of a tile; write it as `0/x001/234`, `entries/067` or `0/067.p/8`");
  }
}
