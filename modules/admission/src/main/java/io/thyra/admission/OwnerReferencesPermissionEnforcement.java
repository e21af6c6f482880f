package io.thyra.admission;

import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.Authorizer.Decision;
import io.thyra.model.GoText;
import io.thyra.model.GroupVersion;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import java.util.List;
import java.util.Optional;

/// Who names an owner must be allowed to delete the object, and to hold the owner's deletion if the reference does.
/// Source: kubernetes plugin/pkg/admission/gc/gc_admission.go.
record OwnerReferencesPermissionEnforcement(Registry registry, Authorizer authorizer) implements Plugin {
  @Override
  public boolean handles(AdmissionAttributes attributes) {
    // The kubelet writes the status of pods that have owners.
    return Resources.writes(attributes)
        && !(Resources.is(attributes, Resources.PODS) && attributes.subresource().equals("status"));
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    List<ObjectValue> owners = owners(Resources.object(attributes));
    List<ObjectValue> old = owners(Resources.oldObject(attributes));
    if (owners.equals(old)) {
      return;
    }
    if (!Resources.creates(attributes)) {
      Decision decision = authorizer.authorize(deletion(attributes));
      if (!decision.allowed()) {
        throw Refusal.forbidden(
            attributes, "cannot set an ownerRef on a resource you can't delete: " + decision.reason() + ", <nil>");
      }
    }
    List<ObjectValue> blocking = owners.stream().filter(o -> o.bool("blockOwnerDeletion") && !wasBlocking(o, old)).toList();
    if (blocking.isEmpty() || authorizer.authorize(finalizers(attributes, "*", "*", "*", "", "*")).allowed()) {
      return;
    }
    blocking.forEach(owner -> check(attributes, owner));
  }

  private static List<ObjectValue> owners(ObjectValue object) {
    return object.list("metadata", "ownerReferences").objects();
  }

  private static boolean wasBlocking(ObjectValue owner, List<ObjectValue> old) {
    return old.stream()
        .filter(o -> o.string("uid").equals(owner.string("uid")))
        .reduce((_, last) -> last)
        .filter(o -> o.bool("blockOwnerDeletion"))
        .isPresent();
  }

  private void check(AdmissionAttributes attributes, ObjectValue owner) {
    String apiVersion = owner.string("apiVersion");
    String kind = owner.string("kind");
    GroupVersionKind type = GroupVersion.parse(apiVersion).kind(kind);
    Optional<ResourceDefinition> definition =
        registry.stores().stream()
            .map(s -> s.definition())
            .filter(d -> d.versions().stream().anyMatch(v -> v.kind().equals(type)))
            .findFirst();
    if (definition.isEmpty()) {
      throw Refusal.forbidden(
          attributes,
          "cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion " + apiVersion + " Kind " + kind
              + ": no matches for kind " + GoText.quote(kind) + " in version " + GoText.quote(apiVersion));
    }
    String namespace = definition.get().namespaced() ? attributes.namespace() : "";
    String resource = definition.get().resource().resource();
    Decision decision =
        authorizer.authorize(finalizers(attributes, type.group(), type.version(), resource, namespace, owner.string("name")));
    if (!decision.allowed()) {
      throw Refusal.forbidden(
          attributes,
          "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: " + decision.reason()
              + ", <nil>");
    }
  }

  private static AuthorizationAttributes deletion(AdmissionAttributes attributes) {
    var resource = attributes.resource();
    return AuthorizationAttributes.resource(
        attributes.context().user(),
        "delete",
        resource.group(),
        resource.version(),
        resource.resource(),
        attributes.subresource(),
        attributes.namespace(),
        attributes.name());
  }

  private static AuthorizationAttributes finalizers(
      AdmissionAttributes attributes, String group, String version, String resource, String namespace, String name) {
    return AuthorizationAttributes.resource(
        attributes.context().user(), "update", group, version, resource, "finalizers", namespace, name);
  }
}
