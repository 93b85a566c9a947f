package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.pledge.engine.keys.BlindIndex.Term;
import dev.pledge.policy.names.FieldType;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecrecyTest {
  @TempDir private Path home;

  @Test
  void whatHoldsKeysPrintsNothing() {
    Deployment deployment = new Deployment(home);
    TreeMap<Integer, EpochBundle> bundles = new TreeMap<>();
    bundles.put(1, EpochBundle.random(RANDOM));
    try (KeyStore store = deployment.create();
        FreshKey fresh = store.subjectKeys().newKey(Deployment.someone(), 1)) {
      List<Object> keepers =
          List.of(
              store,
              deployment.root(),
              fresh.key(),
              fresh.wrapped(),
              store.intakeSeal(),
              Secret.random(RANDOM),
              Secret.random(RANDOM).as("AES"),
              bundles.get(1),
              Deployment.epochs(1, bundles),
              Term.of(FieldType.EMAIL, 1, "mei@example.org"));
      for (Object keeper : keepers) {
        assertThat(keeper.toString()).isEqualTo("[redacted]");
      }
      assertThat(fresh.toString()).doesNotContainPattern("[0-9a-f]{8}");
    }
  }

  @Test
  void nothingHereIsSerialisable() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.pledge.engine.keys");
    assertThat(classes).hasSizeGreaterThan(20);
    for (JavaClass type : classes) {
      boolean mustBe =
          type.isAssignableTo(Throwable.class)
              || type.isAssignableTo(SecretKey.class)
              || type.isEnum();
      assertThat(type.isAssignableTo(Serializable.class)).as(type.getName()).isEqualTo(mustBe);
    }
  }

  @Test
  void keyThatMustBeSerialisableByTypeRefuses() throws Exception {
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      SecretKey key = Secret.random(RANDOM).as("AES");
      assertThatThrownBy(() -> out.writeObject(key)).isInstanceOf(NotSerializableException.class);
    }
  }

  @Test
  void wipedKeyFailsInsteadOfBeingZeros() {
    Secret secret = Secret.random(RANDOM);
    SecretKey key = secret.as(Hmac.ALGORITHM);
    assertThat(key.getEncoded()).hasSize(32);
    secret.close();
    assertThatThrownBy(key::getEncoded).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new Hmac().code(key, new byte[1]))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new Hkdf().derive(secret, "label"))
        .isInstanceOf(IllegalStateException.class);
  }
}
