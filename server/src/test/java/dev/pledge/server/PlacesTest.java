package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Where things are, by options, by variables and by neither. */
final class PlacesTest {
  private static final Path HOME = Path.of("").toAbsolutePath();

  private static Places places(Map<String, String> environment, String... options) {
    return CommandLine.populateCommand(new Places(environment), options);
  }

  @Test
  void withoutAWordThingsAreInTheirUsualPlaces() {
    Places places = places(Map.of());
    assertThat(places.data()).isEqualTo(HOME.resolve("data"));
    assertThat(places.keys()).isEqualTo(HOME.resolve("data-keys"));
    assertThat(places.policy()).isEqualTo(HOME.resolve("policies/emeet"));
  }

  @Test
  void variablesNamePlaces() {
    Places places =
        places(
            Map.of("PLEDGE_DATA", "/srv/p", "PLEDGE_KEYS", "/safe/k", "PLEDGE_POLICY", "/etc/p"));
    assertThat(places.data()).isEqualTo(Path.of("/srv/p"));
    assertThat(places.keys()).isEqualTo(Path.of("/safe/k"));
    assertThat(places.policy()).isEqualTo(Path.of("/etc/p"));
  }

  @Test
  void optionsGoBeforeVariables() {
    Places places =
        places(
            Map.of("PLEDGE_DATA", "/srv/p", "PLEDGE_KEYS", "/safe/k", "PLEDGE_POLICY", "/etc/p"),
            "--data=/one",
            "--keys=/two",
            "--policy=/three");
    assertThat(places.data()).isEqualTo(Path.of("/one"));
    assertThat(places.keys()).isEqualTo(Path.of("/two"));
    assertThat(places.policy()).isEqualTo(Path.of("/three"));
  }

  @Test
  void keysOfNamedDataLieBesideThemHoweverTheyWereNamed() {
    assertThat(places(Map.of(), "--data=/srv/p").keys()).isEqualTo(Path.of("/srv/p-keys"));
    assertThat(places(Map.of("PLEDGE_DATA", "/srv/p")).keys()).isEqualTo(Path.of("/srv/p-keys"));
    assertThat(places(Map.of("PLEDGE_DATA", "/srv/p"), "--data=/other").keys())
        .isEqualTo(Path.of("/other-keys"));
    assertThat(places(Map.of("PLEDGE_KEYS", "/safe/k"), "--data=/srv/p").keys())
        .isEqualTo(Path.of("/safe/k"));
  }

  @Test
  void emptyVariableIsNone() {
    Places places = places(Map.of("PLEDGE_DATA", "", "PLEDGE_KEYS", " "), "--data=/srv/p");
    assertThat(places.keys()).isEqualTo(Path.of("/srv/p-keys"));
    assertThat(places(Map.of("PLEDGE_DATA", "")).data()).isEqualTo(HOME.resolve("data"));
  }

  @Test
  void theRootKeyIsWhereItWasUnlessItIsNamed() {
    assertThat(places(Map.of()).rootKey()).isEmpty();
    Map<String, String> set = Map.of("PLEDGE_ROOT_KEY", "vault+https://a.example/transit/keys/k");
    assertThat(places(set).rootKey()).hasValue("vault+https://a.example/transit/keys/k");
    assertThat(places(set, "--root-key=file").rootKey()).hasValue("file");
    assertThat(places(Map.of("PLEDGE_ROOT_KEY", " ")).rootKey()).isEmpty();
  }
}
