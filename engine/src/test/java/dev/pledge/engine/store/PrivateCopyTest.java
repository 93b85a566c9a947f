package dev.pledge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateCopyTest {
  @TempDir private Path place;

  private Path from = Path.of("");
  private Path target = Path.of("");

  @BeforeEach
  void make() throws IOException {
    from = Files.createDirectories(place.resolve("keys/store"));
    target = place.resolve("copy");
    Files.writeString(from.resolve("journal"), "one");
    Files.writeString(from.resolve("manifest.new"), "half");
  }

  private void copy() {
    PrivateCopy.replace(from, target, copied -> {});
  }

  @Test
  void theCopyTakesThePlaceOfTheOneBefore() throws IOException {
    copy();
    Files.writeString(from.resolve("journal"), "two");
    copy();
    assertThat(target.resolve("store/journal")).hasContent("two");
    assertThat(target.resolve("store/manifest.new")).doesNotExist();
    assertThat(place.resolve("copy.replaced")).doesNotExist();
    assertThat(place.resolve("copy.unfinished")).doesNotExist();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(target.resolve("store/journal"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aCopyThatIsRefusedLeavesTheOneBefore() throws IOException {
    copy();
    Files.writeString(from.resolve("journal"), "two");
    int[] tried = {0};
    assertThatThrownBy(
            () ->
                PrivateCopy.replace(
                    from,
                    target,
                    copied -> {
                      tried[0]++;
                      throw new IllegalStateException("refused, as arranged");
                    }))
        .hasMessage("refused, as arranged");
    assertThat(tried[0]).isEqualTo(3);
    assertThat(target.resolve("store/journal")).hasContent("one");
  }

  @Test
  void aPlaceThatCannotTakeItIsNamedWithTheRemedy() throws IOException {
    target = place.resolve("nowhere/copy");
    assertThatThrownBy(this::copy)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("`" + place.resolve("nowhere") + "` is no directory; make it first");
    target = Files.writeString(place.resolve("file"), "kept");
    assertThatThrownBy(this::copy)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("is no earlier copy");
    assertThat(target).hasContent("kept");
  }

  @Test
  void twoAtOnceDoNotTakeEachOthersFiles() {
    PrivateCopy.replace(
        from,
        target,
        copied ->
            assertThatThrownBy(this::copy)
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("another backup"));
    assertThat(target.resolve("store/journal")).hasContent("one");
    copy();
  }

  @Test
  void whatACrashLeftIsPutRight() throws IOException {
    copy();
    // Between the two renames.
    Files.move(target, place.resolve("copy.replaced"));
    Files.createDirectories(place.resolve("copy.unfinished/store"));
    assertThatThrownBy(
            () ->
                PrivateCopy.replace(
                    from,
                    target,
                    copied -> {
                      throw new IllegalStateException("refused, as arranged");
                    }))
        .hasMessage("refused, as arranged");
    assertThat(target.resolve("store/journal")).hasContent("one");
    copy();
    assertThat(place.resolve("copy.replaced")).doesNotExist();
  }

  @Test
  void whatIsNoEarlierCopyIsNotReplaced() throws IOException {
    Files.createDirectories(target.resolve("store"));
    Files.writeString(target.resolve("mine"), "kept");
    assertThatThrownBy(this::copy)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("no earlier copy");
    assertThat(target.resolve("mine")).hasContent("kept");
  }

  @Test
  void aBackupLiesInNothingThatItIsOf() throws IOException {
    Path link = Files.createSymbolicLink(place.resolve("link"), place.resolve("keys"));
    for (Path inside : new Path[] {from.resolve("x"), link.resolve("store/x/y"), place}) {
      assertThatThrownBy(() -> PrivateCopy.requireApart(inside, from, "the key directory"))
          .as("%s", inside)
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("the key directory");
    }
    PrivateCopy.requireApart(place.resolve("apart"), from, "the key directory");
  }
}
