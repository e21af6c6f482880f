package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.Rule;
import io.thyra.groups.UpdateRule;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.RequestContext;
import io.thyra.registry.StagedDeletion;
import io.thyra.registry.Subresource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Namespaces: the finalizer that keeps them until they are empty, and the label that carries their name.
/// Source: pkg/registry/core/namespace/strategy.go, pkg/apis/core/validation/validation.go.
final class NamespaceRules {
  private static final StringValue KUBERNETES = new StringValue("kubernetes");
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  private NamespaceRules() {}

  /// A namespace that is deleted terminates until its finalizers are gone.
  private static final StagedDeletion TERMINATION =
      new StagedDeletion() {
        @Override
        public ObjectValue terminate(ObjectValue namespace, DeleteTerms terms) {
          ObjectValue changed = namespace.withAt(new StringValue("Terminating"), "status", "phase");
          List<String> had = namespace.list("metadata", "finalizers").strings();
          var finalizers = new ArrayList<>(had);
          keep(finalizers, "orphan", orphans(terms, had.contains("orphan")));
          keep(finalizers, "foregroundDeletion", foreground(terms, had.contains("foregroundDeletion")));
          if (finalizers.equals(had)) {
            return changed;
          }
          Value[] all = finalizers.stream().map(StringValue::new).toArray(Value[]::new);
          return all.length == 0
              ? changed.withoutAt("metadata", "finalizers")
              : changed.withAt(ListValue.of(all), "metadata", "finalizers");
        }

        @Override
        public boolean pending(ObjectValue namespace) {
          return !namespace.list("spec", "finalizers").isEmpty();
        }
      };

  private static void keep(List<String> finalizers, String finalizer, boolean kept) {
    if (!kept) {
      finalizers.remove(finalizer);
    } else if (!finalizers.contains(finalizer)) {
      finalizers.add(finalizer);
    }
  }

  private static boolean orphans(DeleteTerms terms, boolean had) {
    Boolean asked = terms.orphanDependents();
    String policy = terms.propagationPolicy();
    return asked != null ? asked : policy != null ? policy.equals("Orphan") : had;
  }

  private static boolean foreground(DeleteTerms terms, boolean had) {
    String policy = terms.propagationPolicy();
    return terms.orphanDependents() == null && (policy != null ? policy.equals("Foreground") : had);
  }

  static void declare(Group.Declaration r) {
    r.stagedDeletion(TERMINATION);
    r.rules()
        .named(Names.DNS_LABEL)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE_CHANGE)
        .resets("status")
        .onCreate(NamespaceRules::create)
        .onUpdate(
            (_, namespace, old) ->
                keep(keep(namespace, old, "spec", "finalizers"), old, "status"))
        .rules(NamespaceRules::finalizers)
        .canonical(NamespaceRules::label);
    r.statusRules().named(Names.DNS_LABEL).updateRules(UpdateRule.of(NamespaceRules::phase)).canonical(NamespaceRules::label);
    KindStrategy.Builder finalize =
        KindStrategy.of(r.struct())
            .clusterScoped()
            .named(Names.DNS_LABEL)
            .dropsStatus()
            .updateRules(UpdateRule.of(eachFinalizer()))
            .canonical(NamespaceRules::label);
    r.subresource("finalize", new Subresource.Part(finalize.build(), false));
  }

  private static ObjectValue keep(ObjectValue object, ObjectValue old, String... path) {
    Value kept = old.at(path);
    return kept == null ? object.withoutAt(path) : object.withAt(kept, path);
  }

  private static ObjectValue create(RequestContext context, ObjectValue namespace) {
    ObjectValue changed = namespace.with("status", ObjectValue.of("phase", new StringValue("Active")));
    ListValue finalizers = changed.list("spec", "finalizers");
    return finalizers.items().contains(KUBERNETES) ? changed : changed.withAt(finalizers.plus(KUBERNETES), "spec", "finalizers");
  }

  private static ObjectValue label(ObjectValue namespace) {
    String name = namespace.string("metadata", "name");
    ObjectValue labels = namespace.object("metadata", "labels");
    return labels.string(NAME_LABEL).equals(name)
        ? namespace
        : namespace.withAt(labels.toBuilder().put(NAME_LABEL, name).buildSorted(), "metadata", "labels");
  }

  // Upstream names the list, not the item, here.
  private static void finalizers(ObjectValue namespace, @Nullable FieldPath root, List<FieldError> errors) {
    for (String finalizer : namespace.list("spec", "finalizers").strings()) {
      finalizer(finalizer, FieldPath.of("spec", "finalizers"), errors);
    }
  }

  private static Rule eachFinalizer() {
    return (namespace, _, errors) -> {
      List<String> finalizers = namespace.list("spec", "finalizers").strings();
      for (int i = 0; i < finalizers.size(); i++) {
        finalizer(finalizers.get(i), FieldPath.of("spec", "finalizers").index(i), errors);
      }
    };
  }

  private static void finalizer(String finalizer, FieldPath path, List<FieldError> errors) {
    Names.qualifiedName(finalizer).forEach(complaint -> errors.add(FieldError.invalid(path, finalizer, complaint)));
    boolean standard = List.of("kubernetes", "orphan", "foregroundDeletion").contains(finalizer);
    if (!finalizer.contains("/") && !standard) {
      errors.add(FieldError.invalid(path, finalizer, "name is neither a standard finalizer name nor is it fully qualified"));
    }
  }

  private static void phase(ObjectValue namespace, @Nullable FieldPath root, List<FieldError> errors) {
    boolean going = !namespace.string("metadata", "deletionTimestamp").isEmpty();
    String phase = namespace.string("status", "phase");
    FieldPath path = FieldPath.of("status", "Phase");
    if (!going && !phase.equals("Active")) {
      errors.add(FieldError.invalid(path, phase, "may only be 'Active' if `deletionTimestamp` is empty"));
    }
    if (going && !phase.equals("Terminating")) {
      errors.add(FieldError.invalid(path, phase, "may only be 'Terminating' if `deletionTimestamp` is not empty"));
    }
  }
}
