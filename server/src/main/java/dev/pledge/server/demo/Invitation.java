package dev.pledge.server.demo;

import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Five calls to paste into a shell.
 *
 * @param adult someone who agreed to promotion by e-mail
 * @param child someone whose guardian agreed to signing in and nothing else
 */
record Invitation(
    String url,
    String backendToken,
    String supportToken,
    String legalToken,
    String securityToken,
    String officerToken,
    SubjectId adult,
    SubjectId child,
    PolicyVersion policy,
    Instant now) {

  /** The calls; {@code file} is what people call the file that {@link #write} writes. */
  String text(String file) {
    return String.format(
        Locale.ROOT,
        """
        %,d invented people are here. Paste these into a second terminal:

        1. Support looks a person up; the policy lets it see masked values.
        %s

        2. The same about a child whose guardian has not agreed to it: refused, clause VI.1.
        %s

        3. The person withdraws from promotion; the message sender, who asks next, is refused: V.2.
        %s && %s

        4. Who has looked at this person's data, why and when.
        %s

        5. Whom promotion by e-mail may reach now.
        %s

        The names in these calls are in a file: after `. %s` the README's calls run as they stand.
        The tokens are for this demonstration alone.
        """,
        People.ALL,
        read(supportToken, adult, "customer-service", "identity.name\",\"contact.email", ""),
        read(supportToken, child, "customer-service", "identity.name\",\"contact.email", ""),
        withdraw(),
        read(backendToken, adult, "promotion", "contact.email", ",\"channel\":\"email\""),
        String.format(
            Locale.ROOT,
            "curl -s -H 'Authorization: Bearer %s' '%s/v1/subjects/%s/history?limit=5'",
            backendToken,
            url,
            adult),
        String.format(
            Locale.ROOT,
            "curl -s -H 'Authorization: Bearer %s'"
                + " '%s/v1/audience?purpose=promotion&channel=email&product=%s' | tail -n 3",
            backendToken,
            url,
            Demo.PRODUCT),
        quoted(file));
  }

  /** As a shell takes it for one word. */
  private static String quoted(String path) {
    return path.matches("[A-Za-z0-9_./-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
  }

  private String read(String token, SubjectId subject, String purpose, String fields, String more) {
    return post(
        token,
        "/v1/subjects/" + subject + "/read",
        "",
        String.format(
            Locale.ROOT,
            "{\"purpose\":\"%s\",\"product\":\"%s\",\"fields\":[\"%s\"]%s}",
            purpose,
            Demo.PRODUCT,
            fields,
            more));
  }

  private String withdraw() {
    String at = now.truncatedTo(ChronoUnit.SECONDS).toString();
    return post(
        backendToken,
        "/v1/subjects/" + adult + "/consents",
        " -H 'Idempotency-Key: demo-withdraw-" + now.getEpochSecond() + "'",
        String.format(
            Locale.ROOT,
            "{\"purpose\":\"promotion\",\"decision\":\"withdrawn\",\"by\":\"self\",\"evidence\":{\"act\":"
                + "\"moved-switch\",\"notice\":\"%s\",\"language\":\"zh\",\"at\":\"%s\"}}",
            policy,
            at));
  }

  private String post(String token, String path, String headers, String body) {
    return String.format(
        Locale.ROOT,
        "curl -s -H 'Authorization: Bearer %s' -H 'Content-Type: application/json'%s '%s%s' -d"
            + " '%s'",
        token,
        headers,
        url,
        path,
        body);
  }

  /** Names for a shell, readable by the user alone: the file holds tokens. */
  void write(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        file,
        String.format(
            Locale.ROOT,
            """
            # Made by `pledge up --demo`; gone stale when it is run again.
            export PLEDGE=%s
            export BACKEND=%s
            export SUPPORT=%s
            export LEGAL=%s
            export SECURITY=%s
            export OFFICER=%s
            export PERSON=%s
            export CHILD=%s
            """,
            url,
            backendToken,
            supportToken,
            legalToken,
            securityToken,
            officerToken,
            adult,
            child));
  }
}
