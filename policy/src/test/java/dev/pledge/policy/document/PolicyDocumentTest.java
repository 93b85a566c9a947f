package dev.pledge.policy.document;

import static dev.pledge.policy.document.Rendered.REFERENCE;
import static dev.pledge.policy.document.Rendered.all;
import static dev.pledge.policy.document.Rendered.named;
import static dev.pledge.policy.document.Rendered.page;
import static dev.pledge.policy.document.Rendered.rows;
import static dev.pledge.policy.document.Rendered.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.language.Labels;
import dev.pledge.policy.language.Notice;
import dev.pledge.policy.language.Notice.Passage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ProductId;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The reference policy as people read it, in both languages and for every product. */
final class PolicyDocumentTest {
  private static final Pattern ANCHOR = Pattern.compile("<a id=\"([^\"]+)\"></a>");
  private static final Pattern LINK = Pattern.compile("\\]\\(#([^)]+)\\)");

  static Stream<Rendered.Of> everyOne() {
    return Rendered.everyOne();
  }

  private static Notice notice(Rendered.Of of) {
    return REFERENCE.notices().stream()
        .filter(notice -> notice.language().equals(of.language()))
        .findFirst()
        .orElseThrow();
  }

  private static Labels labels(Rendered.Of of) {
    return REFERENCE.labels().stream()
        .filter(labels -> labels.language().equals(of.language()))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> clauses(Stream<Passage> passages) {
    return passages.flatMap(passage -> passage.clauses().stream()).map(ClauseId::value).toList();
  }

  // ---------------------------------------------------------------- finding one's way

  @ParameterizedTest
  @MethodSource("everyOne")
  void everyClauseOfTheNoticeIsAnAnchorOnceAndEveryLinkLeadsSomewhere(Rendered.Of of) {
    List<String> clauses = clauses(notice(of).passages().stream());
    Document page = page(of.document());
    List<String> ids =
        all(page, "*").stream()
            .map(element -> element.getAttribute("id"))
            .filter(id -> !id.isEmpty())
            .toList();
    assertThat(ids).doesNotHaveDuplicates().containsAll(clauses);
    assertThat(all(page, "a"))
        .extracting(link -> link.getAttribute("href"))
        .isSubsetOf(ids.stream().map(id -> "#" + id).toList());

    String text = of.document().markdown();
    List<String> anchors = ANCHOR.matcher(text).results().map(found -> found.group(1)).toList();
    assertThat(anchors).doesNotHaveDuplicates().containsAll(clauses);
    assertThat(LINK.matcher(text).results().map(found -> found.group(1))).isSubsetOf(anchors);
  }

  @ParameterizedTest
  @MethodSource("everyOne")
  void theTableOfContentsNamesEveryPassageAndAnnexInOrder(Rendered.Of of) {
    Document page = page(of.document());
    Element contents =
        all(page, "nav").stream()
            .filter(nav -> nav.getAttribute("class").equals("contents"))
            .findFirst()
            .orElseThrow();
    List<String> sections =
        all(page, "section").stream().map(section -> section.getAttribute("id")).toList();

    assertThat(all(contents, "a"))
        .extracting(link -> link.getAttribute("href"))
        .filteredOn(address -> !address.equals("#annexes"))
        .containsExactlyElementsOf(
            sections.stream().skip(1).map(section -> "#" + section).toList());
  }

  @ParameterizedTest
  @MethodSource("everyOne")
  void anAssistiveReaderFindsItsWay(Rendered.Of of) {
    Document page = page(of.document());

    assertThat(page.getDocumentElement().getAttribute("lang")).isEqualTo(of.language());
    assertThat(all(page, "main")).hasSize(1);
    assertThat(all(page, "header")).hasSize(1);
    assertThat(all(page, "nav"))
        .allSatisfy(
            nav ->
                assertThat(words(named(page, nav.getAttribute("aria-labelledby")))).isNotEmpty());
    int before = 0;
    for (Element heading : all(page, "*")) {
      if (heading.getTagName().matches("h[1-6]")) {
        int level = heading.getTagName().charAt(1) - '0';
        assertThat(level).as(words(heading)).isBetween(before == 0 ? 1 : 2, before + 1);
        before = level;
      }
    }
    assertThat(all(page, "th")).isNotEmpty();
    assertThat(all(named(page, "annex-purposes"), "th"))
        .allSatisfy(head -> assertThat(head.getAttribute("scope")).isIn("col", "row"));
    assertThat(all(page, "script")).isEmpty();
    assertThat(all(page, "img")).isEmpty();
  }

  // ---------------------------------------------------------------- what stands out

  @ParameterizedTest
  @MethodSource("everyOne")
  @Clause("0.3")
  void whatLimitsPeopleStandsOutAndNothingElseDoes(Rendered.Of of) {
    List<String> important = clauses(notice(of).passages().stream().filter(Passage::important));
    String word = of.language().equals("zh") ? "重要" : "Important";
    Document page = page(of.document());

    assertThat(all(page, "section"))
        .filteredOn(section -> section.getAttribute("class").contains("important"))
        .allSatisfy(
            section ->
                assertThat(all(section, "strong")).extracting(Rendered::words).contains(word))
        .extracting(section -> section.getAttribute("id"))
        .containsExactlyElementsOf(important);
    assertThat(all((Element) named(page, "important-parts").getParentNode(), "a"))
        .extracting(link -> link.getAttribute("href").substring(1))
        .containsExactlyElementsOf(important);
    String text = of.document().markdown();
    for (Passage passage : notice(of).passages()) {
      String marked = "</a>" + passage.heading() + "\n\n**" + word + "**\n";
      assertThat(text.contains(marked)).as(passage.heading()).isEqualTo(passage.important());
    }
  }

  // ---------------------------------------------------------------- the annexes

  @ParameterizedTest
  @MethodSource("everyOne")
  @Clause("I.M")
  void whatIsCollectedAndHowIsToldOfEveryField(Rendered.Of of) {
    Labels labels = labels(of);
    Tongue tongue = Tongue.of(of.language());
    List<List<String>> rows = rows(page(of.document()), "annex-collected");

    assertThat(rows).hasSameSizeAs(REFERENCE.policy().categories());
    for (int i = 0; i < rows.size(); i++) {
      Category category = REFERENCE.policy().categories().get(i);
      List<String> row = rows.get(i);
      assertThat(row.get(0))
          .startsWith(labels.of(category.id()))
          .endsWith(category.clause().value());
      category
          .fields()
          .forEach(field -> assertThat(row.get(1)).containsIgnoringCase(labels.of(field.id())));
      category
          .methods()
          .forEach(
              method ->
                  assertThat(row.get(2)).containsIgnoringCase(tongue.say(Phrases.method(method))));
      category
          .requires()
          .forEach(condition -> assertThat(row.get(3)).contains(labels.of(condition)));
    }
  }

  @ParameterizedTest
  @MethodSource("everyOne")
  void everyPurposeIsToldWithItsDataUnderItsBasis(Rendered.Of of) {
    Labels labels = labels(of);
    Document page = page(of.document());
    List<List<String>> rows = rows(page, "annex-purposes");

    assertThat(rows).hasSameSizeAs(of.purposes());
    for (Purpose purpose : of.purposes()) {
      List<String> row = starting(rows, labels.of(purpose.id()));
      assertThat(row.get(0)).endsWith(purpose.clause().value());
      for (Field field : fields().toList()) {
        if (purpose.uses().contains(field.id())) {
          assertThat(row.get(1)).contains(labels.of(field.id()));
        }
      }
      assertThat(words(named(page, "annex-purposes")))
          .contains(Tongue.of(of.language()).say(Phrases.meaning(purpose.basis())));
      purpose
          .exception()
          .ifPresent(named -> assertThat(row.get(2)).contains(labels.of(named.approver())));
      purpose
          .breakGlass()
          .ifPresent(named -> assertThat(row.get(2)).contains(labels.of(named.reviewer()), "24"));
    }
  }

  @ParameterizedTest
  @MethodSource("everyOne")
  void everyRoleIsToldWithItsPurposesAndHowClearlyItSees(Rendered.Of of) {
    Labels labels = labels(of);
    Tongue tongue = Tongue.of(of.language());
    List<List<String>> rows = rows(page(of.document()), "annex-roles");

    for (Role role : of.terms().roles()) {
      List<String> row = starting(rows, tongue.begin(labels.of(role.id())));
      of.purposes().stream()
          .map(Purpose::id)
          .filter(role.purposes()::contains)
          .forEach(purpose -> assertThat(row.get(1)).contains(labels.of(purpose)));
      if (!role.purposes().isEmpty()) {
        assertThat(row.get(2)).contains(tongue.say(Phrases.of(role.sees(), role.heldBy())));
      }
      role.undertaking().ifPresent(named -> assertThat(row.get(2)).contains(labels.of(named)));
    }
  }

  @ParameterizedTest
  @MethodSource("everyOne")
  void howLongEveryFieldIsKeptIsTold(Rendered.Of of) {
    Labels labels = labels(of);
    Tongue tongue = Tongue.of(of.language());
    List<List<String>> rows = rows(page(of.document()), "annex-retention");

    for (Category category : REFERENCE.policy().categories()) {
      for (Field field : category.fields()) {
        List<String> row =
            rows.stream()
                .filter(each -> each.get(0).startsWith(labels.of(category.id())))
                .filter(each -> each.get(0).contains(labels.of(field.id())))
                .findFirst()
                .orElseThrow();
        for (Retention retention : of.terms().retention()) {
          if (retention.of().contains(field.id())) {
            assertThat(row.get(1)).contains(tongue.period(retention.keep()));
          }
        }
      }
    }
  }

  @Test
  void inWhatAProductDiffersIsToldOfItAndOfAll() {
    Rendered.Of calendar = new Rendered.Of("en", "calendar");
    Rendered.Of all = new Rendered.Of("zh", "general");

    assertThat(rows(page(calendar.document()), "annex-purposes"))
        .noneMatch(row -> row.getFirst().startsWith("Advertisements inside the product"));
    assertThat(words(named(page(calendar.document()), "annex-products")))
        .contains(
            "Not done here: Advertisements inside the product",
            "Done otherwise: Making our products better",
            "Kept for another time: What our servers note (what goes wrong)");
    assertThat(words(named(page(all.document()), "annex-products"))).contains("日历", "在此不进行：产品内的广告");
    assertThat(new Rendered.Of("en", "meeting").document().markdown())
        .doesNotContain("annex-products");
  }

  @Test
  void anExplicitYesIsAChoiceOfItsOwn() {
    assertThat(rows(page(new Rendered.Of("en", "general").document()), "annex-choices"))
        .extracting(List::getFirst)
        .anyMatch(head -> head.startsWith("Taking payments: your bank card"))
        .anyMatch(head -> head.startsWith("Recommendations that suit you: your position"))
        .noneMatch(head -> head.startsWith("Danger to someone"));
  }

  @Test
  void howLongIsASentence() {
    assertThat(rows(page(new Rendered.Of("en", "general").document()), "annex-retention"))
        .contains(
            List.of(
                "About you: your birth date",
                "Until 30 days after we received it. If you close your account with the product,"
                    + " not past 15 days after that. Until 3 years after the last day on which you"
                    + " used the product."),
            List.of(
                "What our servers note: records of network access",
                "Until 6 months after we received it. Closing your account does not shorten that."
                    + " The law asks for at least 6 months."));
    assertThat(rows(page(new Rendered.Of("zh", "general").document()), "annex-retention"))
        .contains(List.of("付款：银行卡", "保留到您注销该产品的账号后 15 天。 保留到您最后一次使用该产品之日后 3 年。"));
  }

  @ParameterizedTest
  @MethodSource("everyOne")
  void noWordOfTheLanguageIsShown(Rendered.Of of) {
    Policy policy = REFERENCE.policy();
    String annexes = of.document().annexes().toString();

    Stream.concat(
            Stream.of(
                "opt-in", "opt-out", "OPT_IN", "SERVICE", "CONTRACT", "de-identified", "P30D"),
            Stream.of(
                    policy.purposes().stream().map(purpose -> purpose.id().value()),
                    policy.roles().stream().map(role -> role.id().value()),
                    fields().map(field -> field.id().name()))
                .flatMap(names -> names)
                .filter(name -> name.contains("-")))
        .forEach(word -> assertThat(annexes).doesNotContain(word));
  }

  private static List<String> starting(List<List<String>> rows, String head) {
    return rows.stream()
        .filter(row -> row.get(0).startsWith(head))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no row for " + head));
  }

  private static Stream<Field> fields() {
    return REFERENCE.policy().categories().stream().flatMap(each -> each.fields().stream());
  }

  // ---------------------------------------------------------------- the Markdown

  /** Both are made of the same words; what differs is how they are set. */
  @ParameterizedTest
  @MethodSource("everyOne")
  void theTextSaysWhatThePageSays(Rendered.Of of) {
    String text =
        Rendered.words(
            Rendered.parsed("<t>" + html(of.document().markdown()) + "</t>").getDocumentElement());
    for (Element cell : all(page(of.document()), "td")) {
      all(cell, "p").forEach(line -> assertThat(text).contains(words(line)));
    }
    for (Passage passage : notice(of).passages()) {
      assertThat(text).contains(passage.heading());
    }
  }

  @ParameterizedTest
  @MethodSource("everyOne")
  void theTextReadsTheSameWhenItIsWrittenAgain(Rendered.Of of) {
    String once = of.document().markdown();
    assertThat(SafeMarkdown.markdown(Commonmark.parse(once))).isEqualTo(once);
  }

  private static String html(String markdown) {
    return Commonmark.html(markdown).replace("<br>", " ");
  }

  // ---------------------------------------------------------------- languages and products

  @Test
  void whatThePolicyDoesNotHaveIsRefusedWithWhatItHas() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rendered.Of("de", "general").document())
        .withMessage("the policy has no language `de`; it has en, zh");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Rendered.Of("en", "meating").document())
        .withMessage("the policy has no product `meating`; it has general, meeting, calendar");
  }

  @Test
  void aPageLeadsToItsTranslationsByTheirOwnNames() {
    String html =
        new Rendered.Of("en", "general")
            .document()
            .html(
                Style.inside(),
                List.of(new PolicyDocument.Translation("zh", "?language=zh&product=general")));
    Document page = Rendered.parsed(html);

    assertThat(all(page, "a"))
        .filteredOn(link -> link.getAttribute("hreflang").equals("zh"))
        .singleElement()
        .satisfies(link -> assertThat(words(link)).isEqualTo("中文"))
        .satisfies(
            link ->
                assertThat(link.getAttribute("href")).isEqualTo("?language=zh&product=general"));
  }

  @Test
  void aProductIsToldOfByItsOwnPurposesAlone() {
    String policy =
        Small.POLICY
            .replace("products: { shop: {} }", "products: { shop: {}, club: {} }")
            .replace("maps: { clause: II.I.2,", "maps: { clause: II.I.2, products: [club],")
            .replace(
                "roles:\n",
                "roles:\n  guide: { purposes: [maps], sees: clear, held-by: service }\n");
    String shop = Small.document(policy, "shop").markdown();
    String club = Small.document(policy, "club").markdown();

    assertThat(club).contains("|Maps [II.I.2](#II.I.2)|", "|Guide|").contains("Only in club.");
    assertThat(shop).doesNotContain("|Maps [II.I.2]").doesNotContain("|Guide|").contains("|Rescue");
  }

  @Test
  void readersOfOtherLanguagesGetEnglishThatIsMarkedAsSuch() {
    PolicyDocument document = Small.in("fr", "En bref");
    Document page = page(document);

    assertThat(page.getDocumentElement().getAttribute("lang")).isEqualTo("fr");
    assertThat(Set.of(words(all(page, "h1").getFirst()))).containsExactly("En bref");
    for (String generated : List.of("contents", "important-parts")) {
      assertThat(named(page, generated).getAttribute("lang")).isEqualTo("en");
    }
    Element annexes = (Element) named(page, "annexes").getParentNode();
    assertThat(annexes.getAttribute("lang")).isEqualTo("en");
    assertThat(words(annexes)).contains("What we collect, and how");
    assertThat(new Rendered.Of("zh", "general").document().html(Style.inside()))
        .doesNotContain("lang=\"en\"");
  }

  @Test
  void germansReadGermanTables() {
    String page = Small.in("de", "Kurz gesagt").html(Style.inside());
    assertThat(page)
        .contains("Was wir erheben und wie", "Wie lange wir Daten aufbewahren")
        .doesNotContain("lang=\"en\"", "What we collect");
  }

  @Test
  void agesAreToldByWhereOneLives() {
    String policy =
        Small.POLICY
            .replace("jurisdictions: [CN]", "jurisdictions: [US, EU]")
            .replace("under: 18", "under: { US: 13, EU: 16 }")
            .replace("sensitive-under: 14", "sensitive-under: { US: 13, EU: 0 }");
    assertThat(Small.document(policy, "general").markdown())
        .contains(
            "does not let anybody choose: 13 (United States), 16 (European Economic Area) and 16"
                + " anywhere else, or as long as we do not know where you live.")
        .contains(
            "is treated as sensitive: 13 (United States), none (European Economic Area) and 13");
    assertThat(Small.inChinese(policy).markdown())
        .contains("我们不使用未满一定年龄者的任何信息。该年龄取决于您的居住地：美国 13 岁、欧洲经济区 16 岁和其他地方（或我们不知道您居住何处时）16 岁。")
        .contains("按敏感信息对待。该年龄取决于您的居住地：美国 13 岁、欧洲经济区不设和其他地方");
  }

  @Test
  void aPolicyOfASingleProductHasNoWordForIt() {
    String policy =
        Small.POLICY
            .replace("products: { shop: {} }\n", "")
            .replace("closing: { shop:", "closing: { general:");
    PolicyDocument document = Small.document(policy, "general");
    assertThat(document.markdown())
        .contains("Everything we offer", "after you close your account.")
        .doesNotContain("with the product.");
    assertThat(document.told().policy().products()).contains(new ProductId("general"));
  }
}
