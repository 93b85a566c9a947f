package dev.pledge.bench.comparison;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.AuthorizationResponse;
import com.cedarpolicy.model.AuthorizationSuccessResponse;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.FieldId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Cedar through cedar-java: one policy for each purpose, parsed once and kept by the engine; fields
 * are entities that lie in the purposes that use them. It answers one request at a time, so each
 * field is a request, handed no entity but its own and the asker's.
 */
final class CedarEngine implements Engine {
  private static final EntityTypeName ACTION = type("Action");
  private static final EntityTypeName ASKER = type("Asker");
  private static final EntityTypeName FIELD = type("Field");
  private static final EntityTypeName PURPOSE = type("Purpose");
  private static final EntityTypeName ROLE = type("Role");

  private final BasicAuthorizationEngine engine = new BasicAuthorizationEngine();
  private final PolicySet policies;
  private final Map<String, Entity> fields = new HashMap<>();

  CedarEngine(Policy policy) {
    try {
      this.policies = PolicySet.parsePolicies(text(policy));
      policies.cache();
    } catch (AuthException | CacheException e) {
      throw new IllegalStateException("could not parse the policies for Cedar", e);
    }
    Map<FieldId, Set<EntityUID>> usedFor = new HashMap<>();
    for (Purpose purpose : policy.purposes()) {
      EntityUID uid = PURPOSE.of(purpose.id().value());
      purpose.uses().forEach(f -> usedFor.computeIfAbsent(f, _ -> new HashSet<>()).add(uid));
    }
    for (Category category : policy.categories()) {
      for (Field field : category.fields()) {
        Value sensitive = new PrimBool(field.sensitivity() == Sensitivity.SENSITIVE);
        String name = field.id().toString();
        fields.put(
            name,
            new Entity(
                FIELD.of(name),
                Map.of("sensitive", sensitive),
                usedFor.getOrDefault(field.id(), Set.of())));
      }
    }
  }

  @Override
  public String name() {
    return "Cedar";
  }

  private static String text(Policy policy) {
    return policy.purposes().stream()
        .map(purpose -> text(purpose, policy.roles()))
        .collect(Collectors.joining());
  }

  private static String text(Purpose purpose, List<Role> roles) {
    String serving =
        roles.stream()
            .filter(role -> role.purposes().contains(purpose.id()))
            .map(role -> "Role::\"" + role.id() + "\"")
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        """
        permit (principal, action == Action::"%1$s", resource in Purpose::"%1$s")
        when {
          principal in [%2$s] &&
          principal.products.contains(context.product) &&
          context.uses.contains(context.product) &&
          context.agreed.contains("%1$s") &&
          (!resource.sensitive || context.agreedExplicitly.contains("%1$s"))
        };
        """,
        purpose.id(),
        serving);
  }

  @Override
  public Prepared prepare(Question question, SubjectState state) {
    Entity asker = asker(question.asker());
    EntityUID action = ACTION.of(String.valueOf(question.purpose()));
    Standing standing = Standing.of(state, question.product());
    Map<String, Value> context =
        Map.of(
            "product", new PrimString(question.product()),
            "uses", words(standing.uses()),
            "agreed", words(standing.agreed()),
            "agreedExplicitly", words(standing.agreedExplicitly()));
    List<String> asked = question.fields();
    return () -> {
      boolean[] opens = new boolean[asked.size()];
      for (int i = 0; i < opens.length; i++) {
        opens[i] = opens(asker, action, asked.get(i), context);
      }
      return opens;
    };
  }

  private boolean opens(Entity asker, EntityUID action, String name, Map<String, Value> context) {
    Entity known = fields.get(name);
    Entity field = known == null ? new Entity(FIELD.of(name)) : known;
    AuthorizationRequest request =
        new AuthorizationRequest(asker.getEUID(), action, field.getEUID(), context);
    AuthorizationResponse response;
    try {
      response = engine.isAuthorized(request, policies, Set.of(asker, field));
    } catch (AuthException e) {
      throw new IllegalStateException("Cedar could not answer", e);
    }
    AuthorizationSuccessResponse answer =
        response.success.orElseThrow(
            () -> new IllegalStateException("Cedar could not answer: " + response));
    if (!answer.getErrors().isEmpty()) {
      throw new IllegalStateException("Cedar could not evaluate a policy: " + answer.getErrors());
    }
    return answer.isAllowed();
  }

  private static Entity asker(Asker asker) {
    Set<String> products =
        asker.products().stream().map(Object::toString).collect(Collectors.toSet());
    return new Entity(
        ASKER.of(asker.id().value()),
        Map.of("products", words(products)),
        asker.roles().stream().map(role -> ROLE.of(role.value())).collect(Collectors.toSet()));
  }

  private static Value words(Collection<String> words) {
    return new CedarList(words.stream().<Value>map(PrimString::new).toList());
  }

  private static EntityTypeName type(String name) {
    return EntityTypeName.parse(name).orElseThrow();
  }
}
