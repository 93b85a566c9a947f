package dev.pledge.policy.language;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.pledge.policy.language.Checked.Unsound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
final class HostileTextTest {
  @TempDir Path directory;

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("", "policy.yaml:1:1: the policy is empty; start with `pledge: 1`"),
        Arguments.of(
            "# only words\n", "policy.yaml:1:1: the policy is empty; start with `pledge: 1`"),
        Arguments.of(
            "- pledge\n",
            "policy.yaml:1:1: the policy is no mapping of keys to values; start with `pledge: 1`"),
        Arguments.of(
            "pledge: 1\nid: small\nid: large\n",
            "policy.yaml:3:1: key `id` stands here a second time; keep one of the two"),
        Arguments.of(
            "pledge: 1\n\"pledge\": 1\n",
            "policy.yaml:2:1: key `pledge` stands here a second time; keep one of the two"),
        Arguments.of(
            "pledge: &one 1\n",
            "policy.yaml:1:9: an anchor (`&`) is not allowed in a policy; remove it and write each"
                + " value out"),
        Arguments.of(
            "pledge: *one\n",
            "policy.yaml:1:9: an alias (`*`) is not allowed in a policy; write the value out"),
        Arguments.of(
            "pledge: !!java.io.File [x]\n",
            "policy.yaml:1:9: a tag (`!`) is not allowed in a policy; remove it"),
        Arguments.of(
            "pledge: !!int 1\n",
            "policy.yaml:1:9: a tag (`!`) is not allowed in a policy; remove it"),
        Arguments.of(
            "--- \npledge: 1\n---\npledge: 1\n",
            "policy.yaml:3:1: a second document (`---`) is not allowed in a policy; put one policy"
                + " in a file"),
        Arguments.of(
            "%YAML 1.1\n---\npledge: 1\n",
            "policy.yaml:1:1: a directive (`%`) is not allowed in a policy; remove it"),
        Arguments.of("[pledge]: 1\n", "policy.yaml:1:1: a key must be a word; name the key"),
        Arguments.of("? { a: b }\n: 1\n", "policy.yaml:1:3: a key must be a word; name the key"),
        Arguments.of("\"\": 1\n", "policy.yaml:1:1: a key must be a word; name the key"),
        Arguments.of("null: 1\n", "policy.yaml:1:1: a key must be a word; name the key"),
        Arguments.of(
            "pledge: 1\n\tid: x\n",
            "policy.yaml:2:1: not valid YAML: found character '\\t(TAB)' that cannot start any"
                + " token. (Do not use \\t(TAB) for indentation); check the indentation, brackets"
                + " and quotes before here"),
        Arguments.of(
            "pledge: [1\n",
            "policy.yaml:2:1: not valid YAML: expected ',' or ']', but got <stream end>; check the"
                + " indentation, brackets and quotes before here"),
        Arguments.of(
            "pledge: 1\nid: a\u0000b\n",
            "policy.yaml:2:6: character U+0000 cannot be seen or hides others; remove it"),
        Arguments.of(
            "pledge: 1\nid: sm\u202Ella\n",
            "policy.yaml:2:7: character U+202E cannot be seen or hides others; remove it"),
        Arguments.of(
            "pledge: 1\nid: sm\u200Ball\n",
            "policy.yaml:2:7: character U+200B cannot be seen or hides others; remove it"),
        Arguments.of(
            "pledge: 1\nid: sm\u00ADall\n",
            "policy.yaml:2:7: character U+00AD cannot be seen or hides others; remove it"),
        Arguments.of(
            "pledge: 1\nid: small # \u061C\n",
            "policy.yaml:2:13: character U+061C cannot be seen or hides others; remove it"),
        Arguments.of(
            "pledge: 1\nid: \u3164\n",
            "policy.yaml:2:5: character U+3164 cannot be seen or hides others; remove it"),
        Arguments.of(
            "pledge: 1\nid: sm\u200Dall\n",
            "policy.yaml:2:5: malformed name `sm\u200Dall` of a policy; `\u200D` is U+200D ZERO"
                + " WIDTH JOINER, not an ASCII character; use lower-case letters, digits and single"
                + " hyphens, starting with a letter"),
        Arguments.of(
            "pledge: 1\nid: \"sm\\u202Ella\"\n",
            "policy.yaml:2:5: an escaped character that cannot be seen is not allowed in a policy;"
                + " remove it"),
        Arguments.of(
            "pledge: 1\nid: \"\\U00110000\"\n",
            "policy.yaml:2:8: not valid YAML: found unknown escape character 00110000; check the"
                + " indentation, brackets and quotes before here"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatAnAuthorCannotSeeIsRefused(String policy, String problem) {
    assertThat(Cases.problems(policy)).contains(problem);
    assertThat(Cases.check(policy)).isInstanceOf(Unsound.class);
  }

  /** A word of the small policy, the same with a character that looks alike, and the problem. */
  static Stream<Arguments> lookingAlike() {
    return Stream.of(
        Arguments.of(
            "purposes:\n",
            "purp\u043Eses:\n",
            "unknown key `purp\u043Eses` in the policy; `\u043E` is U+043E CYRILLIC SMALL LETTER O, not"
                + " an ASCII character; did you mean `purposes`?"),
        Arguments.of(
            "  contact:\n    clause",
            "  cont\u0430ct:\n    clause",
            "malformed name `cont\u0430ct` of a category; `\u0430` is U+0430 CYRILLIC SMALL LETTER A,"
                + " not an ASCII character; use lower-case letters, digits and single hyphens,"
                + " starting with a letter"),
        Arguments.of(
            "uses: [log, contact] }",
            "uses: [log, c\u03BFntact] }",
            "unknown field `c\u03BFntact` in purpose `authentication`; `\u03BF` is U+03BF GREEK SMALL"
                + " LETTER OMICRON, not an ASCII character; did you mean `contact`?"),
        Arguments.of(
            "basis: contract",
            "basis: \uFF43ontract",
            "unknown basis `\uFF43ontract` in `basis` of purpose `authentication`; `\uFF43` is U+FF43"
                + " FULLWIDTH LATIN SMALL LETTER C, not an ASCII character; did you mean `contract`?"),
        Arguments.of(
            "clause: II.I.7\n",
            "clause: \u2161.I.7\n",
            "unknown clause `\u2161.I.7` in purpose `court-order`; `\u2161` is U+2161 ROMAN NUMERAL TWO,"
                + " not an ASCII character; did you mean `II.I.7`?"),
        Arguments.of(
            "jurisdictions: [CN]",
            "jurisdictions: [\u0421N]",
            "unknown jurisdiction `\u0421N` in `jurisdictions` of the policy; `\u0421` is U+0421"
                + " CYRILLIC CAPITAL LETTER ES, not an ASCII character; did you mean `CN`?"),
        Arguments.of(
            "languages: [en]",
            "languages: [\u0435n]",
            "`\u0435n` is not a language; `\u0435` is U+0435 CYRILLIC SMALL LETTER IE, not an ASCII"
                + " character; write a language tag, such as `en` or `zh`"),
        Arguments.of(
            "keep: P15D",
            "keep: \u041015D",
            "`keep` of this retention is `\u041015D`, which is not a period; `\u0410` is U+0410 CYRILLIC"
                + " CAPITAL LETTER A, not an ASCII character; write it as `P6M`, `P15D` or `P1Y6M`"),
        Arguments.of(
            "effective: 2026-01-01",
            "effective: 2026\u201001-01",
            "`effective` of the policy is `2026\u201001-01`, which is not a date; `\u2010` is U+2010"
                + " HYPHEN, not an ASCII character; write it as `2020-04-23`"),
        Arguments.of(
            "under: 18,",
            "under: 1\u0668,",
            "`under` of `minors` of the policy is `1\u0668`, which is not a whole number; `\u0668` is U+0668"
                + " ARABIC-INDIC DIGIT EIGHT, not an ASCII character; write a whole number from 0 to"
                + " 25"),
        Arguments.of(
            "sensitive: true",
            "sensitive: tru\u0435",
            "`sensitive` of field `place.position` is `tru\u0435`, which is neither `true` nor `false`;"
                + " `\u0435` is U+0435 CYRILLIC SMALL LETTER IE, not an ASCII character; write `true`"
                + " or `false`"),
        Arguments.of(
            "version: 1.0",
            "version: 1\u30FB0",
            "malformed version `1\u30FB0`; `\u30FB` is U+30FB KATAKANA MIDDLE DOT, not an ASCII"
                + " character; use at most 32 letters, digits, dots and hyphens"));
  }

  @ParameterizedTest
  @MethodSource("lookingAlike")
  void aCharacterThatOnlyLooksRightIsNamed(String word, String alike, String problem) {
    String policy = Cases.smallPolicy();
    assertThat(policy).containsOnlyOnce(word);
    assertThat(Cases.problems(policy.replace(word, alike)))
        .anyMatch(found -> found.endsWith(": " + problem));
  }

  @Test
  void aClauseThatOnlyLooksRightIsNamedInTheNoticeToo() {
    String notice = Cases.smallNotice().replace("#V.2", "#\u2164.2");
    assertThat(notice).isNotEqualTo(Cases.smallNotice());
    assertThat(
            PolicyCheck.check(PolicySource.of(Cases.smallPolicy(), Map.of("en", notice)))
                .problems())
        .extracting(Problem::toString)
        .anyMatch(problem -> problem.contains("`\u2164` is U+2164 ROMAN NUMERAL FIVE"));
  }

  @Test
  void noticesThatTogetherAreTooLargeAreRefused() {
    String notice = Cases.smallNotice() + "x".repeat(1_000_000);
    Map<String, String> notices = new TreeMap<>();
    for (String language : List.of("aa", "ab", "ac", "ad", "ae", "af", "ag", "ah", "ai")) {
      notices.put(language, notice);
    }
    assertThat(PolicyCheck.check(PolicySource.of(Cases.smallPolicy(), notices)).problems())
        .extracting(Problem::toString)
        .contains(
            "notice.ai.md:1:1: with this file those beside the policy are larger than 8 MiB together;"
                + " shorten them");
  }

  @Test
  void depthIsBoundedWithoutFillingTheStack() {
    String deep = "a: " + "[".repeat(500_000);

    assertThat(Cases.problems(deep))
        .containsExactly(
            "policy.yaml:1:35: more than 32 levels is not allowed in a policy; nest less deeply");
  }

  @Test
  void blocksNestedTooDeepAreRefused() {
    StringBuilder deep = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      deep.append(" ".repeat(i)).append("a:\n");
    }

    assertThat(Cases.problems(deep.toString()))
        .containsExactly(
            "policy.yaml:33:33: more than 32 levels is not allowed in a policy; nest less deeply");
  }

