package dev.pledge.policy.names;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the test that proves a clause of the published policy: it fails when the software no longer
 * keeps the clause. Coverage is counted from these marks.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Clause {
  /** The clauses, such as {@code II.II.5}. */
  String[] value();
}
