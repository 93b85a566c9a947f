package dev.pledge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TileTest {
  // The example of C2SP tlog-tiles, and the edges of its numbering.
  @ParameterizedTest
  @CsvSource({
    "0, 1234067, 256, 0/x001/x234/067",
    "0, 273, 112, 0/273.p/112",
    "1, 1, 17, 1/001.p/17",
    "5, 0, 1, 5/000.p/1",
    "0, 999, 256, 0/999",
    "0, 1000, 256, 0/x001/000",
    "7, 999999, 255, 7/x999/999.p/255",
  })
  void pathsAreThoseOfTheLayout(int level, long index, int width, String path) {
    assertThat(new Tile(level, index, new byte[width * Hash.SIZE]).path())
        .isEqualTo("tile/" + path);
    assertThat(TilePath.of(path)).isEqualTo(new TilePath(Optional.of(level), index, width));
  }

  @ParameterizedTest
  @CsvSource({
    "0/000.p/1, 0, false",
    "0/000.p/255, 255, true",
    "0/000.p/254, 255, false",
    "0/000, 255, false",
    "0/000, 256, true",
    "0/000.p/255, 256, false",
    "0/001.p/1, 256, false",
    "0/001.p/1, 257, true",
    "1/000.p/1, 255, false",
    "1/000.p/1, 256, true",
    "1/000, 65535, false",
    "1/000, 65536, true",
    "2/000.p/1, 65536, true",
    "3/000.p/1, 65536, false",
    "7/000.p/127, 9223372036854775807, true",
    "entries/000, 256, true",
    "entries/001.p/1, 257, true",
    "entries/001, 257, false"
  })
  void aLogOfASizeHasThesePathsAndNoOthers(String path, long size, boolean has) {
    assertThat(TilePath.of(path).isOf(size)).isEqualTo(has);
  }

  @Test
  void pathsOfEntriesToo() {
    assertThat(Tile.entriesPath(1_234_067, 256)).isEqualTo("tile/entries/x001/x234/067");
    assertThat(TilePath.of("entries/273.p/112"))
        .isEqualTo(new TilePath(Optional.empty(), 273, 112));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "8/000",
        "-1/000",
        "0/0",
        "0/00",
        "0/0000",
        "0/1234",
        "0/x000/001",
        "0/x1/001",
        "0/x001/x002",
        "0/001.p/0",
        "0/001.p/256",
        "0/001.p/257",
        "0/001.p/007",
        "0/001.p/",
        "0/001/",
        "0//001",
        "00/001",
        "entries/",
        "entries/x000/067",
        "0/../001",
        "0/00a",
        "1/001.p/1/",
        "0/x111/x111/x111/x111/x111/x111/111"
      })
  void nothingElseIsAPath(String path) {
    assertThatIllegalArgumentException().isThrownBy(() -> TilePath.of(path));
  }

  @Test
  void tilesHaveWholeHashesAndNotTooMany() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Tile(0, 0, new byte[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> new Tile(0, 0, new byte[33]));
    assertThatIllegalArgumentException().isThrownBy(() -> new Tile(0, 0, new byte[257 * 32]));
    assertThatIllegalArgumentException().isThrownBy(() -> new Tile(8, 0, new byte[32]));
    assertThatIllegalArgumentException().isThrownBy(() -> new Tile(0, -1, new byte[32]));
    assertThat(new Tile(0, 1, new byte[64]).cut(1)).isEqualTo(new Tile(0, 1, new byte[32]));
  }

  @Test
  void bundlesHoldWhatWasPutIn() {
    List<byte[]> entries = List.of(new byte[0], new byte[] {1, 2}, new byte[Entry.MAX_SIZE]);
    assertThat(EntryBundle.decode(EntryBundle.encode(entries))).containsExactlyElementsOf(entries);
    assertThat(EntryBundle.encode(List.of(new byte[] {7, 8}))).containsExactly(0, 2, 7, 8);
  }

  @Test
  void bundlesThatAreCutOffOrTooLargeAreNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> EntryBundle.decode(new byte[] {0}));
    assertThatIllegalArgumentException().isThrownBy(() -> EntryBundle.decode(new byte[] {0, 2, 1}));
    assertThatIllegalArgumentException().isThrownBy(() -> EntryBundle.decode(new byte[2 * 257]));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> EntryBundle.encode(Stream.generate(() -> new byte[1]).limit(257).toList()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EntryBundle.encode(List.of(new byte[Entry.MAX_SIZE + 1])));
  }
}
