package dev.pledge.engine.mail;

/** Messages to people cannot be sent as the settings say. The message says what to change. */
public final class MailRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what to change. */
  public MailRefused(String message) {
    super(message);
  }
}
