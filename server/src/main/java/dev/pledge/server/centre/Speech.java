package dev.pledge.server.centre;

import dev.pledge.policy.document.PolicyDocument;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.Labels;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RecipientId;
import dev.pledge.policy.names.RoleId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a page speaks: English or Chinese, and in the policy's own names for things. A name that the
 * policy no longer has stands for itself.
 */
public final class Speech {
  private static final DateTimeFormatter ENGLISH_DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter CHINESE_DAY =
      DateTimeFormatter.ofPattern("uuuu年M月d日", Locale.CHINESE).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final ProductId GENERAL = new ProductId("general");

  private final Locale language;
  private final boolean chinese;
  private final Labels labels;
  private final Sound policy;
  private final String noticeLanguage;

  /** Speaks {@code language}, of what {@code policy} names. */
  public Speech(Locale language, Sound policy) {
    this.language = language;
    this.chinese = language.getLanguage().equals("zh");
    this.policy = policy;
    String tag = chinese ? "zh" : "en";
    this.labels =
        policy.labels().stream()
            .filter(each -> Locale.forLanguageTag(each.language()).getLanguage().equals(tag))
            .findFirst()
            .orElseGet(Labels::none);
    List<String> languages = policy.policy().languages();
    this.noticeLanguage = languages.contains(tag) ? tag : languages.getFirst();
  }

  /** One of the two. */
  public String of(String english, String chineseText) {
    return chinese ? chineseText : english;
  }

  /** The tag of the language, for the page. */
  public String tag() {
    return chinese ? "zh" : "en";
  }

  Locale language() {
    return language;
  }

  /** Who promises all this. */
  public String controller() {
    return policy.policy().controller().name();
  }

  /** Where to write to. */
  public String mail() {
    return policy.policy().controller().email();
  }

  /** A field, such as <em>your e-mail address</em>. */
  public String field(String id) {
    try {
      return labels.of(FieldId.of(id));
    } catch (IllegalArgumentException malformed) {
      return id;
    }
  }

  /** A category, such as <em>About you</em>. */
  public String category(CategoryId id) {
    return labels.of(id);
  }

  /** A purpose, such as <em>Signing you in</em>. */
  public String purpose(String id) {
    return labels.of(new PurposeId(id));
  }

  /** A product; the general one is everything. */
  public String product(String id) {
    return labels.of(new ProductId(id));
  }

  /** A role, such as <em>customer support</em>. */
  public String role(String id) {
    return labels.of(new RoleId(id));
  }

  /** A recipient. */
  public String recipient(String id) {
    return labels.of(new RecipientId(id));
  }

  /** A way of reaching people. */
  public String channel(String id) {
    return switch (id) {
      case "service" -> of("Inside the product", "产品内");
      case "email" -> of("By e-mail", "电子邮件");
      case "sms" -> of("By text message", "短信");
      case "push" -> of("By push message", "推送消息");
      case "phone" -> of("By phone", "电话");
      case "letter" -> of("By letter", "信件");
      default -> id;
    };
  }

  /** Several things one after the other. */
  public String list(List<String> items) {
    if (items.size() < 2) {
      return String.join("", items);
    }
    String last = items.getLast();
    List<String> before = items.subList(0, items.size() - 1);
    return chinese
        ? String.join("、", before) + "和" + last
        : String.join(", ", before) + " and " + last;
  }

  /** The day, by UTC. */
  public String day(Instant at) {
    return (chinese ? CHINESE_DAY : ENGLISH_DAY).format(at);
  }

  /** The time of day, by UTC. */
  public String time(Instant at) {
    return TIME.format(at);
  }

  /** With a great first letter, where letters are great or small. */
  public String capital(String text) {
    return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(language) + text.substring(1);
  }

  /** Where the policy says it. */
  public String clause(ClauseId id) {
    return "/v1/policy?language=" + noticeLanguage + "#" + id.value();
  }

  /** What the policy says of a clause, as safe HTML. */
  public Optional<String> passage(ClauseId id) {
    return PolicyDocument.of(policy, noticeLanguage, GENERAL).passage(id);
  }
}
