package dev.pledge.kms.aws;

import dev.pledge.engine.keys.KeyStoreRefusedException;
import dev.pledge.engine.keys.RootKey;
import dev.pledge.engine.keys.RootKeyProvider;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;

/**
 * Root keys at {@code aws-kms://REGION/key/KEY-ID}, or {@code aws-kms://REGION/alias/NAME}.
 * Credentials are found where the SDK looks for them: environment, profile, role of the machine.
 */
public final class AwsKmsProvider implements RootKeyProvider {
  private static final String SCHEME = "aws-kms";
  private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]+");
  private static final Pattern PATH = Pattern.compile("/(?:key/([A-Za-z0-9-]+)|(alias/[\\w/-]+))");
  private static final Pattern HERE =
      Pattern.compile("endpoint=(http://(?:localhost|127\\.0\\.0\\.1):[0-9]+)");

  /** Found by {@link java.util.ServiceLoader}. */
  public AwsKmsProvider() {}

  @Override
  public Set<String> schemes() {
    return Set.of(SCHEME);
  }

  @Override
  public RootKey open(URI address, Map<String, String> environment) {
    String region = String.valueOf(address.getHost());
    Matcher path = PATH.matcher(String.valueOf(address.getPath()));
    if (!REGION.matcher(region).matches() || !path.matches()) {
      throw malformed();
    }
    KmsClientBuilder client =
        KmsClient.builder()
            .region(Region.of(region))
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(Duration.ofSeconds(2))
                    .socketTimeout(Duration.ofSeconds(5)))
            .overrideConfiguration(
                settings ->
                    settings
                        .apiCallAttemptTimeout(Duration.ofSeconds(5))
                        .apiCallTimeout(Duration.ofSeconds(11))
                        .retryStrategy(retry -> retry.maxAttempts(2)));
    if (address.getQuery() != null) {
      Matcher endpoint = HERE.matcher(address.getQuery());
      if (!endpoint.matches()) {
        throw malformed();
      }
      client.endpointOverride(URI.create(endpoint.group(1)));
    }
    return AwsKmsRootKey.open(
        client.build(), path.group(1) != null ? path.group(1) : path.group(2));
  }

  private static KeyStoreRefusedException malformed() {
    return new KeyStoreRefusedException(
        "the root key's address is not `aws-kms://REGION/key/KEY-ID` or"
            + " `aws-kms://REGION/alias/NAME`, perhaps with `?endpoint=` of a KMS on this machine;"
            + " see docs/root-keys.md");
  }
}
