package dev.pledge.engine.suppression;

import dev.pledge.policy.decision.SubjectState.Coverage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What somebody said no to (V.2).
 *
 * @param product null for all products
 * @param channel null for all channels, or where the purpose has none
 */
public record Objection(
    String purpose, @Nullable String product, @Nullable String channel, Coverage coverage) {
  private static final String ALL = "*";

  String productWord() {
    return product == null ? ALL : product;
  }

  String channelWord() {
    return channel == null ? ALL : channel;
  }

  String coverageWord() {
    return coverage.name().toLowerCase(Locale.ROOT);
  }

  static Objection of(String purpose, String product, String channel, String coverage) {
    return new Objection(
        purpose,
        product.equals(ALL) ? null : product,
        channel.equals(ALL) ? null : channel,
        Coverage.valueOf(coverage.toUpperCase(Locale.ROOT)));
  }
}
