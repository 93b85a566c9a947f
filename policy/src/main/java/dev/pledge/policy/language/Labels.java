package dev.pledge.policy.language;

import dev.pledge.policy.names.FieldId;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the names of a policy are called on the pages people read, in one language: {@code
 * identity.bank-card} is <em>your bank card</em> there. Where an author wrote no labels, names
 * stand for themselves, which is English.
 *
 * @param language the language of the labels
 * @param texts the labels written, each by the id it stands for, such as a {@link FieldId}
 */
public record Labels(String language, Map<Object, String> texts) {
  /** The language of names, and of everything else that is not there in another one. */
  public static final String ENGLISH = "en";

  /** The languages of the words around the names; readers of others get English. */
  public static final List<String> LANGUAGES = List.of(ENGLISH, "zh", "de");

  public Labels {
    texts = Map.copyOf(texts);
  }

  /** Whether the words around the names are there in the language. */
  static boolean areTold(String language) {
    return LANGUAGES.contains(Locale.forLanguageTag(language).getLanguage());
  }

  /** No labels: every name stands for itself. */
  public static Labels none() {
    return new Labels(ENGLISH, Map.of());
  }

  /** What {@code id} is called; a name without a label is told by its words. */
  public String of(Object id) {
    String written = texts.get(id);
    return written != null ? written : words(id);
  }

  private static String words(Object id) {
    return (id instanceof FieldId field ? field.name() : id.toString()).replace('-', ' ');
  }
}
