package dev.pledge.server.centre;

import java.util.List;

/**
 * Everything that is held about somebody, as the policy groups it.
 *
 * @param clear whether values are shown in clear
 */
public record Held(boolean clear, List<Group> groups) {
  public Held {
    groups = List.copyOf(groups);
  }

  /** The fields of one category. */
  public record Group(String name, List<Item> items) {
    public Group {
      items = List.copyOf(items);
    }
  }

  /**
   * One field.
   *
   * @param id as the policy names it
   * @param serves the purposes that use it
   * @param seenBy the roles that may see it, and how
   * @param more how many older values of a series there are at least, which are not shown
   * @param canChange whether the person can correct it here
   */
  public record Item(
      String id,
      String name,
      boolean sensitive,
      List<Value> values,
      int more,
      List<String> serves,
      List<String> seenBy,
      boolean canChange) {
    public Item {
      values = List.copyOf(values);
      serves = List.copyOf(serves);
      seenBy = List.copyOf(seenBy);
    }
  }

  /**
   * One value.
   *
   * @param from who gave it, where and when
   * @param goes when it is deleted
   */
  public record Value(String text, String product, String from, String goes) {}
}
