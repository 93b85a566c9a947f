package dev.pledge.bench;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.gate.Collection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Storing ten values of one person: as one row of a plain table, and through the gate. */
final class Collects {
  private static final Map<String, Object> ADDRESS =
      Map.of("country", "CN", "city", "Beijing", "lines", List.of("1 Chang'an Avenue"));

  private static final Map<String, Object> VALUES =
      Map.of(
          "identity.name", "Zhang Wei",
          "identity.postal-address", ADDRESS,
          "device.id", "9c2f71d04ab3",
          "device.network", "46000",
          "device.name", "Wei's phone",
          "device.model", "M 12 Pro",
          "device.operating-system", "Android 16",
          "device.application-version", "7.4.1",
          "device.language", "zh-CN",
          "device.resolution", "1080x2400");

  private final House house;
  private final People people;
  private final Caller caller;
  private final Collection collection = new Collection("meeting", "person", Set.of(), VALUES);
  private final AtomicLong rows = new AtomicLong();

  Collects(House house, People people, Caller caller) {
    this.house = house;
    this.people = people;
    this.caller = caller;
  }

  void makePlainTable() throws SQLException {
    house.asOwner(
        """
        create table plain_ten (id uuid primary key, a text, b text, c text, d text, e text,
                                f text, g text, h text, i text, j text)
        """);
  }

  /** Without Pledge: one row, committed durably. */
  void plain(int person) throws SQLException {
    try (Connection connection = house.raw();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into plain_ten values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setObject(1, new UUID(rows.incrementAndGet(), person));
      int column = 2;
      for (Object value : List.copyOf(VALUES.values())) {
        insert.setString(column++, value.toString());
      }
      if (insert.executeUpdate() != 1) {
        throw new IllegalStateException("nothing was stored");
      }
    }
  }

  /** With Pledge: decided, sealed, logged and kept from being repeated. */
  void governed(int person) {
    house.change(
        caller,
        changes ->
            People.requireStored(changes.collect(people.id(person), collection), VALUES.size()));
  }
}
