package dev.pledge.policy.document;

import dev.pledge.policy.language.Resource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Where a page has its style sheet. Either way a browser needs to allow nothing but that: no
 * script, no font, no image, nothing from elsewhere.
 */
public sealed interface Style {

  /** At an address of the server that serves the page. */
  record Linked(String address) implements Style {}

  /** In the page, which then stands by itself; a hash names the only style it may have. */
  record Inside(String css) implements Style {
    /** What a browser needs to be allowed, as {@code Content-Security-Policy} says it. */
    public String contentPolicy() {
      return "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"
          + hash()
          + "'";
    }

    private String hash() {
      try {
        byte[] digest =
            MessageDigest.getInstance("SHA-256").digest(css.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(digest);
      } catch (NoSuchAlgorithmException everyJdkHasIt) {
        throw new IllegalStateException(everyJdkHasIt);
      }
    }
  }

  /** The page with its style sheet inside. */
  static Inside inside() {
    return new Inside(sheet());
  }

  /** The same with what only such pages need. */
  static Style inside(String more) {
    return new Inside(sheet() + sheet(more));
  }

  /** The style sheet of all pages of this package. */
  static String sheet() {
    return sheet("page.css");
  }

  private static String sheet(String name) {
    return Resource.text(Style.class, name);
  }
}
