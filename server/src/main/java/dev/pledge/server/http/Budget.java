package dev.pledge.server.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many more refusals each caller may collect before being told to wait (429). Asked before the
 * engine is, so that a flood of refusals reaches neither the database nor the log. Safe for all
 * threads; remembers a bounded number of callers.
 */
final class Budget {
  private static final int MOST_CALLERS = 100_000;
  private static final double NANOS = 1e9;

  private final Limits.Rate rate;
  private final LongSupplier nanoTime;
  private final Cache<String, Account> accounts;

  Budget(Limits.Rate rate, LongSupplier nanoTime) {
    this.rate = rate;
    this.nanoTime = nanoTime;
    // A forgotten account would have filled up meanwhile.
    Duration full = Duration.ofSeconds(1 + (long) (rate.burst() / rate.perSecond()));
    this.accounts = Caffeine.newBuilder().maximumSize(MOST_CALLERS).expireAfterAccess(full).build();
  }

  private final class Account {
    // Guarded by this.
    private double left = rate.burst();
    private long asOf = nanoTime.getAsLong();

    private void fill() {
      long now = nanoTime.getAsLong();
      left = Math.min(rate.burst(), left + (now - asOf) / NANOS * rate.perSecond());
      asOf = now;
    }

    synchronized Duration toWait() {
      fill();
      return left >= 1
          ? Duration.ZERO
          : Duration.ofSeconds((long) Math.ceil((1 - left) / rate.perSecond()));
    }

    synchronized void spend() {
      fill();
      left = Math.max(0, left - 1);
    }
  }

  /** How long {@code caller} has to wait before the next call; zero while the budget lasts. */
  Duration wait(String caller) {
    Account account = accounts.getIfPresent(caller);
    return account == null ? Duration.ZERO : account.toWait();
  }

  /** Takes one refusal from the budget of {@code caller}. */
  void spend(String caller) {
    Account account = accounts.get(caller, c -> new Account());
    account.spend();
  }
}
