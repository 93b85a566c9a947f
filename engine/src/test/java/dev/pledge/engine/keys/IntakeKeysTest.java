package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.audit.IntakeSeal;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeKeysTest {
  private static final byte[] PAYLOAD = utf8("payload");

  @TempDir private Path home;

  @Test
  void payloadOpensForItsEntryAlone() {
    UUID entry = UUID.randomUUID();
    try (KeyStore store = new Deployment(home).create()) {
      IntakeSeal seal = store.intakeSeal();
      IntakeSeal.Sealed sealed = seal.seal(entry, PAYLOAD);
      assertThat(sealed.epoch()).isEqualTo(1);
      assertThat(seal.open(entry, sealed)).isEqualTo(PAYLOAD);
      assertThatThrownBy(() -> seal.open(UUID.randomUUID(), sealed))
          .isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> seal.open(entry, new IntakeSeal.Sealed(2, sealed.bytes())))
          .as("of an epoch that does not live")
          .isInstanceOf(UnsealException.class);
      sealed.bytes()[20] ^= 1;
      assertThatThrownBy(() -> seal.open(entry, sealed)).isInstanceOf(UnsealException.class);
    }
  }

  @Test
  void entriesOfATileOpenInTheirPlaceAlone() {
    try (KeyStore store = new Deployment(home).create()) {
      IntakeSeal seal = store.intakeSeal();
      IntakeSeal.SealedTile sealed = seal.sealTile("pledge", 3, PAYLOAD);
      assertThat(sealed.epoch()).isEqualTo(1);
      assertThat(seal.openTile("pledge", 3, sealed)).isEqualTo(PAYLOAD);
      assertThatThrownBy(() -> seal.openTile("pledge", 4, sealed))
          .isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> seal.openTile("other", 3, sealed))
          .isInstanceOf(UnsealException.class);
      IntakeSeal.SealedTile another = seal.sealTile("pledge", 3, PAYLOAD);
      assertThatThrownBy(
              () ->
                  seal.openTile(
                      "pledge", 3, new IntakeSeal.SealedTile(1, another.wrapped(), sealed.bytes())))
          .as("each has a key of its own")
          .isInstanceOf(UnsealException.class);
      sealed.bytes()[20] ^= 1;
      assertThatThrownBy(() -> seal.openTile("pledge", 3, sealed))
          .isInstanceOf(UnsealException.class);
    }
  }

  @Test
  void closedKeyStoreSealsNothing() {
    KeyStore store = new Deployment(home).create();
    IntakeSeal seal = store.intakeSeal();
    store.close();
    assertThatThrownBy(() -> seal.seal(UUID.randomUUID(), PAYLOAD))
        .isInstanceOf(IllegalStateException.class);
  }
}
