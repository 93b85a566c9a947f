package dev.pledge.policy.document;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.language.Checked;
import dev.pledge.policy.language.Labels;
import dev.pledge.policy.language.Notice;
import dev.pledge.policy.language.Notice.Passage;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ProductId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A policy as people read it, in one language and for one product: the words of its notice, with
 * the passages that limit people's rights marked (0.3), and behind them tables made from the rules,
 * which therefore say what is done (I.M). The page and the text have the same parts under the same
 * anchors; a clause is the anchor of its passage.
 *
 * <p>The words around the notice are English, Chinese or German; readers of other languages get
 * English, marked as such. HTML in a notice is shown as text and links lead to pages and mailboxes
 * alone. Immutable.
 */
public final class PolicyDocument {
  private final Notice notice;
  private final Telling told;
  private final List<Section> sections;
  private final List<Annex> annexes;

  /**
   * Where the same document is in another language.
   *
   * @param address as a link in the page has it
   */
  public record Translation(String language, String address) {
    /** What those who read the language call it. */
    String name() {
      Locale locale = Locale.forLanguageTag(language);
      return locale.getDisplayName(locale);
    }
  }

  /**
   * A passage in its place.
   *
   * @param level of its heading, no deeper than one more than that of the heading before; the title
   *     has 1
   * @param anchors all that a link to it may name; the first stands for it
   */
  record Section(int level, List<String> anchors, Passage passage) {
    String anchor() {
      return anchors.getFirst();
    }
  }

  private PolicyDocument(Notice notice, Telling told) {
    this.notice = notice;
    this.told = told;
    this.sections = sections(notice);
    this.annexes = Annexes.of(told);
  }

  /**
   * The document of a sound policy.
   *
   * @param language one of the policy's
   * @param product one of the policy's; {@code general} tells of all
   * @throws IllegalArgumentException if the policy has no such language or product, naming those it
   *     has
   */
  public static PolicyDocument of(Checked.Sound sound, String language, ProductId product) {
    Policy policy = sound.policy();
    List<ProductId> products = products(policy);
    if (!products.contains(product)) {
      throw unknown("product", product.value(), products.stream().map(ProductId::value).toList());
    }
    Notice notice =
        sound.notices().stream()
            .filter(each -> each.language().equals(language))
            .findFirst()
            .orElseThrow(() -> unknown("language", language, policy.languages()));
    Tongue tongue = Tongue.of(language);
    return new PolicyDocument(
        notice, new Telling(policy, product, labels(sound, language, tongue), tongue));
  }

  /** The products a policy can be told for: {@code general} and its own. */
  public static List<ProductId> products(Policy policy) {
    ProductId general = new ProductId(CompiledPolicy.GENERAL);
    List<ProductId> products = new ArrayList<>(policy.products());
    if (!products.contains(general)) {
      products.addFirst(general);
    }
    return List.copyOf(products);
  }

  private static IllegalArgumentException unknown(String kind, String name, List<String> known) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "the policy has no %s `%s`; it has %s",
            kind,
            name,
            String.join(", ", known)));
  }

  /** The labels in the language; where the words around them are English, the English ones. */
  private static Labels labels(Checked.Sound sound, String language, Tongue tongue) {
    String wanted = tongue.is(language) ? language : Labels.ENGLISH;
    return sound.labels().stream()
        .filter(labels -> labels.language().equals(wanted))
        .findFirst()
        .or(
            () ->
                sound.labels().stream()
                    .filter(labels -> labels.language().equals(language))
                    .findFirst())
        .orElseGet(Labels::none);
  }

  private static List<Section> sections(Notice notice) {
    List<Section> sections = new ArrayList<>();
    int level = 1;
    for (Passage passage : notice.passages()) {
      level = sections.isEmpty() ? 1 : Math.clamp(passage.level(), 2, level + 1);
      List<String> anchors =
          passage.clauses().isEmpty()
              ? List.of(sections.isEmpty() ? "top" : "part-" + sections.size())
              : passage.clauses().stream().map(ClauseId::value).toList();
      sections.add(new Section(level, anchors, passage));
    }
    return List.copyOf(sections);
  }

  /**
   * What the notice says of a clause, as HTML that is safe to show; empty where it says nothing.
   */
  public Optional<String> passage(ClauseId clause) {
    return sections.stream()
        .filter(section -> section.passage().clauses().contains(clause))
        .findFirst()
        .map(section -> SafeMarkdown.html(section.passage().text()));
  }

  /** The language of the notice. */
  public String language() {
    return notice.language();
  }

  /** A page that stands by itself. */
  public String html(Style style) {
    return html(style, List.of());
  }

  /** A page that leads to others. */
  public String html(Style style, List<Translation> translations) {
    DocumentPage page = new DocumentPage(this, translations);
    return Html.of((out, none) -> JtedocumentGenerated.render(out, none, page, style));
  }

  /** A Markdown text, with tables as GitHub writes them. */
  public String markdown() {
    return new DocumentText(this).markdown();
  }

  Notice notice() {
    return notice;
  }

  Telling told() {
    return told;
  }

  List<Section> sections() {
    return sections;
  }

  List<Annex> annexes() {
    return annexes;
  }
}
