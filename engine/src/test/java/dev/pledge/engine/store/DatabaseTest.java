package dev.pledge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseTest {
  @RegisterExtension static final TestDatabase TEST = TestDatabase.fresh();

  private final Database database = TEST.database();

  @Test
  void committedChangeIsRead() {
    database.verify();
    short code = Vocabulary.load(database).code("committed");
    assertThat(Vocabulary.load(database).name(code)).isEqualTo("committed");
  }
}
