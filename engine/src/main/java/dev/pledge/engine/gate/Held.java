package dev.pledge.engine.gate;

import dev.pledge.engine.hold.Holds;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * What is kept past its time because somebody may need it in a dispute (II.II.3): due, and not
 * deleted.
 */
@FunctionalInterface
public interface Held {
  /** What legal holds in force are on (II.I.7). */
  static Held byLaw(Holds holds) {
    return (handle, subjects) -> {
      Set<HeldField> held = new HashSet<>();
      holds
          .fields(handle, subjects)
          .forEach(
              (subject, fields) ->
                  fields.forEach(field -> held.add(new HeldField(subject, Optional.of(field)))));
      return held;
    };
  }

  /**
   * A field that is held.
   *
   * @param field empty where everything of the person is
   */
  record HeldField(SubjectId subject, Optional<FieldId> field) {}

  /**
   * What is held of these people, as the statement that looks finds it. Asked again once their
   * accounts are taken for a change: who lays a hold takes the account first.
   */
  Set<HeldField> of(Handle handle, Collection<SubjectId> subjects);
}