  @Test
  void aFileLargerThanTheLimitIsRefused() {
    assertThat(Cases.problems("#" + "x".repeat(1 << 20)))
        .containsExactly(
            "policy.yaml:1:1: the file is larger than 1 MiB; split what it says into several"
                + " policies");
  }

  @Test
  void aBombOfAliasesIsNotExpanded() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%1$d: &a%1$d [*a%2$d, *a%2$d]\n".formatted(i, i - 1));
    }

    assertThat(Cases.problems(bomb.toString())).hasSize(60 + 2 * 59);
  }

  @Test
  void bytesThatAreNotUtf8AreRefusedAtTheirPlace() throws IOException {
    byte[] bytes = "pledge: 1\nid: größe\n".getBytes(UTF_8);
    bytes[16] = 'x';
    Files.write(directory.resolve("policy.yaml"), bytes);

    assertThat(PolicyCheck.check(PolicySource.directory(directory)).problems())
        .extracting(Problem::toString)
        .contains("policy.yaml:2:8: the file is not valid UTF-8 from here on; save it as UTF-8");
  }

  @Test
  void aByteOrderMarkAndWindowsLineEndsAreNoProblem() {
    String policy = "\uFEFF" + Cases.smallPolicy().replace("\n", "\r\n");

    assertThat(Cases.problems(policy)).isEmpty();
  }

  @Test
  void aHundredThousandMistakesAreFoundInTimeAndReportedInPart() {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      names.append(", contct.f").append(i % 1_000).append(i);
    }
    String policy =
        Cases.smallPolicy()
            .replace("[contact, log]", "[contact" + names.substring(0, 900_000) + "]");

    assertThat(Cases.check(policy).problems()).hasSize(Problems.LIMIT);
  }

  @Test
  @Timeout(60)
  void manyThousandKeysNobodyKnowsAreFoundInTimeAndReportedInPart() {
    StringBuilder keys = new StringBuilder(Cases.smallPolicy());
    for (int i = 0; i < 80_000; i++) {
      keys.append('k').append(i).append(": 1\n");
    }

    assertThat(Cases.check(keys.toString()).problems()).hasSize(Problems.LIMIT);
  }

  @Test
  void morePartsThanAnyoneCouldReadAreRefused() {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < 1_001; i++) {
      fields.append("      f").append(i).append(": { type: text }\n");
    }
    String policy =
        Cases.smallPolicy().replace("      access: { type: log-line }\n", fields.toString());

    assertThat(Cases.problems(policy))
        .containsExactly(
            "policy.yaml:12:1: `categories` declares 1004, more than the 1000 allowed; split the"
                + " policy");
  }

  @Test
  void theLargestPolicyAllowedIsReadInTime() {
    assertThat(Cases.check(largest())).isInstanceOf(Checked.Sound.class);
  }

  private static String largest() {
    StringBuilder fields =
        new StringBuilder("  bulk:\n    clause: I.1\n    method: [form]\n    fields:\n");
    for (int i = 0; i < 990; i++) {
      fields.append("      f").append(i).append(": { type: text }\n");
    }
    StringBuilder purposes = new StringBuilder("purposes:\n");
    StringBuilder served = new StringBuilder();
    for (int i = 0; i < 290; i++) {
      purposes
          .append("  p")
          .append(i)
          .append(": { clause: II.I.2, basis: contract, uses: [bulk] }\n");
      served.append(", p").append(i);
    }
    return Cases.smallPolicy()
        .replace("purposes:\n", fields.toString() + purposes)
        .replace("collects: [contact,", "collects: [bulk, contact,")
        .replace("maps, promotion]", "maps, promotion" + served + "]")
        .replace("of: [contact]", "of: [contact, bulk]");
  }

  static Stream<Arguments> refusedInTermsOfAProduct() {
    return Stream.of(
        Arguments.of("", "a.yaml:1:1: the file is empty; write `key: value` lines"),
        Arguments.of(
            "- pooling\n",
            "a.yaml:1:1: the file is no mapping of keys to values; write `key: value` lines"),
        Arguments.of(
            "pooling: never\npooling: with-authorisation\n",
            "a.yaml:2:1: key `pooling` stands here a second time; keep one of the two"),
        Arguments.of(
            "purposes:\n  maps: none\n  \"maps\": none\n",
            "a.yaml:3:3: key `maps` stands here a second time; keep one of the two"),
        Arguments.of(
            "pooling: *one\n",
            "a.yaml:1:10: an alias (`*`) is not allowed in a policy; write the value out"),
        Arguments.of(
            "pooling: !!str never\n",
            "a.yaml:1:10: a tag (`!`) is not allowed in a policy; remove it"),
        Arguments.of(
            "purposes: " + "[".repeat(500_000),
            "a.yaml:1:42: more than 32 levels is not allowed in a policy; nest less deeply"),
        Arguments.of(
            "retention: [" + "{},".repeat(300_000) + "]",
            "a.yaml:1:600004: more than 200000 words, lists and mappings is not allowed in a policy;"
                + " shorten the file"),
        Arguments.of(
            "#" + "x".repeat(1 << 20),
            "a.yaml:1:1: the file is larger than 1 MiB; split what it says into several policies"),
        Arguments.of(
            "pooling: ne\u200Bver\n",
            "a.yaml:1:12: character U+200B cannot be seen or hides others; remove it"),
        Arguments.of(
            "purp\u043Eses: {}\n",
            "a.yaml:1:1: unknown key `purp\u043Eses` in the terms of product `shop0`; `\u043E` is U+043E"
                + " CYRILLIC SMALL LETTER O, not an ASCII character; did you mean `purposes`?"),
        Arguments.of(
            "purposes: { m\u0430ps: none }\n",
            "a.yaml:1:13: unknown purpose `m\u0430ps` in the terms of product `shop0`; `\u0430` is U+0430"
                + " CYRILLIC SMALL LETTER A, not an ASCII character; did you mean `maps`?"),
        Arguments.of(
            "retention:\n  - { of: [pl\u0430ce], keep: P3D, from: collection, then: delete }\n",
            "a.yaml:2:12: unknown field `pl\u0430ce` in this retention; `\u0430` is U+0430 CYRILLIC SMALL"
                + " LETTER A, not an ASCII character; did you mean `place`?"),
        Arguments.of(
            "purposes:\n" + "  p%d: none\n".repeat(301).transform(HostileTextTest::numbered),
            "a.yaml:1:1: `purposes` declares 301, more than the 300 allowed; split the policy"),
        Arguments.of(
            "purposes:\n"
                + "  p%d: { clause: II.I.2, basis: contract, uses: [log] }\n"
                    .repeat(299)
                    .transform(HostileTextTest::numbered),
            "policy.yaml:32:1: `purposes` declares 304, more than the 300 allowed, with the terms in"
                + " `a.yaml`; change `a.yaml`, or split the policy"));
  }

  /** The text with 0, 1, 2 … in place of its marks. */
  private static String numbered(String text) {
    return String.format(Locale.ROOT, text, IntStream.range(0, 1_000).boxed().toArray());
  }

  @ParameterizedTest
  @MethodSource
  void refusedInTermsOfAProduct(String terms, String problem) {
    Checked checked = checked(Cases.smallPolicy(), List.of("a.yaml"), Map.of("a.yaml", terms));

    assertThat(Cases.problems(checked)).contains(problem);
    assertThat(checked).isInstanceOf(Unsound.class);
  }

  private static Checked checked(String policy, List<String> files, Map<String, String> terms) {
    return PolicyCheck.check(
        PolicySource.of(
            WorstInputs.withTerms(policy, files),
            Map.of("en", Cases.noticeOfOwnTerms()),
            Map.of(),
            terms));
  }

  @Test
  void theSameTermsAreSoundWithoutWhatIsHostile() {
    Checked checked =
        checked(Cases.smallPolicy(), List.of("a.yaml"), Map.of("a.yaml", Cases.smallTerms()));

    assertThat(checked.problems()).isEmpty();
  }

  @Test
  void aBombOfAliasesInTermsOfAProductIsNotExpanded() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%1$d: &a%1$d [*a%2$d, *a%2$d]\n".formatted(i, i - 1));
    }
    Map<String, String> terms = Map.of("a.yaml", bomb.toString());

    assertThat(checked(Cases.smallPolicy(), List.of("a.yaml", "a.yaml"), terms).problems())
        .hasSize(60 + 2 * 59);
  }

  @Test
  void moreProductsWithTermsOfTheirOwnThanAnyoneCouldReadAreRefused() {
    List<String> files = Collections.nCopies(190, "a.yaml");

    assertThat(
            Cases.problems(
                checked(Cases.smallPolicy(), files, Map.of("a.yaml", Cases.smallTerms()))))
        .singleElement(STRING)
        .endsWith("more than 20 products have terms of their own; split the policy");
  }

  @Test
  @Timeout(60)
  void theLargestTermsOfAsManyProductsAsAllowedAreReadInTime() {
    StringBuilder terms = new StringBuilder("purposes:\n");
    for (int i = 0; i < 290; i++) {
      terms.append("  p").append(i).append(": { uses: [bulk, contact] }\n");
    }
    terms.append("retention:\n");
    for (int i = 0; i < 190; i++) {
      terms
          .append("  - { of: [bulk.f")
          .append(i)
          .append("], keep: P9D, from: closing, then: delete }\n");
    }

    assertThat(
            checked(
                largest(),
                Collections.nCopies(PolicySource.MOST_OWN_TERMS, "a.yaml"),
                Map.of("a.yaml", terms.toString())))
        .isInstanceOf(Checked.Sound.class);
  }

  @Test
  @Timeout(60)
  void fiftyThousandMistakesInTermsOfAProductAreReportedInPart() {
    StringBuilder names = new StringBuilder("retention:\n  - { of: [bulk");
    for (int i = 0; i < 50_000; i++) {
      names.append(", blk.f").append(i % 1_000).append(i);
    }
    names.append("], keep: P9D, from: closing, then: delete }\n");
    List<String> files = Collections.nCopies(PolicySource.MOST_OWN_TERMS, "a.yaml");

    assertThat(checked(largest(), files, Map.of("a.yaml", names.toString())).problems())
        .hasSize(Problems.LIMIT);
  }

  @Test
  void filesThatAreMissingOrNoFilesAreReported() throws IOException {
    assertThat(problemsIn(directory.resolve("nowhere")))
        .containsExactly(
            "policy.yaml:1:1: the directory of the policy cannot be read; check its path and"
                + " permissions");
    assertThat(problemsIn(directory))
        .containsExactly("policy.yaml:1:1: the file is missing; create it");
    Files.createDirectory(directory.resolve("policy.yaml"));
    Files.createDirectory(directory.resolve("notice.en.md"));
    assertThat(problemsIn(directory))
        .containsExactly(
            "policy.yaml:1:1: the file is missing; create it",
            "notice.en.md:1:1: the file is missing; create it");
  }

  private static List<String> problemsIn(Path directory) {
    return PolicyCheck.check(PolicySource.directory(directory)).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void noCharacterOfTheBasicPlaneBreaksTheReader() {
    for (int point = 0; point <= 0xFFFF; point += 17) {
      String text = "pledge: 1\nid: a" + (char) point + "b\n" + (char) point + ": x\n";
      assertThat(PolicyCheck.check(PolicySource.of(text, Map.of("en", text))))
          .isInstanceOf(Unsound.class);
    }
  }
}
