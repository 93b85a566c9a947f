package dev.pledge.policy.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A text shipped beside a class. */
public final class Resource {
  private Resource() {}

  /**
   * The text.
   *
   * @throws IllegalStateException if there is none, which the build should have noticed
   */
  public static String text(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("could not find `" + name + "`; the build is broken");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException("could not read `" + name + "`", failure);
    }
  }
}
