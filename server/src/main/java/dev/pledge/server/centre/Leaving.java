package dev.pledge.server.centre;

import java.util.List;

/**
 * What somebody can leave.
 *
 * @param products with which they have an open account
 * @param recovery whether an erasure can be taken back for a time
 */
public record Leaving(List<Account> products, boolean recovery) {
  public Leaving {
    products = List.copyOf(products);
  }

  /**
   * An open account.
   *
   * @param conditions what has to be so before it is closed
   */
  public record Account(String id, String name, List<String> conditions) {
    public Account {
      conditions = List.copyOf(conditions);
    }
  }
}
