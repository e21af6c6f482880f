package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import java.util.List;
import java.util.Optional;

/// A claim without a class gets the default one. An empty name is a class too: that of volumes made by hand.
/// Source: kubernetes plugin/pkg/admission/storage/storageclass/setdefault/admission.go.
final class DefaultStorageClass implements Plugin {
  static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";
  private static final List<String> DEFAULT =
      List.of("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class");

  private final Registry registry;

  DefaultStorageClass(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.creates(attributes) && Resources.isWhole(attributes, Resources.CLAIMS);
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    ObjectValue claim = Resources.object(attributes);
    if (claim.object("metadata", "annotations").has(BETA_CLASS) || claim.at("spec", "storageClassName") instanceof StringValue) {
      return attributes;
    }
    Optional<String> name = DefaultClass.find(registry.peekAll(Resources.STORAGE_CLASSES, ""), DEFAULT);
    return name.isEmpty()
        ? attributes
        : attributes.withObject(claim.withAt(new StringValue(name.get()), "spec", "storageClassName"));
  }

  /// The class of a claim, empty for none.
  static String classOf(ObjectValue claim) {
    ObjectValue annotations = claim.object("metadata", "annotations");
    return annotations.has(BETA_CLASS) ? annotations.string(BETA_CLASS) : claim.string("spec", "storageClassName");
  }
}
