package dev.pledge.policy.document;

import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.PolicyCheck;
import dev.pledge.policy.language.PolicySource;
import dev.pledge.policy.names.ProductId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The small policy of the language's tests, as a document. */
final class Small {
  static final String POLICY = resource("small.yaml");
  static final String NOTICE = resource("small.md");

  private Small() {}

  static PolicyDocument document(String policy, String product) {
    return document(policy, NOTICE, product);
  }

  static PolicyDocument document(String policy, String notice, String product) {
    Sound sound = (Sound) PolicyCheck.check(PolicySource.of(policy, Map.of("en", notice)));
    return PolicyDocument.of(sound, "en", new ProductId(product));
  }

  static PolicyDocument in(String language, String title) {
    String policy = POLICY.replace("languages: [en]", "languages: [" + language + "]");
    String notice = NOTICE.replace("In short", title);
    Sound sound = (Sound) PolicyCheck.check(PolicySource.of(policy, Map.of(language, notice)));
    return PolicyDocument.of(sound, language, new ProductId("general"));
  }

  static PolicyDocument inChinese(String policy) {
    String written = policy.replace("languages: [en]", "languages: [zh]");
    Sound sound = (Sound) PolicyCheck.check(PolicySource.of(written, Map.of("zh", NOTICE)));
    return PolicyDocument.of(sound, "zh", new ProductId("general"));
  }

  private static String resource(String name) {
    try (InputStream in = PolicyCheck.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
