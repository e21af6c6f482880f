package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;

/// A claim grows only once it is bound, and only where its class can grow volumes.
/// Source: kubernetes plugin/pkg/admission/storage/persistentvolume/resize/admission.go.
final class PersistentVolumeClaimResize implements Plugin {
  private final Registry registry;

  PersistentVolumeClaimResize(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.updates(attributes) && Resources.isWhole(attributes, Resources.CLAIMS);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    ObjectValue claim = Resources.object(attributes);
    ObjectValue old = Resources.oldObject(attributes);
    if (size(claim).compareTo(size(old)) <= 0) {
      return;
    }
    if (!old.string("status", "phase").equals("Bound")) {
      throw Refusal.forbidden(attributes, "Only bound persistent volume claims can be expanded");
    }
    if (!canGrow(DefaultStorageClass.classOf(claim), DefaultStorageClass.classOf(old))) {
      throw Refusal.forbidden(
          attributes,
          "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
    }
  }

  private static Quantity size(ObjectValue claim) {
    return ResourceAmounts.of(claim.object("spec", "resources", "requests")).get("storage");
  }

  private boolean canGrow(String name, String oldName) {
    return !name.isEmpty()
        && name.equals(oldName)
        && registry.peek(Resources.STORAGE_CLASSES, "", name).filter(c -> c.bool("allowVolumeExpansion")).isPresent();
  }
}
