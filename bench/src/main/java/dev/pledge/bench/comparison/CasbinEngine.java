package dev.pledge.bench.comparison;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.casbin.jcasbin.main.Enforcer;
import org.casbin.jcasbin.model.Model;

/**
 * jCasbin: one line of policy for each purpose; who serves a purpose, and which fields it uses, are
 * its two hierarchies of roles, and what is known of the person comes with the request. It answers
 * one request at a time, so each field is a request.
 */
final class CasbinEngine implements Engine {
  private static final String SENSITIVE = "sensitive";

  private static final String MODEL =
      """
      [request_definition]
      r = asker, products, purpose, product, field, uses, agreed, agreedExplicitly

      [policy_definition]
      p = purpose

      [role_definition]
      g = _, _
      g2 = _, _

      [policy_effect]
      e = some(where (p.eft == allow))

      [matchers]
      m = r.purpose == p.purpose && g2(r.field, p.purpose) && g(r.asker, p.purpose) \
      && include(r.products, r.product) && include(r.uses, r.product) \
      && include(r.agreed, r.purpose) \
      && (!g2(r.field, "sensitive") || include(r.agreedExplicitly, r.purpose))
      """;

  private final Enforcer enforcer;

  CasbinEngine(Policy policy) {
    Model model = new Model();
    model.loadModelFromText(MODEL);
    this.enforcer = new Enforcer(model, null, false);
    List<List<String>> purposes = new ArrayList<>();
    List<List<String>> fields = new ArrayList<>();
    for (Purpose purpose : policy.purposes()) {
      purposes.add(List.of(purpose.id().value()));
      for (FieldId field : purpose.uses()) {
        fields.add(List.of(field.toString(), purpose.id().value()));
      }
    }
    for (Category category : policy.categories()) {
      for (Field field : category.fields()) {
        if (field.sensitivity() == Sensitivity.SENSITIVE) {
          fields.add(List.of(field.id().toString(), SENSITIVE));
        }
      }
    }
    List<List<String>> serving = new ArrayList<>();
    for (Role role : policy.roles()) {
      for (PurposeId purpose : role.purposes()) {
        serving.add(List.of(role.id().value(), purpose.value()));
      }
    }
    enforcer.addNamedPolicies("p", purposes);
    enforcer.addNamedGroupingPolicies("g2", fields);
    enforcer.addNamedGroupingPolicies("g", serving);
  }

  @Override
  public String name() {
    return "jCasbin";
  }

  @Override
  public Prepared prepare(Question question, SubjectState state) {
    String asker = enrol(question.asker().roles());
    Set<String> products =
        question.asker().products().stream().map(ProductId::value).collect(Collectors.toSet());
    String purpose = String.valueOf(question.purpose());
    String product = question.product();
    Standing standing = Standing.of(state, product);
    List<String> asked = question.fields();
    return () -> {
      boolean[] opens = new boolean[asked.size()];
      for (int i = 0; i < opens.length; i++) {
        opens[i] =
            enforcer.enforce(
                asker,
                products,
                purpose,
                product,
                asked.get(i),
                standing.uses(),
                standing.agreed(),
                standing.agreedExplicitly());
      }
      return opens;
    };
  }

  /** An asker who holds these roles, known to the engine beforehand. */
  private String enrol(Set<RoleId> roles) {
    String asker =
        roles.stream().map(RoleId::value).sorted().collect(Collectors.joining("+", "asker:", ""));
    for (RoleId role : roles) {
      enforcer.addNamedGroupingPolicy("g", asker, role.value());
    }
    return asker;
  }
}
