package dev.pledge.policy.language;

import dev.pledge.policy.names.ClauseId;
import java.util.List;

/**
 * The words people read, in one language: a Markdown text whose headings say which clauses the
 * passage under them explains.
 *
 * @param language a language tag, such as {@code zh}
 * @param passages every heading with what stands under it, in order; the first is the title
 * @param markdown the whole text as written, marks included
 */
public record Notice(String language, List<Passage> passages, String markdown) {
  public Notice {
    passages = List.copyOf(passages);
  }

  /** What the notice is called. */
  public String title() {
    return passages.isEmpty() ? "" : passages.getFirst().heading();
  }

  /**
   * The words under one heading, up to the next.
   *
   * @param level of the heading, from 1 to 6; nobody but the title is sure to have 1
   * @param clauses what it explains; none for a heading that only groups others
   * @param important whether it limits people's rights and must stand out (0.3)
   * @param text Markdown, without the heading
   */
  public record Passage(
      int level, List<ClauseId> clauses, String heading, boolean important, String text) {
    public Passage {
      clauses = List.copyOf(clauses);
    }
  }
}
