package dev.pledge.engine.value;

/**
 * Leaves the reading of a value from any depth. Never leaves this package: {@link Shape#read} turns
 * it into {@link Reading.Bad}, since a bad value is an expected outcome. Without stack and message,
 * so that it is cheap and repeats nothing.
 */
final class Unfit extends Exception {
  private final Complaint complaint;

  Unfit(Complaint complaint) {
    super(null, null, false, false);
    this.complaint = complaint;
  }

  Complaint complaint() {
    return complaint;
  }
}
