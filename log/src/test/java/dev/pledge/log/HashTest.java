package dev.pledge.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The published constants of RFC 6962 and RFC 9162 with SHA-256. */
class HashTest {
  @Test
  void emptyTreeHashesToTheHashOfNothing() {
    assertThat(Hash.ofEmptyTree())
        .hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void leavesHashAsPublished() {
    assertThat(Hash.ofLeaf(new byte[0]))
        .hasToString("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assertThat(Hash.ofLeaf("L123456".getBytes(UTF_8)))
        .hasToString("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
  }

  @Test
  void nodesTellLeftFromRight() {
    Hash left = Hash.ofLeaf(new byte[] {1});
    Hash right = Hash.ofLeaf(new byte[] {2});
    assertThat(Hash.ofNode(left, right)).isNotEqualTo(Hash.ofNode(right, left));
    assertThat(Hash.ofNode(left, right))
        .isEqualTo(Hash.ofNode(left.value().toByteArray(), right.value().toByteArray()));
  }

  @Test
  void nodesHashAsPublished() {
    assertThat(Hash.ofNode("N123".getBytes(UTF_8), "N456".getBytes(UTF_8)))
        .hasToString("aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
  }

  @Test
  void ofBase64ThereIsOneForm() {
    String text = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    assertThat(Hash.ofEmptyTree().base64()).isEqualTo(text).matches(Hash.BASE64);
    assertThat(Hash.ofBase64(text)).isEqualTo(Hash.ofEmptyTree());
    for (String other : List.of("", "47DE", text.replace("FU=", "FV="), text.replace("=", ""))) {
      assertThat(other).doesNotMatch(Hash.BASE64);
      assertThatIllegalArgumentException().isThrownBy(() -> Hash.ofBase64(other));
    }
  }

  @Test
  void onlyThirtyTwoBytesAreAHash() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Hash(ByteString.of(new byte[31])));
  }
}
