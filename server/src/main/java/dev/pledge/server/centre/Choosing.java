package dev.pledge.server.centre;

import java.util.List;
import java.util.Optional;

/**
 * What somebody decides.
 *
 * @param signal whether their browser asks that nothing be sold or shared
 * @param offers how many switches for offers are on
 */
public record Choosing(boolean signal, int offers, List<OfProduct> products) {
  public Choosing {
    products = List.copyOf(products);
  }

  /** The switches of one product. */
  public record OfProduct(String id, String name, List<Group> groups) {
    public OfProduct {
      groups = List.copyOf(groups);
    }
  }

  /**
   * The switches of one purpose.
   *
   * @param words what the policy says of it, as safe HTML
   */
  public record Group(
      String name,
      String clause,
      String clauseAddress,
      Optional<String> words,
      List<Option> options) {
    public Group {
      options = List.copyOf(options);
    }
  }
}
