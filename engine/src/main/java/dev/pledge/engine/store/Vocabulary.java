package dev.pledge.engine.store;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Short codes for the names that checked policies speak in, so that wide rows carry two bytes and
 * not a word.
 *
 * <p>A name keeps its code for ever, on every node. All codes are loaded at start and cached both
 * ways; what another node adds later is looked up once. At most {@value #LIMIT} names.
 *
 * <p>Not for what callers send: a name that the policy does not know must not reach this class, or
 * anybody could fill the table. Safe for use by many threads.
 */
public final class Vocabulary {
  /** How many names there may be. */
  public static final int LIMIT = 30_000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9@._:/-]{0,127}");
  private static final int ATTEMPTS = 20;

  private final Database database;
  private final Map<String, Short> codes = new ConcurrentHashMap<>();
  private final Map<Short, String> names = new ConcurrentHashMap<>();

  private Vocabulary(Database database) {
    this.database = database;
  }

  /**
   * Loads all names there are.
   *
   * @throws DatabaseUnavailable if the database cannot serve now
   */
  public static Vocabulary load(Database database) {
    Vocabulary vocabulary = new Vocabulary(database);
    vocabulary.loadAll();
    return vocabulary;
  }

  /**
   * The code of the name, which is added if it is new, durably and apart from any transaction that
   * may be open.
   *
   * @throws IllegalArgumentException if it is not a name a policy can have
   * @throws IllegalStateException if there are {@value #LIMIT} names already
   * @throws DatabaseUnavailable if the database cannot serve now
   */
  public short code(String name) {
    Short known = codes.get(name);
    return known == null ? add(name) : known;
  }

  /**
   * The name of the code.
   *
   * @throws IllegalArgumentException if no name has it
   * @throws DatabaseUnavailable if the database cannot serve now
   */
  public String name(short code) {
    String known = names.get(code);
    return known == null ? find(code) : known;
  }

  private short add(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("malformed name; use one that a checked policy declares");
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      boolean added = insert(name);
      Optional<Short> code = find(name);
      if (code.isPresent()) {
        return remember(code.get(), name);
      }
      if (!added && isFull()) {
        throw new IllegalStateException(
            "there are " + LIMIT + " names already; a policy must not generate names");
      }
    }
    throw new IllegalStateException("could not add a name; too many nodes add names at once");
  }

  // Two nodes that take the same next code: one of them inserts nothing, looks, and tries again.
  private boolean insert(String name) {
    return database.changeApart(
            tx ->
                tx.handle()
                    .createUpdate(
                        """
                        insert into vocabulary (code, name)
                        select coalesce(max(code), 0) + 1, :name from vocabulary
                        having coalesce(max(code), 0) < :limit
                        on conflict do nothing
                        """)
                    .bind("name", name)
                    .bind("limit", LIMIT)
                    .execute())
        == 1;
  }

  private Optional<Short> find(String name) {
    return database.readApart(
        h ->
            h.createQuery("select code from vocabulary where name = :name")
                .bind("name", name)
                .mapTo(Short.class)
                .findOne());
  }

  private String find(short code) {
    String name =
        database
            .readApart(
                h ->
                    h.createQuery("select name from vocabulary where code = :code")
                        .bind("code", code)
                        .mapTo(String.class)
                        .findOne())
            .orElseThrow(() -> new IllegalArgumentException("no name has the code " + code));
    remember(code, name);
    return name;
  }

  private boolean isFull() {
    return database.readApart(
        h ->
            h.createQuery("select coalesce(max(code), 0) >= :limit from vocabulary")
                .bind("limit", LIMIT)
                .mapTo(Boolean.class)
                .one());
  }

  private void loadAll() {
    database.readApart(
        h ->
            h.createQuery("select code, name from vocabulary")
                .map((row, context) -> remember(row.getShort("code"), row.getString("name")))
                .list());
  }

  private short remember(short code, String name) {
    codes.put(name, code);
    names.put(code, name);
    return code;
  }
}
