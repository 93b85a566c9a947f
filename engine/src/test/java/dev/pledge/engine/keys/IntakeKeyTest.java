package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeKeyTest {
  private static final byte[] PAYLOAD = utf8("payload");

  @TempDir private Path home;

  @Test
  void payloadOpensForItsEntryAlone() {
    UUID entry = UUID.randomUUID();
    try (KeyStore store = new Deployment(home).create()) {
      IntakeKey key = store.intakeKey();
      byte[] sealed = key.seal(entry, PAYLOAD);
      assertThat(key.epoch()).isEqualTo(1);
      assertThat(store.intakeKey(1).open(entry, sealed)).isEqualTo(PAYLOAD);
      assertThatThrownBy(() -> key.open(UUID.randomUUID(), sealed))
          .isInstanceOf(UnsealException.class);
      sealed[20] ^= 1;
      assertThatThrownBy(() -> key.open(entry, sealed)).isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> store.intakeKey(2)).isInstanceOf(UnsealException.class);
    }
  }

  @Test
  void entriesOfATileOpenInTheirPlaceAlone() {
    try (KeyStore store = new Deployment(home).create()) {
      IntakeKey key = store.intakeKey();
      IntakeKey.SealedTile sealed = key.sealTile("pledge", 3, PAYLOAD);
      assertThat(store.intakeKey(1).openTile("pledge", 3, sealed)).isEqualTo(PAYLOAD);
      assertThatThrownBy(() -> key.openTile("pledge", 4, sealed))
          .isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> key.openTile("other", 3, sealed))
          .isInstanceOf(UnsealException.class);
      IntakeKey.SealedTile another = key.sealTile("pledge", 3, PAYLOAD);
      assertThatThrownBy(
              () ->
                  key.openTile(
                      "pledge", 3, new IntakeKey.SealedTile(another.wrapped(), sealed.bytes())))
          .as("each has a key of its own")
          .isInstanceOf(UnsealException.class);
      sealed.bytes()[20] ^= 1;
      assertThatThrownBy(() -> key.openTile("pledge", 3, sealed))
          .isInstanceOf(UnsealException.class);
    }
  }

  @Test
  void closedKeyStoreSealsNothing() {
    KeyStore store = new Deployment(home).create();
    IntakeKey key = store.intakeKey();
    store.close();
    assertThatThrownBy(() -> key.seal(UUID.randomUUID(), PAYLOAD))
        .isInstanceOf(IllegalStateException.class);
  }
}
