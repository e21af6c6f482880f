package io.thyra.cel;

import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Compiles the expressions of admission policies and of match conditions, with the variables that each may use. The variables that
/// a policy names itself are added one by one, each may use those before it. For one thread.
/// Source: apiserver pkg/admission/plugin/cel/compile.go, composition.go.
public final class PolicyCompiler {
  /// The name of the type of `variables`.
  public static final String VARIABLES_TYPE = "kubernetes.variables";

  private static final DeclType TEXT = DeclType.STRING_KEY;
  private static final DeclType TEXTS = DeclType.list(TEXT, 0, "", List.of());
  private static final DeclType TIME = DeclType.DATE_TIME;

  /// The type of `request`.
  public static final DeclType REQUEST = request();

  /// The type of `namespaceObject`.
  public static final DeclType NAMESPACE = namespace();

  /// What an expression may use beside the objects and the request.
  ///
  /// @param params whether there are parameters
  /// @param authorizer whether it may ask what the user may do
  /// @param mutation whether it makes objects or patches
  public record Uses(boolean params, boolean authorizer, boolean mutation) {}

  // Those without own variables, which most expressions share.
  private static final Map<Uses, Environment> SHARED = new ConcurrentHashMap<>();

  /// The types of the objects and of the parameters, where more is known of them than that they are something.
  private record Objects(DeclType object, DeclType params) {}

  private static final Objects UNKNOWN = new Objects(DeclType.DYN, DeclType.DYN);

  private final Objects objects;
  private final @Nullable Map<String, DeclType> variables;
  private final Map<Uses, Environment> own = new LinkedHashMap<>();

  private PolicyCompiler(Objects objects, @Nullable Map<String, DeclType> variables) {
    this.objects = objects;
    this.variables = variables;
  }

  /// One for expressions that know no `variables`.
  public static PolicyCompiler stateless() {
    return new PolicyCompiler(UNKNOWN, null);
  }

  /// One for a policy with variables of its own.
  public static PolicyCompiler withVariables() {
    return new PolicyCompiler(UNKNOWN, new LinkedHashMap<>());
  }

  /// One that sees mistakes about the fields of objects, whose expressions are not for evaluation.
  /// Source: apiserver pkg/admission/plugin/policy/validating/typechecking.go.
  ///
  /// @param params the type of the parameters, [DeclType#DYN] where it is not known
  public static PolicyCompiler typed(DeclType object, DeclType params) {
    return new PolicyCompiler(new Objects(object, params), new LinkedHashMap<>());
  }

  /// Lets later expressions use a variable.
  ///
  /// @param expression what computes it, null when that did not compile
  public void add(String name, @Nullable Expression expression) {
    if (variables != null) {
      variables.put(name, expression == null ? DeclType.DYN : field(expression.celType()));
      own.clear();
    }
  }

  // Only types of CEL itself are known of a field.
  private static DeclType field(CelType type) {
    return type.kind() == CelKind.OPAQUE || type.kind() == CelKind.STRUCT || type.kind() == CelKind.TYPE
        ? DeclType.DYN
        : DeclType.computed(type);
  }

  /// @param types the types that the value may have, as they print; none for any
  /// @throws CompilationException with upstream's words for what is wrong
  public Expression compile(String text, Uses uses, String... types) {
    Expression expression;
    try {
      expression = environment(uses).compile(text);
    } catch (CompilationException e) {
      throw new CompilationException("compilation failed: " + e.getMessage());
    }
    String got = expression.resultTypeName();
    List<String> wanted = List.of(types);
    if (!wanted.isEmpty() && !wanted.contains(got)) {
      String shown = wanted.size() == 1 ? wanted.getFirst() : "one of [" + String.join(" ", wanted) + "]";
      throw new CompilationException("must evaluate to " + shown + " but got " + got);
    }
    return expression;
  }

  private Environment environment(Uses uses) {
    Map<String, DeclType> fields = variables;
    return fields == null
        ? SHARED.computeIfAbsent(uses, u -> environment(u, UNKNOWN, null))
        : own.computeIfAbsent(uses, u -> environment(u, objects, fields));
  }

  private static Environment environment(Uses uses, Objects objects, @Nullable Map<String, DeclType> fields) {
    Environment.Builder builder =
        Environment.builder()
            .variable("object", objects.object())
            .variable("oldObject", objects.object())
            .variable("namespaceObject", NAMESPACE)
            .variable("request", REQUEST);
    if (uses.params()) {
      builder.variable("params", objects.params());
    }
    if (uses.authorizer()) {
      builder.variable("authorizer", Environment.AUTHORIZER);
      if (objects == UNKNOWN) {
        builder.variable("authorizer.requestResource", Environment.RESOURCE_CHECK);
      }
    }
    if (uses.mutation()) {
      builder.mutation();
    }
    if (fields != null) {
      DeclType.ObjectBuilder type = DeclType.object(VARIABLES_TYPE);
      fields.forEach((name, field) -> type.plain(name, field, true));
      builder.variable("variables", type.build());
    }
    return builder.build();
  }

  private static DeclType request() {
    DeclType kind = texts("kubernetes.GroupVersionKind", "group", "version", "kind").build();
    DeclType resource = texts("kubernetes.GroupVersionResource", "group", "version", "resource").build();
    DeclType user =
        texts("kubernetes.UserInfo", "username", "uid")
            .field("groups", TEXTS, false)
            .field("extra", DeclType.map(TEXTS, 0), false)
            .build();
    return texts("kubernetes.AdmissionRequest", "subResource", "requestSubResource", "name", "namespace", "operation")
        .field("kind", kind, true)
        .field("resource", resource, true)
        .field("requestKind", kind, true)
        .field("requestResource", resource, true)
        .field("userInfo", user, true)
        .field("dryRun", DeclType.BOOL, false)
        .field("options", DeclType.DYN, false)
        .build();
  }

  private static DeclType namespace() {
    DeclType spec = DeclType.object("kubernetes.NamespaceSpec").field("finalizers", TEXTS, true).build();
    DeclType condition =
        texts("kubernetes.NamespaceCondition", "status", "type", "message", "reason").field("lastTransitionTime", TIME, true).build();
    DeclType status =
        texts("kubernetes.NamespaceStatus", "phase").field("conditions", DeclType.list(condition, 0, "", List.of()), true).build();
    DeclType metadata =
        texts("kubernetes.NamespaceMetadata", "name", "generateName", "namespace", "UID", "resourceVersion")
            .field("labels", DeclType.map(TEXT, 0), true)
            .field("annotations", DeclType.map(TEXT, 0), true)
            .field("creationTimestamp", TIME, true)
            .field("deletionGracePeriodSeconds", DeclType.INT, true)
            .field("deletionTimestamp", TIME, true)
            .field("generation", DeclType.INT, true)
            .field("finalizers", TEXTS, true)
            .build();
    return DeclType.object("kubernetes.Namespace")
        .field("metadata", metadata, true)
        .field("spec", spec, true)
        .field("status", status, true)
        .build();
  }

  private static DeclType.ObjectBuilder texts(String name, String... fields) {
    DeclType.ObjectBuilder builder = DeclType.object(name);
    for (String field : fields) {
      builder.plain(field, TEXT, true);
    }
    return builder;
  }
}
