package dev.pledge.engine.anchor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.anchor.OutsideAnchor.Kind;
import dev.pledge.log.Cosigner;
import dev.pledge.log.NoteSigner;
import dev.pledge.policy.language.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnchorSettingsTest {
  private static final String FENCE = "```yaml\n";
  private static final String ALICE =
      Cosigner.ed25519("alice.example/w", new byte[32]).verifierKey().toString();

  private static Settings.Read<AnchorSettings> read(String text) {
    return Settings.read("anchors.yaml", text.getBytes(UTF_8), "the anchors", AnchorSettings::read);
  }

  private static List<String> problems(String text) {
    return read(text).problems().stream()
        .map(problem -> problem.line() + " " + problem.message() + "; " + problem.remedy())
        .toList();
  }

  @Test
  void theDocumentedFileIsRead() throws IOException {
    Path inside = Path.of("docs/anchors.md");
    String docs = Files.readString(Files.exists(inside) ? inside : Path.of("..").resolve(inside));
    int from = docs.indexOf(FENCE) + FENCE.length();
    String file = docs.substring(from, docs.indexOf("```", from));
    assertThat(problems(file)).isEmpty();
    AnchorSettings settings = read(file).value().orElseThrow();
    assertThat(settings.anchors())
        .extracting(OutsideAnchor::kind)
        .containsExactly(Kind.FILE, Kind.HTTP, Kind.WITNESS, Kind.WITNESS, Kind.EMAIL);
    assertThat(settings.quorum().threshold()).isEqualTo(2);
    assertThat(settings.quorum().witnesses()).hasSize(2);
    assertThat(settings.anchors().getFirst().terms())
        .isEqualTo(new OutsideAnchor.Terms("mirror", Duration.ofSeconds(10), true));
  }

  @Test
  void anEmptyListIsNoAnchor() {
    assertThat(read("anchors: {}\n").value()).contains(AnchorSettings.NONE);
  }

  @Test
  void whatIsWrongIsToldWithPlaceAndRemedy() {
    assertThat(
            problems(
                """
                quorum: 3
                every: 0
                anchors:
                  Mirror: { kind: file, path: /x/y }
                  a: { kind: files, path: /x/y }
                  b: { kind: file, path: x/y }
                  c: { path: /x/y }
                  d: { kind: http, url: "http://example.com" }
                  e: { kind: http, url: "https://me:secret@example.com" }
                  f: { kind: file, path: /x/y, url: "https://example.com" }
                """))
        .containsExactly(
            "1 more witnesses asked for than there are; ask for 0 to 0",
            "2 `every` of the anchors is `0`, which is out of range; write a whole number from 1 to"
                + " 604800",
            "4 malformed name `Mirror`; use lower-case letters, digits and single hyphens, starting"
                + " with a letter",
            "5 `kind` of anchor `a` is `files`; write it as `file`, `http`, `email` or `witness`",
            "6 `path` of anchor `b` is `x/y`; write it as `/mnt/elsewhere/pledge.checkpoint`",
            "7 anchor `c` has no `kind`; add `kind: file`, `http`, `email` or `witness`",
            "8 `url` of anchor `d` is `http://example.com`; write it as"
                + " `https://archive.example/checkpoints`",
            "9 `url` of anchor `e` is `https://me:secret@example.com`; write it as"
                + " `https://archive.example/checkpoints`",
            "10 unknown key `url` in anchor `f`; use one of `every`, `required`");
  }

  @Test
  void keysOfWitnessesAreLookedAt() {
    String own = new NoteSigner("log", new byte[32]).verifierKey().toString();
    String witness = "{ kind: witness, url: \"https://a.example\", keys: [\"%s\"] }\n";
    assertThat(problems("anchors:\n  a: " + witness.formatted(own)))
        .singleElement()
        .asString()
        .contains("copy the key as the witness published it");
    assertThat(problems("anchors:\n  a: { kind: witness, url: \"https://a.example\" }\n"))
        .singleElement()
        .asString()
        .contains("anchor `a` has no `keys`; add `keys: [name+id+key]`");
    assertThat(
            problems(
                "anchors:\n  a: " + witness.formatted(ALICE) + "  b: " + witness.formatted(ALICE)))
        .singleElement()
        .asString()
        .contains("two witnesses have one key");
  }

  @Test
  void lettersNeedSenderReceiverAndBothOrNeitherOfUserAndPassword() {
    assertThat(
            problems(
                """
                anchors:
                  a: { kind: email, host: "a b", from: nobody, to: [], user: u }
                  b: { kind: email, to: ["x@y.example", "@"], security: plain, password-file: p }
                """))
        .hasSize(9)
        .anyMatch(problem -> problem.contains("`to` of anchor `a` lists nothing"))
        .anyMatch(problem -> problem.contains("`user` and `password-file` go together"))
        .anyMatch(problem -> problem.contains("write `starttls`, `tls` or `none`"));
  }
}
