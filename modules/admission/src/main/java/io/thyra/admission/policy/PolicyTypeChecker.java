package io.thyra.admission.policy;

import io.thyra.cel.CompilationException;
import io.thyra.cel.DeclType;
import io.thyra.cel.Expression;
import io.thyra.cel.PolicyCompiler;
import io.thyra.cel.PolicyCompiler.Uses;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStore;
import io.thyra.registry.VersionedType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Looks for mistakes in the expressions of validating policies that only the types of the objects show. Safe for many threads.
/// Source: apiserver pkg/admission/plugin/policy/validating/typechecking.go.
public final class PolicyTypeChecker {
  private static final int TYPES_MAX = 10;

  private final Registry registry;

  public PolicyTypeChecker(Registry registry) {
    this.registry = registry;
  }

  /// The entries of `status.typeChecking.expressionWarnings`.
  ///
  /// @param policy in its hub version
  public List<ObjectValue> check(ObjectValue policy) {
    boolean params = !policy.object("spec", "paramKind").isEmpty();
    var uses = new Uses(params, true, false);
    DeclType paramType = params ? paramType(policy) : DeclType.DYN;
    var compilers = new TreeMap<GroupVersionKind, PolicyCompiler>();
    types(policy).forEach((kind, type) -> compilers.put(kind, compiler(policy, type, paramType, uses)));
    var warnings = new ArrayList<ObjectValue>();
    List<ObjectValue> validations = policy.list("spec", "validations").objects();
    for (int i = 0; i < validations.size(); i++) {
      for (String field : List.of("expression", "messageExpression")) {
        String text = validations.get(i).string(field);
        String told = text.isEmpty() ? "" : problems(compilers, text, uses);
        if (!told.isEmpty()) {
          String reference = "spec.validations[" + i + "]." + field;
          warnings.add(ObjectValue.builder().put("fieldRef", reference).put("warning", told).build());
        }
      }
    }
    return warnings;
  }

  /// What compiles the expressions of a policy about objects of one type.
  private static PolicyCompiler compiler(ObjectValue policy, DeclType type, DeclType paramType, Uses uses) {
    PolicyCompiler compiler = PolicyCompiler.typed(type, paramType);
    for (ObjectValue variable : policy.list("spec", "variables").objects()) {
      compiler.add(variable.string("name"), compile(compiler, variable.string("expression"), uses));
    }
    return compiler;
  }

  private static String problems(Map<GroupVersionKind, PolicyCompiler> compilers, String text, Uses uses) {
    var problems = new ArrayList<String>();
    compilers.forEach(
        (kind, compiler) -> {
          try {
            compiler.compile(text, uses);
          } catch (CompilationException e) {
            String why = e.getMessage().replaceFirst("^compilation failed: ", "");
            problems.add(kind.group() + "/" + kind.version() + ", Kind=" + kind.kind() + ": " + why + "\n");
          }
        });
    return String.join("\n", problems);
  }

  private static @Nullable Expression compile(PolicyCompiler compiler, String text, Uses uses) {
    try {
      return compiler.compile(text, uses);
    } catch (CompilationException _) {
      return null;
    }
  }

  private DeclType paramType(ObjectValue policy) {
    ObjectValue kind = policy.object("spec", "paramKind");
    GroupVersion version = GroupVersion.parse(kind.string("apiVersion"));
    return registry.stores().stream()
        .map(ResourceStore::definition)
        .filter(ResourceDefinition::protobuf)
        .flatMap(definition -> definition.findVersion(version).stream())
        .filter(type -> type.kind().kind().equals(kind.string("kind")))
        .findFirst()
        .map(type -> StructTypes.of(type.struct(), type.kind().kind() + "Params"))
        .orElse(DeclType.DYN);
  }

  /// The kinds that the rules name without wildcards, as far as there are schemas of them.
  private Map<GroupVersionKind, DeclType> types(ObjectValue policy) {
    var kinds = new TreeMap<GroupVersionKind, DeclType>();
    for (ObjectValue rule : policy.list("spec", "matchConstraints", "resourceRules").objects()) {
      int count = 0;
      for (VersionedType type : named(rule)) {
        kinds.put(type.kind(), StructTypes.of(type.struct(), type.kind().kind()));
        count++;
        if (count == TYPES_MAX) {
          return kinds;
        }
      }
    }
    return kinds;
  }

  private List<VersionedType> named(ObjectValue rule) {
    List<String> groups = sorted(rule, "apiGroups");
    List<String> versions = sorted(rule, "apiVersions");
    var found = new ArrayList<VersionedType>();
    if (groups.stream().anyMatch(group -> group.contains("*")) || versions.stream().anyMatch(version -> version.contains("*"))) {
      return found;
    }
    for (String group : groups) {
      for (String version : versions) {
        for (String resource : sorted(rule, "resources")) {
          if (!resource.contains("*") && !resource.contains("/")) {
            found.addAll(kinds(group, version, resource));
          }
        }
      }
    }
    return found;
  }

  private static List<String> sorted(ObjectValue rule, String field) {
    return rule.list(field).strings().stream().sorted().toList();
  }

  // No group means any group, as a mapper of resources reads it.
  private List<VersionedType> kinds(String group, String version, String resource) {
    return registry.stores().stream()
        .map(ResourceStore::definition)
        .filter(definition -> definition.protobuf() && definition.resource().resource().equals(resource))
        .filter(definition -> group.isEmpty() || definition.resource().group().equals(group))
        .map(definition -> definition.findVersion(version))
        .flatMap(Optional::stream)
        .toList();
  }
}
