package dev.pledge.engine.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.keys.BlindIndex.Term;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.ProductId;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlindIndexTest {
  private static final ProductId MEET = new ProductId("meet");

  @TempDir private Path home;

  @Test
  void equalTermsGiveEqualIndexesAcrossRestarts() {
    Deployment deployment = new Deployment(home);
    Term term = Term.of(FieldType.EMAIL, 1, "mei@example.org");
    byte[] before;
    KeyStore.Seen seen;
    try (KeyStore store = deployment.create()) {
      before = newest(store.blindIndex(), term);
      seen = Deployment.seen(store);
      assertThat(before).hasSize(32);
    }
    try (KeyStore store = deployment.open(seen)) {
      assertThat(newest(store.blindIndex(), term)).isEqualTo(before);
      assertThat(store.blindIndex().candidates(term)).containsExactly(before);
      assertThat(store.blindIndex().indexes(term)).containsOnlyKeys(1);
    }
  }

  @Test
  void everythingThatTellsTermsApartIsInTheIndex() {
    try (KeyStore store = new Deployment(home).create()) {
      BlindIndex index = store.blindIndex();
      List<Term> terms =
          List.of(
              Term.of(FieldType.EMAIL, 1, "a"),
              Term.of(FieldType.EMAIL, 2, "a"),
              Term.of(FieldType.EMAIL, 1, "b"),
              Term.of(FieldType.PHONE, 1, "a"),
              Term.ofExternalId(MEET, 1, "a"),
              Term.ofExternalId(new ProductId("drive"), 1, "a"));
      assertThat(
              terms.stream()
                  .map(term -> newest(index, term))
                  .map(code -> HexFormat.of().formatHex(code)))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void deploymentsShareNoIndex() {
    Primitives primitives = Primitives.with(Deployment.RANDOM);
    TreeMap<Integer, EpochBundle> bundles = new TreeMap<>();
    bundles.put(1, EpochBundle.random(Deployment.RANDOM));
    Epochs epochs = Deployment.epochs(1, bundles);
    Term term = Term.of(FieldType.PHONE, 1, "+8613800138000");
    assertThat(newest(new BlindIndex(UUID.randomUUID(), epochs, primitives), term))
        .isNotEqualTo(newest(new BlindIndex(UUID.randomUUID(), epochs, primitives), term));
  }

  @Test
  void everyLivingEpochIsLookedIn() {
    Primitives primitives = Primitives.with(Deployment.RANDOM);
    TreeMap<Integer, EpochBundle> bundles = new TreeMap<>();
    bundles.put(1, EpochBundle.random(Deployment.RANDOM));
    bundles.put(2, EpochBundle.random(Deployment.RANDOM));
    BlindIndex index = new BlindIndex(UUID.randomUUID(), Deployment.epochs(2, bundles), primitives);
    Term term = Term.of(FieldType.EMAIL, 1, "mei@example.org");
    assertThat(index.candidates(term)).hasSize(2).last().isEqualTo(newest(index, term));
    assertThat(index.candidates(term).getFirst()).isNotEqualTo(newest(index, term));
  }

  @Test
  void fieldsOfFewValuesAreNeverLookedUp() {
    assertThatThrownBy(() -> Term.of(FieldType.CHOICE, 1, "female"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`choice`")
        .hasMessageNotContaining("female");
    assertThatThrownBy(() -> Term.of(FieldType.DATE, 1, "1990-01-01"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlyExternalIdsBelongToAProduct() {
    assertThatThrownBy(() -> Term.of(FieldType.EXTERNAL_ID, 1, "4711"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Term(FieldType.EMAIL, 1, Optional.of(MEET), "a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] newest(BlindIndex index, Term term) {
    return index.indexes(term).lastEntry().getValue();
  }
}
