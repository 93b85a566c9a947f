package dev.pledge.server.centre;

import java.util.List;

/**
 * What somebody can leave.
 *
 * @param products with which they have an open account
 */
public record Leaving(List<Account> products) {
  public Leaving {
    products = List.copyOf(products);
  }

  /** An open account. */
  public record Account(String id, String name) {}
}
