package dev.pledge.bench;

import dev.pledge.engine.actor.Caller;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.RoleId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How much lies on disk for each byte of people's values: ten values of a hundred bytes each, with
 * everything that goes with them (account, aliases, key, acceptance, log, indexes, key store),
 * beside a plain table of the same values.
 */
final class Space {
  private static final int PEOPLE = 2_000;
  private static final int FIELDS = 10;
  private static final int BYTES = 100;

  private static final String POLICY =
      """
      pledge: 1
      id: ten
      version: 1.0
      effective: 2026-01-01
      grace: P30D
      controller: { name: Ten Ltd, contact: { email: privacy@example.com } }
      jurisdictions: [CN]
      languages: [en]
      products: { shop: {} }
      categories:
        contact:
          clause: I.1
          method: [form]
          scope: account
          fields:
            email: { type: email, lookup: true, mask: email }
            phone: { type: phone, lookup: true, mask: phone }
        ten:
          clause: I.1
          method: [form]
          fields:
      FIELDS
      purposes:
        service: { clause: II.I.1, basis: contract, uses: [contact, ten] }
      roles:
        backend: { collects: [contact, ten], purposes: [service], sees: clear, held-by: service }
      pooling: never
      retention:
        - { of: [contact, ten], keep: P15D, from: closing, then: delete }
      minors: { under: 18, consent: guardian, sensitive-under: 14, unknown-age: adult }
      incidents: { notify: [email], people: PT24H, regulator: PT4H }
      requests:
        answer-within: P28D
        closing-within: 15 working days
        complaints-within: 15 working days
      """;

  private static final String NOTICE =
      """
      # In short

      ## Everything {#0.1 #0.3 #I.M #I.0 #I.1 #I.5 #II.I.1 #II.I.8 #II.I.9}

      Ten things are kept by Ten Ltd; write to privacy@example.com.

      ## Rules {#II.II.1 #II.II.3 #II.II.5 #II.II.6 #IV.1 #IV.3 #IV.4 #V.2 #VI.1 .important}

      And no more.

      ## Asking {#IV.7 #V.1 #V.3 #V.4 #V.5 #VIII.3 #IX.2}

      Ask us anything; we tell you when something went wrong.
      """;

  /**
   * Bytes on disk for each byte of payload.
   *
   * @param plain in a plain table
   * @param governed through the gate, all in all
   * @param bytesPerPerson the same in bytes for each person, by what they are for
   */
  record Factor(double plain, double governed, Map<String, Long> bytesPerPerson) {}

  private Space() {}

  static Factor measure(Path directory) throws IOException, SQLException {
    try (House house = House.build(directory, policy(directory))) {
      Caller caller = house.caller(house.token("backend", "shop", Set.of(new RoleId("backend"))));
      Map<String, Long> before = sizes(house);
      People people =
          People.register(
              house, caller, PolicyVersion.of("ten@1.0"), "shop", 0, PEOPLE, Space::values);
      Map<String, Long> perPerson = new LinkedHashMap<>();
      long all = 0;
      for (Map.Entry<String, Long> after : sizes(house).entrySet()) {
        long grown = after.getValue() - before.getOrDefault(after.getKey(), 0L);
        all += grown;
        perPerson.put(after.getKey(), grown / PEOPLE);
      }
      double payload = (double) PEOPLE * FIELDS * BYTES;
      return new Factor(plain(house, people) / payload, all / payload, perPerson);
    }
  }

  private static Path policy(Path directory) throws IOException {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < FIELDS; i++) {
      fields.append("      field-" + i + ": { type: text }\n");
    }
    Path policy = Files.createDirectories(directory.resolve("policy"));
    Files.writeString(policy.resolve("policy.yaml"), POLICY.replace("FIELDS\n", fields));
    Files.writeString(policy.resolve("notice.en.md"), NOTICE);
    return policy;
  }

  private static Map<String, Object> values(int person) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < FIELDS; i++) {
      values.put("ten.field-" + i, value(person, i));
    }
    return values;
  }

  private static String value(int person, int field) {
    String value = "person " + person + " field " + field + " ";
    return value + "x".repeat(BYTES - value.length());
  }

  private static Map<String, Long> sizes(House house) throws SQLException {
    Map<String, Long> sizes = new LinkedHashMap<>();
    sizes.put("values", tables(house, "datum", "observation"));
    sizes.put(
        "account, aliases, acceptance, consents",
        tables(house, "subject", "alias", "acceptance", "consent_state", "consent_event"));
    sizes.put("log and access history", tables(house, "intake", "history", "access"));
    sizes.put("wrapped key", tables(house, "subject_key"));
    sizes.put("answers kept for repeated requests (24 h)", tables(house, "reply"));
    sizes.put("key store", files(house.keys()));
    return sizes;
  }

  private static long tables(House house, String... tables) throws SQLException {
    long size = 0;
    for (String table : tables) {
      size += house.number("select pg_total_relation_size('" + table + "')");
    }
    return size;
  }

  private static long files(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(Space::size).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long plain(House house, People people) throws SQLException {
    house.asOwner(
        """
        create table plain_ten (id uuid primary key, a text, b text, c text, d text, e text,
                                f text, g text, h text, i text, j text)
        """);
    try (Connection connection = house.raw();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into plain_ten values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (int person = 0; person < PEOPLE; person++) {
        insert.setObject(1, people.id(person).value());
        for (int field = 0; field < FIELDS; field++) {
          insert.setString(field + 2, value(person, field));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
    return tables(house, "plain_ten");
  }
}
