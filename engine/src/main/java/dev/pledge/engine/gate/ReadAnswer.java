package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.policy.names.PolicyVersion;
import java.util.List;

/** What a governed read answers. */
public sealed interface ReadAnswer {
  /** The log entry of the read. */
  Receipt receipt();

  /** There is no such person; an erased one is told no differently. */
  record Unknown(Receipt receipt) implements ReadAnswer {}

  /** An answer for each asked field, in the order asked. */
  record Answer(PolicyVersion policy, List<FieldAnswer> fields, Receipt receipt)
      implements ReadAnswer {
    public Answer {
      fields = List.copyOf(fields);
    }

    /** Whether nothing may be seen. */
    public boolean allWithheld() {
      return fields.stream().allMatch(FieldAnswer.Withheld.class::isInstance);
    }
  }
}
