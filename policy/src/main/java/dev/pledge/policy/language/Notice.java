package dev.pledge.policy.language;

import dev.pledge.policy.names.ClauseId;
import java.util.List;

/**
 * The words people read, in one language: a Markdown text whose headings say which clauses the
 * passage under them explains.
 *
 * @param language a language tag, such as {@code zh}
 * @param markdown the whole text as written, marks included
 */
public record Notice(String language, String title, List<Passage> passages, String markdown) {
  public Notice {
    passages = List.copyOf(passages);
  }

  /**
   * The words for one or several clauses.
   *
   * @param important whether it limits people's rights and must stand out (0.3)
   * @param text Markdown, without the heading
   */
  public record Passage(List<ClauseId> clauses, String heading, boolean important, String text) {
    public Passage {
      clauses = List.copyOf(clauses);
    }
  }
}
