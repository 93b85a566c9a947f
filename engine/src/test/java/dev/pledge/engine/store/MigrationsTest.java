package dev.pledge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MigrationsTest {
  private final TestDatabase test = TestDatabase.fresh();

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void databaseNewerThanThisBuildIsRefused() {
    asOwner(
        """
        insert into flyway_schema_history
          (installed_rank, version, description, type, script, installed_by, execution_time, success)
        values (9999, '999', 'later', 'SQL', 'V999__later.sql', 'pledge_owner', 1, true)
        """);

    assertThatThrownBy(() -> Migrations.run(test.connections()))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("999")
        .hasMessageContaining("newer");
  }

  @Test
  void schemaChangedByHandIsRefused() {
    asOwner("update flyway_schema_history set checksum = 1 where version = '001'");

    assertThatThrownBy(() -> Migrations.run(test.connections())).isInstanceOf(StartRefused.class);
  }

  @Test
  void nodesThatStartAtOnceMigrateOnce() throws Exception {
    empty();
    Callable<Boolean> node =
        () -> {
          Migrations.run(test.connections());
          return true;
        };

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> started : threads.invokeAll(List.of(node, node, node))) {
        assertThat(started.get()).isTrue();
      }
    }

    assertThat(Vocabulary.load(test.database()).code("works")).isPositive();
  }

  @Test
  void applicationCannotChangeSchemaHistoryOrWhatAMigrationTookAway() {
    for (String forbidden :
        List.of(
            "create table mine (id int)",
            "create temporary table mine (id int)",
            "alter table vocabulary add column more text",
            "drop table vocabulary",
            "truncate vocabulary",
            "delete from vocabulary",
            "delete from flyway_schema_history",
            "insert into flyway_schema_history select * from flyway_schema_history")) {
      assertThatThrownBy(() -> test.database().read(h -> h.execute(forbidden)), forbidden)
          .isInstanceOf(DatabaseFailed.class)
          .hasMessageContaining("42501");
    }
  }

  @Test
  void oneDataSourceForBothRolesIsEnough() {
    empty();

    Migrations.run(Connections.of(test.owner()));

    try (Database database = Database.over(test.owner())) {
      assertThat(Vocabulary.load(database).code("works")).isPositive();
      // The check of a foreign key locks a row of the other table in its owner's name.
      database.read(h -> h.execute("insert into history values (gen_random_uuid())"));
      database.read(
          h -> h.execute("insert into history_line select subject_id, 1, '' from history"));
    }
  }

  @Test
  void reviewsOfBeforeGetIdsOfTheirOwn() {
    asOwner(
        """
        insert into review
        select subject, '00000000-0000-7000-8000-000000000001', 'lee', 'safety', 'meeting',
          '2026-03-03T10:15:30.5Z', '2026-03-04T10:15:30.5Z', null, null, null
        from (values ('00000000-0000-7000-8000-000000000001'::uuid),
          ('00000000-0000-7000-8000-000000000002'::uuid)) as person (subject)
        """);

    asOwner(TestDatabase.migration("V099__oversight_review_of_its_own.sql"));

    try (Database database = Database.over(test.owner())) {
      List<String> reviews =
          database.read(
              h ->
                  h.createQuery(
                          """
                          select concat_ws(' ', subject_id = review_id,
                            used_at at time zone 'UTC', due at time zone 'UTC')
                          from review
                          where review_id <> '00000000-0000-7000-8000-000000000001'
                          order by 1
                          """)
                      .mapTo(String.class)
                      .list());
      assertThat(reviews)
          .containsExactly(
              "f 2026-03-03 10:15:30 2026-03-04 10:15:30",
              "t 2026-03-03 00:00:00 2026-03-04 10:00:00");
    }
  }

  @Test
  void unreachableDatabaseIsRefusedWithWhatToDo() {
    Connections nowhere =
        Connections.to(
            "jdbc:postgresql://127.0.0.1:1/pledge",
            new Connections.Login("app", "x"),
            new Connections.Login("owner", "x"));

    assertThatThrownBy(() -> Migrations.run(nowhere))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("reachable");
  }

  private void empty() {
    asOwner("drop schema public cascade");
    asOwner("create schema public");
    asOwner("grant usage on schema public to public");
  }

  private void asOwner(String sql) {
    try (Database owner = Database.over(test.owner())) {
      owner.read(h -> h.execute(sql));
    }
  }
}
