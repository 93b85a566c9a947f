package dev.pledge.bench;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.gate.FieldAnswer;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Reading name, e-mail and phone of one person: from a plain table; through the gate for a purpose
 * that is permitted; and, for each tenth person, for promotion, to which nobody here agreed.
 */
final class Reads {
  /** Which of so many people is read for a purpose that is refused. */
  static final int ONE_REFUSED_IN = 10;

  private static final List<String> FIELDS =
      List.of("identity.name", "contact.email", "contact.phone");

  private final House house;
  private final People people;
  private final ReadRequest permitted;
  private final ReadRequest refused;

  Reads(House house, People people, Caller caller) {
    this.house = house;
    this.people = people;
    this.permitted = ReadRequest.of(caller, "customer-service", "meeting", FIELDS);
    this.refused = ReadRequest.of(caller, "promotion", "meeting", FIELDS);
  }

  /** Copies the people into a plain table. */
  void fillPlainTable() throws SQLException {
    house.asOwner(
        """
        create table plain (subject_id uuid primary key, name text, email text, phone text)
        """);
    try (Connection connection = house.raw();
        PreparedStatement insert =
            connection.prepareStatement("insert into plain values (?, ?, ?, ?)")) {
      for (int i = 0; i < people.count(); i++) {
        insert.setObject(1, people.id(i).value());
        insert.setString(2, People.name(i));
        insert.setString(3, People.email(i));
        insert.setString(4, People.phone(i));
        insert.addBatch();
      }
      insert.executeBatch();
    }
    house.asOwner("analyze");
  }

  /** Without Pledge. */
  void plain(int person) throws SQLException {
    try (Connection connection = house.raw();
        PreparedStatement select =
            connection.prepareStatement(
                "select name, email, phone from plain where subject_id = ?")) {
      select.setObject(1, people.id(person).value());
      try (ResultSet row = select.executeQuery()) {
        require(
            row.next()
                && row.getString(1).equals(People.name(person))
                && row.getString(2).equals(People.email(person))
                && row.getString(3).equals(People.phone(person)));
      }
    }
  }

  /** With Pledge. */
  void governed(int person) {
    boolean refuse = isRefused(person);
    SubjectId subject = people.id(person);
    ReadAnswer read = house.pledge().read(refuse ? refused : permitted, subject);
    require(
        read instanceof ReadAnswer.Answer answer
            && (refuse
                ? answer.allWithheld()
                : shows(answer, 0, People.name(person))
                    && shows(answer, 1, People.email(person))
                    && shows(answer, 2, People.phone(person))));
  }

  private static boolean isRefused(int person) {
    return person % ONE_REFUSED_IN == ONE_REFUSED_IN - 1;
  }

  private static boolean shows(ReadAnswer.Answer answer, int field, String value) {
    return answer.fields().get(field) instanceof FieldAnswer.Shown shown
        && shown.values().getFirst().json().equals(value);
  }

  private static void require(boolean right) {
    if (!right) {
      throw new IllegalStateException("an answer was wrong");
    }
  }

  /** The same over HTTP, as the client sends it and what it expects back. */
  Exchange exchange(int person, String token) {
    boolean refuse = isRefused(person);
    String body =
        """
        {"purpose":"%s","product":"meeting","fields":["identity.name","contact.email","contact.phone"]}\
        """
            .formatted(refuse ? "promotion" : "customer-service");
    String request =
        "POST /v1/subjects/%s/read HTTP/1.1\r\n".formatted(people.id(person))
            + "Host: localhost\r\nAuthorization: Bearer %s\r\n".formatted(token)
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    return new Exchange(
        request.getBytes(StandardCharsets.UTF_8),
        refuse ? 403 : 200,
        refuse ? "withheld" : People.email(person));
  }
}
